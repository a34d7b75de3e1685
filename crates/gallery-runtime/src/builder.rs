//! How a client is made. Takes settings, gives a client or says which of them cannot be; nothing is sent.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use thiserror::Error;
use url::Url;

use crate::auth::{AuthScheme, Credential, Placed, Source, Token, TokenProvider};
use crate::middleware::{DynMiddleware, Middleware};
use crate::options::{CallOptions, Options};
use crate::retry::RetryPolicy;
use crate::transport::{Shared, Transport};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(15);

/// Why a client could not be made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is none.
    #[error("`{url}` is no base URL: {reason}")]
    InvalidBaseUrl {
        /// What was given, without user name and password.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// No operation has this server for itself.
    #[error("`{url}` is the server of no operation; there are {servers:?}")]
    UnknownServer {
        /// What was given.
        url: String,
        /// The servers that operations have for themselves.
        servers: &'static [&'static str],
    },
    /// A credential cannot be sent.
    #[error("the credential for {scheme:?} cannot be sent: {reason}")]
    InvalidCredential {
        /// Where it was to go.
        scheme: AuthScheme,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The user agent has a character that no header can have.
    #[error(
        "{0:?} is no user agent: it has a line break or another character that no header can have"
    )]
    InvalidUserAgent(String),
    /// The HTTP client could not be set up, for example because the system has no usable certificates.
    #[error("the HTTP client could not be set up: {0}")]
    HttpClient(#[from] reqwest::Error),
}

/// Makes a client `C`. Every setting has a default, and [`ClientBuilder::build`] checks them all.
///
/// ```
/// # type Client = gallery_runtime::Transport;
/// use std::time::Duration;
/// use gallery_runtime::{ClientBuilder, RetryPolicy};
///
/// # fn example() -> Result<(), gallery_runtime::BuildError> {
/// // A generated client has `Client::builder(base_url)` for the first line.
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
    /// The servers that operations have for themselves, by their URLs in the document.
    known: &'static [&'static str],
    servers: Vec<(String, String)>,
    http: Option<reqwest::Client>,
    connect_timeout: Duration,
    user_agent: Option<String>,
    options: CallOptions,
    credentials: Vec<(AuthScheme, Secret)>,
    middleware: Vec<Arc<dyn DynMiddleware>>,
    client: PhantomData<fn() -> C>,
}

enum Secret {
    Token(Token),
    User(String, Token),
    Provider(Source),
}

