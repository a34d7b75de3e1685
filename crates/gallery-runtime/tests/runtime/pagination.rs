//! Tests of paginated lists as streams: requests, the end of the stream, and errors.

use std::time::Duration;

use gallery_runtime::{
    Call, Error, ErrorKind, Operation, PageStream, Pagination, PaginationError, PaginationStream,
    Parameter, RetryPolicy, Untyped,
};
use serde_json::{Value, json};

use crate::support::{RecordedRequest, Reply, Server, client};

/// The parameters are the page, its size, a cursor, and a filter.
const LIST: Operation = Operation::new("list", "GET", "/things").parameters(&[
    Parameter::query("page"),
    Parameter::query("per_page"),
    Parameter::query("after"),
    Parameter::query("q"),
]);

const NUMBERED: Pagination = Pagination::number(0, 0).size(1, 3);

/// The items and the error of a stream, and the queries of its requests.
#[derive(Debug, PartialEq)]
struct Walked {
    items: Vec<u32>,
    error: Option<String>,
    queries: Vec<String>,
}

fn call(server: &Server, pagination: Pagination, arguments: &[(usize, i64)]) -> Call {
    let transport = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    // Generated code has a static for each operation.
    let operation: &'static Operation = Box::leak(Box::new(LIST.pages(pagination)));
    let mut call = Call::new(&transport, operation);
    for (index, value) in arguments {
        call.set(*index, value);
    }
    call
}

fn queries(server: &Server) -> Vec<String> {
    let lines = server.request_lines();
    let target = |line: &String| line.trim_start_matches("GET /things").to_owned();
    lines.iter().map(target).collect()
}

async fn walk(server: &Server, pagination: Pagination, arguments: &[(usize, i64)]) -> Walked {
    walk_at_most(server, pagination, arguments, 1000).await
}

async fn walk_at_most(
    server: &Server,
    pagination: Pagination,
    arguments: &[(usize, i64)],
    max_pages: u64,
) -> Walked {
    let stream: PaginationStream<u32> = call(server, pagination, arguments).stream();
    let mut stream = stream.max_pages(max_pages);
    let (mut items, mut error) = (Vec::new(), None);
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(next) => {
                let before = error.replace(next.to_string());
                assert_eq!(before, None, "an error is returned once");
            }
        }
    }
    assert!(stream.next().await.is_none(), "the stream stays at the end");
    Walked {
        items,
        error,
        queries: queries(server),
    }
}

fn ended(items: impl IntoIterator<Item = u32>, queries: &[&str]) -> Walked {
    Walked {
        items: items.into_iter().collect(),
        error: None,
        queries: queries.iter().map(|&query| query.to_owned()).collect(),
    }
}

