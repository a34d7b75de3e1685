//! Errors from sending a request.

use std::time::Duration;

use reqwest::header::HeaderName;
use thiserror::Error;

use crate::platform::{is_opaque_redirect, reqwest};
use crate::redirect::RedirectError;

/// A boxed error from user code, such as middleware or a token provider.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error from sending a request, before a response is received.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The request could not be sent, or the connection failed.
    #[error(transparent)]
    Http(reqwest::Error),
    /// The call timed out. Contains the timeout.
    #[error("request timed out after {0:?}")]
    Timeout(Duration),
    /// A token provider failed, or a credential has characters that cannot be sent.
    #[error(transparent)]
    Credential(BoxError),
    /// A [middleware](crate::Middleware) failed.
    #[error(transparent)]
    Middleware(BoxError),
    /// The body could not be read while it was sent.
    #[error(transparent)]
    Upload(BoxError),
    /// In WebAssembly: `fetch` does not send this header.
    #[error("fetch does not send the header `{0}`")]
    ForbiddenHeader(HeaderName),
    /// In browsers: the server returned a redirect, which only the browser could follow.
    #[error("the server returned a redirect: {0}")]
    Redirect(RedirectError),
}

impl TransportError {
    /// Returns the value of the span field `error.type`.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            TransportError::Http(error) if error.is_connect() => "connect",
            TransportError::Http(_) => "connection",
            TransportError::Timeout(_) => "timeout",
            TransportError::Credential(_) => "credential",
            TransportError::Middleware(_) => "middleware",
            TransportError::Upload(_) => "upload",
            TransportError::ForbiddenHeader(_) => "forbidden_header",
            TransportError::Redirect(_) => "redirect",
        }
    }
}

impl From<reqwest::Error> for TransportError {
    fn from(error: reqwest::Error) -> TransportError {
        if is_opaque_redirect(&error) {
            return TransportError::Redirect(RedirectError::Opaque);
        }
        TransportError::Http(error)
    }
}
