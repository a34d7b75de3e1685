//! The error of this crate.

use thiserror::Error;

/// An error from reading the code of a client.
#[derive(Debug, Error)]
pub enum MutantsError {
    /// The text is not Rust.
    #[error("cannot parse the client's code: {0}")]
    NotRust(#[from] syn::Error),
    /// An item is not formatted the way the generator formats it.
    #[error("`{0}` is not written the way the generator writes it")]
    NotAsGenerated(String),
    /// The client has no operations.
    #[error("the client's code has no operations")]
    NoOperation,
}
