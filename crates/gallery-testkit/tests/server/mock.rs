//! Expected calls and reported mismatches.

use std::sync::Arc;

use expect_test::{Expect, expect};
use gallery_testkit::mock::{ExpectedCall, Mock, NoBody, Sequence};
use gallery_testkit::{Document, Reply};
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

const DOCUMENT: &str = r#"{
  "servers": [{"url": "https://host/v1"}],
  "paths": {
    "/books/{id}": {
      "parameters": [{"in": "path", "name": "id", "required": true, "schema": {"type": "string"}}],
      "get": {"operationId": "get_book", "responses": {"200": {"description": ""}, "404": {"description": ""}}, "parameters": [
        {"in": "query", "name": "lang", "schema": {"type": "string"}},
        {"in": "query", "name": "tags", "explode": false, "schema": {"type": "array", "items": {"type": "string"}}},
        {"in": "header", "name": "X-Depth", "schema": {"type": "integer"}}]},
      "put": {"operationId": "put_book", "responses": {"204": {"description": ""}}, "requestBody": {"required": true, "content": {
        "application/json": {"schema": {"type": "object"}}, "text/plain": {}}}}
    }
  }
}"#;

fn get(api: &Mock) -> ExpectedCall<'_, Value, Value, NoBody> {
    api.expect("get_book")
}

fn put(api: &Mock) -> ExpectedCall<'_, Value, Value, Value> {
    api.expect("put_book")
}

async fn ask(api: &Mock, target: &str) -> StatusCode {
    reqwest::get(format!("{}{target}", api.server().base_url()))
        .await
        .unwrap()
        .status()
}

async fn store(api: &Mock, body: &Value) -> StatusCode {
    Client::new()
        .put(format!("{}/books/7", api.server().base_url()))
        .json(body)
        .send()
        .await
        .unwrap()
        .status()
}

fn check(api: Mock, message: Expect) {
    message.assert_eq(&api.verify().map_or_else(
        |mismatch| mismatch.to_string(),
        |()| "as expected".to_owned(),
    ));
}

#[tokio::test]
async fn responds_to_expected_calls_in_order() {
    let api = Mock::start(DOCUMENT).unwrap();
    let _ = get(&api)
        .path("id", "a/b")
        .query("lang", "de")
        .query("tags", ["x", "y,z"])
        .header("X-Depth", 3)
        .success(200, &json!(1));
    get(&api)
        .path("id", "8")
        .query("lang", None::<&str>)
        .error(404, &json!({}))
        .reply(Reply::new(503))
        .documented(200);
    get(&api).path("id", "9").at_least(2);
    put(&api).body(&json!({"b": 1, "a": [true]}));
    let first = format!(
        "{}/books/a%2Fb?tags=x,y%2Cz&lang=de",
        api.server().base_url()
    );
    let response = Client::new()
        .get(first)
        .header("x-depth", "3")
        .send()
        .await
        .unwrap();
    assert_eq!(response.json::<Value>().await.unwrap(), 1);
    for status in [404, 503, 200] {
        assert_eq!(ask(&api, "/books/8").await, status);
    }
    for _ in 0..3 {
        assert_eq!(ask(&api, "/books/9?lang=x").await, 200);
    }
    assert_eq!(store(&api, &json!({"a": [true], "b": 1})).await, 204);
    check(api, expect!["as expected"]);
}

#[tokio::test]
async fn mocks_that_share_a_document_share_nothing_else() {
    let document = Arc::new(Document::parse(DOCUMENT).unwrap());
    let [first, second] = [(); 2].map(|()| Mock::of(Arc::clone(&document)).unwrap());
    let _ = get(&first).path("id", "1");
    let _ = get(&second).path("id", "2");
    let answers = tokio::join!(
        ask(&first, "/books/1"),
        ask(&second, "/books/2"),
        ask(&second, "/books/1")
    );
    let statuses = [answers.0, answers.1, answers.2].map(|status| status.as_u16());
    assert_eq!(statuses, [200, 200, 400]);
    assert_eq!(first.server().requests().len(), 1);
    assert_eq!(second.server().requests().len(), 2);
    first.verify().unwrap();
    second.verify().unwrap_err();
}

