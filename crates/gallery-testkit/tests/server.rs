//! The mock server as used in the test of a client.

#![expect(clippy::unwrap_used, reason = "a test")]

use gallery_runtime::{Call, ClientBuilder, Operation, Transport, Untyped};
use gallery_testkit::{MockServer, Reply};
use serde_json::{Value, json};

const DOCUMENT: &str = r##"{
  "openapi": "3.0.3",
  "info": {"title": "T", "version": "1"},
  "servers": [{"url": "https://host/v1/"}],
  "paths": {
    "/books/{id}": {
      "get": {
        "operationId": "get_book",
        "parameters": [
          {"in": "path", "name": "id", "required": true, "schema": {"type": "string"}},
          {"in": "query", "name": "lang", "required": true, "schema": {"type": "string"}}
        ],
        "responses": {"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Book"}}}}}
      }
    },
    "/books/new": {
      "post": {
        "operationId": "add_book",
        "requestBody": {"required": true, "content": {"application/json": {"schema": {}}}},
        "responses": {"201": {"description": ""}}
      }
    }
  },
  "components": {"schemas": {"Book": {"type": "object", "properties": {"title": {"type": "string"}, "pages": {"type": "integer"}}}}}
}"##;

async fn get(server: &MockServer, path: &str) -> (u16, Value) {
    let response = reqwest::get(format!("{}{path}", server.base_url()))
        .await
        .unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

#[tokio::test]
async fn responds_with_a_sample_of_the_schema() {
    let server = MockServer::start(DOCUMENT).unwrap();
    assert!(server.base_url().ends_with("/v1"));
    let (status, book) = get(&server, "/books/1?lang=de").await;
    assert_eq!(status, 200);
    assert!(
        book["title"].is_string() && book["pages"].is_i64(),
        "{book}"
    );
}

#[tokio::test]
async fn rejects_requests_that_violate_the_document() {
    let server = MockServer::start(DOCUMENT).unwrap();
    assert_eq!(
        get(&server, "/book").await,
        (404, json!({"error": "no operation matches GET /v1/book"}))
    );
    let missing = json!({"error": "get_book: the query parameter `lang` is required but missing"});
    assert_eq!(get(&server, "/books/1").await, (400, missing));
    let url = format!("{}/books/new", server.base_url());
    let response = reqwest::Client::new().post(&url).send().await.unwrap();
    assert_eq!(response.status(), 400);
    let response = reqwest::Client::new()
        .post(&url)
        .json(&json!(null))
        .send()
        .await
        .unwrap();
    assert_eq!(
        (response.status().as_u16(), response.content_length()),
        (201, Some(0))
    );
}

#[tokio::test]
async fn responds_with_a_function_and_records_requests() {
    let server = MockServer::start(DOCUMENT).unwrap();
    server.respond("get_book", |request| {
        match request.query_value("lang").as_deref() {
            Some("de") => Reply::json(200, json!({"title": "Buch"})),
            _ => Reply::new(503)
                .with_header("retry-after", "1")
                .with_body("\"later\""),
        }
    });
    assert_eq!(
        get(&server, "/books/a%2Fb?lang=de").await,
        (200, json!({"title": "Buch"}))
    );
    assert_eq!(
        get(&server, "/books/1?lang=en").await,
        (503, json!("later"))
    );
    let requests = server.requests();
    assert_eq!(requests[0].path, "/v1/books/a%2Fb");
    assert_eq!(requests[0].segments("/v1").unwrap(), ["books", "a/b"]);
    assert_eq!(
        requests[1].query_pairs(),
        [("lang".to_owned(), "en".to_owned())]
    );
    server.forget_requests();
    assert!(server.requests().is_empty());
}

#[test]
fn stops_when_dropped() {
    let server = MockServer::start(DOCUMENT).unwrap();
    let address = server
        .base_url()
        .trim_start_matches("http://")
        .trim_end_matches("/v1")
        .to_owned();
    assert!(std::net::TcpStream::connect(&address).is_ok());
    drop(server);
    assert!(std::net::TcpStream::connect(&address).is_err());
}

#[test]
fn rejects_an_invalid_document_with_its_location() {
    let refused = |text: &str| MockServer::start(text).unwrap_err().to_string();
    assert!(refused("{").starts_with("the document is not JSON"));
    let nameless = r#"{"paths": {"/a": {"get": {"responses": {}}}}}"#;
    assert_eq!(
        refused(nameless),
        "#/paths/~1a/get: the operation has no `operationId`"
    );
}

#[tokio::test]
async fn responds_with_events_that_a_client_reads() {
    let sequences = [
        ("text/event-stream", "chat"),
        ("application/x-ndjson", "log"),
        ("application/json-seq", "sequence"),
    ];
    let schema =
        json!({"type": "object", "required": ["a"], "properties": {"a": {"type": "string"}}});
    let mut paths = json!({
        "/texts": {"get": {"operationId": "texts", "responses": {"200": {"description": "", "content": {"text/event-stream": {}}}}}},
    });
    for (media_type, id) in sequences {
        let content = json!({"application/json": {"schema": {"type": "array", "items": schema}}, media_type: {"schema": schema}});
        paths[format!("/{id}")] = json!({"get": {"operationId": id, "responses": {"200": {"description": "", "content": content}}}});
    }
    let document =
        json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths});
    let server = MockServer::start(&document.to_string()).unwrap();
    let transport: Transport = ClientBuilder::new(&server.base_url(), &[]).build().unwrap();
    static CHAT: Operation = Operation::new("chat", "GET", "/chat").events("text/event-stream");
    static LOG: Operation = Operation::new("log", "GET", "/log").events("application/x-ndjson");
    static SEQUENCE: Operation =
        Operation::new("sequence", "GET", "/sequence").events("application/json-seq");
    static TEXTS: Operation =
        Operation::new("texts", "GET", "/texts").text_events("text/event-stream");
    let call = |operation| Call::new(&transport, operation);
    for operation in [&CHAT, &LOG, &SEQUENCE] {
        let mut events = call(operation).events::<Value, Untyped>().await.unwrap();
        for _ in 0..2 {
            let event = events.next().await.unwrap().unwrap();
            assert!(event.data["a"].is_string(), "{event:?}");
        }
        assert!(events.next().await.is_none());
    }
    let mut texts = call(&TEXTS).events::<String, Untyped>().await.unwrap();
    let event = texts.next().await.unwrap().unwrap();
    assert_eq!(
        (event.data.as_str(), event.id.as_deref()),
        ("event", Some("1"))
    );
    // Without `Accept`, JSON comes first.
    let (status, json) = get(&server, "/chat").await;
    assert!(status == 200 && json.is_array(), "{status} {json}");

    server.respond("chat", |_| {
        Reply::events([json!({"a": 1}), json!({"a": 2})])
    });
    let mut events = call(&CHAT).events::<Value, Untyped>().await.unwrap();
    assert_eq!(events.next().await.unwrap().unwrap().data, json!({"a": 1}));
    assert_eq!(
        events.next().await.unwrap().unwrap().id.as_deref(),
        Some("2")
    );
}
