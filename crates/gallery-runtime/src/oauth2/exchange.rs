//! Requests to endpoints, with limits of time and size.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use ::oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use bytes::BytesMut;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Request, StatusCode};
use serde_json::Value;

use super::endpoint::Endpoint;
use super::error::OAuthError;
use super::redact::Secrets;
use super::settings::Settings;
use crate::api_message::api_message;
use crate::deadline::within;
use crate::platform::{Instant, Response, reqwest};

/// The maximum size of a response body.
const MAX_BODY_BYTES: usize = 1 << 20;

/// Sends requests to one endpoint.
pub(crate) struct Exchange<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) endpoint: &'a Endpoint,
}

pub(crate) type ResponseFuture<'a> =
    Pin<Box<dyn Future<Output = Result<HttpResponse, OAuthError>> + Send + 'a>>;

impl<'c> AsyncHttpClient<'c> for Exchange<'_> {
    type Error = OAuthError;
    type Future = ResponseFuture<'c>;

    fn call(&'c self, request: HttpRequest) -> ResponseFuture<'c> {
        Box::pin(self.send(request))
    }
}

impl Exchange<'_> {
    /// Sends a request. Returns only responses whose status is 200 and whose body is a JSON object.
    pub(crate) async fn send(&self, request: HttpRequest) -> Result<HttpResponse, OAuthError> {
        let secrets = Secrets::of(&request, self.settings.client_secret.as_ref());
        let mut request = Request::try_from(request).map_err(|error| self.failed(error))?;
        if let Some(value) = request.headers_mut().get_mut(AUTHORIZATION) {
            value.set_sensitive(true);
        }
        let limit = self.settings.timeout;
        let deadline = Instant::now().checked_add(limit);
        match within(deadline, self.receive(request)).await {
            Some(received) => self.check(received?, &secrets),
            None => Err(OAuthError::Timeout {
                endpoint: self.endpoint.to_string(),
                timeout: limit,
            }),
        }
    }

    async fn receive(&self, request: Request) -> Result<Received, OAuthError> {
        let url = request.url().clone();
        let http = &self.settings.http;
        let response = http.execute(request).await;
        let mut response = response.map_err(|error| self.failed(error))?;
        let status = response.status();
        // The caller's HTTP client may have followed a redirect.
        if status.is_redirection() || *response.url() != url {
            return Err(OAuthError::Redirect {
                endpoint: self.endpoint.to_string(),
                status,
            });
        }
        let content_type = response.headers().get(CONTENT_TYPE).cloned();
        let body = self.read_body(&mut response).await?;
        Ok(Received {
            status,
            content_type,
            body,
        })
    }

    async fn read_body(&self, response: &mut Response) -> Result<BytesMut, OAuthError> {
        let mut body = BytesMut::new();
        let too_large = || OAuthError::BodyTooLarge {
            endpoint: self.endpoint.to_string(),
            limit: MAX_BODY_BYTES,
        };
        let max = MAX_BODY_BYTES as u64;
        if response.content_length().is_some_and(|length| length > max) {
            return Err(too_large());
        }
        while let Some(chunk) = response.chunk().await.map_err(|error| self.failed(error))? {
            if body.len() + chunk.len() > MAX_BODY_BYTES {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body)
    }

    fn check(&self, received: Received, secrets: &Secrets) -> Result<HttpResponse, OAuthError> {
        let endpoint = || self.endpoint.to_string();
        let status = received.status;
        let json: Option<Value> = serde_json::from_slice(&received.body).ok();
        let text = |name: &str| json.as_ref()?.get(name)?.as_str();
        // Some servers, such as GitHub's, return errors with the status 200.
        let error =
            text("error").filter(|_| !status.is_success() || text("access_token").is_none());
        if let Some(error) = error {
            return Err(OAuthError::ErrorResponse {
                endpoint: endpoint(),
                status,
                error: secrets.clean(error),
                description: text("error_description").map(|text| secrets.clean(text)),
            });
        }
        if !status.is_success() {
            return Err(OAuthError::UnexpectedStatus {
                endpoint: endpoint(),
                status,
                message: api_message(&received.body, |text| secrets.clean(text)),
            });
        }
        if !json.as_ref().is_some_and(Value::is_object) {
            let content_type = received.content_type.as_ref().map(HeaderValue::as_bytes);
            let content_type =
                content_type.map_or("no content type".into(), String::from_utf8_lossy);
            return Err(OAuthError::InvalidResponse {
                endpoint: endpoint(),
                reason: format!(
                    "the body is not a JSON object ({status}, {})",
                    secrets.clean(&content_type)
                ),
            });
        }
        Ok(HttpResponse::new(received.body.into()))
    }

    fn failed(&self, error: impl Into<reqwest::Error>) -> OAuthError {
        let error: reqwest::Error = error.into();
        OAuthError::Connection {
            endpoint: self.endpoint.to_string(),
            source: Arc::new(error.without_url()),
        }
    }
}

struct Received {
    status: StatusCode,
    content_type: Option<HeaderValue>,
    body: BytesMut,
}
