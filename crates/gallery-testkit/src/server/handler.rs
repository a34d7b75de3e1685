//! The state of a server, and the choice of replies.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::documented;
use super::rate_limit::RateLimit;
use super::recording::Recorder;
use super::refusal::refusal;
use super::reply::Reply;
use super::tokens::TokenEndpoint;
use super::upstream::Upstream;
use crate::document::{Document, Endpoint};
use crate::request::RecordedRequest;
use crate::sample::Samples;
use crate::strict::{self, credentials};
use crate::violation::Violation;

pub(crate) type Responder = Box<dyn Fn(&RecordedRequest, Samples) -> Reply + Send>;

/// A function of a request, the reply, and true if the reply refuses the request.
pub(crate) type Observer = Box<dyn Fn(&RecordedRequest, &Reply, bool) + Send>;

pub(super) struct Shared {
    pub(super) document: Arc<Document>,
    /// Maximum size of request bodies, and of responses that are recorded.
    pub(super) body_limit: AtomicUsize,
    pub(super) state: Mutex<State>,
    /// Scheme, host and port.
    pub(super) origin: String,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) responders: BTreeMap<String, Responder>,
    pub(super) default_responder: Option<Responder>,
    pub(super) always: Option<Responder>,
    pub(super) lenient: bool,
    pub(super) allows_missing_credentials: bool,
    pub(super) samples: Samples,
    pub(super) observer: Option<Observer>,
    pub(super) connections: usize,
    pub(super) tokens: Option<TokenEndpoint>,
    pub(super) rate_limit: Option<RateLimit>,
    pub(super) recording: Option<(Upstream, Recorder)>,
}

/// The reply to a request, and true if it refuses the request.
struct Decision {
    reply: Reply,
    is_refusal: bool,
}

impl Decision {
    fn accept(reply: Reply) -> Decision {
        Decision {
            reply,
            is_refusal: false,
        }
    }

    fn refuse(reply: Reply) -> Decision {
        Decision {
            reply,
            is_refusal: true,
        }
    }
}

impl State {
    /// Records a request and returns the reply.
    fn recorded(&mut self, request: RecordedRequest, decision: Decision) -> Reply {
        let Decision { reply, is_refusal } = decision;
        if let Some(observer) = &self.observer {
            observer(&request, &reply, is_refusal);
        }
        self.requests.push(request);
        reply
    }
}

impl Shared {
    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Chooses the reply to a request and records the request.
    pub(super) fn reply(&self, mut request: RecordedRequest) -> Reply {
        let mut state = self.state();
        if let Some(reply) = state.tokens.as_ref().and_then(|own| own.reply(&request)) {
            return reply;
        }
        if let Some(answer) = &state.always {
            let decided = Decision::accept(answer(&request, state.samples));
            return state.recorded(request, decided);
        }
        let usage = state.rate_limit.as_mut().map(RateLimit::count);
        let decided = match usage {
            Some(usage) if usage.is_exceeded => self.too_many(&mut request),
            _ => self.decide(&state, &mut request),
        };
        let reply = state.recorded(request, decided);
        match usage {
            Some(usage) => usage.report(reply),
            None => reply,
        }
    }

    /// Forwards a request to the server that is recorded. Returns the request if no server is
    /// recorded.
    pub(super) async fn recorded_reply(
        &self,
        mut request: RecordedRequest,
    ) -> Result<Reply, RecordedRequest> {
        let Some((upstream, recorder)) = self.state().recording.clone() else {
            return Err(request);
        };
        let Shared {
            document, origin, ..
        } = self;
        let limit = self.body_limit.load(Ordering::Relaxed);
        let result = upstream.forward(&request, &document.base_path, origin, limit);
        let result = result.await;
        self.identify(&mut request);
        if let Ok(reply) = &result {
            recorder.add(&request, reply);
        }
        let reply = result.unwrap_or_else(|failure| failure);
        Ok(self.state().recorded(request, Decision::accept(reply)))
    }

    /// Returns the reply to a request that exceeds the rate limit.
    fn too_many(&self, request: &mut RecordedRequest) -> Decision {
        let endpoint = self.identify(request);
        let reason = "the rate limit of the mock server is exceeded";
        Decision::accept(refusal(&self.document, endpoint, 429, reason))
    }

    /// Records a request whose body is too large, and refuses it.
    pub(super) fn too_large(&self, mut request: RecordedRequest, limit: usize) -> Reply {
        let mut state = self.state();
        let endpoint = self.identify(&mut request);
        let violation = Violation::body("", format!("is larger than {limit} bytes"));
        let reply = refusal(&self.document, endpoint, 413, &violation.to_string());
        request.violations.push(violation);
        state.recorded(request, Decision::refuse(reply))
    }

    /// Sets the operation that a request is for, and returns it.
    fn identify(&self, request: &mut RecordedRequest) -> Option<&Endpoint> {
        let endpoint = self.endpoint(request)?;
        request.operation = Some(endpoint.id.clone());
        Some(endpoint)
    }

    /// Returns the operation that a request is for.
    fn endpoint(&self, request: &RecordedRequest) -> Option<&Endpoint> {
        let base_path = &self.document.base_path;
        // Variables within a segment win, then fewer variables (`/users/me` over `/users/{id}`),
        // then more constants, then longer paths.
        let endpoints = self.document.endpoints.iter();
        let fitting = endpoints.filter(|endpoint| request.is_for(base_path, endpoint));
        fitting.min_by_key(|endpoint| {
            let parameters = endpoint.parameters.iter();
            (
                parameters.filter(|own| own.allows_slashes).count(),
                endpoint.path.matches('{').count(),
                Reverse(endpoint.constants.len()),
                Reverse(endpoint.path.matches('/').count()),
            )
        })
    }

    /// Returns the reply to a request.
    fn decide(&self, state: &State, request: &mut RecordedRequest) -> Decision {
        let Some(endpoint) = self.identify(request) else {
            return Decision::refuse(self.unknown(request));
        };
        request.violations = strict::violations(&self.document, endpoint, request);
        let is_checked = !state.allows_missing_credentials;
        let credential = credentials::missing(endpoint, request).filter(|_| is_checked);
        let status = if credential.is_some() { 401 } else { 400 };
        request.violations.extend(credential);
        if !request.violations.is_empty() && !state.lenient {
            let reasons: Vec<String> = request.violations.iter().map(ToString::to_string).collect();
            let reason = format!("{}: {}", endpoint.id, reasons.join("; "));
            let refusal = refusal(&self.document, Some(endpoint), status, &reason);
            return Decision::refuse(refusal);
        }
        let tokens = state.tokens.as_ref();
        if let Some(reason) = tokens.and_then(|own| own.refusal(endpoint, request)) {
            let reply = refusal(&self.document, Some(endpoint), 401, reason);
            let challenge = "Bearer error=\"invalid_token\"";
            return Decision::accept(reply.with_header("www-authenticate", challenge));
        }
        let responder = state.responders.get(&endpoint.id);
        Decision::accept(match responder.or(state.default_responder.as_ref()) {
            Some(answer) => answer(request, state.samples),
            None => documented::success(&self.document, endpoint, state.samples, request),
        })
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
            return refusal(&self.document, None, 404, &message);
        }
        let allowed = methods.join(", ");
        let message = format!("{} allows {allowed}, not {}", request.path, request.method);
        refusal(&self.document, None, 405, &message).with_header("allow", &allowed)
    }
}
