//! The expected and the unexpected calls of a mock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::expectation::Expectation;
use super::received_call::ReceivedCall;
use crate::document::Document;
use crate::request::RecordedRequest;
use crate::sample::Samples;
use crate::server::{Reply, refusal};

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
    pub(super) fn respond(
        &mut self,
        document: &Document,
        request: &RecordedRequest,
        samples: Samples,
    ) -> Reply {
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
        // A 400, which clients do not retry.
        let unexpected = |why: &str| refusal(document, Some(endpoint), 400, why);
        let fitting: Vec<usize> = (0..self.expectations.len())
            .filter(|at| self.expectations[*at].operation == endpoint.id)
            .filter(|at| self.expectations[*at].fits(received))
            .collect();
        let is_open = |at: &usize| !self.expectations[*at].is_exhausted();
        let is_in_order = |at: &usize| self.blocking(*at).is_none();
        let in_order = fitting
            .iter()
            .find(|at| is_open(at) && is_in_order(at))
            .copied();
        let out_of_order = fitting.iter().find(|at| is_open(at)).copied();
        if let Some(at) = in_order {
            let expectation = &mut self.expectations[at];
            expectation.count += 1;
            return match expectation.response().reply(received, samples) {
                Ok(reply) => reply,
                Err(reason) => {
                    self.unexpected_calls.push(reason.clone());
                    refusal(document, Some(endpoint), 500, &reason)
                }
            };
        }
        if let Some(other) = out_of_order.and_then(|at| self.blocking(at)) {
            let message = format!("{} is out of order: {other}", line(request),);
            self.unexpected_calls.push(message.clone());
            return unexpected(&message);
        }
        // A surplus call counts for the last matching expectation.
        if let Some(at) = fitting.last() {
            self.expectations[*at].count += 1;
            return unexpected(&format!("{} was called too often", endpoint.id));
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

    /// Returns the reason why a call of an expectation would be out of order.
    fn blocking(&self, at: usize) -> Option<String> {
        let expectation = &self.expectations[at];
        self.expectations.iter().find_map(|other| {
            if other.precedes(expectation) && other.count < other.times().0 {
                Some(format!("{} was expected before", other.operation))
            } else if expectation.precedes(other) && other.count > 0 {
                Some(format!("{} was received before", other.operation))
            } else {
                None
            }
        })
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

fn line(request: &RecordedRequest) -> String {
    format!("{} {}", request.method, request.target())
}
