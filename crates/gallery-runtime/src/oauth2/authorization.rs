//! The authorization code flow with PKCE.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use ::oauth2::{AuthUrl, CsrfToken, PkceCodeChallenge, RedirectUrl};
use url::{Url, form_urlencoded};

use super::endpoint::{Endpoint, UrlRules};
use super::error::OAuthError;
use super::grant::{Grant, request_tokens};
use super::provider::OAuthTokenProvider;
use super::redact::Secrets;
use super::settings::Settings;
use crate::auth::Token;

/// The number of random bytes of a state.
const STATE_BYTES: u32 = 32;

/// An authorization of a user that waits for the redirect of the browser.
///
/// See [`OAuthClient::authorization_code`](super::OAuthClient::authorization_code).
pub struct AuthorizationRequest {
    settings: Arc<Settings>,
    endpoint: Endpoint,
    redirect_url: RedirectUrl,
    url: String,
    state: String,
    verifier: Token,
}

impl AuthorizationRequest {
    pub(crate) fn new(
        settings: Arc<Settings>,
        authorization_url: &str,
        redirect_url: &str,
    ) -> Result<AuthorizationRequest, OAuthError> {
        // The HTTP client does not send a request to this URL.
        let rules = UrlRules {
            has_tls: true,
            ..settings.url_rules
        };
        let endpoint = Endpoint::parse("authorization URL", authorization_url, rules)?;
        let redirect_url = parse_redirect_url(redirect_url)?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let factory = settings
            .request_factory()
            .set_auth_uri(AuthUrl::from_url(endpoint.url.clone()));
        let mut request = factory
            .authorize_url(|| CsrfToken::new_random_len(STATE_BYTES))
            .add_scopes(settings.scopes())
            .set_pkce_challenge(challenge)
            .set_redirect_uri(Cow::Borrowed(&redirect_url));
        let parameters = &settings.parameters;
        for (name, value) in parameters.iter().chain(&settings.authorization_parameters) {
            request = request.add_extra_param(name, value);
        }
        let (url, state) = request.url();
        Ok(AuthorizationRequest {
            settings,
            endpoint,
            redirect_url,
            url: url.into(),
            state: state.into_secret(),
            verifier: Token::new(verifier.into_secret()),
        })
    }

    /// Returns the URL to open in the user's browser.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the parameter `state` of the URL, for example to find the authorization of a
    /// redirect if several users log in at once.
    pub fn state(&self) -> &str {
        &self.state
    }

    /// Exchanges the code of a redirect for tokens.
    ///
    /// `redirect` is the URL that the browser was redirected to, or its path and query, as an HTTP
    /// server receives them. A server accepts each code once.
    ///
    /// # Errors
    ///
    /// - [`OAuthError::StateMismatch`]: the redirect does not belong to this authorization.
    ///   Another redirect may still arrive.
    /// - [`OAuthError::AuthorizationFailed`]: the redirect has an error instead of a code.
    /// - [`OAuthError::InvalidRedirect`]: the redirect has neither, or is not a URL.
    /// - Others: the token request failed.
    pub async fn exchange(&self, redirect: &str) -> Result<OAuthTokenProvider, OAuthError> {
        let code = self.code(redirect)?;
        let grant = Grant::Code {
            code,
            verifier: &self.verifier,
            redirect_url: &self.redirect_url,
        };
        let tokens = request_tokens(&self.settings, grant).await?;
        let settings = Arc::clone(&self.settings);
        Ok(OAuthTokenProvider::with_tokens(settings, tokens))
    }

    /// Returns the code of a redirect.
    fn code(&self, redirect: &str) -> Result<String, OAuthError> {
        let query = query_of(redirect)?;
        let parameters: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let get = |name: &str| {
            let mut values = parameters.iter().filter(|(other, _)| other == name);
            match (values.next(), values.next()) {
                (Some((_, value)), None) => Ok(Some(value.as_ref())),
                (None, _) => Ok(None),
                (Some(_), Some(_)) => Err(OAuthError::InvalidRedirect(
                    "it has a parameter several times",
                )),
            }
        };
        // Check the state first: nothing else of a forged redirect can be trusted. The state is
        // random and used once, so the time of the comparison reveals nothing useful.
        if get("state")? != Some(&self.state) {
            return Err(OAuthError::StateMismatch);
        }
        if let Some(error) = get("error")? {
            let client_secret = self.settings.client_secret.as_ref();
            let secrets = [self.verifier.expose(), &self.state].into_iter();
            let secrets = Secrets::new(secrets.chain(client_secret.map(Token::expose)));
            return Err(OAuthError::AuthorizationFailed {
                endpoint: self.endpoint.to_string(),
                error: secrets.clean(error),
                description: get("error_description")?.map(|text| secrets.clean(text)),
            });
        }
        match get("code")? {
            Some(code) if !code.is_empty() => Ok(code.to_owned()),
            _ => Err(OAuthError::InvalidRedirect("it has no code")),
        }
    }
}

impl fmt::Debug for AuthorizationRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationRequest")
            .field("authorization_url", &self.endpoint.to_string())
            .finish_non_exhaustive()
    }
}

fn parse_redirect_url(url: &str) -> Result<RedirectUrl, OAuthError> {
    let invalid = |reason: String| OAuthError::InvalidUrl {
        role: "redirect URL",
        reason,
    };
    // Servers compare this URL as text, so it is sent unchanged.
    let url = RedirectUrl::new(url.to_owned()).map_err(|error| invalid(error.to_string()))?;
    match url.url().fragment() {
        Some(_) => Err(invalid("it cannot have a fragment".to_owned())),
        None => Ok(url),
    }
}

/// Returns the query of a URL, or of a path with a query.
fn query_of(redirect: &str) -> Result<String, OAuthError> {
    let query = match Url::parse(redirect) {
        Ok(url) => url.query().map(str::to_owned),
        Err(_) if redirect.starts_with(['/', '?']) => {
            let (target, _) = redirect.split_once('#').unwrap_or((redirect, ""));
            target.split_once('?').map(|(_, query)| query.to_owned())
        }
        Err(_) => return Err(OAuthError::InvalidRedirect("it is not a URL")),
    };
    query.ok_or(OAuthError::InvalidRedirect("it has no query"))
}
