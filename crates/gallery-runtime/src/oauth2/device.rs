//! The device code flow.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::oauth2::{
    AsyncHttpClient, DeviceAuthorizationUrl, DeviceCodeErrorResponse, DeviceCodeErrorResponseType,
    HttpRequest, HttpResponse, RequestTokenError, StandardDeviceAuthorizationResponse,
};
use url::Url;

use super::endpoint::Endpoint;
use super::error::OAuthError;
use super::exchange::{Exchange, ResponseFuture};
use super::grant::{IssuedTokens, failed};
use super::provider::OAuthTokenProvider;
use super::settings::Settings;
use crate::deadline::within;
use crate::error::is_transient;
use crate::platform::{Instant, sleep};

/// The minimum time between two polls, if the server asks for less.
const MIN_INTERVAL: Duration = Duration::from_secs(1);

/// The maximum time between two polls after connection failures, if the server asks for less.
const MAX_BACKOFF: Duration = Duration::from_secs(60);

/// The maximum lifetime of a device code. Larger values could not be added to a time.
const MAX_LIFETIME: Duration = Duration::from_secs(7 * 24 * 60 * 60);

/// An authorization of a user on another device.
///
/// See [`OAuthClient::device_code`](super::OAuthClient::device_code).
pub struct DeviceAuthorization {
    settings: Arc<Settings>,
    details: StandardDeviceAuthorizationResponse,
    verification_url: String,
    complete_url: Option<String>,
    expires_at: Instant,
}

impl DeviceAuthorization {
    pub(crate) async fn start(
        settings: Arc<Settings>,
        url: &str,
    ) -> Result<DeviceAuthorization, OAuthError> {
        let endpoint = Endpoint::parse("device authorization URL", url, settings.url_rules)?;
        let url = DeviceAuthorizationUrl::from_url(endpoint.url.clone());
        let factory = settings.request_factory().set_device_authorization_url(url);
        let mut request = factory.exchange_device_code().add_scopes(settings.scopes());
        for (name, value) in &settings.parameters {
            request = request.add_extra_param(name, value);
        }
        let exchange = Exchange {
            settings: &settings,
            endpoint: &endpoint,
        };
        let sent_at = Instant::now();
        let response: Result<StandardDeviceAuthorizationResponse, _> =
            request.request_async(&exchange).await;
        let invalid = |reason: &str| OAuthError::InvalidResponse {
            endpoint: endpoint.to_string(),
            reason: reason.to_owned(),
        };
        let details = response.map_err(|error| match error {
            RequestTokenError::Request(error) => error,
            // The message of the parser may contain the code.
            _ => invalid(
                "`device_code`, `user_code`, `verification_uri`, `expires_in` or `interval` is \
                 missing or invalid",
            ),
        })?;
        if details.user_code().secret().chars().any(char::is_control) {
            return Err(invalid("`user_code` has a control character"));
        }
        // Programs open these URLs, so other schemes could start other programs.
        let web_url = |url: &str| {
            let url = Url::parse(url).ok();
            url.filter(|url| matches!(url.scheme(), "http" | "https"))
                .map(String::from)
                .ok_or_else(|| invalid("the verification URL is not an http(s) URL"))
        };
        let verification_url = web_url(details.verification_uri().as_str())?;
        let complete = details.verification_uri_complete();
        let complete_url = complete.map(|url| web_url(url.secret())).transpose()?;
        let expires_at = sent_at + details.expires_in().min(MAX_LIFETIME);
        Ok(DeviceAuthorization {
            settings,
            details,
            verification_url,
            complete_url,
            expires_at,
        })
    }

    /// Returns the code that the user enters (`user_code`).
    pub fn user_code(&self) -> &str {
        self.details.user_code().secret()
    }

    /// Returns the URL at which the user enters the code (`verification_uri`).
    pub fn verification_url(&self) -> &str {
        &self.verification_url
    }

    /// Returns a URL that contains the code (`verification_uri_complete`), for example for a QR
    /// code. `None` if the server does not support it.
    pub fn verification_url_with_code(&self) -> Option<&str> {
        self.complete_url.as_deref()
    }

    /// Returns the time until the code expires.
    pub fn expires_in(&self) -> Duration {
        self.expires_at.saturating_duration_since(Instant::now())
    }

