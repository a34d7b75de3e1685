//! Pairs of documents with the level that an API engineer would give: of our own, and in the
//! directory that `GALLERY_CASES` names.

use std::path::PathBuf;

use openapi_drift::Wire;
use serde_json::{Value, json};

use crate::support::changes;

/// Returns a document with a POST of `body` and these components.
fn document(body: &Value, components: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/a": {"post": {
            "requestBody": {"content": {"application/json": {"schema": body}}},
            "responses": {"204": {"description": "Done."}},
        }}},
        "components": components,
    })
}

fn level(base: &Value, revision: &Value) -> Wire {
    let found = changes(base, revision);
    found
        .iter()
        .map(|change| change.wire)
        .max()
        .unwrap_or(Wire::None)
}

/// Returns a parent with a discriminator and one child with this name and property type.
fn family(child: &str, kind: &str) -> Value {
    let parent = json!({
        "type": "object",
        "properties": {"kind": {"type": "string"}},
        "discriminator": {"propertyName": "kind"},
    });
    let own = json!({"properties": {"own": {"type": kind}}});
    let child_schema = json!({"allOf": [{"$ref": "#/components/schemas/Parent"}, own]});
    let body = json!({"$ref": "#/components/schemas/Parent"});
    let schemas = json!({"Parent": parent, child: child_schema});
    document(&body, json!({"schemas": schemas}))
}

#[test]
fn compares_schemas_that_only_a_discriminator_reaches() {
    let base = family("Child", "string");
    assert_eq!(level(&base, &base), Wire::None);
    assert_eq!(level(&base, &family("Other", "string")), Wire::Breaking);
    assert_eq!(level(&base, &family("Child", "integer")), Wire::Breaking);
    let rules: Vec<_> = changes(&base, &family("Other", "string"))
        .iter()
        .map(|change| change.rule.id)
        .collect();
    assert!(rules.contains(&"discriminator-value-renamed"), "{rules:?}");
}

#[test]
fn a_renamed_target_of_a_mapping_breaks_nothing() {
    let union = |name: &str| {
        let reference = format!("#/components/schemas/{name}");
        let body = json!({
            "oneOf": [{"$ref": reference}, {"type": "object"}],
            "discriminator": {"propertyName": "kind", "mapping": {"x": reference}},
        });
        let schema = json!({"type": "object", "properties": {"kind": {"type": "string"}}});
        document(&body, json!({"schemas": {name: schema}}))
    };
    assert_eq!(level(&union("A"), &union("B")), Wire::None);
}

#[test]
fn compares_effective_security() {
    let secured = |scheme: &str, root: Value, operation: Value| {
        let mut document = document(
            &json!({}),
            json!({"securitySchemes": {scheme: {"type": "http", "scheme": "basic"}}}),
        );
        if !root.is_null() {
            document["security"] = root;
        }
        if !operation.is_null() {
            document["paths"]["/a"]["post"]["security"] = operation;
        }
        document
    };
    let base = secured("a", json!([{"a": []}]), Value::Null);
    let moved = secured("a", Value::Null, json!([{"a": []}]));
    assert_eq!(level(&base, &moved), Wire::None);
    let renamed = secured("b", json!([{"b": []}]), Value::Null);
    assert_eq!(level(&base, &renamed), Wire::None);
    let lifted = secured("a", Value::Null, Value::Null);
    assert_eq!(level(&base, &lifted), Wire::Safe);
    assert_eq!(level(&lifted, &base), Wire::Breaking);
}

#[test]
fn compares_media_types_by_range_and_without_charset() {
    let accepting = |media: &str| {
        let mut document = document(&json!({}), json!({}));
        let content = json!({media: {"schema": {"type": "string"}}});
        document["paths"]["/a"]["post"]["requestBody"]["content"] = content;
        document
    };
    let level = |base, revision| level(&accepting(base), &accepting(revision));
    assert_eq!(level("text/plain", "text/plain; charset=utf-8"), Wire::None);
    assert_eq!(level("image/png", "image/*"), Wire::Safe);
    assert_eq!(level("image/*", "image/png"), Wire::Breaking);
}

