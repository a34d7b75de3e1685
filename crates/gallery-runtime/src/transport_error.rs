//! Errors from sending a request.

use std::fmt;
use std::time::Duration;

use reqwest::header::HeaderName;

use crate::platform::{is_opaque_redirect, reqwest};
use crate::redirect::RedirectError;

/// A boxed error from user code, such as middleware or a token provider.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error from sending a request, before a response is received.
#[derive(Debug)]
#[non_exhaustive]
pub enum TransportError {
    /// The request could not be sent, or the connection failed.
    Http(reqwest::Error),
    /// The call timed out. Contains the timeout.
    Timeout(Duration),
    /// A token provider failed, or a credential has characters that cannot be sent.
    Credential(BoxError),
    /// A [middleware](crate::Middleware) failed.
    Middleware(BoxError),
    /// The body could not be read while it was sent.
    Upload(BoxError),
    /// In WebAssembly: `fetch` does not send this header.
    ForbiddenHeader(HeaderName),
    /// In browsers: the server returned a redirect, which only the browser could follow.
    Redirect(RedirectError),
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TransportError::Http(error) => error.fmt(f),
            TransportError::Timeout(timeout) => write!(f, "request timed out after {timeout:?}"),
            TransportError::Credential(error)
            | TransportError::Middleware(error)
            | TransportError::Upload(error) => error.fmt(f),
            TransportError::ForbiddenHeader(name) => {
                write!(f, "fetch does not send the header `{name}`")
            }
            TransportError::Redirect(reason) => {
                write!(f, "the server returned a redirect: {reason}")
            }
        }
    }
}

impl std::error::Error for TransportError {
    /// Returns the source of an error that this one has the message of.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            TransportError::Http(error) => error.source(),
            TransportError::Credential(error)
            | TransportError::Middleware(error)
            | TransportError::Upload(error) => error.source(),
            _ => None,
        }
    }
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
