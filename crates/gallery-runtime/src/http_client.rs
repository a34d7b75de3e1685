//! HTTP clients that send the requests.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::redirect::Policy;
use reqwest::{Client, Request, Response};

use crate::transport_error::TransportError;

/// False if reqwest cannot send requests to `https` URLs.
pub(crate) const HAS_TLS: bool = cfg!(any(feature = "rustls", feature = "native-tls"));

/// The default timeout for connecting.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Returns a builder for a client that does not follow redirects.
pub(crate) fn reqwest_builder(connect_timeout: Duration) -> reqwest::ClientBuilder {
    Client::builder()
        .connect_timeout(connect_timeout)
        .redirect(Policy::none())
}

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
    pub(crate) async fn execute(&self, request: Request) -> Result<Response, TransportError> {
        match self {
            Http::Reqwest(client) => client.execute(request).await.map_err(TransportError::Http),
            Http::Custom(client) => client.execute(request).await,
        }
    }
}
