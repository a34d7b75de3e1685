//! When attempts are made again, on a clock that stands still: a hook answers in place of a server, and says when it was asked.

#![expect(clippy::unwrap_used, reason = "a test")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use gallery_runtime::reqwest::{Body, Method, Request, Response};
use gallery_runtime::{
    CallOptions, ClientBuilder, Error, ErrorKind, Middleware, Next, RetryPolicy, Transport,
    TransportError,
};
use support::{Reply, Server, client, get, send};
use tokio::time::Instant;

/// A status and a `Retry-After`; `None` is no answer ever.
type Scripted = Option<(u16, Option<&'static str>)>;

/// When it was asked, in milliseconds, and what the body was.
type Asked = Arc<Mutex<Vec<(u128, Option<Vec<u8>>)>>>;

/// Answers with these, one after the other, and then with the last.
struct Script {
    replies: Vec<Scripted>,
    begun: Instant,
    asked: Asked,
}

impl Middleware for Script {
    async fn handle(&self, request: Request, _: Next<'_>) -> Result<Response, TransportError> {
        let reply = {
            let mut asked = self.asked.lock().unwrap();
            let body = request.body().and_then(Body::as_bytes).map(<[u8]>::to_vec);
            asked.push((self.begun.elapsed().as_millis(), body));
            self.replies[(asked.len() - 1).min(self.replies.len() - 1)]
        };
        let Some((status, retry_after)) = reply else {
            return std::future::pending().await;
        };
        let mut response = http::Response::builder().status(status);
        if let Some(retry_after) = retry_after {
            // The server's clock counts, not ours.
            response = response
                .header("retry-after", retry_after)
                .header("date", "Sun, 06 Nov 1994 08:49:07 GMT");
        }
        Ok(response.body(format!("{status}")).unwrap().into())
    }
}

fn scripted(
    replies: &[Scripted],
    set: impl FnOnce(ClientBuilder<Transport>) -> ClientBuilder<Transport>,
) -> (Transport, Asked) {
    let asked = Asked::default();
    let script = Script {
        replies: replies.to_vec(),
        begun: Instant::now(),
        asked: Arc::clone(&asked),
    };
    (
        client("http://127.0.0.1:9", |builder| {
            set(builder).middleware(script)
        }),
        asked,
    )
}

fn times(asked: &Asked) -> Vec<u128> {
    asked.lock().unwrap().iter().map(|(at, _)| *at).collect()
}

const BUSY: Scripted = Some((503, None));
const FINE: Scripted = Some((200, None));

#[tokio::test(start_paused = true)]
async fn which_statuses_and_methods_are_tried_again() {
    for (status, again) in [
        (408, true),
        (429, true),
        (500, true),
        (502, true),
        (503, true),
        (504, true),
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
            let (client, asked) = scripted(&[Some((status, None)), FINE], |builder| builder);
            let outcome = send(&client, method.clone(), "1", Some("body")).await;
            let expected = if again && idempotent { 2 } else { 1 };
            assert_eq!(
                (times(&asked).len(), outcome.is_ok()),
                (expected, expected == 2),
                "{method} {status}"
            );
            assert!(
                asked
                    .lock()
                    .unwrap()
                    .iter()
                    .all(|(_, body)| body.as_deref() == Some(b"body"))
            );
        }
    }
    let (client, asked) = scripted(&[BUSY, FINE], |builder| {
        builder.retry_policy(RetryPolicy::default().any_method())
    });
    send(&client, Method::POST, "1", None).await.unwrap();
    assert_eq!(times(&asked).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn waits_double_and_attempts_end() {
    let (client, asked) = scripted(&[BUSY], |builder| {
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
    let times = times(&asked);
    assert_eq!(times.len(), 5);
    // The clock has whole milliseconds, and may be one late.
    for (wait, longest) in times
        .windows(2)
        .map(|pair| pair[1] - pair[0])
        .zip([200, 400, 800, 1600])
    {
        assert!(
            (longest / 2..=longest + 1).contains(&wait),
            "{wait} of {longest}"
        );
    }
    let (client, asked) = scripted(&[BUSY], |builder| builder);
    get(
        &client.with_options(CallOptions::new().retry_policy(RetryPolicy::none())),
        "1",
    )
    .await
    .unwrap_err();
    assert_eq!(self::times(&asked).len(), 1);
    get(&client, "1").await.unwrap_err();
    assert_eq!(self::times(&asked).len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_server_says_when_to_come_back() {
    for (retry_after, at) in [
        ("7", 7000),
        ("0", 0),
        ("Sun, 06 Nov 1994 08:49:17 GMT", 10_000),
        ("Sun, 06 Nov 1994 08:00:00 GMT", 0),
    ] {
        let (client, asked) = scripted(&[Some((429, Some(retry_after))), FINE], |builder| builder);
        get(&client, "1").await.unwrap();
        let times = times(&asked);
        assert!(
            (at..=at + 1).contains(&times[1]),
            "{retry_after}: {times:?}"
        );
    }
}

/// What cannot be waited for is not: the call ends at once, with the answer that there is.
#[tokio::test(start_paused = true)]
async fn a_budget_and_a_timeout_end_a_call_at_once() {
    let day = Some((429, Some("86400")));
    for (first, budget, timeout, attempts) in [
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
        // What is no wait is passed over.
        (Some((429, Some("soon"))), 30, 60, 3),
    ] {
        let (client, asked) = scripted(&[first], |builder| {
            let retries = RetryPolicy::default()
                .max_attempts(attempts.max(2))
                .max_elapsed(Duration::from_secs(budget));
            builder
                .retry_policy(retries)
                .timeout(Duration::from_secs(timeout))
        });
        let begun = Instant::now();
        let Error::ErrorResponse(answer) = get(&client, "1").await.unwrap_err() else {
            panic!("{first:?}")
        };
        assert_eq!(
            (
                times(&asked).len(),
                answer.status().as_u16(),
                answer.text().unwrap()
            ),
            (attempts as usize, 429, "429")
        );
        assert!(answer.headers().contains_key("retry-after"));
        assert!(
            attempts > 1 || begun.elapsed() < Duration::from_secs(1),
            "{first:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_hook_that_never_ends_is_ended() {
    let (client, asked) = scripted(&[BUSY, None], |builder| {
        builder.timeout(Duration::from_secs(5))
    });
    let begun = Instant::now();
    let error = get(&client, "1").await.unwrap_err();
    assert_eq!((error.kind(), times(&asked).len()), (ErrorKind::Timeout, 2));
    assert_eq!(begun.elapsed().as_secs(), 5);
}

/// Over a real connection, with waits that are short.
#[tokio::test]
async fn broken_connections_are_tried_again() {
    let quick = RetryPolicy::default().backoff(Duration::from_millis(1), Duration::from_millis(1));
    for (method, attempts) in [(Method::GET, 3), (Method::POST, 1)] {
        let server = Server::start(|_, before| {
            if before < 2 {
                Reply::raw("")
            } else {
                Reply::new(200, &[], "yes")
            }
        });
        let outcome = send(
            &client(&server.root, |builder| builder.retry_policy(quick)),
            method,
            "1",
            Some("x"),
        )
        .await;
        assert_eq!(
            (server.seen().len(), outcome.is_ok()),
            (attempts, attempts == 3)
        );
    }
}
