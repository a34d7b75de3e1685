//! Uploads and downloads.

use futures::stream;
use gallery_mattermost::gallery_runtime::{Call, Operation, TransportError};
use gallery_mattermost::{Bytes, Error, ErrorKind, Multipart, Untyped, Upload};
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
async fn sizes_of_downloads_are_unknown() {
    let call = Call::new(&transport("echo"), &GET_FILE);
    let download = call.download::<Untyped>().await.unwrap();
    // `fetch` decompresses bodies.
    assert_eq!(download.size(), None);
}
