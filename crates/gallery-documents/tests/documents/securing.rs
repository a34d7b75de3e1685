//! Security requirements of schemes that the document does not declare.

use super::common::{codes, read, value};
use serde_json::json;

/// Returns a document with one path, which requires the scheme `key`.
fn document(path: &str, schemes: &str) -> String {
    format!(
        "openapi: 3.0.0\ninfo: {{title: Garden, version: '1'}}\nservers: [{{url: 'https://g.io'}}]\nsecurity: [{{key: []}}]\npaths: {{{path}: {{get: {{responses: {{default: {{description: ''}}}}}}, put: {{security: [{{key: []}}], responses: {{default: {{description: ''}}}}}}}}}}\ncomponents: {{securitySchemes: {{{schemes}}}}}\n"
    )
}

#[test]
fn an_undeclared_scheme_comes_from_siblings_that_agree() {
    let (draft, diagnostics) = read(&[
        ("a.yml", &document("/a", "")),
        (
            "b.yml",
            &document("/b", "key: {type: http, scheme: bearer}"),
        ),
        (
            "c.yml",
            &document(
                "/c",
                "key: {type: http, scheme: Bearer, description: A token}",
            ),
        ),
    ]);
    let document = value(&draft);
    assert_eq!(document["security"], json!([{"key": []}]));
    assert_eq!(
        document["components"]["securitySchemes"],
        json!({"key": {"type": "http", "scheme": "bearer"}})
    );
    assert_eq!(
        codes(&diagnostics),
        ["repaired sibling-scheme s/a.yml#/security"]
    );
    let message = diagnostics.iter().next().map(|it| it.message.clone());
    assert_eq!(
        message.as_deref(),
        Some(
            "the security scheme `key` does not exist (2 requirements); that of `s/b.yml` is used"
        )
    );
    let changes: Vec<&str> = draft.account.changes.iter().map(|it| it.code).collect();
    assert_eq!(changes, ["sibling-scheme"]);
}

#[test]
fn an_undeclared_scheme_is_removed_if_siblings_disagree() {
    let (draft, diagnostics) = read(&[
        ("a.yml", &document("/a", "")),
        (
            "b.yml",
            &document("/b", "key: {type: http, scheme: bearer}"),
        ),
        (
            "c.yml",
            &document("/c", "key: {type: apiKey, in: header, name: X-Key}"),
        ),
    ]);
    let document = value(&draft);
    assert!(document["paths"]["/a"]["get"].get("security").is_none());
    let undefined = codes(&diagnostics);
    let undefined = undefined
        .iter()
        .filter(|it| it.contains("undefined-scheme"));
    assert_eq!(undefined.count(), 2);
}

#[test]
fn equal_schemes_have_the_scopes_of_all_documents() {
    let scheme = |scopes: &str| {
        format!(
            "key: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: 'https://g.io/token', scopes: {{{scopes}}}}}}}}}"
        )
    };
    let (draft, diagnostics) = read(&[
        ("a.yml", &document("/a", &scheme("water: Water the beds"))),
        (
            "b.yml",
            &document("/b", &scheme("water: Water, weed: Weed the beds")),
        ),
        ("c.yml", &document("/c", &scheme(""))),
    ]);
    assert_eq!(codes(&diagnostics), [""; 0]);
    let schemes = &value(&draft)["components"]["securitySchemes"];
    assert_eq!(schemes.as_object().map(serde_json::Map::len), Some(1));
    assert_eq!(
        schemes["key"]["flows"]["clientCredentials"]["scopes"],
        json!({"water": "Water the beds", "weed": "Weed the beds"})
    );
}
