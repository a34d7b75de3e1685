//! Enums.

use serde_json::{Value, json};

use super::part::{Field, Part, get, set};

/// Adds the `type` that all values of an `enum` have. Returns true if it did.
pub(super) fn add_type(fields: &mut Vec<Field<'_>>) -> bool {
    if get(fields, "type").is_some() {
        return false;
    }
    let Some(part) = get(fields, "enum") else {
        return false;
    };
    let Some(values) = part.leaf().and_then(Value::as_array) else {
        return false;
    };
    let all = |is: fn(&Value) -> bool| !values.is_empty() && values.iter().all(is);
    let name = if all(Value::is_string) {
        "string"
    } else if all(|value| value.is_i64() || value.is_u64()) {
        "integer"
    } else if all(Value::is_number) {
        "number"
    } else if all(Value::is_boolean) {
        "boolean"
    } else {
        return false;
    };
    let part = Part::made(json!(name), part.origin);
    set(fields, "type", part);
    true
}
