//! Repairs of enums.

use serde_json::{Map, Value, json};

use super::context::RepairContext;
use super::schema::{flag, number};
use crate::model::is_of_type;

/// Makes the values of an enum and its type fit. The enum of an array whose values are not lists is
/// that of its items. Other values are converted to the type; if they are all of one other type
/// that they cannot be converted from, the type is wrong, and else the enum.
pub(super) fn enum_values(schema: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let Some(values) = schema.get("enum") else {
        return;
    };
    let Some(list) = values.as_array() else {
        context.record("`enum` is not a list; removed");
        schema.remove("enum");
        return;
    };
    let Some(kind) = schema.get("type").and_then(Value::as_str) else {
        return;
    };
    let kind = kind.to_owned();
    if list
        .iter()
        .all(|value| value.is_null() || is_of(value, &kind))
    {
        return;
    }
    let list = list.clone();
    let mismatch = format!("values of an enum are not of the type {kind}");
    let converted: Option<Vec<Value>> = list.iter().map(|value| convert(value, &kind)).collect();
    if let Some(converted) = converted {
        context.record(format!("{mismatch}; converted"));
        schema.insert("enum".to_owned(), converted.into());
    } else if kind == "array" && move_to_items(schema, list.clone()) {
        context.record(format!("{mismatch}; moved to the items"));
    } else if let Some(other) = common_type(&list) {
        context.record(format!("{mismatch}; the type is {other}"));
        schema.insert("type".to_owned(), other.into());
    } else {
        context.record(format!("{mismatch}; any {kind}"));
        schema.remove("enum");
    }
}

/// Moves the values to the items if these have the type of the values, or none.
fn move_to_items(schema: &mut Map<String, Value>, values: Vec<Value>) -> bool {
    let Some(kind) = common_type(&values) else {
        return false;
    };
    let Some(Value::Object(items)) = schema.get_mut("items") else {
        return false;
    };
    let fits = match items.get("type") {
        None => items.is_empty(),
        Some(other) => *other == kind,
    };
    if fits && !items.contains_key("enum") {
        items.insert("type".to_owned(), kind.into());
        items.insert("enum".to_owned(), values.into());
        schema.remove("enum");
        return true;
    }
    false
}

/// Returns the type that all values have which are not null.
fn common_type(values: &[Value]) -> Option<&'static str> {
    let mut values = values.iter().filter(|value| !value.is_null()).peekable();
    values.peek()?;
    let values: Vec<&Value> = values.collect();
    ["string", "boolean", "integer", "number"]
        .into_iter()
        .find(|kind| values.iter().all(|value| is_of(value, kind)))
}

/// Returns true if a value is of a type. Any value is of an unknown type.
fn is_of(value: &Value, kind: &str) -> bool {
    is_of_type(value, kind).unwrap_or(true)
}

fn convert(value: &Value, kind: &str) -> Option<Value> {
    match (kind, value) {
        (_, Value::Null) => Some(Value::Null),
        ("string", Value::String(_)) => Some(value.clone()),
        ("string", Value::Bool(_) | Value::Number(_)) => Some(value.to_string().into()),
        ("integer", Value::Number(number)) if number.is_f64() => {
            let float = number.as_f64().filter(|float| float.fract() == 0.0)?;
            (float.abs() < 9e15).then(|| json!(float as i64))
        }
        ("integer" | "number", Value::Number(_)) => Some(value.clone()),
        ("integer", Value::String(text)) => text.trim().parse::<i64>().ok().map(Value::from),
        ("number", Value::String(text)) => number(text),
        ("boolean", _) => flag(value).map(Value::Bool),
        _ => None,
    }
}
