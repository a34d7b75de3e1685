//! Errors of the mock server.

use std::io;

use thiserror::Error;

use crate::document::DocumentError;

/// An error from starting a server.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The document is invalid.
    #[error(transparent)]
    Document(#[from] DocumentError),
    /// The port is not available.
    #[error("cannot listen on 127.0.0.1:{port}: {source}")]
    Port {
        /// The requested port; 0 is any free port.
        port: u16,
        /// The cause.
        source: io::Error,
    },
    /// The thread or runtime could not be started.
    #[error("cannot start the server: {0}")]
    Io(#[from] io::Error),
}

/// The base URL of a server to record is invalid. Contains the reason.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the base URL of the server to record is invalid: {0}")]
pub struct InvalidUpstream(pub(super) String);

/// The response of a recorded server is larger than the limit.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the response has more than {limit} bytes; `MockServer::limit_bodies` sets the limit")]
pub(super) struct ResponseTooLarge {
    pub(super) limit: usize,
}
