//! Equality of JSON values: `1` equals `1.0`, and the order of properties is irrelevant.

use serde_json::{Map, Number, Value};

/// Returns a value in which equal values are written in one way.
pub(crate) fn canonical(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::Number(whole(number).unwrap_or_else(|| number.clone())),
        Value::Array(items) => items.iter().map(canonical).collect(),
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            let fields = fields.into_iter();
            let fields: Map<_, _> = fields
                .map(|(name, value)| (name.clone(), canonical(value)))
                .collect();
            fields.into()
        }
        scalar => scalar.clone(),
    }
}

/// Returns a float without a fraction as an integer.
fn whole(number: &Number) -> Option<Number> {
    let float = number.as_f64().filter(|_| number.is_f64())?;
    // Above 2^53 a float is not exact, so its text is kept.
    let is_exact = float.fract() == 0.0 && float.abs() <= 9_007_199_254_740_992.0;
    is_exact.then(|| Number::from(float as i64))
}
