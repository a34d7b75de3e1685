//! Tests of bodies that are read while they arrive.

mod support;

use std::time::Duration;

use gallery_runtime::{
    BodyError, Bytes, Call, ClientBuilder, Download, Error, Operation, Parameter, ResponseValue,
    RetryPolicy, Transport, Untyped,
};
use support::{Reply, Server, client};
use tokio::io::AsyncReadExt as _;

static GET_FILE: Operation = Operation::new("get_file", "GET", "/files/{id}")
    .parameters(&[Parameter::path("id")])
    .successes(&[200])
    .errors(&[404]);

type Result<T, E = Error> = std::result::Result<T, E>;

async fn download(
    server: &Server,
    change: impl FnOnce(ClientBuilder<Transport>) -> ClientBuilder<Transport>,
) -> Result<ResponseValue<Download>> {
    let transport = client(&server.root, |builder| {
        change(builder.retry_policy(RetryPolicy::none()))
    });
    let mut call = Call::new(&transport, &GET_FILE);
    call.set(0, "a");
    call.download::<Untyped>().await
}

/// Returns the bytes until the end or an error.
async fn all(download: &mut Download) -> (Vec<u8>, Option<BodyError>) {
    let mut bytes = Vec::new();
    while let Some(next) = download.next().await {
        match next {
            Ok(next) => bytes.extend_from_slice(&next),
            Err(error) => {
                assert!(download.next().await.is_none(), "an error is the end");
                return (bytes, Some(error));
            }
        }
    }
    assert!(download.next().await.is_none(), "the end stays");
    (bytes, None)
}

#[tokio::test]
async fn returns_bytes_with_size_and_headers() {
    let text = "0123456789".repeat(100_000);
    let sent = text.clone();
    let server = Server::start(move |_, _| Reply::new(200, &[("x-a", "b")], &sent));
    // The limit is for bodies in memory.
    let response = download(&server, |builder| builder.max_body_bytes(1000)).await;
    let response = response.unwrap();
    assert_eq!(response.status().as_u16(), 200);
    assert_eq!(response.headers()["x-a"], "b");
    assert_eq!(response.size(), Some(1_000_000));
    let (bytes, error) = all(&mut response.into_inner()).await;
    assert!(bytes == text.as_bytes() && error.is_none());
}

#[tokio::test]
async fn is_an_async_reader() {
    let server = Server::always(|| Reply::new(200, &[], "hello world"));
    let mut reader = download(&server, |builder| builder).await.unwrap();
    let mut start = [0; 4];
    reader.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"hell");
    // The rest of a chunk is not lost.
    assert_eq!(
        reader.next().await.unwrap().unwrap(),
        Bytes::from_static(b"o world")
    );
    let mut rest = String::new();
    reader.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "");
}

#[tokio::test]
async fn errors_are_those_of_a_call() {
    let server = Server::always(|| Reply::new(404, &[], "none"));
    let error = download(&server, |builder| builder).await.unwrap_err();
    assert!(matches!(&error, Error::ErrorResponse(response) if response.text().unwrap() == "none"));
    let server = Server::always(|| Reply::new(500, &[], "oops"));
    let error = download(&server, |builder| builder).await.unwrap_err();
    assert!(matches!(&error, Error::UnexpectedResponse(_)), "{error:?}");
}

#[tokio::test]
async fn a_broken_or_stalled_body_is_an_error() {
    let head = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n1234";
    let server = Server::always(move || Reply::raw(head));
    let mut broken = download(&server, |builder| builder).await.unwrap();
    let (bytes, error) = all(&mut broken).await;
    assert_eq!(bytes, b"1234");
    assert!(matches!(error, Some(BodyError::Read(_))), "{error:?}");
    let server = Server::always(move || Reply::stalled(head));
    let short = Duration::from_millis(300);
    let stalled = download(&server, |builder| builder.timeout(short)).await;
    let mut stalled = stalled.unwrap();
    let (bytes, error) = all(&mut stalled).await;
    assert_eq!(bytes, b"1234");
    assert!(matches!(error, Some(BodyError::Timeout)), "{error:?}");
}

#[tokio::test]
async fn a_slow_body_may_take_longer_than_the_timeout() {
    let server = Server::always(Reply::endless);
    let short = Duration::from_millis(200);
    let download = download(&server, |builder| builder.timeout(short)).await;
    let mut download = download.unwrap();
    let start = std::time::Instant::now();
    let mut count = 0;
    while start.elapsed() < 2 * short {
        count += download.next().await.unwrap().unwrap().len();
    }
    assert!(count > 0);
    assert_eq!(download.size(), None);
}
