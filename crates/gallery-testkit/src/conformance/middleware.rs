//! Middleware of the clients under test.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use gallery_runtime::reqwest::header::{HeaderName, HeaderValue};
use gallery_runtime::reqwest::{Request, Response};
use gallery_runtime::{Middleware, Next, TransportError};
use serde::{Deserialize, Serialize};

/// The header that marking middleware adds.
pub(super) const MARK: &str = "x-middleware-mark";

/// Middleware that captures requests instead of sending them.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestCapture {
    captured: Arc<Mutex<Vec<CapturedRequest>>>,
}

/// A captured request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct CapturedRequest {
    pub(super) url: String,
    /// The operation id and path that the client passes to middleware.
    pub(super) operation: (String, String),
    /// The `Debug` output of the request.
    pub(super) shown: String,
}

impl RequestCapture {
    /// Returns and clears the captured requests.
    pub(super) fn take(&self) -> Vec<CapturedRequest> {
        std::mem::take(&mut *self.captured())
    }

    /// Adds captured requests.
    pub(super) fn add(&self, requests: impl IntoIterator<Item = CapturedRequest>) {
        self.captured().extend(requests);
    }

    fn captured(&self) -> MutexGuard<'_, Vec<CapturedRequest>> {
        self.captured.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Middleware for RequestCapture {
    async fn handle(&self, request: Request, next: Next<'_>) -> Result<Response, TransportError> {
        let operation = next.operation();
        self.add([CapturedRequest {
            url: request.url().to_string(),
            operation: (operation.operation_id.to_owned(), operation.path.to_owned()),
            shown: format!("{request:?}"),
        }]);
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
pub(super) struct AddMark(pub(super) HeaderValue);

impl Middleware for AddMark {
    async fn handle(
        &self,
        mut request: Request,
        next: Next<'_>,
    ) -> Result<Response, TransportError> {
        request
            .headers_mut()
            .append(HeaderName::from_static(MARK), self.0.clone());
        next.run(request).await
    }
}
