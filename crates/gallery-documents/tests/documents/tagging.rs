//! The tags at the root of documents.

use super::common::{codes, read, value};
use serde_json::json;

fn document(path: &str, tags: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: Garden, version: '1'}}\nservers: [{{url: 'https://g.io'}}]\ntags: {tags}\npaths: {{{path}: {{get: {{tags: [beds], responses: {{default: {{description: ''}}}}}}}}}}\n"
    )
}

#[test]
fn tags_of_all_documents_are_kept_and_the_first_description_wins() {
    let (draft, diagnostics) = read(&[
        (
            "a.yml",
            &document(
                "/a",
                "[{name: beds, description: Beds of soil}, {name: seeds}, {description: No name}]",
            ),
        ),
        (
            "b.yml",
            &document(
                "/b",
                "[{name: tools, x-order: 1}, {name: beds, description: Other}, {name: seeds, description: Seeds to sow}]",
            ),
        ),
    ]);
    assert_eq!(
        value(&draft)["tags"],
        json!([
            {"name": "beds", "description": "Beds of soil"},
            {"name": "seeds", "description": "Seeds to sow"},
            {"name": "tools", "x-order": 1},
        ])
    );
    assert_eq!(
        codes(&diagnostics),
        ["repaired invalid-part s/a.yml#/tags/2"]
    );
}