impl<C: From<Transport>> ClientBuilder<C> {
    /// Begins with the URL before the paths of all operations: scheme, host, port and base path. `known` are the servers that
    /// operations have for themselves, by their URLs in the document.
    pub fn new(base_url: &str, known: &'static [&'static str]) -> ClientBuilder<C> {
        ClientBuilder {
            base_url: base_url.to_owned(),
            known,
            servers: Vec::new(),
            http: None,
            connect_timeout: CONNECT_TIMEOUT,
            user_agent: None,
            options: CallOptions::new(),
            credentials: Vec::new(),
            middleware: Vec::new(),
            client: PhantomData,
        }
    }

    /// Sends the operations that have a server of their own to another base URL than the document's. `url` is that server's URL, as
    /// the documentation of the operation shows it. Credentials go there too; without this they go to the base URL alone.
    pub fn server(mut self, url: &str, base_url: &str) -> Self {
        self.servers.push((url.to_owned(), base_url.to_owned()));
        self
    }

    /// Sends `Authorization: Bearer …` with this token. It goes to the base URL's scheme, host and port, and to those given with
    /// [`ClientBuilder::server`], never elsewhere; and into no message.
    ///
    /// An operation gets it if the API's document says so or says nothing of security. The same holds for every credential.
    pub fn bearer_token(self, token: impl Into<Token>) -> Self {
        self.credential(AuthScheme::Bearer, Secret::Token(token.into()))
    }

    /// Sends `Authorization: Bearer …` with the token that the provider gives for each request. See [`ClientBuilder::bearer_token`].
    pub fn token_provider(self, provider: impl TokenProvider) -> Self {
        self.credential(
            AuthScheme::Bearer,
            Secret::Provider(Source::Provider(Arc::new(provider))),
        )
    }

    /// Sends `Authorization: Basic …` with this user name and password. See [`ClientBuilder::bearer_token`].
    pub fn basic_auth(self, user: &str, password: impl Into<Token>) -> Self {
        self.credential(
            AuthScheme::Basic,
            Secret::User(user.to_owned(), password.into()),
        )
    }

    /// Sends a key where the API wants it: `AuthScheme::Header("X-Api-Key")`, `AuthScheme::Query("key")` or `AuthScheme::Cookie("session")`. See
    /// [`ClientBuilder::bearer_token`].
    pub fn api_key(self, place: AuthScheme, key: impl Into<Token>) -> Self {
        self.credential(place, Secret::Token(key.into()))
    }

    fn credential(mut self, scheme: AuthScheme, secret: Secret) -> Self {
        self.credentials.retain(|(before, _)| *before != scheme);
        self.credentials.push((scheme, secret));
        self
    }

    /// How long a call may take, its attempts and its answer included: 60 s by default, `None` for as long as it takes.
    pub fn timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.options(|options| options.timeout(timeout))
    }

    /// How long a connection may take to come about: 15 s by default.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// When an attempt is made again. See [`RetryPolicy`] for the default; [`RetryPolicy::none`] for never.
    pub fn retry_policy(self, policy: RetryPolicy) -> Self {
        self.options(|options| options.retry_policy(policy))
    }

    /// How many redirects a call follows: 10 by default, 0 for none.
    ///
    /// 307 and 308 are followed with the method and the body as they are, 301, 302 and 303 only for `GET` and `HEAD`: a method never
    /// changes. A redirect to another host gets no credential and no header but those on the content's form and language. One that is
    /// not followed is an [`Error::UnexpectedResponse`](crate::Error::UnexpectedResponse) that says why.
    pub fn max_redirects(self, limit: usize) -> Self {
        self.options(|options| options.max_redirects(limit))
    }

    /// How many bytes the body of a success may have: 64 MiB by default. Of an error's body 64 KiB are kept.
    pub fn max_body_bytes(self, bytes: usize) -> Self {
        self.options(|options| options.max_body_bytes(bytes))
    }

    /// Sends a header with every request, to the same hosts as credentials. An argument of the same name comes before it.
    pub fn header(self, name: HeaderName, value: HeaderValue) -> Self {
        self.options(|options| options.header(name, value))
    }

    /// Sends this as `User-Agent`. By default none is sent.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// Adds a hook, which stands nearer to the network than those added before.
    pub fn middleware(mut self, middleware: impl Middleware) -> Self {
        self.middleware.push(Arc::new(middleware));
        self
    }

    /// Sends everything over an HTTP client of your own, for its proxies, certificates and connections. Its timeouts hold beside those
    /// set here, and [`ClientBuilder::connect_timeout`] does nothing. Give it `redirect::Policy::none()`: a redirect that it follows by
    /// itself is followed by reqwest's rules, which turn a `POST` into a `GET`.
    pub fn http_client(mut self, http: reqwest::Client) -> Self {
        self.http = Some(http);
        self
    }

    fn options(mut self, change: impl FnOnce(CallOptions) -> CallOptions) -> Self {
        self.options = change(self.options);
        self
    }

    /// The client.
    pub fn build(self) -> Result<C, BuildError> {
        let base_url = checked(&self.base_url)?;
        let mut servers = BTreeMap::new();
        for (url, given) in self.servers {
            if !self.known.contains(&url.as_str()) {
                return Err(BuildError::UnknownServer {
                    url,
                    servers: self.known,
                });
            }
            servers.insert(url, checked(&given)?);
        }
        let http = if let Some(http) = self.http {
            http
        } else {
            // The runtime follows redirects itself: reqwest turns a POST into a GET.
            let none = reqwest::redirect::Policy::none();
            reqwest::Client::builder()
                .connect_timeout(self.connect_timeout)
                .redirect(none)
                .build()?
        };
        let user_agent = self.user_agent.map(|text| {
            HeaderValue::from_str(&text).map_err(|_| BuildError::InvalidUserAgent(text))
        });
        let credentials = self.credentials.into_iter().map(|(scheme, secret)| {
            let fixed = |placed: Result<Placed, &'static str>| {
                placed
                    .map(Source::Fixed)
                    .map_err(|reason| BuildError::InvalidCredential { scheme, reason })
            };
            let source = match secret {
                Secret::Token(token) => fixed(Placed::new(scheme, &token))?,
                Secret::User(user, password) => {
                    fixed(Ok(basic(&http, &base_url, &user, &password)?))?
                }
                Secret::Provider(source) => source,
            };
            Ok::<_, BuildError>(Credential { scheme, source })
        });
        let credentials = credentials.collect::<Result<_, _>>()?;
        let (user_agent, middleware) = (user_agent.transpose()?, self.middleware);
        let shared = Shared {
            base_url,
            servers,
            http,
            user_agent,
            credentials,
            middleware,
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

/// The header of a user name and a password, as reqwest writes it.
fn basic(
    http: &reqwest::Client,
    base_url: &BaseUrl,
    user: &str,
    password: &Token,
) -> Result<Placed, BuildError> {
    let mut request = http
        .get(base_url.url.clone())
        .basic_auth(user, Some(password.expose()))
        .build()?;
    let missing = BuildError::InvalidCredential {
        scheme: AuthScheme::Basic,
        reason: "it cannot be written",
    };
    let mut value = HeaderMap::remove(request.headers_mut(), AUTHORIZATION).ok_or(missing)?;
    value.set_sensitive(true);
    Ok(Placed::Header(AUTHORIZATION, value))
}

/// A URL that operations' paths can be put behind.
#[derive(Debug)]
pub(crate) struct BaseUrl {
    /// Without a slash at its end.
    pub(crate) text: String,
    pub(crate) url: Url,
}

/// A base URL, or what is wrong with it.
fn checked(base_url: &str) -> Result<BaseUrl, BuildError> {
    let refuse = |url: &str, reason: &str| {
        Err(BuildError::InvalidBaseUrl {
            url: url.to_owned(),
            reason: reason.to_owned(),
        })
    };
    // What is no URL may hold a password anywhere before an `@`, and a key behind a `?`.
    let shown = base_url.split(['?', '#']).next().unwrap_or_default();
    let shown = shown
        .rsplit_once('@')
        .map_or(shown.to_owned(), |(_, rest)| format!("…@{rest}"));
    let mut url = match Url::parse(base_url) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(_) => return refuse(&shown, "it starts with neither http:// nor https://"),
        Err(error) => return refuse(&shown, &error.to_string()),
    };
    if !url.username().is_empty() || url.password().is_some() {
        // Setting them fails only for URLs that cannot have them, which have none to remove.
        let _ = url.set_username("");
        let _ = url.set_password(None);
        url.set_query(None);
        url.set_fragment(None);
        return refuse(
            url.as_str(),
            "user name and password belong into `basic_auth`, not into the URL",
        );
    }
    if url.query().is_some() || url.fragment().is_some() {
        url.set_query(None);
        url.set_fragment(None);
        return refuse(
            url.as_str(),
            "it has a query or fragment, which no path can be put behind",
        );
    }
    Ok(BaseUrl {
        text: url.as_str().trim_end_matches('/').to_owned(),
        url,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls() {
        let base = |url: &str| {
            checked(url)
                .map(|base| base.text)
                .map_err(|error| error.to_string())
        };
        for (given, kept) in [
            ("https://host", "https://host"),
            ("https://host/", "https://host"),
            ("http://host:8065/api/v4//", "http://host:8065/api/v4"),
        ] {
            assert_eq!(base(given).as_deref(), Ok(kept));
        }
        for (given, said) in [
            ("", "`` is no base URL: relative URL without a base"),
            (
                "host/api",
                "`host/api` is no base URL: relative URL without a base",
            ),
            ("http://", "`http://` is no base URL: empty host"),
            (
                "file:///etc",
                "`file:///etc` is no base URL: it starts with neither http:// nor https://",
            ),
            (
                "https://h/?a=secret",
                "`https://h/` is no base URL: it has a query or fragment, which no path can be put behind",
            ),
            (
                "h?key=secret",
                "`h` is no base URL: relative URL without a base",
            ),
            (
                "https://me:secret@h/?secret",
                "`https://h/` is no base URL: user name and password belong into `basic_auth`, not into the URL",
            ),
            (
                "me:secret@h",
                "`…@h` is no base URL: it starts with neither http:// nor https://",
            ),
        ] {
            let error = base(given).unwrap_err();
            assert!(
                error.starts_with(said) && !error.contains("secret"),
                "{error}"
            );
        }
    }

    #[test]
    fn what_cannot_be_is_said() {
        let said = |builder: ClientBuilder<Transport>| {
            assert!(!format!("{builder:?}").contains("secret"));
            builder.build().unwrap_err().to_string()
        };
        let builder = || ClientBuilder::<Transport>::new("https://host", &["https://up.io/v1"]);
        assert_eq!(
            said(builder().bearer_token("secret\n")),
            "the credential for Bearer cannot be sent: it has a line break or another character that no header can have"
        );
        assert_eq!(
            said(builder().api_key(AuthScheme::Header("X-Key"), "")),
            "the credential for Header(\"X-Key\") cannot be sent: it is empty"
        );
        assert_eq!(
            said(builder().server("https://up.io", "http://mine")),
            "`https://up.io` is the server of no operation; there are [\"https://up.io/v1\"]"
        );
        assert!(
            said(builder().server("https://up.io/v1", "mine")).starts_with("`mine` is no base URL")
        );
        assert!(said(builder().user_agent("a\r\nb: c")).contains("is no user agent"));
    }

    #[test]
    fn a_user_and_a_password() {
        let transport = ClientBuilder::<Transport>::new("https://host", &[])
            .basic_auth("me", "se:cret")
            .build()
            .unwrap();
        let [
            Credential {
                source: Source::Fixed(Placed::Header(name, value)),
                ..
            },
        ] = transport.credentials()
        else {
            panic!()
        };
        assert_eq!(
            (name, value.to_str().unwrap(), value.is_sensitive()),
            (&AUTHORIZATION, "Basic bWU6c2U6Y3JldA==", true)
        );
    }
}