fn number(request: &RecordedRequest, name: &str) -> Option<usize> {
    let (_, query) = request.target.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

fn json_reply(body: &Value) -> Reply {
    Reply::new(200, &[], &body.to_string())
}

/// Serves the items from 0 by page number, and at most `cap` per page.
fn list(items: usize, cap: usize) -> Server {
    Server::start(move |request, _| {
        let size = number(request, "per_page").unwrap_or(3).min(cap);
        let from = number(request, "page").unwrap() * size;
        json_reply(&json!((from..items.min(from + size)).collect::<Vec<_>>()))
    })
}

/// Serves these bodies one after the other, and then errors.
fn bodies(bodies: &[Value]) -> Server {
    let bodies = bodies.to_vec();
    Server::start(move |_, before| match bodies.get(before) {
        Some(body) => json_reply(body),
        None => Reply::new(500, &[], "too many requests"),
    })
}

#[tokio::test]
async fn ends_after_a_short_or_empty_page() {
    let three = ["?page=0", "?page=1", "?page=2"];
    let walked = walk(&list(8, 100), NUMBERED, &[]).await;
    assert_eq!(walked, ended(0..8, &three));
    let walked = walk(&list(6, 100), NUMBERED, &[]).await;
    assert_eq!(walked, ended(0..6, &three));
    let walked = walk(&list(0, 100), NUMBERED, &[]).await;
    assert_eq!(walked, ended([], &["?page=0"]));
    // Without a page size, only an empty page is the last.
    let walked = walk(&list(4, 100), Pagination::number(0, 0), &[]).await;
    assert_eq!(walked, ended(0..4, &three));
}

#[tokio::test]
async fn ends_at_a_repeated_page() {
    let server = Server::always(|| Reply::new(200, &[], "[7, 8, 9]"));
    let walked = walk(&server, NUMBERED, &[]).await;
    assert_eq!(walked, ended([7, 8, 9], &["?page=0", "?page=1"]));
}

#[tokio::test]
async fn starts_at_the_given_page_with_the_given_size() {
    let walked = walk(&list(7, 100), NUMBERED, &[(0, 2), (1, 2), (3, 5)]).await;
    let queries = ["?page=2&per_page=2&q=5", "?page=3&per_page=2&q=5"];
    assert_eq!(walked, ended([4, 5, 6], &queries));
    let from_one = Pagination::number(0, 1).size(1, 3);
    let server = Server::always(|| Reply::new(200, &[], "[1]"));
    let walked = walk(&server, from_one, &[]).await;
    assert_eq!(walked, ended([1], &["?page=1"]));
}

#[tokio::test]
async fn continues_if_a_server_limits_the_page_size() {
    let walked = walk(&list(12, 5), NUMBERED.max(5), &[(1, 500)]).await;
    assert_eq!((walked.items.len(), walked.queries.len()), (12, 3));
    // The limit is unknown: only a page shorter than the default is the last.
    let walked = walk(&list(14, 5), NUMBERED, &[(1, 500)]).await;
    assert_eq!((walked.items.len(), walked.queries.len()), (14, 4));
}

#[tokio::test]
async fn ends_at_the_maximum_page_number() {
    let server = Server::always(|| Reply::new(200, &[], "[1, 2, 3]"));
    let walked = walk(&server, NUMBERED, &[(0, i64::MAX)]).await;
    assert_eq!((walked.items.len(), walked.queries.len()), (3, 1));
}

#[tokio::test]
async fn a_total_or_a_flag_tells_the_end() {
    let page =
        |items: &[u32], more: bool| json!({"data": {"list": items}, "more": more, "total": 5});
    let pages = [page(&[0, 1], true), page(&[2], true), page(&[3, 4], false)];
    let envelope = NUMBERED.items("/data/list");
    let walked = walk(&bodies(&pages), envelope.more("/more"), &[]).await;
    let three = ["?page=0", "?page=1", "?page=2"];
    assert_eq!(walked, ended(0..5, &three));
    let offset = Pagination::offset(0).items("/data/list").total("/total");
    let walked = walk(&bodies(&pages), offset, &[]).await;
    assert_eq!(walked, ended(0..5, &["?page=0", "?page=2", "?page=3"]));
    // Two items are before the first page.
    let rest = [page(&[2], true), page(&[3, 4], true)];
    let walked = walk(&bodies(&rest), offset, &[(0, 2)]).await;
    assert_eq!(walked, ended(2..5, &["?page=2", "?page=3"]));
    // A missing list is empty.
    let walked = walk(&bodies(&[json!({"data": null})]), offset, &[]).await;
    assert_eq!(walked, ended([], &["?page=0"]));
}

#[tokio::test]
async fn continues_after_an_empty_page_with_more() {
    let page = |items: &[u32], more: bool| json!({"data": items, "more": more});
    let empty = page(&[], true);
    let numbered = Pagination::number(0, 0).items("/data").more("/more");
    let pages = [
        page(&[0], true),
        empty.clone(),
        empty.clone(),
        page(&[1], false),
    ];
    let walked = walk(&bodies(&pages), numbered, &[]).await;
    let queries = ["?page=0", "?page=1", "?page=2", "?page=3"];
    assert_eq!(walked, ended(0..2, &queries));
    let endless = Server::start(move |_, _| json_reply(&empty));
    let walked = walk(&endless, numbered, &[]).await;
    let error =
        "list (GET /things): the server returned empty pages, 101 in a row, each with a next page";
    assert_eq!(walked.error.as_deref(), Some(error));
    // The next offset would be the same.
    let offset = Pagination::offset(0).items("/data").more("/more");
    let walked = walk(&endless, offset, &[]).await;
    let error =
        "list (GET /things): the server returned empty pages, 1 in a row, each with a next page";
    assert_eq!(walked.error.as_deref(), Some(error));
}

#[tokio::test]
async fn follows_cursors_of_the_body() {
    let page =
        |items: &[u32], next: Value| json!({"meta": {"next": next, "x": [{}]}, "data": items});
    let cursors = Pagination::cursor(2).next("/meta/next").items("/data");
    // An empty page can have a next one. The end is null, an empty text, or absent.
    for end in [json!(null), json!("")] {
        let pages = [
            page(&[0, 1], json!("a b")),
            page(&[], json!(7)),
            page(&[2], end),
        ];
        let walked = walk(&bodies(&pages), cursors, &[(3, 5)]).await;
        assert_eq!(
            walked,
            ended(0..3, &["?q=5", "?after=a%20b&q=5", "?after=7&q=5"])
        );
    }
    let walked = walk(&bodies(&[json!({"data": [1]})]), cursors, &[(2, 9)]).await;
    assert_eq!(walked, ended([1], &["?after=9"]));
    let walked = walk(&bodies(&[page(&[1], json!([1]))]), cursors, &[]).await;
    assert_eq!(walked.items, [1]);
    assert_eq!(
        walked.error.as_deref(),
        Some(
            "list (GET /things): the link to the next page is invalid: it is neither a text nor a number"
        )
    );
}

#[tokio::test]
async fn follows_cursors_of_headers_and_of_the_last_item() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[("x-next", "b")], "[0]"),
        _ => Reply::new(200, &[], "[1]"),
    });
    let walked = walk(&server, Pagination::cursor(2).next_header("X-Next"), &[]).await;
    assert_eq!(walked, ended(0..2, &["", "?after=b"]));
    // The items are ids.
    let last = Pagination::cursor(2).last("").items("/data");
    let page = |items: &[u32], more: bool| json!({"more": more, "data": items});
    let pages = [page(&[4, 5], true), page(&[6], true), page(&[7], false)];
    let walked = walk(&bodies(&pages), last.more("/more"), &[]).await;
    assert_eq!(walked, ended(4..8, &["", "?after=5", "?after=6"]));
    // Without a flag, an empty or short page is the last.
    let pages = [page(&[4, 5], true), page(&[6], true), page(&[], true)];
    let walked = walk(&bodies(&pages), last, &[]).await;
    assert_eq!(walked, ended(4..7, &["", "?after=5", "?after=6"]));
    let walked = walk(&bodies(&pages), last.size(1, 2), &[]).await;
    assert_eq!(walked, ended(4..7, &["", "?after=5"]));
}

