//! Lists of types.

use serde_json::{Map, Value, json};

use super::support::Schema;
use crate::context::Context;
use crate::walk::Path;

/// Makes a schema that allows only `null`.
pub(super) fn make_null(map: &mut Schema) {
    map.insert("enum".to_owned(), json!([null]));
    map.insert("nullable".to_owned(), true.into());
}

/// Converts a list of types, and the type `null`.
pub(super) fn convert(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let (mut names, code) = match map.get("type") {
        Some(Value::Array(names)) => (distinct(names), "type"),
        Some(Value::String(name)) if name == "null" => (vec![name.clone()], "null"),
        Some(Value::Null) => (vec!["null".to_owned()], "null"),
        _ => return,
    };
    let message = match code {
        "type" => "a list of types",
        _ => "the type `null`",
    };
    context.repaired_unless(context.is_modern(), code, || path.field("type"), message);
    map.remove("type");
    let nullable = names.iter().any(|name| name == "null");
    names.retain(|name| name != "null");
    if names.iter().any(|name| name == "number") {
        names.retain(|name| name != "integer");
    }
    let all = ["array", "boolean", "number", "object", "string"];
    if nullable
        && all
            .iter()
            .all(|name| names.iter().any(|other| other == name))
    {
        return;
    }
    match names.as_slice() {
        [] if nullable => return make_null(map),
        [] => return,
        [name] => {
            map.insert("type".to_owned(), name.as_str().into());
        }
        _ => split(map, &names),
    }
    if nullable {
        map.insert("nullable".to_owned(), true.into());
    }
}

fn distinct(items: &[Value]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in items {
        let name = match item {
            Value::String(name) => name.as_str(),
            // YAML reads `null` without quotes as a value.
            Value::Null => "null",
            _ => continue,
        };
        if names.len() < MAX_TYPES && !names.iter().any(|other| other == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// There are seven types; a longer list is invalid.
const MAX_TYPES: usize = 16;

/// Replaces several types by alternatives. Keywords that apply to one type move to it.
fn split(map: &mut Schema, names: &[String]) {
    let mut alternatives: Vec<Map<String, Value>> = names
        .iter()
        .map(|name| {
            [("type".to_owned(), name.as_str().into())]
                .into_iter()
                .collect()
        })
        .collect();
    for (name, alternative) in names.iter().zip(&mut alternatives) {
        for key in keywords(name) {
            if let Some(value) = map.remove(*key) {
                alternative.insert((*key).to_owned(), value);
            }
        }
        if name == "array" {
            alternative.entry("items").or_insert_with(|| json!({}));
        }
    }
    move_format(map, names, &mut alternatives);
    move_enum(map, names, &mut alternatives);
    if let [single] = alternatives.as_mut_slice() {
        map.append(single);
        return;
    }
    let alternatives: Vec<Value> = alternatives.into_iter().map(Value::Object).collect();
    if !map.contains_key("anyOf") {
        map.insert("anyOf".to_owned(), alternatives.into());
        return;
    }
    let all_of = map.entry("allOf").or_insert_with(|| json!([]));
    if let Value::Array(parts) = all_of {
        parts.push(json!({"anyOf": alternatives}));
    }
}

/// Returns the keywords that apply to values of one type only.
fn keywords(kind: &str) -> &'static [&'static str] {
    match kind {
        "string" => &["maxLength", "minLength", "pattern"],
        "number" | "integer" => &[
            "exclusiveMaximum",
            "exclusiveMinimum",
            "maximum",
            "minimum",
            "multipleOf",
        ],
        "array" => &["items", "maxItems", "minItems", "uniqueItems"],
        "object" => &[
            "additionalProperties",
            "maxProperties",
            "minProperties",
            "properties",
            "required",
        ],
        _ => &[],
    }
}

/// Moves the format to the type that it is for.
fn move_format(map: &mut Schema, names: &[String], alternatives: &mut [Map<String, Value>]) {
    let Some(Value::String(format)) = map.get("format") else {
        return;
    };
    let is_numeric = ["int", "uint", "float", "double", "decimal"]
        .iter()
        .any(|prefix| format.starts_with(prefix));
    let is_fitting = |name: &&String| match is_numeric {
        true => matches!(name.as_str(), "number" | "integer"),
        false => name.as_str() == "string",
    };
    let Some(at) = names.iter().position(|name| is_fitting(&name)) else {
        return;
    };
    if let Some(format) = map.remove("format") {
        alternatives[at].insert("format".to_owned(), format);
    }
}

/// Moves the values of an enum to their types. A type without values does not remain.
fn move_enum(map: &mut Schema, names: &[String], alternatives: &mut Vec<Map<String, Value>>) {
    let Some(Value::Array(values)) = map.remove("enum") else {
        return;
    };
    let position = |value: &Value| names.iter().position(|name| is_of_type(value, name));
    if !values.iter().any(|value| position(value).is_some()) {
        map.insert("enum".to_owned(), values.into());
        return;
    }
    let mut moved: Vec<Vec<Value>> = vec![Vec::new(); names.len()];
    let mut has_null = false;
    for value in values {
        has_null |= value.is_null();
        if let Some(at) = position(&value) {
            moved[at].push(value);
        }
    }
    let is_single = moved.iter().filter(|values| !values.is_empty()).count() == 1;
    let mut remaining = Vec::new();
    for (mut alternative, mut values) in std::mem::take(alternatives).into_iter().zip(moved) {
        if values.is_empty() {
            continue;
        }
        if is_single && has_null {
            values.push(Value::Null);
        }
        alternative.insert("enum".to_owned(), values.into());
        remaining.push(alternative);
    }
    *alternatives = remaining;
}

fn is_of_type(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || (kind == "integer" && !number.is_f64()),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}
