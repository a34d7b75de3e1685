//! A list in pages as a stream, asked for as generated code does it: when it asks, when it ends, and what becomes of errors.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_runtime::reqwest::Method;
use gallery_runtime::{
    Error, Pagination, PaginationStream, ResponseValue, RetryPolicy, Style, Transport, paginate,
};
use support::{INFO, Reply, Seen, Server, client};

const PAGING: Pagination = Pagination {
    first: 0,
    default: 3,
    max: None,
};

/// What a caller sets, as builders keep it.
type Set = Result<Option<i32>, String>;

async fn ask(
    transport: &Transport,
    page: i64,
    per_page: Set,
) -> Result<ResponseValue<Vec<u32>>, Error> {
    let per_page = per_page.map_err(Error::InvalidRequest)?;
    let mut request = transport.request(Method::GET);
    request.literal("/things");
    request.query("page", Style::Form, true, &page)?;
    request.query("per_page", Style::Form, true, &per_page)?;
    let answer = transport.send(request.build()?, &INFO).await?;
    match answer.status().as_u16() {
        200 => ResponseValue::from_response(answer).await,
        400..=599 => Err(Error::documented(
            ResponseValue::untyped_error(answer).await,
        )),
        _ => Err(Error::undocumented(answer).await),
    }
}

fn stream(
    transport: &Transport,
    paging: Pagination,
    page: Set,
    per_page: Set,
) -> PaginationStream<'_, u32> {
    let asked = per_page.clone();
    paginate(paging, page, per_page, move |page| {
        ask(transport, page, asked.clone())
    })
}

fn number(seen: &Seen, name: &str) -> Option<usize> {
    let (_, query) = seen.target.split_once('?')?;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')?.parse().ok())
}

/// Has the items from 0, and never gives more than `cap` of them at once.
fn list(items: usize, cap: usize) -> Server {
    Server::start(move |seen, _| {
        let size = number(seen, "per_page").unwrap_or(3).min(cap);
        let from = number(seen, "page").unwrap() * size;
        Reply::new(
            200,
            &[],
            &format!("{:?}", (from..items.min(from + size)).collect::<Vec<_>>()),
        )
    })
}

/// The items until the end or an error, and what was asked.
async fn all(
    server: &Server,
    paging: Pagination,
    page: Set,
    per_page: Set,
) -> (Vec<u32>, Option<String>, Vec<String>) {
    let transport = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::none())
    });
    let mut stream = stream(&transport, paging, page, per_page);
    let (mut items, mut error) = (Vec::new(), None);
    while let Some(item) = stream.next().await {
        match item {
            Ok(item) => items.push(item),
            Err(said) => assert_eq!(
                error.replace(said.to_string()),
                None,
                "an error is given once"
            ),
        }
    }
    assert!(stream.next().await.is_none(), "it stays ended");
    let asked = server
        .asked()
        .iter()
        .map(|line| line.replace("GET /things?", ""))
        .collect();
    (items, error, asked)
}

fn upto(end: u32) -> Vec<u32> {
    (0..end).collect()
}

#[tokio::test]
async fn it_ends_after_a_short_page() {
    let (items, error, asked) = all(&list(8, 100), PAGING, Ok(None), Ok(None)).await;
    assert_eq!((items, error), (upto(8), None));
    assert_eq!(asked, ["page=0", "page=1", "page=2"]);
}

#[tokio::test]
async fn it_ends_at_an_empty_page() {
    let (items, error, asked) = all(&list(6, 100), PAGING, Ok(None), Ok(None)).await;
    assert_eq!((items, error), (upto(6), None));
    assert_eq!(asked, ["page=0", "page=1", "page=2"]);
    let (items, _, asked) = all(&list(0, 100), PAGING, Ok(None), Ok(None)).await;
    assert_eq!((items.len(), asked.len()), (0, 1));
}

#[tokio::test]
async fn it_ends_at_a_repeated_page() {
    let server = Server::always(|| Reply::new(200, &[], "[7, 8, 9]"));
    let (items, error, asked) = all(&server, PAGING, Ok(None), Ok(None)).await;
    assert_eq!((items, error, asked.len()), (vec![7, 8, 9], None, 2));
}

