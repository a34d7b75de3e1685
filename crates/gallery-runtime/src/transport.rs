//! Between a generated client and the network: the base URL, the HTTP client, and the hooks that every request passes.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Request, RequestBuilder, Response};
use serde::Serialize;
use thiserror::Error;
use url::Url;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a call may take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests to one API. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct Transport {
    base_url: Arc<str>,
    http: reqwest::Client,
    hooks: Vec<Arc<dyn DynHook>>,
}

/// Why a client could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is none.
    #[error("`{url}` is no base URL: {reason}")]
    BaseUrl {
        /// What was given, without user name and password.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The HTTP client could not be set up, for example because the system has no usable certificates.
    #[error("the HTTP client could not be set up: {0}")]
    Http(#[from] reqwest::Error),
}

/// Why a request brought no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The connection failed, or it took too long.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// A hook ended the call.
    #[error(transparent)]
    Hook(Box<dyn std::error::Error + Send + Sync>),
}

/// Which operation a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperationInfo {
    /// The operation's id, which is also the client's method.
    pub operation_id: &'static str,
}

/// Stands between a client and the network. It sees each request before it is sent, may change, refuse, repeat or answer it, and
/// sees the response.
///
/// ```
/// use gallery_runtime::reqwest::{Request, Response, header};
/// use gallery_runtime::{Hook, Next, TransportError};
///
/// /// Sends a token with each request.
/// struct Bearer(header::HeaderValue);
///
/// impl Hook for Bearer {
///     async fn call(&self, mut request: Request, next: Next<'_>) -> Result<Response, TransportError> {
///         request.headers_mut().insert(header::AUTHORIZATION, self.0.clone());
///         next.run(request).await
///     }
/// }
/// ```
pub trait Hook: Send + Sync + 'static {
    /// Handles one request. `next.run(request)` passes it on.
    fn call(&self, request: Request, next: Next<'_>) -> impl Future<Output = Result<Response, TransportError>> + Send;
}

/// [`Hook`] as a trait object.
trait DynHook: Send + Sync {
    fn call<'a>(
        &'a self,
        request: Request,
        next: Next<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>>;
}

impl<H: Hook> DynHook for H {
    fn call<'a>(
        &'a self,
        request: Request,
        next: Next<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<Response, TransportError>> + Send + 'a>> {
        Box::pin(Hook::call(self, request, next))
    }
}

/// The rest of the way of a request: the hooks after this one, then the network.
#[derive(Clone, Copy)]
pub struct Next<'a> {
    transport: &'a Transport,
    hooks: &'a [Arc<dyn DynHook>],
    operation: &'a OperationInfo,
}

impl<'a> Next<'a> {
    /// Which operation the request is for.
    pub fn operation(&self) -> &'a OperationInfo {
        self.operation
    }

    /// Passes the request on.
    pub async fn run(self, request: Request) -> Result<Response, TransportError> {
        match self.hooks.split_first() {
            Some((hook, hooks)) => hook.call(request, Next { hooks, ..self }).await,
            None => Ok(self.transport.http.execute(request).await?),
        }
    }
}

impl fmt::Debug for Next<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Next").field("operation", self.operation).field("hooks", &self.hooks.len()).finish()
    }
}

impl Transport {
    /// A transport to the API at `base_url`, with an HTTP client that follows no redirects and gives up after 60 seconds.
    pub fn new(base_url: &str) -> Result<Self, BuildError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            // A followed redirect turns a POST into a GET, and its answer would pass for the operation's.
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Transport::with_http_client(base_url, http)
    }

    /// A transport to the API at `base_url` over an HTTP client of your own.
    pub fn with_http_client(base_url: &str, http: reqwest::Client) -> Result<Self, BuildError> {
        Ok(Transport { base_url: checked(base_url)?.into(), http, hooks: Vec::new() })
    }

    /// Adds a hook, which stands nearer to the network than those added before.
    #[must_use]
    pub fn with_hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Sends a request through the hooks. For generated code.
    #[doc(hidden)]
    pub async fn send(&self, request: Request, operation: &OperationInfo) -> Result<Response, TransportError> {
        Next { transport: self, hooks: &self.hooks, operation }.run(request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").field("base_url", &self.base_url).field("hooks", &self.hooks.len()).finish_non_exhaustive()
    }
}

/// A base URL that operations' paths can be put behind.
fn checked(base_url: &str) -> Result<String, BuildError> {
    let refuse = |url: &str, reason: &str| Err(BuildError::BaseUrl { url: url.to_owned(), reason: reason.to_owned() });
    // What is no URL may hold a password anywhere before an `@`.
    let shown = base_url.rsplit_once('@').map_or(base_url.to_owned(), |(_, rest)| format!("…@{rest}"));
    let mut url = match Url::parse(base_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(_) => return refuse(&shown, "it starts with neither http:// nor https://"),
        Err(error) => return refuse(&shown, &error.to_string()),
    };
    if !url.username().is_empty() || url.password().is_some() {
        // Setting them fails only for URLs that cannot have them, which have none to remove.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        return refuse(url.as_str(), "user name and password belong into a header, not into the URL; add a hook");
    }
    if url.query().is_some() || url.fragment().is_some() {
        url.set_query(None);
        url.set_fragment(None);
        return refuse(url.as_str(), "it has a query or fragment, which no path can be put behind");
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

/// What generated code needs beside reqwest's own builder.
pub trait RequestBuilderExt: Sized {
    /// A JSON body, when there is one; else neither a body nor a `Content-Type`.
    #[must_use]
    fn optional_json<T: Serialize>(self, body: Option<&T>) -> Self;
}

impl RequestBuilderExt for RequestBuilder {
    fn optional_json<T: Serialize>(self, body: Option<&T>) -> Self {
        match body {
            Some(body) => self.json(body),
            None => self,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        let base =
            |url: &str| Transport::new(url).map(|transport| transport.base_url().to_owned()).map_err(|error| error.to_string());
        for (given, kept) in [
            ("https://host", "https://host"),
            ("https://host/", "https://host"),
            ("http://host:8065/api/v4//", "http://host:8065/api/v4"),
        ] {
            assert_eq!(base(given).as_deref(), Ok(kept));
        }
        for (given, said) in [
            ("host/api", "`host/api` is no base URL: relative URL without a base"),
            ("file:///etc", "`file:///etc` is no base URL: it starts with neither http:// nor https://"),
            ("https://h/?a=b", "`https://h/` is no base URL: it has a query or fragment, which no path can be put behind"),
            (
                "https://me:secret@h/",
                "`https://h/` is no base URL: user name and password belong into a header, not into the URL; add a hook",
            ),
            ("me:secret@h", "`…@h` is no base URL: it starts with neither http:// nor https://"),
        ] {
            let error = base(given).unwrap_err();
            assert!(error.starts_with(said) && !error.contains("secret"), "{error}");
        }
    }
}
