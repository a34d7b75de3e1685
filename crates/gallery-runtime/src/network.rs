//! The network layer: sends one attempt of a call with its credentials and follows redirects.

use std::collections::BTreeMap;
use std::time::Duration;

use reqwest::{Request, Response, StatusCode};
use tokio::time::Instant;
use url::Url;

use crate::auth::{self, Credential, ProvidedTokens};
use crate::base_url::BaseUrl;
use crate::operation::OperationInfo;
use crate::redirect::{
    Hops, RedirectError, RedirectPolicy, is_same_origin, remove_private_headers,
};
use crate::response::drain;
use crate::secrets::SentSecrets;
use crate::transport_error::TransportError;

/// The maximum time for reading the body of a redirect.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// The connections, servers and credentials of a client.
pub(crate) struct Network {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: BaseUrl,
    /// The base URLs that replace servers of single operations, by the URL in the API's document.
    pub(crate) servers: BTreeMap<String, BaseUrl>,
    pub(crate) credentials: Vec<Credential>,
    /// False if the HTTP client cannot send requests to `https` URLs.
    pub(crate) has_tls: bool,
}

impl Network {
    /// Returns false for `https` URLs without TLS.
    pub(crate) fn can_connect_to(&self, url: &str) -> bool {
        let is_https = url
            .get(..6)
            .is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:"));
        self.has_tls || !is_https
    }

    /// Returns whether the caller has named the server of a URL. Only these servers get
    /// credentials.
    pub(crate) fn is_trusted(&self, url: &Url) -> bool {
        let mut trusted = std::iter::once(&self.base_url).chain(self.servers.values());
        trusted.any(|base_url| is_same_origin(&base_url.url, url))
    }

    /// Sends a request, with credentials, and follows redirects. After a 401, sends it once more if
    /// a token provider returns another token. Leaves `request` intact if it can be cloned.
    ///
    /// If a redirect is not followed, the response has a [`RedirectError`] in its extensions.
    pub(crate) async fn exchange(
        &self,
        request: &mut Request,
        operation: &OperationInfo,
        redirects: RedirectPolicy,
    ) -> Result<Response, TransportError> {
        let credentials = &self.credentials;
        let mut hops = Hops::new(redirects);
        let mut is_trusted = !credentials.is_empty() && self.is_trusted(request.url());
        let no_tokens = ProvidedTokens::default();
        let mut tokens: Option<ProvidedTokens> = None;
        let mut is_renewed = false;
        let mut redirected: Option<Request> = None;
        loop {
            let current = redirected.as_mut().unwrap_or(&mut *request);
            let copy = current.try_clone();
            let is_stream = copy.is_none();
            let mut attempt = copy.unwrap_or_else(|| take(current));
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
            }
            let mut response = self
                .http
                .execute(attempt)
                .await
                .map_err(|error| with_origin_only(error, current.url()))?;
            if let Some(rejected) = tokens.as_ref().filter(|tokens| !tokens.is_empty())
                && (is_trusted && !is_stream && !is_renewed)
                && response.status() == StatusCode::UNAUTHORIZED
            {
                is_renewed = true;
                let fresh = auth::provide(credentials, operation, Some(rejected)).await?;
                if fresh != *rejected {
                    tokens = Some(fresh);
                    drain(&mut response, Instant::now() + DRAIN_TIMEOUT).await;
                    continue;
                }
            }
            if !response.status().is_success() {
                let tokens = tokens.as_ref().unwrap_or(&no_tokens);
                let secrets = SentSecrets::new(credentials, tokens, current.headers());
                response.extensions_mut().insert(secrets);
            }
            let error = match hops.next(current, &response) {
                None => return Ok(response),
                Some(Err(error)) => error,
                Some(Ok(url)) => match current.try_clone().filter(|_| !is_stream) {
                    None => RedirectError::StreamBody,
                    Some(mut next) => {
                        if !is_same_origin(next.url(), &url) {
                            remove_private_headers(next.headers_mut());
                            // Once a redirect has left the trusted servers, credentials stay off.
                            is_trusted = is_trusted && self.is_trusted(&url);
                        }
                        *next.url_mut() = url;
                        redirected = Some(next);
                        drain(&mut response, Instant::now() + DRAIN_TIMEOUT).await;
                        continue;
                    }
                },
            };
            response.extensions_mut().insert(error);
            return Ok(response);
        }
    }
}

/// Takes a request that cannot be cloned. The request left behind keeps method and URL.
pub(crate) fn take(request: &mut Request) -> Request {
    let shell = Request::new(request.method().clone(), request.url().clone());
    std::mem::replace(request, shell)
}

/// Removes path and query from the URL of an error, since they may contain keys.
fn with_origin_only(error: reqwest::Error, url: &Url) -> TransportError {
    let mut origin = url.clone();
    origin.set_path("");
    origin.set_query(None);
    origin.set_fragment(None);
    TransportError::Http(error.without_url().with_url(origin))
}
