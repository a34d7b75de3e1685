//! Builds documents for the tests.

use std::sync::OnceLock;

use openapi_drift::{Change, Document, compare};
use openapi_text::Diagnostics;
use serde_json::{Map, Value, json};

/// Parses YAML.
pub(crate) fn yaml(name: &str, text: &str) -> Value {
    let mut diagnostics = Diagnostics::default();
    let value = openapi_text::yaml::parse(name, text.as_bytes(), &mut diagnostics);
    value.unwrap_or_else(|| {
        panic!(
            "{}",
            diagnostics
                .iter()
                .map(ToString::to_string)
                .collect::<String>()
        )
    })
}

/// Components for the documents of [`with_paths`].
const COMPONENTS: &str = "
schemas:
  A: {type: object, properties: {a: {type: string}}}
  SameA: {type: object, properties: {a: {type: string}}}
  B: {type: object, properties: {b: {type: string}}}
  Alias: {$ref: '#/components/schemas/A'}
  Text: {type: string}
  SameText: {type: string}
  Kind: {type: string, enum: [a]}
  Tree: {type: object, properties: {children: {type: array, items: {$ref: '#/components/schemas/Tree'}}}}
parameters:
  Q: {in: query, name: q, schema: {type: string}}
  SameQ: {in: query, name: q, schema: {type: string}}
requestBodies:
  Body: {content: {application/json: {schema: {type: string}}}}
responses:
  Gone: {description: gone}
";

/// Returns the parsed [`COMPONENTS`].
pub(crate) fn components() -> Value {
    static PARSED: OnceLock<Value> = OnceLock::new();
    PARSED
        .get_or_init(|| yaml("components", COMPONENTS))
        .clone()
}

/// Returns a document with these paths.
pub(crate) fn with_paths(paths: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "servers": [{"url": "https://a.test"}],
        "paths": paths,
        "components": components(),
    })
}

/// Returns a document with one operation.
pub(crate) fn with_operation(method: &str, operation: Value) -> Value {
    with_paths(json!({"/a": {method: operation}}))
}

/// Returns a document with these fields and the required ones.
pub(crate) fn with_fields(fields: &Value) -> Value {
    let mut document: Map<String, Value> = Map::new();
    document.insert("openapi".to_owned(), "3.0.3".into());
    document.insert("info".to_owned(), json!({"title": "T", "version": "1"}));
    document.insert(
        "paths".to_owned(),
        json!({"/a": {"get": {"responses": {}}}}),
    );
    document.extend(fields.as_object().unwrap().clone());
    Value::Object(document)
}

pub(crate) fn document(name: &str, value: &Value) -> Document {
    Document::from_value(name, value.clone()).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn changes(base: &Value, revision: &Value) -> Vec<Change> {
    compare(&document("base", base), &document("revision", revision))
}
