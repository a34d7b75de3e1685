//! Errors from building a client.

use thiserror::Error;

use crate::client_error::{ClientError, InvalidSetting};
use crate::operation::AuthScheme;
use crate::platform::reqwest;

/// An error from building a client.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is invalid.
    #[error("invalid base URL `{url}`: {reason}")]
    InvalidBaseUrl {
        /// The URL, without user name, password, query and fragment.
        url: String,
        /// The reason.
        reason: String,
    },
    /// The URL of a server needs TLS, which this build does not have.
    #[error(
        "the base URL `{url}` needs TLS: enable the feature `rustls` or `native-tls`, or set an HTTP \
         client with `ClientBuilder::http_client`"
    )]
    TlsDisabled {
        /// The URL.
        url: String,
    },
    /// No operation has its own server with this URL.
    #[error("unknown server `{url}`; servers of operations: {servers:?}")]
    UnknownServer {
        /// The URL passed to [`ClientBuilder::server`](crate::ClientBuilder::server).
        url: String,
        /// The servers that the API's document defines for single operations.
        servers: &'static [&'static str],
    },
    /// A credential has characters that cannot be sent.
    #[error("invalid credential for {scheme:?}: {reason}")]
    InvalidCredential {
        /// The place of the credential.
        scheme: AuthScheme,
        /// The reason.
        reason: &'static str,
    },
    /// The user agent has characters that are not allowed in a header.
    #[error("invalid user agent {0:?}: it has a character that is not allowed in a header")]
    InvalidUserAgent(String),
    /// A header has an invalid name, or a value with characters that are not allowed. Contains the
    /// name.
    #[error("invalid header {0:?}: {1}")]
    InvalidHeader(String, &'static str),
    /// A setting of the [connection](crate::Connection) is invalid.
    #[error("invalid {setting} of the connection")]
    InvalidConnection {
        /// The setting, such as `root certificate`.
        setting: &'static str,
        /// The reason.
        source: reqwest::Error,
    },
    /// The HTTP client could not be created, for example because no root certificates were found.
    #[error("could not create the HTTP client")]
    HttpClient(#[from] reqwest::Error),
}

impl From<ClientError> for BuildError {
    fn from(error: ClientError) -> BuildError {
        match error {
            ClientError::InvalidSetting(InvalidSetting { name, error }) => {
                BuildError::InvalidConnection {
                    setting: name,
                    source: error,
                }
            }
            ClientError::Other(error) => BuildError::HttpClient(error),
        }
    }
}
