//! Building of clients. Checks all settings; sends nothing.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{HeaderName, HeaderValue};

use crate::auth::{Credential, Placed, Source, Token, TokenProvider};
use crate::http_client::{CONNECT_TIMEOUT, Http, HttpClient};
use crate::middleware::{DynMiddleware, Middleware};
use crate::network::Network;
use crate::operation::AuthScheme;
use crate::options::{CallOptions, Options};
use crate::platform::{Client, Connection, HAS_TLS};
use crate::rate_limit::Reset;
use crate::retry::RetryPolicy;
use crate::signer::{DynSigner, Signer};
use crate::transport::{Shared, Transport};

pub use error::BuildError;
use servers::{parse_base_url, reject_https, servers};

mod error;
mod servers;

const INVALID_NAME: &str = "the name has a character that is not allowed";

/// A builder for a client `C`. All settings have defaults. [`ClientBuilder::build`] validates them.
///
/// Credentials and custom headers are sent only to the scheme, host and port of the base URL, and
/// of URLs passed to [`ClientBuilder::server`]. If the API's document defines security
/// requirements for an operation, only these credentials are sent; otherwise all are.
///
/// ```
/// # type Client = gallery_runtime::Transport;
/// use std::time::Duration;
/// use gallery_runtime::{ClientBuilder, RetryPolicy};
///
/// # fn example() -> Result<(), gallery_runtime::BuildError> {
/// // With a generated client, start with `Client::builder(base_url)`.
/// let client: Client = ClientBuilder::new("https://api.example.com/v4", &[])
///     .bearer_token("secret")
///     .timeout(Duration::from_secs(10))
///     .retry_policy(RetryPolicy::default().max_attempts(5))
///     .user_agent("my-program/1.0")
///     .build()?;
/// # Ok(())
/// # }
/// ```
#[must_use]
pub struct ClientBuilder<C> {
    base_url: String,
    /// The servers that the API's document defines for single operations.
    known_servers: &'static [&'static str],
    servers: Vec<(String, String)>,
    http: Option<Http>,
    pub(crate) connect_timeout: Duration,
    user_agent: Option<String>,
    options: CallOptions,
    credentials: Vec<(AuthScheme, Secret)>,
    signer: Option<Arc<dyn DynSigner>>,
    middleware: Vec<Arc<dyn DynMiddleware>>,
    connection: Connection,
    /// The first header that cannot be sent.
    invalid_header: Option<BuildError>,
    client: PhantomData<fn() -> C>,
}

enum Secret {
    Token(Token),
    User(String, Token),
    Provider(Source),
}

