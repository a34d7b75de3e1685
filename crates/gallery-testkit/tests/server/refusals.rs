//! Refusals, credentials, samples and limits of the mock server.

use std::time::{Duration, Instant};

use gallery_testkit::{MockServer, Reply, Samples};
use reqwest::Client;
use serde_json::{Value, json};

fn server() -> MockServer {
    let error = json!({"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/AppError"}}}});
    let user = json!({"200": {"description": "", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/User"}}}}, "404": error});
    let document = json!({
        "security": [{"token": []}, {"key": []}],
        "paths": {
            "/teams/{team_id}/users/{user_id}": {
                "parameters": [
                    {"in": "path", "name": "team_id", "required": true, "schema": {"type": "string"}},
                    {"in": "path", "name": "user_id", "required": true, "schema": {"type": "integer"}},
                    {"in": "query", "name": "all", "allowEmptyValue": true, "schema": {"type": "boolean"}}],
                "get": {"operationId": "get_user", "responses": user},
                "put": {"operationId": "put_user", "responses": user,
                    "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}}}
            },
            "/open": {"get": {"operationId": "open", "security": [], "responses": {"204": {"description": ""}}}}
        },
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}, "key": {"type": "apiKey", "in": "query", "name": "key"}},
            "schemas": {
                "AppError": {"type": "object", "required": ["id", "message"], "properties": {
                    "id": {"type": "string"}, "message": {"type": "string"}, "status_code": {"type": "integer"}}},
                "User": {"type": "object", "properties": {"id": {"type": "integer"}, "teamId": {"type": "string"},
                    "name": {"type": "string"}, "role": {"enum": ["member", "admin"]}}}
            }
        }
    });
    MockServer::start(&document.to_string()).unwrap()
}

async fn get(server: &MockServer, target: &str, token: Option<&str>) -> (u16, Value) {
    let call = Client::new().get(format!("{}{target}", server.base_url()));
    let call = token
        .into_iter()
        .fold(call, reqwest::RequestBuilder::bearer_auth);
    let response = call.send().await.unwrap();
    let status = response.status().as_u16();
    (status, response.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_refusal_has_the_documented_error_shape() {
    let server = server();
    let reason = "get_user: the path parameter `user_id` is \"x\", not an integer";
    assert_eq!(
        get(&server, "/teams/t/users/x", Some("t")).await,
        (
            400,
            json!({"id": "1", "message": reason, "status_code": 400})
        )
    );
    let (status, body) = get(&server, "/users", Some("t")).await;
    assert_eq!(
        (status, &body["message"]),
        (404, &json!("no operation matches GET /users"))
    );
}

#[tokio::test]
async fn secured_operations_need_credentials() {
    let server = server();
    let reason = "get_user: the credential is missing; the operation requires the header `Authorization: Bearer …`, \
                  or the query parameter `key`";
    let (status, body) = get(&server, "/teams/t/users/1", None).await;
    assert_eq!((status, &body["message"]), (401, &json!(reason)));
    assert_eq!(get(&server, "/teams/t/users/1", Some("x")).await.0, 200);
    assert_eq!(get(&server, "/teams/t/users/1?key=k", None).await.0, 200);
    assert_eq!(get(&server, "/teams/t/users/1?key=", None).await.0, 401);
    assert_eq!(get(&server, "/open", None).await.0, 204);
    server.allow_missing_credentials();
    assert_eq!(get(&server, "/teams/t/users/1", None).await.0, 200);
    assert!(server.requests().last().unwrap().violations.is_empty());
}

#[tokio::test]
async fn samples_are_plausible_and_repeat_the_request() {
    let server = server();
    let (_, user) = get(&server, "/teams/red/users/7", Some("t")).await;
    assert_eq!(
        user,
        json!({"id": 7, "teamId": "red", "name": "name", "role": "member"})
    );
    let url = format!("{}/teams/red/users/7", server.base_url());
    let body = json!({"name": "Ann", "role": "owner"});
    let call = Client::new().put(url).bearer_auth("t").json(&body);
    let user: Value = call.send().await.unwrap().json().await.unwrap();
    assert_eq!(
        (&user["name"], &user["role"]),
        (&json!("Ann"), &json!("member"))
    );
    server.use_samples(Samples::Edge);
    let (_, user) = get(&server, "/teams/red/users/7", Some("t")).await;
    assert_eq!(
        (&user["id"], &user["name"]),
        (
            &json!(9_007_199_254_740_993_i64),
            &json!("text ü \u{1F600}")
        )
    );
}

#[tokio::test]
async fn a_parameter_may_be_empty_if_the_document_allows_it() {
    let server = server();
    for (target, status) in [
        ("?all=", 200),
        ("?all", 200),
        ("?all=true", 200),
        ("?all=x", 400),
        ("?all=&all=", 400),
    ] {
        let target = format!("/teams/t/users/1{target}");
        assert_eq!(get(&server, &target, Some("t")).await.0, status, "{target}");
    }
}

#[tokio::test]
async fn refuses_a_body_above_the_limit() {
    let server = server();
    server.limit_bodies(1 << 20);
    let put = |size: usize| {
        let call = Client::new().put(format!("{}/teams/t/users/1", server.base_url()));
        let body = format!("{{\"a\": \"{}\"}}", "x".repeat(size));
        let call = call
            .bearer_auth("t")
            .header("content-type", "application/json");
        call.body(body).send()
    };
    assert_eq!(put(1000).await.unwrap().status(), 200);
    let response = put(8 << 20).await.unwrap();
    assert_eq!(response.status(), 413);
    let body: Value = response.json().await.unwrap();
    assert_eq!(body["message"], "the body is larger than 1048576 bytes");
    let requests = server.requests();
    assert!(requests[1].body.is_empty());
    assert_eq!(
        requests[1].violations[0].reason,
        "is larger than 1048576 bytes"
    );
}

#[tokio::test]
async fn a_reply_can_be_delayed_and_made_of_any_type() {
    let server = server();
    server.respond("open", |_| {
        Reply::json(200, vec![Some("a"), None]).delayed(Duration::from_millis(50))
    });
    let start = Instant::now();
    assert_eq!(get(&server, "/open", None).await, (200, json!(["a", null])));
    assert!(start.elapsed() >= Duration::from_millis(50));
}
