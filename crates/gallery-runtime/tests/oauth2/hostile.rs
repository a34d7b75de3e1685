//! Tests of token endpoints that are broken or hostile, and of invalid settings.

use std::time::Duration;

use gallery_runtime::oauth2::{OAuthClient, OAuthError};
use gallery_runtime::reqwest;
use gallery_runtime::{Error, ErrorKind};
use serde_json::{Value, json};

use crate::common::{
    advance, all_forms, issued, issued_with, json, oauth, provider, token, token_server,
};
use crate::support::{Reply, Server, client, get};

type MakeReply = Box<dyn Fn() -> Reply + Send + Sync>;

/// Returns the error of a token request, and its message without the endpoint.
async fn failure(reply: impl Fn() -> Reply + Send + Sync + 'static) -> (OAuthError, String) {
    let server = Server::always(reply);
    let error = token(&provider(&server)).await.unwrap_err();
    let text = error.to_string();
    let endpoint = format!("{}/token: ", server.root);
    let message = text.strip_prefix(&endpoint).unwrap().to_owned();
    assert!(!all_forms(&error).contains("s3cret"), "{error:?}");
    (error, message)
}

#[tokio::test]
async fn limits_the_size_of_responses() {
    let large = || {
        let head = "HTTP/1.1 200 OK\r\ncontent-length: 1048577\r\n\r\n";
        Reply::stalled(head)
    };
    let cases: [fn() -> Reply; 3] = [Reply::endless, large, || {
        Reply::raw(format!("HTTP/1.1 400 .\r\n\r\n{}", "x".repeat(1_048_577)))
    }];
    for reply in cases {
        let (error, message) = failure(reply).await;
        assert!(matches!(error, OAuthError::BodyTooLarge { .. }));
        assert_eq!(
            message,
            "the response body is larger than 1048576 bytes; check the URL"
        );
    }
    let server = Server::always(|| {
        let padding = "x".repeat(1_000_000);
        issued_with("token-1", json!({ "padding": padding }))
    });
    token(&provider(&server)).await.unwrap();
}

#[tokio::test]
async fn limits_the_time_of_requests() {
    for head in ["", "HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"] {
        let server = Server::always(move || Reply::stalled(head));
        let builder = oauth(&server).timeout(Duration::from_millis(100));
        let provider = builder.build().unwrap().client_credentials();
        let error = token(&provider).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "{}/token: request timed out after 100ms; set a longer timeout with \
                 `OAuthClientBuilder::timeout` if the server is slow",
                server.root
            )
        );
    }
}

#[tokio::test]
async fn does_not_follow_redirects() {
    let other = token_server();
    for status in [301, 302, 303, 307, 308] {
        let target = format!("{}/s3cret", other.root);
        let (error, message) = failure(move || Reply::redirect(status, &target)).await;
        assert!(matches!(error, OAuthError::Redirect { .. }));
        assert!(
            message.starts_with("the server returned a redirect (30"),
            "{message}"
        );
    }
    assert_eq!(other.connections(), 0);

    // An HTTP client with other rules follows redirects. Its result is not used.
    let target = other.root.clone();
    let server = Server::always(move || Reply::redirect(307, &target));
    let builder = oauth(&server).http_client(reqwest::Client::new());
    let error = token(&builder.build().unwrap().client_credentials()).await;
    assert!(matches!(error, Err(OAuthError::Redirect { .. })));
}

