//! Timers.

use std::time::Duration;

use gallery_mattermost::{CallOptions, ErrorKind};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, client, error, timed};

const TIMEOUT: Duration = Duration::from_millis(300);

#[wasm_bindgen_test]
async fn ends_calls_without_a_response() {
    let client = builder("held").timeout(TIMEOUT).build().unwrap();
    let (error, milliseconds) = timed(error(&client)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!((300.0..2000.0).contains(&milliseconds), "{milliseconds}");
    assert!(
        error.to_string().contains("timed out after 300ms"),
        "{error}"
    );
}

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
    let client = builder("held").timeout(TIMEOUT).build().unwrap();
    error(&client).await;
    let is_cancelled = js_sys::eval("globalThis.fetch = fetchOfNode; sent.signal.aborted");
    assert_eq!(is_cancelled.unwrap(), true);
}

#[wasm_bindgen_test]
async fn ends_calls_with_a_part_of_a_body() {
    let client = client("stalled").with_options(CallOptions::new().timeout(TIMEOUT));
    let (error, milliseconds) = timed(error(&client)).await;
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!((300.0..2000.0).contains(&milliseconds), "{milliseconds}");
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