#[tokio::test]
async fn it_begins_where_the_caller_says_and_asks_for_as_many() {
    let (items, _, asked) = all(&list(7, 100), PAGING, Ok(Some(2)), Ok(Some(2))).await;
    assert_eq!(
        (items, asked),
        (
            vec![4, 5, 6],
            vec![
                "page=2&per_page=2".to_owned(),
                "page=3&per_page=2".to_owned()
            ]
        )
    );
    let from_one = Pagination { first: 1, ..PAGING };
    let server = Server::always(|| Reply::new(200, &[], "[1]"));
    assert_eq!(
        all(&server, from_one, Ok(None), Ok(None)).await.2,
        ["page=1"]
    );
}

#[tokio::test]
async fn a_server_that_cuts_pages_in_silence_does_not_end_it() {
    let known = Pagination {
        max: Some(5),
        ..PAGING
    };
    let (items, _, asked) = all(&list(12, 5), known, Ok(None), Ok(Some(500))).await;
    assert_eq!(
        (items, asked.len()),
        (upto(12), 3),
        "the page with two is the last"
    );
    // Nobody knows of the cut: only a page that is shorter than the default is short.
    let (items, _, asked) = all(&list(14, 5), PAGING, Ok(None), Ok(Some(500))).await;
    assert_eq!(
        (items, asked.len()),
        (upto(14), 4),
        "four items may be a page that was cut"
    );
}

#[tokio::test]
async fn an_error_is_given_once_after_the_items_before_it() {
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[], "[1, 2, 3]"),
        _ => Reply::new(403, &[], "no"),
    });
    let (items, error, asked) = all(&server, PAGING, Ok(None), Ok(None)).await;
    assert_eq!((items, asked.len()), (vec![1, 2, 3], 2));
    assert_eq!(error.as_deref(), Some("the server answered 403 Forbidden"));
}

#[tokio::test]
async fn an_argument_that_is_refused_is_an_error_and_nothing_is_asked() {
    let refused = || Err("no number".to_owned());
    for (page, per_page) in [(refused(), Ok(None)), (Ok(None), refused())] {
        let (items, error, asked) = all(&list(8, 100), PAGING, page, per_page).await;
        assert_eq!((items.len(), asked.len()), (0, 0));
        assert!(error.unwrap().contains("no number"));
    }
}

#[tokio::test]
async fn the_last_number_there_is_ends_it() {
    let mut at_the_end: PaginationStream<'_, u32> = paginate(
        Pagination {
            first: i64::MAX,
            ..PAGING
        },
        Ok(None::<i64>),
        Ok(None::<i64>),
        |page| async move {
            let server = Server::always(|| Reply::new(200, &[], "[1, 2, 3]"));
            ask(&client(&server.root, |builder| builder), page, Ok(None)).await
        },
    );
    for _ in 0..3 {
        at_the_end.next().await.unwrap().unwrap();
    }
    assert!(at_the_end.next().await.is_none());
}

#[tokio::test]
async fn the_next_page_is_asked_for_when_the_items_are_used_up_and_dropped_with_the_stream() {
    /// Counts the requests that are under way.
    struct UnderWay(Arc<AtomicUsize>);
    impl Drop for UnderWay {
        fn drop(&mut self) {
            self.0.fetch_sub(1, Ordering::SeqCst);
        }
    }
    let server = Server::start(|_, before| match before {
        0 => Reply::new(200, &[], "[1, 2, 3]"),
        _ => Reply::stalled(""),
    });
    let transport = client(&server.root, |builder| builder);
    let under_way = Arc::new(AtomicUsize::new(0));
    let mut stream: PaginationStream<'_, u32> =
        paginate(PAGING, Ok(None::<i64>), Ok(None::<i64>), |page| {
            under_way.fetch_add(1, Ordering::SeqCst);
            let (guard, transport) = (UnderWay(Arc::clone(&under_way)), &transport);
            async move {
                let _guard = guard;
                ask(transport, page, Ok(None)).await
            }
        });
    assert_eq!(
        server.asked().len(),
        0,
        "nothing is asked for before it is polled"
    );
    for item in 1..=3 {
        assert_eq!(stream.next().await.unwrap().unwrap(), item);
        assert_eq!(server.asked().len(), 1);
    }
    let waiting = tokio::time::timeout(std::time::Duration::from_millis(200), stream.next()).await;
    assert!(waiting.is_err());
    assert_eq!(
        (server.asked().len(), under_way.load(Ordering::SeqCst)),
        (2, 1),
        "a `next` that is dropped loses nothing"
    );
    drop(stream);
    assert_eq!(under_way.load(Ordering::SeqCst), 0);
}

#[test]
fn streams_go_from_thread_to_thread() {
    fn is_send<T: Send + Unpin>() {}
    is_send::<PaginationStream<'static, u32>>();
}
