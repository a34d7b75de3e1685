//! The network layer: sends one attempt of a call with its credentials and follows redirects.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, StatusCode};
use url::Url;

use crate::auth::{self, Credential, ProvidedTokens};
use crate::base_url::BaseUrl;
use crate::http_client::Http;
use crate::operation::OperationInfo;
use crate::platform::{Instant, Response};
use crate::redirect::{Hops, RedirectPolicy, is_same_origin};
use crate::response::drain;
use crate::secrets::SentSecrets;
use crate::servers::Servers;
use crate::signer::DynSigner;
use crate::transport_error::TransportError;
use crate::upload::Outgoing;

/// The maximum time for reading the body of a redirect.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// Creates the request of a call once more, without credentials. Returns `None` if its body can be
/// sent only once. Requests are on the heap, so that the futures of calls stay small.
pub(crate) type CreateRequest<'a> = dyn Fn() -> Option<Box<Request>> + Send + Sync + 'a;

/// The connections, servers and credentials of a client.
pub(crate) struct Network {
    pub(crate) http: Http,
    pub(crate) base_url: Arc<BaseUrl>,
    pub(crate) servers: Servers,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) signer: Option<Arc<dyn DynSigner>>,
    /// False if the HTTP client cannot send requests to `https` URLs.
    pub(crate) has_tls: bool,
}

impl Network {
    /// Returns false for `https` URLs without TLS.
    pub(crate) fn can_connect_to(&self, url: &Url) -> bool {
        self.has_tls || url.scheme() != "https"
    }

    /// Returns whether the caller has named the server of a URL. Only these servers get
    /// credentials.
    pub(crate) fn is_trusted(&self, url: &Url) -> bool {
        let mut trusted = std::iter::once(&self.base_url).chain(self.servers.base_urls());
        trusted.any(|base_url| is_same_origin(&base_url.url, url))
    }

    /// Sends a request, with credentials, and follows redirects. After a 401, sends it once more if
    /// a token provider returns another token. `create` creates an equal request.
    ///
    /// If a redirect is not followed, the response has a `RedirectError` in its extensions.
    pub(crate) async fn exchange(
        &self,
        request: Box<Request>,
        create: &CreateRequest<'_>,
        upload: Option<&Outgoing>,
        operation: &OperationInfo,
        redirects: RedirectPolicy,
    ) -> Result<Box<Response>, TransportError> {
        let credentials = &self.credentials;
        let has_secrets = !credentials.is_empty() || self.signer.is_some();
        let mut is_trusted = has_secrets && self.is_trusted(request.url());
        let no_tokens = ProvidedTokens::default();
        let mut tokens: Option<ProvidedTokens> = None;
        let mut is_renewed = false;
        let mut attempt = request;
        // Middleware may have set another body.
        let upload = upload.filter(|_| attempt.body().is_none());
        let is_upload_repeatable = upload.map(Outgoing::is_repeatable);
        let mut hops = Hops::new(redirects, is_upload_repeatable);
        loop {
            if is_trusted {
                if tokens.is_none() {
                    tokens = Some(auth::provide(credentials, operation, None).await?);
                }
                auth::apply(
                    credentials,
                    operation,
                    tokens.as_ref().unwrap_or(&no_tokens),
                    &mut attempt,
                )?;
                if let Some(signer) = &self.signer {
                    let signed = signer.sign(&mut attempt, operation).await;
                    signed.map_err(TransportError::Credential)?;
                }
            }
            // The server may repeat a signature.
            let signed = self.signer.as_ref().map(|_| attempt.headers().clone());
            let method = attempt.method().clone();
            let mut response = match upload {
                None => self.http.execute(attempt).await,
                // On the heap, so that the future of other calls is smaller.
                Some(upload) => Box::pin(upload.send(&self.http, attempt)).await,
            }
            .map_err(|error| {
                let url = || Some(hops.apply(create()?).url().clone());
                with_origin_only(error, url)
            })?;
            if response.status().is_success() {
                return Ok(response);
            }
            let current = create().map(|request| hops.apply(request));
            if let Some(rejected) = tokens.as_ref().filter(|tokens| !tokens.is_empty())
                && (is_trusted && !is_renewed)
                && response.status() == StatusCode::UNAUTHORIZED
                && (current.is_some() && is_upload_repeatable != Some(false))
            {
                is_renewed = true;
                let fresh = auth::provide(credentials, operation, Some(rejected)).await?;
                if fresh != *rejected
                    && let Some(current) = current
                {
                    tokens = Some(fresh);
                    attempt = current;
                    drain(&mut response, Instant::now() + DRAIN_TIMEOUT).await;
                    continue;
                }
            }
            let headers = signed
                .as_ref()
                .or(current.as_ref().map(|request| request.headers()));
            let tokens_sent = tokens.as_ref().unwrap_or(&no_tokens);
            let secrets = SentSecrets::new(credentials, tokens_sent, headers);
            response.extensions_mut().insert(secrets);
            match hops.next(&method, current, &response) {
                None => return Ok(response),
                Some(Err(error)) => {
                    response.extensions_mut().insert(error);
                    return Ok(response);
                }
                Some(Ok(next)) => {
                    // Once a redirect has left the trusted servers, credentials stay off.
                    is_trusted = is_trusted && self.is_trusted(next.url());
                    attempt = next;
                    drain(&mut response, Instant::now() + DRAIN_TIMEOUT).await;
                }
            }
        }
    }
}

/// Returns a function that creates copies of a request.
pub(crate) fn create_copies(
    request: &Request,
) -> impl Fn() -> Option<Box<Request>> + Send + Sync + use<> {
    let copy = request.try_clone();
    move || copy.as_ref()?.try_clone().map(Box::new)
}

/// Removes path and query from the URL of an error, since they may contain keys. `url` returns the
/// URL of the request, for an error without one.
fn with_origin_only(error: TransportError, url: impl Fn() -> Option<Url>) -> TransportError {
    let TransportError::Http(error) = error else {
        return error;
    };
    let Some(mut origin) = error.url().cloned().or_else(url) else {
        return TransportError::Http(error);
    };
    origin.set_path("");
    origin.set_query(None);
    origin.set_fragment(None);
    TransportError::Http(error.with_url(origin))
}
