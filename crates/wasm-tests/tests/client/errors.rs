//! Errors of servers and of bodies.

use gallery_mattermost::ErrorKind;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::{ID, builder, client, error};

#[wasm_bindgen_test]
async fn reads_documented_errors() {
    let error = error(&client("documented-error")).await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.status().unwrap().as_u16(), 403);
    let message = error.body().unwrap().message.clone();
    assert_eq!(error.message().unwrap(), message);
    assert!(error.to_string().ends_with(&message), "{error}");
}

#[wasm_bindgen_test]
async fn reports_undocumented_statuses() {
    let undocumented = error(&client("undocumented")).await;
    assert_eq!(undocumented.kind(), ErrorKind::UnexpectedStatus);
    assert_eq!(undocumented.status().unwrap().as_u16(), 202);
    assert_eq!(undocumented.body_excerpt().unwrap(), "{\"a\":1}");
    let unknown = error(&client("unknown-error")).await;
    assert_eq!(unknown.kind(), ErrorKind::Status);
    assert_eq!(unknown.status().unwrap().as_u16(), 418);
    assert_eq!(unknown.message(), Some("short and stout"));
}

#[wasm_bindgen_test]
async fn rejects_invalid_bodies() {
    for server in ["not-json", "not-utf8", "other-type", "empty"] {
        let error = error(&client(server)).await;
        assert_eq!(error.kind(), ErrorKind::InvalidBody, "{server}: {error}");
        assert_eq!(error.status().unwrap().as_u16(), 200, "{server}");
    }
}

#[wasm_bindgen_test]
async fn limits_bodies() {
    // The end of the body of `endless` never arrives.
    for server in ["long", "endless"] {
        let client = builder(server).max_body_bytes(1000).build().unwrap();
        let error = error(&client).await;
        assert_eq!(error.kind(), ErrorKind::BodyTooLarge, "{server}: {error}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
    }
    let client = builder("strict").max_body_bytes(100_000).build().unwrap();
    let call = client.get_channel_member(ID, "me").send();
    call.await.unwrap();
}

#[wasm_bindgen_test]
async fn reports_truncated_bodies() {
    let error = error(&client("truncated")).await;
    assert_eq!(error.kind(), ErrorKind::ConnectionLost, "{error}");
    assert_eq!(error.status().unwrap().as_u16(), 200);
}

#[wasm_bindgen_test]
async fn reports_refused_connections() {
    let error = error(&client("refused")).await;
    // `fetch` does not tell why a connection failed.
    assert_eq!(error.kind(), ErrorKind::ConnectionLost);
    assert!(error.is_retryable());
    assert!(
        error.to_string().contains("the connection failed"),
        "{error}"
    );
}