#[test]
fn ignores_slashes_of_servers_and_headers_that_openapi_ignores() {
    let served = |url: &str| {
        let mut document = document(&json!({}), json!({}));
        document["servers"] = json!([{"url": url}]);
        document
    };
    let level_of = |base, revision| level(&served(base), &served(revision));
    assert_eq!(
        level_of("https://a.test/v1", "https://a.test/v1/"),
        Wire::None
    );
    assert_eq!(
        level_of("https://a.test/v1", "https://a.test/v2"),
        Wire::Breaking
    );

    let with_header = |name: &str| {
        let mut document = document(&json!({}), json!({}));
        let parameter = json!({"in": "header", "name": name, "required": true, "schema": {}});
        document["paths"]["/a"]["post"]["parameters"] = json!([parameter]);
        document
    };
    let without = document(&json!({}), json!({}));
    for name in ["Accept", "content-type", "Authorization"] {
        assert_eq!(level(&without, &with_header(name)), Wire::None, "{name}");
    }
    assert_eq!(level(&without, &with_header("X-Key")), Wire::Breaking);
}

#[test]
fn properties_of_closed_and_typed_objects_break_requests() {
    let object = |properties: Value, additional: Value| {
        let body = json!({
            "type": "object",
            "properties": properties,
            "additionalProperties": additional,
        });
        document(&body, json!({}))
    };
    let text = json!({"type": "string"});
    let both = json!({"a": text, "b": text});
    let one = json!({"a": text});
    let closed = |properties: &Value| object(properties.clone(), json!(false));
    assert_eq!(level(&closed(&both), &closed(&one)), Wire::Breaking);
    let typed = |properties: &Value| object(properties.clone(), json!({"type": "integer"}));
    assert_eq!(level(&typed(&one), &typed(&both)), Wire::Breaking);
}

/// Returns the cases, or nothing if the environment does not name them.
fn cases() -> Option<Vec<Value>> {
    let folder = std::env::var_os("GALLERY_CASES").map(PathBuf::from);
    let Some(folder) = folder.filter(|folder| !folder.as_os_str().is_empty()) else {
        eprintln!("skipped: GALLERY_CASES is not set");
        return None;
    };
    let text = std::fs::read_to_string(folder.join("drift.json")).unwrap();
    Some(serde_json::from_str(&text).unwrap())
}

#[test]
fn cases_have_the_expected_level() {
    let mut wrong = Vec::new();
    for case in cases().unwrap_or_default() {
        let text = |key: &str| case[key].as_str().unwrap().to_owned();
        let found = changes(&case["base"], &case["revision"]);
        let level = found
            .iter()
            .map(|change| change.wire)
            .max()
            .unwrap_or(Wire::None);
        if level.name() != text("wire") {
            let lines: Vec<String> = found
                .iter()
                .map(|change| format!("\n    {change}"))
                .collect();
            wrong.push(format!(
                "{}: expected {}, found {}{}",
                text("name"),
                text("wire"),
                level.name(),
                lines.concat()
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn compares_a_long_chain_of_discriminators() {
    let chain = |last: &str| {
        let mut schemas = serde_json::Map::new();
        for number in 0..5_000 {
            let parent = format!("#/components/schemas/S{}", number - 1);
            let discriminator = json!({"propertyName": "kind"});
            let schema = match number {
                0 => json!({"type": "object", "discriminator": discriminator}),
                _ => json!({"allOf": [{"$ref": parent}], "discriminator": discriminator}),
            };
            schemas.insert(format!("S{number}"), schema);
        }
        let end = json!({"allOf": [{"$ref": "#/components/schemas/S4999"}]});
        schemas.insert(last.to_owned(), end);
        let body = json!({"$ref": "#/components/schemas/S0"});
        document(&body, json!({"schemas": schemas}))
    };
    assert_eq!(level(&chain("End"), &chain("End")), Wire::None);
    assert_eq!(level(&chain("End"), &chain("Other")), Wire::Breaking);
}
