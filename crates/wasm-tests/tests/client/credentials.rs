//! Token endpoints, and headers that browsers do not send.

use gallery_mattermost::gallery_runtime::oauth2::OAuthClient;
use gallery_mattermost::gallery_runtime::{TransportError, reqwest};
use gallery_mattermost::{Client, ErrorKind, Middleware, Next};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, Request, builder, error, texts, url};

#[wasm_bindgen_test]
async fn gets_tokens_with_oauth2() {
    let provider = OAuthClient::builder(&url("token"), "wasm-tests")
        .client_secret("client-secret")
        .build()
        .unwrap()
        .client_credentials();
    let client = Client::builder(&url("credentials-off")).token_provider(provider);
    let call = client.build().unwrap().get_channel_member(ID, "me").send();
    call.await.unwrap();
}

#[wasm_bindgen_test]
async fn reports_failed_token_requests() {
    let oauth = OAuthClient::builder(&url("refused"), "wasm-tests").client_secret("client-secret");
    let provider = oauth.build().unwrap().client_credentials();
    let client = Client::builder(&url("held")).token_provider(provider);
    let error = error(&client.build().unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::Credential);
    assert!(!texts(&error).contains("client-secret"));
}

/// Sets a header.
struct SetHeader(&'static str);

impl Middleware for SetHeader {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<reqwest::Response, TransportError> {
        let value = reqwest::header::HeaderValue::from_static("1");
        request.headers_mut().insert(self.0, value);
        let response = next.run(request).await?;
        assert_eq!(response.status().as_u16(), 200);
        Ok(response)
    }
}

/// Replaces the class of requests by one that drops `Cookie`, as browsers do. Node.js sends it.
const DROP_COOKIES: &str = "globalThis.RequestOfNode = globalThis.Request;
    globalThis.Request = class extends RequestOfNode {
        constructor(url, init) { super(url, init); this.headers.delete('cookie'); }
    };";

#[wasm_bindgen_test]
async fn rejects_headers_that_fetch_drops() {
    let client = builder("echo").middleware(SetHeader("cookie"));
    let client = client.build().unwrap();
    js_sys::eval(DROP_COOKIES).unwrap();
    let in_browser = error(&client).await;
    js_sys::eval("globalThis.Request = RequestOfNode").unwrap();
    assert_eq!(in_browser.kind(), ErrorKind::InvalidRequest);
    let message = in_browser.to_string();
    assert!(
        message.ends_with("fetch does not send the header `cookie`"),
        "{message}"
    );
    let in_node = error(&client).await;
    assert_eq!(in_node.kind(), ErrorKind::InvalidBody);
}
