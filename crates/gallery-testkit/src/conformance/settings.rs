//! Settings of the clients under test.

use std::borrow::Cow;
use std::time::Duration;

use gallery_runtime::reqwest::header::{HeaderName, HeaderValue};
use gallery_runtime::{BoxError, ClientBuilder, RetryPolicy, Token, TokenProvider, Transport};
use serde::{Deserialize, Serialize};

use crate::conformance::middleware::{AddMark, PassOn, RequestCapture};
use crate::conformance::platform;
use crate::conformance::secret::Secret;

pub(super) const THIRD_TOKEN: &str = "third-token";

/// A text that no message and no `Debug` output may contain.
pub(super) const HIDDEN: &str = "hidden-7f3a";

/// The settings of a client.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// A base URL other than that of the mock server.
    pub(super) base_url: Option<String>,
    pub(super) secrets: Vec<Secret>,
    pub(super) tokens: Option<Tokens>,
    /// The timeout of calls. A call that timed out can still send a request, so these clients use
    /// their own server.
    pub(super) timeout: Option<Duration>,
    /// Requests are captured instead of sent, and servers of operations keep their defaults.
    pub(super) captured: bool,
    /// A middleware passes requests on.
    pub(super) passed_on: bool,
    /// Middleware that add these values to the header
    /// [`MARK`](crate::conformance::middleware::MARK), in this order.
    pub(super) marks: Vec<Cow<'static, str>>,
    pub(super) user_agent: Option<Cow<'static, str>>,
    /// The client sends the header `x-custom-key` with the value [`HIDDEN`].
    pub(super) has_hidden_header: bool,
    /// The origin of the operations' own servers, if it is not the mock server.
    pub(super) own_servers: Option<String>,
    /// Retries, which are disabled by default, since checks count requests.
    pub(super) retries: Option<Retries>,
    pub(super) max_redirects: Option<usize>,
    pub(super) max_body_bytes: Option<usize>,
    /// The client calls the mock server by the name [`HOST`](platform::HOST), and all
    /// [`LOOKALIKES`](platform::LOOKALIKES) lead to it too.
    pub(super) named_host: bool,
}

/// The servers that a client calls.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Servers {
    pub(super) base_url: String,
    /// Servers of operations in the document, and those that replace them.
    pub(super) own: Vec<(String, String)>,
}

impl Settings {
    /// Returns a builder for a client with these settings.
    pub(super) fn builder<C: From<Transport>>(
        &self,
        builder: fn(&str) -> ClientBuilder<C>,
        servers: &Servers,
        capture: &RequestCapture,
    ) -> Result<ClientBuilder<C>, String> {
        let retries = self.retries.map_or_else(RetryPolicy::none, Retries::policy);
        let mut builder = builder(&servers.base_url).retry_policy(retries);
        if self.passed_on {
            builder = builder.middleware(PassOn);
        }
        for mark in &self.marks {
            builder = builder.middleware(AddMark(header_value(mark)?));
        }
        if let Some(user_agent) = &self.user_agent {
            builder = builder.user_agent(user_agent.clone());
        }
        if self.has_hidden_header {
            builder = builder.header(
                HeaderName::from_static("x-custom-key"),
                HeaderValue::from_static(HIDDEN),
            );
        }
        if self.named_host {
            builder = platform::with_named_hosts(builder)?;
        }
        if let Some(limit) = self.max_redirects {
            builder = builder.max_redirects(limit);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(bytes);
        }
        if self.captured {
            builder = builder.middleware(capture.clone());
        }
        for (url, own) in &servers.own {
            builder = builder.server(url, own);
        }
        let secrets = self.secrets.iter();
        builder = secrets.fold(builder, |builder, secret| secret.given_to(builder));
        if let Some(tokens) = &self.tokens {
            builder = builder.token_provider(tokens.clone());
        }
        if let Some(timeout) = self.timeout {
            builder = builder.timeout(timeout);
        }
        Ok(builder)
    }
}

fn header_value(text: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(text).map_err(|error| error.to_string())
}

/// A token provider with two tokens: the second replaces the first if that is rejected. If they
/// differ, a third replaces the second, which no client should request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tokens(pub(super) Cow<'static, str>, pub(super) Cow<'static, str>);

impl Tokens {
    pub(super) const fn new(first: &'static str, second: &'static str) -> Tokens {
        Tokens(Cow::Borrowed(first), Cow::Borrowed(second))
    }
}

impl TokenProvider for Tokens {
    async fn token(&self, refused: Option<&Token>) -> Result<Token, BoxError> {
        Ok(Token::new(match refused.map(Token::expose) {
            None => &*self.0,
            Some(token) if token == self.1 && self.0 != self.1 => THIRD_TOKEN,
            Some(_) => &*self.1,
        }))
    }
}

/// A retry policy that can be sent to another process. Without changes, it is the default policy.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Retries {
    max_attempts: Option<u32>,
    backoff: Option<(Duration, Duration)>,
    max_elapsed: Option<Duration>,
    any_method: bool,
}

impl Retries {
    pub(super) fn max_attempts(self, max_attempts: u32) -> Retries {
        Retries {
            max_attempts: Some(max_attempts),
            ..self
        }
    }

    pub(super) fn backoff(self, initial: Duration, max: Duration) -> Retries {
        Retries {
            backoff: Some((initial, max)),
            ..self
        }
    }

    pub(super) fn max_elapsed(self, max_elapsed: Duration) -> Retries {
        Retries {
            max_elapsed: Some(max_elapsed),
            ..self
        }
    }

    pub(super) fn any_method(self) -> Retries {
        Retries {
            any_method: true,
            ..self
        }
    }

    fn policy(self) -> RetryPolicy {
        let mut policy = RetryPolicy::default();
        if let Some(max_attempts) = self.max_attempts {
            policy = policy.max_attempts(max_attempts);
        }
        if let Some((initial, max)) = self.backoff {
            policy = policy.backoff(initial, max);
        }
        if let Some(max_elapsed) = self.max_elapsed {
            policy = policy.max_elapsed(max_elapsed);
        }
        match self.any_method {
            true => policy.any_method(),
            false => policy,
        }
    }
}
