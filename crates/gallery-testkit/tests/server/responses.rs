//! The mock server as used in the test of a client.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use gallery_runtime::{Call, ClientBuilder, Operation, Transport, Untyped};
use gallery_testkit::{Document, MockServer, Reply, ServerSentEvent, TokenEndpoint};
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

#[test]
fn responds_only_when_it_is_configured() {
    let mut early = None;
    let document = Document::parse(DOCUMENT).unwrap();
    let server = MockServer::configured(document, 0, |server| {
        let url = server.base_url();
        let (_, address) = url.split_once("//").unwrap();
        let (address, _) = address.split_once('/').unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let request = "GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        stream.write_all(request.as_bytes()).unwrap();
        early = Some(stream);
        server.respond_always(Reply::new(204));
    });
    let _server = server.unwrap();
    let mut response = String::new();
    early.unwrap().read_to_string(&mut response).unwrap();
    assert!(response.starts_with("HTTP/1.1 204 "), "{response}");
}

#[tokio::test]
async fn sends_names_ids_and_the_time_to_reconnect() {
    let document = json!({"paths": {"/chat": {"get": {"operationId": "chat", "responses": {
        "200": {"description": "", "content": {"text/event-stream": {"schema": {}}}}
    }}}}});
    let server = MockServer::start(&document.to_string()).unwrap();
    let transport: Transport = ClientBuilder::new(&server.base_url(), &[]).build().unwrap();
    static CHAT: Operation = Operation::new("chat", "GET", "/chat").events("text/event-stream");
    let soon = Duration::from_millis(10);
    let event = |data: &str| ServerSentEvent::new(json!({"text": data}));
    let first = [
        event("a").id("x-1").name("said").retry(soon),
        event("b").without_id(),
    ];
    let second = [event("c")];
    server.respond_in_turn("chat", [Reply::events(first), Reply::events(second)]);
    let call = Call::new(&transport, &CHAT);
    let events = call.events::<Value, Untyped>().await.unwrap();
    let mut events = events.into_inner().reconnect(1);
    let mut next = async || {
        let event = events.next().await.unwrap().unwrap();
        (event.data["text"].clone(), event.name, event.id)
    };
    let own = |text: &str| Some(text.to_owned());
    assert_eq!(next().await, (json!("a"), own("said"), own("x-1")));
    // The ID of an earlier event, and no name.
    assert_eq!(next().await, (json!("b"), None, own("x-1")));
    let started = Instant::now();
    assert_eq!(next().await, (json!("c"), None, own("1")));
    // Without `retry`, the client waits for a second.
    assert!(started.elapsed() < Duration::from_millis(900));
    let requests = server.requests();
    let last_ids = requests
        .iter()
        .map(|request| request.header("last-event-id"));
    assert_eq!(last_ids.collect::<Vec<_>>(), [None, Some("x-1")]);

    let invalid = Reply::events([ServerSentEvent::new("a").id("1\n2")]);
    assert_eq!(invalid.status(), 500);
}

/// An API with a bearer token.
const SECURED: &str = r##"{
  "openapi": "3.0.3",
  "info": {"title": "T", "version": "1"},
  "security": [{"token": []}],
  "paths": {"/books": {"get": {"operationId": "list_books", "responses": {
    "200": {"description": ""},
    "default": {"description": "", "content": {"application/json": {"schema": {
      "type": "object", "properties": {"message": {"type": "string"}}
    }}}}
  }}}},
  "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}}
}"##;

/// Posts a form to a token endpoint.
async fn token(tokens: &TokenEndpoint, form: &str) -> (u16, Value) {
    let request = reqwest::Client::new()
        .post(tokens.url())
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form.to_owned());
    let response = request.send().await.unwrap();
    (response.status().as_u16(), response.json().await.unwrap())
}

async fn status_with(server: &MockServer, token: &Value) -> reqwest::Response {
    reqwest::Client::new()
        .get(format!("{}/books", server.base_url()))
        .bearer_auth(token.as_str().unwrap())
        .send()
        .await
        .unwrap()
}

