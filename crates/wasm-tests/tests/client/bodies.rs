//! Uploads, downloads and events.

use std::time::Duration;

use futures::stream;
use gallery_mattermost::gallery_runtime::{Call, Operation, TransportError};
use gallery_mattermost::{Bytes, CallOptions, Error, ErrorKind, Multipart, Untyped, Upload};
use serde_json::Value;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::support::transport;

static GET_FILE: Operation = Operation::new("get_file", "GET", "/file");

static PUT_FILE: Operation =
    Operation::new("put_file", "PUT", "/file").body("application/octet-stream");

async fn put(upload: Upload) -> Result<(), Error> {
    let mut call = Call::new(&transport("echo"), &PUT_FILE);
    call.upload(upload);
    call.send::<Untyped, Untyped>().await.map(drop)
}

#[wasm_bindgen_test]
async fn uploads_bytes_streams_and_forms() {
    put(Upload::from("bytes")).await.unwrap();
    let chunks = ["a ", "stream"].map(|text| Ok::<_, TransportError>(Bytes::from(text)));
    put(Upload::stream(stream::iter(chunks), None))
        .await
        .unwrap();
    let mut call = Call::new(&transport("echo"), &PUT_FILE);
    call.multipart(&Multipart::new().text("title", "a form"));
    call.send::<Untyped, Untyped>().await.unwrap();
}

#[wasm_bindgen_test]
async fn reports_uploads_that_fail() {
    let file = put(Upload::file("/etc/hosts")).await.unwrap_err();
    assert_eq!(file.kind(), ErrorKind::Upload);
    let source = std::error::Error::source(&file).unwrap().to_string();
    assert_eq!(
        source,
        "cannot read the file `/etc/hosts`: WebAssembly has no file system"
    );
    let chunks = [Ok::<_, TransportError>(Bytes::from("short"))];
    let short = put(Upload::stream(stream::iter(chunks), Some(10))).await;
    assert_eq!(short.unwrap_err().kind(), ErrorKind::Upload);
}

#[wasm_bindgen_test]
async fn downloads_files() {
    let call = Call::new(&transport("file"), &GET_FILE);
    let mut download = call.download::<Untyped>().await.unwrap();
    let mut length = 0;
    while let Some(chunk) = download.next().await {
        length += chunk.unwrap().len();
    }
    assert_eq!(length, 200_000);
    // Unknown, because `fetch` decompresses bodies.
    assert_eq!(download.size(), None);
}

#[wasm_bindgen_test]
async fn ends_downloads_that_stall() {
    let options = CallOptions::new().timeout(Duration::from_millis(200));
    let transport = transport("stalled-file").with_options(options);
    let call = Call::new(&transport, &GET_FILE);
    let mut download = call.download::<Untyped>().await.unwrap();
    assert_eq!(download.next().await.unwrap().unwrap(), "01234");
    assert!(download.next().await.unwrap().is_err());
    assert!(download.next().await.is_none());
}

#[wasm_bindgen_test]
async fn reads_events() {
    static GET_EVENTS: Operation =
        Operation::new("get_events", "GET", "/events").events("text/event-stream");
    let call = Call::new(&transport("events"), &GET_EVENTS);
    let mut events = call.events::<Value, Untyped>().await.unwrap();
    let mut numbers = Vec::new();
    while let Some(event) = events.next().await {
        numbers.push(event.unwrap().data["n"].clone());
    }
    assert_eq!(numbers, [1, 2]);
}
