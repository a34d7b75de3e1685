//! Redirects, which `fetch` follows.

use gallery_mattermost::ErrorKind;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, client, error};

#[wasm_bindgen_test]
async fn reports_private_headers_that_were_sent_to_another_origin() {
    let client = builder("redirect-other-origin").header("x-key", "secret");
    let error = error(&client.build().unwrap()).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
    assert!(!error.is_retryable());
    assert!(error.to_string().contains("to another origin"), "{error}");
}

#[wasm_bindgen_test]
async fn reports_bodies_that_were_sent_to_another_origin() {
    let client = client("redirect-with-body");
    let ids = [ID.to_owned()];
    let result = client.get_channel_members_by_ids(ID, &ids).send().await;
    assert_eq!(result.unwrap_err().kind(), ErrorKind::Redirect);
}

#[wasm_bindgen_test]
async fn reports_redirects_without_a_location() {
    let error = error(&client("no-location")).await;
    assert_eq!(error.kind(), ErrorKind::Redirect);
}