#[tokio::test]
async fn accepts_only_valid_tokens_of_its_token_endpoint() {
    let server = MockServer::start(SECURED).unwrap();
    assert_eq!(status_with(&server, &json!("any")).await.status(), 200);
    let tokens = server.issue_tokens();
    let refused = status_with(&server, &json!("any")).await;
    assert_eq!(refused.status(), 401);
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert_eq!(challenge, "Bearer error=\"invalid_token\"");

    let (status, first) = token(&tokens, "grant_type=client_credentials").await;
    assert_eq!(status, 200);
    assert_eq!(first["expires_in"], 3600);
    assert_eq!(first.get("refresh_token"), None);
    let access = &first["access_token"];
    assert_eq!(status_with(&server, access).await.status(), 200);
    tokens.revoke();
    assert_eq!(status_with(&server, access).await.status(), 401);

    tokens.expire_after(Duration::ZERO);
    let (_, expired) = token(&tokens, "grant_type=client_credentials").await;
    let refused = status_with(&server, &expired["access_token"]).await;
    let body: Value = refused.json().await.unwrap();
    assert_eq!(body, json!({"message": "the access token has expired"}));
    assert_eq!((tokens.issued(), tokens.requests().len()), (2, 2));
    // A mock does not report a refused token as an unexpected call.
    assert!(
        server
            .requests()
            .iter()
            .all(|own| own.violations.is_empty())
    );
}

#[tokio::test]
async fn refresh_tokens_can_be_used_once() {
    let server = MockServer::start(SECURED).unwrap();
    let tokens = server.issue_tokens();
    let (_, first) = token(&tokens, "grant_type=authorization_code&code=c").await;
    let refresh = first["refresh_token"].as_str().unwrap();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    let (status, second) = token(&tokens, &form).await;
    assert_eq!(status, 200);
    assert_ne!(second["refresh_token"], first["refresh_token"]);
    let (status, error) = token(&tokens, &form).await;
    assert_eq!((status, &error["error"]), (400, &json!("invalid_grant")));
    tokens.revoke_refresh_tokens();
    let refresh = second["refresh_token"].as_str().unwrap();
    let form = format!("grant_type=refresh_token&refresh_token={refresh}");
    assert_eq!(token(&tokens, &form).await.0, 400);

    let (status, error) = token(&tokens, "grant_type=magic").await;
    let expected = json!("unsupported_grant_type");
    assert_eq!((status, &error["error"]), (400, &expected));
    let (status, error) = token(&tokens, "code=c").await;
    assert_eq!((status, &error["error"]), (400, &json!("invalid_request")));
    tokens.reply_once(Reply::json(503, json!({"error": "busy"})));
    let (status, _) = token(&tokens, "grant_type=password").await;
    assert_eq!(status, 503);
    assert_eq!(token(&tokens, "grant_type=password").await.0, 200);
}

#[tokio::test]
async fn other_credentials_than_tokens_are_accepted_beside_a_token_endpoint() {
    let document = SECURED
        .replace(r#"[{"token": []}]"#, r#"[{"token": []}, {"basic": []}]"#)
        .replace(
            r#""securitySchemes": {"#,
            r#""securitySchemes": {"basic": {"type": "http", "scheme": "basic"}, "#,
        );
    let server = MockServer::start(&document).unwrap();
    server.issue_tokens();
    let request = reqwest::Client::new().get(format!("{}/books", server.base_url()));
    let response = request.basic_auth("user", Some("password")).send().await;
    assert_eq!(response.unwrap().status(), 200);
    assert_eq!(status_with(&server, &json!("any")).await.status(), 401);
}

#[tokio::test]
async fn limits_the_rate_of_requests() {
    let server = MockServer::start(SECURED).unwrap();
    server.limit_rate(2, Duration::from_millis(300));
    let send = async || status_with(&server, &json!("any")).await;
    let header = |response: &reqwest::Response, name: &str| {
        let value = response.headers().get(name);
        value.map(|value| value.to_str().unwrap().to_owned())
    };
    let mut seen = Vec::new();
    for _ in 0..3 {
        let response = send().await;
        let remaining = header(&response, "ratelimit-remaining").unwrap();
        assert_eq!(header(&response, "ratelimit-limit").unwrap(), "2");
        assert_eq!(header(&response, "ratelimit-reset").unwrap(), "1");
        let retry_after = header(&response, "retry-after");
        seen.push((response.status().as_u16(), remaining, retry_after));
    }
    let expected = |status, remaining: &str, retry_after: Option<&str>| {
        (status, remaining.to_owned(), retry_after.map(str::to_owned))
    };
    let all = [
        expected(200, "1", None),
        expected(200, "0", None),
        expected(429, "0", Some("1")),
    ];
    assert_eq!(seen, all);
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert_eq!(send().await.status(), 200);
}
