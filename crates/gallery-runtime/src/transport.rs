//! Between a generated client and the network: the way of a call through attempts, middleware, credentials and redirects.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{HeaderValue, USER_AGENT};
use reqwest::{Method, Request, StatusCode};
use thiserror::Error;
use tokio::time::{Instant, sleep_until, timeout_at};
use url::Url;

use crate::auth::{self, Credential, Given};
use crate::builder::BaseUrl;
use crate::error::BoxError;
use crate::middleware::{DynMiddleware, Next, OperationInfo};
use crate::options::{CallOptions, Options};
use crate::redirect::{Hops, RedirectError, is_same_origin, make_anonymous};
use crate::request::RequestBuilder;
use crate::response::{Response, drain};
use crate::style::InvalidArgument;
use crate::trace::{self, Span};

/// How long the rest of a redirect's body may take, so that its connection can be used again.
const DRAIN: Duration = Duration::from_secs(1);

/// Sends requests to one API. Cloning is cheap and shares the connections.
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: Options,
}

/// What all handles of a client have in common.
pub(crate) struct Shared {
    pub(crate) base_url: BaseUrl,
    /// Base URLs of the servers that operations have for themselves, by their URLs in the document.
    pub(crate) servers: BTreeMap<String, BaseUrl>,
    pub(crate) http: reqwest::Client,
    pub(crate) user_agent: Option<HeaderValue>,
    pub(crate) credentials: Vec<Credential>,
    pub(crate) middleware: Vec<Arc<dyn DynMiddleware>>,
}

/// Why a request brought no answer.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The connection failed.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    /// No answer came within this time.
    #[error("no answer came within {0:?}")]
    Timeout(Duration),
    /// No token was to be had, or it cannot be sent.
    #[error(transparent)]
    Credential(BoxError),
    /// A hook ended the call.
    #[error(transparent)]
    Middleware(BoxError),
}

impl TransportError {
    /// For traces.
    fn name(&self) -> &'static str {
        match self {
            TransportError::Http(error) if error.is_connect() => "connect",
            TransportError::Http(_) => "connection",
            TransportError::Timeout(_) => "timeout",
            TransportError::Credential(_) => "credential",
            TransportError::Middleware(_) => "middleware",
        }
    }
}

impl Transport {
    pub(crate) fn new(shared: Shared, options: Options) -> Transport {
        Transport {
            shared: Arc::new(shared),
            options,
        }
    }

    /// A handle with other settings on the same connections.
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Transport {
        Transport {
            shared: Arc::clone(&self.shared),
            options: self.options.with(options),
        }
    }

