//! Compares two documents with few differences, by number of endpoints: `cargo bench -p openapi-drift`.
#![allow(clippy::panic, reason = "a measurement that cannot be made should end")]

use openapi_drift::{Document, compare};
use serde_json::{Map, Value, json};

fn main() {
    divan::main();
}

const ENDPOINTS: &[u32] = &[10, 100, 1_000, 5_000];

/// What is compared, without reading.
#[divan::bench(args = ENDPOINTS, sample_count = 20, sample_size = 1)]
fn differences(bencher: divan::Bencher<'_, '_>, endpoints: u32) {
    let (base, revision) = (made(endpoints, false), made(endpoints, true));
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

/// The same document twice.
#[divan::bench(args = ENDPOINTS, sample_count = 20, sample_size = 1)]
fn no_difference(bencher: divan::Bencher<'_, '_>, endpoints: u32) {
    let (base, revision) = (made(endpoints, false), made(endpoints, false));
    bencher.bench_local(|| {
        let changes = compare(&base, &revision);
        assert!(changes.is_empty());
        changes
    });
}

/// From two texts to the differences with their lines.
#[divan::bench(args = &[100, 1_000], sample_count = 5, sample_size = 1)]
fn from_text(bencher: divan::Bencher<'_, '_>, endpoints: u32) {
    let text = |is_revision| format!("{:#}", document(endpoints, is_revision));
    let (base, revision) = (text(false), text(true));
    let read = |name: &str, text: &str| {
        Document::parse(name, text).unwrap_or_else(|error| panic!("{error}"))
    };
    bencher.bench_local(|| compare(&read("base.json", &base), &read("revision.json", &revision)));
}

fn made(endpoints: u32, is_revision: bool) -> Document {
    Document::from_value("document", document(endpoints, is_revision))
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Four methods a path, parameters, a body and answers of objects that refer to one another, and prose.
fn document(endpoints: u32, is_revision: bool) -> Value {
    let mut paths = Map::new();
    let mut schemas = Map::new();
    for number in 0..endpoints {
        let differs = is_revision && number % 100 == 0;
        let name = format!("Item{number}");
        let path = format!("/groups/{{group_id}}/resource{}/{{item_id}}", number / 4);
        let method = ["get", "put", "post", "delete"][number as usize % 4];
        let answer = |schema: Value| json!({"description": "An answer.", "content": {"application/json": {"schema": schema}}});
        let item = json!({"$ref": format!("#/components/schemas/{name}")});
        let mut operation = json!({
            "operationId": format!("operation_{number}"),
            "tags": ["group"],
            "summary": "Does something with an item",
            "description": "Does something with an item of a group, as long as whoever asks may do it, and tells what became of it.",
            "parameters": [
                {"in": "path", "name": "group_id", "required": true, "schema": {"type": "string"}},
                {"in": "path", "name": "item_id", "required": true, "schema": {"type": "string"}},
                {"in": "query", "name": "page", "description": "Which page.", "schema": {"type": "integer", "default": 0, "minimum": 0}},
                {"in": "query", "name": "sort", "required": differs, "schema": {"type": "string", "enum": ["name", "time"]}},
            ],
            "responses": {
                "200": answer(json!({"type": "array", "items": item})),
                "404": answer(json!({"$ref": "#/components/schemas/Error"})),
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
                "description": if differs { "An item, or what is left of it." } else { "An item." },
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
