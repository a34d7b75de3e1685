//! References: to any part, to other files, and to nothing.

use super::common::{codes, document, read, value};
use serde_json::json;

/// Returns a document whose only response has a schema.
fn with_schema(schema: &str, schemas: &str) -> String {
    document(
        &format!(
            "{{/a: {{get: {{responses: {{'200': {{description: OK, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}}}"
        ),
        schemas,
    )
}

const SCHEMA: &str = "/paths/~1a/get/responses/200/content/application~1json/schema";

#[test]
fn a_reference_leads_to_any_part_of_the_document() {
    let text = with_schema(
        "{$ref: '#/components/schemas/Bed/allOf/0'}",
        "{Bed: {allOf: [{type: object, properties: {next: {$ref: '#/components/schemas/Bed/allOf/0'}, id: {$ref: '#/paths/~1a/get/responses/200/content/application~1json/x-none'}}}]}}",
    );
    let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
    let document = value(&draft);
    assert_eq!(
        document.pointer(SCHEMA),
        Some(&json!({"$ref": "#/components/schemas/BedAllOf0"}))
    );
    assert_eq!(
        document["components"]["schemas"],
        json!({"BedAllOf0": {"type": "object", "properties": {"id": {}, "next": {"$ref": "#/components/schemas/BedAllOf0"}}}})
    );
    assert_eq!(
        codes(&diagnostics),
        ["assumed dangling-reference s/openapi.yml#/components/schemas/Bed/allOf/0/properties/id"]
    );
}

#[test]
fn references_lead_to_other_files_of_the_source_in_cycles() {
    let root = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://g.io'}]\npaths:\n  /a: {$ref: 'paths/a.yml'}\n  /b: {$ref: '#/components/pathItems/B', summary: Mine}\ncomponents: {pathItems: {B: {get: {responses: {default: {description: ''}}}}}}\n";
    let item = "get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '../schemas/Bed.yml'}}}}}}\n";
    let bed =
        "type: object\nproperties: {plants: {type: array, items: {$ref: 'all.yml#/Plant'}}}\n";
    let all =
        "Plant: {type: object, properties: {bed: {$ref: 'Bed.yml'}, self: {$ref: '#/Plant'}}}\n";
    let (draft, diagnostics) = read(&[
        ("openapi.yml", root),
        ("paths/a.yml", item),
        ("schemas/Bed.yml", bed),
        ("schemas/all.yml", all),
    ]);
    assert_eq!(codes(&diagnostics), Vec::<String>::new());
    let document = value(&draft);
    assert_eq!(
        document["components"]["schemas"],
        json!({
            "Bed": {"type": "object", "properties": {"plants": {"type": "array", "items": {"$ref": "#/components/schemas/Plant"}}}},
            "Plant": {"type": "object", "properties": {
                "bed": {"$ref": "#/components/schemas/Bed"},
                "self": {"$ref": "#/components/schemas/Plant"},
            }},
        })
    );
    assert!(document.pointer("/paths/~1b/get").is_some());
    assert_eq!(draft.account.referenced_files.len(), 3);
    assert!(draft.account.unread_files.is_empty());
}

#[test]
fn documents_of_several_versions_refer_to_each_other() {
    let first = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://g.io'}]\npaths: {/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: 'b.json#/definitions/Bed'}}}}}}}}\n";
    let second = r#"{"swagger": "2.0", "info": {"title": "T", "version": "1"}, "host": "g.io", "schemes": ["https"], "paths": {}, "definitions": {"Bed": {"type": "object", "properties": {"id": {"type": "string", "x-nullable": true}, "next": {"$ref": "a.yml#/components/schemas/None"}}}}}"#;
    let (draft, diagnostics) = read(&[("a.yml", first), ("b.json", second)]);
    let document = value(&draft);
    let schema = &document["components"]["schemas"]["Bed"]["properties"];
    assert_eq!(schema["next"], json!({}));
    assert_eq!(schema["id"]["type"], json!("string"));
    assert_eq!(
        codes(&diagnostics),
        ["assumed dangling-reference s/b.json#/definitions/Bed/properties/next"]
    );
}

