//! Errors from sending a request.

use std::time::Duration;

use thiserror::Error;

/// A boxed error from user code, such as middleware or a token provider.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An error from sending a request, before a response is received.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The request could not be sent, or the connection failed.
    #[error(transparent)]
    Http(#[from] reqwest::Error),
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
        }
    }
}
