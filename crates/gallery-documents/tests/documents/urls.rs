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
