//! Checks bounds, lengths, patterns, numeric formats and enumerations.

use std::cmp::Ordering;

use serde_json::{Map, Value, json};

use super::equality::canonical;
use crate::pattern::Patterns;

/// Returns violations of a value itself, without its type and its children.
pub(super) fn violations(
    schema: &Map<String, Value>,
    value: &Value,
    patterns: &Patterns,
) -> Vec<String> {
    let mut violations = Vec::new();
    if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
        && !allowed.iter().any(|own| equal(own, value))
    {
        let allowed: Vec<String> = allowed.iter().map(shown).collect();
        violations.push(format!(
            "is {}, not one of {}",
            shown(value),
            allowed.join(", ")
        ));
    }
    match value {
        Value::Number(_) => numbers(schema, value, &mut violations),
        Value::String(text) => texts(schema, text, patterns, &mut violations),
        Value::Array(items) => sized(
            schema,
            items.len(),
            ("minItems", "maxItems", "items"),
            &mut violations,
        ),
        Value::Object(map) => sized(
            schema,
            map.len(),
            ("minProperties", "maxProperties", "properties"),
            &mut violations,
        ),
        Value::Null | Value::Bool(_) => {}
    }
    violations
}

fn equal(one: &Value, other: &Value) -> bool {
    one == other || (!one.is_string() && canonical(one) == canonical(other))
}

fn numbers(schema: &Map<String, Value>, value: &Value, violations: &mut Vec<String>) {
    let mut bound = |keyword: &str, exclusive: &str, beyond: Ordering, words: (&str, &str)| {
        let Some(limit) = schema.get(keyword) else {
            return;
        };
        let is_exclusive = schema.get(exclusive) == Some(&Value::Bool(true));
        match compare(value, limit) {
            Some(Ordering::Equal) if is_exclusive => {
                violations.push(format!("is {value}, but must be {} than {limit}", words.0));
            }
            Some(order) if order == beyond => {
                violations.push(format!("is {value}, but must be {} {limit}", words.1));
            }
            _ => {}
        }
    };
    bound(
        "minimum",
        "exclusiveMinimum",
        Ordering::Less,
        ("more", "at least"),
    );
    bound(
        "maximum",
        "exclusiveMaximum",
        Ordering::Greater,
        ("less", "at most"),
    );
    if let Some(divisor) = schema
        .get("multipleOf")
        .filter(|divisor| !is_multiple(value, divisor))
    {
        violations.push(format!("is {value}, which is not a multiple of {divisor}"));
    }
    let is_integer = schema.get("type").is_some_and(|kind| kind == "integer");
    let range = match schema.get("format").and_then(Value::as_str) {
        Some("int32") if is_integer => Some((json!(i32::MIN), json!(i32::MAX))),
        Some("int64") if is_integer => Some((json!(i64::MIN), json!(i64::MAX))),
        _ => None,
    };
    if let Some((least, most)) = range
        && (compare(value, &least) == Some(Ordering::Less)
            || compare(value, &most) == Some(Ordering::Greater))
    {
        violations.push(format!(
            "is {value}, outside the range of `{}`",
            shown(&schema["format"]).trim_matches('"')
        ));
    }
}

/// Compares numbers. Integers are compared exactly.
fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    match (integer(one), integer(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

fn integer(value: &Value) -> Option<i128> {
    value
        .as_i64()
        .map(i128::from)
        .or_else(|| value.as_u64().map(i128::from))
}

fn is_multiple(value: &Value, divisor: &Value) -> bool {
    match (integer(value), integer(divisor)) {
        (_, Some(0)) => true,
        (Some(value), Some(divisor)) => value % divisor == 0,
        _ => {
            let (Some(value), Some(divisor)) = (value.as_f64(), divisor.as_f64()) else {
                return true;
            };
            let times = value / divisor;
            // 0.3 is a multiple of 0.1 in spite of binary fractions.
            !times.is_finite()
                || (times - times.round()).abs() <= f64::EPSILON * times.abs().max(1.0)
        }
    }
}

fn texts(
    schema: &Map<String, Value>,
    text: &str,
    patterns: &Patterns,
    violations: &mut Vec<String>,
) {
    let quoted = shown(&Value::from(text));
    let length = text.chars().count();
    let limit = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
    };
    if let Some(least) = limit("minLength").filter(|least| length < *least) {
        violations.push(format!("is {quoted}, shorter than {least} characters"));
    }
    if let Some(most) = limit("maxLength").filter(|most| length > *most) {
        violations.push(format!("is {quoted}, longer than {most} characters"));
    }
    let pattern = schema.get("pattern").and_then(Value::as_str);
    if let Some(pattern) = pattern.filter(|pattern| !patterns.is_match(pattern, text)) {
        violations.push(format!(
            "is {quoted}, which does not match the pattern `{pattern}`"
        ));
    }
}

fn sized(
    schema: &Map<String, Value>,
    size: usize,
    words: (&str, &str, &str),
    violations: &mut Vec<String>,
) {
    let limit = |keyword: &str| {
        schema
            .get(keyword)
            .and_then(Value::as_u64)
            .and_then(|limit| usize::try_from(limit).ok())
    };
    if let Some(least) = limit(words.0).filter(|least| size < *least) {
        violations.push(format!("has {size} {}, fewer than {least}", words.2));
    }
    if let Some(most) = limit(words.1).filter(|most| size > *most) {
        violations.push(format!("has {size} {}, more than {most}", words.2));
    }
}

/// Returns a value as text for messages, shortened to 80 characters.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}
