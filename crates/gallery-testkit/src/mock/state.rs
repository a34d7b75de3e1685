//! The expected and the unexpected calls of a mock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::expectation::{Expectation, ReceivedCall};
use crate::document::Document;
use crate::request::RecordedRequest;
use crate::server::{Reply, documented};

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) expectations: Vec<Expectation>,
    /// Descriptions of the calls that match no expectation.
    pub(super) unexpected_calls: Vec<String>,
}

pub(super) fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    pub(super) fn respond(&mut self, document: &Document, request: &RecordedRequest) -> Reply {
        let found = document
            .endpoints
            .iter()
            .find(|endpoint| Some(&endpoint.id) == request.operation.as_ref());
        let Some(endpoint) = found else {
            return Reply::new(404);
        };
        let received = ReceivedCall {
            document,
            endpoint,
            request,
        };
        let own = |expectation: &&mut Expectation| expectation.operation == endpoint.id;
        let mut fitting: Vec<&mut Expectation> = self
            .expectations
            .iter_mut()
            .filter(own)
            .filter(|expectation| expectation.fits(received))
            .collect();
        let open = fitting
            .iter()
            .position(|expectation| !expectation.is_exhausted());
        // A surplus call counts for the last matching expectation.
        if let Some(at) = open.or_else(|| fitting.len().checked_sub(1)) {
            let expectation = &mut fitting[at];
            expectation.count += 1;
            let reply = expectation
                .reply()
                .unwrap_or_else(|| documented::success(document, endpoint));
            return if open.is_some() {
                reply
            } else {
                unexpected(&format!("{} was called too often", endpoint.id))
            };
        }
        let own = self
            .expectations
            .iter()
            .filter(|expectation| expectation.operation == endpoint.id);
        let message = match own.min_by_key(|expectation| expectation.distance(received)) {
            Some(nearest) => format!(
                "{} was not expected; closest expectation (- expected, + received):\n{}",
                line(request),
                nearest.difference(received)
            ),
            None => {
                let mut expected: Vec<&str> = self
                    .expectations
                    .iter()
                    .map(|expectation| expectation.operation.as_str())
                    .collect();
                expected.dedup();
                let expected = if expected.is_empty() {
                    "no calls".to_owned()
                } else {
                    expected.join(", ")
                };
                format!(
                    "{} is an unexpected call of {}; expected: {expected}",
                    line(request),
                    endpoint.id
                )
            }
        };
        self.unexpected_calls.push(message.clone());
        unexpected(&message)
    }

    pub(super) fn rejected(&mut self, request: &RecordedRequest, reply: &Reply) {
        let why = match request.operation.as_deref() {
            Some(operation) => request
                .violations
                .iter()
                .map(|violation| format!("\n  {operation}: {violation}"))
                .collect::<String>(),
            None if reply.status() == 405 => {
                "\n  the path has no operation for this method".to_owned()
            }
            None => "\n  no operation matches".to_owned(),
        };
        self.unexpected_calls
            .push(format!("{} violates the document:{why}", line(request)));
    }
}

/// Returns a 400, which clients do not retry.
fn unexpected(why: &str) -> Reply {
    Reply::json(400, &json!({"error": why}))
}

fn line(request: &RecordedRequest) -> String {
    format!("{} {}", request.method, request.target())
}
