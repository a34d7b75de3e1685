//! Violations that the mock server reports, and documented responses.

use expect_test::{Expect, expect};
use gallery_testkit::{MockServer, Reply};
use reqwest::{Client, Method};
use serde_json::{Value, json};

fn document() -> Value {
    let parameter = |location: &str, name: &str, schema: Value| json!({"in": location, "name": name, "required": location == "path", "schema": schema});
    let styled = |name: &str, style: &str, explode: bool, schema: Value| json!({"in": "query", "name": name, "style": style, "explode": explode, "schema": schema});
    let pathed = |name: &str, style: &str, explode: bool, schema: Value| json!({"in": "path", "name": name, "required": true, "style": style, "explode": explode, "schema": schema});
    let numbers = || json!({"type": "array", "items": {"type": "integer"}});
    let point = || json!({"type": "object", "properties": {"x": {"type": "integer"}, "y": {"type": "integer"}}, "additionalProperties": false});
    let done = || json!({"204": {"description": "done"}});
    json!({
        "servers": [{"url": "https://host/v1"}],
        "paths": {
            "/books/{id}": {
                "parameters": [parameter("path", "id", json!({"type": "integer", "format": "int32"}))],
                "get": {"operationId": "get_book", "responses": {
                    "200": {"description": "", "headers": {"X-Rest": {"schema": {"type": "integer"}}, "X-Note": {"schema": {"type": "string", "maxLength": 3, "example": "hm"}}},
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}},
                    "4XX": {"description": "", "content": {"text/plain": {"schema": {"type": "string"}}}},
                    "default": {"description": "", "content": {"application/json": {"schema": {"type": "string", "pattern": "^impossible$"}}}}}},
                "put": {"operationId": "put_book", "responses": done(), "requestBody": {"required": true, "content": {
                    "application/json": {"schema": {"$ref": "#/components/schemas/Book"}}, "text/*": {}}}},
                "patch": {"operationId": "patch_book", "responses": done(), "requestBody": {"content": {
                    "application/merge-patch+json": {"schema": {"$ref": "#/components/schemas/Book"}}}}}
            },
            "/find": {"get": {"operationId": "find", "responses": done(), "parameters": [
                parameter("query", "kind", json!({"enum": ["a", "b"]})),
                parameter("query", "size", json!({"type": "number", "maximum": 10})),
                parameter("query", "open", json!({"type": "boolean"})),
                parameter("query", "either", json!({"oneOf": [{"type": "integer"}, {"type": "boolean"}]})),
                styled("many", "form", true, numbers()),
                styled("comma", "form", false, numbers()),
                styled("pipes", "pipeDelimited", false, numbers()),
                styled("deep", "deepObject", true, point()),
                styled("flat", "form", false, point()),
                styled("spread", "form", true, point()),
                json!({"in": "query", "name": "json", "content": {"application/json": {"schema": point()}}}),
                parameter("header", "X-Depth", json!({"type": "integer"})),
                parameter("cookie", "session", json!({"type": "string", "minLength": 2}))]}},
            "/deep": {"get": {"operationId": "deep", "responses": done(), "parameters": [
                styled("in", "deepObject", true, json!({"type": "object", "properties": {
                    "at": point(), "list": numbers(), "points": {"type": "array", "items": point()}}})),
                styled("either", "deepObject", true, json!({"anyOf": [point(), {"type": "integer"}]}))]}},
            "/at{a}/{b}/{c}/{d}": {"get": {"operationId": "at", "responses": done(), "parameters": [
                pathed("a", "label", true, numbers()), pathed("b", "matrix", true, numbers()),
                pathed("c", "simple", false, point()), pathed("d", "matrix", false, json!({"type": "integer"}))]}},
            "/named/{name}/keys": {"get": {"operationId": "named", "responses": done(), "parameters": [
                json!({"in": "path", "name": "name", "required": true, "schema": {"type": "string", "maxLength": 9}, "x-gallery-allow-slashes": true}),
                json!({"in": "query", "name": "F.N", "schema": numbers(), "x-gallery-numbered-keys": "F.{n}"})]}},
            "/named/{kind}/{id}/keys": {"get": {"operationId": "named_of_kind", "responses": done(), "parameters": [
                parameter("path", "kind", json!({"enum": ["x"]})), parameter("path", "id", json!({"type": "string"}))]}},
            "/keyed": {"get": {"operationId": "keyed", "responses": done(), "security": [{"key": []}]}},
            "/form": {"post": {"operationId": "form", "responses": done(), "requestBody": {"required": true, "content": {
                "application/x-www-form-urlencoded": {"schema": {"$ref": "#/components/schemas/Form"}},
                "multipart/form-data": {"schema": {"$ref": "#/components/schemas/Form"}}}}}}
        },
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "query", "name": "key"}},
            "schemas": {
                "Book": {"type": "object", "required": ["title"], "properties": {
                    "title": {"type": "string", "minLength": 1}, "id": {"type": "integer", "readOnly": true},
                    "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2}, "secret": {"type": "string", "writeOnly": true}}},
                "Form": {"type": "object", "required": ["name"], "additionalProperties": false, "properties": {
                    "name": {"type": "string"}, "sizes": {"type": "array", "items": {"type": "integer"}}}}
            }
        }
    })
}