    /// The base URL, without a slash at its end.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url.text
    }

    #[cfg(test)]
    pub(crate) fn credentials(&self) -> &[Credential] {
        &self.shared.credentials
    }

    /// A request to the base URL. For generated code.
    #[doc(hidden)]
    pub fn request(&self, method: Method) -> RequestBuilder {
        RequestBuilder::new(method, &self.shared.base_url.text)
    }

    /// A request to a server that an operation has for itself: to the base URL that was given for it, or else to its `default`.
    /// For generated code.
    #[doc(hidden)]
    pub fn request_to(
        &self,
        method: Method,
        server: &str,
        default: Option<&str>,
    ) -> Result<RequestBuilder, InvalidArgument> {
        let given = self
            .shared
            .servers
            .get(server)
            .map(|given| given.text.as_str());
        let base_url = given.or(default).ok_or_else(|| {
            InvalidArgument(format!("the operation has a server of its own, `{server}`, whose base URL must be given first"))
        })?;
        Ok(RequestBuilder::new(method, base_url.trim_end_matches('/')))
    }

    /// Sends a request, as often as the settings say. For generated code.
    #[doc(hidden)]
    pub async fn send(
        &self,
        mut request: Request,
        operation: &OperationInfo,
    ) -> Result<Response, TransportError> {
        let span = Span::new(operation, request.method());
        self.add_headers(&mut request);
        let started = Instant::now();
        let timeout = self.options.timeout.unwrap_or_default();
        // A timeout beyond the end of time is none.
        let deadline = self
            .options
            .timeout
            .and_then(|timeout| started.checked_add(timeout));
        let sent = within(
            deadline,
            span.around(self.attempts(request, operation, started, deadline, &span)),
        )
        .await;
        match sent.unwrap_or(Err(TransportError::Timeout(timeout))) {
            Ok(response) => {
                span.status(response.status());
                Ok(Response::new(
                    response,
                    deadline,
                    self.options.max_body_bytes,
                ))
            }
            Err(error) => {
                span.error(error.name());
                Err(error)
            }
        }
    }

    /// What the caller wants sent with every request.
    fn add_headers(&self, request: &mut Request) {
        if let Some(user_agent) = &self.shared.user_agent {
            request
                .headers_mut()
                .entry(USER_AGENT)
                .or_insert_with(|| user_agent.clone());
        }
        if let Some(headers) = &self.options.headers
            && self.is_own(request.url())
        {
            for (name, value) in headers.iter() {
                request
                    .headers_mut()
                    .entry(name)
                    .or_insert_with(|| value.clone());
            }
        }
    }

    /// Whether a URL is on a server that the caller has named, and may see credentials.
    fn is_own(&self, url: &Url) -> bool {
        let mut own = std::iter::once(&self.shared.base_url).chain(self.shared.servers.values());
        own.any(|base_url| is_same_origin(&base_url.url, url))
    }

    async fn attempts(
        &self,
        mut request: Request,
        operation: &OperationInfo,
        started: Instant,
        deadline: Option<Instant>,
        span: &Span,
    ) -> Result<reqwest::Response, TransportError> {
        let retries = &self.options.retry_policy;
        let mut attempt = 1;
        loop {
            // A body that is a stream can be sent once.
            let again = retries.allows(attempt)
                && request.body().is_none_or(|body| body.as_bytes().is_some());
            let mut outcome = if self.shared.middleware.is_empty() {
                self.exchange(&mut request, operation).await
            } else {
                let sent = if again { request.try_clone() } else { None };
                let sent = sent.unwrap_or_else(|| take(&mut request));
                Next {
                    transport: self,
                    middleware: &self.shared.middleware,
                    operation,
                }
                .run(sent)
                .await
            };
            span.attempts(attempt);
            let wait = if again {
                retries.wait(attempt, request.method(), &outcome, started.elapsed())
            } else {
                None
            };
            let until = wait.and_then(|wait| Instant::now().checked_add(wait));
            let Some(until) =
                until.filter(|until| deadline.is_none_or(|deadline| *until < deadline))
            else {
                return outcome;
            };
            trace::again(
                attempt,
                outcome.as_ref().ok().map(reqwest::Response::status),
                wait.unwrap_or_default(),
            );
            if let Ok(answer) = &mut outcome {
                drain(answer, until).await;
            }
            drop(outcome);
            sleep_until(until).await;
            attempt += 1;
        }
    }

    /// Sends a request over the network, with its credentials, to where redirects lead.
    pub(crate) async fn exchange(
        &self,
        request: &mut Request,
        operation: &OperationInfo,
    ) -> Result<reqwest::Response, TransportError> {
        let credentials = &self.shared.credentials;
        let mut hops = Hops::new(self.options.max_redirects);
        let mut own = !credentials.is_empty() && self.is_own(request.url());
        let mut given: Option<Given> = None;
        let mut renewed = false;
        let mut moved: Option<Request> = None;
        loop {
            let current = moved.as_mut().unwrap_or(&mut *request);
            let copy = current.try_clone();
            let once = copy.is_none();
            let mut sent = copy.unwrap_or_else(|| take(current));
            if own {
                if given.is_none() {
                    given = Some(auth::ask(credentials, operation, None).await?);
                }
                auth::put(
                    credentials,
                    operation,
                    given.as_ref().unwrap_or(&Given::default()),
                    &mut sent,
                )?;
            }
            let mut answer = self
                .shared
                .http
                .execute(sent)
                .await
                .map_err(|error| without_arguments(error, current.url()))?;
            if let Some(refused) = given.as_ref().filter(|given| !given.is_empty())
                && (own && !once && !renewed && answer.status() == StatusCode::UNAUTHORIZED)
            {
                renewed = true;
                let fresh = auth::ask(credentials, operation, Some(refused)).await?;
                if fresh != *refused {
                    given = Some(fresh);
                    drain(&mut answer, Instant::now() + DRAIN).await;
                    continue;
                }
            }
            let refusal = match hops.next(current.method(), current.url(), &answer) {
                None => return Ok(answer),
                Some(Err(refusal)) => refusal,
                Some(Ok(to)) => match current.try_clone().filter(|_| !once) {
                    None => RedirectError::StreamBody,
                    Some(mut onward) => {
                        if !is_same_origin(onward.url(), &to) {
                            make_anonymous(onward.headers_mut());
                            own = own && self.is_own(&to);
                        }
                        *onward.url_mut() = to;
                        moved = Some(onward);
                        drain(&mut answer, Instant::now() + DRAIN).await;
                        continue;
                    }
                },
            };
            answer.extensions_mut().insert(refusal);
            return Ok(answer);
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Shared {
            base_url,
            servers,
            credentials,
            middleware,
            ..
        } = self.shared.as_ref();
        let servers: BTreeMap<_, _> = servers
            .iter()
            .map(|(url, given)| (url, &given.text))
            .collect();
        let credentials: Vec<_> = credentials
            .iter()
            .map(|credential| credential.scheme)
            .collect();
        f.debug_struct("Transport")
            .field("base_url", &base_url.text)
            .field("servers", &servers)
            .field("options", &self.options)
            .field("credentials", &credentials)
            .field("middleware", &middleware.len())
            .finish_non_exhaustive()
    }
}

