//! Copies of endpoints, and components with one name.

use super::common::{codes, document, read, value};
use gallery_draft::Verdict;
use serde_json::json;

#[test]
fn one_document_keeps_its_types() {
    let text = document(
        "{'/beds/{id}': {get: {operationId: bed, parameters: [{in: path, name: id, required: true, schema: {type: string}}], responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Bed'}}}}}}}}",
        "{Bed: {type: object, properties: {plant: {$ref: '#/components/schemas/Plant'}}}, Plant: {type: string}, Unused: {type: string}}",
    );
    let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
    assert_eq!(codes(&diagnostics), Vec::<String>::new());
    let endpoint = &draft.endpoints[0];
    assert_eq!(endpoint.key.to_string(), "GET /beds/{}");
    assert_eq!(endpoint.listed_id.as_deref(), Some("bed"));
    assert_eq!(endpoint.server.url, "https://g.io");
    let document = value(&draft);
    let schemas = &document["components"]["schemas"];
    assert_eq!(
        *schemas,
        json!({
            "Bed": {"type": "object", "properties": {"plant": {"$ref": "#/components/schemas/Plant"}}},
            "Plant": {"type": "string"},
        })
    );
    assert!(draft.component_names.is_empty());
}

#[test]
fn copies_are_compared_with_references_resolved() {
    let inline = document(
        "{/a: {get: {summary: A, responses: {'200': {description: OK, content: {application/json: {schema: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}}}}}}}",
        "{Node: {type: object, properties: {next: {$ref: '#/components/schemas/Node'}}}}",
    );
    let reference = document(
        "{/a: {get: {summary: B, tags: [x], responses: {'200': {description: Fine, content: {application/json: {schema: {$ref: '#/components/schemas/Other'}}}}}}}}",
        "{Other: {type: object, description: A node, properties: {next: {$ref: '#/components/schemas/Other'}}}}",
    );
    let (draft, _) = read(&[("a.yml", &inline), ("b.yml", &reference)]);
    assert_eq!(draft.endpoints[0].verdict, Verdict::Equivalent);
    assert_eq!(draft.endpoints[0].sources.len(), 2);
    let other = reference.replace("description: A node", "nullable: true");
    let (draft, _) = read(&[("a.yml", &inline), ("b.yml", &other)]);
    assert_eq!(draft.endpoints[0].verdict, Verdict::Conflict);
    assert_eq!(draft.endpoints[0].differing.len(), 1);
}
