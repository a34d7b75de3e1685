//! The request pipeline: timeout, retries, middleware, network.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use reqwest::header::{HeaderValue, USER_AGENT};
use reqwest::{Method, Request};

use crate::base_url::BaseUrl;
use crate::deadline::within;
use crate::failed_call::FailedCall;
use crate::middleware::{DynMiddleware, Next};
use crate::network::{CreateRequest, Network, create_copies};
use crate::operation::{OperationInfo, Route};
use crate::options::{CallOptions, Options};
use crate::platform::{self, Instant, random_bits, sleep_until};
use crate::rate_limit::Reset;
use crate::request::RequestBuilder;
use crate::response::{Response, drain};
use crate::retry::is_idempotent;
use crate::trace::{self, Span};
use crate::transport_error::TransportError;
use crate::upload::{Outgoing, Upload};

/// Sends requests to one API. Cloning is cheap, and clones share connections.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: Arc<Options>,
}

/// The parts of a client that all its clones share.
pub(crate) struct Shared {
    pub(crate) network: Network,
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) middleware: Vec<Arc<dyn DynMiddleware>>,
    pub(crate) reset: Reset,
}

/// The parts of a call that its attempts share.
struct Attempts<'a> {
    operation: &'a OperationInfo,
    create: &'a CreateRequest<'a>,
    /// True if the request may be sent again after it was sent.
    is_safe: bool,
    /// Set to true when the server may have received an attempt that is retried.
    is_sent: &'a AtomicBool,
    span: &'a Span,
}

impl Transport {
    pub(crate) fn new(shared: Shared, options: Options) -> Transport {
        Transport {
            shared: Arc::new(shared),
            options: Arc::new(options),
        }
    }

