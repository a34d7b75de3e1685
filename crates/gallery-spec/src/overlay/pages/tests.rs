//! Tests of proposals that are plain, and of documents that leave them open.

use super::*;

/// Returns the proposal for an operation with query parameters and a response.
fn proposed(parameters: &[(&str, Value)], response: &Value) -> Value {
    let parameters = parameters.iter();
    let parameters: Vec<Value> = parameters
        .map(|(name, schema)| json!({"in": "query", "name": name, "schema": schema}))
        .collect();
    let operation = json!({"parameters": parameters, "responses": {
        "200": {"content": {"application/json": {"schema": response}}},
        "404": {},
    }});
    let document = json!({"components": {"schemas": {
        "Pet": {"type": "object", "properties": {"id": {"type": "string"}}},
        "Pets": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
    }}});
    let finder = PageFinder::new(&document);
    finder.pages(&Value::Null, &operation).unwrap_or_default()
}

fn page(properties: Value) -> Value {
    let mut page = json!({"type": "object", "properties": properties});
    page["properties"]["pets"] = json!({"$ref": "#/components/schemas/Pets"});
    page
}

#[test]
fn proposes_parts_of_the_request_body() {
    let text = json!({"type": "string"});
    let content = |schema: Value| json!({"content": {"application/json": {"schema": schema}}});
    let request = json!({"type": "object", "properties": {
        "filter": {"type": "object", "properties": {"name": text}},
        "start_cursor": text,
    }});
    let response = page(json!({"next_cursor": text, "has_more": {"type": "boolean"}}));
    let operation = json!({
        "requestBody": content(request),
        "responses": {"200": content(response)},
    });
    let document = json!({"components": {"schemas": {
        "Pets": {"type": "array", "items": text},
    }}});
    let proposed = PageFinder::new(&document).pages(&Value::Null, &operation);
    let expected = json!({
        "cursor": "/start_cursor",
        "next": "/next_cursor",
        "items": "/pets",
        "more": "/has_more",
    });
    assert_eq!(proposed, Some(expected));
}

#[test]
fn proposes_what_is_plain() {
    let (text, integer) = (json!({"type": "string"}), json!({"type": "integer"}));
    let pets = json!({"$ref": "#/components/schemas/Pets"});
    let size = json!({"type": "integer", "default": 20, "maximum": 100});
    let first = json!({"type": "integer", "default": 1});
    assert_eq!(
        proposed(
            &[("page", first.clone()), ("per_page", size.clone())],
            &pets
        ),
        json!({"page": "page", "first": 1, "per_page": "per_page", "default": 20, "max": 100})
    );
    let counted = page(json!({"meta": {"type": "object", "properties": {"totalCount": integer}}}));
    assert_eq!(
        proposed(
            &[("offset", integer.clone()), ("limit", integer.clone())],
            &counted
        ),
        json!({"offset": "offset", "items": "/pets", "total": "/meta/totalCount"})
    );
    let cursors = page(json!({"next_page_token": text, "has_more": {"type": "boolean"}}));
    assert_eq!(
        proposed(&[("pageToken", text.clone())], &cursors),
        json!({"cursor": "pageToken", "next": "/next_page_token", "items": "/pets", "more": "/has_more"})
    );
    let flag = page(json!({"has_more": {"type": "boolean"}}));
    assert_eq!(
        proposed(
            &[("starting_after", text.clone()), ("limit", integer.clone())],
            &flag
        ),
        json!({"cursor": "starting_after", "last": "/id", "items": "/pets", "more": "/has_more"})
    );
    let links = page(json!({"links": {"type": "object", "properties": {"next": text}}}));
    assert_eq!(
        proposed(&[], &links),
        json!({"next_url": "/links/next", "items": "/pets"})
    );
}

#[test]
fn proposes_nothing_that_is_open() {
    let integer = json!({"type": "integer"});
    let pets = json!({"$ref": "#/components/schemas/Pets"});
    // The number of the first page is unknown, the size of a page, or the list.
    let numbered = [
        ("page", integer.clone()),
        ("size", json!({"type": "integer", "default": 9})),
    ];
    assert_eq!(proposed(&numbered, &pets), Value::Null);
    let first = json!({"type": "integer", "minimum": 1});
    assert_eq!(
        proposed(&[("page", first.clone()), ("size", integer.clone())], &pets),
        Value::Null
    );
    let two = page(json!({"others": pets}));
    assert_eq!(proposed(&[("offset", integer.clone())], &two), Value::Null);
    assert_eq!(
        proposed(&[("page", first), ("offset", integer)], &pets),
        Value::Null
    );
    assert_eq!(proposed(&[], &pets), Value::Null);
}
