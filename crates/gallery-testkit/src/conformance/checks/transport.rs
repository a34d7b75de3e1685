//! Checks of redirects, failed connections, and truncated or slow responses.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::errors::is_retryable;
use crate::conformance::checks::response_rules::{failed, kept, traced};
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::conformance::settings::Settings;
use crate::request::RecordedRequest;
use crate::server::{Gate, Reply};

/// The maximum number of redirects that a client may follow by default.
const MAX_REDIRECTS: usize = 50;

/// Timeout for responses that never arrive.
const SHORT: Duration = Duration::from_millis(10);

/// Timeouts for the rest of a response. Its start must arrive before, which takes longer on a busy
/// machine.
pub(super) const LONGER: [Duration; 4] = [
    Duration::from_millis(40),
    Duration::from_millis(300),
    Duration::from_secs(2),
    Duration::from_secs(10),
];

pub(super) fn redirects(context: &CheckContext<'_>) -> Result<(), String> {
    for status in [301, 302, 303, 304, 307, 308] {
        redirect(context, status)?;
    }
    // A scheme other than HTTP cannot be followed.
    let reply = traced(Reply::new(307)).with_header("location", "ftp://elsewhere.example/moved");
    let outcome = context.answered(reply)?;
    failed(
        context,
        &outcome,
        &[FailureKind::UnexpectedResponse],
        307,
        b"",
    )
    .map_err(|failure| format!("with a redirect to `ftp:`: {failure}"))
}

/// Checks a redirect to a path that redirects to itself.
fn redirect(context: &CheckContext<'_>, status: u16) -> Result<(), String> {
    let reply = traced(Reply::new(status))
        .with_header("location", "/moved")
        .with_body("moved");
    let call = context.call_with(&context.required(), reply)?;
    let [first, onward @ ..] = call.requests.as_slice() else {
        return Err(format!("no request was sent, but {call:?}"));
    };
    let same = |request: &RecordedRequest| {
        (&request.method, &request.body) == (&first.method, &first.body)
    };
    // All redirects go to the same path, so the second one closes a loop.
    let may = usize::from(is_followed(status, &first.method));
    if onward.len() > may
        || !onward
            .iter()
            .all(|request| same(request) && request.path == "/moved")
    {
        let paths: Vec<_> = call
            .requests
            .iter()
            .map(|request| format!("{} {}", request.method, request.path))
            .collect();
        return Err(format!("the redirect {status} was followed: {paths:?}"));
    }
    // 304 has no body.
    let body: &[u8] = if status == 304 || context.endpoint.has_no_response_body() {
        b""
    } else {
        b"moved"
    };
    failed(
        context,
        &call.outcome,
        &[FailureKind::UnexpectedResponse],
        status,
        body,
    )
}

pub(super) fn endless(context: &CheckContext<'_>) -> Result<(), String> {
    for (limit, may) in [(None, MAX_REDIRECTS), (Some(3), 3), (Some(0), 0)] {
        endless_redirects(context, limit, may)?;
    }
    Ok(())
}

/// Redirects each request to another path.
fn endless_redirects(
    context: &CheckContext<'_>,
    limit: Option<usize>,
    may: usize,
) -> Result<(), String> {
    let arrival = context.success();
    let received = AtomicUsize::new(0);
    context
        .servers
        .server
        .respond_all(move |_| match received.fetch_add(1, Ordering::Relaxed) {
            number @ 0..100 => {
                Reply::new(307).with_header("location", &format!("/redirect-{number}"))
            }
            _ => arrival.clone(),
        });
    let client = context.client(&Settings {
        max_redirects: limit,
        ..Settings::default()
    })?;
    let call = context.call_server(&client, &context.required())?;
    let followed = call.requests.len().saturating_sub(1);
    let is_exact = limit.is_none() || followed == may;
    match &call.outcome {
        Outcome::Failure {
            kind: FailureKind::UnexpectedResponse,
            status: Some(307),
            ..
        } if followed <= may && is_exact => Ok(()),
        other => Err(format!(
            "with the limit {limit:?}, {followed} redirects were followed, and the call returned {other:?}"
        )),
    }
}