impl<C: From<Transport>> ClientBuilder<C> {
    /// Creates a builder for the API at `base_url`: scheme, host, port and base path.
    ///
    /// `known_servers` are the servers that the API's document defines for single operations.
    pub fn new(base_url: &str, known_servers: &'static [&'static str]) -> ClientBuilder<C> {
        ClientBuilder {
            base_url: base_url.to_owned(),
            known_servers,
            servers: Vec::new(),
            http: None,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: None,
            options: CallOptions::new(),
            credentials: Vec::new(),
            signer: None,
            middleware: Vec::new(),
            connection: Connection::new(),
            invalid_header: None,
            client: PhantomData,
        }
    }

    /// Replaces the server of operations that have their own. `url` is the server's URL, as the
    /// documentation of the operation shows it. The server at `base_url` also gets credentials.
    pub fn server(mut self, url: &str, base_url: &str) -> Self {
        self.servers.push((url.to_owned(), base_url.to_owned()));
        self
    }

    /// Sends `Authorization: Bearer …` with this token.
    pub fn bearer_token(self, token: impl Into<Token>) -> Self {
        self.credential(AuthScheme::Bearer, Secret::Token(token.into()))
    }

    /// Sends `Authorization: Bearer …` with a token from this provider.
    pub fn token_provider(self, provider: impl TokenProvider) -> Self {
        self.credential(
            AuthScheme::Bearer,
            Secret::Provider(Source::Provider(Arc::new(provider))),
        )
    }

    /// Sends `Authorization: Basic …` with this user name and password.
    pub fn basic_auth(self, user: &str, password: impl Into<Token>) -> Self {
        self.credential(
            AuthScheme::Basic,
            Secret::User(user.to_owned(), password.into()),
        )
    }

    /// Sends an API key, for example with `AuthScheme::Header("X-Api-Key")`,
    /// `AuthScheme::Query("key")` or `AuthScheme::Cookie("session")`.
    pub fn api_key(self, scheme: AuthScheme, key: impl Into<Token>) -> Self {
        self.credential(scheme, Secret::Token(key.into()))
    }

    /// Signs requests as they are sent, after all credentials are added.
    pub fn signer(mut self, signer: impl Signer) -> Self {
        self.signer = Some(Arc::new(signer));
        self
    }

    fn credential(mut self, scheme: AuthScheme, secret: Secret) -> Self {
        self.credentials.retain(|(other, _)| *other != scheme);
        self.credentials.push((scheme, secret));
        self
    }

    /// Sets the timeout of a call, including retries and the response body. `None` disables it.
    /// Default: 60 s.
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options(|options| options.timeout(timeout))
    }

    /// Sets the retry policy. See [`RetryPolicy`] for the default. [`RetryPolicy::none`] disables
    /// retries.
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry_policy(policy))
    }

    /// Sets the maximum size of a successful response's body, in bytes. Default: 64 MiB. Bodies of
    /// errors are truncated to 64 KiB.
    pub fn max_body_bytes(self, bytes: usize) -> Self {
        self.options(|options| options.max_body_bytes(bytes))
    }

    /// Sets the maximum size of an event in a stream of events, in bytes. Default: 1 MiB.
    pub fn max_event_bytes(self, bytes: usize) -> Self {
        self.options(|options| options.max_event_bytes(bytes))
    }

    /// Sends a header with every request to the servers that get credentials. An argument of the
    /// same name takes precedence.
    ///
    /// Name and value are strings, or a [`HeaderName`] and a [`HeaderValue`].
    pub fn header<N, V>(mut self, name: N, value: V) -> Self
    where
        N: TryInto<HeaderName> + fmt::Display,
        V: TryInto<HeaderValue>,
    {
        let text = name.to_string();
        let header = match (name.try_into(), value.try_into()) {
            (Ok(name), Ok(value)) => Ok((name, value)),
            (Err(_), _) => Err(INVALID_NAME),
            (_, Err(_)) => Err("the value has a character that is not allowed"),
        };
        match header {
            Ok((name, value)) => self.options(|options| options.header(name, value)),
            Err(reason) => {
                let error = BuildError::InvalidHeader(text, reason);
                self.invalid_header.get_or_insert(error);
                self
            }
        }
    }

    /// Sends a random key in this header, usually `Idempotency-Key`, with requests of methods that
    /// are not idempotent, such as `POST`. A server that knows the header performs requests with
    /// the same key only once. All attempts of a call have the same key, so it is retried like an
    /// idempotent one.
    ///
    /// An argument of the same name takes precedence. Servers that get no credentials get no key.
    pub fn idempotency_keys<N>(mut self, name: N) -> Self
    where
        N: TryInto<HeaderName> + fmt::Display,
    {
        let text = name.to_string();
        if let Ok(name) = name.try_into() {
            return self.options(|options| options.idempotency_keys(name));
        }
        let error = BuildError::InvalidHeader(text, INVALID_NAME);
        self.invalid_header.get_or_insert(error);
        self
    }

    /// Waits before an attempt until the rate limit allows requests again. Default: false.
    ///
    /// If a response reports a [`RateLimit`](crate::RateLimit) with no requests left, or has the
    /// status 429 and `Retry-After`, all calls of the client wait for the reset, at most an hour.
    /// The wait counts for the timeout of a call.
    pub fn wait_for_rate_limit(self, waits: bool) -> Self {
        self.options(|options| options.wait_for_rate_limit(waits))
    }

    /// Sets the `User-Agent` header. The default of generated clients is the name and the version
    /// of their crate.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Sends no `User-Agent`, for example because a server does not allow it in requests of
    /// browsers.
    pub fn without_user_agent(mut self) -> Self {
        self.user_agent = None;
        self
    }

    /// Adds a middleware. Middleware runs in the order in which it is added.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(Arc::new(middleware));
        self
    }

    /// Sets the timeout for connecting. Default: 15 s. Does not exist in WebAssembly.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets the maximum number of redirects per attempt. 0 disables redirects. Default: 10.
    ///
    /// A redirect never changes the method or the body. The statuses 307 and 308 are followed for
    /// all methods; 301, 302 and 303 only for `GET` and `HEAD`. A request with a body is sent to
    /// another origin only with [`ClientBuilder::cross_origin_bodies`]. Requests to another host
    /// carry no credentials and no headers except those about content type, language and user
    /// agent.
    ///
    /// A redirect that is not followed is an
    /// [`Error::UnexpectedResponse`](crate::Error::UnexpectedResponse) with the reason.
    pub fn max_redirects(self, limit: usize) -> Self {
        self.options(|options| options.max_redirects(limit))
    }

    /// Allows redirects to send a request body to another scheme, host or port. Default: false,
    /// because a body may have secrets, and the server that redirects chooses who receives them.
    pub fn cross_origin_bodies(self, are_allowed: bool) -> Self {
        self.options(|options| options.cross_origin_bodies(are_allowed))
    }

    /// Sets proxies, certificates and the use of connections.
    pub fn connection(mut self, connection: Connection) -> Self {
        self.connection = connection;
        self
    }

    /// Uses this HTTP client, for settings that [`Connection`] does not have.
    ///
    /// Timeouts of the HTTP client apply in addition to those set here, and
    /// [`connect_timeout`](ClientBuilder::connect_timeout) and
    /// [`connection`](ClientBuilder::connection) have no effect. Create the HTTP client with
    /// `redirect::Policy::none()`. Otherwise reqwest follows redirects by its own rules, which turn
    /// a `POST` into a `GET`.
    pub fn http_client(mut self, http: Client) -> Self {
        self.http = Some(Http::Reqwest(http));
        self
    }

    /// Sends requests with another HTTP client than reqwest's. The same settings have no effect as
    /// for [`http_client`](ClientBuilder::http_client).
    pub fn custom_http_client(mut self, http: impl HttpClient) -> Self {
        self.http = Some(Http::Custom(Arc::new(http)));
        self
    }

    pub(crate) fn options(mut self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.options = change(self.options);
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Fails if a URL, a credential, a header or the user agent is invalid, if a URL needs TLS but
    /// no TLS feature is enabled, or if the HTTP client cannot be created.
    pub fn build(self) -> Result<C, BuildError> {
        if let Some(error) = self.invalid_header {
            return Err(error);
        }
        let base_url = parse_base_url(&self.base_url)?;
        let servers = servers(self.servers, self.known_servers)?;
        let has_tls = HAS_TLS || self.http.is_some();
        let http = if let Some(http) = self.http {
            http
        } else {
            if !HAS_TLS {
                reject_https(std::iter::once(&base_url).chain(servers.base_urls()))?;
            }
            // The network layer follows redirects.
            let http = crate::platform::client(self.connection, self.connect_timeout);
            Http::Reqwest(http?)
        };
        let user_agent = self.user_agent.map(|text| {
            HeaderValue::from_str(&text).map_err(|_| BuildError::InvalidUserAgent(text))
        });
        let credentials = self.credentials.into_iter().map(|(scheme, secret)| {
            let (source, secret) = match secret {
                Secret::Token(token) => {
                    let placed = Placed::new(scheme, &token)
                        .map_err(|reason| BuildError::InvalidCredential { scheme, reason })?;
                    (Source::Fixed(placed), Some(token))
                }
                Secret::User(user, password) => {
                    let placed = basic(&user, &password)?;
                    (Source::Fixed(placed), Some(password))
                }
                Secret::Provider(source) => (source, None),
            };
            Ok::<_, BuildError>(Credential {
                scheme,
                source,
                secret,
            })
        });
        let credentials = credentials.collect::<Result<_, _>>()?;
        let shared = Shared {
            user_agent: user_agent.transpose()?,
            middleware: self.middleware,
            reset: Reset::default(),
            network: Network {
                http,
                base_url,
                servers,
                credentials,
                signer: self.signer,
                has_tls,
            },
        };
        Ok(Transport::new(shared, Options::default().with(self.options)).into())
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schemes: Vec<AuthScheme> = self.credentials.iter().map(|(scheme, _)| *scheme).collect();
        f.debug_struct("ClientBuilder")
            .field("options", &self.options)
            .field("credentials", &schemes)
            .finish_non_exhaustive()
    }
}

/// Returns the `Authorization` header of a user name and password.
fn basic(user: &str, password: &Token) -> Result<Placed, BuildError> {
    let token = STANDARD.encode(format!("{user}:{}", password.expose()));
    Placed::new(AuthScheme::Basic, &token.into()).map_err(|reason| BuildError::InvalidCredential {
        scheme: AuthScheme::Basic,
        reason,
    })
}

#[cfg(test)]
mod tests;