#[test]
fn a_reference_never_leads_out_of_the_source() {
    for text in [
        "file:///etc/passwd",
        "/etc/passwd",
        "../../outside.yml#/A",
        "http://127.0.0.1/a.yml#/A",
        "https://evil.io/a.yml",
        "//evil.io/a",
        "missing.yml",
        "#/components/schemas/None",
        "#none",
        "",
    ] {
        let text = with_schema(&format!("{{$ref: '{text}'}}"), "{}");
        let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
        assert_eq!(value(&draft).pointer(SCHEMA), Some(&json!({})), "{text}");
        let place = format!("assumed dangling-reference s/openapi.yml#{SCHEMA}");
        assert!(codes(&diagnostics).contains(&place), "{text}");
    }
}

#[test]
fn references_that_only_lead_to_each_other_are_untyped() {
    let text = with_schema(
        "{$ref: '#/components/schemas/A'}",
        "{A: {$ref: '#/components/schemas/B'}, B: {$ref: '#/components/schemas/A'}}",
    );
    let (draft, diagnostics) = read(&[("openapi.yml", &text)]);
    assert_eq!(value(&draft)["components"]["schemas"]["A"], json!({}));
    assert_eq!(
        codes(&diagnostics),
        ["assumed reference-cycle s/openapi.yml#/components/schemas/A"]
    );
}

#[test]
fn a_missing_component_comes_from_siblings_that_agree() {
    let first = with_schema("{$ref: '#/components/schemas/Bed'}", "{}");
    let other = |schema: &str| {
        first
            .replace("/a:", "/b:")
            .replace("schemas: {}", &format!("schemas: {{Bed: {schema}}}"))
    };
    let string = other("{type: string}");
    let prose = other("{type: string, description: A bed}").replace("/b:", "/c:");
    let (draft, diagnostics) = read(&[("a.yml", &first), ("b.yml", &string), ("c.yml", &prose)]);
    let document = value(&draft);
    assert_eq!(
        document.pointer(SCHEMA),
        Some(&json!({"$ref": "#/components/schemas/Bed"}))
    );
    assert_eq!(
        codes(&diagnostics),
        [format!("repaired sibling-reference s/a.yml#{SCHEMA}")]
    );
    let number = other("{type: number}").replace("/b:", "/c:");
    let (draft, diagnostics) = read(&[("a.yml", &first), ("b.yml", &string), ("c.yml", &number)]);
    assert_eq!(value(&draft).pointer(SCHEMA), Some(&json!({})));
    assert!(codes(&diagnostics).contains(&format!("assumed dangling-reference s/a.yml#{SCHEMA}")));
}

#[test]
fn siblings_agree_after_their_own_references_are_resolved() {
    let first = with_schema("{$ref: '#/components/schemas/Bed'}", "{}");
    let bed = "Bed: {type: object, properties: {plant: {$ref: '#/components/schemas/Plant'}}}";
    let second = with_schema("{$ref: '#/components/schemas/Bed'}", &format!("{{{bed}}}"))
        .replace("/a:", "/b:");
    let third = with_schema(
        "{$ref: '#/components/schemas/Bed'}",
        &format!("{{{bed}, Plant: {{type: string}}}}"),
    )
    .replace("/a:", "/c:");
    let (draft, _) = read(&[("a.yml", &first), ("b.yml", &second), ("c.yml", &third)]);
    let document = value(&draft);
    let schemas = document["components"]["schemas"]
        .as_object()
        .map(serde_json::Map::len);
    assert_eq!(schemas, Some(2));
    assert_eq!(
        document.pointer(SCHEMA),
        Some(&json!({"$ref": "#/components/schemas/Bed"}))
    );
}

