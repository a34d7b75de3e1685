//! Depth, size and copies.

use std::time::{Duration, Instant};

use openapi_convert::{NoteKind, convert};
use serde_json::{Map, Value, json};

/// Removes the children of a value one after the other, because dropping it is recursive.
fn dismantle(value: Value) {
    let mut values = vec![value];
    while let Some(value) = values.pop() {
        match value {
            Value::Array(items) => values.extend(items),
            Value::Object(entries) => values.extend(entries.into_iter().map(|(_, value)| value)),
            _ => {}
        }
    }
}

/// Returns a map with one entry. The macro `json` would copy the value, with recursion.
fn single(key: &str, value: Value) -> Value {
    Value::Object([(key.to_owned(), value)].into_iter().collect())
}

fn nested(depth: usize, wrap: impl Fn(Value) -> Value) -> Value {
    let mut schema = json!({"type": ["string", "null"]});
    for _ in 0..depth {
        schema = wrap(schema);
    }
    schema
}

#[test]
fn converts_schemas_of_any_depth() {
    // Each `if` has a note, whose pointer is as long as the depth.
    for (key, depth) in [
        ("items", 5_000),
        ("not", 5_000),
        ("additionalProperties", 5_000),
        ("if", 500),
    ] {
        let schema = nested(depth, |inner| single(key, inner));
        let mut document = json!({"openapi": "3.1.0", "paths": {}, "components": {}});
        document["components"]["schemas"] = single("S", schema);
        let mut converted = convert(document).unwrap();
        let mut inner = &mut converted.document["components"]["schemas"]["S"];
        for _ in 0..depth {
            inner = match key {
                "if" => &mut inner["x-json-schema"][key],
                _ => &mut inner[key],
            };
        }
        assert_eq!(inner.take(), json!({"type": "string", "nullable": true}));
        dismantle(converted.document);
    }
}

#[test]
fn converts_callbacks_of_any_depth() {
    let mut item = json!({});
    for _ in 0..2_000 {
        let callbacks = single("c", single("u", item));
        item = single("get", single("callbacks", callbacks));
    }
    let mut document = json!({"openapi": "3.1.0", "paths": {}});
    document["paths"]["/a"] = item;
    dismantle(convert(document).unwrap().document);
}

#[test]
fn tuples_in_tuples_are_not_copied() {
    let schema = nested(60, |inner| {
        let mut tuple =
            json!({"type": "array", "prefixItems": [{"type": "string"}], "items": false});
        tuple["prefixItems"].as_array_mut().unwrap().push(inner);
        tuple
    });
    let document =
        json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": {"S": schema}}});
    let converted = convert(document).unwrap();
    assert!(converted.document.to_string().len() < 60 * 300);
}

#[test]
fn copies_are_limited() {
    let properties: Map<String, Value> = (0..2_000)
        .map(|number| (format!("p{number}"), json!({"type": "string"})))
        .collect();
    let operation = json!({"responses": {"200": {"description": "D", "content": {
        "a/b": {"schema": {"type": "object", "properties": properties}}}}}});
    let paths: Map<String, Value> = (0..2_000)
        .map(|number| {
            (
                format!("/{number}"),
                json!({"$ref": "#/components/pathItems/I"}),
            )
        })
        .collect();
    let document = json!({"openapi": "3.1.0", "paths": paths,
        "components": {"pathItems": {"I": {"get": operation}}}});
    let size = document.to_string().len();
    let converted = convert(document).unwrap();
    assert!(converted.document.to_string().len() < 40 * size);
    let dropped = converted
        .notes
        .iter()
        .filter(|note| note.kind == NoteKind::NotExpressed)
        .count();
    assert!(dropped > 1_000, "{dropped}");
}

#[test]
fn path_items_that_refer_to_each_other_are_reported() {
    let item = |name: &str| json!({"$ref": format!("#/components/pathItems/{name}")});
    let document = json!({"openapi": "3.1.0", "paths": {"/a": item("I")},
        "components": {"pathItems": {"I": item("J"), "J": item("I")}}});
    let converted = convert(document).unwrap();
    let notes: Vec<String> = converted
        .notes
        .iter()
        .map(|note| format!("{} {}", note.pointer, note.message))
        .collect();
    assert_eq!(
        notes,
        ["/paths/~1a the path items refer to each other, without an end"]
    );
}

#[test]
fn copies_of_version_2_0_are_limited() {
    let values: Vec<Value> = (0..20_000)
        .map(|number| json!(format!("v{number}")))
        .collect();
    let schema = json!({"type": "string", "enum": values});
    let paths: Map<String, Value> = (0..500)
        .map(|number| {
            let operation = json!({
                "consumes": [format!("a/{number}")],
                "produces": [format!("b/{number}")],
                "parameters": [{"$ref": "#/parameters/B"}],
                "responses": {"200": {"$ref": "#/responses/R"}},
            });
            (format!("/{number}"), json!({"post": operation}))
        })
        .collect();
    let document = json!({"swagger": "2.0", "paths": paths,
        "parameters": {"B": {"in": "body", "name": "body", "schema": schema}},
        "responses": {"R": {"description": "D", "schema": schema}}});
    let size = document.to_string().len();
    let converted = convert(document).unwrap();
    assert!(converted.document.to_string().len() < 40 * size);
}

/// Returns the time to convert a document of many parts.
fn time(document: Value) -> Duration {
    let start = Instant::now();
    let converted = convert(document).unwrap();
    let elapsed = start.elapsed();
    drop(converted);
    elapsed
}

#[test]
fn time_is_linear() {
    let modern = |count: usize| {
        let schemas: Map<String, Value> = (0..count)
            .map(|number| {
                let schema = json!({
                    "type": ["object", "null"],
                    "$defs": {"N": {"$anchor": format!("a{number}"), "const": number}},
                    "properties": {
                        "a": {"$ref": "#/$defs/N"},
                        "b": {"$ref": format!("#a{number}"), "description": "D"},
                    },
                });
                (format!("S{number}"), schema)
            })
            .collect();
        json!({"openapi": "3.1.0", "paths": {}, "components": {"schemas": schemas}})
    };
    let swagger = |count: usize| {
        let fields: Vec<Value> = (0..count)
            .map(|number| json!({"in": "formData", "name": format!("f{number}"), "type": "string"}))
            .collect();
        json!({"swagger": "2.0", "paths": {"/a": {
            "parameters": fields,
            "post": {"parameters": fields, "responses": {"200": {"description": "D"}}}}}})
    };
    for document in [&modern as &dyn Fn(usize) -> Value, &swagger] {
        let (small, large) = (time(document(500)), time(document(5_000)));
        // Quadratic time would be 100 times as much.
        assert!(
            large < small * 40 + Duration::from_millis(200),
            "{small:?}, {large:?}"
        );
    }
}
