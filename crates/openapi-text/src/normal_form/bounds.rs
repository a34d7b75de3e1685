//! Bounds of numbers.

use serde_json::Value;

use super::part::{Field, Part, get, set, take};

/// Replaces exclusive bounds of integers by inclusive ones. Returns true if a keyword changed.
pub(super) fn make_inclusive(fields: &mut Vec<Field<'_>>) -> bool {
    let is_integer = leaf(fields, "type").and_then(Value::as_str) == Some("integer");
    let mut changed = false;
    for (flag, bound, step) in [
        ("exclusiveMinimum", "minimum", 1),
        ("exclusiveMaximum", "maximum", -1),
    ] {
        match leaf(fields, flag).and_then(Value::as_bool) {
            // The default.
            Some(false) => {}
            Some(true) if is_integer => {
                let Some(inclusive) = leaf(fields, bound)
                    .and_then(integer)
                    .and_then(|value| value.checked_add(step))
                else {
                    continue;
                };
                if let Some(part) = get(fields, bound) {
                    let part = Part::made(inclusive.into(), part.origin);
                    set(fields, bound, part);
                }
            }
            _ => continue,
        }
        take(fields, flag);
        changed = true;
    }
    changed
}

/// Returns an integer, also if it is written as `1.0`.
fn integer(value: &Value) -> Option<i64> {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let from_float = |number: f64| {
        let is_exact = number.fract() == 0.0 && number.abs() <= EXACT;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the number is an exact integer"
        )]
        is_exact.then_some(number as i64)
    };
    value.as_i64().or_else(|| from_float(value.as_f64()?))
}

fn leaf<'f>(fields: &'f [Field<'_>], keyword: &str) -> Option<&'f Value> {
    get(fields, keyword)?.leaf()
}
