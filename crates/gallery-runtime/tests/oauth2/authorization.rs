//! Tests of the authorization code flow.

use std::time::Duration;

use gallery_runtime::oauth2::{AuthorizationRequest, OAuthClient, OAuthError};
use oauth2::{PkceCodeChallenge, PkceCodeVerifier};
use serde_json::json;

use crate::common::{
    advance, all_forms, form, issued, issued_with, oauth, pairs, token, token_after, token_server,
    value,
};
use crate::support::Server;

const REDIRECT_URL: &str = "http://127.0.0.1:8080/callback";

fn request(oauth: &OAuthClient) -> AuthorizationRequest {
    let url = "https://auth.example.com/authorize?tenant=a%20b";
    oauth.authorization_code(url, REDIRECT_URL).unwrap()
}

fn start(server: &Server) -> AuthorizationRequest {
    request(&oauth(server).build().unwrap())
}

/// Checks that a future can run in a task.
fn is_send<F: Future + Send>(future: F) -> F {
    future
}

#[test]
fn builds_the_authorization_url() {
    let server = token_server();
    let oauth = oauth(&server)
        .client_secret("s3cret-client")
        .scopes(["books:read", "loans:write"])
        .parameter("audience", "api")
        .authorization_parameter("prompt", "login")
        .build()
        .unwrap();
    let first = request(&oauth);
    let url = url::Url::parse(first.url()).unwrap();
    assert_eq!(
        &url[..url::Position::AfterPath],
        "https://auth.example.com/authorize"
    );
    let query = pairs(url.query().unwrap());
    let names: Vec<_> = query.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(
        names,
        [
            "tenant",
            "response_type",
            "client_id",
            "state",
            "code_challenge",
            "code_challenge_method",
            "redirect_uri",
            "scope",
            "audience",
            "prompt"
        ]
    );
    for (name, expected) in [
        ("tenant", "a b"),
        ("response_type", "code"),
        ("client_id", "my-client"),
        ("code_challenge_method", "S256"),
        ("redirect_uri", REDIRECT_URL),
        ("scope", "books:read loans:write"),
        ("audience", "api"),
        ("prompt", "login"),
        ("state", first.state()),
    ] {
        assert_eq!(value(&query, name), expected);
    }
    // 32 bytes in base64.
    assert_eq!(first.state().len(), 43);
    assert_eq!(value(&query, "code_challenge").len(), 43);
    let second = request(&oauth);
    assert_ne!(first.state(), second.state());
    assert_ne!(first.url(), second.url());
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn exchanges_the_code_and_renews_with_the_refresh_token() {
    let server = Server::start(|_, before| match before {
        0 => issued_with("token-1", json!({"expires_in": 60, "refresh_token": "r-1"})),
        _ => issued("token-2"),
    });
    let oauth = oauth(&server)
        .client_secret("s")
        .scopes(["books:read"])
        .parameter("audience", "api")
        .build()
        .unwrap();
    let request = request(&oauth);
    let redirect = format!("{REDIRECT_URL}?code=c%261&state={}", request.state());
    let provider = request.exchange(&redirect).await.unwrap();
    assert_eq!(token(&provider).await.unwrap(), "token-1");
    assert_eq!(provider.refresh_token().unwrap().expose(), "r-1");

    let query = pairs(request.url().split_once('?').unwrap().1);
    let requests = server.requests();
    assert_eq!(server.request_lines(), ["POST /token"]);
    assert_eq!(
        requests[0].header("authorization"),
        Some("Basic bXktY2xpZW50OnM=")
    );
    let fields = form(&requests[0]);
    let names: Vec<_> = fields.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "grant_type",
        "code",
        "code_verifier",
        "redirect_uri",
        "audience",
    ];
    assert_eq!(names, expected);
    assert_eq!(value(&fields, "grant_type"), "authorization_code");
    assert_eq!(value(&fields, "code"), "c&1");
    assert_eq!(value(&fields, "redirect_uri"), REDIRECT_URL);
    let verifier = PkceCodeVerifier::new(value(&fields, "code_verifier"));
    assert_eq!(
        PkceCodeChallenge::from_code_verifier_sha256(&verifier).as_str(),
        value(&query, "code_challenge")
    );

    advance(Duration::from_secs(31)).await;
    assert_eq!(token(&provider).await.unwrap(), "token-2");
    // Without scopes: the user may have granted fewer than the client requested.
    assert_eq!(
        server.requests()[1].body,
        "grant_type=refresh_token&refresh_token=r-1&audience=api"
    );
}

