//! Checks of requests for HTTP clients that follow redirects themselves, as `fetch` does.

use reqwest::Request;
use reqwest::header::AUTHORIZATION;
use url::Url;

use crate::platform::{self, FOLLOWS_REDIRECTS, Response};
use crate::redirect::{RedirectError, has_body, is_private, is_same_origin};
use crate::transport_error::TransportError;

/// The URL of a request with headers or a body that only its origin may see. `None` for a request
/// without them, and if the HTTP client does not follow redirects.
pub(crate) struct SentRequest(Option<Box<Url>>);

impl SentRequest {
    /// Checks a request before it is sent. Fails if the HTTP client would drop a header.
    pub(crate) fn new(request: &Request, has_upload: bool) -> Result<SentRequest, TransportError> {
        if !FOLLOWS_REDIRECTS {
            return Ok(SentRequest(None));
        }
        let names = || request.headers().keys();
        if let Some(name) = names().find(|name| platform::is_dropped(name)) {
            return Err(TransportError::ForbiddenHeader(name.clone()));
        }
        // `fetch` itself removes `Authorization` if a redirect leads to another origin.
        let is_private = names().any(|name| *name != AUTHORIZATION && is_private(name))
            || has_upload
            || has_body(request);
        let url = || Box::new(request.url().clone());
        Ok(SentRequest(is_private.then(url)))
    }

    /// Checks the response. Fails if a redirect has led to another origin.
    pub(crate) fn check(&self, response: &Response) -> Result<(), TransportError> {
        match (&self.0, platform::final_url(response)) {
            (Some(sent), Some(received)) if !is_same_origin(sent, received) => {
                Err(TransportError::Redirect(RedirectError::FollowedByFetch))
            }
            _ => Ok(()),
        }
    }
}
