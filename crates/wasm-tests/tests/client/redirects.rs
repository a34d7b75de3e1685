//! Redirects in browsers. Those in Node.js are conformance checks.

use gallery_mattermost::ErrorKind;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{client, error};

/// Hides redirects, as browsers do.
const HIDE_REDIRECTS: &str = "globalThis.fetchOfNode = globalThis.fetch;
    globalThis.fetch = async request => {
        const response = await fetchOfNode(request);
        const isHidden = request.redirect === 'manual' && response.status === 302;
        return isHidden ? hidden : response;
    };
    const hidden = Response.error();
    Object.defineProperty(hidden, 'type', { value: 'opaqueredirect' });";

#[wasm_bindgen_test]
async fn reports_redirects_that_browsers_hide() {
    let client = client("redirect");
    js_sys::eval(HIDE_REDIRECTS).unwrap();
    let error = error(&client).await;
    js_sys::eval("globalThis.fetch = fetchOfNode").unwrap();
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(!error.is_retryable());
    let message = error.to_string();
    assert!(
        message.contains("the browser does not reveal its target"),
        "{message}"
    );
}
