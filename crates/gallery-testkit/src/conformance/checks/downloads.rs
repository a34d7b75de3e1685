//! Checks of bodies that are read while they arrive.

use crate::conformance::adapter::Way;
use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::transport::LONGER;
use crate::conformance::outcome::{FailureKind, Outcome};
use crate::document::{Endpoint, Expected, essence};
use crate::server::{Gate, Reply};

/// The size of a long body.
const LONG: usize = 300_000;

/// Returns true if a success without a type is a file.
pub(super) fn is_download(endpoint: &Endpoint) -> bool {
    let is_file = |kind: &str| {
        let kind = essence(kind);
        let kinds = ["image/", "audio/", "video/"];
        let files = [
            "application/octet-stream",
            "application/pdf",
            "application/zip",
        ];
        kinds.iter().any(|start| kind.starts_with(start)) && !kind.ends_with("+xml")
            || files.contains(&kind.as_str())
    };
    let responses = endpoint.responses.iter();
    let mut kinds = responses
        .filter(|response| response.status.starts_with('2'))
        .flat_map(|response| &response.content);
    kinds.any(|(kind, _)| is_file(kind))
        && matches!(
            endpoint.expected(endpoint.success_status()),
            Some(Expected::Untyped)
        )
}

pub(super) fn downloads(context: &CheckContext<'_>) -> Result<(), String> {
    let status = context.success_status();
    let file = |bytes: Vec<u8>| {
        Reply::new(status)
            .with_header("content-type", "application/octet-stream")
            .with_header("x-own", "kept")
            .with_body(bytes)
    };
    let long: Vec<u8> = (0..LONG).map(|at| (at % 251) as u8).collect();
    for bytes in [Vec::new(), b"{\"a\": 1}".to_vec(), long.clone()] {
        let (length, reply) = (bytes.len(), file(bytes));
        let sent = context.answered(reply.clone())?;
        let read = context.receive(Way::Download, None, reply)?;
        // Each response has its own date.
        let same = without_date(&sent) == without_date(&read);
        if !same || !matches!(read, Outcome::Success { .. }) {
            return Err(format!(
                "a file of {length} bytes: `send` returned {sent:?}, `download` {read:?}"
            ));
        }
    }
    let reply = file(long.clone()).truncated_after(LONG / 2);
    broken(context.receive(Way::Download, None, reply)?, &long, status)
        .map_err(|failure| format!("a file that is cut off: {failure}"))?;
    let outcome = stalled(context, Way::Download, &file(long.clone()), LONG / 2)?;
    broken(outcome, &long, status).map_err(|failure| format!("a file that stalls: {failure}"))?;
    let failed = Reply::new(503);
    match context.receive(Way::Download, None, failed)? {
        Outcome::Failure {
            status: Some(503), ..
        } => Ok(()),
        other => Err(format!("expected the error 503, received {other:?}")),
    }
}

/// Reads a reply of which the server sends only the first bytes. Returns the outcome after the head
/// of the response.
pub(super) fn stalled(
    context: &CheckContext<'_>,
    way: Way,
    reply: &Reply,
    bytes: usize,
) -> Result<Outcome, String> {
    for timeout in LONGER {
        let gate = Gate::new();
        let reply = reply.clone().stalled_after(bytes, &gate);
        match context.receive(way, Some(timeout), reply)? {
            // A busy machine can be too slow for the head of the response.
            Outcome::Failure {
                kind: FailureKind::Timeout,
                status: None,
                ..
            } => {}
            outcome => return Ok(outcome),
        }
    }
    Err("the call timed out before the response".to_owned())
}

/// Checks that a body ended with an error, after its start.
fn broken(outcome: Outcome, whole: &[u8], expected: u16) -> Result<(), String> {
    match outcome {
        Outcome::Failure {
            kind: FailureKind::InvalidResponse,
            status: Some(status),
            content: Some(content),
            ..
        } if status == expected && content.is_start_of(whole) => Ok(()),
        other => Err(format!(
            "expected an error with the status, received {other:?}"
        )),
    }
}

fn without_date(outcome: &Outcome) -> Outcome {
    let mut outcome = outcome.clone();
    if let Outcome::Success { headers, .. } = &mut outcome {
        headers.retain(|(name, _)| name != "date");
    }
    outcome
}