/// Returns true if a redirect can be followed without a change of method and body.
fn is_followed(status: u16, method: &str) -> bool {
    match status {
        307 | 308 => true,
        301..=303 => ["GET", "HEAD"].contains(&method),
        _ => false,
    }
}

pub(super) fn arrivals(context: &CheckContext<'_>) -> Result<(), String> {
    let arguments = context.all();
    let plain = context.call(&arguments)?;
    context.sent(&plain, &arguments)?;
    for status in [301, 302, 303, 307, 308]
        .into_iter()
        .filter(|status| is_followed(*status, &context.endpoint.method))
    {
        let arrival = context.success();
        context
            .servers
            .server
            .respond_all(move |request| match request.path.as_str() {
                "/second" => arrival.clone(),
                "/first" => Reply::new(status).with_header("location", "second?a=%2F"),
                _ => Reply::new(status).with_header("location", "/first"),
            });
        let client = context.client(&Settings::default())?;
        let call = context.call_server(&client, &arguments)?;
        let paths: Vec<String> = call
            .requests
            .iter()
            .skip(1)
            .map(RecordedRequest::target)
            .collect();
        if paths != ["/first", "/second?a=%2F"] {
            return Err(format!(
                "the redirect {status} to /first and /second?a=%2F led to {paths:?}"
            ));
        }
        let headers = |request: &RecordedRequest| {
            let mut headers = request.headers.clone();
            headers.sort();
            headers
        };
        // Of this call, since other calls may order maps differently.
        let Some(original) = call.requests.first() else {
            return Err("no request was sent".to_owned());
        };
        context.fits(original, &arguments)?;
        let same = |request: &&RecordedRequest| {
            request.method == original.method
                && request.body == original.body
                && headers(request) == headers(original)
        };
        if let Some(changed) = call.requests.iter().find(|request| !same(request)) {
            return Err(format!(
                "the redirect {status} on the same host changed {original:?} into {changed:?}"
            ));
        }
        // Only status and content, since headers include the date.
        if call.outcome.given().is_none() || call.outcome.given() != plain.outcome.given() {
            return Err(format!(
                "redirect {status}: received {:?}, expected {:?}",
                call.outcome, plain.outcome
            ));
        }
    }
    Ok(())
}

pub(super) fn no_response(context: &CheckContext<'_>) -> Result<(), String> {
    let is = |what: &str, outcome: &Outcome, wanted: FailureKind| match outcome {
        Outcome::Failure {
            kind,
            status: None,
            is_retryable: true,
            ..
        } if *kind == wanted => Ok(()),
        other => Err(format!(
            "{what}: received {other:?}, expected {wanted:?} and a retryable error"
        )),
    };
    if context.endpoint.server.is_none() {
        let refusing_url = context.client(&Settings {
            base_url: Some(context.servers.refusing_url()?),
            ..Settings::default()
        })?;
        let call = context.call_server(&refusing_url, &context.required())?;
        is("a refused connection", &call.outcome, FailureKind::Connect)?;
    }
    for (what, reply) in [
        ("a closed connection", Reply::raw("")),
        (
            "a response that is not HTTP",
            Reply::raw("SSH-2.0-x\r\n\r\n"),
        ),
    ] {
        let call = context.call_with(&context.required(), reply)?;
        is(what, &call.outcome, FailureKind::ConnectionLost)?;
    }
    let outcome = context.call_with_timeout(SHORT, context.success().held())?;
    is("a missing response", &outcome, FailureKind::Timeout)
}

pub(super) fn has_response_body(endpoint: &crate::document::Endpoint) -> bool {
    !endpoint.has_no_response_body()
}

