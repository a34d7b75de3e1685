//! Indexes of our own, one for each version and each kind of defect.

use apis_json::{Index, Kind, is_openapi_type, kind, parse};
use expect_test::{Expect, expect};
use openapi_text::Diagnostics;

fn read(text: &str) -> (Option<Index>, String) {
    let mut diagnostics = Diagnostics::default();
    let index = parse("apis.yml", text.as_bytes(), &mut diagnostics);
    let shown: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    (index, shown.join("\n"))
}

#[track_caller]
fn index(text: &str) -> Index {
    let (index, diagnostics) = read(text);
    assert_eq!(diagnostics, "");
    index.unwrap()
}

#[test]
fn reads_version_0_23() {
    let index = index(
        "
aid: garden
name: Garden
description: >-
  Beds
  and seeds.
type: Index
url: https://example.com/apis.yml
modified: '2026-05-19'
specificationVersion: '0.23'
accessModel: {pricing: paid}
apis:
- aid: garden:beds
  name: Beds
  humanURL: https://example.com/docs
  baseURL: wss://example.com
  tags: [Beds, Soil]
  properties:
  - {type: Documentation, url: https://example.com/docs}
  - {type: OpenAPI, url: 'openapi/a:b.yml'}
  - {type: OpenAPI, url: openapi/original/beds.yml, mediaType: application/yaml}
  - {type: OpenAPI, url: 'openapi/a:b.yml'}
  - {type: OpenAPI Source, url: https://example.com/page}
common:
- {type: Website, url: https://example.com}
- {type: Features, data: [{name: Fast}]}
include:
- {name: Other, url: https://example.org/apis.json}
network:
- {name: Further, url: ../further/apis.yml}
maintainers:
- {FN: Ada, email: a@example.com}
- {name: Bo}
",
    );
    assert_eq!(index.version.as_deref(), Some("0.23"));
    assert_eq!(index.aid.as_deref(), Some("garden"));
    assert_eq!(index.description.as_deref(), Some("Beds and seeds."));
    assert_eq!(index.modified.as_deref(), Some("2026-05-19"));
    assert_eq!(index.maintainers, ["Ada", "Bo"]);
    assert_eq!(
        index.links,
        [("Website".into(), "https://example.com".into())]
    );
    assert_eq!(
        index.includes,
        ["https://example.org/apis.json", "../further/apis.yml"]
    );
    let api = &index.apis[0];
    assert_eq!(
        api.documents,
        ["openapi/a:b.yml", "openapi/original/beds.yml"]
    );
    assert_eq!(api.base_url.as_deref(), Some("wss://example.com"));
    assert_eq!(api.human_url.as_deref(), Some("https://example.com/docs"));
    assert_eq!(api.tags, ["Beds", "Soil"]);
    assert_eq!(api.links.len(), 2);
    assert_eq!(api.pointer, "/apis/0");
}

#[test]
fn reads_version_0_14() {
    let index = index(
        r#"{"name": "Garden", "specificationVersion": "0.14", "url": "https:\/\/example.com\/apis.json",
        "apis": [{"name": "Beds", "description": null, "baseURL": "", "humanUrl": "https://h", "tags": [],
            "properties": [{"type": "x-openapi", "url": "https:\/\/example.com\/beds.json"},
                {"type": "Swagger", "url": "seeds.json"}],
            "contact": [{"FN": "Ada"}]}],
        "include": [], "x-common": [{"type": "Blog", "url": "https://b"}]}"#,
    );
    assert_eq!(index.url.as_deref(), Some("https://example.com/apis.json"));
    assert_eq!(index.links, [("Blog".into(), "https://b".into())]);
    let api = &index.apis[0];
    assert_eq!(
        api.documents,
        ["https://example.com/beds.json", "seeds.json"]
    );
    assert_eq!((&api.aid, &api.base_url), (&None, &None));
    assert_eq!(api.human_url.as_deref(), Some("https://h"));
    assert_eq!(index.select(&["Bed?".into()]).unwrap(), [api]);
}

#[test]
fn recognizes_types_of_openapi_documents() {
    for (kind, is) in [
        ("OpenAPI", true),
        ("openapi", true),
        ("Open API", true),
        ("x-openapi-spec", true),
        ("X-OpenAPI", true),
        ("Swagger", true),
        ("x-swagger", true),
        ("OpenAPISpecification", true),
        ("OpenAPI Source", false),
        ("OpenAPISource", false),
        ("OpenAIPluginManifest", false),
        ("AsyncAPI", false),
        ("APIReference", false),
        ("", false),
    ] {
        assert_eq!(is_openapi_type(kind), is, "{kind}");
    }
}

#[test]
fn keeps_what_is_valid_and_warns_of_the_rest() {
    let (index, diagnostics) = read(
        "
name: 1
apis:
- text
- aid: a
  properties:
  - {type: OpenAPI, url: [x]}
  - {type: OpenAPI, data: {openapi: 3.1.0}}
  - {type: OpenAPI}
  - {url: x}
  - {type: OpenAPI, url: ' a.yml '}
- {aid: a, properties: {type: OpenAPI}}
common: {type: Blog}
include: [{name: x}, b/apis.json]
",
    );
    let index = index.unwrap();
    assert_eq!(index.name.as_deref(), Some("1"));
    assert_eq!(index.apis[0].documents, ["a.yml"]);
    assert_eq!(index.apis[0].name, "a");
    assert_eq!(index.includes, ["b/apis.json"]);
    assert_eq!(index.select(&["a".into()]).unwrap().len(), 2);
    expect![[r#"
        warning[unexpected-value]: expected an API with `name` and `properties`, found text; it is ignored
          --> apis.yml#/apis/0
        warning[unexpected-value]: expected text, found a list; it is ignored
          --> apis.yml#/apis/1/properties/0/url
        warning[unexpected-value]: expected a property with `type` and `url`, found a map; it is ignored
          --> apis.yml#/apis/1/properties/0
        warning[inline-document]: an OpenAPI document within the index is not read; move it to a file of its own
          --> apis.yml#/apis/1/properties/1
        warning[unexpected-value]: expected a property with `type` and `url`, found a map; it is ignored
          --> apis.yml#/apis/1/properties/2
        warning[unexpected-value]: expected a property with `type` and `url`, found a map; it is ignored
          --> apis.yml#/apis/1/properties/3
        warning[unexpected-value]: expected a list, found a map; it is ignored
          --> apis.yml#/apis/2/properties
        warning[unexpected-value]: expected a list, found a map; it is ignored
          --> apis.yml#/common
        warning[unexpected-value]: expected an index with `name` and `url`, found a map; it is ignored
          --> apis.yml#/include/0
        warning[duplicate-api]: the API `a` has the identifier of the API at /apis/1; `a` selects both
          --> apis.yml#/apis/2"#]].assert_eq(&diagnostics);
}

#[test]
fn rejects_files_that_are_not_an_index() {
    check_error(
        "<!doctype html>\n<html lang=en>\n",
        expect![[r#"
        error[html]: this is HTML, not an index; use the URL of the raw file
          --> apis.yml"#]],
    );
    check_error(
        "- a\n",
        expect![[r#"
        error[not-an-index]: this is not an APIs.json index: it is not a map
          --> apis.yml#"#]],
    );
    check_error(
        "name: x\n",
        expect![[r#"
        error[not-an-index]: this is not an APIs.json index: it has no list `apis`
          --> apis.yml#"#]],
    );
    check_error(
        "openapi: 3.0.0\n",
        expect![[r#"
        error[not-an-index]: this is not an APIs.json index: it is an OpenAPI document
          --> apis.yml#"#]],
    );
    check_error(
        "{\"linkset\": []}",
        expect![[r#"
        error[not-an-index]: this is not an APIs.json index: it is an API catalog (RFC 9727)
          --> apis.yml#"#]],
    );
    check_error(
        "",
        expect![[r#"
        error[unreadable-file]: the file is empty
          --> apis.yml"#]],
    );
    check_error(
        "apis: [\n",
        expect![[r#"
        error[yaml-syntax]: invalid YAML: did not find expected node content
          --> apis.yml:2:1"#]],
    );
    check_error(
        "{\"apis\": [], \"apis\": []}",
        expect![[r#"
        error[yaml-syntax]: invalid YAML: duplicate entry with key "apis"
          --> apis.yml:1:1"#]],
    );
}

#[test]
fn recognizes_kinds_of_files() {
    for (text, expected) in [
        ("apis: []", Some(Kind::Index)),
        ("specificationVersion: '0.19'", Some(Kind::Index)),
        ("swagger: '2.0'\napis: []", Some(Kind::OpenApi)),
        ("{\"openapi\": \"3.1.0\"}", Some(Kind::OpenApi)),
        ("{\"linkset\": []}", Some(Kind::Catalog)),
        ("name: x", None),
        ("<html>", None),
    ] {
        let found = kind("x", text.as_bytes(), &mut Diagnostics::default());
        assert_eq!(found, expected, "{text}");
    }
}

#[track_caller]
fn check_error(text: &str, message: Expect) {
    let (index, diagnostics) = read(text);
    assert!(index.is_none(), "{text}");
    message.assert_eq(&diagnostics);
}

#[test]
fn selects_by_globs() {
    let index = index(
        "apis: [{aid: 'g:beds'}, {aid: 'g:seeds'}, {aid: 'g:tools'}, {name: 'Old [v1] {x}'}]",
    );
    let ids = |globs: &[&str]| {
        let globs: Vec<_> = globs.iter().map(|glob| (*glob).to_owned()).collect();
        match index.select(&globs) {
            Ok(apis) => apis
                .iter()
                .map(|api| api.id())
                .collect::<Vec<_>>()
                .join(" "),
            Err(error) => error.to_string(),
        }
    };
    assert_eq!(ids(&[]), "g:beds g:seeds g:tools Old [v1] {x}");
    assert_eq!(ids(&["g:tools", "*eds"]), "g:beds g:seeds g:tools");
    assert_eq!(ids(&["g:{beds,tools}"]), "g:beds g:tools");
    assert_eq!(ids(&["Old [v1] {x}"]), "Old [v1] {x}");
    expect!["no API matches `g:beeds*` (nearest: g:beds)"].assert_eq(&ids(&["g:*", "g:beeds*"]));
    expect![[r#"invalid glob `\u{1b}[2J`: unclosed character class; missing ']'"#]]
        .assert_eq(&ids(&["\u{1b}[2J"]));
    expect!["invalid glob `g:[a`: unclosed character class; missing ']'"]
        .assert_eq(&ids(&["g:[a"]));
    expect!["invalid glob `****************************************************************************************************`: it has more than 1000 bytes"].assert_eq(&ids(&[&"*".repeat(2000)]));
}

#[test]
fn reads_indexes_with_many_apis() {
    let mut text = String::from("apis:\n");
    for number in 0..20_000 {
        text.push_str(&format!(
            "- {{aid: 'g:{number}', properties: [{{type: OpenAPI, url: '{number}.yml'}}]}}\n"
        ));
    }
    let index = index(&text);
    assert_eq!(index.select(&["g:1999?".into()]).unwrap().len(), 10);
}
