//! Values that conform to a schema.

use serde_json::{Map, Value, json};

use crate::document::Document;

/// A value of a parameter, made distinct by its name and a number, so that values which change places are seen.
pub(crate) fn argument(schema: &Value, name: &str, number: i64) -> Value {
    match schema.get("type").and_then(Value::as_str) {
        Some("integer") => json!(1000 + number),
        Some("number") => json!(0.5 + number as f64),
        Some("boolean") => json!(number % 2 == 0),
        _ => json!(format!("{name}-{number}")),
    }
}

/// A value of a schema. `items` is how many items its lists have.
pub(crate) fn value(document: &Document, schema: &Value, items: usize) -> Value {
    nested(document, schema, items, 0)
}

/// How deep a value goes: schemas may contain themselves.
const DEPTH: usize = 3;

fn nested(document: &Document, schema: &Value, items: usize, depth: usize) -> Value {
    let schema = document.resolve(schema);
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => json!("text ü \u{1F600}"),
        Some("integer") if schema.get("format").and_then(Value::as_str) == Some("int32") => json!(i32::MAX),
        Some("integer") => json!(9_007_199_254_740_993_i64),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        Some("array") => {
            // Many lists of many items would be no better a test, only a longer one.
            let item = schema.get("items").map_or(json!("item"), |inner| nested(document, inner, items.min(2), depth + 1));
            Value::Array(vec![item; items])
        }
        Some("object") => {
            let required = |name: &str| {
                schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|own| own == name))
            };
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            let wanted = properties.filter(|(name, _)| depth < DEPTH || (required(name) && depth < 2 * DEPTH));
            Value::Object(
                wanted.map(|(name, inner)| (name.clone(), nested(document, inner, items, depth + 1))).collect::<Map<_, _>>(),
            )
        }
        _ => json!({"any": ["json", 1, null, true]}),
    }
}

/// A value with a field that its schema does not know, wherever the schema allows that.
pub(crate) fn with_unknown_field(document: &Document, schema: &Value, mut value: Value) -> Value {
    let schema = document.resolve(schema);
    match &mut value {
        // Where other fields have a schema of their own, none is unknown.
        Value::Object(map) if schema.get("additionalProperties").is_none() => {
            map.insert("a-field-of-later-days".to_owned(), json!({"x": 1}));
        }
        Value::Array(list) => {
            let inner = schema.get("items").cloned().unwrap_or_default();
            list.iter_mut().for_each(|item| *item = with_unknown_field(document, &inner, item.take()));
        }
        _ => {}
    }
    value
}

/// JSON that no value of the schema is.
pub(crate) fn wrong(document: &Document, schema: &Value) -> Value {
    match document.resolve(schema).get("type").and_then(Value::as_str) {
        Some("array") => json!({"not": "a list"}),
        Some("string") => json!([1]),
        _ => json!("neither object nor number"),
    }
}
