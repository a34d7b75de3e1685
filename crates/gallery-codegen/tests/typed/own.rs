//! The counts of small documents.

use gallery_spec::draft::{FileSet, RawFile};
use serde_json::{Value, json};

use crate::counts::{Counts, Ratio, client, count};
use crate::sources::Source;

fn source(document: &Value) -> Source {
    let mut files = FileSet::default();
    let file = RawFile::new("openapi.json", document.to_string());
    files.files.push(file);
    let name = "own".to_owned();
    Source { name, files }
}

fn counts_of(document: &Value) -> Counts {
    let source = source(document);
    count(&source, &client(&source))
}

/// Returns a document with these responses of an operation and these schemas.
fn document(responses: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Shop", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/items/{id}": {"get": {
            "operationId": "getItem",
            "parameters": [
                {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}},
            ],
            "responses": responses,
        }}},
        "components": {"schemas": schemas},
    })
}

fn content(media_type: &str, schema: Value) -> Value {
    json!({"description": "", "content": {media_type: {"schema": schema}}})
}

fn reference(name: &str) -> Value {
    let reference = format!("#/components/schemas/{name}");
    content("application/json", json!({"$ref": reference}))
}

fn item() -> Value {
    json!({"type": "object", "required": ["id"], "properties": {
        "id": {"type": "string"},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "settings": {"type": "object"},
        "extra": {"description": "Any JSON."},
        "size": {"oneOf": [
            {"type": "object", "properties": {"a": {"type": "string"}}},
            {"type": "object", "properties": {"a": {"type": "string", "format": "uuid"}}},
        ]},
    }})
}

fn problem() -> Value {
    json!({"type": "object", "properties": {"message": {"type": "string"}}})
}

#[test]
fn counts_each_status_and_each_field() {
    let responses = json!({
        "200": reference("Item"),
        "202": content("text/plain", json!({"type": "string"})),
        "204": {"description": ""},
        "404": reference("Problem"),
        "422": content("application/json", json!({"type": "array", "items": {"type": "string"}})),
        "5XX": content("application/xml", json!({"type": "object"})),
        "default": content("application/json", json!({"description": "Any JSON."})),
    });
    let counts = counts_of(&document(
        responses,
        json!({"Item": item(), "Problem": problem()}),
    ));
    assert_eq!(counts.successes, Ratio { typed: 2, all: 2 });
    assert_eq!(counts.errors, Ratio { typed: 2, all: 3 });
    assert_eq!(counts.binary, 0);
    // `id`, `labels`, `settings`, `size` and `message`.
    assert_eq!((counts.fields, counts.free_fields), (5, 1));
    assert_eq!(counts.untyped_fields(), 1, "{}", counts.listed());
    let kinds: Vec<&str> = counts.untyped.keys().map(String::as_str).collect();
    let expected = [
        "error: untyped: application/xml (object)",
        "field: no JSON type, required property or tag tells the alternatives apart: using \
         untyped JSON",
    ];
    assert_eq!(kinds, expected);
    assert!(counts.unexplained.is_empty());
}

#[test]
fn binary_responses_are_typed_as_bytes() {
    let binary = json!({"type": "string", "format": "binary"});
    let responses = json!({"200": content("image/png", binary), "404": reference("Problem")});
    let counts = counts_of(&document(responses, json!({"Problem": problem()})));
    assert_eq!(counts.successes, Ratio { typed: 1, all: 1 });
    assert_eq!(counts.binary, 1);
}

#[test]
fn counts_documents_of_openapi_2() {
    let document = json!({
        "swagger": "2.0",
        "info": {"title": "Shop", "version": "1"},
        "host": "api.example.com",
        "produces": ["application/json"],
        "paths": {"/items": {"get": {
            "operationId": "list-items",
            "responses": {
                "200": {"description": "", "schema": {
                    "type": "array", "items": {"$ref": "#/definitions/Item"},
                }},
                "default": {"description": "", "schema": {"$ref": "#/definitions/Problem"}},
            },
        }}},
        "definitions": {"Item": item(), "Problem": problem()},
    });
    let counts = counts_of(&document);
    assert_eq!(counts.successes, Ratio { typed: 1, all: 1 });
    assert_eq!(counts.errors, Ratio { typed: 1, all: 1 });
}

#[test]
fn finds_types_that_a_client_lacks() {
    let responses = json!({"200": reference("Item"), "404": reference("Problem")});
    let document = document(responses, json!({"Item": item(), "Problem": problem()}));
    let source = source(&document);
    let client = client(&source);
    let replaced = |from: &str, to: &str| {
        assert!(client.code.contains(from), "{from}");
        let mut client = client.clone();
        client.code = client.code.replace(from, to);
        count(&source, &client)
    };
    let sound = count(&source, &client);
    assert_eq!((sound.successes.typed, sound.errors.typed), (1, 1));
    let counts = replaced(
        "ResponseValue<super::types::Item>",
        "ResponseValue<Untyped>",
    );
    assert_eq!((counts.successes.typed, counts.errors.typed), (0, 1));
    let counts = replaced("Error<super::types::Problem>", "Error");
    assert_eq!((counts.successes.typed, counts.errors.typed), (1, 0));
    let counts = replaced("Sends `GET /items/{id}`", "Sends `GET /other/{id}`");
    assert_eq!((counts.successes.typed, counts.errors.typed), (0, 0));
    let counts = replaced("pub id: String", "pub id: serde_json::Value");
    assert_eq!(counts.untyped_fields(), sound.untyped_fields() + 1);
    assert_eq!(counts.unexplained.len(), 1, "{:?}", counts.unexplained);
    let counts = replaced(
        "std::collections::HashMap<String, String>",
        "std::collections::HashMap<String, serde_json::Value>",
    );
    assert_eq!(counts.unexplained.len(), 1, "{:?}", counts.unexplained);
}
