//! The expected ends of streams.

use serde_json::{Value, json};

use crate::conformance::checks::context::Call;
use crate::conformance::outcome::{Content, FailureKind, Outcome};

/// Compares the items of a stream, and the number of its requests.
pub(super) fn returns(call: &Call, items: &[Value], requests: usize) -> Result<(), String> {
    match &call.outcome {
        Outcome::Success {
            content: Content::Json(found),
            ..
        } if *found == json!(items) && call.requests.len() == requests => Ok(()),
        other => Err(format!(
            "expected {} items after {requests} requests, received {other:?} after {} requests",
            items.len(),
            call.requests.len()
        )),
    }
}

/// Checks that a stream ended because of the pages, after at most a number of requests.
pub(super) fn gives_up(call: &Call, requests: usize) -> Result<(), String> {
    match &call.outcome {
        Outcome::Failure {
            kind: FailureKind::Pagination,
            ..
        } if call.requests.len() <= requests => Ok(()),
        other => Err(format!(
            "expected an error of the pagination after at most {requests} requests, received {other:?} after {} requests",
            call.requests.len()
        )),
    }
}

/// Checks that a stream ended with the error 503 of the second page.
pub(super) fn fails_at_the_second_page(call: &Call) -> Result<(), String> {
    match &call.outcome {
        Outcome::Failure {
            status: Some(503), ..
        } if call.requests.len() == 2 => Ok(()),
        other => Err(format!(
            "expected the error 503 of the second page after 2 requests, received {other:?} after {} requests",
            call.requests.len()
        )),
    }
}
