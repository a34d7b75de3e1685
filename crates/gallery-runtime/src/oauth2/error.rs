//! Errors of OAuth 2.

use std::sync::Arc;
use std::time::Duration;

use reqwest::StatusCode;
use thiserror::Error;

use crate::platform::reqwest;

/// An error from building an OAuth 2 client, from a flow, or from a token request.
///
/// A failed renewal ends a call with [`Error::Credential`](crate::Error::Credential), whose cause
/// is this type.
///
/// `endpoint` is the scheme, the host and the path of the endpoint. Texts of the server are
/// shortened, and secrets are removed from them.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum OAuthError {
    /// A URL is invalid.
    #[error("invalid {role}: {reason}")]
    InvalidUrl {
        /// The role of the URL, such as `token URL`.
        role: &'static str,
        /// The reason.
        reason: String,
    },
    /// A URL uses `http`, and its host is not a loopback address.
    #[error(
        "the {role} `{endpoint}` would send secrets without encryption: use https, or allow http \
         with `OAuthClientBuilder::allow_http`"
    )]
    InsecureUrl {
        /// The role of the URL, such as `token URL`.
        role: &'static str,
        /// The endpoint.
        endpoint: String,
    },
    /// A URL needs TLS, which this build does not have.
    #[error(
        "the {role} `{endpoint}` needs TLS: enable the feature `rustls` or `native-tls`, or set an \
         HTTP client with `OAuthClientBuilder::http_client`"
    )]
    TlsDisabled {
        /// The role of the URL, such as `token URL`.
        role: &'static str,
        /// The endpoint.
        endpoint: String,
    },
    /// An additional parameter has an empty name, or a name that OAuth 2 flows set themselves.
    /// Contains the name.
    #[error(
        "invalid parameter `{0}`: the name is empty, or a setting or a flow has this parameter"
    )]
    InvalidParameter(String),
    /// The HTTP client could not be created, for example because no root certificates were found.
    #[error("could not create the HTTP client")]
    HttpClient(#[source] Arc<reqwest::Error>),
    /// The connection failed before the end of the response.
    #[error("{endpoint}: {}", if .source.is_connect() {
        "could not connect"
    } else {
        "the connection failed"
    })]
    Connection {
        /// The endpoint.
        endpoint: String,
        /// The error of the HTTP client, without the URL.
        source: Arc<reqwest::Error>,
    },
    /// The response was not complete within the timeout.
    #[error(
        "{endpoint}: request timed out after {timeout:?}; set a longer timeout with \
         `OAuthClientBuilder::timeout` if the server is slow"
    )]
    Timeout {
        /// The endpoint.
        endpoint: String,
        /// The timeout.
        timeout: Duration,
    },
    /// The response body is larger than the limit.
    #[error("{endpoint}: the response body is larger than {limit} bytes; check the URL")]
    BodyTooLarge {
        /// The endpoint.
        endpoint: String,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The endpoint returned a redirect, or the HTTP client followed one.
    #[error(
        "{endpoint}: the server returned a redirect ({status}), which is not allowed because the \
         request contains secrets; use the final URL of the endpoint, and an HTTP client without \
         redirects"
    )]
    Redirect {
        /// The endpoint.
        endpoint: String,
        /// The status of the redirect, or the status after it if the HTTP client followed it.
        status: StatusCode,
    },
    /// The server returned an OAuth 2 error.
    #[error(
        "{endpoint}: the server returned {status}: {error}{}{}",
        after_colon(.description.as_deref()),
        help(error)
    )]
    ErrorResponse {
        /// The endpoint.
        endpoint: String,
        /// The HTTP status.
        status: StatusCode,
        /// The property `error`, such as `invalid_grant`.
        error: String,
        /// The property `error_description`.
        description: Option<String>,
    },
    /// The server returned a status other than 2xx without an OAuth 2 error.
    #[error(
        "{endpoint}: the server returned {status}{}; {}",
        after_colon(.message.as_deref()),
        if crate::error::is_transient(*.status) { "try again later" } else { "check the URL" }
    )]
    UnexpectedStatus {
        /// The endpoint.
        endpoint: String,
        /// The HTTP status.
        status: StatusCode,
        /// The server's message, from a property such as `message`.
        message: Option<String>,
    },
    /// The response does not have the form that OAuth 2 defines.
    #[error("{endpoint}: invalid response: {reason}; check that this is the URL of the endpoint")]
    InvalidResponse {
        /// The endpoint.
        endpoint: String,
        /// The reason.
        reason: String,
    },
    /// The redirect of an authorization request has another state. It may be forged, or belong to
    /// an earlier request.
    #[error(
        "the redirect does not have the state of this authorization request; ignore it, or start \
         the authorization again"
    )]
    StateMismatch,
    /// The redirect of an authorization request is not a URL, or has no code.
    #[error("invalid redirect: {0}; pass the URL that the browser was redirected to")]
    InvalidRedirect(&'static str),
    /// The authorization server redirected with an error, for example because the user denied
    /// access.
    #[error(
        "{endpoint}: the authorization failed: {error}{}{}",
        after_colon(.description.as_deref()),
        help(error)
    )]
    AuthorizationFailed {
        /// The authorization endpoint.
        endpoint: String,
        /// The parameter `error`, such as `access_denied`.
        error: String,
        /// The parameter `error_description`.
        description: Option<String>,
    },
    /// The user did not approve the device in time.
    #[error("{endpoint}: the device code has expired; start the authorization again")]
    DeviceCodeExpired {
        /// The token endpoint.
        endpoint: String,
    },
    /// The token must be renewed, and the server has not issued a refresh token.
    #[error(
        "{endpoint}: the token has expired or was rejected, and the server has not issued a \
         refresh token; start the authorization again"
    )]
    MissingRefreshToken {
        /// The token endpoint.
        endpoint: String,
    },
    /// The task of a renewal did not end, because its runtime has stopped or a callback panicked.
    #[error(
        "{endpoint}: the renewal was interrupted, because its runtime has stopped or the callback \
         for refresh tokens panicked; try again"
    )]
    Interrupted {
        /// The token endpoint.
        endpoint: String,
    },
}

impl OAuthError {
    /// Returns the OAuth 2 error that the server sent, such as `invalid_grant`. `None` if the
    /// server did not send one.
    pub fn error_code(&self) -> Option<&str> {
        match self {
            OAuthError::ErrorResponse { error, .. }
            | OAuthError::AuthorizationFailed { error, .. } => Some(error),
            _ => None,
        }
    }
}

fn after_colon(text: Option<&str>) -> String {
    text.map_or_else(String::new, |text| format!(": {text}"))
}

/// Returns the text that follows an OAuth 2 error: how to continue.
fn help(error: &str) -> &'static str {
    match error {
        "invalid_client" => "; check the client ID, the client secret and `ClientAuthentication`",
        "invalid_grant" => {
            "; the code or refresh token is invalid, expired or revoked: start the authorization \
             again"
        }
        "invalid_scope" => "; check the scopes",
        "invalid_target" => "; check the parameters `audience` and `resource`",
        "unauthorized_client" | "unsupported_grant_type" => {
            "; allow this client to use the flow, or use another flow"
        }
        "access_denied" => "; the user or the server denied access: start the authorization again",
        "server_error" | "temporarily_unavailable" => "; try again later",
        _ => "",
    }
}
