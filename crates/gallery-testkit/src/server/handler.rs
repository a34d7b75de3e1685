//! The state of a server, and the choice of replies.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::json;

use super::documented;
use super::reply::Reply;
use crate::document::{Document, Endpoint};
use crate::request::RecordedRequest;
use crate::strict;

type Responder = Box<dyn Fn(&RecordedRequest) -> Reply + Send>;

type Observer = Box<dyn Fn(&RecordedRequest, &Reply) + Send>;

pub(super) struct Shared {
    pub(super) document: Document,
    pub(super) state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) responders: BTreeMap<String, Responder>,
    pub(super) default_responder: Option<Responder>,
    pub(super) always: Option<Responder>,
    pub(super) lenient: bool,
    pub(super) observer: Option<Observer>,
    pub(super) connections: usize,
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Chooses the reply to a request and records the request.
    pub(super) fn reply(&self, mut request: RecordedRequest) -> Reply {
        let mut state = self.state();
        let reply = match &state.always {
            Some(answer) => answer(&request),
            None => self.decide(&state, &mut request),
        };
        if let Some(observer) = &state.observer {
            observer(&request, &reply);
        }
        state.requests.push(request);
        reply
    }

    fn decide(&self, state: &State, request: &mut RecordedRequest) -> Reply {
        let base_path = &self.document.base_path;
        // Variables within a segment win, then fewer variables (`/users/me` over `/users/{id}`),
        // then more constants, then longer paths.
        let fitting = self
            .document
            .endpoints
            .iter()
            .filter(|endpoint| request.is_for(base_path, endpoint));
        let specificity = |endpoint: &&Endpoint| {
            let parameters = endpoint.parameters.iter();
            (
                parameters.filter(|own| own.allows_slashes).count(),
                endpoint.path.matches('{').count(),
                Reverse(endpoint.constants.len()),
                Reverse(endpoint.path.matches('/').count()),
            )
        };
        let Some(endpoint) = fitting.min_by_key(specificity) else {
            return self.unknown(request);
        };
        request.operation = Some(endpoint.id.clone());
        request.violations = strict::violations(&self.document, endpoint, request);
        if !request.violations.is_empty() && !state.lenient {
            let reasons: Vec<String> = request.violations.iter().map(ToString::to_string).collect();
            return Reply::json(
                400,
                &json!({"error": format!("{}: {}", endpoint.id, reasons.join("; "))}),
            );
        }
        match state
            .responders
            .get(&endpoint.id)
            .or(state.default_responder.as_ref())
        {
            Some(answer) => answer(request),
            None => documented::success(&self.document, endpoint),
        }
    }

    /// Returns the reply to a request that matches no operation.
    fn unknown(&self, request: &RecordedRequest) -> Reply {
        let base_path = &self.document.base_path;
        let matching = self
            .document
            .endpoints
            .iter()
            .filter(|endpoint| request.captured(base_path, endpoint).is_some());
        let mut methods: Vec<&str> = matching.map(|endpoint| endpoint.method.as_str()).collect();
        methods.sort_unstable();
        methods.dedup();
        // If the method matches, a constant is missing.
        if methods.is_empty() || methods.contains(&request.method.as_str()) {
            let message = format!("no operation matches {} {}", request.method, request.path);
            return Reply::json(404, &json!({"error": message}));
        }
        let allowed = methods.join(", ");
        let message = format!("{} allows {allowed}, not {}", request.path, request.method);
        Reply::json(405, &json!({"error": message})).with_header("allow", &allowed)
    }
}
