//! Tests of waiting for rate limits, with a paused clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gallery_runtime::reqwest::{Request, Response};
use gallery_runtime::{
    CallOptions, ClientBuilder, ErrorKind, Middleware, Next, RetryPolicy, Transport, TransportError,
};
use tokio::time::Instant;

use crate::support::{client, get};

/// A status and the headers of a response.
type Scripted = (u16, &'static [(&'static str, &'static str)]);

/// Returns these responses in order, then repeats the last, and records the second of each attempt.
struct Script(Vec<Scripted>, Instant, Arc<Mutex<Vec<u64>>>);

impl Middleware for Script {
    async fn handle(&self, _: Request, _: Next<'_>) -> Result<Response, TransportError> {
        let mut log = self.2.lock().unwrap();
        log.push(self.1.elapsed().as_secs());
        let (status, headers) = self.0[(log.len() - 1).min(self.0.len() - 1)];
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        Ok(response.body("{}").unwrap().into())
    }
}

fn scripted(
    replies: &[Scripted],
    set: impl FnOnce(ClientBuilder<Transport>) -> ClientBuilder<Transport>,
) -> (Transport, Arc<Mutex<Vec<u64>>>) {
    let log = Arc::default();
    let script = Script(replies.to_vec(), Instant::now(), Arc::clone(&log));
    let transport = client("http://127.0.0.1:1", |builder| {
        set(builder.middleware(script))
    });
    (transport, log)
}

const LEFT: Scripted = (
    200,
    &[("x-ratelimit-remaining", "1"), ("x-ratelimit-reset", "30")],
);
const EXHAUSTED: Scripted = (
    200,
    &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30")],
);
const REFUSED: Scripted = (429, &[("retry-after", "10")]);

#[tokio::test(start_paused = true)]
async fn all_calls_wait_for_the_reset() {
    let (transport, log) = scripted(&[LEFT, EXHAUSTED, LEFT], |builder| {
        builder.wait_for_rate_limit(true)
    });
    let first = get(&transport, "a").await.unwrap();
    let limit = first.rate_limit().unwrap();
    assert_eq!(
        (limit.remaining, limit.reset),
        (1, Some(Duration::from_secs(30)))
    );
    get(&transport, "b").await.unwrap();
    let clone = transport.clone();
    let (one, other) = tokio::join!(get(&transport, "c"), get(&clone, "d"));
    one.unwrap();
    other.unwrap();
    assert_eq!(*log.lock().unwrap(), [0, 0, 30, 30]);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_makes_other_calls_wait() {
    let (transport, log) = scripted(&[REFUSED, LEFT], |builder| {
        builder
            .wait_for_rate_limit(true)
            .retry_policy(RetryPolicy::none())
    });
    get(&transport, "a").await.unwrap_err();
    get(&transport, "b").await.unwrap();
    assert_eq!(*log.lock().unwrap(), [0, 10]);
}

#[tokio::test(start_paused = true)]
async fn the_wait_is_off_by_default_and_ends_with_the_timeout() {
    let (transport, log) = scripted(&[EXHAUSTED], |builder| builder);
    get(&transport, "a").await.unwrap();
    get(&transport, "b").await.unwrap();
    assert_eq!(*log.lock().unwrap(), [0, 0]);
    let options = CallOptions::new()
        .wait_for_rate_limit(true)
        .timeout(Duration::from_secs(5));
    let waiting = transport.with_options(options);
    get(&waiting, "c").await.unwrap();
    let error = get(&waiting, "d").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Timeout);
    assert_eq!(
        *log.lock().unwrap(),
        [0, 0, 0],
        "the last call sent nothing"
    );
}

#[tokio::test(start_paused = true)]
async fn a_wait_has_a_maximum() {
    const YEARS: Scripted = (
        200,
        &[
            ("x-ratelimit-remaining", "0"),
            ("x-ratelimit-reset", "99999999"),
        ],
    );
    let (transport, log) = scripted(&[YEARS], |builder| {
        builder.wait_for_rate_limit(true).timeout(None)
    });
    get(&transport, "a").await.unwrap();
    get(&transport, "b").await.unwrap();
    assert_eq!(*log.lock().unwrap(), [0, 3600]);
}
