//! Timers.

use std::time::Duration;

use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, error};

#[wasm_bindgen_test]
async fn cancels_requests() {
    js_sys::eval(
        "globalThis.fetchOfNode = globalThis.fetch;
        globalThis.fetch = request => {
            globalThis.sent = request;
            return fetchOfNode(request);
        };",
    )
    .unwrap();
    let client = builder("held")
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    error(&client).await;
    let is_cancelled = js_sys::eval("globalThis.fetch = fetchOfNode; sent.signal.aborted");
    assert_eq!(is_cancelled.unwrap(), true);
}

#[wasm_bindgen_test]
async fn supports_long_and_absent_timeouts() {
    // `setTimeout` would end at once after 2^31 ms.
    for timeout in [
        Some(Duration::from_secs(60 * 24 * 60 * 60)),
        Some(Duration::MAX),
        None,
    ] {
        let client = builder("strict").timeout(timeout).build().unwrap();
        let call = client.get_channel_member(ID, "me").send();
        call.await.unwrap();
    }
}
