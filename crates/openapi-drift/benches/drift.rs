//! Measures the comparison of two documents with few differences, by number of endpoints:
//! `cargo bench -p openapi-drift`.
#![allow(clippy::panic, reason = "a benchmark that fails should panic")]

use openapi_drift::{Document, compare};
use serde_json::{Map, Value, json};

fn main() {
    divan::main();
}

const ENDPOINTS: &[u32] = &[10, 100, 1_000, 5_000];

/// Compares parsed documents.
#[divan::bench(args = ENDPOINTS, sample_count = 20, sample_size = 1)]
fn differences(bencher: divan::Bencher<'_, '_>, endpoints: u32) {
    let (base, revision) = (parsed(endpoints, false), parsed(endpoints, true));
    bencher.bench_local(|| {
        let changes = compare(&base, &revision);
        assert_eq!(
            changes.len() as u32,
            3 * endpoints.div_ceil(100),
            "three differences in each hundredth endpoint"
        );
        changes
    });
}

/// Compares two equal documents.
#[divan::bench(args = ENDPOINTS, sample_count = 20, sample_size = 1)]
fn no_difference(bencher: divan::Bencher<'_, '_>, endpoints: u32) {
    let (base, revision) = (parsed(endpoints, false), parsed(endpoints, false));
    bencher.bench_local(|| {
        let changes = compare(&base, &revision);
        assert!(changes.is_empty());
        changes
    });
}

/// Parses and compares two texts.
#[divan::bench(args = &[100, 1_000], sample_count = 5, sample_size = 1)]
fn from_text(bencher: divan::Bencher<'_, '_>, endpoints: u32) {
    let text = |is_revision| format!("{:#}", document(endpoints, is_revision));
    let (base, revision) = (text(false), text(true));
    let parse = |name: &str, text: &str| {
        Document::parse(name, text).unwrap_or_else(|error| panic!("{error}"))
    };
    bencher.bench_local(|| {
        compare(
            &parse("base.json", &base),
            &parse("revision.json", &revision),
        )
    });
}

fn parsed(endpoints: u32, is_revision: bool) -> Document {
    Document::from_value("document", document(endpoints, is_revision))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Creates a document with four methods per path. The operations have parameters, bodies, responses
/// and descriptions. The schemas refer to each other.
fn document(endpoints: u32, is_revision: bool) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for number in 0..endpoints {
        let differs = is_revision && number % 100 == 0;
        let name = format!("Item{number}");
        let path = format!("/groups/{{group_id}}/resource{}/{{item_id}}", number / 4);
        let method = ["get", "put", "post", "delete"][number as usize % 4];
        let response = |schema: Value| json!({"description": "A response.", "content": {"application/json": {"schema": schema}}});
        let item = json!({"$ref": format!("#/components/schemas/{name}")});
        let mut operation = json!({
            "operationId": format!("operation_{number}"),
            "tags": ["group"],
            "summary": "Does something with an item",
            "description": "Does something with an item of a group if the caller has the permission, and returns the item.",
            "parameters": [
                {"in": "path", "name": "group_id", "required": true, "schema": {"type": "string"}},
                {"in": "path", "name": "item_id", "required": true, "schema": {"type": "string"}},
                {"in": "query", "name": "page", "description": "The page.", "schema": {"type": "integer", "default": 0, "minimum": 0}},
                {"in": "query", "name": "sort", "required": differs, "schema": {"type": "string", "enum": ["name", "time"]}},
            ],
            "responses": {
                "200": response(json!({"type": "array", "items": item})),
                "404": response(json!({"$ref": "#/components/schemas/Error"})),
            },
        });
        if number % 4 == 1 {
            operation["requestBody"] =
                json!({"required": true, "content": {"application/json": {"schema": item}}});
        }
        let methods = paths.entry(path).or_insert_with(|| json!({}));
        methods[method] = operation;
        let state = if differs {
            json!(["open", "closed", "gone"])
        } else {
            json!(["open", "closed"])
        };
        let next = format!("#/components/schemas/Item{}", (number + 1) % endpoints);
        schemas.insert(
            name,
            json!({
                "type": "object",
                "description": if differs { "An item, possibly deleted." } else { "An item." },
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "minLength": 26, "maxLength": 26},
                    "count": {"type": "integer", "format": "int64"},
                    "state": {"type": "string", "enum": state},
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "next": {"$ref": next},
                },
            }),
        );
    }
    schemas.insert(
        "Error".to_owned(),
        json!({"type": "object", "properties": {"message": {"type": "string"}}}),
    );
    json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths, "components": {"schemas": schemas}})
}
