//! From a lowered document to the client's code: the one call of progenitor, then the passes over what it wrote.

use std::panic::{AssertUnwindSafe, catch_unwind};

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use thiserror::Error;

use crate::cut::without_requests;
use crate::docs::Docs;
use crate::lower::Lowered;
use crate::passes::{self, PassError};

/// What a client's code depends on beside its document.
#[derive(Clone, Debug)]
pub struct ClientSettings {
    /// The documentation, escaped.
    pub docs: Docs,
}

/// Why no code came out.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// progenitor refused the document.
    #[error("progenitor refused the lowered document: {0}; this is a gap in lowering")]
    Refused(String),
    /// progenitor panicked.
    #[error("progenitor panicked on the lowered document: {0}; this is a gap in lowering")]
    Panicked(String),
    /// progenitor wrote something that is no Rust.
    #[error("progenitor wrote something that is no Rust: {0}")]
    NotRust(#[from] syn::Error),
    /// A pass did not find what it edits.
    #[error(transparent)]
    Pass(#[from] PassError),
}

/// Generates the code of a client.
pub fn client(lowered: &Lowered, settings: &ClientSettings) -> Result<syn::File, GenerateError> {
    let mut file = progenitor(lowered)?;
    passes::apply(&mut file, lowered.bindings(), settings)?;
    Ok(file)
}

fn progenitor(lowered: &Lowered) -> Result<syn::File, GenerateError> {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    // progenitor and typify assert what they do not support; lowering should let nothing of that kind through.
    let tokens = catch_unwind(AssertUnwindSafe(|| {
        Generator::new(&settings).generate_tokens(lowered.document())
    }))
    .map_err(|panic| GenerateError::Panicked(message(panic.as_ref())))?
    .map_err(|error| GenerateError::Refused(error.to_string()))?;
    Ok(syn::parse2(without_requests(tokens))?)
}

fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}
