//! Errors from building a client.

use std::fmt;

use crate::client_error::{ClientError, InvalidSetting};
use crate::operation::AuthScheme;
use crate::platform::reqwest;

/// An error from building a client.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// The base URL is invalid.
    InvalidBaseUrl {
        /// The URL, without user name, password, query and fragment.
        url: String,
        /// The reason.
        reason: String,
    },
    /// The URL of a server needs TLS, which this build does not have.
    TlsDisabled {
        /// The URL.
        url: String,
    },
    /// No operation has its own server with this URL.
    UnknownServer {
        /// The URL passed to [`ClientBuilder::server`](crate::ClientBuilder::server).
        url: String,
        /// The servers that the API's document defines for single operations.
        servers: &'static [&'static str],
    },
    /// A credential has characters that cannot be sent.
    InvalidCredential {
        /// The place of the credential.
        scheme: AuthScheme,
        /// The reason.
        reason: &'static str,
    },
    /// The user agent has characters that are not allowed in a header.
    InvalidUserAgent(String),
    /// A header has an invalid name, or a value with characters that are not allowed. Contains the
    /// name.
    InvalidHeader(String, &'static str),
    /// A setting of the [connection](crate::Connection) is invalid.
    InvalidConnection {
        /// The setting, such as `root certificate`.
        setting: &'static str,
        /// The reason.
        source: reqwest::Error,
    },
    /// The HTTP client could not be created, for example because no root certificates were found.
    HttpClient(reqwest::Error),
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BuildError::InvalidBaseUrl { url, reason } => {
                write!(f, "invalid base URL `{url}`: {reason}")
            }
            BuildError::TlsDisabled { url } => write!(
                f,
                "the base URL `{url}` needs TLS: enable the feature `rustls` or `native-tls`, or \
                 set an HTTP client with `ClientBuilder::http_client`"
            ),
            BuildError::UnknownServer { url, servers } => {
                write!(
                    f,
                    "unknown server `{url}`; servers of operations: {servers:?}"
                )
            }
            BuildError::InvalidCredential { scheme, reason } => {
                write!(f, "invalid credential for {scheme:?}: {reason}")
            }
            BuildError::InvalidUserAgent(text) => write!(
                f,
                "invalid user agent {text:?}: it has a character that is not allowed in a header"
            ),
            BuildError::InvalidHeader(name, reason) => {
                write!(f, "invalid header {name:?}: {reason}")
            }
            BuildError::InvalidConnection { setting, .. } => {
                write!(f, "invalid {setting} of the connection")
            }
            BuildError::HttpClient(_) => f.write_str("could not create the HTTP client"),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BuildError::InvalidConnection { source, .. } | BuildError::HttpClient(source) => {
                Some(source)
            }
            _ => None,
        }
    }
}

impl From<reqwest::Error> for BuildError {
    fn from(error: reqwest::Error) -> BuildError {
        BuildError::HttpClient(error)
    }
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
