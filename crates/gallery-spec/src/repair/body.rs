//! Bodies. Every body of the gallery refers to a definition `holder` that no document has; what it really is, an object or an
//! array, cannot be known, so it becomes any JSON.

use serde_json::Value;

use crate::repair::Found;
use crate::swagger2::{Location, Operation};

/// Documents with `definitions` do not occur, so that every reference dangles.
pub(crate) fn drop_dangling_references(operation: &mut Operation, found: &mut Found) {
    for parameter in &mut operation.parameters {
        drop_from(&mut parameter.schema, &parameter.pointer, found);
    }
    for response in &mut operation.responses {
        drop_from(&mut response.schema, &response.pointer, found);
    }
}

fn drop_from(schema: &mut Option<Value>, pointer: &str, found: &mut Found) {
    if let Some(target) = schema.as_ref().and_then(first_reference) {
        found.at(pointer, format!("the schema refers to `{target}`, which is not there; the schema was removed"));
        *schema = None;
    }
}

fn first_reference(schema: &Value) -> Option<String> {
    match schema {
        Value::Object(map) => match map.get("$ref") {
            Some(target) => Some(target.as_str().map_or_else(|| target.to_string(), str::to_owned)),
            None => map.values().find_map(first_reference),
        },
        Value::Array(items) => items.iter().find_map(first_reference),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

pub(crate) fn assume_any(operation: &mut Operation, found: &mut Found) {
    for parameter in &mut operation.parameters {
        if parameter.location == Location::Body && parameter.schema.is_none() && !parameter.assumed.contains(&"schema") {
            parameter.assumed.push("schema");
            found.at(&parameter.pointer, format!("the body `{}` has no usable schema; taken as any JSON", parameter.name));
        }
    }
}
