//! Middleware of the clients under test.

use std::sync::{Arc, Mutex, PoisonError};

use gallery_runtime::reqwest::header::{HeaderName, HeaderValue};
use gallery_runtime::reqwest::{Request, Response};
use gallery_runtime::{Middleware, Next, TransportError};

/// The header that marking middleware adds.
pub(super) const MARK: &str = "x-middleware-mark";

/// Middleware that captures requests instead of sending them.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestCapture {
    captured: Arc<Mutex<Vec<CapturedRequest>>>,
}

/// A captured request.
#[derive(Clone, Debug)]
pub(super) struct CapturedRequest {
    pub(super) url: String,
    /// The operation id and path that the client passes to middleware.
    pub(super) operation: (&'static str, &'static str),
    /// The `Debug` output of the request.
    pub(super) shown: String,
}

impl RequestCapture {
    /// Returns and clears the captured requests.
    pub(super) fn take(&self) -> Vec<CapturedRequest> {
        std::mem::take(&mut *self.captured.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Middleware for RequestCapture {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let operation = (next.operation().operation_id, next.operation().path);
        let captured = CapturedRequest {
            url: request.url().to_string(),
            operation,
            shown: format!("{request:?}"),
        };
        self.captured
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(captured);
        Err(TransportError::Middleware("captured".into()))
    }
}

/// Middleware that passes requests on.
pub(super) struct PassOn;

impl Middleware for PassOn {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        next.run(request).await
    }
}

/// Middleware that adds a value to the header [`MARK`].
pub(super) struct AddMark(pub(super) &'static str);

impl Middleware for AddMark {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        let mark = HeaderValue::from_static(self.0);
        request
            .headers_mut()
            .append(HeaderName::from_static(MARK), mark);
        next.run(request).await
    }
}
