//! Schemas without references and combinations.

use std::collections::HashSet;

use serde_json::{Value, json};

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
    let first = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_array)
            .and_then(|list| list.first())
    };
    let parts = schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    let parts = parts
        .chain(first("oneOf"))
        .chain(first("anyOf"))
        .filter(|_| depth < PARTS);
    for keyword in ["allOf", "oneOf", "anyOf"] {
        whole.remove(keyword);
    }
    for part in parts {
        let Value::Object(part) = flattened(document, part, depth + 1, merged) else {
            continue;
        };
        for (keyword, value) in part {
            match (whole.get_mut(&keyword), value) {
                (Some(Value::Object(own)), Value::Object(more)) if keyword == "properties" => {
                    own.extend(more);
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
