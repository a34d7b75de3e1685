//! Code of the caller in the request pipeline, as it is written on other targets.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_mattermost::gallery_runtime::reqwest::{Client, Request, Response};
use gallery_mattermost::gallery_runtime::{
    BoxError, HttpClient, OperationInfo, Signer, TokenProvider, TransportError,
};
use gallery_mattermost::{ErrorKind, Middleware, Next, Token};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, error};

/// Sends requests with reqwest, and counts them.
struct Counting(Client, Arc<AtomicUsize>);

impl HttpClient for Counting {
    async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        self.1.fetch_add(1, Ordering::Relaxed);
        Ok(self.0.execute(request).await?)
    }
}

#[wasm_bindgen_test]
async fn sends_requests_with_another_client() {
    let count = Arc::new(AtomicUsize::new(0));
    let http = Counting(Client::new(), Arc::clone(&count));
    let client = builder("extensions").custom_http_client(http).build();
    let call = client.unwrap().get_channel_member(ID, "me").send();
    call.await.unwrap();
    assert_eq!(count.load(Ordering::Relaxed), 1);
}

/// Returns a response without sending the request.
struct FixedResponse(&'static str);

impl Middleware for FixedResponse {
    async fn handle(&self, _: Request, _: Next<'_>) -> Result<Response, TransportError> {
        let response = http::Response::builder().status(200).body(self.0);
        let response = response.map_err(|error| TransportError::Middleware(error.into()))?;
        let mut response = Response::from(response);
        response.extensions_mut().insert(self.0);
        assert_eq!(response.extensions().get(), Some(&self.0));
        Ok(response)
    }
}

#[wasm_bindgen_test]
async fn middleware_returns_its_own_response() {
    let client = builder("refused").middleware(FixedResponse("{}"));
    let error = error(&client.build().unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::InvalidBody);
    assert_eq!(error.body_excerpt().unwrap(), "{}");
}

/// Adds a signature.
struct Sign;

impl Signer for Sign {
    async fn sign(&self, request: &mut Request, _: &OperationInfo) -> Result<(), BoxError> {
        request
            .headers_mut()
            .insert("x-signature", "signed".parse()?);
        Ok(())
    }
}

/// Returns another token after the first one was rejected.
struct Tokens;

impl TokenProvider for Tokens {
    async fn token(&self, rejected: Option<&Token>) -> Result<Token, BoxError> {
        Ok(Token::new(if rejected.is_some() {
            "second"
        } else {
            "first"
        }))
    }
}

#[wasm_bindgen_test]
async fn renews_tokens_and_signs_requests() {
    let client = builder("first-token").signer(Sign).token_provider(Tokens);
    let call = client.build().unwrap().get_channel_member(ID, "me").send();
    call.await.unwrap();
}
