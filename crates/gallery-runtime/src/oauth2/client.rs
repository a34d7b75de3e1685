//! OAuth 2 clients and their builder.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use super::authorization::AuthorizationRequest;
use super::device::DeviceAuthorization;
use super::endpoint::{Endpoint, UrlRules};
use super::error::OAuthError;
use super::provider::{OAuthTokenProvider, Renewal};
use super::settings::{ClientAuthentication, Settings};
use crate::auth::Token;
use crate::http_client::CONNECT_TIMEOUT;
use crate::platform::{self, HAS_TLS, default_client};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);
const DEFAULT_RENEW_BEFORE_EXPIRY: Duration = Duration::from_secs(30);

/// The parameters that settings and flows set.
const RESERVED_PARAMETERS: [&str; 14] = [
    "client_id",
    "client_secret",
    "code",
    "code_challenge",
    "code_challenge_method",
    "code_verifier",
    "device_code",
    "grant_type",
    "redirect_uri",
    "refresh_token",
    "request",
    "response_type",
    "scope",
    "state",
];

/// An OAuth 2 client, as it is registered at an authorization server.
///
/// See the [module](crate::oauth2) for an example. A client is cheap to clone.
#[derive(Clone)]
pub struct OAuthClient {
    settings: Arc<Settings>,
}

impl OAuthClient {
    /// Creates a builder for a client with the token endpoint at `token_url`.
    pub fn builder(token_url: &str, client_id: impl Into<String>) -> OAuthClientBuilder {
        OAuthClientBuilder {
            token_url: token_url.to_owned(),
            client_id: client_id.into(),
            client_secret: None,
            authentication: ClientAuthentication::default(),
            scopes: Vec::new(),
            parameters: Vec::new(),
            authorization_parameters: Vec::new(),
            renew_before_expiry: DEFAULT_RENEW_BEFORE_EXPIRY,
            timeout: DEFAULT_TIMEOUT,
            http: None,
            allow_http: false,
        }
    }

    /// Creates a provider of tokens for the client itself. Sends nothing until the first call.
    ///
    /// ```
    /// use gallery_runtime::oauth2::{OAuthClient, OAuthError};
    ///
    /// # fn example() -> Result<(), OAuthError> {
    /// let provider = OAuthClient::builder("https://auth.example.com/oauth/token", "my-client")
    ///     .client_secret("secret")
    ///     .build()?
    ///     .client_credentials();
    /// # Ok(())
    /// # }
    /// ```
    pub fn client_credentials(&self) -> OAuthTokenProvider {
        OAuthTokenProvider::new(Arc::clone(&self.settings), Renewal::ClientCredentials, None)
    }

    /// Creates a provider of tokens for a refresh token. Sends nothing until the first call.
    ///
    /// If the client has scopes, the user must have granted them.
    ///
    /// ```
    /// use gallery_runtime::oauth2::{OAuthClient, OAuthError};
    ///
    /// # fn store(token: &str) {}
    /// # fn example(stored: String) -> Result<(), OAuthError> {
    /// let provider = OAuthClient::builder("https://auth.example.com/oauth/token", "my-client")
    ///     .build()?
    ///     .refresh_token(stored)
    ///     .on_refresh_token(|token| store(token.expose()));
    /// # Ok(())
    /// # }
    /// ```
    pub fn refresh_token(&self, refresh_token: impl Into<Token>) -> OAuthTokenProvider {
        OAuthTokenProvider::new(
            Arc::clone(&self.settings),
            Renewal::RefreshTokenWithScopes,
            Some(refresh_token.into()),
        )
    }

    /// Starts the authorization code flow with PKCE (S256). Sends nothing.
    ///
    /// `redirect_url` is the URL that the browser is redirected to (`redirect_uri`), as it is
    /// registered for the client.
    ///
    /// # Errors
    ///
    /// Fails if a URL is invalid, or if `authorization_url` is not secure.
    ///
    /// ```
    /// use gallery_runtime::oauth2::{OAuthClient, OAuthError, OAuthTokenProvider};
    ///
    /// # fn open_browser(url: &str) {}
    /// # async fn wait_for_redirect() -> String { String::new() }
    /// # async fn example() -> Result<OAuthTokenProvider, OAuthError> {
    /// let oauth = OAuthClient::builder("https://auth.example.com/oauth/token", "my-client")
    ///     .scopes(["books:read"])
    ///     .build()?;
    /// let request = oauth.authorization_code(
    ///     "https://auth.example.com/oauth/authorize",
    ///     "http://127.0.0.1:8080/callback",
    /// )?;
    /// open_browser(request.url());
    /// // For example `/callback?code=…&state=…`, from an HTTP server of your program.
    /// let redirect = wait_for_redirect().await;
    /// let provider = request.exchange(&redirect).await?;
    /// # Ok(provider)
    /// # }
    /// ```
    pub fn authorization_code(
        &self,
        authorization_url: &str,
        redirect_url: &str,
    ) -> Result<AuthorizationRequest, OAuthError> {
        AuthorizationRequest::new(Arc::clone(&self.settings), authorization_url, redirect_url)
    }

