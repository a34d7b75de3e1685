//! The runtime as generated code calls it, against a server on loopback that answers one request as told.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;

use gallery_runtime::reqwest::{Request, Response};
use gallery_runtime::{BodyError, Error, Hook, Next, OperationInfo, ResponseValue, Transport, TransportError, Untyped};

const INFO: OperationInfo = OperationInfo { operation_id: "get_thing" };

/// Answers one request with these bytes; gives the base URL, and what was sent when it is joined.
fn server(answer: &'static [u8]) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}/v1/", listener.local_addr().unwrap());
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut sent = Vec::new();
        let mut buffer = [0; 1024];
        while !sent.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut buffer).unwrap();
            sent.extend_from_slice(&buffer[..read]);
        }
        stream.write_all(answer).unwrap();
        String::from_utf8(sent).unwrap()
    });
    (base_url, thread)
}

async fn call(transport: &Transport) -> Result<ResponseValue<Untyped>, Error> {
    let mut request = transport.call(gallery_runtime::reqwest::Method::GET);
    request.literal("/thing");
    let response = transport.send(request.build()?, &INFO).await?;
    match response.status().as_u16() {
        200..=299 => ResponseValue::untyped(response).await,
        400..=599 => Err(Error::documented(ResponseValue::untyped_error(response).await)),
        _ => Err(Error::undocumented(response).await),
    }
}

/// Writes its name into a header, behind the names that are there.
struct Named(&'static str);

impl Hook for Named {
    async fn call(&self, mut request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let before = request.headers().get("x-way").map(|way| way.to_str().unwrap().to_owned()).unwrap_or_default();
        let way = format!("{before}/{}:{}", self.0, next.operation().operation_id);
        request.headers_mut().insert("x-way", way.parse().unwrap());
        next.run(request).await
    }
}

struct Refusing;

impl Hook for Refusing {
    async fn call(&self, _: Request, _: Next<'_>) -> Result<Response, TransportError> {
        Err(TransportError::Hook("not today".into()))
    }
}

#[tokio::test]
async fn hooks_see_a_request_in_the_order_in_which_they_were_added() {
    let (base_url, sent) = server(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
    let transport = Transport::new(&base_url).unwrap().with_hook(Named("first")).with_hook(Named("second"));
    assert_eq!(call(&transport).await.unwrap().text().unwrap(), "{}");
    let sent = sent.join().unwrap();
    assert!(sent.starts_with("GET /v1/thing HTTP/1.1\r\n"), "{sent}");
    assert!(sent.contains("x-way: /first:get_thing/second:get_thing\r\n"), "{sent}");
    assert!(!sent.to_ascii_lowercase().contains("content-type"), "{sent}");
}

#[tokio::test]
async fn a_hook_can_end_a_call() {
    let transport = Transport::new("http://127.0.0.1:9").unwrap().with_hook(Refusing);
    let error = call(&transport).await.unwrap_err();
    assert!(matches!(error, Error::Hook(_)));
    assert_eq!(error.to_string(), "a hook ended the call: not today");
    assert_eq!(error.status(), None);
}

#[tokio::test]
async fn a_body_that_breaks_off_keeps_status_headers_and_what_came() {
    let (base_url, _sent) = server(b"HTTP/1.1 200 OK\r\nx-trace: 1\r\ncontent-length: 100\r\n\r\nhalf");
    let error = call(&Transport::new(&base_url).unwrap()).await.unwrap_err();
    assert_eq!((error.status().unwrap().as_u16(), error.headers().unwrap()["x-trace"].to_str().unwrap()), (200, "1"));
    let Error::InvalidResponse(failure, BodyError::Read(_)) = &error else { panic!("{error:?}") };
    assert_eq!(failure.excerpt().as_ref(), b"half");
}

#[tokio::test]
async fn an_errors_body_that_breaks_off_is_still_the_error() {
    let (base_url, _sent) = server(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 100\r\n\r\nno");
    let error = call(&Transport::new(&base_url).unwrap()).await.unwrap_err();
    let Error::ErrorResponse(answer) = &error else { panic!("{error:?}") };
    assert_eq!((answer.status().as_u16(), answer.text().unwrap(), answer.is_truncated()), (403, "no", true));
}

#[tokio::test]
async fn without_a_server_the_error_says_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = call(&Transport::new(&format!("http://{address}")).unwrap()).await.unwrap_err();
    assert!(matches!(error, Error::Communication(_)));
    assert!(error.to_string().starts_with("no answer came: "), "{error}");
}