#[test]
fn siblings_agree_on_a_definition_although_it_refers_to_different_components() {
    let reference = "{$ref: '#/components/schemas/Bed'}";
    let first = with_schema(reference, "{}");
    let bed = "Bed: {type: object, properties: {plant: {$ref: '#/components/schemas/Plant'}}}";
    let other = |path: &str, plant: &str| {
        with_schema(reference, &format!("{{{bed}{plant}}}")).replace("/a:", path)
    };
    let number = other("/b:", ", Plant: {type: number}");
    let string = other("/c:", ", Plant: {type: string}");
    let same = other("/d:", ", Plant: {type: string, description: A plant}");
    let sources = [
        ("a.yml", first.as_str()),
        ("b.yml", &number),
        ("c.yml", &string),
        ("d.yml", &same),
    ];
    let plant_of = |sources: &[(&str, &str)]| {
        let (draft, diagnostics) = read(sources);
        let place = format!("repaired sibling-reference s/a.yml#{SCHEMA}");
        assert!(codes(&diagnostics).contains(&place), "{diagnostics:?}");
        let document = value(&draft);
        let target = |pointer: &str| {
            document.pointer(pointer)?["$ref"]
                .as_str()
                .map(str::to_owned)
        };
        let bed = target(SCHEMA).unwrap().trim_start_matches('#').to_owned();
        let plant = target(&format!("{bed}/properties/plant")).unwrap();
        document.pointer(plant.trim_start_matches('#')).unwrap()["type"].clone()
    };
    assert_eq!(plant_of(&sources), "string");
    let mut reversed = sources;
    reversed[1..].reverse();
    assert_eq!(plant_of(&reversed), "string");
}

#[test]
fn a_missing_part_deep_in_a_document_comes_from_a_sibling() {
    let first = with_schema("{$ref: '#/components/schemas/Bed/properties/id'}", "{}");
    let second = with_schema(
        "{}",
        "{Bed: {type: object, properties: {id: {type: string}}}}",
    )
    .replace("/a:", "/b:");
    let (draft, _) = read(&[("a.yml", &first), ("b.yml", &second)]);
    let document = value(&draft);
    assert_eq!(
        document["components"]["schemas"],
        json!({"BedId": {"type": "string"}})
    );
}

#[test]
fn a_schema_in_place_of_a_response_is_its_content() {
    let text = document(
        "{/a: {get: {responses: {'400': {$ref: '#/components/schemas/Error'}}}}}",
        "{Error: {type: object}}",
    );
    let (draft, _) = read(&[("openapi.yml", &text)]);
    let document = value(&draft);
    let schema = "/paths/~1a/get/responses/400/content/application~1json/schema";
    assert_eq!(
        document.pointer(schema),
        Some(&json!({"$ref": "#/components/schemas/Error"}))
    );
}

#[test]
fn a_component_that_refers_to_one_with_its_name_is_that_one() {
    let text = document(
        "{/a: {get: {parameters: [{$ref: 'b.yml#/parameters/P'}], responses: {'200': {description: OK, content: {application/json: {schema: {$ref: 'b.yml#/schemas/S'}}}}}}}}",
        "{}",
    );
    let alias =
        "parameters: {P: {$ref: 'c.yml#/parameters/P'}}\nschemas: {S: {$ref: 'c.yml#/schemas/S'}}";
    let target = "parameters: {P: {name: p, in: query, schema: {type: boolean}}}\nschemas: {S: {type: string}}";
    let (draft, _) = read(&[("a.yml", &text), ("b.yml", alias), ("c.yml", target)]);
    let components = &value(&draft)["components"];
    assert_eq!(components["schemas"], json!({"S": {"type": "string"}}));
    assert_eq!(components["parameters"]["P"]["name"], "p");
    assert!(draft.account.unread_files.is_empty());
}