fn server() -> MockServer {
    MockServer::start(&document().to_string()).unwrap()
}

/// Sends requests, each `METHOD /target [header: value]… [body]`, and compares the responses.
async fn check(requests: &[&str], expected: Expect) {
    let server = server();
    let mut responses = String::new();
    for request in requests {
        let mut lines = request.split('\n');
        let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
        let mut call = Client::new().request(
            method.parse::<Method>().unwrap(),
            format!("{}{target}", server.base_url()),
        );
        for line in lines {
            call = match line
                .split_once(": ")
                .filter(|(name, _)| !name.contains(['{', '"', '=']) && !name.starts_with("--"))
            {
                Some((name, value)) => call.header(name, value),
                None => call.body(line.replace("\\r\\n", "\r\n")),
            };
        }
        let response = call.send().await.unwrap();
        let status = response.status().as_u16();
        let text = response.text().await.unwrap();
        let body = serde_json::from_str::<Value>(&text).unwrap_or_default();
        let error = match (status, body["error"].as_str()) {
            (200..300, _) => "",
            (_, Some(error)) => error,
            // The documented error of `get_book` is plain text.
            (_, None) => &text,
        };
        responses.push_str(&format!("{status} {error}\n").replace(" \n", "\n"));
    }
    expected.assert_eq(&responses);
}