#[tokio::test]
async fn accepts_paths_with_a_query() {
    let server = token_server();
    let request = start(&server);
    let state = request.state();
    for redirect in [
        format!("/callback?state={state}&code=1"),
        format!("?state={state}&code=1#x"),
        format!("com.example.app:/callback?code=1&state={state}&iss=x"),
    ] {
        is_send(request.exchange(&redirect)).await.unwrap();
    }
}

#[tokio::test]
async fn rejects_redirects_without_the_state() {
    let server = token_server();
    let request = start(&server);
    let state = request.state();
    for query in [
        "code=c".to_owned(),
        "code=c&state=".to_owned(),
        format!("code=c&state={}", &state[..42]),
        format!("code=c&state={state}x"),
        format!("code=c&state={}", start(&server).state()),
        "error=access_denied".to_owned(),
        "error=access_denied&state=other".to_owned(),
    ] {
        let error = request.exchange(&format!("/callback?{query}")).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, OAuthError::StateMismatch),
            "{query}: {error}"
        );
    }
    assert!(server.requests().is_empty());
    // The authorization still works.
    let redirect = format!("/callback?code=c&state={state}");
    request.exchange(&redirect).await.unwrap();
}

#[tokio::test]
async fn returns_the_error_of_a_redirect() {
    let server = token_server();
    let request = start(&server);
    let redirect = format!(
        "{REDIRECT_URL}?error=access_denied&error_description=no%0Aaccess+{0}&state={0}&code=c",
        request.state()
    );
    let error = request.exchange(&redirect).await.unwrap_err();
    assert_eq!(error.error_code(), Some("access_denied"));
    assert_eq!(
        error.to_string(),
        "https://auth.example.com/authorize: the authorization failed: access_denied: no\\naccess \
         …; the user or the server denied access: start the authorization again"
    );
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn rejects_invalid_redirects() {
    let server = token_server();
    let request = start(&server);
    let state = request.state();
    for (redirect, reason) in [
        (format!("/callback?state={state}"), "it has no code"),
        (format!("/callback?state={state}&code="), "it has no code"),
        (
            format!("/callback?state={state}&code=s3cret&code=2"),
            "it has a parameter several times",
        ),
        (
            format!("/callback?state={state}&state={state}&code=s3cret"),
            "it has a parameter several times",
        ),
        ("/callback".to_owned(), "it has no query"),
        (
            format!("callback?code=s3cret&state={state}"),
            "it is not a URL",
        ),
        (String::new(), "it is not a URL"),
    ] {
        let error = request.exchange(&redirect).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("invalid redirect: {reason}; pass the URL that the browser was redirected to")
        );
        assert!(!all_forms(&error).contains("s3cret"));
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn reports_a_missing_refresh_token() {
    let server = token_server();
    let request = start(&server);
    let redirect = format!("?state={}&code=1", request.state());
    let provider = request.exchange(&redirect).await.unwrap();
    assert!(provider.refresh_token().is_none());
    let error = token_after(&provider, Some("token-1")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "{}/token: the token has expired or was rejected, and the server has not issued a \
             refresh token; start the authorization again",
            server.root
        )
    );
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn rejects_invalid_urls() {
    let server = token_server();
    let oauth = oauth(&server).build().unwrap();
    let secure = "https://auth.example.com/authorize";
    for (authorization_url, redirect_url, message) in [
        (
            "http://auth.example.com/a?b",
            REDIRECT_URL,
            "the authorization URL `http://auth.example.com/a` would send secrets without \
             encryption: use https, or allow http with `OAuthClientBuilder::allow_http`",
        ),
        (
            "authorize",
            REDIRECT_URL,
            "invalid authorization URL: relative URL without a base",
        ),
        (
            secure,
            "/callback",
            "invalid redirect URL: relative URL without a base",
        ),
        (
            secure,
            "http://127.0.0.1/#a",
            "invalid redirect URL: it cannot have a fragment",
        ),
    ] {
        let error = oauth.authorization_code(authorization_url, redirect_url);
        assert_eq!(error.unwrap_err().to_string(), message);
    }
}
