//! The state of lowering.

use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Location, Severity};
use openapiv3::{OpenAPI, Operation};

use crate::bindings::Bindings;
use crate::lower::schemas::Schemas;

/// A document that is being lowered.
pub(crate) struct Work<'a> {
    pub(super) canonical: &'a Canonical,
    pub(super) bindings: &'a Bindings,
    pub(super) schemas: Schemas<'a>,
    /// The operations, in the order of the bindings.
    pub(super) operations: Vec<Operation>,
    pub(super) document: OpenAPI,
    pub(super) file: &'a str,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) rejected: bool,
}

impl Work<'_> {
    /// Rejects the document because of the value at `pointer`.
    pub(super) fn reject(&mut self, code: &'static str, pointer: &str, message: &str) {
        self.rejected = true;
        self.diagnostics.push(
            Severity::Error,
            code,
            Location::pointer(self.file, pointer),
            message,
        );
    }
}
