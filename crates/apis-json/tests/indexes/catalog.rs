//! API catalogs of our own.

use apis_json::{Catalog, Index, catalog};
use expect_test::{Expect, expect};
use openapi_text::Diagnostics;
use serde_json::json;

fn read(text: &str) -> (Option<Catalog>, String) {
    let mut diagnostics = Diagnostics::default();
    let catalog = catalog("api-catalog", text.as_bytes(), &mut diagnostics);
    let shown: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    (catalog, shown.join("\n"))
}

#[test]
fn reads_link_sets() {
    let text = json!({"linkset": [
        {"anchor": "https://example.com/.well-known/api-catalog",
            "item": [{"href": "https://example.com/store/beds/"}]},
        {"anchor": "https://example.com/store/b%C3%A9ds/?x=/y", "title": "Beds",
            "description": "Beds and soil.",
            "service-desc": [
                {"href": "beds.yml", "type": "application/vnd.oai.openapi", "title": "A"},
                {"href": "b.json", "type": "application/openapi+json;version=3.0"},
                {"href": "c"},
                {"href": "d", "type": "application/wsdl+xml"},
                {"href": "e", "type": "text/html"},
                {"href": "f", "type": "application/vnd.aai.asyncapi+json"},
                {"href": "g", "type": "application/yaml"}],
            "service-doc": [{"href": "https://example.com/docs", "type": "text/html"}]},
        {"anchor": "https://example.com/store/b%C3%A9ds/?x=/y", "title": "Other",
            "service-desc": [{"href": "c"}, {"href": "h"}]},
        {"anchor": "https://seeds.example.com"},
        {"title": "No anchor", "service-desc": [{"href": "i"}]},
    ]});
    let (catalog, diagnostics) = read(&text.to_string());
    assert_eq!(diagnostics, "");
    let catalog = catalog.unwrap();
    let slugs: Vec<_> = catalog
        .entries
        .iter()
        .map(|entry| (entry.slug.as_str(), entry.pointer.as_str()))
        .collect();
    assert_eq!(
        slugs,
        [
            ("api-catalog", "/linkset/0"),
            ("béds", "/linkset/1"),
            ("seeds.example.com", "/linkset/3"),
            ("", "/linkset/4")
        ]
    );
    let beds = &catalog.entries[1];
    assert_eq!(beds.title.as_deref(), Some("Beds"));
    assert_eq!(beds.description.as_deref(), Some("Beds and soil."));
    let urls: Vec<_> = beds
        .documents
        .iter()
        .map(|link| link.url.as_str())
        .collect();
    assert_eq!(urls, ["beds.yml", "b.json", "c", "g", "h"]);
    assert_eq!(beds.documents[0].title.as_deref(), Some("A"));
    let index = Index::from(catalog);
    for glob in ["b*ds", "https://example.com/store/b*", "Beds"] {
        assert_eq!(index.positions(&[glob.into()]).unwrap(), [1], "{glob}");
    }
    assert_eq!(index.positions(&["No anchor".into()]).unwrap(), [3]);
    expect!["no API matches `bed` (nearest: béds)"]
        .assert_eq(&index.select(&["bed".into()]).unwrap_err().to_string());
}

#[test]
fn warns_of_invalid_entries() {
    let (catalog, diagnostics) = read(
        r#"{"linkset": [3, {"anchor": [], "service-desc": {"href": "x"}},
            {"anchor": "a", "service-desc": [{"type": "application/json"}, "x", {"href": "b"}]}]}"#,
    );
    let catalog = catalog.unwrap();
    assert_eq!(catalog.entries.len(), 2);
    assert_eq!(catalog.entries[1].documents.len(), 1);
    expect![[r#"
        warning[unexpected-value]: expected a map with `anchor` and links, found a number; it is ignored
          --> api-catalog#/linkset/0
        warning[unexpected-value]: expected text, found a list; it is ignored
          --> api-catalog#/linkset/1/anchor
        warning[unexpected-value]: expected a list, found a map; it is ignored
          --> api-catalog#/linkset/1/service-desc
        warning[unexpected-value]: expected a link with `href`, found a map; it is ignored
          --> api-catalog#/linkset/2/service-desc/0
        warning[unexpected-value]: expected a link with `href`, found text; it is ignored
          --> api-catalog#/linkset/2/service-desc/1"#]].assert_eq(&diagnostics);
}

#[track_caller]
fn check_error(text: &str, message: Expect) {
    let (catalog, diagnostics) = read(text);
    assert!(catalog.is_none(), "{text}");
    message.assert_eq(&diagnostics);
}

#[test]
fn rejects_files_that_are_not_a_catalog() {
    check_error(
        "<html></html>",
        expect![[r#"
        error[html]: this is HTML, not an index; use the URL of the raw file
          --> api-catalog"#]],
    );
    check_error(
        "apis: []\n",
        expect![[r#"
        error[not-a-catalog]: this is not an API catalog (RFC 9727): it has no list `linkset`
          --> api-catalog#"#]],
    );
    check_error(
        "[]",
        expect![[r#"
        error[not-a-catalog]: this is not an API catalog (RFC 9727): it has no list `linkset`
          --> api-catalog#"#]],
    );
}
