//! Repairs of schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Number, Value, json};

use super::context::RepairContext;

/// Moves boolean `required`s of properties to the list of their parent. Others mean nothing.
pub(super) fn boolean_required(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let mut moved = Vec::new();
    if let Some(Value::Object(properties)) = schema.get_mut("properties") {
        for (name, property) in properties {
            let Some(property) = property.as_object_mut() else {
                continue;
            };
            if let Some(is_required) = property.get("required").and_then(flag) {
                property.remove("required");
                moved.push((name.clone(), is_required));
            }
        }
    }
    for (name, is_required) in moved {
        context.record(format!(
            "the property `{name}` has `required: {is_required}`; `required` is a list of the object"
        ));
        if is_required {
            let list = schema.entry("required").or_insert_with(|| json!([]));
            if let Value::Array(list) = list
                && !list.iter().any(|item| *item == name)
            {
                list.push(name.into());
            }
        }
    }
    match schema.get("required") {
        None | Some(Value::Array(_)) => {}
        Some(Value::String(name)) => {
            context.record(format!("`required` is the text `{name}`; read as a list"));
            let list = json!([name]);
            schema.insert("required".to_owned(), list);
        }
        Some(other) => {
            context.record(format!("`required` is `{other}`, not a list; removed"));
            schema.remove("required");
        }
    }
}

/// Removes repeated names from `required`, and an empty `required`.
pub(super) fn repeated_required(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let Some(Value::Array(names)) = schema.get_mut("required") else {
        return;
    };
    let mut seen = BTreeSet::new();
    let before = names.len();
    names.retain(|name| {
        name.as_str()
            .is_none_or(|name| seen.insert(name.to_owned()))
    });
    match names.len() {
        0 => {
            context.record("`required` is empty; removed");
            schema.remove("required");
        }
        after if after < before => context.record("`required` has a name twice; removed one"),
        _ => {}
    }
}

pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// The types of OpenAPI 3.0.
const TYPES: &[&str] = &["array", "boolean", "integer", "number", "object", "string"];

/// Returns the type and the format that a word means.
fn meaning(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    if let Some(kind) = TYPES.iter().find(|kind| word.eq_ignore_ascii_case(kind)) {
        return Some((kind, None));
    }
    Some(match word.trim().to_ascii_lowercase().as_str() {
        "int" | "int32" => ("integer", Some("int32")),
        "long" | "int64" | "bigint" => ("integer", Some("int64")),
        "float" => ("number", Some("float")),
        "double" => ("number", Some("double")),
        "decimal" | "numeric" => ("number", None),
        "bool" => ("boolean", None),
        "str" | "text" | "char" | "enum" => ("string", None),
        "file" | "binary" => ("string", Some("binary")),
        "byte" | "base64" => ("string", Some("byte")),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" | "timestamp" => ("string", Some("date-time")),
        "uuid" | "guid" => ("string", Some("uuid")),
        "uri" | "url" => ("string", Some("uri")),
        "email" => ("string", Some("email")),
        "map" | "dict" | "dictionary" | "hash" => ("object", None),
        "list" | "tuple" | "set" => ("array", None),
        _ => return None,
    })
}

/// Corrects types that OpenAPI does not have.
pub(super) fn unknown_type(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let word = match schema.get("type") {
        None | Some(Value::Array(_)) => return,
        Some(Value::String(word)) if TYPES.contains(&word.as_str()) => return,
        Some(Value::String(word)) => word.clone(),
        Some(other) => other.to_string(),
    };
    if word == "null" {
        context.record("the type `null` does not exist in OpenAPI 3.0; any value that may be null");
        schema.remove("type");
        schema.insert("nullable".to_owned(), true.into());
        return;
    }
    match meaning(&word) {
        Some((kind, format)) => {
            context.record(format!("the type `{word}` does not exist; read as {kind}"));
            schema.insert("type".to_owned(), kind.into());
            if let Some(format) = format {
                schema
                    .entry("format")
                    .or_insert_with(|| Value::from(format));
            }
        }
        None => {
            context.record(format!("the type `{word}` does not exist; any value"));
            schema.remove("type");
        }
    }
}

