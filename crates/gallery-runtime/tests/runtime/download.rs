//! Tests of bodies that are read while they arrive.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use gallery_runtime::{
    BodyError, ByteRange, Bytes, Call, ClientBuilder, Download, Error, ErrorKind, Operation,
    Parameter, ResponseValue, RetryPolicy, Transport, Untyped,
};
use tokio::io::AsyncReadExt as _;

use crate::support::{Reply, Server, client};

static GET_FILE: Operation = Operation::new("get_file", "GET", "/files/{id}")
    .parameters(&[Parameter::path("id")])
    .successes(&[200])
    .errors(&[404]);

static GET_TEXT: Operation = Operation::new("get_text", "GET", "/files/{id}")
    .parameters(&[Parameter::path("id")])
    .text(&[2]);

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

/// Makes a reply with a header `Content-Range`.
type MakeReply = fn(&'static str) -> Reply;

async fn download_range(server: &Server, range: impl Into<ByteRange>) -> Result<Download> {
    let transport = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    let mut call = Call::new(&transport, &GET_FILE);
    call.set(0, "a");
    let response = call.download_range::<Untyped>(range).await?;
    Ok(response.into_inner())
}

#[tokio::test]
async fn a_broken_download_continues() {
    let server = Server::start(|request, _| match request.header("range") {
        None => Reply::raw("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n0123"),
        Some("bytes=4-") => Reply::new(206, &[("content-range", "bytes 4-9/10")], "456789"),
        Some(range) => panic!("{range}"),
    });
    let mut first = download(&server, |builder| builder).await.unwrap();
    let (mut bytes, error) = all(&mut first).await;
    assert!(matches!(error, Some(BodyError::Read(_))));
    assert_eq!(first.position(), 4);
    let mut rest = download_range(&server, first.position()..).await.unwrap();
    assert_eq!(
        (rest.size(), rest.file_size(), rest.position()),
        (Some(6), Some(10), 4)
    );
    bytes.extend(all(&mut rest).await.0);
    assert_eq!(bytes, b"0123456789");
    assert_eq!(rest.position(), 10);
}

#[tokio::test]
async fn another_part_than_the_requested_one_is_an_error() {
    let part = |value: &'static str| Reply::new(206, &[("content-range", value)], "23");
    let cases: [(&str, MakeReply, _); 8] = [
        ("bytes 2-3/10", part, None),
        ("bytes 2-2/*", part, None),
        (
            "bytes 1-3/10",
            part,
            Some("the server returned \"bytes 1-3/10\", not bytes=2-3"),
        ),
        (
            "bytes 2-4/10",
            part,
            Some("the server returned \"bytes 2-4/10\", not bytes=2-3"),
        ),
        (
            "bytes 2-1/10",
            part,
            Some("the server returned \"bytes 2-1/10\", not bytes=2-3"),
        ),
        (
            "2-3",
            part,
            Some("the header `Content-Range` is missing or invalid: \"2-3\""),
        ),
        (
            "",
            |_| Reply::new(206, &[], "23"),
            Some("the header `Content-Range` is missing or invalid: \"\""),
        ),
        (
            "",
            |_| Reply::new(200, &[], "0123456789"),
            Some("the server returned the whole file, not bytes=2-3"),
        ),
    ];
    for (value, reply, expected) in cases {
        let server = Server::always(move || reply(value));
        match (download_range(&server, 2..4).await, expected) {
            (Ok(mut download), None) => assert_eq!(all(&mut download).await.0, b"23"),
            (Err(error), Some(expected)) => {
                assert_eq!(error.kind(), ErrorKind::InvalidBody);
                assert_eq!(
                    std::error::Error::source(&error).unwrap().to_string(),
                    expected
                );
            }
            (result, _) => panic!("{value}: {result:?}"),
        }
        assert_eq!(server.requests()[0].header("range"), Some("bytes=2-3"));
    }
}

#[tokio::test]
async fn errors_of_ranges_are_documented_errors_or_statuses() {
    let server = Server::always(|| Reply::new(416, &[("content-range", "bytes */10")], ""));
    let error = download_range(&server, 10..).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status().unwrap().as_u16()),
        (ErrorKind::Status, 416)
    );
    assert_eq!(error.headers().unwrap()["content-range"], "bytes */10");
}

#[test]
fn ranges_are_written_as_the_header() {
    let ranges: [ByteRange; 6] = [
        (..).into(),
        (5..).into(),
        (5..6).into(),
        (..6).into(),
        (..=6).into(),
        (0..0).into(),
    ];
    assert_eq!(
        ranges.map(|range| range.to_string()),
        [
            "bytes=0-",
            "bytes=5-",
            "bytes=5-5",
            "bytes=0-5",
            "bytes=0-6",
            "bytes=0-0"
        ]
    );
}

/// The dev-dependencies enable `gzip` of reqwest.
#[tokio::test]
async fn limits_are_for_the_bytes_after_decompression() {
    let compressed = |length| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&vec![b' '; length]).unwrap();
        let body = encoder.finish().unwrap();
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n",
            body.len()
        );
        assert!(body.len() < 11_000);
        [head.into_bytes(), body].concat()
    };
    let server = Server::start(move |request, before| {
        assert_eq!(request.header("accept-encoding"), Some("gzip"));
        Reply::raw(compressed(if before == 0 { 10 << 20 } else { 100 }))
    });
    let transport = client(&server.root, |builder| builder.max_body_bytes(1 << 20));
    let text = || {
        let mut call = Call::new(&transport, &GET_TEXT);
        call.set(0, "a");
        call.send::<String, Untyped>()
    };
    let error = text().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BodyTooLarge, "{error:?}");
    assert!(error.body_excerpt().unwrap().len() <= 64 << 10);
    assert_eq!(text().await.unwrap().into_inner(), " ".repeat(100));
    // Downloads are decompressed, too, and have no limit.
    let mut file = download(&server, |builder| builder.max_body_bytes(1))
        .await
        .unwrap();
    assert_eq!(file.size(), None);
    assert_eq!(all(&mut file).await.0.len(), 100);
}