#[tokio::test]
async fn follows_links_to_the_same_server() {
    let server = Server::start(|request, before| {
        let host = request.header("host").unwrap();
        let link = match before {
            0 => "<?page=b&x=1#top>; rel=\"next\"".to_owned(),
            1 => format!("<http://user:secret@{host}/other?p=2>; rel=next"),
            _ => "</things>; rel=\"prev\"".to_owned(),
        };
        let link = [("link", link.as_str())];
        Reply::new(200, &link, &format!("[{before}]"))
    });
    let walked = walk(&server, Pagination::link("next"), &[(3, 5)]).await;
    let queries = ["?q=5", "?page=b&x=1", "GET /other?p=2"];
    assert_eq!(walked, ended(0..3, &queries));
    let credentials = server
        .requests()
        .iter()
        .any(|own| own.header("authorization").is_some());
    assert!(!credentials);

    let page = |items: &[u32], next: Value| json!({"data": items, "links": {"next": next}});
    let pages = [page(&[0], json!("/things/2")), page(&[1], json!(null))];
    let urls = Pagination::url("/links/next").items("/data");
    let walked = walk(&bodies(&pages), urls, &[]).await;
    assert_eq!(walked, ended(0..2, &["", "/2"]));
}

#[tokio::test]
async fn rejects_links_to_other_servers() {
    let page = |next: &str| json!({"data": [1], "next": next});
    let urls = Pagination::url("/next").items("/data");
    for (next, error) in [
        (
            "http://127.0.0.1:1/things?secret=1",
            "the next page is on another server, http://127.0.0.1:1",
        ),
        (
            "//other.test/things",
            "the next page is on another server, http://other.test",
        ),
        (
            "file:///etc/passwd",
            "the next page is on another server, null",
        ),
        (
            "http://[",
            "the link to the next page is invalid: invalid IPv6 address",
        ),
    ] {
        let walked = walk(&bodies(&[page(next)]), urls, &[]).await;
        assert_eq!(
            (walked.items.as_slice(), walked.queries.len()),
            (&[1][..], 1)
        );
        assert_eq!(
            walked.error,
            Some(format!("list (GET /things): {error}")),
            "{next}"
        );
    }
}

