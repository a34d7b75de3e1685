//! Hooks: what a caller puts between a client and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::{Request, Response};

use crate::auth::AuthScheme;
use crate::transport::{Transport, TransportError};

/// Which operation a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OperationInfo {
    /// The operation's id, which is also the client's method.
    pub operation_id: &'static str,
    /// The path as the API's document writes it, with its variables in braces.
    pub path: &'static str,
    /// The schemes that the document asks for: any one of these lists, all that is in it. `None` where the document says nothing.
    pub security: Option<&'static [&'static [AuthScheme]]>,
}

impl OperationInfo {
    /// An operation of whose security the document says nothing.
    pub const fn new(operation_id: &'static str, path: &'static str) -> OperationInfo {
        OperationInfo {
            operation_id,
            path,
            security: None,
        }
    }

    /// The same with what the document says of its security. An empty list says that there is none.
    #[must_use]
    pub const fn with_security(self, security: &'static [&'static [AuthScheme]]) -> OperationInfo {
        OperationInfo {
            security: Some(security),
            ..self
        }
    }
}

/// Stands between a client and the network. It sees each attempt of a call before it is sent, may change, refuse, repeat or answer
/// it, and sees the response.
///
/// Attempts are made again, as [`RetryPolicy`](crate::RetryPolicy) says, around the middleware; redirects are followed, and credentials added,
/// behind them: a hook that writes down what it sees has no token to write down, and what it adds goes to no other host.
///
/// ```
/// use gallery_runtime::reqwest::{Request, Response, header};
/// use gallery_runtime::{Middleware, Next, TransportError};
///
/// /// Names the caller's language.
/// struct Language(header::HeaderValue);
///
/// impl Middleware for Language {
///     async fn handle(&self, mut request: Request, next: Next<'_>) -> Result<Response, TransportError> {
///         request.headers_mut().insert(header::ACCEPT_LANGUAGE, self.0.clone());
///         next.run(request).await
///     }
/// }
/// ```
pub trait Middleware: Send + Sync + 'static {
    /// Handles one request. `next.run(request)` passes it on.
    fn handle(
        &self,
        request: Request,
        next: Next<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send;
}

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// [`Middleware`] as a trait object.
pub(crate) trait DynMiddleware: Send + Sync {
    fn handle<'a>(&'a self, request: Request, next: Next<'a>) -> Answering<'a>;
}

impl<H: Middleware> DynMiddleware for H {
    fn handle<'a>(&'a self, request: Request, next: Next<'a>) -> Answering<'a> {
        Box::pin(Middleware::handle(self, request, next))
    }
}

/// The rest of the way of a request: the middleware after this one, then the network.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) middleware: &'a [Arc<dyn DynMiddleware>],
    pub(crate) operation: &'a OperationInfo,
}

impl<'a> Next<'a> {
    /// Which operation the request is for.
    pub fn operation(&self) -> &'a OperationInfo {
        self.operation
    }

    /// Passes the request on.
    pub async fn run(self, mut request: Request) -> Result<Response, TransportError> {
        match self.middleware.split_first() {
            Some((first, middleware)) => first.handle(request, Next { middleware, ..self }).await,
            None => self.transport.exchange(&mut request, self.operation).await,
        }
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