#[tokio::test]
async fn reports_errors_of_the_server() {
    let error = |status: u16, body: Value| move || json(status, &body);
    let cases: [(MakeReply, &str); 9] = [
        (
            Box::new(error(401, json!({"error": "invalid_client"}))),
            "the server returned 401 Unauthorized: invalid_client; check the client ID, the client \
             secret and `ClientAuthentication`",
        ),
        (
            Box::new(error(
                400,
                json!({"error": "invalid_grant", "error_description": "revoked\nyesterday"}),
            )),
            "the server returned 400 Bad Request: invalid_grant: revoked\\nyesterday; the code or \
             refresh token is invalid, expired or revoked: start the authorization again",
        ),
        (
            Box::new(error(200, json!({"error": "invalid_scope"}))),
            "the server returned 200 OK: invalid_scope; check the scopes",
        ),
        (
            Box::new(error(
                400,
                json!({"error": "other", "error_description": 7}),
            )),
            "the server returned 400 Bad Request: other",
        ),
        (
            // The secret as it is sent, in a form, and plain.
            Box::new(error(
                400,
                json!({
                    "error": "bad s3cret-client",
                    "error_description": "Basic bXktY2xpZW50OnMzY3JldC1jbGllbnQ="
                }),
            )),
            "the server returned 400 Bad Request: bad …: Basic …",
        ),
        (
            Box::new(error(500, json!({"message": "no s3cret-client database"}))),
            "the server returned 500 Internal Server Error: no … database; try again later",
        ),
        (
            Box::new(|| Reply::new(502, &[], "<html>s3cret</html>")),
            "the server returned 502 Bad Gateway; try again later",
        ),
        (
            Box::new(error(404, json!({"error": {"message": "no route"}}))),
            "the server returned 404 Not Found: no route; check the URL",
        ),
        (
            Box::new(|| Reply::new(403, &[], "")),
            "the server returned 403 Forbidden; check the URL",
        ),
    ];
    for (reply, expected) in cases {
        let (_, message) = failure(reply).await;
        assert_eq!(message, expected);
    }
    let long = "ü".repeat(10_000);
    let body = json!({"error": "e", "error_description": long});
    let (error, message) = failure(move || json(400, &body)).await;
    assert_eq!(error.error_code(), Some("e"));
    assert!(message.chars().count() < 400);
}

#[tokio::test]
async fn rejects_invalid_token_responses() {
    let not_json =
        |content_type: &str| format!("the body is not a JSON object (200 OK, {content_type})");
    let html = || Reply::new(200, &[("content-type", "text/html")], "<p>s3cret");
    let in_json = |body: Value| -> MakeReply { Box::new(move || json(200, &body)) };
    let token_of_type = |token_type: Value| {
        in_json(json!({"access_token": "s3cret-token", "token_type": token_type}))
    };
    let access_token =
        |token: &str| in_json(json!({"access_token": token, "token_type": "bearer"}));
    let line_break = "invalid access token: the value has a character that is not allowed in a \
                      header";
    let mac = "the token type is `mac`, and only `Bearer` is supported";
    let cases: [(MakeReply, String); 15] = [
        (Box::new(html), not_json("text/html")),
        (
            Box::new(|| Reply::new(200, &[], "")),
            not_json("no content type"),
        ),
        (in_json(json!(["s3cret"])), not_json("application/json")),
        (in_json(json!("s3cret")), not_json("application/json")),
        (
            in_json(json!({"id_token": "s3cret"})),
            "`access_token` is missing".into(),
        ),
        (
            in_json(json!({"access_token": null})),
            "`access_token` is missing".into(),
        ),
        (
            in_json(json!({"access_token": ["s3cret"]})),
            "`access_token` is not a string".into(),
        ),
        (
            access_token(""),
            "invalid access token: the value is empty".into(),
        ),
        (access_token("s3cret\r\nX-Evil: 1"), line_break.into()),
        (token_of_type("mac".into()), mac.into()),
        (token_of_type("MAC".into()), mac.into()),
        (
            token_of_type("s3cret-token".into()),
            "the token type is `…`, and only `Bearer` is supported".into(),
        ),
        (
            token_of_type(7.into()),
            "`token_type` is not a string".into(),
        ),
        (
            in_json(json!({"access_token": "s3cret", "expires_in": "s3cret"})),
            "`expires_in` is not a number".into(),
        ),
        (
            in_json(json!({"access_token": "s3cret", "refresh_token": {"a": "s3cret"}})),
            "`refresh_token` is not a string".into(),
        ),
    ];
    for (reply, reason) in cases {
        let (error, message) = failure(reply).await;
        assert!(
            matches!(error, OAuthError::InvalidResponse { .. }),
            "{error}"
        );
        assert_eq!(
            message,
            format!("invalid response: {reason}; check that this is the URL of the endpoint")
        );
    }
}

#[tokio::test]
async fn accepts_unusual_token_responses() {
    let bodies = [
        json!({"access_token": "token", "token_type": "BEARER", "expires_in": -1}),
        json!({"access_token": "token", "token_type": "bearer", "expires_in": u64::MAX}),
        json!({"access_token": "token", "token_type": "bearer", "expires_in": 1e300}),
        json!({"access_token": "token", "expires_in": 0, "refresh_token": null}),
        json!({"access_token": "token", "error": "", "scope": 7}),
    ];
    for body in bodies {
        let text = body.to_string();
        let server =
            Server::always(move || Reply::new(201, &[("content-type", "text/plain")], &text));
        let provider = provider(&server);
        for _ in 0..2 {
            assert_eq!(token(&provider).await.unwrap(), "token", "{body}");
            advance(Duration::from_secs(3600 * 24 * 365)).await;
        }
        assert_eq!(server.requests().len(), 1, "{body}");
    }
}

