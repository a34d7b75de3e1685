//! Rate limits.

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, timed};

#[wasm_bindgen_test]
async fn waits_for_rate_limits() {
    let client = builder("rate-limit-used-up").wait_for_rate_limit(true);
    let client = client.build().unwrap();
    let first = client.get_channel_member(ID, "me").send().await.unwrap();
    assert_eq!(first.rate_limit().unwrap().remaining, 0);
    let (result, milliseconds) = timed(client.get_channel_member(ID, "me").send()).await;
    result.unwrap();
    assert!((900.0..3000.0).contains(&milliseconds), "{milliseconds}");
}
