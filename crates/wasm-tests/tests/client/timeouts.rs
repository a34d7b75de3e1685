//! Timers.

use std::time::Duration;

use gallery_mattermost::gallery_runtime::reqwest::Response;
use gallery_mattermost::gallery_runtime::{Call, Operation, TransportError};
use gallery_mattermost::{Error, ErrorKind, Middleware, Next, Untyped};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, Request, builder, error, record_requests, sent, texts, transport};

static GET_FILE: Operation = Operation::new("get_file", "GET", "/file");

#[wasm_bindgen_test]
async fn cancels_requests() {
    record_requests();
    let client = builder("held")
        .timeout(Duration::from_millis(300))
        .build()
        .unwrap();
    error(&client).await;
    assert_eq!(sent("signal.aborted"), "true");
}

#[wasm_bindgen_test]
async fn cancels_downloads() {
    record_requests();
    let call = Call::new(&transport("echo"), &GET_FILE);
    let download = call.download::<Untyped>().await.unwrap();
    assert_eq!(sent("signal.aborted"), "false");
    drop(download);
    assert_eq!(sent("signal.aborted"), "true");
}

/// Sets a timeout of the HTTP client.
struct SetTimeout;

impl Middleware for SetTimeout {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        *request.timeout_mut() = Some(Duration::from_millis(100));
        next.run(request).await
    }
}

#[wasm_bindgen_test]
async fn requests_have_their_own_timeout() {
    let client = builder("held").middleware(SetTimeout).build().unwrap();
    let error = error(&client).await;
    assert!(matches!(error, Error::Communication(_)), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert!(texts(&error).contains("operation timed out"));
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
