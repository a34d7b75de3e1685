//! Compares outcomes with the response that was sent.

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

/// Checks kind, status, headers and body of an error.
pub(super) fn failed(
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
        Some(Content::Bytes { bytes, .. }) if bytes == body => kept(headers),
        other => Err(format!(
            "{expected}: the error must keep the body, received {other:?}"
        )),
    }
}

/// Checks that all trace headers are present with each value.
pub(super) fn kept(headers: &[(String, String)]) -> Result<(), String> {
    let is_there = |(name, value): &&(&str, &str)| {
        !headers
            .iter()
            .any(|(own, found)| own == name && found == value)
    };
    match TRACE_HEADERS.iter().find(is_there) {
        None => Ok(()),
        Some((name, value)) => Err(format!(
            "the header `{name}: {value}` is missing; received: {headers:?}"
        )),
    }
}