    /// Returns a transport with other settings on the same connections.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Transport {
        Transport {
            shared: Arc::clone(&self.shared),
            options: Arc::new(self.options.with(options)),
        }
    }

    /// Returns the base URL without trailing slashes.
    pub fn base_url(&self) -> &str {
        &self.network().base_url.text
    }

    pub(crate) fn network(&self) -> &Network {
        &self.shared.network
    }

    /// Creates a request to the base URL. For generated code.
    #[doc(hidden)]
    pub fn request(&self, method: Method) -> RequestBuilder {
        RequestBuilder::new(method, Ok(Arc::clone(&self.network().base_url)))
    }

    /// Creates a request to a server that the API's document defines for single operations: to the
    /// base URL that replaces it, or else to `default`. For generated code.
    #[doc(hidden)]
    pub fn request_to(
        &self,
        method: Method,
        server: &str,
        default: Option<&str>,
    ) -> RequestBuilder {
        let base_url = self.server(server, default);
        RequestBuilder::new(
            method,
            base_url.map_err(|reason| format!("the operation's server `{server}` {reason}")),
        )
    }

    /// Returns the base URL that replaces a server, or else `default`. An error is a reason.
    fn server(&self, server: &str, default: Option<&str>) -> Result<Arc<BaseUrl>, String> {
        let base_url = match (self.network().servers.get(server), default) {
            (Some(replacement), _) => Arc::clone(replacement),
            (None, None) => return Err("needs a base URL (see `ClientBuilder::server`)".to_owned()),
            (None, Some(default)) => {
                let parsed = BaseUrl::parse(default).map_err(|error| error.reason)?;
                Arc::new(parsed)
            }
        };
        if self.network().can_connect_to(&base_url.url) {
            return Ok(base_url);
        }
        Err(
            "needs TLS: enable the feature `rustls` or `native-tls`, set an HTTP client with \
             `ClientBuilder::http_client`, or set another base URL with `ClientBuilder::server`"
                .to_owned(),
        )
    }

    pub(crate) fn options(&self) -> &Options {
        &self.options
    }

    /// Sends a request, with retries. For generated code.
    #[doc(hidden)]
    pub async fn send(
        &self,
        request: Request,
        operation: &OperationInfo,
    ) -> Result<Response, FailedCall<TransportError>> {
        let create = create_copies(&request);
        self.send_upload(Box::new(request), &create, None, operation)
            .await
            .map_err(|error| *error)
    }

    /// Sends a request whose body may be read while it is sent.
    pub(crate) async fn send_upload(
        &self,
        mut request: Box<Request>,
        create: &CreateRequest<'_>,
        upload: Option<Upload>,
        operation: &OperationInfo,
    ) -> Result<Response, Box<FailedCall<TransportError>>> {
        let span = Span::new(operation, &request);
        let route = Route::new(operation, request.method());
        let key = self.idempotency_key(&request);
        let has_key = key.is_some();
        self.add_headers(&mut request, key.as_ref());
        let create = || {
            let mut request = create()?;
            self.add_headers(&mut request, key.as_ref());
            Some(request)
        };
        let policy = &self.options.retry_policy;
        let is_safe = policy.is_safe(request.method(), operation, has_key);
        let timeout = self.options.timeout.unwrap_or_default();
        let deadline = self.deadline(Instant::now());
        let is_sent = AtomicBool::new(false);
        let attempts = Attempts {
            operation,
            create: &create,
            is_safe,
            is_sent: &is_sent,
            span: &span,
        };
        let (deadline, result) = match upload {
            None => {
                let attempts = self.attempts(request, None, attempts, deadline);
                (deadline, within(deadline, span.around(attempts)).await)
            }
            Some(upload) => {
                let outgoing = Outgoing::new(upload);
                let attempts = self.attempts(request, Some(&outgoing), attempts, None);
                // On the heap, so that the future of other calls is not twice as large.
                let attempts = Box::pin(span.around(attempts));
                let result = outgoing
                    .activity
                    .within(self.options.timeout, attempts)
                    .await;
                (self.deadline(Instant::now()), result)
            }
        };
        match result.unwrap_or(Err(TransportError::Timeout(timeout))) {
            Ok(response) => {
                span.status(response.status());
                Ok(Response::new(
                    response,
                    route,
                    deadline,
                    self.options.max_body_bytes,
                ))
            }
            Err(error) => {
                span.error(error.name());
                let is_sent = is_sent.into_inner() || may_have_arrived(&error);
                Err(Box::new(FailedCall::new(route, error, is_sent)))
            }
        }
    }

    /// Returns the end of the timeout. A timeout that is too long for `Instant` has none.
    fn deadline(&self, start: Instant) -> Option<Instant> {
        let timeout = self.options.timeout?;
        start.checked_add(timeout)
    }

    /// Adds the headers of the client, and an idempotency key. They do not replace headers of the
    /// call.
    fn add_headers(&self, request: &mut Request, key: Option<&HeaderValue>) {
        if let Some(user_agent) = &self.shared.user_agent {
            request
                .headers_mut()
                .entry(USER_AGENT)
                .or_insert_with(|| user_agent.clone());
        }
        if let Some(headers) = &self.options.headers
            && self.network().is_trusted(request.url())
        {
            for (name, value) in headers.iter() {
                request
                    .headers_mut()
                    .entry(name)
                    .or_insert_with(|| value.clone());
            }
        }
        if let (Some(name), Some(key)) = (&self.options.idempotency_keys, key) {
            let entry = request.headers_mut().entry(name);
            entry.or_insert_with(|| key.clone());
        }
    }

    /// Returns a new idempotency key, if the client uses them and the method is not idempotent.
    fn idempotency_key(&self, request: &Request) -> Option<HeaderValue> {
        self.options.idempotency_keys.as_ref()?;
        if is_idempotent(request.method()) || !self.network().is_trusted(request.url()) {
            return None;
        }
        let text = format!("{:016x}{:016x}", random_bits(), random_bits());
        HeaderValue::try_from(text).ok()
    }

    /// Sends a request until an attempt succeeds or the retry policy ends the call.
    async fn attempts(
        &self,
        mut request: Box<Request>,
        upload: Option<&Outgoing>,
        attempts: Attempts<'_>,
        deadline: Option<Instant>,
    ) -> Result<Box<platform::Response>, TransportError> {
        let Attempts {
            operation,
            create,
            is_safe,
            is_sent,
            span,
        } = attempts;
        let (policy, start) = (&self.options.retry_policy, Instant::now());
        let mut attempt = 1;
        loop {
            // A stream body can only be sent once.
            let can_retry = policy.allows(attempt)
                && request.body().is_none_or(|body| body.as_bytes().is_some())
                && upload.is_none_or(Outgoing::is_repeatable);
            let limit = self
                .options
                .waits_for_rate_limit
                .then_some(&self.shared.reset);
            while let Some(until) = limit.and_then(Reset::pending) {
                sleep_until(until).await;
            }
            let mut result = if self.shared.middleware.is_empty() {
                self.network()
                    .exchange(request, create, upload, operation, self.options.redirects)
                    .await
            } else {
                let next = Next {
                    network: self.network(),
                    upload,
                    redirects: self.options.redirects,
                    middleware: &self.shared.middleware,
                    operation,
                };
                // On the heap, so that the future of calls without middleware is smaller.
                Box::pin(next.run(*request)).await.map(Box::new)
            };
            if let (Some(limit), Ok(response)) = (limit, &result) {
                limit.record(response.status(), response.headers());
            }
            span.attempt(attempt);
            let delay = if can_retry {
                policy.delay(attempt, is_safe, &result, start)
            } else {
                None
            };
            let until = delay.and_then(|delay| Instant::now().checked_add(delay));
            let until = until.filter(|until| deadline.is_none_or(|deadline| *until < deadline));
            let (Some(until), Some(next)) = (until, until.and_then(|_| create())) else {
                return result;
            };
            request = next;
            if result.as_ref().err().is_none_or(may_have_arrived) {
                is_sent.store(true, Ordering::Relaxed);
            }
            trace::retry(
                attempt,
                result.as_ref().ok().map(|response| response.status()),
                delay.unwrap_or_default(),
            );
            if let Ok(response) = &mut result {
                drain(response, until).await;
            }
            drop(result);
            sleep_until(until).await;
            attempt += 1;
        }
    }
}

/// Returns whether the server may have processed an attempt with this error.
fn may_have_arrived(error: &TransportError) -> bool {
    match error {
        TransportError::Http(error) => !error.is_connect() && !error.is_builder(),
        // A token is missing before the first request, or after a 401 or a redirect.
        TransportError::Credential(_) | TransportError::ForbiddenHeader(_) => false,
        TransportError::Timeout(_)
        | TransportError::Middleware(_)
        | TransportError::Upload(_)
        | TransportError::Redirect(_) => true,
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let network = self.network();
        let credentials: Vec<_> = network
            .credentials
            .iter()
            .map(|credential| credential.scheme)
            .collect();
        f.debug_struct("Transport")
            .field("base_url", &network.base_url.text)
            .field("servers", &network.servers)
            .field("options", &self.options)
            .field("credentials", &credentials)
            .field("middleware", &self.shared.middleware.len())
            .finish_non_exhaustive()
    }
}
