//! Tower services as HTTP clients, with the feature `tower`.

use std::fmt;
use std::future::{Future, poll_fn};
use std::sync::{Mutex, PoisonError};

use reqwest::Request;
use tower_service::Service;

use crate::http_client::HttpClient;
use crate::platform::{Response, reqwest};
use crate::transport_error::{BoxError, TransportError};

/// A tower service that sends the requests of a client, such as `reqwest::Client` with layers.
///
/// Pass it to [`ClientBuilder::custom_http_client`](crate::ClientBuilder::custom_http_client). The
/// service is cloned for each request, so the state of a limit must be shared by clones.
///
/// An error of reqwest is treated as one of the default client. Any other error of the service ends
/// the call with [`Error::Middleware`](crate::Error::Middleware).
///
/// ```
/// # type Client = gallery_runtime::Transport;
/// use gallery_runtime::tower::TowerClient;
/// use gallery_runtime::{ClientBuilder, reqwest};
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
/// // Here, `tower::ServiceBuilder` adds layers to `http`.
/// let client: Client = ClientBuilder::new("https://api.example.com", &[])
///     .custom_http_client(TowerClient::new(http))
///     .build()?;
/// # Ok(())
/// # }
/// ```
pub struct TowerClient<S> {
    /// Services need not be `Sync`.
    service: Mutex<S>,
}

impl<S> TowerClient<S> {
    /// Creates an HTTP client from a service.
    pub fn new(service: S) -> TowerClient<S> {
        TowerClient {
            service: Mutex::new(service),
        }
    }
}

impl<S> HttpClient for TowerClient<S>
where
    S: Service<Request, Response = Response> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
{
    fn execute(
        &self,
        request: Request,
    ) -> impl Future<Output = Result<Response, TransportError>> + Send {
        let service = self.service.lock().unwrap_or_else(PoisonError::into_inner);
        let mut service = service.clone();
        async move {
            let ready = poll_fn(|context| service.poll_ready(context)).await;
            ready.map_err(failed)?;
            service.call(request).await.map_err(failed)
        }
    }
}

fn failed(error: impl Into<BoxError>) -> TransportError {
    match error.into().downcast::<reqwest::Error>() {
        Ok(error) => TransportError::from(*error),
        Err(error) => TransportError::Middleware(error),
    }
}

impl<S> fmt::Debug for TowerClient<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TowerClient").finish_non_exhaustive()
    }
}
