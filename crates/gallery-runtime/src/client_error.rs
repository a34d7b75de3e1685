//! Errors from creating HTTP clients.

use crate::platform::reqwest;

/// An error from creating an HTTP client.
#[cfg_attr(
    target_arch = "wasm32",
    expect(dead_code, reason = "`fetch` has no settings")
)]
pub(crate) enum ClientError {
    InvalidSetting(InvalidSetting),
    Other(reqwest::Error),
}

/// A setting that cannot be used.
pub(crate) struct InvalidSetting {
    pub(crate) name: &'static str,
    /// The error, without the URL of a proxy, which may have a password.
    pub(crate) error: reqwest::Error,
}
