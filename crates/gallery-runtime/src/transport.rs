//! Between a generated client and the network: the base URL, the HTTP client, and the hooks that every request passes.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, Request, Response};
use thiserror::Error;
use url::Url;

use crate::call::Call;
use crate::style::InvalidArgument;

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a call may take, its answer included.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Sends requests to one API. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct Transport {
    base_url: Arc<str>,
    /// Base URLs of the servers that operations have for themselves, by their URLs in the document.
    servers: BTreeMap<String, String>,
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
    /// No operation has this server for itself.
    #[error("`{url}` is the server of no operation; there are {known:?}")]
    UnknownServer {
        /// What was given.
        url: String,
        /// The servers that operations have for themselves.
        known: &'static [&'static str],
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
        Ok(Transport { base_url: checked(base_url)?.into(), servers: BTreeMap::new(), http, hooks: Vec::new() })
    }

    /// Adds a hook, which stands nearer to the network than those added before.
    #[must_use]
    pub fn with_hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// Gives a server that some operations have for themselves another base URL. `url` is the server's URL in the document, one of
    /// `known`.
    pub fn with_server(mut self, url: &str, base_url: &str, known: &'static [&'static str]) -> Result<Self, BuildError> {
        if !known.contains(&url) {
            return Err(BuildError::UnknownServer { url: url.to_owned(), known });
        }
        self.servers.insert(url.to_owned(), checked(base_url)?);
        Ok(self)
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// A request to the base URL. For generated code.
    #[doc(hidden)]
    pub fn call(&self, method: Method) -> Call {
        Call::new(method, &self.base_url)
    }

    /// A request to a server that an operation has for itself: to the base URL that was given for it, or else to its `default`.
    /// For generated code.
    #[doc(hidden)]
    pub fn call_to(&self, method: Method, server: &str, default: Option<&str>) -> Result<Call, InvalidArgument> {
        let base_url = self.servers.get(server).map(String::as_str).or(default).ok_or_else(|| {
            InvalidArgument(format!("the operation has a server of its own, `{server}`, whose base URL must be given first"))
        })?;
        Ok(Call::new(method, base_url.trim_end_matches('/')))
    }

    /// Sends a request through the hooks. For generated code.
    #[doc(hidden)]
    pub async fn send(&self, request: Request, operation: &OperationInfo) -> Result<Response, TransportError> {
        Next { transport: self, hooks: &self.hooks, operation }.run(request).await
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.base_url)
            .field("servers", &self.servers)
            .field("hooks", &self.hooks.len())
            .finish_non_exhaustive()
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

    #[test]
    fn servers_of_operations() {
        const KNOWN: &[&str] = &["https://up.io/v1/", "https://{host}/x"];
        let transport = Transport::new("https://host").unwrap();
        let url = |transport: &Transport, server: &str, default: Option<&str>| {
            let mut call = transport.call_to(Method::GET, server, default).map_err(|error| error.to_string())?;
            call.literal("/a");
            call.build().map(|request| request.url().to_string()).map_err(|error| error.to_string())
        };
        assert_eq!(url(&transport, KNOWN[0], Some(KNOWN[0])).as_deref(), Ok("https://up.io/v1/a"));
        assert_eq!(
            url(&transport, KNOWN[1], None).unwrap_err(),
            "the operation has a server of its own, `https://{host}/x`, whose base URL must be given first; nothing was sent"
        );
        let given = transport.clone().with_server(KNOWN[1], "http://mine/x/", KNOWN).unwrap();
        assert_eq!(url(&given, KNOWN[1], None).as_deref(), Ok("http://mine/x/a"));
        let unknown = transport.clone().with_server("https://up.io", "http://mine", KNOWN).unwrap_err();
        assert_eq!(
            unknown.to_string(),
            "`https://up.io` is the server of no operation; there are [\"https://up.io/v1/\", \"https://{host}/x\"]"
        );
        assert!(transport.with_server(KNOWN[0], "mine", KNOWN).is_err());
    }
}