/// Turns a list of types into alternatives.
pub(super) fn several_types(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let Some(Value::Array(list)) = schema.get("type") else {
        return;
    };
    let words: Vec<&str> = list.iter().filter_map(Value::as_str).collect();
    let is_nullable = words.contains(&"null");
    let mut kinds: Vec<&str> = words
        .iter()
        .filter_map(|word| meaning(word))
        .map(|(kind, _)| kind)
        .collect();
    kinds.dedup();
    context.record("a schema has one type in OpenAPI 3.0; several become alternatives");
    schema.remove("type");
    if is_nullable {
        schema.insert("nullable".to_owned(), true.into());
    }
    match kinds.as_slice() {
        [] => {}
        [one] => _ = schema.insert("type".to_owned(), Value::from(*one)),
        several if !schema.contains_key("anyOf") => {
            let alternative = |kind: &&str| match *kind {
                "array" => json!({"type": "array", "items": {}}),
                kind => json!({"type": kind}),
            };
            let alternatives = several.iter().map(alternative).collect();
            schema.insert("anyOf".to_owned(), Value::Array(alternatives));
        }
        _ => {}
    }
}

/// Removes `items` from objects and `properties` from lists. A property `items` of a list without
/// items is what the list has.
pub(super) fn keywords_of_another_type(
    schema: &mut Map<String, Value>,
    context: &mut RepairContext<'_>,
) {
    match schema.get("type").and_then(Value::as_str) {
        Some("object") if schema.contains_key("items") => {
            context.record("`items` belongs to the type `array`, not to `object`; removed");
            schema.remove("items");
        }
        Some("array") => {
            let Some(properties) = schema.remove("properties") else {
                return;
            };
            let has_items = schema.get("items").is_some_and(|items| *items != json!({}));
            let only = properties.as_object().filter(|all| all.len() == 1);
            match only.and_then(|all| all.get("items")) {
                Some(items) if !has_items && items.is_object() => {
                    context.record("`properties` of a list has `items`; read as its items");
                    schema.insert("items".to_owned(), items.clone());
                }
                _ => context.record("`properties` belongs to the type `object`; removed"),
            }
        }
        _ => {}
    }
}

pub(super) fn number(text: &str) -> Option<Value> {
    let text = text.trim();
    let integer = text.parse::<i64>().ok().map(Value::from);
    integer.or_else(|| Number::from_f64(text.parse().ok()?).map(Value::Number))
}

/// Keys with numbers, and keys with booleans.
const NUMBERS: &[&str] = &[
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
];
const FLAGS: &[&str] = &[
    "allowEmptyValue",
    "allowReserved",
    "deprecated",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "explode",
    "nullable",
    "readOnly",
    "uniqueItems",
    "writeOnly",
];

/// Reads numbers and booleans that are text.
pub(super) fn text_limits(part: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let is_schema = !part.contains_key("in");
    let mut keys: Vec<&str> = FLAGS.to_vec();
    match is_schema {
        true => keys.extend(NUMBERS),
        false => keys.push("required"),
    }
    for key in keys {
        let Some(Value::String(text)) = part.get(key) else {
            continue;
        };
        let read = match NUMBERS.contains(&key) {
            true => number(text),
            false => flag(&Value::String(text.clone())).map(Value::Bool),
        };
        match read {
            Some(value) => {
                context.record(format!("`{key}` is text; read as `{value}`"));
                part.insert(key.to_owned(), value);
            }
            None => {
                context.record(format!("`{key}` is the text `{text}`; removed"));
                part.remove(key);
            }
        }
    }
}

/// Removes empty lists of alternatives, which no value or every value matches.
pub(super) fn empty_alternatives(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    for key in ["allOf", "anyOf", "oneOf", "enum"] {
        if schema
            .get(key)
            .is_some_and(|list| list.as_array().is_some_and(Vec::is_empty))
        {
            context.record(format!("`{key}` is an empty list; removed"));
            schema.remove(key);
        }
    }
}
