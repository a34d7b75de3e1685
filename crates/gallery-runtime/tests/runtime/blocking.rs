//! Tests of calls without async code.

use std::time::Duration;

use gallery_runtime::blocking::{Wait as _, WaitEach as _};
use gallery_runtime::{Call, ErrorKind, Operation, Pagination, RetryPolicy, Untyped};

use crate::support::{Reply, Server, client, get};

static LIST: Operation = Operation::new("list", "GET", "/things").pages(Pagination::link("next"));

#[test]
fn calls_of_many_threads_share_connections() {
    let server = Server::always(|| Reply::new(200, &[], "{}"));
    let transport = client(&server.root, |builder| builder);
    get(&transport, "first").wait().unwrap();
    // The thread of the connection runs between calls.
    std::thread::sleep(Duration::from_millis(50));
    get(&transport, "second").wait().unwrap();
    assert_eq!(server.connections(), 1);
    std::thread::scope(|scope| {
        for thread in 0..20 {
            let transport = &transport;
            scope.spawn(move || get(transport, &thread.to_string()).wait().unwrap());
        }
    });
    assert_eq!(server.requests().len(), 22);
}

#[test]
fn streams_are_iterators() {
    let server = Server::start(|request, _| match request.target.as_str() {
        "/things" => Reply::new(200, &[("link", "<?page=2>; rel=next")], "[1, 2]"),
        "/things?page=2" => Reply::new(200, &[], "[3]"),
        _ => Reply::new(500, &[], ""),
    });
    let transport = client(&server.root, |builder| builder);
    let items = Call::new(&transport, &LIST)
        .stream::<i64, Untyped>()
        .wait_each();
    assert_eq!(items.map(Result::unwrap).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_timeout_ends_a_call() {
    let server = Server::always(|| Reply::stalled("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n"));
    let transport = client(&server.root, |builder| {
        let builder = builder.timeout(Duration::from_millis(100));
        builder.retry_policy(RetryPolicy::none())
    });
    assert_eq!(
        get(&transport, "a").wait().unwrap_err().kind(),
        ErrorKind::Timeout
    );
}

#[tokio::test]
async fn waiting_in_async_code_panics() {
    let waiting = std::panic::catch_unwind(|| std::future::ready(()).wait());
    let message = waiting.unwrap_err();
    let message = message.downcast_ref::<&str>().copied().unwrap_or_default();
    assert!(
        message.contains("Cannot start a runtime from within a runtime"),
        "{message}"
    );
}
