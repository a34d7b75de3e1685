//! Hooks: what a caller puts between a client and the network.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::{Request, Response};

use crate::auth::Scheme;
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
    pub security: Option<&'static [&'static [Scheme]]>,
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
    pub const fn secured(self, security: &'static [&'static [Scheme]]) -> OperationInfo {
        OperationInfo {
            security: Some(security),
            ..self
        }
    }
}

/// Stands between a client and the network. It sees each attempt of a call before it is sent, may change, refuse, repeat or answer
/// it, and sees the response.
///
/// Attempts are made again, as [`Retries`](crate::Retries) says, around the hooks; redirects are followed, and credentials added,
/// behind them: a hook that writes down what it sees has no token to write down, and what it adds goes to no other host.
///
/// ```
/// use gallery_runtime::reqwest::{Request, Response, header};
/// use gallery_runtime::{Hook, Next, TransportError};
///
/// /// Names the caller's language.
/// struct Language(header::HeaderValue);
///
/// impl Hook for Language {
///     async fn call(&self, mut request: Request, next: Next<'_>) -> Result<Response, TransportError> {
///         request.headers_mut().insert(header::ACCEPT_LANGUAGE, self.0.clone());
///         next.run(request).await
///     }
/// }
/// ```
pub trait Hook: Send + Sync + 'static {
    /// Handles one request. `next.run(request)` passes it on.
    fn call(
        &self,
        request: Request,
        next: Next<'_>,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send;
}

type Answering<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// [`Hook`] as a trait object.
pub(crate) trait DynHook: Send + Sync {
    fn call<'a>(&'a self, request: Request, next: Next<'a>) -> Answering<'a>;
}

impl<H: Hook> DynHook for H {
    fn call<'a>(&'a self, request: Request, next: Next<'a>) -> Answering<'a> {
        Box::pin(Hook::call(self, request, next))
    }
}

/// The rest of the way of a request: the hooks after this one, then the network.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    pub(crate) transport: &'a Transport,
    pub(crate) hooks: &'a [Arc<dyn DynHook>],
    pub(crate) operation: &'a OperationInfo,
}

impl<'a> Next<'a> {
    /// Which operation the request is for.
    pub fn operation(&self) -> &'a OperationInfo {
        self.operation
    }

    /// Passes the request on.
    pub async fn run(self, mut request: Request) -> Result<Response, TransportError> {
        match self.hooks.split_first() {
            Some((hook, hooks)) => hook.call(request, Next { hooks, ..self }).await,
            None => self.transport.exchange(&mut request, self.operation).await,
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next")
            .field("operation", self.operation)
            .field("hooks", &self.hooks.len())
            .finish()
    }
}
