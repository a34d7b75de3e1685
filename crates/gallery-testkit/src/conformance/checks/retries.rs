//! The check of retries. All other checks disable them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use crate::conformance::checks::context::{Call, CheckContext};
use crate::conformance::outcome::{FailureKind, Outcome};
use crate::conformance::settings::{Retries, Settings};
use crate::document::Endpoint;
use crate::request::RecordedRequest;
use crate::server::Reply;

/// Delays that do not slow the check down.
const SHORT: Duration = Duration::from_millis(1);

/// A delay that is longer than the time in which retries may start.
const LONG: Duration = Duration::from_secs(10);

/// The time in which retries may start.
const BUDGET: Duration = Duration::from_secs(2);

/// A delay that is measured.
const MEASURED: Duration = Duration::from_millis(80);

/// The first of several delays, and their number.
const FIRST: Duration = Duration::from_millis(20);
const DOUBLED: u32 = 4;

fn quick() -> Retries {
    Retries::default().backoff(SHORT, SHORT).max_elapsed(BUDGET)
}

fn slow() -> Retries {
    Retries::default().backoff(LONG, LONG).max_elapsed(BUDGET)
}

/// Returns true if the operation can be repeated without harm.
fn is_idempotent(endpoint: &Endpoint) -> bool {
    let method = endpoint.method.as_str();
    !endpoint.has_side_effects
        && ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(&method)
}

pub(super) fn retries(context: &CheckContext<'_>) -> Result<(), String> {
    let is_idempotent = is_idempotent(context.endpoint);
    for status in [408, 429, 500, 502, 503, 504] {
        once(context, quick(), Reply::new(status), is_idempotent)
            .map_err(|failure| format!("after {status}: {failure}"))?;
    }
    for status in [400, 404, 409, 501] {
        once(context, quick(), Reply::new(status), false)
            .map_err(|failure| format!("after {status}: {failure}"))?;
    }
    once(context, quick(), Reply::raw(""), is_idempotent)
        .map_err(|failure| format!("after a closed connection: {failure}"))?;
    once(context, quick().any_method(), Reply::new(503), true)
        .map_err(|failure| format!("with retries of any method: {failure}"))?;
    let with_middleware = Settings {
        retries: Some(quick()),
        passed_on: true,
        ..Settings::default()
    };
    once_with(context, &with_middleware, Reply::new(503), is_idempotent)
        .map_err(|failure| format!("with a middleware: {failure}"))?;
    if is_idempotent {
        delays(context)?;
        attempts(context)?;
    }
    Ok(())
}

/// Fails the first request, and checks whether there is a second one, equal to the first.
fn once(
    context: &CheckContext<'_>,
    policy: Retries,
    failure: Reply,
    is_retried: bool,
) -> Result<Duration, String> {
    let settings = Settings {
        retries: Some(policy),
        ..Settings::default()
    };
    once_with(context, &settings, failure, is_retried)
}

fn once_with(
    context: &CheckContext<'_>,
    settings: &Settings,
    failure: Reply,
    is_retried: bool,
) -> Result<Duration, String> {
    let (call, elapsed) = failing(context, settings, 1, failure.clone())?;
    let expected = 1 + usize::from(is_retried);
    if call.requests.len() != expected {
        return Err(format!(
            "expected {expected} requests, received {}; the call returned {:?}",
            call.requests.len(),
            call.outcome
        ));
    }
    let status = if is_retried {
        Some(context.success_status())
    } else {
        // A response that is not HTTP has no status.
        Some(failure.status()).filter(|status| *status > 0)
    };
    if call.outcome.status() != status {
        return Err(format!("expected {status:?}, received {:?}", call.outcome));
    }
    Ok(elapsed)
}

/// Calls the operation with a server that fails some requests. All requests must be equal.
fn failing(
    context: &CheckContext<'_>,
    settings: &Settings,
    failures: usize,
    failure: Reply,
) -> Result<(Call, Duration), String> {
    let client = context.client(settings)?;
    let arguments = context.all();
    let (success, received) = (context.success(), AtomicUsize::new(0));
    context.servers.server.respond_all(move |_| {
        let number = received.fetch_add(1, Ordering::Relaxed) + 1;
        match number <= failures {
            true => failure
                .clone()
                .with_header("x-attempt", &number.to_string()),
            false => success.clone(),
        }
    });
    let start = Instant::now();
    let call = context.call_server(&client, &arguments)?;
    let elapsed = start.elapsed();
    let Some((first, others)) = call.requests.split_first() else {
        return Err(format!(
            "nothing was sent; the call returned {:?}",
            call.outcome
        ));
    };
    context.fits(first, &arguments)?;
    for other in others {
        if content(first) != content(other) {
            return Err(format!("the attempt {other:?} is not equal to {first:?}"));
        }
    }
    Ok((call, elapsed))
}

