//! Arguments that an adapter cannot use.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An error from an adapter that cannot use its arguments.
#[derive(Debug, Error, Serialize, Deserialize)]
#[error("the adapter cannot use its arguments: {0}")]
pub struct ArgumentError(String);

impl ArgumentError {
    pub(super) fn new(message: String) -> ArgumentError {
        ArgumentError(message)
    }

    /// Creates the error of an adapter whose client cannot be called without an argument.
    pub fn missing() -> ArgumentError {
        ArgumentError("a required argument is missing".to_owned())
    }
}
