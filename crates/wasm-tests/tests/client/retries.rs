//! Retries and rate limits. The servers count the requests.

use std::time::Duration;

use gallery_mattermost::{Client, ErrorKind, RetryPolicy};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, TOKEN, builder, error, timed, url};

fn retrying(server: &str) -> Client {
    let policy = RetryPolicy::default().backoff(Duration::from_millis(200), Duration::from_secs(1));
    let client = Client::builder(&url(server)).bearer_token(TOKEN);
    client.retry_policy(policy).build().unwrap()
}

#[wasm_bindgen_test]
async fn retries_transient_failures() {
    for server in ["unavailable-once", "broken-once"] {
        let client = retrying(server);
        let (result, milliseconds) = timed(client.get_channel_member(ID, "me").send()).await;
        result.unwrap();
        assert!((100.0..2000.0).contains(&milliseconds), "{milliseconds}");
    }
}

#[wasm_bindgen_test]
async fn returns_the_last_failure() {
    let error = error(&retrying("unavailable")).await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status().unwrap().as_u16(), 503);
}

#[wasm_bindgen_test]
async fn waits_for_retry_after() {
    let client = retrying("rate-limited-once");
    let (result, milliseconds) = timed(client.get_channel_member(ID, "me").send()).await;
    result.unwrap();
    assert!((1000.0..3000.0).contains(&milliseconds), "{milliseconds}");
}

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
