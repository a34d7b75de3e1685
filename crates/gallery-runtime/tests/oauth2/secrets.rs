//! Tests of secrets: absence from `Debug` output, errors and traces.

use std::fmt::{Debug, Write as _};

use gallery_runtime::oauth2::OAuthClient;
use serde_json::json;

use crate::common::{all_forms, form, json, oauth, pairs, token, value};
use crate::support::recorder::Recorder;
use crate::support::{Reply, Server, all_of, client, get};

/// Starts a server that rejects all token requests and repeats everything that it has received.
fn echo_server() -> Server {
    Server::start(|request, _| {
        let header = request.header("authorization").unwrap_or_default();
        let decoded: Vec<_> = form(request).into_iter().map(|(_, value)| value).collect();
        let echo = format!("{} {header} {}", request.body, decoded.join(" "));
        json(400, &json!({"error": "x", "error_description": echo}))
    })
}

#[tokio::test]
async fn errors_do_not_repeat_what_a_server_repeats() {
    let server = echo_server();
    let oauth = |secret: &str| oauth(&server).client_secret(secret).build().unwrap();
    let basic = "bXktY2xpZW50OnMzY3JldCUyNmNsaWVudA==";
    let error = token(&oauth("s3cret&client").refresh_token("s3cret&refresh"))
        .await
        .unwrap_err();
    assert_eq!(
        server.requests()[0].header("authorization"),
        Some(format!("Basic {basic}").as_str())
    );
    let shown = all_forms(&error);
    assert!(shown.contains("grant_type=refresh_token"), "{shown}");
    assert!(
        !shown.contains("s3cret") && !shown.contains(basic),
        "{shown}"
    );

    let request = oauth("s3cret")
        .authorization_code("https://auth.example.com/a", "https://app.example.com/")
        .unwrap();
    let redirect = format!("?state={}&code=s3cret-code", request.state());
    let error = request.exchange(&redirect).await.unwrap_err();
    let verifier = value(&form(&server.requests()[1]), "code_verifier");
    let shown = all_forms(&error);
    assert!(
        !shown.contains("s3cret") && !shown.contains(&verifier),
        "{shown}"
    );
}

#[tokio::test]
async fn debug_output_contains_no_secrets() {
    let server = Server::always(|| {
        let refresh_token = "s3cret-refresh";
        json(
            200,
            &json!({"access_token": "s3cret-access", "refresh_token": refresh_token}),
        )
    });
    let url = format!("{}/token?key=s3cret", server.root);
    let builder = OAuthClient::builder(&url, "my-client")
        .client_secret("s3cret-client")
        .parameter("client_assertion", "s3cret-assertion");
    let mut shown = format!("{builder:?}\n{builder:#?}\n");
    let oauth = builder.build().unwrap();
    let request = oauth
        .authorization_code("https://auth.example.com/a", "https://app.example.com/")
        .unwrap();
    let redirect = format!("?state={}&code=s3cret-code", request.state());
    let provider = request.exchange(&redirect).await.unwrap();
    let all: [&dyn Debug; 4] = [&oauth, &request, &provider, &oauth.refresh_token("s3cret")];
    for value in all {
        write!(shown, "{value:?}\n{value:#?}\n").unwrap();
    }
    assert!(shown.contains("my-client"), "{shown}");
    assert!(!shown.contains("s3cret"), "{shown}");
    let query = pairs(request.url().split_once('?').unwrap().1);
    assert!(!shown.contains(&value(&query, "code_challenge")));
    assert!(!shown.contains(request.state()));
}

#[tokio::test]
async fn traces_and_errors_of_calls_contain_no_secrets() {
    let recorder = Recorder::of("");
    // Also records the requests of tests that run at the same time.
    tracing::subscriber::set_global_default(recorder.clone()).unwrap();
    let tokens = Server::start(|_, before| match before {
        0 => json(200, &json!({"access_token": "s3cret-access"})),
        _ => Reply::new(500, &[], "s3cret-body"),
    });
    let api = Server::always(|| Reply::new(401, &[], r#"{"message": "bad s3cret-access"}"#));
    let oauth = oauth(&tokens)
        .client_secret("s3cret-client")
        .build()
        .unwrap();
    let client = client(&api.root, |builder| {
        builder.token_provider(oauth.refresh_token("s3cret-refresh"))
    });
    let error = get(&client, "1").await.unwrap_err();
    assert_eq!(tokens.requests().len(), 2);
    assert!(!all_of(&error).contains("s3cret"));
    let trace = recorder.lines();
    // The connections of hyper are recorded.
    assert!(trace.contains("127.0.0.1"), "{trace}");
    assert!(!trace.contains("s3cret"), "{trace}");
}
