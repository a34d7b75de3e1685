//! Replies that misbehave, as the client sees them.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use gallery_testkit::{Gate, MockServer, Reply};
use serde_json::json;

const DOCUMENT: &str = r#"{"paths": {"/a": {"post": {"operationId": "a", "responses": {"204": {"description": ""}}}}}}"#;
const REQUEST: &[u8] =
    b"POST /a?q=%2f HTTP/1.1\r\nHost: X\r\nX-Twice: 1\r\nx-Other:\xff\r\nX-TWICE: 2\r\nContent-Length: 2\r\n\r\nhi";

fn server(reply: Reply) -> MockServer {
    let server = MockServer::start(DOCUMENT).unwrap();
    server.respond_always(reply);
    server
}

fn connect(server: &MockServer) -> TcpStream {
    let mut stream = TcpStream::connect(server.base_url().trim_start_matches("http://")).unwrap();
    // A failed test must not hang.
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream.write_all(REQUEST).unwrap();
    stream
}

/// Returns the received bytes and the error at the end.
fn arrived(mut stream: TcpStream) -> (String, Option<ErrorKind>) {
    let mut bytes = Vec::new();
    let end = stream
        .read_to_end(&mut bytes)
        .err()
        .map(|error| error.kind());
    (String::from_utf8(bytes).unwrap(), end)
}

fn response_to(reply: Reply) -> (String, Option<ErrorKind>) {
    let server = server(reply);
    arrived(connect(&server))
}

#[test]
fn a_reset_connection_ends_with_an_error() {
    let (text, end) = response_to(Reply::json(200, json!({"a": 1})).reset_after(4));
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 7\r\nconnection: close\r\n\r\n";
    assert_eq!(
        (text.as_str(), end),
        (
            format!("{head}{{\"a\"").as_str(),
            Some(ErrorKind::ConnectionReset)
        )
    );
}

#[test]
fn a_truncated_body_ends_without_an_error() {
    let (text, end) = response_to(Reply::new(418).with_body("0123456789").truncated_after(3));
    assert_eq!(
        text,
        "HTTP/1.1 418 I'm a teapot\r\ncontent-length: 10\r\nconnection: close\r\n\r\n012"
    );
    assert_eq!(end, None);
}

#[test]
fn raw_bytes_arrive_unchanged() {
    assert_eq!(
        response_to(Reply::raw("SSH-2.0-x\r\n")),
        ("SSH-2.0-x\r\n".to_owned(), None)
    );
    assert_eq!(response_to(Reply::raw("")), (String::new(), None));
}

#[test]
fn a_dripping_body_is_complete() {
    let (text, end) = response_to(
        Reply::new(200)
            .with_body("abcde")
            .dripping(2, Duration::from_millis(1)),
    );
    assert!(text.ends_with("\r\n\r\nabcde"), "{text}");
    assert_eq!(end, None);
}

#[test]
fn a_gzipped_body_has_a_content_encoding() {
    let server = server(Reply::new(200).with_body("x".repeat(1000)).gzipped());
    let mut stream = connect(&server);
    let mut head = [0; 60];
    stream.read_exact(&mut head).unwrap();
    let head = String::from_utf8_lossy(&head).into_owned();
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: "),
        "{head}"
    );
}

#[tokio::test]
async fn a_reply_waits_for_its_gate() {
    let gate = Gate::new();
    let server = server(Reply::new(204).held_until(&gate));
    let (one, other) = (connect(&server), connect(&server));
    gate.reached(2).await;
    one.set_nonblocking(true).unwrap();
    assert_eq!(
        (&one).read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    one.set_nonblocking(false).unwrap();
    gate.open();
    for mut stream in [one, other] {
        let mut response = [0; 12];
        stream.read_exact(&mut response).unwrap();
        assert_eq!(&response, b"HTTP/1.1 204");
    }
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_body_stalls_until_its_gate_is_dropped() {
    let gate = Gate::new();
    let server = server(Reply::new(200).with_body("abc").stalled_after(1, &gate));
    let mut stream = connect(&server);
    gate.reached(1).await;
    let mut first =
        vec![0; "HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\na".len()];
    stream.read_exact(&mut first).unwrap();
    assert!(first.ends_with(b"\r\n\r\na"));
    stream.set_nonblocking(true).unwrap();
    assert_eq!(
        stream.read(&mut [0]).unwrap_err().kind(),
        ErrorKind::WouldBlock
    );
    stream.set_nonblocking(false).unwrap();
    drop(gate);
    assert_eq!(arrived(stream), ("bc".to_owned(), None));
}

#[tokio::test]
async fn a_server_with_a_held_reply_stops() {
    let gate = Gate::new();
    let held = server(Reply::new(204).held());
    let waiting = server(Reply::new(204).held_until(&gate));
    let (one, other) = (connect(&held), connect(&waiting));
    gate.reached(1).await;
    drop((held, waiting));
    assert_eq!(arrived(one).0, "");
    assert_eq!(arrived(other).0, "");
}

#[test]
fn records_the_bytes_of_requests() {
    let server = server(Reply::new(204));
    let mut stream = connect(&server);
    // Sent before the response to the first request.
    let chunked: &[u8] =
        b"POST http://x/a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    stream.write_all(chunked).unwrap();
    arrived(stream);
    let [first, second] = server.requests().try_into().unwrap();
    assert_eq!(first.raw, REQUEST);
    assert_eq!(first.target(), "/a?q=%2f");
    let spelled: Vec<(&[u8], &[u8])> = vec![
        (b"Host", b"X"),
        (b"X-Twice", b"1"),
        (b"x-Other", b"\xff"),
        (b"X-TWICE", b"2"),
        (b"Content-Length", b"2"),
    ];
    assert_eq!(
        first
            .raw_headers()
            .iter()
            .map(|(name, value)| (&name[..], &value[..]))
            .collect::<Vec<_>>(),
        spelled
    );
    assert_eq!(second.raw, chunked);
    assert_eq!(
        (second.target().as_str(), &second.body[..]),
        ("http://x/a", &b"ab"[..])
    );
    assert_eq!(server.connections(), 1);
}

#[test]
fn returns_replies_in_order() {
    let server = MockServer::start(DOCUMENT).unwrap();
    server.be_lenient();
    server.respond_in_turn("a", [Reply::raw("1"), Reply::raw("2")]);
    let responses = [(); 3].map(|()| arrived(connect(&server)).0);
    assert_eq!(responses, ["1", "2", "2"]);
}
