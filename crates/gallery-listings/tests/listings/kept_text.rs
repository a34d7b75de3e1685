//! Texts of a listing that the canonical document keeps: contacts, links and descriptions.

use gallery_draft::{Choices, FileSet, RawFile};
use gallery_listings::Documents;
use gallery_spec::names::Names;
use openapi_text::Diagnostics;
use serde_json::{Value, json};

use crate::support;

fn canonical(index: &str, documents: &[(&str, &str)]) -> Value {
    let mut files = vec![RawFile::new("apis.md", index)];
    files.extend(
        documents
            .iter()
            .map(|(name, text)| RawFile::new(*name, format!("swagger: '2.0'\nhost: p.io\n{text}"))),
    );
    let listing = FileSet {
        name: "o/r/p".to_owned(),
        files,
    };
    let mut diagnostics = Diagnostics::default();
    let output = support::run(
        &[listing],
        Documents::default(),
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    let text = output.unwrap().canonical.render().unwrap();
    serde_json::from_str(&text).unwrap()
}

#[test]
fn keeps_the_contact_and_all_links_of_a_kind() {
    let index = "name: P\nx-common:\n\
        - {type: x-blog, url: 'https://p.io/blog'}\n\
        - {type: x-blog, url: 'https://p.io/news'}\n\
        - {type: x-blog, url: 'https://p.io/blog'}\n\
        - {type: x-terms, url: 'https://p.io/terms'}\n";
    let document = "info: {title: T, version: 1, contact: {name: Ann, email: ann@p.io}}\n\
        paths: {/a: {get: {}}}\n";
    let document = canonical(index, &[("openapi.md", document)]);
    assert_eq!(
        document["info"]["contact"],
        json!({"name": "Ann", "email": "ann@p.io"})
    );
    assert_eq!(
        document["x-gallery"]["links"],
        json!({
            "x-blog": ["https://p.io/blog", "https://p.io/news"],
            "x-terms": "https://p.io/terms",
        })
    );
}

#[test]
fn keeps_descriptions_of_form_fields() {
    let document = "paths:\n  /a:\n    post:\n      consumes: [application/x-www-form-urlencoded]\n      \
        parameters: [{in: formData, name: size, type: string, description: The size}]\n";
    let document = canonical("name: P\n", &[("openapi.md", document)]);
    let content = &document["paths"]["/a"]["post"]["requestBody"]["content"];
    let schema = &content["application/x-www-form-urlencoded"]["schema"];
    assert_eq!(schema["properties"]["size"]["description"], "The size");
}

#[test]
fn removes_a_description_that_repeats_the_summary() {
    let document = "paths:\n  /a: {get: {summary: Get A, description: ' get  a.'}}\n  \
        /b: {get: {summary: Get B, description: Returns the whole B}}\n";
    let document = canonical("name: P\n", &[("openapi.md", document)]);
    let get = |path: &str| &document["paths"][path]["get"];
    assert_eq!(get("/a")["summary"], "Get A");
    assert_eq!(get("/a").get("description"), None);
    assert_eq!(get("/b")["description"], "Returns the whole B");
}
