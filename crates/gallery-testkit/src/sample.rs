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

fn nested(document: &Document, schema: &Value, items: usize, depth: usize) -> Value {
    let schema = document.resolve(schema);
    // Schemas may contain themselves.
    if depth > 8 {
        return Value::Null;
    }
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => json!("text ü \u{1F600}"),
        Some("integer") if schema.get("format").and_then(Value::as_str) == Some("int32") => json!(i32::MAX),
        Some("integer") => json!(9_007_199_254_740_993_i64),
        Some("number") => json!(1.5),
        Some("boolean") => json!(true),
        Some("array") => {
            let item = schema.get("items").map_or(json!("item"), |inner| nested(document, inner, items, depth + 1));
            Value::Array(vec![item; items])
        }
        Some("object") => {
            let properties = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
            Value::Object(
                properties.map(|(name, inner)| (name.clone(), nested(document, inner, items, depth + 1))).collect::<Map<_, _>>(),
            )
        }
        _ => json!({"any": ["json", 1, null, true]}),
    }
}

/// JSON that no value of the schema is.
pub(crate) fn wrong(document: &Document, schema: &Value) -> Value {
    match document.resolve(schema).get("type").and_then(Value::as_str) {
        Some("array") => json!({"not": "a list"}),
        Some("string") => json!([1]),
        _ => json!("neither object nor number"),
    }
}