#[tokio::test]
async fn reports_a_diff() {
    let api = Mock::start(DOCUMENT).unwrap();
    get(&api)
        .path("id", "7")
        .query("lang", "de")
        .query("tags", ["a", "b"])
        .header("X-Depth", 3);
    put(&api)
        .path("id", "7")
        .body(&json!({"title": "T", "tags": ["a", "b"], "pages": 3}));
    assert_eq!(ask(&api, "/books/7?tags=a%2Cb").await, 400);
    assert_eq!(
        store(&api, &json!({"title": "U", "tags": ["a"], "pages": 3})).await,
        400
    );
    check(
        api,
        expect![[r#"
            the calls differ from the expected ones

            a call was expected once, but was not received:
                get_book: GET /books/{id}
                path id: 7
                query lang: de
                query tags: ["a","b"]
                header X-Depth: 3

            a call was expected once, but was not received:
                put_book: PUT /books/{id}
                path id: 7
                body {
                  "pages": 3,
                  "tags": [
                    "a",
                    "b"
                  ],
                  "title": "T"
                }

            GET /v1/books/7?tags=a%2Cb was not expected; closest expectation (- expected, + received):
                get_book: GET /books/{id}
                path id: 7
              - query lang: de
              - query tags: ["a","b"]
              - header X-Depth: 3
              + query lang: absent
              + query tags: a,b
              + header X-Depth: absent

            PUT /v1/books/7 was not expected; closest expectation (- expected, + received):
                put_book: PUT /books/{id}
                path id: 7
                body {
                  "pages": 3,
                  "tags": [
              -     "a",
              -     "b"
              +     "a"
                  ],
              -   "title": "T"
              +   "title": "U"
                }
        "#]],
    );
}

#[tokio::test]
async fn reports_unexpected_surplus_and_invalid_calls() {
    let api = Mock::start(DOCUMENT).unwrap();
    get(&api).times(1);
    assert_eq!(ask(&api, "/books/7").await, 200);
    assert_eq!(ask(&api, "/books/7").await, 400);
    assert_eq!(store(&api, &json!({})).await, 400);
    assert_eq!(ask(&api, "/books/7?x=1").await, 400);
    assert_eq!(ask(&api, "/book").await, 404);
    check(
        api,
        expect![[r#"
            the calls differ from the expected ones

            a call was expected once, but was received 2 times:
                get_book: GET /books/{id}

            PUT /v1/books/7 is an unexpected call of put_book; expected: get_book

            GET /v1/books/7?x=1 violates the document:
              get_book: the query parameter `x` is not declared; the operation declares: lang, tags

            GET /v1/book violates the document:
              no operation matches
        "#]],
    );
}

#[tokio::test]
async fn reports_invalid_expectations() {
    let api = Mock::start(DOCUMENT).unwrap();
    get(&api)
        .query("lnag", "de")
        .success(404, &json!(1))
        .success(201, &json!(1))
        .body_at("title", 1)
        .documented(500);
    let _: ExpectedCall<'_, (), (), ()> = api.expect("got_book");
    check(
        api,
        expect![[r#"
            the calls differ from the expected ones

            the expectation for get_book is invalid: the operation has no query parameter `lnag`; it has: lang, tags; 404 is not the status of a success; `get_book` has no response with status 201; it has: 200, 404; the JSON pointer `title` must be empty or start with `/`; `get_book` has no response with status 500; it has: 200, 404

            the expectation for got_book is invalid: the document has no operation `got_book`; it has: get_book, put_book
        "#]],
    );
}

#[tokio::test]
async fn compares_other_bodies_as_bytes() {
    let api = Mock::start(DOCUMENT).unwrap();
    put(&api).body_bytes("two\nlines");
    let url = format!("{}/books/7", api.server().base_url());
    let send = |body: &'static str| {
        Client::new()
            .put(&url)
            .header("content-type", "text/plain")
            .body(body)
            .send()
    };
    assert_eq!(send("two\nwords").await.unwrap().status(), 400);
    assert_eq!(send("two\nlines").await.unwrap().status(), 204);
    let message = api.verify().unwrap_err().to_string();
    assert!(
        message.contains("    body two\n  - lines\n  + words\n"),
        "{message}"
    );
}

#[test]
#[should_panic(expected = "a call was expected once, but was not received:\n    get_book")]
fn verifies_when_dropped() {
    let api = Mock::start(DOCUMENT).unwrap();
    get(&api);
}

#[tokio::test]
async fn expects_credentials_and_any_header() {
    let api = Mock::start(DOCUMENT).unwrap();
    get(&api)
        .header("Authorization", "Bearer one")
        .header("x-trace", None::<&str>)
        .credential("one")
        .times(1);
    get(&api).credential("me:secret").times(1);
    let url = format!("{}/books/7", api.server().base_url());
    let send = |call: reqwest::RequestBuilder| async { call.send().await.unwrap().status() };
    assert_eq!(send(Client::new().get(&url).bearer_auth("one")).await, 200);
    let basic = Client::new().get(&url).basic_auth("me", Some("secret"));
    assert_eq!(send(basic).await, 200);
    assert_eq!(send(Client::new().get(&url).bearer_auth("two")).await, 400);
    let message = api.verify().unwrap_err().to_string();
    assert!(
        message.contains("  - credential: me:secret\n  + credential: two"),
        "{message}"
    );
}

#[tokio::test]
async fn matches_with_functions_and_pointers() {
    let api = Mock::start(DOCUMENT).unwrap();
    put(&api)
        .body_at("/pages", 3)
        .body_at("/absent", None::<i32>)
        .body_matching("/title", "a title in uppercase", |title| {
            title.as_str().unwrap().chars().all(char::is_uppercase)
        })
        .matching("a path that ends with 7", |request| {
            request.path.ends_with('7')
        })
        .reply_with(|request| Reply::json(200, request.json().unwrap()));
    assert_eq!(store(&api, &json!({"pages": 3.0, "title": "T"})).await, 200);
    assert_eq!(store(&api, &json!({"pages": 4, "title": "t"})).await, 400);
    assert_eq!(store(&api, &json!({"pages": 3, "title": 5})).await, 400);
    let message = api.verify().unwrap_err().to_string();
    for line in [
        "  - body at /title: a title in uppercase\n",
        "  + body at /title: \"t\"\n",
        "  + body at /pages: 4\n",
        "  + body at /title: 5; the condition panicked: called `Option::unwrap()` on a `None` value\n",
    ] {
        assert!(message.contains(line), "{line}{message}");
    }
}

#[tokio::test]
async fn expects_an_order_across_operations() {
    let api = Mock::start(DOCUMENT).unwrap();
    let order = Sequence::new();
    put(&api).in_sequence(&order);
    get(&api).at_least(1).in_sequence(&order);
    assert_eq!(ask(&api, "/books/7").await, 400);
    assert_eq!(store(&api, &json!({})).await, 204);
    assert_eq!(ask(&api, "/books/7").await, 200);
    assert_eq!(ask(&api, "/books/7").await, 200);
    check(
        api,
        expect![[r#"
            the calls differ from the expected ones

            GET /v1/books/7 is out of order: put_book was expected before
        "#]],
    );
}

#[tokio::test]
async fn a_lenient_server_reports_no_violations() {
    let api = Mock::start(DOCUMENT).unwrap();
    api.server().be_lenient();
    get(&api);
    assert_eq!(ask(&api, "/books/7?x=1").await, 200);
    api.verify().unwrap();
}

#[test]
fn prints_the_mismatch_of_a_test_that_panics() {
    let run = std::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--ignored",
            "--exact",
            "mock::panics_before_the_mock_is_verified",
            "--nocapture",
        ])
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&run.stderr).into_owned();
    let mismatch = "the calls differ from the expected ones\n\na call was expected once, but was not received:\n    get_book";
    assert!(
        !run.status.success() && printed.contains(mismatch),
        "{printed}"
    );
}

#[test]
#[ignore = "run by `prints_the_mismatch_of_a_test_that_panics`"]
fn panics_before_the_mock_is_verified() {
    let api = Mock::start(DOCUMENT).unwrap();
    get(&api);
    assert!(api.server().requests().len() > 1, "the first panic");
}