pub(super) fn broken(context: &CheckContext<'_>) -> Result<(), String> {
    let status = context.success_status();
    let body = "[{\"id\": \"0123456789\"}]";
    let reply = |status: u16| {
        traced(Reply::new(status))
            .with_header("content-type", "application/json")
            .with_body(body)
    };
    let has_body = ![204, 205].contains(&status);
    if has_body {
        let outcome = context.answered(reply(status).truncated_after(9))?;
        failed(
            context,
            &outcome,
            &[FailureKind::InvalidResponse],
            status,
            &body.as_bytes()[..9],
        )
        .and_then(|()| is_retryable(&outcome, true))
        .map_err(|failure| format!("when the body breaks off: {failure}"))?;
        // The system decides what a reset discards.
        match context.answered(reply(status).reset_after(9))? {
            Outcome::Failure {
                kind: FailureKind::InvalidResponse,
                status: Some(found),
                ..
            } if found == status => {}
            Outcome::Failure {
                kind: FailureKind::ConnectionLost,
                status: None,
                ..
            } => {}
            other => return Err(format!("a reset body: received {other:?}")),
        }
        stalled(context, status, &reply(status))?;
    }
    // The status of an error matters more than its body.
    let outcome = context.answered(reply(500).truncated_after(9))?;
    match &outcome {
        Outcome::Failure {
            kind:
                FailureKind::ErrorResponse
                | FailureKind::UnexpectedResponse
                | FailureKind::InvalidResponse,
            status: Some(500),
            headers,
            content: Some(Content::Bytes { bytes, .. }),
            ..
        } if *bytes == body.as_bytes()[..9] => kept(context, headers),
        other => Err(format!(
            "an error with a truncated body: received {other:?}"
        )),
    }
}

/// Sends the start of a body, then nothing.
fn stalled(context: &CheckContext<'_>, status: u16, reply: &Reply) -> Result<(), String> {
    let gate = Gate::new();
    for timeout in LONGER {
        match context.call_with_timeout(timeout, reply.clone().stalled_after(9, &gate))? {
            Outcome::Failure {
                kind: FailureKind::InvalidResponse,
                status: Some(found),
                is_retryable: true,
                ..
            } if found == status => return Ok(()),
            Outcome::Failure {
                kind: FailureKind::Timeout,
                ..
            } => {}
            other => return Err(format!("a stalled body: received {other:?}")),
        }
    }
    Err("the status is lost where the body does not come in time".to_owned())
}

pub(super) fn slow(context: &CheckContext<'_>) -> Result<(), String> {
    let success = context.success();
    let plain = context.answered(success.clone())?;
    let half = success.body().len().div_ceil(2);
    // On a busy machine, pieces with short pauses can arrive together.
    for (size, pause) in [
        (64, Duration::from_micros(100)),
        (half, Duration::from_millis(10)),
    ] {
        let dripping = context.answered(success.clone().dripping(size, pause))?;
        if plain.given().is_none() || plain.given() != dripping.given() {
            return Err(format!(
                "a response in chunks: received {dripping:?}, expected {plain:?}"
            ));
        }
    }
    Ok(())
}

/// Checks a compressed response.
pub(super) fn compression(context: &CheckContext<'_>) -> Result<(), String> {
    if [204, 205].contains(&context.success_status()) {
        return Ok(()); // There is nothing to compress.
    }
    let arguments = context.required();
    let call = context.call(&arguments)?;
    let asked = context
        .sent(&call, &arguments)?
        .header("accept-encoding")
        .unwrap_or_default()
        .to_owned();
    let plain = context.call(&arguments)?.outcome;
    let status = context.success_status();
    let reply: Reply = context.success().gzipped();
    let outcome = context.answered(reply)?;
    let (asked, found) = (asked.contains("gzip"), outcome.status());
    match (&plain, &outcome) {
        _ if found != Some(status) => Err(format!(
            "a compressed response: received the status {found:?}: {outcome:?}"
        )),
        // A client that asks for gzip must read it.
        (
            Outcome::Success {
                content: wanted, ..
            },
            Outcome::Success { content, .. },
        ) if asked && wanted != content => Err(format!(
            "the client asks for gzip, and read {content:?} instead of {wanted:?}"
        )),
        (_, Outcome::Failure { .. }) if asked => Err(format!(
            "the client asks for gzip, and cannot read it: {outcome:?}"
        )),
        // Other clients return the compressed bytes or report an error.
        (
            Outcome::Success {
                content: wanted, ..
            },
            Outcome::Success { content, .. },
        ) if !asked && wanted == content => {
            Err("the client reads gzip, but does not ask for it".to_owned())
        }
        _ => Ok(()),
    }
}
