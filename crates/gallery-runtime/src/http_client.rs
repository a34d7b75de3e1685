//! HTTP clients that send the requests.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::Request;

use crate::platform::{Client, Response, dropped_header};
use crate::transport_error::TransportError;

/// The default timeout for connecting.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// An HTTP client other than reqwest's, for
/// [`ClientBuilder::custom_http_client`](crate::ClientBuilder::custom_http_client).
///
/// It must not follow redirects. With the feature `tower`,
/// `tower::TowerClient` makes one of a tower service.
///
/// ```
/// use gallery_runtime::reqwest::{Client, Request, Response};
/// use gallery_runtime::{HttpClient, TransportError};
///
/// /// Sends requests with reqwest, and counts them.
/// struct Counting(Client, std::sync::atomic::AtomicUsize);
///
/// impl HttpClient for Counting {
///     async fn execute(&self, request: Request) -> Result<Response, TransportError> {
///         self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///         Ok(self.0.execute(request).await?)
///     }
/// }
/// ```
pub trait HttpClient: Send + Sync + 'static {
    /// Sends a request.
    ///
    /// # Errors
    ///
    /// Errors of reqwest are retried as those of the default client are. For errors of another
    /// kind, use [`TransportError::Middleware`], which ends the call.
    fn execute(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send;
}

type Execution<'a> = Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;

/// [`HttpClient`] as a trait object.
pub(crate) trait DynHttpClient: Send + Sync {
    fn execute(&self, request: Request) -> Execution<'_>;
}

impl<C: HttpClient> DynHttpClient for C {
    fn execute(&self, request: Request) -> Execution<'_> {
        Box::pin(HttpClient::execute(self, request))
    }
}

/// The HTTP client of a client.
#[derive(Clone)]
pub(crate) enum Http {
    /// The usual one, whose futures need no allocation.
    Reqwest(Client),
    Custom(Arc<dyn DynHttpClient>),
}

impl Http {
    /// Sends a request. Requests and responses are on the heap, so that futures are smaller and
    /// moving a result costs little.
    pub(crate) async fn execute(
        &self,
        request: Box<Request>,
    ) -> Result<Box<Response>, TransportError> {
        if let Some(name) = dropped_header(request.headers()) {
            return Err(TransportError::ForbiddenHeader(name.clone()));
        }
        match self {
            Http::Reqwest(client) => match client.execute(*request).await {
                Ok(response) => Ok(Box::new(response)),
                Err(error) => Err(error.into()),
            },
            Http::Custom(client) => client.execute(*request).await.map(Box::new),
        }
    }
}
