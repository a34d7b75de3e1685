//! Files that were downloaded, whose paths differ from those of their URLs.

use super::common::{codes, document, source, try_read, value};
use gallery_documents::ComponentNames;
use gallery_draft::FileSet;
use serde_json::json;

#[test]
fn references_of_downloaded_files_are_resolved_by_url() {
    let index = "specificationVersion: '0.23'\nname: Garden\napis:\n- aid: g:a\n  name: A\n  properties: [{type: OpenAPI, url: 'v1:A.yml'}]\n";
    let text = document(
        "{/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: 'v1:parts.yml#/Bed'}}}}}}}}",
        "{}",
    );
    let mut set = source(&[
        ("apis.yml", index),
        ("v1_A-1.yml", &text),
        ("v1_parts-2.yml", "Bed: {type: integer}\n"),
    ]);
    let read = |set: &FileSet| {
        let (draft, diagnostics) = try_read(set, &ComponentNames::new());
        let found = value(&draft.unwrap());
        let schemas = found["components"]["schemas"].clone();
        (
            schemas.as_object().map_or(0, serde_json::Map::len),
            found,
            codes(&diagnostics),
        )
    };
    // By path, neither the document nor its reference is found.
    assert_eq!(read(&set).0, 0);
    let names = ["apis.yml", "v1:A.yml", "v1:parts.yml"];
    for (file, name) in set.files.iter_mut().zip(names) {
        file.url = Some(format!("https://host/garden/{name}"));
    }
    let (schemas, found, codes) = read(&set);
    assert_eq!((schemas, codes), (1, Vec::<String>::new()), "{found}");
    let all = found["components"]["schemas"].as_object().unwrap();
    assert!(
        all.values()
            .any(|schema| *schema == json!({"type": "integer"})),
        "{found}"
    );
}

#[test]
fn references_are_resolved_against_the_self_of_a_document() {
    let with_self = |text: &str, own: &str| format!("$self: {own}\n{text}");
    let referring = |reference: &str| {
        document(
            &format!("{{/a: {{get: {{responses: {{'200': {{description: OK, content: {{application/json: {{schema: {{$ref: '{reference}'}}}}}}}}}}}}}}}}"),
            "{}",
        )
        .replace("3.0.0", "3.2.0")
    };
    let parts = document("{}", "{Bed: {type: integer}}").replace("3.0.0", "3.2.0");
    let schema_of = |first: String, second: String| {
        let set = source(&[("one.yml", &first), ("two.yml", &second)]);
        let (draft, diagnostics) = try_read(&set, &ComponentNames::new());
        let found = value(&draft.unwrap());
        (
            found["components"]["schemas"]["Bed"].clone(),
            codes(&diagnostics),
        )
    };
    let bed = json!({"type": "integer"});
    for (own, other, reference) in [
        // Both documents, only the target, and only the referring document have `$self`.
        ("https://g.io/v1/main", "https://g.io/v1/parts", "parts"),
        (
            "https://g.io/v1/main",
            "https://g.io/parts",
            "https://g.io/parts",
        ),
        ("/v1/main", "/v1/parts", "parts"),
        ("", "/v1/parts", "/v1/parts"),
        ("https://g.io/v1/main", "", "two.yml"),
    ] {
        let reference = format!("{reference}#/components/schemas/Bed");
        let with = |text: String, own: &str| match own {
            "" => text,
            own => with_self(&text, own),
        };
        let (found, codes) =
            schema_of(with(referring(&reference), own), with(parts.clone(), other));
        assert_eq!((&found, codes), (&bed, vec![]), "{own} {other} {reference}");
    }
}
