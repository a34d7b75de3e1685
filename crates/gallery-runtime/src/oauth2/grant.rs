//! Token requests and their results.

use std::borrow::Cow;

use ::oauth2::{
    AuthorizationCode, ErrorResponse, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, TokenResponse,
};

use super::error::OAuthError;
use super::exchange::Exchange;
use super::fields::TokenFields;
use super::redact::Secrets;
use super::settings::Settings;
use crate::auth::{Placed, Token};
use crate::operation::AuthScheme;
use crate::platform::Instant;

/// The grant that a token is requested for.
pub(crate) enum Grant<'a> {
    ClientCredentials,
    RefreshToken {
        token: &'a Token,
        /// True if the request has the scopes of the client.
        with_scopes: bool,
    },
    Code {
        code: String,
        verifier: &'a Token,
        redirect_url: &'a RedirectUrl,
    },
}

/// The tokens of a response.
pub(crate) struct IssuedTokens {
    pub(crate) access_token: Token,
    /// The times of renewal and expiry. `None` if the token is used until it is rejected.
    pub(crate) lifetime: Option<Lifetime>,
    pub(crate) refresh_token: Option<Token>,
}

/// The end of a token.
#[derive(Clone, Copy)]
pub(crate) struct Lifetime {
    pub(crate) renew_at: Instant,
    pub(crate) expires_at: Instant,
}

/// Requests tokens for a grant.
pub(crate) async fn request_tokens(
    settings: &Settings,
    grant: Grant<'_>,
) -> Result<IssuedTokens, OAuthError> {
    let factory = settings.request_factory();
    let exchange = Exchange {
        settings,
        endpoint: &settings.token_endpoint,
    };
    let sent_at = Instant::now();
    // The requests of the grants have different types.
    let response = match grant {
        Grant::ClientCredentials => {
            let request = factory.exchange_client_credentials();
            let mut request = request.add_scopes(settings.scopes());
            for (name, value) in &settings.parameters {
                request = request.add_extra_param(name, value);
            }
            request.request_async(&exchange).await
        }
        Grant::RefreshToken { token, with_scopes } => {
            let token = RefreshToken::new(token.expose().to_owned());
            let mut request = factory.exchange_refresh_token(&token);
            if with_scopes {
                request = request.add_scopes(settings.scopes());
            }
            for (name, value) in &settings.parameters {
                request = request.add_extra_param(name, value);
            }
            request.request_async(&exchange).await
        }
        Grant::Code {
            code,
            verifier,
            redirect_url,
        } => {
            let mut request = factory
                .exchange_code(AuthorizationCode::new(code))
                .set_redirect_uri(Cow::Borrowed(redirect_url))
                .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
            for (name, value) in &settings.parameters {
                request = request.add_extra_param(name, value);
            }
            request.request_async(&exchange).await
        }
    };
    let fields = response.map_err(|error| failed(settings, error))?;
    IssuedTokens::new(settings, &fields, sent_at)
}

/// Converts an error from a token request.
pub(crate) fn failed<E: ErrorResponse + 'static>(
    settings: &Settings,
    error: RequestTokenError<OAuthError, E>,
) -> OAuthError {
    let reason = match error {
        RequestTokenError::Request(error) => return error,
        // A message of `TokenFields`, which contains no values.
        RequestTokenError::Parse(error, _) => error.into_inner().to_string(),
        RequestTokenError::ServerResponse(_) => "unexpected error".to_owned(),
        RequestTokenError::Other(reason) => reason,
    };
    OAuthError::InvalidResponse {
        endpoint: settings.token_endpoint.to_string(),
        reason,
    }
}

impl IssuedTokens {
    /// Validates the tokens of a response to a request that was sent at `sent_at`.
    pub(crate) fn new(
        settings: &Settings,
        fields: &TokenFields,
        sent_at: Instant,
    ) -> Result<IssuedTokens, OAuthError> {
        let access_token = Token::new(fields.access_token().secret().as_str());
        let refresh_token = fields
            .refresh_token()
            .map(|token| Token::new(token.secret().as_str()));
        let invalid = |reason: String| OAuthError::InvalidResponse {
            endpoint: settings.token_endpoint.to_string(),
            reason,
        };
        let token_type = &fields.token_type().0;
        if token_type != "bearer" {
            let tokens = [Some(&access_token), refresh_token.as_ref()];
            let secrets = Secrets::new(tokens.into_iter().flatten().map(Token::expose));
            let token_type = secrets.clean(token_type);
            return Err(invalid(format!(
                "the token type is `{token_type}`, and only `Bearer` is supported"
            )));
        }
        Placed::new(AuthScheme::Bearer, &access_token)
            .map_err(|reason| invalid(format!("invalid access token: {reason}")))?;
        // The monotonic clock may stop while a computer is suspended. The API then rejects the
        // expired token, which also renews it.
        let lifetime = fields.expires_in().and_then(|lifetime| {
            // A token that lives shorter than the usual time is used for half of its lifetime.
            let margin = settings.renew_before_expiry.min(lifetime / 2);
            Some(Lifetime {
                renew_at: sent_at.checked_add(lifetime.saturating_sub(margin))?,
                expires_at: sent_at.checked_add(lifetime)?,
            })
        });
        Ok(IssuedTokens {
            access_token,
            lifetime,
            refresh_token,
        })
    }
}