    /// Starts the device code flow: requests a code that the user enters on another device.
    ///
    /// # Errors
    ///
    /// Fails if `device_authorization_url` is invalid or not secure, or if the server does not
    /// return a code.
    ///
    /// ```
    /// use gallery_runtime::oauth2::{OAuthClient, OAuthError, OAuthTokenProvider};
    ///
    /// # async fn example() -> Result<OAuthTokenProvider, OAuthError> {
    /// let oauth = OAuthClient::builder("https://auth.example.com/oauth/token", "my-client")
    ///     .build()?;
    /// let device = oauth.device_code("https://auth.example.com/oauth/device").await?;
    /// println!("Open {} and enter {}", device.verification_url(), device.user_code());
    /// let provider = device.wait().await?;
    /// # Ok(provider)
    /// # }
    /// ```
    pub async fn device_code(
        &self,
        device_authorization_url: &str,
    ) -> Result<DeviceAuthorization, OAuthError> {
        DeviceAuthorization::start(Arc::clone(&self.settings), device_authorization_url).await
    }
}

impl fmt::Debug for OAuthClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClient")
            .field("token_url", &self.settings.token_endpoint.to_string())
            .field("client_id", &self.settings.client_id)
            .finish_non_exhaustive()
    }
}

/// A builder for an [`OAuthClient`]. All settings have defaults. [`OAuthClientBuilder::build`]
/// validates them.
#[must_use]
pub struct OAuthClientBuilder {
    token_url: String,
    client_id: String,
    client_secret: Option<Token>,
    authentication: ClientAuthentication,
    scopes: Vec<String>,
    parameters: Vec<(String, String)>,
    authorization_parameters: Vec<(String, String)>,
    renew_before_expiry: Duration,
    timeout: Duration,
    http: Option<platform::Client>,
    allow_http: bool,
}

impl OAuthClientBuilder {
    /// Sets the client secret. Public clients, such as programs on a user's computer, have none.
    pub fn client_secret(mut self, secret: impl Into<Token>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Sets where the client ID and the client secret are sent. Default:
    /// [`ClientAuthentication::Header`]. Without a client secret, the ID is a form field.
    pub fn client_authentication(mut self, authentication: ClientAuthentication) -> Self {
        self.authentication = authentication;
        self
    }

    /// Sets the scopes to request. Replaces earlier scopes.
    ///
    /// Renewals for a user who has approved the client keep the scopes that the user has granted.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Adds a parameter to all requests and to authorization URLs, such as `audience` or
    /// `resource`.
    pub fn parameter(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parameters.push((name.into(), value.into()));
        self
    }

    /// Adds a parameter to authorization URLs only, such as `prompt` or `access_type`.
    pub fn authorization_parameter(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        let parameter = (name.into(), value.into());
        self.authorization_parameters.push(parameter);
        self
    }

    /// Sets the time before expiry at which a token is renewed, at most half of its lifetime.
    /// Default: 30 s.
    pub fn renew_before_expiry(mut self, time: Duration) -> Self {
        self.renew_before_expiry = time;
        self
    }

    /// Sets the timeout of each request, including the response body. Default: 30 s.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Uses this HTTP client, for example to configure proxies and certificates.
    ///
    /// Create it with `redirect::Policy::none()`. Otherwise a redirect may send secrets to another
    /// host. The default HTTP client follows no redirects and connects within 15 s.
    pub fn http_client(mut self, http: platform::Client) -> Self {
        self.http = Some(http);
        self
    }

    /// Allows endpoints that use `http` with a host that is not a loopback address. Default: false,
    /// because everyone on the network could read secrets and tokens.
    pub fn allow_http(mut self, is_allowed: bool) -> Self {
        self.allow_http = is_allowed;
        self
    }

    /// Builds the client.
    ///
    /// # Errors
    ///
    /// Fails if the token URL is invalid or not secure, if it needs TLS but no TLS feature is
    /// enabled, if a parameter has the name of a setting, or if the HTTP client cannot be created.
    pub fn build(self) -> Result<OAuthClient, OAuthError> {
        let url_rules = UrlRules {
            allow_http: self.allow_http,
            has_tls: HAS_TLS || self.http.is_some(),
        };
        let token_endpoint = Endpoint::parse("token URL", &self.token_url, url_rules)?;
        let mut parameters = self.parameters.iter().chain(&self.authorization_parameters);
        let is_invalid = |name: &str| name.is_empty() || RESERVED_PARAMETERS.contains(&name);
        if let Some((name, _)) = parameters.find(|(name, _)| is_invalid(name)) {
            return Err(OAuthError::InvalidParameter(name.clone()));
        }
        let http = match self.http {
            Some(http) => http,
            None => default_client(CONNECT_TIMEOUT)
                .map_err(|error| OAuthError::HttpClient(Arc::new(error)))?,
        };
        Ok(OAuthClient {
            settings: Arc::new(Settings {
                token_endpoint,
                client_id: self.client_id,
                client_secret: self.client_secret,
                authentication: self.authentication,
                scopes: self.scopes,
                parameters: self.parameters,
                authorization_parameters: self.authorization_parameters,
                renew_before_expiry: self.renew_before_expiry,
                timeout: self.timeout,
                url_rules,
                http,
            }),
        })
    }
}

impl fmt::Debug for OAuthClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuthClientBuilder")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}
