//! Recording of a real server, and replay without it.

use gallery_testkit::{MockServer, RecordedRequest, Recording, Reply};
use serde_json::{Value, json};

const DOCUMENT: &str = r##"{
  "openapi": "3.0.3",
  "info": {"title": "T", "version": "1"},
  "servers": [{"url": "https://host/v1/"}],
  "security": [{"token": []}, {"key": []}],
  "paths": {
    "/books": {
      "get": {
        "operationId": "list_books",
        "parameters": [{"in": "query", "name": "page", "schema": {"type": "integer"}}],
        "responses": {"200": {"description": ""}}
      },
      "post": {
        "operationId": "add_book",
        "requestBody": {"content": {"application/json": {"schema": {}}}},
        "responses": {"200": {"description": ""}}
      }
    }
  },
  "components": {"securitySchemes": {
    "token": {"type": "http", "scheme": "bearer"},
    "key": {"type": "apiKey", "in": "query", "name": "k"}
  }}
}"##;

const TOKEN: &str = "very-secret-token";
const KEY: &str = "very-secret-key";
const SESSION: &str = "very-secret-session";
const URL_TOKEN: &str = "very-secret-url-token";

/// A server that returns its token, the number of the request, and a link to itself.
fn real() -> MockServer {
    let server = MockServer::start(DOCUMENT).unwrap();
    server.be_lenient();
    let root = server.base_url();
    let count = std::sync::atomic::AtomicUsize::new(0);
    server.respond_by_default(move |request: &RecordedRequest| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let body = json!({
            "number": number, "seen": request.header("authorization"), "query": request.query,
            "access_token": SESSION, "next": format!("{root}/books?page=2"),
        });
        let link = format!("<{root}/books?page=2>; rel=\"next\"");
        Reply::json(200, body)
            .with_header("link", &link)
            .with_header("set-cookie", &format!("session={SESSION}"))
    });
    server
}

async fn send(server: &MockServer, method: &str, target: &str, body: &str) -> (u16, Value, String) {
    let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
    let request = reqwest::Client::new()
        .request(method, format!("{}{target}", server.base_url()))
        .bearer_auth(TOKEN)
        .header("content-type", "application/json")
        .body(body.to_owned());
    let response = request.send().await.unwrap();
    let link = response.headers().get("link").cloned();
    let link = link.map_or(String::new(), |link| link.to_str().unwrap().to_owned());
    let status = response.status().as_u16();
    (status, response.json().await.unwrap(), link)
}

#[tokio::test]
async fn replays_what_it_recorded_without_secrets() {
    let real = real();
    let proxy = MockServer::start(DOCUMENT).unwrap();
    let recorder = proxy.record(&real.base_url()).unwrap();
    let target = format!("/books?page=1&k={KEY}&access_token={URL_TOKEN}");
    let login = json!({"user": "u", "password": "very-secret-password"}).to_string();
    let first = send(&proxy, "GET", &target, "").await;
    let second = send(&proxy, "GET", &target, "").await;
    let added = send(&proxy, "POST", "/books", &login).await;
    // The client sees the response of the server, with links to the proxy.
    assert_eq!(first.1["access_token"], SESSION);
    assert_eq!(first.1["seen"], format!("Bearer {TOKEN}"));
    assert_eq!(
        first.1["next"],
        format!("{}/books?page=2", proxy.base_url())
    );
    assert!(first.2.starts_with(&format!("<{}/", proxy.base_url())));
    assert_eq!(
        (&second.1["number"], &added.1["number"]),
        (&json!(1), &json!(2))
    );
    assert_eq!(
        real.requests()[0].header("authorization"),
        Some("Bearer very-secret-token")
    );
    assert_eq!(proxy.requests()[0].operation.as_deref(), Some("list_books"));

    let text = serde_json::to_string_pretty(&recorder.recording()).unwrap();
    let secrets = [TOKEN, KEY, SESSION, URL_TOKEN, "very-secret-password"];
    for secret in secrets.into_iter().chain(["127.0.0.1"]) {
        assert!(!text.contains(secret), "{secret} is in {text}");
    }
    drop((real, proxy));

    let recording: Recording = serde_json::from_str(&text).unwrap();
    assert_eq!(recording.len(), 3);
    let replay = MockServer::start(DOCUMENT).unwrap();
    replay.replay(&recording);
    // Other secrets do not matter.
    let target = "/books?page=1&k=other&access_token=another";
    let numbers = [0, 1, 1].map(Value::from);
    for number in numbers {
        let (status, body, link) = send(&replay, "GET", target, "").await;
        assert_eq!((status, &body["number"]), (200, &number));
        assert_eq!(body["next"], format!("{}/books?page=2", replay.base_url()));
        assert!(link.starts_with(&format!("<{}/", replay.base_url())));
    }
    let login = json!({"user": "u", "password": "other"}).to_string();
    assert_eq!(send(&replay, "POST", "/books", &login).await.0, 200);
    let (status, error, _) = send(&replay, "GET", "/books?page=7", "").await;
    let expected = json!({"error": "GET /books was not recorded with these arguments"});
    assert_eq!((status, error), (400, expected));
}

#[tokio::test]
async fn reports_a_server_that_cannot_be_reached() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = port.local_addr().unwrap();
    drop(port);
    let proxy = MockServer::start(DOCUMENT).unwrap();
    let recorder = proxy
        .record(&format!("http://user:secret@{address}"))
        .unwrap();
    let (status, error, _) = send(&proxy, "GET", "/books", "").await;
    assert_eq!(status, 502);
    let text = error.to_string();
    assert!(text.contains("the recorded server failed"), "{text}");
    assert!(!text.contains("secret"), "{text}");
    assert!(recorder.recording().is_empty());
    let error = proxy.record("no url").unwrap_err().to_string();
    assert!(error.starts_with("the base URL of the server to record is invalid: "));
}

#[tokio::test]
async fn limits_the_size_of_responses() {
    let real = real();
    real.respond_by_default(|_| Reply::json(200, "x".repeat(100)));
    let server = MockServer::start(DOCUMENT).unwrap();
    let recorder = server.record(&real.base_url()).unwrap();
    server.limit_bodies(102);
    assert_eq!(send(&server, "GET", "/books", "").await.0, 200);
    server.limit_bodies(101);
    let (status, body, _) = send(&server, "GET", "/books", "").await;
    assert_eq!(status, 502);
    let expected = "the recorded server failed: the response has more than 101 bytes; \
                    `MockServer::limit_bodies` sets the limit";
    assert_eq!(body, json!({"error": expected}));
    assert_eq!(recorder.recording().len(), 1);
}