#[tokio::test]
async fn ends_endless_lists() {
    // A cycle of two cursors.
    let server =
        Server::start(|_, before| json_reply(&json!({"data": [before], "next": before % 2})));
    let cursors = Pagination::cursor(2).next("/next").items("/data");
    let walked = walk(&server, cursors, &[]).await;
    let repeated = "list (GET /things): the server repeated the cursor or link of an earlier page";
    assert_eq!(walked.error.as_deref(), Some(repeated));
    assert!(walked.queries.len() < 8, "{walked:?}");
    // The cursor of the call is the first one.
    let same = Server::always(|| json_reply(&json!({"data": [1], "next": 7})));
    let walked = walk(&same, cursors, &[(2, 7)]).await;
    assert_eq!(walked.error.as_deref(), Some(repeated));
    assert_eq!(walked.queries, ["?after=7"]);
    let endless = |items: fn(usize) -> Vec<usize>| {
        Server::start(move |_, before| json_reply(&json!({"data": items(before), "next": before})))
    };
    let walked = walk(&endless(|_| Vec::new()), cursors, &[]).await;
    let empty =
        "list (GET /things): the server returned empty pages, 101 in a row, each with a next page";
    assert_eq!(
        (walked.error.as_deref(), walked.queries.len()),
        (Some(empty), 101)
    );
    let walked = walk_at_most(&endless(|before| vec![before]), cursors, &[], 20).await;
    let many = "list (GET /things): there are more than 20 pages; `max_pages` sets the limit";
    assert_eq!(
        (walked.error.as_deref(), walked.items.len()),
        (Some(many), 20)
    );
    let numbered = Server::start(|_, before| json_reply(&json!([before, 0, 0])));
    let walked = walk_at_most(&numbered, NUMBERED, &[], 20).await;
    assert_eq!(
        (walked.error.as_deref(), walked.items.len()),
        (Some(many), 60)
    );
    // A list that ends at the limit ends without an error.
    let walked = walk_at_most(&list(8, 100), NUMBERED, &[], 3).await;
    assert_eq!((walked.error, walked.items.len()), (None, 8));
}

#[tokio::test]
async fn returns_an_error_once_after_the_previous_items() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[], "[1, 2, 3]"),
        _ => Reply::new(403, &[], "no"),
    });
    let walked = walk(&server, NUMBERED, &[]).await;
    assert_eq!((walked.items, walked.queries.len()), (vec![1, 2, 3], 2));
    assert_eq!(
        walked.error.as_deref(),
        Some("list (GET /things): 403 Forbidden")
    );
    let invalid = bodies(&[json!({"data": ["x"]})]);
    let walked = walk(&invalid, NUMBERED.items("/data"), &[]).await;
    let error = walked.error.unwrap();
    assert!(
        error.starts_with("list (GET /things): invalid response (200 OK"),
        "{error}"
    );
}

#[tokio::test]
async fn pages_have_headers() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(
            200,
            &[("x-rate", "9")],
            r#"{"data": [1, 2], "next": "b", "more": 1}"#,
        ),
        _ => Reply::new(200, &[], r#"{"data": []}"#),
    });
    let cursors = Pagination::cursor(2).next("/next").items("/data");
    let mut pages: PageStream<Value, Untyped> = call(&server, cursors, &[]).pages();
    let first = pages.next().await.unwrap().unwrap();
    assert_eq!(first.headers()["x-rate"], "9");
    assert_eq!(first.into_inner()["data"], json!([1, 2]));
    assert_eq!(
        pages.next().await.unwrap().unwrap().into_inner(),
        json!({"data": []})
    );
    assert!(pages.next().await.is_none());
    // The page that is repeated is not returned again.
    let server = Server::always(|| Reply::new(200, &[], "[7, 8, 9]"));
    let mut pages: PageStream<Vec<u32>, Untyped> = call(&server, NUMBERED, &[]).pages();
    assert_eq!(pages.next().await.unwrap().unwrap().into_inner(), [7, 8, 9]);
    assert!(pages.next().await.is_none());
    let mut pages: PageStream<Vec<u32>, Untyped> =
        call(&server, NUMBERED, &[]).pages().max_pages(1);
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert!(
        matches!(&error, Error::Pagination(own) if *own.cause() == PaginationError::TooManyPages(1))
    );
    assert!(pages.next().await.is_none());
}

#[tokio::test]
async fn requests_pages_lazily_and_cancels_on_drop() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[], "[1, 2, 3]"),
        _ => Reply::stalled(""),
    });
    let mut stream: PaginationStream<u32> = call(&server, NUMBERED, &[]).stream();
    assert_eq!(
        queries(&server).len(),
        0,
        "no request before the first poll"
    );
    for item in 1..=3 {
        assert_eq!(stream.next().await.unwrap().unwrap(), item);
        assert_eq!(queries(&server).len(), 1);
    }
    for _ in 0..2 {
        let waiting = tokio::time::timeout(Duration::from_millis(200), stream.next()).await;
        assert!(waiting.is_err());
        // Dropping `next` keeps the pending request.
        assert_eq!(queries(&server).len(), 2);
    }
}

