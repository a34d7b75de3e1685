//! The error of this crate.

use thiserror::Error;

/// An error from reading the code of a client or of the runtime.
#[derive(Debug, Error)]
pub enum MutantsError {
    /// The text is not Rust.
    #[error("cannot parse the client's code: {0}")]
    NotRust(#[from] syn::Error),
    /// A source file of the runtime is not Rust.
    #[error("{location}: cannot parse the code: {error}")]
    InvalidSource {
        /// `path:line:column`.
        location: String,
        /// The error of the parser.
        error: syn::Error,
    },
    /// The client has no operations.
    #[error("the client's code has no operations")]
    NoOperation,
}
