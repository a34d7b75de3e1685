//! Tests of retries with a paused clock. A middleware responds in place of a server and records
//! the time of each attempt.

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gallery_runtime::reqwest::{Body, Method, Request, Response};
use gallery_runtime::{
    BoxError, CallOptions, ClientBuilder, Error, ErrorKind, Middleware, Next, OperationInfo,
    RetryPolicy, Token, TokenProvider, Transport, TransportError,
};
use tokio::time::Instant;

use crate::support::{INFO, Reply, Server, client, get, send, send_as};

/// A status and a `Retry-After` header. `None` never responds.
type ScriptedResponse = Option<(u16, Option<&'static str>)>;

/// The time in milliseconds and the body of each attempt.
type Log = Arc<Mutex<Vec<(u128, Option<Vec<u8>>)>>>;

/// Returns these responses in order, then repeats the last.
struct Script {
    replies: Vec<ScriptedResponse>,
    start: Instant,
    log: Log,
}

impl Middleware for Script {
    async fn handle(&self, request: Request, _: Next<'_>) -> Result<Response, TransportError> {
        let reply = {
            let mut log = self.log.lock().unwrap();
            let body = request.body().and_then(Body::as_bytes).map(<[u8]>::to_vec);
            log.push((self.start.elapsed().as_millis(), body));
            self.replies[(log.len() - 1).min(self.replies.len() - 1)]
        };
        let Some((status, retry_after)) = reply else {
            return std::future::pending().await;
        };
        let mut response = http::Response::builder().status(status);
        if let Some(retry_after) = retry_after {
            // A date is relative to the server's clock.
            response = response
                .header("retry-after", retry_after)
                .header("date", "Sun, 06 Nov 1994 08:49:07 GMT");
        }
        Ok(response.body(format!("{status}")).unwrap().into())
    }
}

fn scripted(
    replies: &[ScriptedResponse],
    set: impl FnOnce(ClientBuilder<Transport>) -> ClientBuilder<Transport>,
) -> (Transport, Log) {
    let log = Log::default();
    let script = Script {
        replies: replies.to_vec(),
        start: Instant::now(),
        log: Arc::clone(&log),
    };
    (
        client("http://127.0.0.1:9", |builder| {
            set(builder).middleware(script)
        }),
        log,
    )
}

fn times(log: &Log) -> Vec<u128> {
    log.lock().unwrap().iter().map(|(at, _)| *at).collect()
}

const BUSY: ScriptedResponse = Some((503, None));
const FINE: ScriptedResponse = Some((200, None));

#[tokio::test(start_paused = true)]
async fn retries_transient_statuses_of_idempotent_methods() {
    for (status, is_transient) in [
        (408, true),
        (429, true),
        (500, true),
        (502, true),
        (503, true),
        (504, true),
        (501, false),
        (400, false),
        (401, false),
        (404, false),
    ] {
        for (method, idempotent) in [
            (Method::GET, true),
            (Method::HEAD, true),
            (Method::PUT, true),
            (Method::DELETE, true),
            (Method::OPTIONS, true),
            (Method::POST, false),
            (Method::PATCH, false),
        ] {
            let (client, log) = scripted(&[Some((status, None)), FINE], |builder| builder);
            let result = send(&client, method.clone(), "1", Some("body")).await;
            let expected = if is_transient && idempotent { 2 } else { 1 };
            assert_eq!(
                (times(&log).len(), result.is_ok()),
                (expected, expected == 2),
                "{method} {status}"
            );
            assert!(
                log.lock()
                    .unwrap()
                    .iter()
                    .all(|(_, body)| body.as_deref() == Some(b"body"))
            );
        }
    }
    let (client, log) = scripted(&[BUSY, FINE], |builder| {
        builder.retry_policy(RetryPolicy::default().any_method())
    });
    send(&client, Method::POST, "1", None).await.unwrap();
    assert_eq!(times(&log).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn retries_no_get_with_side_effects() {
    const WRITES: OperationInfo = INFO.with_side_effects();
    for (policy, attempts) in [
        (RetryPolicy::default(), 1),
        (RetryPolicy::default().any_method(), 2),
    ] {
        let (client, log) = scripted(&[BUSY, FINE], |builder| builder.retry_policy(policy));
        _ = send_as(&WRITES, &client, Method::GET, "1", None).await;
        assert_eq!(times(&log).len(), attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn a_501_is_not_retryable() {
    let (client, _) = scripted(&[Some((501, None))], |builder| builder);
    let error = get(&client, "1").await.unwrap_err();
    assert!(!error.is_retryable());
}

#[tokio::test(start_paused = true)]
async fn doubles_delays_and_limits_attempts() {
    let (client, log) = scripted(&[BUSY], |builder| {
        builder.retry_policy(RetryPolicy::default().max_attempts(5))
    });
    let error = get(&client, "1").await.unwrap_err();
    assert_eq!(
        (
            error.kind(),
            error.body_excerpt().unwrap().as_ref(),
            error.is_retryable()
        ),
        (ErrorKind::Status, &b"503"[..], true)
    );
    let times = times(&log);
    assert_eq!(times.len(), 5);
    // The clock has a resolution of one millisecond.
    for (delay, max) in times
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .zip([200, 400, 800, 1600])
    {
        assert!((max / 2..=max + 1).contains(&delay), "{delay} of {max}");
    }
    let (client, log) = scripted(&[BUSY], |builder| builder);
    get(
        &client.with_options(CallOptions::new().retry_policy(RetryPolicy::none())),
        "1",
    )
    .await
    .unwrap_err();
    assert_eq!(self::times(&log).len(), 1);
    get(&client, "1").await.unwrap_err();
    assert_eq!(self::times(&log).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn respects_retry_after() {
    for (retry_after, at) in [
        ("7", 7000),
        ("0", 0),
        ("Sun, 06 Nov 1994 08:49:17 GMT", 10_000),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
    ] {
        let (client, log) = scripted(&[Some((429, Some(retry_after))), FINE], |builder| builder);
        get(&client, "1").await.unwrap();
        let times = times(&log);
        assert!(
            (at..=at + 1).contains(&times[1]),
            "{retry_after}: {times:?}"
        );
    }
}

/// The call ends at once with the last response.
#[tokio::test(start_paused = true)]
async fn ends_if_the_delay_exceeds_the_limits() {
    let day = Some((429, Some("86400")));
    for (first, max_elapsed, timeout, attempts) in [
        (day, 30, 60, 1),
        (Some((429, Some("40"))), 30, 60, 1),
        (Some((429, Some("20"))), 30, 60, 2),
        (Some((429, Some("20"))), 30, 19, 1),
        (
            Some((429, Some("18446744073709551615"))),
            u64::MAX,
            u64::MAX,
            1,
        ),
        // An invalid value is ignored.
        (Some((429, Some("soon"))), 30, 60, 3),
    ] {
        let (client, log) = scripted(&[first], |builder| {
            let policy = RetryPolicy::default()
                .max_attempts(attempts.max(2))
                .max_elapsed(Duration::from_secs(max_elapsed));
            builder
                .retry_policy(policy)
                .timeout(Duration::from_secs(timeout))
        });
        let start = Instant::now();
        let Error::ErrorResponse(response) = get(&client, "1").await.unwrap_err() else {
            panic!("{first:?}")
        };
        assert_eq!(
            (
                times(&log).len(),
                response.status().as_u16(),
                response.text().unwrap()
            ),
            (attempts as usize, 429, "429")
        );
        assert!(response.headers().contains_key("retry-after"));
        assert!(
            attempts > 1 || start.elapsed() < Duration::from_secs(1),
            "{first:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn timeout_ends_middleware() {
    let (client, log) = scripted(&[BUSY, None], |builder| {
        builder.timeout(Duration::from_secs(5))
    });
    let start = Instant::now();
    let error = get(&client, "1").await.unwrap_err();
    assert_eq!((error.kind(), times(&log).len()), (ErrorKind::Timeout, 2));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test]
async fn retries_lost_connections() {
    let quick = RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(1));
    for (method, attempts) in [(Method::GET, 3), (Method::POST, 1)] {
        let server = Server::start(|_, before| {
            if before < 2 {
                Reply::raw("")
            } else {
                Reply::new(200, &[], "yes")
            }
        });
        let result = send(
            &client(&server.root, |builder| builder.retry_policy(quick)),
            method,
            "1",
            Some("x"),
        )
        .await;
        assert_eq!(
            (server.requests().len(), result.is_ok()),
            (attempts, attempts == 3)
        );
    }
}

#[tokio::test(start_paused = true)]
async fn rules_for_operations_and_statuses_override_the_method() {
    const POST: OperationInfo = OperationInfo::new("search", "/search");
    const PUT: OperationInfo = OperationInfo::new("replace", "/replace");
    let policy = RetryPolicy::default()
        .operations(&["search"])
        .except(&["replace"])
        .statuses(&[409]);
    let cases = [
        (&POST, Method::POST, 503, 3),
        (&POST, Method::POST, 409, 3),
        (&POST, Method::POST, 400, 1),
        (&PUT, Method::PUT, 503, 1),
        (&INFO, Method::PUT, 409, 3),
        (&INFO, Method::POST, 409, 1),
    ];
    for (operation, method, status, attempts) in cases {
        let (transport, log) = scripted(&[Some((status, None))], |builder| {
            builder.retry_policy(policy)
        });
        send_as(operation, &transport, method, "a", None)
            .await
            .unwrap_err();
        assert_eq!(
            log.lock().unwrap().len(),
            attempts,
            "{operation:?} {status}"
        );
    }
    // `except` also overrides `any_method` and idempotency keys.
    let (transport, log) = scripted(&[Some((503, None))], |builder| {
        builder
            .retry_policy(policy.any_method())
            .idempotency_keys("idempotency-key")
    });
    send_as(&PUT, &transport, Method::POST, "a", None)
        .await
        .unwrap_err();
    assert_eq!(log.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn writes_with_an_idempotency_key_are_retried_with_the_same_key() {
    let server = Server::start(|_, before| match before % 2 {
        0 => Reply::new(503, &[], ""),
        _ => Reply::new(200, &[], "{}"),
    });
    let transport = client(&server.root, |builder| {
        let policy = RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO);
        builder
            .retry_policy(policy)
            .idempotency_keys("Idempotency-Key")
    });
    for _ in 0..20 {
        send(&transport, Method::POST, "a", Some("write"))
            .await
            .unwrap();
    }
    send(&transport, Method::PUT, "a", Some("write"))
        .await
        .unwrap();
    let requests = server.requests();
    let keys: Vec<_> = requests
        .iter()
        .map(|request| request.header("idempotency-key"))
        .collect();
    let (writes, others) = keys.split_at(40);
    assert_eq!(others, [None, None], "a `PUT` needs no key");
    let mut all = std::collections::BTreeSet::new();
    for pair in writes.chunks(2) {
        assert_eq!(pair[0], pair[1], "attempts of a call");
        assert_eq!(pair[0].unwrap().len(), 32);
        all.insert(pair[0]);
    }
    assert_eq!(all.len(), 20, "each call has its own key");

    // Keys of the caller and of single calls.
    let name = || "idempotency-key".parse().unwrap();
    let plain = client(&server.root, |builder| {
        builder.retry_policy(RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO))
    });
    let own = plain.with_options(
        CallOptions::new()
            .idempotency_keys(name())
            .header(name(), "own".parse().unwrap()),
    );
    send(&own, Method::POST, "a", None).await.unwrap();
    assert_eq!(
        server.requests().last().unwrap().header("idempotency-key"),
        Some("own")
    );
    let error = send(&plain, Method::POST, "a", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Status);
}

/// Returns a token for the first calls, then fails.
struct Expiring(AtomicUsize);

impl TokenProvider for Expiring {
    async fn token(&self, _: Option<&Token>) -> Result<Token, BoxError> {
        let left = self.0.load(Ordering::Relaxed);
        let left = left.checked_sub(1).ok_or("no token is left")?;
        self.0.store(left, Ordering::Relaxed);
        Ok(Token::new(format!("token-{left}")))
    }
}

/// Sends a write with an idempotency key, with tokens for some attempts. Returns the kind of error,
/// and whether the write may have been processed.
async fn write_error(root: &str, tokens: usize) -> (ErrorKind, bool) {
    let transport = client(root, |builder| {
        builder
            .retry_policy(RetryPolicy::default().backoff(Duration::ZERO, Duration::ZERO))
            .idempotency_keys("Idempotency-Key")
            .token_provider(Expiring(AtomicUsize::new(tokens)))
    });
    let sent = send(&transport, Method::POST, "a", Some("write")).await;
    let error = sent.unwrap_err();
    (error.kind(), error.may_have_been_processed())
}

#[tokio::test]
async fn a_retry_without_a_token_does_not_hide_that_the_write_was_sent() {
    for reply in [|| Reply::raw(""), || Reply::new(503, &[], "")] {
        let server = Server::always(reply);
        let error = write_error(&server.root, 1).await;
        assert_eq!(error, (ErrorKind::Credential, true));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_retry_that_cannot_connect_does_not_hide_that_the_write_was_sent() {
    // Accepts one connection, and closes the port before the connection.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (stream, _) = listener.accept().unwrap();
        drop(listener);
        let mut request = [0; 1024];
        std::io::Read::read(&mut &stream, &mut request).unwrap()
    });
    let error = write_error(&root, 3).await;
    assert!(server.join().unwrap() > 0);
    assert_eq!(error, (ErrorKind::Connect, true));
}

#[tokio::test]
async fn a_write_that_was_not_sent_was_not_processed() {
    let server = Server::always(|| Reply::new(401, &[], ""));
    let error = write_error(&server.root, 0).await;
    assert_eq!(error, (ErrorKind::Credential, false));
    assert!(server.requests().is_empty());
    // The server rejects the first token, and there is no other one.
    let error = write_error(&server.root, 1).await;
    assert_eq!(error, (ErrorKind::Credential, false));
    assert_eq!(server.requests().len(), 1);

    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    assert_eq!(
        write_error(&root, 3).await,
        (ErrorKind::Connect, false),
        "nothing listens"
    );
}