#[test]
fn streams_are_send_and_unpin() {
    fn is_send<T: Send + Unpin>() {}
    is_send::<PaginationStream<u32>>();
    is_send::<PageStream<u32>>();
}

/// Bodies of requests without parameters: the cursor and the number of the page are in the body.
const SEARCH: Operation = Operation::new("search", "POST", "/things").body("application/json");

async fn search(server: &Server, pagination: Pagination, body: Option<Value>) -> Vec<u32> {
    let transport = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    let operation: &'static Operation = Box::leak(Box::new(SEARCH.pages(pagination)));
    let mut call = Call::new(&transport, operation);
    if let Some(body) = body {
        call.json(&body);
    }
    let mut stream: PaginationStream<u32> = call.stream();
    let mut items = Vec::new();
    while let Some(item) = stream.next().await {
        items.push(item.unwrap());
    }
    items
}

fn sent(server: &Server) -> Vec<Value> {
    let requests = server.requests();
    let body = |request: &RecordedRequest| serde_json::from_str(&request.body).unwrap_or_default();
    requests.iter().map(body).collect()
}

#[tokio::test]
async fn sends_cursors_in_the_body() {
    let pagination = Pagination::cursor_in_body("/page/start")
        .next("/next")
        .items("/ids");
    let pages = [
        json!({"ids": [1, 2], "next": "b"}),
        json!({"ids": [3], "next": 7}),
        json!({"ids": [], "next": null}),
    ];
    for (body, first, second, third) in [
        (
            None,
            Value::Null,
            json!({"page": {"start": "b"}}),
            json!({"page": {"start": 7}}),
        ),
        (
            Some(json!({"q": 1, "page": {"size": 2, "start": "a"}})),
            json!({"q": 1, "page": {"size": 2, "start": "a"}}),
            json!({"q": 1, "page": {"size": 2, "start": "b"}}),
            json!({"q": 1, "page": {"size": 2, "start": 7}}),
        ),
    ] {
        let server = bodies(&pages);
        assert_eq!(search(&server, pagination, body).await, [1, 2, 3]);
        assert_eq!(sent(&server), [first, second, third]);
    }
}

#[tokio::test]
async fn numbers_pages_in_the_body() {
    let number = Pagination::number_in_body("/page", 1).size_in_body("/size", 2);
    let server = bodies(&[json!([1, 2, 3]), json!([4])]);
    let start = json!({"page": 4, "size": 3});
    let max = number.max(3);
    assert_eq!(search(&server, max, Some(start)).await, [1, 2, 3, 4]);
    let expected = [json!({"page": 4, "size": 3}), json!({"page": 5, "size": 3})];
    assert_eq!(sent(&server), expected);

    let server = bodies(&[json!([1, 2]), json!([3])]);
    let offset = Pagination::offset_in_body("/from").size_in_body("/size", 2);
    assert_eq!(search(&server, offset, None).await, [1, 2, 3]);
    assert_eq!(sent(&server), [json!({"from": 0}), json!({"from": 2})]);
}

#[tokio::test]
async fn ends_at_a_cursor_in_the_body_that_the_server_repeats() {
    let pagination = Pagination::cursor_in_body("/start")
        .next("/next")
        .items("/ids");
    let server = Server::start(|_, _| json_reply(&json!({"ids": [1], "next": "a"})));
    let transport = client(&server.root, |builder| builder);
    let operation: &'static Operation = Box::leak(Box::new(SEARCH.pages(pagination)));
    let mut call = Call::new(&transport, operation);
    call.json(&json!({"start": "a"}));
    let mut stream: PaginationStream<u32> = call.stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Pagination);
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn rejects_a_cursor_for_a_body_that_is_not_an_object() {
    let pagination = Pagination::cursor_in_body("/start")
        .next("/next")
        .items("/ids");
    let server = bodies(&[json!({"ids": [1], "next": "a"})]);
    let transport = client(&server.root, |builder| builder);
    let operation: &'static Operation = Box::leak(Box::new(SEARCH.pages(pagination)));
    let mut call = Call::new(&transport, operation);
    call.json(&json!([1]));
    let mut stream: PaginationStream<u32> = call.stream();
    assert_eq!(stream.next().await.unwrap().unwrap(), 1);
    let error = stream.next().await.unwrap().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
    assert!(
        error
            .to_string()
            .contains("the body has no place for `/start`"),
        "{error}"
    );
}
