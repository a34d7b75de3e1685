//! Tests of client credentials, refresh tokens, and calls of an API.

use std::time::Duration;

use gallery_runtime::oauth2::ClientAuthentication;
use gallery_runtime::reqwest::{self, redirect};

use crate::common::{form, issued, oauth, provider, token, token_server};
use crate::support::{Reply, Server, client, get};

fn strings(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[tokio::test]
async fn sends_client_credentials_in_the_header() {
    let server = token_server();
    let url = format!("{}/tenant/token?version=2", server.root);
    let oauth = gallery_runtime::oauth2::OAuthClient::builder(&url, "my client:1")
        .client_secret("s&crét+%")
        .scopes(["books:read", "loans:write"])
        .parameter("audience", "https://api.example.com/a b")
        .parameter("resource", "one")
        .parameter("resource", "two")
        .authorization_parameter("prompt", "login")
        .build()
        .unwrap();
    let token = token(&oauth.client_credentials()).await.unwrap();
    assert_eq!(token, "token-1");

    let requests = server.requests();
    assert_eq!(server.request_lines(), ["POST /tenant/token?version=2"]);
    assert_eq!(
        requests[0].header_names(),
        [
            "accept",
            "authorization",
            "content-length",
            "content-type",
            "host"
        ]
    );
    assert_eq!(requests[0].header("accept"), Some("application/json"));
    // RFC 6749, section 2.3.1: the ID and the secret are form-encoded, then joined and encoded.
    // `my+client%3A1:s%26cr%C3%A9t%2B%25`
    assert_eq!(
        requests[0].header("authorization"),
        Some("Basic bXkrY2xpZW50JTNBMTpzJTI2Y3IlQzMlQTl0JTJCJTI1")
    );
    assert_eq!(
        requests[0].body,
        "grant_type=client_credentials&scope=books%3Aread+loans%3Awrite\
         &audience=https%3A%2F%2Fapi.example.com%2Fa+b&resource=one&resource=two"
    );
    assert!(form(&requests[0]).len() == 5);
}

#[tokio::test]
async fn sends_client_credentials_in_the_body() {
    let server = token_server();
    let builder = || oauth(&server).client_authentication(ClientAuthentication::Body);
    let confidential = builder().client_secret("s&cret").build().unwrap();
    token(&confidential.client_credentials()).await.unwrap();
    // A client without a secret sends its ID in the body with both settings.
    let public = [builder(), oauth(&server)];
    for builder in public {
        token(&builder.build().unwrap().client_credentials())
            .await
            .unwrap();
    }
    let bodies: Vec<_> = server.requests().iter().map(form).collect();
    let grant = ("grant_type", "client_credentials");
    let id = ("client_id", "my-client");
    assert_eq!(
        bodies,
        [
            strings(&[grant, id, ("client_secret", "s&cret")]),
            strings(&[grant, id]),
            strings(&[grant, id])
        ]
    );
    let requests = server.requests();
    let mut headers = requests
        .iter()
        .map(|request| request.header("authorization"));
    assert!(headers.all(|header| header.is_none()));
}

#[tokio::test]
async fn sends_refresh_tokens() {
    let server = token_server();
    let builder = || oauth(&server).parameter("audience", "api");
    let all = builder().build().unwrap();
    let narrowed = builder()
        .scopes(["read"])
        .client_secret("s")
        .build()
        .unwrap();
    for oauth in [all, narrowed] {
        token(&oauth.refresh_token("r&1")).await.unwrap();
    }
    let requests = server.requests();
    let grant = ("grant_type", "refresh_token");
    let refresh_token = ("refresh_token", "r&1");
    let audience = ("audience", "api");
    let id = ("client_id", "my-client");
    assert_eq!(
        form(&requests[0]),
        strings(&[grant, refresh_token, id, audience])
    );
    assert_eq!(
        form(&requests[1]),
        strings(&[grant, refresh_token, ("scope", "read"), audience])
    );
    assert_eq!(server.request_lines(), ["POST /token", "POST /token"]);
    assert_eq!(
        requests[1].header("authorization"),
        Some("Basic bXktY2xpZW50OnM=")
    );
}

#[tokio::test]
async fn sends_the_cached_token_with_calls() {
    let tokens = token_server();
    let api = Server::always(|| Reply::new(200, &[], ""));
    let client = client(&api.root, |builder| {
        builder.token_provider(provider(&tokens))
    });
    for id in ["1", "2", "3"] {
        get(&client, id).await.unwrap();
    }
    assert_eq!(tokens.requests().len(), 1);
    let sent: Vec<_> = api.requests();
    assert!(
        sent.iter()
            .all(|request| request.header("authorization") == Some("Bearer token-1"))
    );
    assert_eq!(sent.len(), 3);
}

#[tokio::test]
async fn uses_the_http_client_of_the_caller() {
    let server = Server::start(|request, _| match request.header("user-agent") {
        Some("my-program") => issued("token-1"),
        _ => Reply::new(403, &[], ""),
    });
    let http = reqwest::Client::builder()
        .redirect(redirect::Policy::none())
        .user_agent("my-program")
        .build()
        .unwrap();
    let oauth = oauth(&server)
        .http_client(http)
        .timeout(Duration::from_secs(5))
        .build()
        .unwrap();
    token(&oauth.client_credentials()).await.unwrap();
}
