//! The network layer: sends one attempt of a call with its credentials and follows redirects.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, StatusCode};
use url::Url;

use crate::auth::{self, Credential, ProvidedTokens};
use crate::base_url::BaseUrl;
use crate::http_client::Http;
use crate::operation::OperationInfo;
use crate::platform::{Instant, Response};
use crate::redirect::{
    Hops, RedirectError, RedirectPolicy, is_same_origin, remove_private_headers,
};
use crate::response::drain;
use crate::secrets::SentSecrets;
use crate::sent_request::SentRequest;
use crate::signer::DynSigner;
use crate::transport_error::TransportError;
use crate::upload::Outgoing;

/// The maximum time for reading the body of a redirect.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

/// The connections, servers and credentials of a client.
pub(crate) struct Network {
    pub(crate) http: Http,
    pub(crate) base_url: BaseUrl,
    /// The base URLs that replace servers of single operations, by the URL in the API's document.
    pub(crate) servers: BTreeMap<String, BaseUrl>,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) signer: Option<Arc<dyn DynSigner>>,
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
        upload: Option<&Outgoing>,
        operation: &OperationInfo,
        redirects: RedirectPolicy,
    ) -> Result<Response, TransportError> {
        let credentials = &self.credentials;
        let mut hops = Hops::new(redirects);
        let has_secrets = !credentials.is_empty() || self.signer.is_some();
        let mut is_trusted = has_secrets && self.is_trusted(request.url());
        let no_tokens = ProvidedTokens::default();
        let mut tokens: Option<ProvidedTokens> = None;
        let mut is_renewed = false;
        let mut redirected: Option<Request> = None;
        loop {
            let current = redirected.as_mut().unwrap_or(&mut *request);
            let upload = upload.filter(|_| current.body().is_none());
            let copy = current.try_clone();
            let is_stream = copy.is_none() || upload.is_some_and(|upload| !upload.is_repeatable());
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
                if let Some(signer) = &self.signer {
                    let signed = signer.sign(&mut attempt, operation).await;
                    signed.map_err(TransportError::Credential)?;
                }
            }
            // The server may repeat a signature.
            let signed = self.signer.as_ref().map(|_| attempt.headers().clone());
            let sent = SentRequest::new(&attempt, upload.is_some())?;
            let mut response = match upload {
                None => self.http.execute(attempt).await,
                Some(upload) => upload.send(&self.http, attempt).await,
            }
            .map_err(|error| with_origin_only(error, current.url()))?;
            sent.check(&response)?;
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
                let headers = signed.as_ref().unwrap_or(current.headers());
                let secrets = SentSecrets::new(credentials, tokens, headers);
                response.extensions_mut().insert(secrets);
            }
            let error = match hops.next(current, upload.is_some(), &response) {
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
fn with_origin_only(error: TransportError, url: &Url) -> TransportError {
    let TransportError::Http(error) = error else {
        return error;
    };
    let mut origin = url.clone();
    origin.set_path("");
    origin.set_query(None);
    origin.set_fragment(None);
    TransportError::Http(error.without_url().with_url(origin))
}
