//! Settings that `fetch` treats in its own way.

use gallery_mattermost::gallery_runtime::reqwest;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, record_requests, sendable, sent};

#[wasm_bindgen_test]
async fn sends_no_user_agent_of_the_client() {
    let client = builder("no-user-agent").without_user_agent().build();
    let call = client.unwrap().get_channel_member(ID, "me").send();
    sendable(call).await.unwrap();
}

#[wasm_bindgen_test]
async fn sends_cookies_of_browsers() {
    let http = reqwest::Client::new().fetch_credentials_include();
    let client = builder("strict").http_client(http).build().unwrap();
    record_requests();
    let call = client.get_channel_member(ID, "me").send();
    call.await.unwrap();
    assert_eq!(sent("credentials"), "include");
    assert_eq!(sent("redirect"), "manual");
}

#[wasm_bindgen_test]
fn needs_no_feature_for_tls() {
    gallery_mattermost::Client::new("https://api.example.com").unwrap();
}
