//! User code between a client and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Request;

use crate::network::{Network, create_copies};
use crate::operation::OperationInfo;
use crate::platform::Response;
use crate::redirect::RedirectPolicy;
use crate::transport_error::TransportError;
use crate::upload::Outgoing;

/// Code that wraps each attempt of a call. It can change, reject, repeat or answer a request, and
/// inspect the response.
///
/// Retries happen outside of middleware, as [`RetryPolicy`](crate::RetryPolicy) defines. Redirects
/// are followed and credentials are added inside, so a middleware that logs requests does not see
/// tokens. Headers that it adds are not sent to other hosts. A body that is an
/// [`Upload`](crate::Upload) of a file or a stream is added inside, too. If the middleware sets
/// another body, this one is sent.
///
/// ```
/// use gallery_runtime::reqwest::{Request, Response, header};
/// use gallery_runtime::{Middleware, Next, TransportError};
///
/// /// Sends the caller's language.
/// struct Language(header::HeaderValue);
///
/// impl Middleware for Language {
///     async fn handle(
///         &self,
///         mut request: Request,
///         next: Next<'_>,
///     ) -> Result<Response, TransportError> {
///         request.headers_mut().insert(header::ACCEPT_LANGUAGE, self.0.clone());
///         next.run(request).await
///     }
/// }
/// ```
pub trait Middleware: Send + Sync + 'static {
    /// Handles one attempt. `next.run(request)` passes it on.
    fn handle(
        &self,
        request: Request,
        next: Next<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send;
}

type ResponseFuture<'a> =
    Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// [`Middleware`] as a trait object.
pub(crate) trait DynMiddleware: Send + Sync {
    fn handle<'a>(&'a self, request: Request, next: Next<'a>) -> ResponseFuture<'a>;
}

impl<M: Middleware> DynMiddleware for M {
    fn handle<'a>(&'a self, request: Request, next: Next<'a>) -> ResponseFuture<'a> {
        Box::pin(Middleware::handle(self, request, next))
    }
}

/// The rest of the pipeline: the remaining middleware, then the network.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    pub(crate) network: &'a Network,
    pub(crate) upload: Option<&'a Outgoing>,
    pub(crate) redirects: RedirectPolicy,
    pub(crate) middleware: &'a [Arc<dyn DynMiddleware>],
    pub(crate) operation: &'a OperationInfo,
}

impl<'a> Next<'a> {
    /// Returns the operation that the request belongs to.
    pub fn operation(&self) -> &'a OperationInfo {
        self.operation
    }

    /// Runs the rest of the pipeline.
    pub async fn run(self, request: Request) -> Result<Response, TransportError> {
        if let Some((first, middleware)) = self.middleware.split_first() {
            return first.handle(request, Next { middleware, ..self }).await;
        }
        let create = create_copies(&request);
        self.network
            .exchange(
                Box::new(request),
                &create,
                self.upload,
                self.operation,
                self.redirects,
            )
            .await
            .map(|response| *response)
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next")
            .field("operation", self.operation)
            .field("middleware", &self.middleware.len())
            .finish()
    }
}
