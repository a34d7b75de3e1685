//! Tests of signed requests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use gallery_runtime::reqwest::header::HeaderValue;
use gallery_runtime::reqwest::{Method, Request};
use gallery_runtime::{BoxError, ErrorKind, OperationInfo, RetryPolicy, Signer};

use crate::support::{Reply, Server, all_of, client, get, send};

/// Signs with a number, and with what the request has when it is signed.
#[derive(Default)]
struct Numbered(AtomicUsize);

impl Signer for Numbered {
    async fn sign(&self, request: &mut Request, operation: &OperationInfo) -> Result<(), BoxError> {
        let number = self.0.fetch_add(1, Ordering::SeqCst);
        let body = request
            .body()
            .and_then(|body| body.as_bytes())
            .unwrap_or_default();
        let headers =
            ["authorization", "x-custom"].map(|name| request.headers().contains_key(name));
        let id = operation.operation_id;
        let text = format!(
            "{number} {id} {} {} {headers:?}",
            request.url().path(),
            body.len()
        );
        let mut value = HeaderValue::from_str(&text)?;
        value.set_sensitive(true);
        request.headers_mut().insert("x-signature", value);
        Ok(())
    }
}

struct Failing;

impl Signer for Failing {
    async fn sign(&self, _: &mut Request, _: &OperationInfo) -> Result<(), BoxError> {
        Err("the key has expired".into())
    }
}

#[tokio::test]
async fn each_attempt_and_redirect_is_signed_after_the_credentials() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(503, &[], ""),
        1 => Reply::redirect(307, "/elsewhere"),
        _ => Reply::new(200, &[], "{}"),
    });
    let transport = client(&server.root, |builder| {
        builder
            .signer(Numbered::default())
            .bearer_token("token")
            .header("x-custom", "value")
            .retry_policy(RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO))
    });
    send(&transport, Method::PUT, "a", Some("body"))
        .await
        .unwrap();
    let requests = server.requests();
    let signatures: Vec<_> = requests
        .iter()
        .map(|request| request.header("x-signature"))
        .collect();
    assert_eq!(
        signatures,
        [
            Some("0 get_thing /things/a 4 [true, true]"),
            Some("1 get_thing /things/a 4 [true, true]"),
            Some("2 get_thing /elsewhere 4 [true, true]"),
        ]
    );
}

#[tokio::test]
async fn other_hosts_get_no_signature() {
    let other = Server::always(|| Reply::new(200, &[], "{}"));
    let target = format!("{}/things", other.root);
    let server = Server::always(move || Reply::redirect(307, &target));
    let transport = client(&server.root, |builder| builder.signer(Numbered::default()));
    get(&transport, "a").await.unwrap();
    assert!(server.requests()[0].header("x-signature").is_some());
    assert_eq!(other.requests()[0].header("x-signature"), None);
}

#[tokio::test]
async fn an_error_ends_the_call_before_sending() {
    let server = Server::always(|| Reply::new(200, &[], "{}"));
    let transport = client(&server.root, |builder| builder.signer(Failing));
    let error = get(&transport, "a").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(all_of(&error).contains("the key has expired"), "{error:?}");
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn a_repeated_signature_is_removed_from_errors() {
    let server = Server::start(|request, _| {
        let signature = request.header("x-signature").unwrap_or_default();
        Reply::new(
            403,
            &[],
            &format!("{{\"message\": \"wrong: {signature}\"}}"),
        )
    });
    let transport = client(&server.root, |builder| builder.signer(Numbered::default()));
    let error = get(&transport, "a").await.unwrap_err();
    assert_eq!(error.message(), Some("wrong: …"));
}