    /// Waits until the user approves the client. Polls the token endpoint in the interval that the
    /// server demands, and continues after connection failures, timeouts and the statuses 408, 429
    /// and 5xx.
    ///
    /// # Errors
    ///
    /// - [`OAuthError::DeviceCodeExpired`]: the user did not approve the client in time.
    /// - [`OAuthError::ErrorResponse`] with `access_denied`: the user denied access.
    /// - Others: a token request failed.
    pub async fn wait(&self) -> Result<OAuthTokenProvider, OAuthError> {
        let tokens = within(Some(self.expires_at), self.poll()).await;
        let tokens = tokens.unwrap_or_else(|| Err(self.expired()))?;
        let settings = Arc::clone(&self.settings);
        Ok(OAuthTokenProvider::with_tokens(settings, tokens))
    }

    async fn poll(&self) -> Result<IssuedTokens, OAuthError> {
        let settings = &*self.settings;
        let factory = settings.request_factory();
        let interval = self.details.interval();
        let mut request = factory
            .exchange_device_access_token(&self.details)
            .set_max_backoff_interval(interval.max(MAX_BACKOFF));
        for (name, value) in &settings.parameters {
            request = request.add_extra_param(name, value);
        }
        let polls = Polls {
            exchange: Exchange {
                settings,
                endpoint: &settings.token_endpoint,
            },
            state: Mutex::new(PollState {
                sent_at: Instant::now(),
                failure: None,
            }),
        };
        let pause = |time: Duration| sleep(time.max(MIN_INTERVAL));
        // The user cannot have approved the client yet.
        pause(interval).await;
        let response = request
            .request_async(&polls, pause, Some(MAX_LIFETIME))
            .await;
        let state = polls.state.into_inner();
        let state = state.unwrap_or_else(PoisonError::into_inner);
        match (response, state.failure) {
            (_, Some(failure)) => Err(failure),
            (Ok(fields), None) => IssuedTokens::new(settings, &fields, state.sent_at),
            (Err(RequestTokenError::ServerResponse(error)), None) if is_expired(&error) => {
                Err(self.expired())
            }
            (Err(error), None) => Err(failed(settings, error)),
        }
    }

    fn expired(&self) -> OAuthError {
        OAuthError::DeviceCodeExpired {
            endpoint: self.settings.token_endpoint.to_string(),
        }
    }
}

fn is_expired(error: &DeviceCodeErrorResponse) -> bool {
    *error.error() == DeviceCodeErrorResponseType::ExpiredToken
}

impl fmt::Debug for DeviceAuthorization {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceAuthorization")
            .field("verification_url", &self.verification_url)
            .field("expires_in", &self.expires_in())
            .finish_non_exhaustive()
    }
}

/// The HTTP client of polls. The loop of the crate `oauth2` continues after all errors of an HTTP
/// client, so permanent errors are returned as responses that end it.
struct Polls<'a> {
    exchange: Exchange<'a>,
    state: Mutex<PollState>,
}

struct PollState {
    /// The time of the latest request.
    sent_at: Instant,
    /// The permanent error.
    failure: Option<OAuthError>,
}

impl<'c> AsyncHttpClient<'c> for Polls<'_> {
    type Error = OAuthError;
    type Future = ResponseFuture<'c>;

    fn call(&'c self, request: HttpRequest) -> ResponseFuture<'c> {
        Box::pin(self.send(request))
    }
}

impl Polls<'_> {
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, OAuthError> {
        let sent_at = Instant::now();
        let response = self.exchange.send(request).await;
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.sent_at = sent_at;
        match response {
            Ok(response) => Ok(response),
            Err(error) => match error.error_code() {
                Some(code @ ("authorization_pending" | "slow_down" | "expired_token")) => {
                    Ok(error_response(&format!(r#"{{"error": "{code}"}}"#)))
                }
                _ if is_temporary(&error) => Err(error),
                _ => {
                    state.failure = Some(error);
                    Ok(error_response(""))
                }
            },
        }
    }
}

fn error_response(body: &str) -> HttpResponse {
    let mut response = HttpResponse::new(body.into());
    *response.status_mut() = reqwest::StatusCode::BAD_REQUEST;
    response
}

fn is_temporary(error: &OAuthError) -> bool {
    match error {
        OAuthError::Connection { .. } | OAuthError::Timeout { .. } => true,
        OAuthError::UnexpectedStatus { status, .. } => is_transient(*status),
        _ => false,
    }
}
