//! Tests of events that arrive one after another.

use std::time::Duration;

use gallery_runtime::{
    BodyError, Call, ClientBuilder, Error, ErrorKind, Event, EventStream, Operation, Parameter,
    ResponseValue, RetryPolicy, Transport, Untyped,
};

use crate::support::{RecordedRequest, Reply, Server, client};

static WATCH: Operation = Operation::new("watch", "GET", "/events")
    .parameters(&[Parameter::query("topic")])
    .accept("application/json")
    .successes(&[200])
    .errors(&[404])
    .events("text/event-stream");
static LOG: Operation = Operation::new("log", "GET", "/log").events("application/x-ndjson");
static CHAT: Operation = Operation::new("chat", "POST", "/chat").text_events("text/event-stream");

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n";

type Opened<T> = Result<ResponseValue<EventStream<T>>, Error>;

/// Sends these events and closes the connection.
fn events(text: &str) -> Reply {
    Reply::raw(format!("{HEAD}connection: close\r\n\r\n{text}"))
}

/// Sends these events and keeps the connection open.
fn stalled(text: &str) -> Reply {
    Reply::stalled(&format!("{HEAD}\r\n{text}"))
}

async fn open_with(
    server: &Server,
    operation: &'static Operation,
    change: impl FnOnce(ClientBuilder<Transport>) -> ClientBuilder<Transport>,
) -> Opened<i64> {
    let transport = client(&server.root, |builder| {
        change(builder.retry_policy(RetryPolicy::none()))
    });
    Call::new(&transport, operation).events().await
}

async fn open(server: &Server) -> Opened<i64> {
    open_with(server, &WATCH, |builder| {
        builder.timeout(Duration::from_millis(500))
    })
    .await
}

/// Returns the data until the end or an error that ends the stream.
async fn all(mut stream: EventStream<i64>) -> (Vec<i64>, Option<Error>) {
    let mut all = Vec::new();
    while let Some(next) = stream.next().await {
        match next {
            Ok(event) => all.push(event.data),
            Err(error) => {
                assert!(stream.next().await.is_none(), "an error is the end");
                return (all, Some(error));
            }
        }
    }
    assert!(stream.next().await.is_none(), "the end stays");
    (all, None)
}

