//! The error of this crate.

use thiserror::Error;

/// An error from reading the code of a client or of the runtime.
#[derive(Debug, Error)]
pub enum MutantsError {
    /// A file of the client is not Rust.
    #[error("{path}: cannot parse the client's code: {error}")]
    NotRust {
        /// The path of the file.
        path: String,
        /// The error of the parser.
        error: syn::Error,
    },
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