/// Returns everything that attempts have in common.
fn content(request: &RecordedRequest) -> (&str, String, Vec<&(String, String)>, &[u8]) {
    let mut headers: Vec<_> = request.headers.iter().collect();
    headers.sort();
    (&request.method, request.target(), headers, &request.body)
}

/// Checks the delay before a retry, and the time in which it may start.
fn delays(context: &CheckContext<'_>) -> Result<(), String> {
    let measured = Retries::default().backoff(MEASURED, MEASURED);
    let elapsed = once(context, measured, Reply::new(503), true)?;
    if elapsed < MEASURED / 2 {
        return Err(format!("the delay was {elapsed:?}, not about {MEASURED:?}"));
    }
    // Each delay is half as long as the next one, and at least half of its nominal value.
    let doubled = Settings {
        retries: Some(
            Retries::default()
                .backoff(FIRST, LONG)
                .max_attempts(DOUBLED + 1),
        ),
        ..Settings::default()
    };
    let (_, elapsed) = failing(context, &doubled, usize::MAX, Reply::new(503))?;
    let least = FIRST * (2_u32.pow(DOUBLED) - 1) / 2;
    if elapsed < least {
        return Err(format!(
            "{DOUBLED} delays from {FIRST:?} on took {elapsed:?}, less than {least:?}"
        ));
    }
    let after = |value: &str| Reply::new(503).with_header("retry-after", value);
    let date = "Sun, 06 Nov 1994 08:49:37 GMT";
    let hour_later = "Sun, 06 Nov 1994 09:49:37 GMT";
    for (what, policy, reply, is_retried) in [
        (
            "a delay beyond the time for retries",
            slow(),
            Reply::new(503),
            false,
        ),
        ("`Retry-After: 0`", slow(), after("0"), true),
        ("`Retry-After: 3`", quick(), after("3"), false),
        (
            "a `Retry-After` of now",
            slow(),
            after(date).with_header("date", date),
            true,
        ),
        (
            "a `Retry-After` of an hour after the server's date",
            quick(),
            after(hour_later).with_header("date", date),
            false,
        ),
        ("an invalid `Retry-After`", quick(), after("soon"), true),
    ] {
        let elapsed = once(context, policy, reply, is_retried)
            .map_err(|failure| format!("with {what}: {failure}"))?;
        if elapsed > LONG / 2 {
            return Err(format!("with {what}: the call took {elapsed:?}"));
        }
    }
    // A retry that cannot start before the timeout does not hide the response.
    let client = context.client(&Settings {
        retries: Some(Retries::default().backoff(LONG, LONG)),
        timeout: Some(LONG / 4),
        ..Settings::default()
    })?;
    let timeout_server = &context.servers.timeout_server;
    timeout_server.respond_always(Reply::new(503));
    let call = context.call_server(&client, &context.required())?;
    match call.outcome.status() {
        Some(503) => Ok(()),
        _ => Err(format!(
            "with a timeout before the retry: expected 503, received {:?}",
            call.outcome
        )),
    }
}

/// Checks the number of attempts, and that the last one is returned.
fn attempts(context: &CheckContext<'_>) -> Result<(), String> {
    for limit in [1, 2, 4] {
        let policy = quick().max_attempts(limit);
        let settings = Settings {
            retries: Some(policy),
            ..Settings::default()
        };
        let (call, _) = failing(context, &settings, usize::MAX, Reply::new(503))?;
        let expected = limit.to_string();
        match &call.outcome {
            Outcome::Failure {
                kind:
                    FailureKind::ErrorResponse
                    | FailureKind::UnexpectedResponse
                    | FailureKind::InvalidResponse,
                status: Some(503),
                headers,
                ..
            } if headers.contains(&("x-attempt".to_owned(), expected.clone()))
                && call.requests.len().to_string() == expected => {}
            other => {
                return Err(format!(
                    "with at most {limit} attempts: there were {} requests, and the call returned {other:?}",
                    call.requests.len()
                ));
            }
        }
    }
    Ok(())
}