fn body_error(error: Option<Error>) -> BodyError {
    match error {
        Some(Error::InvalidResponse(_, error)) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn returns_events_with_name_and_id() {
    let text = ": hello\n\nid: 7\nevent: count\ndata: 1\n\ndata: 2\n\nid\ndata: 3\n\n";
    let server = Server::always(move || events(text));
    let response = open(&server).await.unwrap();
    assert_eq!(
        response.headers()["content-type"],
        "text/event-stream; charset=utf-8"
    );
    let mut stream = response.into_inner();
    let shown = |event: Event<i64>| (event.data, event.name, event.id);
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        shown(stream.next().await.unwrap().unwrap()),
        (1, text("count"), text("7"))
    );
    assert_eq!(
        shown(stream.next().await.unwrap().unwrap()),
        (2, None, text("7"))
    );
    assert_eq!(stream.last_event_id(), Some("7"));
    assert_eq!(
        shown(stream.next().await.unwrap().unwrap()),
        (3, None, None)
    );
    assert!(stream.next().await.is_none());
    let requests = server.requests();
    assert_eq!(
        requests.len(),
        1,
        "the end is not followed by a reconnection"
    );
    assert_eq!(requests[0].header("accept"), Some("text/event-stream"));
}

#[tokio::test]
async fn events_arrive_before_the_end_of_the_response() {
    let server = Server::always(|| stalled("data: 1\n\n"));
    let mut stream = open(&server).await.unwrap();
    assert_eq!(stream.next().await.unwrap().unwrap().data, 1);
}

#[tokio::test]
async fn wrong_data_is_an_error_of_its_event() {
    let server = Server::always(|| events("data: 1\n\ndata: no number\n\ndata: 3\n\n"));
    let mut stream = open(&server).await.unwrap().into_inner();
    assert_eq!(stream.next().await.unwrap().unwrap().data, 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidBody);
    assert_eq!(&error.body_excerpt().unwrap()[..], b"no number");
    assert_eq!(stream.next().await.unwrap().unwrap().data, 3);
}

#[tokio::test]
async fn done_ends_a_stream_of_json_but_not_of_text() {
    let server = Server::always(|| stalled("data: 1\n\ndata: [DONE]\n\ndata: 3\n\n"));
    let (data, error) = all(open(&server).await.unwrap().into_inner().reconnect(5)).await;
    assert!(data == [1] && error.is_none(), "{data:?} {error:?}");
    assert_eq!(server.requests().len(), 1);
    let transport = client(&server.root, |builder| builder);
    let mut text = Call::new(&transport, &CHAT)
        .events::<String, Untyped>()
        .await
        .unwrap();
    for expected in ["1", "[DONE]", "3"] {
        assert_eq!(text.next().await.unwrap().unwrap().data, expected);
    }
}

#[tokio::test]
async fn lines_of_json_are_events() {
    let lines = "1\n\n2\r\n3";
    let server = Server::always(move || {
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/x-ndjson\r\n";
        Reply::raw(format!("{head}connection: close\r\n\r\n{lines}"))
    });
    let stream = open_with(&server, &LOG, |builder| builder).await.unwrap();
    let (data, error) = all(stream.into_inner().reconnect(5)).await;
    assert!(data == [1, 2, 3] && error.is_none(), "{data:?} {error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn other_responses_are_errors() {
    let server = Server::always(|| Reply::new(200, &[("content-type", "application/json")], "1"));
    let error = body_error(open(&server).await.err());
    let expected = "the response is \"application/json\", not a stream of events";
    assert_eq!(error.to_string(), expected);

    let server = Server::always(|| Reply::new(404, &[], "{\"message\": \"no topic\"}"));
    let error = open(&server).await.unwrap_err();
    assert_eq!(error.message(), Some("no topic"));

    let server = Server::always(|| Reply::new(500, &[], ""));
    assert_eq!(open(&server).await.unwrap_err().kind(), ErrorKind::Status);

    let server = Server::always(|| Reply::new(204, &[], ""));
    let (data, error) = all(open(&server).await.unwrap().into_inner().reconnect(3)).await;
    assert!(data.is_empty() && error.is_none() && server.requests().len() == 1);
}

/// Documents may have media types that cannot be sent.
#[tokio::test]
async fn an_invalid_media_type_is_an_error() {
    static INVALID: Operation =
        Operation::new("log", "GET", "/log").events("text/event-stream; a=\"\n\"");
    let server = Server::always(|| events(""));
    let error = open_with(&server, &INVALID, |builder| builder)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    let start = "invalid request: log (GET /log): invalid value \"text/event-stream; a=\\\"\\n\\\"\" of the \
                 header `accept`: ";
    assert!(error.to_string().starts_with(start), "{error}");
    assert_eq!(server.requests(), []);
}

#[tokio::test]
async fn hostile_streams_end_with_an_error() {
    // An endless line, and an endless event.
    let lines = [
        format!("data: 1\n\ndata: {}", "2".repeat(2000)),
        format!("data: 1\n\n{}", "data: 22222\n".repeat(300)),
        format!("data: 1\n\n: {}", "2".repeat(2000)),
    ];
    for text in lines {
        let server = Server::always(move || stalled(&text));
        let stream = open_with(&server, &WATCH, |builder| builder.max_event_bytes(1000)).await;
        let (data, error) = all(stream.unwrap().into_inner().reconnect(5)).await;
        assert_eq!(data, [1]);
        assert!(matches!(body_error(error), BodyError::TooLarge(1000)));
        assert_eq!(server.requests().len(), 1);
    }
    let server = Server::always(|| stalled("data: 1\n\ndata: 2"));
    let (data, error) = all(open(&server).await.unwrap().into_inner()).await;
    assert_eq!(data, [1]);
    assert!(matches!(body_error(error), BodyError::Timeout));

    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\ndata: 1\n\n\r\n";
    let server = Server::always(move || Reply::raw(chunked));
    let (data, error) = all(open(&server).await.unwrap().into_inner()).await;
    assert_eq!(data, [1]);
    assert!(matches!(body_error(error), BodyError::Read(_)));
}

/// Returns the last ID that each request sent.
fn last_ids(requests: &[RecordedRequest]) -> Vec<Option<&str>> {
    let ids = requests
        .iter()
        .map(|request| request.header("last-event-id"));
    ids.collect()
}

#[tokio::test]
async fn continues_after_the_last_event() {
    let server = Server::start(|_, before| match before {
        0 => events("retry: 1\nid: a\ndata: 1\n\nid: b\ndata: incomplete\n"),
        1 => stalled("id: b\ndata: 2\n\n"),
        2 => Reply::raw(""),
        3 => events("data: 3\n\nid\ndata: 4\n\n"),
        _ => Reply::new(204, &[], ""),
    });
    let stream = open(&server).await.unwrap().into_inner().reconnect(2);
    let (data, error) = all(stream).await;
    assert!(
        data == [1, 2, 3, 4] && error.is_none(),
        "{data:?} {error:?}"
    );
    let requests = server.requests();
    assert_eq!(
        last_ids(&requests),
        [None, Some("a"), Some("b"), Some("b"), None]
    );
    assert!(requests.iter().all(|request| request.target == "/events"));
}

#[tokio::test]
async fn reconnections_without_an_event_are_limited() {
    let server = Server::always(|| events("retry: 1\n\n"));
    let stream = open(&server).await.unwrap().into_inner().reconnect(3);
    let (_, error) = all(stream).await;
    let error = error.unwrap();
    assert!(error.kind() == ErrorKind::ConnectionLost && error.is_retryable());
    let message =
        "watch (GET /events): invalid response (200 OK, text/event-stream; charset=utf-8)";
    assert_eq!(error.to_string(), message);
    let expected = "3 reconnections in a row brought no event";
    assert_eq!(body_error(Some(error)).to_string(), expected);
    assert_eq!(server.requests().len(), 4);

    let server = Server::start(|_, before| match before {
        0 => events("retry: 1\ndata: 1\n\n"),
        _ => Reply::raw(""),
    });
    let stream = open(&server).await.unwrap().into_inner().reconnect(2);
    let (data, error) = all(stream).await;
    assert_eq!(data, [1]);
    assert_eq!(error.unwrap().kind(), ErrorKind::ConnectionLost);
    assert_eq!(server.requests().len(), 3);

    let server = Server::start(|_, before| match before {
        0 => events("retry: 1\ndata: 1\n\n"),
        _ => Reply::new(404, &[], "{\"message\": \"gone\"}"),
    });
    let stream = open(&server).await.unwrap().into_inner().reconnect(9);
    assert_eq!(all(stream).await.1.unwrap().message(), Some("gone"));
    assert_eq!(server.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn delays_double_and_are_limited() {
    let server = Server::always(|| events(""));
    let transport = client(&server.root, |builder| builder.timeout(None));
    let stream = Call::new(&transport, &WATCH).events::<i64, Untyped>().await;
    let start = tokio::time::Instant::now();
    let (_, error) = all(stream.unwrap().into_inner().reconnect(7)).await;
    assert!(error.is_some());
    // 1, 2, 4, 8, 16, 30 and 30 seconds.
    assert_eq!(start.elapsed().as_secs(), 91);
}
