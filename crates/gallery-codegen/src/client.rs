//! Generates the code of a client: calls progenitor, then applies the passes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use thiserror::Error;

use crate::docs::Docs;
use crate::lower::Lowered;
use crate::passes;
use crate::passes::edit::PassError;
use crate::strip::strip_requests;

/// An error from generating the code of a client.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// progenitor rejected the document.
    #[error("progenitor rejected the lowered document: {0}")]
    Refused(String),
    /// progenitor panicked.
    #[error("progenitor panicked on the lowered document: {0}")]
    Panicked(String),
    /// The output of progenitor is not valid Rust.
    #[error("the output of progenitor is not valid Rust: {0}")]
    NotRust(#[from] syn::Error),
    /// A pass did not find the code that it edits.
    #[error(transparent)]
    Pass(#[from] PassError),
}

/// Generates the code of a client.
pub fn client(lowered: &Lowered, docs: &Docs) -> Result<syn::File, GenerateError> {
    let mut file = progenitor(lowered)?;
    passes::apply(&mut file, lowered, docs)?;
    Ok(file)
}

/// Runs progenitor and parses its output without the request code.
fn progenitor(lowered: &Lowered) -> Result<syn::File, GenerateError> {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    // progenitor and typify panic on some documents. Lowering should reject these documents or
    // reshape them.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(lowered.document())
    }))
    .map_err(|panic| GenerateError::Panicked(message(panic.as_ref())))?
    .map_err(|error| GenerateError::Refused(error.to_string()))?;
    Ok(syn::parse2(strip_requests(tokens))?)
}

/// Returns the message of a panic.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}
