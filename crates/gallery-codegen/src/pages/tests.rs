//! Tests of the messages about invalid extensions.

use crate::bindings::bindings;
use crate::settings::CodeSettings;
use gallery_spec::canonical::Canonical;
use openapi_text::Diagnostics;
use serde_json::{Value, json};

/// Returns the diagnostics for an operation with two integers and a string in its query.
fn diagnostics(extension: Value, response: Value) -> String {
    let integer = |name: &str| json!({"in": "query", "name": name, "schema": {"$ref": "#/components/schemas/Number"}});
    reported(json!({
        "operationId": "a", "x-gallery-pages": extension,
        "parameters": [integer("page"), integer("size"), {"in": "query", "name": "q", "schema": {"type": "string"}}],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": response}}}},
    }))
}

/// Returns the diagnostics for an operation.
fn reported(operation: Value) -> String {
    let method = match operation.get("requestBody") {
        Some(_) => "post",
        None => "get",
    };
    let document = json!({
        "openapi": "3.0.3", "info": {"title": "T", "version": "1"},
        "paths": {"/a": {method: operation}},
        "components": {"schemas": {"Number": {"type": "integer"}, "List": {"type": "array", "items": {"type": "string"}}}},
    });
    let canonical = Canonical::parse(&document.to_string()).unwrap();
    let bindings = bindings(&canonical);
    let mut diagnostics = Diagnostics::default();
    let lowered = crate::lower::lower(
        "openapi.json",
        &canonical,
        &bindings,
        &CodeSettings::default(),
        &mut diagnostics,
    );
    assert_eq!(lowered.is_some(), bindings.operations[0].pages.is_some());
    diagnostics
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn reports_invalid_extensions_with_their_location() {
    let list = || json!({"$ref": "#/components/schemas/List"});
    let with = |key: &str, value: Value| {
        let mut extension = json!({"page": "page", "per_page": "size", "first": 0, "default": 60});
        extension[key] = value;
        extension
    };
    assert_eq!(diagnostics(with("max", json!(200)), list()), "");
    expect_test::expect![[r#"
        error[pages]: the operation has no query parameter `pages`; it has ["page", "size", "q"]
          --> openapi.json#/paths/~1a/get/x-gallery-pages/page
        error[pages]: the query parameter `q` is not an integer
          --> openapi.json#/paths/~1a/get/x-gallery-pages/per_page
        error[pages]: `page` cannot be the size and the position of a page
          --> openapi.json#/paths/~1a/get/x-gallery-pages/per_page
        error[pages]: a page must have at least one item
          --> openapi.json#/paths/~1a/get/x-gallery-pages/max
        error[pages]: unknown field `maximum`, expected one of `page`, `first`, `offset`, `cursor`, `next`, `next_header`, `last`, `link`, `next_url`, `limit`, `per_page`, `default`, `max`, `items`, `more`, `total`
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: exactly one of `page`, `offset`, `cursor`, `link` and `next_url` is required
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: only pages with `cursor` can have this key
          --> openapi.json#/paths/~1a/get/x-gallery-pages/next
        error[pages]: the operation does not return an array with a schema
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: `per_page` is missing: the parameter for the number of items on a page
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: `first` is missing: the number of the first page
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: `default` is missing: the number of items on a page without the parameter
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: exactly one of `page`, `offset`, `cursor`, `link` and `next_url` is required
          --> openapi.json#/paths/~1a/get/x-gallery-pages"#]].assert_eq(
        &[
            diagnostics(with("page", json!("pages")), list()),
            diagnostics(with("per_page", json!("q")), list()),
            diagnostics(with("per_page", json!("page")), list()),
            diagnostics(with("max", json!(0)), list()),
            diagnostics(with("maximum", json!(0)), list()),
            diagnostics(with("offset", json!("size")), list()),
            diagnostics(with("next", json!("/next")), list()),
            diagnostics(with("max", json!(200)), json!({"type": "object"})),
            diagnostics(json!({"page": "page", "first": 0}), list()),
            diagnostics(
                json!({"page": "page", "per_page": "size", "default": 60}),
                list(),
            ),
            diagnostics(
                json!({"page": "page", "per_page": "size", "first": 0}),
                list(),
            ),
            diagnostics(json!({}), list()),
        ]
        .join("\n"),
    );
}

#[test]
fn reports_parts_that_the_response_does_not_have() {
    let list = json!({"$ref": "#/components/schemas/List"});
    let properties =
        json!({"list": list, "flag": {"type": "boolean"}, "text": {"type": "string"}, "any": {}});
    let page = json!({"allOf": [{"type": "object", "properties": properties}]});
    let of = |extension: Value| diagnostics(extension, page.clone());
    for valid in [
        json!({"cursor": "q", "next": "/text", "items": "/list", "more": "/flag"}),
        json!({"cursor": "size", "last": "", "items": "/list"}),
        json!({"cursor": "q", "next": "/any", "items": "/list"}),
        json!({"next_url": "/text", "items": "/list"}),
        json!({"link": "next", "items": "/list"}),
        json!({"offset": "page", "items": "/list"}),
    ] {
        assert_eq!(of(valid.clone()), "", "{valid}");
    }
    expect_test::expect![[r#"
        error[pages]: the operation does not return an array with a schema
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: `list` is not a JSON pointer, such as `/data`
          --> openapi.json#/paths/~1a/get/x-gallery-pages/items
        error[pages]: `/lists` does not exist: `lists` is not a property
          --> openapi.json#/paths/~1a/get/x-gallery-pages/items
        error[pages]: the part of the response is not an array with a schema
          --> openapi.json#/paths/~1a/get/x-gallery-pages/items
        error[pages]: `/text` is not a boolean
          --> openapi.json#/paths/~1a/get/x-gallery-pages/more
        error[pages]: `/flag` is not a number
          --> openapi.json#/paths/~1a/get/x-gallery-pages/total
        error[pages]: `/flag` is not a text
          --> openapi.json#/paths/~1a/get/x-gallery-pages/next_url
        error[pages]: `/flag` is not a text or a number
          --> openapi.json#/paths/~1a/get/x-gallery-pages/next
        error[pages]: `/id` does not exist: `id` is not a property
          --> openapi.json#/paths/~1a/get/x-gallery-pages/last
        error[pages]: `cursor` needs one of `next`, `next_header` and `last`: the place of the next cursor in a response
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: `cursor` needs one of `next`, `next_header` and `last`: the place of the next cursor in a response
          --> openapi.json#/paths/~1a/get/x-gallery-pages
        error[pages]: the operation has no query or header parameter `x`; it has ["page", "size", "q"]
          --> openapi.json#/paths/~1a/get/x-gallery-pages/cursor"#]].assert_eq(
        &[
            of(json!({"link": "next"})),
            of(json!({"link": "next", "items": "list"})),
            of(json!({"link": "next", "items": "/lists"})),
            of(json!({"link": "next", "items": "/text"})),
            of(json!({"link": "next", "items": "/list", "more": "/text"})),
            of(json!({"offset": "page", "items": "/list", "total": "/flag"})),
            of(json!({"next_url": "/flag", "items": "/list"})),
            of(json!({"cursor": "q", "next": "/flag", "items": "/list"})),
            of(json!({"cursor": "q", "last": "/id", "items": "/list"})),
            of(json!({"cursor": "q", "items": "/list"})),
            of(json!({"cursor": "q", "next": "/text", "next_header": "X", "items": "/list"})),
            of(json!({"cursor": "x", "next": "/text", "items": "/list"})),
        ]
        .join("\n"),
    );
}

#[test]
fn reports_invalid_parts_of_the_request_body() {
    let diagnostics = |extension: Value, body: Option<Value>| {
        let mut operation = json!({
            "operationId": "a", "x-gallery-pages": extension,
            "responses": {"200": {"description": "", "content": {"application/json": {
                "schema": {"type": "object", "properties": {
                    "next": {"type": "string"},
                    "items": {"type": "array", "items": {"type": "string"}},
                }},
            }}}},
        });
        if let Some(body) = body {
            operation["requestBody"] = json!({"content": {"application/json": {"schema": body}}});
        }
        reported(operation)
    };
    let cursor = |pointer: &str| json!({"cursor": pointer, "next": "/next", "items": "/items"});
    let body = || {
        Some(json!({"type": "object", "properties": {
            "start": {"type": "string"}, "list": {"type": "array", "items": {}},
        }}))
    };
    assert_eq!(diagnostics(cursor("/start"), body()), "");
    expect_test::expect![[r#"
        error[pages]: `/start` is a part of the body, but the operation has no JSON body
          --> openapi.json#/paths/~1a/get/x-gallery-pages/cursor
        error[pages]: `/begin` does not exist: `begin` is not a property
          --> openapi.json#/paths/~1a/post/x-gallery-pages/cursor
        error[pages]: `/list` is not a text or a number
          --> openapi.json#/paths/~1a/post/x-gallery-pages/cursor
        error[pages]: `/start` is not an integer
          --> openapi.json#/paths/~1a/post/x-gallery-pages/offset"#]]
    .assert_eq(
        &[
            diagnostics(cursor("/start"), None),
            diagnostics(cursor("/begin"), body()),
            diagnostics(cursor("/list"), body()),
            diagnostics(json!({"offset": "/start", "items": "/items"}), body()),
        ]
        .join("\n"),
    );
}
