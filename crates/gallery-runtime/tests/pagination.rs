//! Tests for paginated lists as streams: requests, end of the stream, and errors.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_runtime::reqwest::Method;
use gallery_runtime::{
    Error, Pagination, PaginationStream, ResponseValue, RetryPolicy, Style, Transport, paginate,
};
use support::{INFO, RecordedRequest, Reply, Server, client};

const PAGINATION: Pagination = Pagination {
    first: 0,
    default: 3,
    max: None,
};

/// An argument.
type Argument = Option<i64>;

async fn request_page(
    transport: &Transport,
    page: i64,
    per_page: Argument,
) -> Result<ResponseValue<Vec<u32>>, Error> {
    let mut request = transport.request(Method::GET);
    request.literal("/things");
    request.query("page", Style::Form, true, &page)?;
    request.query("per_page", Style::Form, true, &per_page)?;
    let response = transport.send(request.build()?, &INFO).await?;
    match response.status().as_u16() {
        200 => ResponseValue::from_response(response).await,
        400..=599 => Err(Error::documented(
            ResponseValue::untyped_error(response).await,
        )),
        _ => Err(Error::undocumented(response).await),
    }
}

fn stream(
    transport: &Transport,
    pagination: Pagination,
    page: Argument,
    per_page: Argument,
) -> PaginationStream<u32> {
    let transport = transport.clone();
    paginate(pagination, page, per_page, move |page| {
        let transport = transport.clone();
        async move { request_page(&transport, page, per_page).await }
    })
}

fn number(request: &RecordedRequest, name: &str) -> Option<usize> {
    let (_, query) = request.target.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

/// Serves the items from 0, and at most `cap` per page.
fn list(items: usize, cap: usize) -> Server {
    Server::start(move |request, _| {
        let size = number(request, "per_page").unwrap_or(3).min(cap);
        let from = number(request, "page").unwrap() * size;
        Reply::new(
            200,
            &[],
            &format!("{:?}", (from..items.min(from + size)).collect::<Vec<_>>()),
        )
    })
}

/// Returns the items until the end or an error, and the queries of the requests.
async fn all(
    server: &Server,
    pagination: Pagination,
    page: Argument,
    per_page: Argument,
) -> (Vec<u32>, Option<String>, Vec<String>) {
    let transport = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    let mut stream = stream(&transport, pagination, page, per_page);
    let (mut items, mut error) = (Vec::new(), None);
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(next) => assert_eq!(
                error.replace(next.to_string()),
                None,
                "an error is returned once"
            ),
        }
    }
    assert!(stream.next().await.is_none(), "the stream stays at the end");
    let queries = server
        .request_lines()
        .iter()
        .map(|line| line.replace("GET /things?", ""))
        .collect();
    (items, error, queries)
}

fn upto(end: u32) -> Vec<u32> {
    (0..end).collect()
}

#[tokio::test]
async fn ends_after_a_short_page() {
    let (items, error, queries) = all(&list(8, 100), PAGINATION, None, None).await;
    assert_eq!((items, error), (upto(8), None));
    assert_eq!(queries, ["page=0", "page=1", "page=2"]);
}

#[tokio::test]
async fn ends_at_an_empty_page() {
    let (items, error, queries) = all(&list(6, 100), PAGINATION, None, None).await;
    assert_eq!((items, error), (upto(6), None));
    assert_eq!(queries, ["page=0", "page=1", "page=2"]);
    let (items, _, queries) = all(&list(0, 100), PAGINATION, None, None).await;
    assert_eq!((items.len(), queries.len()), (0, 1));
}

#[tokio::test]
async fn ends_at_a_repeated_page() {
    let server = Server::always(|| Reply::new(200, &[], "[7, 8, 9]"));
    let (items, error, queries) = all(&server, PAGINATION, None, None).await;
    assert_eq!((items, error, queries.len()), (vec![7, 8, 9], None, 2));
}

#[tokio::test]
async fn starts_at_the_given_page_with_the_given_size() {
    let (items, _, queries) = all(&list(7, 100), PAGINATION, Some(2), Some(2)).await;
    assert_eq!(
        (items, queries),
        (
            vec![4, 5, 6],
            vec![
                "page=2&per_page=2".to_owned(),
                "page=3&per_page=2".to_owned()
            ]
        )
    );
    let from_one = Pagination {
        first: 1,
        ..PAGINATION
    };
    let server = Server::always(|| Reply::new(200, &[], "[1]"));
    assert_eq!(all(&server, from_one, None, None).await.2, ["page=1"]);
}

#[tokio::test]
async fn continues_if_a_server_limits_the_page_size() {
    let known = Pagination {
        max: Some(5),
        ..PAGINATION
    };
    let (items, _, queries) = all(&list(12, 5), known, None, Some(500)).await;
    assert_eq!(
        (items, queries.len()),
        (upto(12), 3),
        "the page with two items is the last"
    );
    // The limit is unknown: only a page shorter than the default is the last.
    let (items, _, queries) = all(&list(14, 5), PAGINATION, None, Some(500)).await;
    assert_eq!(
        (items, queries.len()),
        (upto(14), 4),
        "a page of four items may be limited"
    );
}

#[tokio::test]
async fn returns_an_error_once_after_the_previous_items() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[], "[1, 2, 3]"),
        _ => Reply::new(403, &[], "no"),
    });
    let (items, error, queries) = all(&server, PAGINATION, None, None).await;
    assert_eq!((items, queries.len()), (vec![1, 2, 3], 2));
    assert_eq!(
        error.as_deref(),
        Some("get_thing (GET /things/{id}): 403 Forbidden")
    );
}

#[tokio::test]
async fn ends_at_the_maximum_page_number() {
    let mut stream: PaginationStream<u32> = paginate(
        Pagination {
            first: i64::MAX,
            ..PAGINATION
        },
        None,
        None,
        |page| async move {
            let server = Server::always(|| Reply::new(200, &[], "[1, 2, 3]"));
            request_page(&client(&server.root, |builder| builder), page, None).await
        },
    );
    for _ in 0..3 {
        stream.next().await.unwrap().unwrap();
    }
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn requests_pages_lazily_and_cancels_on_drop() {
    /// Counts pending requests.
    struct Pending(Arc<AtomicUsize>);
    impl Drop for Pending {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[], "[1, 2, 3]"),
        _ => Reply::stalled(""),
    });
    let transport = client(&server.root, |builder| builder);
    let pending = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&pending);
    let mut stream: PaginationStream<u32> = paginate(PAGINATION, None, None, move |page| {
        counter.fetch_add(1, Ordering::SeqCst);
        let (guard, transport) = (Pending(Arc::clone(&counter)), transport.clone());
        async move {
            let _guard = guard;
            request_page(&transport, page, None).await
        }
    });
    assert_eq!(
        server.request_lines().len(),
        0,
        "no request before the first poll"
    );
    for item in 1..=3 {
        assert_eq!(stream.next().await.unwrap().unwrap(), item);
        assert_eq!(server.request_lines().len(), 1);
    }
    let waiting = tokio::time::timeout(std::time::Duration::from_millis(200), stream.next()).await;
    assert!(waiting.is_err());
    assert_eq!(
        (server.request_lines().len(), pending.load(Ordering::SeqCst)),
        (2, 1),
        "dropping `next` keeps the pending request"
    );
    drop(stream);
    assert_eq!(pending.load(Ordering::SeqCst), 0);
}

#[test]
fn streams_are_send_and_unpin() {
    fn is_send<T: Send + Unpin>() {}
    is_send::<PaginationStream<u32>>();
}
