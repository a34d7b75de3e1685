//! The state of lowering.

use std::collections::BTreeMap;

use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Location, Severity};
use openapiv3::{Operation, ReferenceOr, Schema};

use crate::bindings::Bindings;
use crate::lower::response_object::ResponseObject;
use crate::lower::schemas::Schemas;

/// A document that is being lowered.
pub(crate) struct Work<'a> {
    pub(super) canonical: &'a Canonical,
    pub(super) bindings: &'a Bindings,
    pub(super) schemas: Schemas<'a>,
    /// The operations, in the order of the bindings.
    pub(super) operations: Vec<Operation>,
    pub(super) responses: ResponseObject,
    /// The types of multipart bodies, by method.
    pub(super) multipart: BTreeMap<String, String>,
    pub(super) file: &'a str,
    pub(super) diagnostics: &'a mut Diagnostics,
    pub(super) rejected: bool,
}

impl Work<'_> {
    /// Returns the schemas of the lowered request bodies.
    pub(super) fn body_schemas(&self) -> impl Iterator<Item = &ReferenceOr<Schema>> {
        let operations = self.operations.iter();
        operations
            .filter_map(|operation| operation.request_body.as_ref()?.as_item())
            .flat_map(|body| body.content.values())
            .filter_map(|media| media.schema.as_ref())
    }

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