/// What comes of a future before the deadline.
pub(crate) async fn within<F: Future>(deadline: Option<Instant>, future: F) -> Option<F::Output> {
    match deadline {
        Some(deadline) => timeout_at(deadline, future).await.ok(),
        None => Some(future.await),
    }
}

/// A request that cannot be copied; what stays has its method and URL.
fn take(request: &mut Request) -> Request {
    let shell = Request::new(request.method().clone(), request.url().clone());
    std::mem::replace(request, shell)
}

/// reqwest's errors have the whole URL, and APIs want keys in queries and even in paths. Which server it was is enough.
fn without_arguments(error: reqwest::Error, url: &Url) -> TransportError {
    let mut origin = url.clone();
    origin.set_path("");
    origin.set_query(None);
    origin.set_fragment(None);
    TransportError::Http(error.without_url().with_url(origin))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::builder::ClientBuilder;

    #[test]
    fn servers_of_operations() {
        const KNOWN: &[&str] = &["https://up.io/v1/", "https://{host}/x"];
        let builder = || ClientBuilder::<Transport>::new("https://host", KNOWN);
        let url = |transport: &Transport, server: &str, default: Option<&str>| {
            let mut call = transport
                .request_to(Method::GET, server, default)
                .map_err(|error| error.to_string())?;
            call.literal("/a");
            call.build()
                .map(|request| request.url().to_string())
                .map_err(|error| error.to_string())
        };
        let transport = builder().build().unwrap();
        assert_eq!(
            url(&transport, KNOWN[0], Some(KNOWN[0])).as_deref(),
            Ok("https://up.io/v1/a")
        );
        assert_eq!(
            url(&transport, KNOWN[1], None).unwrap_err(),
            "the operation has a server of its own, `https://{host}/x`, whose base URL must be given first; nothing was sent"
        );
        let given = builder()
            .server(KNOWN[1], "http://mine/x/")
            .build()
            .unwrap();
        assert_eq!(
            url(&given, KNOWN[1], None).as_deref(),
            Ok("http://mine/x/a")
        );
        let own = |url: &str| given.is_own(&url.parse().unwrap());
        assert!(own("https://host:443/other") && own("http://mine/"));
        assert!(
            !own("http://host")
                && !own("https://host:8443")
                && !own("https://up.io/v1")
                && !own("https://host.evil.io")
        );
    }
}
