//! Schemas without references and combinations.

use std::collections::HashSet;

use serde_json::{Value, json};

use super::mapping::mapped_tag;
use super::null::first_alternative;
use crate::document::Document;

/// Returns the values of an `enum` that have the type of the schema.
pub(crate) fn values(schema: &Value) -> Option<Vec<Value>> {
    let fits = |value: &&Value| match schema.get("type").and_then(Value::as_str) {
        None => !value.is_null(),
        Some("string") => value.is_string(),
        Some("integer" | "number") => value.is_number(),
        Some("boolean") => value.is_boolean(),
        Some(_) => false,
    };
    let values: Vec<Value> = schema
        .get("enum")?
        .as_array()?
        .iter()
        .filter(fits)
        .cloned()
        .collect();
    (!values.is_empty()).then_some(values)
}

/// Returns a schema without references and combinations: the parts of `allOf` merged, the first of
/// its alternatives chosen, and an implied type added.
pub(crate) fn flat(document: &Document, schema: &Value) -> Value {
    flattened(document, schema, 0, &mut HashSet::new())
}

/// Maximum nesting of parts, since every level uses the stack.
const PARTS: usize = 64;

/// `merged` has the schemas so far, by address. A part is merged once, even if several parts share
/// it.
fn flattened(
    document: &Document,
    schema: &Value,
    depth: usize,
    merged: &mut HashSet<*const Value>,
) -> Value {
    let schema = document.resolve(schema);
    if !merged.insert(schema) {
        return json!({});
    }
    let Value::Object(schema) = schema else {
        return json!({});
    };
    let mut whole = schema.clone();
    let first = |keyword: &str| first_alternative(document, schema.get(keyword)?.as_array()?);
    let parts = schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let all_of = parts.clone().count();
    let parts = parts
        .chain(first("oneOf"))
        .chain(first("anyOf"))
        .filter(|_| depth < PARTS);
    for keyword in ["allOf", "oneOf", "anyOf"] {
        whole.remove(keyword);
    }
    let mut excludes_null = false;
    for (index, part) in parts.enumerate() {
        let source = part;
        let Value::Object(part) = flattened(document, source, depth + 1, merged) else {
            continue;
        };
        let is_nullable = part.get("nullable") == Some(&json!(true));
        excludes_null |= index < all_of && part.contains_key("type") && !is_nullable;
        for (keyword, value) in part {
            match (whole.get_mut(&keyword), value) {
                (Some(Value::Object(own)), Value::Object(more)) if keyword == "properties" => {
                    for (name, property) in more {
                        let both = own.remove(&name).map_or_else(
                            || property.clone(),
                            |before| combined(before, property.clone()),
                        );
                        own.insert(name, both);
                    }
                }
                (Some(Value::Array(own)), Value::Array(more)) if keyword == "enum" => {
                    if own.iter().any(|value| more.contains(value)) {
                        own.retain(|value| more.contains(value));
                    } else if index < all_of && lists_values(document, source, &mut HashSet::new())
                    {
                        // No value fits both parts. APIs send values of either.
                        own.extend(more);
                    }
                }
                (Some(flag), Value::Bool(true))
                    if ["readOnly", "writeOnly"].contains(&keyword.as_str()) =>
                {
                    *flag = json!(true);
                }
                (Some(Value::Array(own)), Value::Array(more)) if keyword == "required" => {
                    own.extend(more);
                }
                (Some(_), _) => {}
                (None, value) => {
                    whole.insert(keyword, value);
                }
            }
        }
    }
    let chosen = first("oneOf").or_else(|| first("anyOf"));
    let mapped = chosen.and_then(|own| mapped_tag(document, schema.get("discriminator"), own));
    if let Some((tag, values)) = mapped
        && let Some(property) = whole.get_mut("properties").and_then(|own| own.get_mut(tag))
    {
        *property = combined(property.take(), values);
    }
    // Null is a value of an `allOf` only if all parts allow it.
    if excludes_null && !schema.contains_key("nullable") {
        whole.remove("nullable");
    }
    let implied = [
        ("properties", "object"),
        ("additionalProperties", "object"),
        ("items", "array"),
    ];
    if let Some((_, kind)) = implied
        .iter()
        .find(|(keyword, _)| whole.contains_key(*keyword))
    {
        whole.entry("type").or_insert_with(|| json!(kind));
    }
    whole.into()
}

/// Returns true if a schema or a part of its `allOf` has an `enum`. Alternatives do not count.
fn lists_values(document: &Document, schema: &Value, seen: &mut HashSet<*const Value>) -> bool {
    let schema = document.resolve(schema);
    let parts = schema.get("allOf").and_then(Value::as_array);
    let mut parts = parts.into_iter().flatten();
    let is_new = seen.len() < PARTS && seen.insert(schema);
    schema.get("enum").is_some() || is_new && parts.any(|part| lists_values(document, part, seen))
}

/// Returns a schema whose values conform to both schemas. The keywords of the second one come
/// first.
fn combined(one: Value, other: Value) -> Value {
    if one == other {
        return other;
    }
    json!({"allOf": [other, one]})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_all_of_share_a_property() {
        let document = json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": {
            "Choice": {"type": "string", "enum": ["b", "c"]},
            "Base": {"type": "object", "properties": {
                "kind": {"type": "string", "enum": ["a", "b"], "readOnly": true},
                "note": {"type": "string", "nullable": true},
            }},
        }}});
        let document = Document::parse(&document.to_string()).unwrap();
        let whole = json!({"allOf": [
            {"$ref": "#/components/schemas/Base"},
            {"required": ["kind"], "properties": {
                "kind": {"allOf": [{"$ref": "#/components/schemas/Choice"}]},
                "note": {"type": "string", "maxLength": 5},
            }},
        ]});
        let whole = flat(&document, &whole);
        assert_eq!(
            flat(&document, &whole["properties"]["kind"]),
            json!({"type": "string", "enum": ["b"], "readOnly": true})
        );
        assert_eq!(
            flat(&document, &whole["properties"]["note"]),
            json!({"type": "string", "maxLength": 5})
        );
    }
}
