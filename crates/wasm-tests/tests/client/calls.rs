//! Settings that `fetch` treats in its own way.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, sendable};

#[wasm_bindgen_test]
async fn sends_no_user_agent_of_the_client() {
    let client = builder("no-user-agent").without_user_agent().build();
    let call = client.unwrap().get_channel_member(ID, "me").send();
    sendable(call).await.unwrap();
}

#[wasm_bindgen_test]
fn needs_no_feature_for_tls() {
    gallery_mattermost::Client::new("https://api.example.com").unwrap();
}