#[tokio::test]
async fn checks_methods_and_paths() {
    check(
        &[
            "GET /books/7",
            "GET /books/x",
            "GET /books/3000000000",
            "POST /books/7",
            "GET /books",
            "GET /books/7/",
        ],
        expect![[r#"
            200
            400 get_book: the path parameter `id` is "x", not an integer
            400 get_book: the path parameter `id` is 3000000000, outside the range of `int32`
            405 /v1/books/7 allows GET, PATCH, PUT, not POST
            404 no operation matches GET /v1/books
            404 no operation matches GET /v1/books/7/
        "#]],
    )
    .await;
}

#[tokio::test]
async fn checks_nested_values_of_deep_objects() {
    check(
        &[
            "GET /deep?in[at][x]=1&in[list][1]=2&in[list][0]=3&in[points][0][x]=4",
            "GET /deep?in[at][x]=a",
            "GET /deep?in[list][0]=1&in[list][2]=2",
            "GET /deep?in[at][x]=1&in[at][x]=2",
            "GET /deep?in[points][0][x]=1&in[points][1][x]=b",
            "GET /deep?either=7",
            "GET /deep?either[x]=7",
            "GET /deep?either=x",
            "GET /deep?in=1",
        ],
        expect![[r#"
            204
            400 deep: the query parameter `in` at `/at/x` is "a", not an integer
            400 deep: the query parameter `in` at `/list` is {"0":1,"2":2}, not an array
            400 deep: the query parameter `in` has a key several times
            400 deep: the query parameter `in` at `/points/1/x` is "b", not an integer
            204
            204
            400 deep: the query parameter `either` matches none of the 2 alternatives of `anyOf`; closest: it is "x", not an object
            400 deep: the query parameter `in` is not declared; the operation declares: in, either
        "#]],
    )
    .await;
}

#[tokio::test]
async fn checks_query_values() {
    check(
        &[
            "GET /find?kind=a&size=1.5&open=true&either=false",
            "GET /find?kind=c&size=11&open=yes&either=x",
            "GET /find?size=1&size=2",
            "GET /find?Kind=a&kind=b&kindd=a&kindd=b",
            "GET /books/1?x",
            "GET /keyed?key=secret",
        ],
        expect![[r#"
            204
            400 find: the query parameter `kind` is "c", not one of "a", "b"; the query parameter `size` is 11, but must be at most 10; the query parameter `open` is "yes", not a boolean; the query parameter `either` matches none of the 2 alternatives of `oneOf`; closest: it is "x", not an integer
            400 find: the query parameter `size` occurs 2 times
            400 find: the query parameter `Kind` is not declared; the operation declares: kind, size, open, either, many, comma, pipes, deep, flat, spread, json; the query parameter `kindd` is not declared; the operation declares: kind, size, open, either, many, comma, pipes, deep, flat, spread, json
            400 get_book: the query parameter `x` is not declared; the operation declares none
            204
        "#]],
    )
    .await;
}

#[tokio::test]
async fn checks_styles() {
    check(
        &[
            "GET /find?many=1&many=2&comma=1,2&pipes=1%7C2",
            "GET /find?many=1,2&comma=1%2C2&pipes=1,2",
            "GET /find?deep[x]=1&deep[y]=2&flat=x,1,y,2&x=5&json=%7B%22x%22:1%7D",
            "GET /find?deep[z]=1&flat=x&x=a&json=%7B",
            "GET /at.1.2/;b=3;b=4/x,1,y,2/;d=7",
            "GET /at1.2/;b=3;c=4/x,one/;d=x",
        ],
        expect![[r#"
            204
            400 find: the query parameter `many` at `/0` is "1,2", not an integer; the query parameter `comma` at `/0` is "1,2", not an integer; the query parameter `pipes` at `/0` is "1,2", not an integer
            204
            400 find: the query parameter `deep` at `/z` is not a property of the schema; properties: x, y; the query parameter `flat` is `x`, which is not an object; the query parameter `spread` at `/x` is "a", not an integer; the query parameter `json` is `{`, which is not JSON: EOF while parsing an object at line 1 column 1
            204
            400 at: the path parameter `a` is `1.2`, which does not have the style `label`; the path parameter `b` is `;b=3;c=4`, which does not have the style `matrix`; the path parameter `c` at `/x` is "one", not an integer; the path parameter `d` is "x", not an integer
        "#]],
    )
    .await;
}

#[tokio::test]
async fn checks_headers_and_cookies() {
    check(
        &["GET /find\nX-Depth: 3\nX-Other: 1\nCookie: a=b; session=xyz", "GET /find\nX-Depth: deep\nCookie: session=x"],
        expect![[r#"
            204
            400 find: the header parameter `X-Depth` is "deep", not an integer; the cookie parameter `session` is "x", shorter than 2 characters
        "#]],
    )
    .await;
}

#[tokio::test]
async fn checks_bodies() {
    let json = |method: &str, body: &str| {
        format!("{method} /books/1\ncontent-type: application/json\n{body}")
    };
    let put = |body: &str| json("PUT", body);
    check(
        &[
            &put(r#"{"title": "T", "tags": ["a", "b"]}"#),
            &put(r#"{"id": 1, "tags": [1]}"#),
            &put("{\"title"),
            "PUT /books/1",
            "PUT /books/1\n{\"title\": 1}",
            "PUT /books/1\ncontent-type: text/plain\nanything",
            "PUT /books/1\ncontent-type: image/png\nanything",
            "PATCH /books/1",
            &json("PATCH", "{}"),
            "PATCH /books/1\ncontent-type: application/merge-patch+json; charset=utf-8\n{\"title\": \"\"}",
            &json("GET", "{}"),
        ],
        expect![[r#"
            204
            400 put_book: the body lacks the required property `title`; the body at `/id` is read-only and must not be sent; the body at `/tags` has 1 items, fewer than 2; the body at `/tags/0` is 1, not a string
            400 put_book: the body is not JSON: EOF while parsing a string at line 1 column 7
            400 put_book: the body is required but missing
            400 put_book: the body has no content type; allowed: application/json, text/*
            204
            400 put_book: the body has the content type `image/png`; allowed: application/json, text/*
            204
            400 patch_book: the body has the content type `application/json`; allowed: application/merge-patch+json
            400 patch_book: the body at `/title` is "", shorter than 1 characters
            400 get_book: the body is not allowed: the operation has no request body
        "#]],
    )
    .await;
}

#[tokio::test]
async fn checks_forms() {
    let form =
        |body: &str| format!("POST /form\ncontent-type: application/x-www-form-urlencoded\n{body}");
    let multipart = |name: &str, value: &str| {
        format!(
            "POST /form\ncontent-type: multipart/form-data; boundary=B\n--B\\r\\nContent-Disposition: form-data; name=\"name\"\\r\\n\\r\\nx\\r\\n\
             --B\\r\\nContent-Disposition: form-data; name=\"{name}\"\\r\\n\\r\\n{value}\\r\\n--B--\\r\\n"
        )
    };
    check(
        &[
            &form("name=1&sizes=1&sizes=2"),
            &form("sizes=x&other=1"),
            &multipart("sizes", "5"),
            &multipart("sizes", "five"),
            "POST /form\ncontent-type: multipart/form-data; boundary=B\nno=parts",
        ],
        expect![[r#"
            204
            400 form: the body lacks the required property `name`; the body at `/other` is not a property of the schema; properties: name, sizes; the body at `/sizes/0` is "x", not an integer
            204
            400 form: the body at `/sizes/0` is "five", not an integer
            400 form: the body is not valid `multipart/form-data`: the body does not start with its boundary
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_lenient_server_responds_and_records_violations() {
    let server = server();
    server.be_lenient();
    let response = reqwest::get(format!("{}/books/x?y=1", server.base_url()))
        .await
        .unwrap();
    assert_eq!(response.status(), 200);
    let [request] = server.requests().try_into().unwrap();
    assert_eq!(request.operation.as_deref(), Some("get_book"));
    let locations: Vec<(&str, &str)> = request
        .violations
        .iter()
        .map(|violation| (violation.location, violation.name.as_str()))
        .collect();
    assert_eq!(locations, [("path", "id"), ("query", "y")]);
}

#[tokio::test]
async fn returns_documented_responses() {
    let server = server();
    let url = format!("{}/books/1", server.base_url());
    let response = reqwest::get(&url).await.unwrap();
    let header = |name: &str| {
        response
            .headers()
            .get(name)
            .map(|value| value.to_str().unwrap().to_owned())
    };
    assert_eq!(
        (header("x-rest").as_deref(), header("x-note").as_deref()),
        (Some("1"), Some("hm"))
    );
    let book: Value = response.json().await.unwrap();
    assert_eq!(book["tags"].as_array().unwrap().len(), 2);
    assert!(
        book["id"].is_i64() && book.get("secret").is_none(),
        "{book}"
    );

    server.respond_documented("get_book", 418).unwrap();
    let response = reqwest::get(&url).await.unwrap();
    assert_eq!(
        (
            response.status().as_u16(),
            response.headers()["content-type"].to_str().unwrap()
        ),
        (418, "text/plain")
    );
    assert!(!response.text().await.unwrap().is_empty());

    let refused = |operation: &str, status: u16| {
        server
            .respond_documented(operation, status)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused("get_books", 200),
        "the document has no operation `get_books`; it has: at, deep, find, form, get_book, keyed, named, named_of_kind, patch_book, put_book"
    );
    assert_eq!(
        refused("find", 200),
        "`find` has no response with status 200; it has: 204"
    );
    assert_eq!(
        refused("get_book", 500),
        "`get_book`: no valid sample for status 500: the body is \"text\", which does not match the pattern \
         `^impossible$`; add an `example` to the document"
    );
}

#[tokio::test]
async fn samples_are_within_the_limits_of_their_schemas() {
    let schemas = json!([
        {"type": "string", "minLength": 40}, {"type": "string", "maxLength": 3}, {"type": "string", "format": "uuid"},
        {"type": "string", "pattern": "^[a-z0-9]{26}$"}, {"type": "string", "pattern": "^\\d+$", "example": "123"},
        {"type": "integer", "minimum": 5, "maximum": 9, "multipleOf": 4}, {"type": "integer", "maximum": -3},
        {"type": "integer", "minimum": 3, "exclusiveMinimum": true, "maximum": 4}, {"type": "number", "minimum": 0.1, "maximum": 0.2},
        {"type": "array", "items": {"enum": ["x"]}, "minItems": 3}, {"type": "array", "items": {"type": "string"}, "maxItems": 0},
        {"allOf": [{"properties": {"a": {"type": "integer", "maximum": 5}}, "required": ["a"]}, {"maxProperties": 1}]}
    ]);
    for schema in schemas.as_array().unwrap() {
        let responses = json!({"200": {"description": "", "content": {"application/json": {"schema": schema}}}});
        let document =
            json!({"paths": {"/a": {"get": {"operationId": "a", "responses": responses}}}});
        // An invalid sample is an error.
        assert!(
            MockServer::start(&document.to_string())
                .unwrap()
                .documented("a", 200)
                .is_ok(),
            "{schema}"
        );
    }
}

#[test]
fn names_a_port_that_is_in_use() {
    let server = server();
    let port: u16 = server
        .base_url()
        .trim_end_matches("/v1")
        .rsplit(':')
        .next()
        .unwrap()
        .parse()
        .unwrap();
    let error = MockServer::start_on(&document().to_string(), port)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with(&format!("cannot listen on 127.0.0.1:{port}: ")),
        "{error}"
    );
    server.respond_always(Reply::new(204));
}

#[test]
fn curl_commands_have_the_required_arguments() {
    let server = server();
    let curl = |operation: &str| {
        server
            .curl(operation)
            .map(|command| command.replace(&server.base_url(), "URL"))
    };
    assert_eq!(curl("get_book").as_deref(), Some("'URL/books/1001'"));
    let put = "-X PUT 'URL/books/1001' -H 'content-type: application/json' -d '{";
    assert!(
        curl("put_book").unwrap().starts_with(put),
        "{:?}",
        curl("put_book")
    );
    assert_eq!(
        curl("patch_book").as_deref(),
        Some("-X PATCH 'URL/books/1001'")
    );
    assert_eq!(curl("find").as_deref(), Some("'URL/find'"));
    // Styles and forms need more than plain values.
    assert_eq!((curl("at"), curl("form"), curl("none")), (None, None, None));
}

#[tokio::test]
async fn reads_slashes_and_numbered_keys() {
    check(
        &[
            "GET /named/a/keys",
            "GET /named/a/b/c/keys?F.2=5&F.1=4",
            "GET /named/a/b/c/d/e/f/keys",
            "GET /named/a//c/keys",
            // Variables within a segment are more specific.
            "GET /named/x/y/keys",
            "GET /named/y/y/keys",
            "GET /named/a/keys?F.1=x",
            "GET /named/a/keys?F.1=1&F.3=3",
            "GET /named/a/keys?F.0=1&F.01=1&F.N=1&F=1",
        ],
        expect![[r#"
            204
            204
            400 named: the path parameter `name` is "a/b/c/d/e/f", longer than 9 characters
            404 no operation matches GET /v1/named/a//c/keys
            204
            400 named_of_kind: the path parameter `kind` is "y", not one of "x"
            400 named: the query parameter `F.N` at `/0` is "x", not an integer
            400 named: the query parameter `F.N` has the numbers 1, 3; they must be consecutive from 1
            400 named: the query parameter `F.N` has the numbers 0; they must be consecutive from 1; the query parameter `F.01` is not declared; the operation declares: F.N; the query parameter `F.N` is not declared; the operation declares: F.N; the query parameter `F` is not declared; the operation declares: F.N
        "#]],
    )
    .await;
}
