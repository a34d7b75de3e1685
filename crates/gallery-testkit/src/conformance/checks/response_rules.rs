//! Compares outcomes with the response that was sent.

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::fetch_limits::REPEATED_HEADERS;
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::server::Reply;

/// Headers that must survive; one has two values.
const TRACE_HEADERS: [(&str, &str); 3] = [
    ("x-conformance-trace", "kept"),
    ("x-conformance-list", "a, b"),
    ("x-conformance-list", "\"c\""),
];

pub(super) fn traced(reply: Reply) -> Reply {
    TRACE_HEADERS
        .iter()
        .fold(reply, |reply, (name, value)| reply.with_header(name, value))
}

/// Checks that an outcome is a success with one of these contents.
pub(super) fn is_success(
    context: &CheckContext<'_>,
    outcome: &Outcome,
    expected: u16,
    contents: &[Content],
) -> Result<(), String> {
    match outcome {
        Outcome::Success {
            status,
            headers,
            content,
            ..
        } => {
            if *status != expected {
                return Err(format!("the status is {status}, not {expected}"));
            }
            if !contents.contains(content) {
                return Err(format!("the content is {content:?}, not {:?}", contents[0]));
            }
            kept(context, headers)
        }
        other => Err(format!(
            "expected the success {expected}, received {other:?}"
        )),
    }
}

/// Checks kind, status, headers and body of an error.
pub(super) fn failed(
    context: &CheckContext<'_>,
    outcome: &Outcome,
    wanted: &[FailureKind],
    expected: u16,
    body: &[u8],
) -> Result<(), String> {
    let Outcome::Failure {
        kind,
        status,
        headers,
        content,
        message,
        ..
    } = outcome
    else {
        return Err(format!(
            "expected an error for {expected}, received {outcome:?}"
        ));
    };
    if !wanted.contains(kind) {
        return Err(format!(
            "{expected}: expected an error of the kind {wanted:?}, received {kind:?}: {message}"
        ));
    }
    if *status != Some(expected) {
        return Err(format!(
            "expected the status {expected}, received {status:?}"
        ));
    }
    match content {
        Some(Content::Bytes { bytes, .. }) if bytes == body => kept(context, headers),
        other => Err(format!(
            "{expected}: the error must keep the body, received {other:?}"
        )),
    }
}

/// Checks that all trace headers are present with each value.
pub(super) fn kept(context: &CheckContext<'_>, headers: &[(String, String)]) -> Result<(), String> {
    let values = |name: &str| {
        let own = headers.iter().filter(|(own, _)| own == name);
        own.map(|(_, value)| value.as_str()).collect::<Vec<_>>()
    };
    for (name, _) in TRACE_HEADERS {
        let sent = TRACE_HEADERS.iter().filter(|(own, _)| *own == name);
        let sent: Vec<_> = sent.map(|(_, value)| *value).collect();
        let received = values(name);
        if received.join(", ") != sent.join(", ") {
            return Err(format!(
                "the header `{name}` must be {sent:?}; received: {headers:?}"
            ));
        }
        if sent.len() > 1 {
            let apart = match received == sent {
                true => Ok(()),
                false => Err(format!(
                    "the header `{name}` must be {sent:?}, received {received:?}"
                )),
            };
            context.unless_limited(&REPEATED_HEADERS, apart)?;
        }
    }
    Ok(())
}