#[tokio::test]
async fn reports_connection_failures() {
    let (error, message) = failure(|| Reply::raw("")).await;
    assert!(matches!(error, OAuthError::Connection { .. }));
    assert_eq!(message, "the connection failed");
    let (_, message) = failure(|| Reply::raw("HTTP/1.1 200 .\r\ncontent-length: 9\r\n\r\n{")).await;
    assert_eq!(message, "the connection failed");

    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/token?key=s3cret", free.local_addr().unwrap());
    drop(free);
    let oauth = OAuthClient::builder(&url, "id").build().unwrap();
    let error = token(&oauth.client_credentials()).await.unwrap_err();
    let endpoint = url.strip_suffix("?key=s3cret").unwrap();
    assert_eq!(error.to_string(), format!("{endpoint}: could not connect"));
    assert!(std::error::Error::source(&error).is_some());
    assert!(!all_forms(&error).contains("s3cret"));
}

#[tokio::test]
async fn calls_fail_with_the_error_of_the_provider() {
    let tokens = Server::always(|| json(401, &json!({"error": "invalid_client"})));
    let api = Server::always(|| Reply::new(200, &[], ""));
    let client = client(&api.root, |builder| {
        builder.token_provider(provider(&tokens))
    });
    let error = get(&client, "1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    let Error::Credential(failed) = &error else {
        panic!("{error}");
    };
    let cause: &OAuthError = failed.cause().downcast_ref().unwrap();
    assert_eq!(cause.error_code(), Some("invalid_client"));
    assert_eq!(api.connections(), 0);
}

#[test]
fn rejects_insecure_and_invalid_settings() {
    let insecure = |endpoint: &str| {
        format!(
            "the token URL `{endpoint}` would send secrets without encryption: use https, or allow \
             http with `OAuthClientBuilder::allow_http`"
        )
    };
    let invalid = |reason: &str| format!("invalid token URL: {reason}");
    for (url, message) in [
        (
            "http://auth.example.com/t?s3cret",
            insecure("http://auth.example.com/t"),
        ),
        (
            "http://localhost.example.com/",
            insecure("http://localhost.example.com/"),
        ),
        ("http://128.0.0.1/t", insecure("http://128.0.0.1/t")),
        ("http://[::2]/t", insecure("http://[::2]/t")),
        (
            "auth.example.com/s3cret",
            invalid("relative URL without a base"),
        ),
        (
            "ftp://auth.example.com/",
            invalid("the scheme must be http or https"),
        ),
        ("https://h/t#s3cret", invalid("it cannot have a fragment")),
        (
            "https://me:s3cret@h/t",
            invalid("user name and password belong in the client ID and `client_secret`"),
        ),
    ] {
        let error = OAuthClient::builder(url, "id").build().unwrap_err();
        assert_eq!(error.to_string(), message);
        assert!(!all_forms(&error).contains("s3cret"));
    }
    for url in [
        "https://auth.example.com/t",
        "http://localhost:80/t",
        "http://127.0.0.9/t",
        "http://[::1]/t",
    ] {
        OAuthClient::builder(url, "id").build().unwrap();
    }
    let builder = OAuthClient::builder("http://auth.example.com/t", "id");
    builder.allow_http(true).build().unwrap();

    for name in ["", "scope", "grant_type", "state", "client_secret"] {
        let builder = || OAuthClient::builder("https://auth.example.com/t", "id");
        for builder in [
            builder().parameter(name, "x"),
            builder().authorization_parameter(name, "x"),
        ] {
            let error = builder.build().unwrap_err();
            let expected = format!("invalid parameter `{name}`: the name is empty");
            assert!(error.to_string().starts_with(&expected), "{error}");
        }
    }
}

#[tokio::test]
async fn the_next_call_recovers_from_a_hostile_response() {
    let server = Server::start(|_, before| match before {
        0 => Reply::endless(),
        1 => issued("s3cret\n"),
        _ => issued("token-1"),
    });
    let provider = provider(&server);
    for _ in 0..2 {
        token(&provider).await.unwrap_err();
    }
    assert_eq!(token(&provider).await.unwrap(), "token-1");
}
