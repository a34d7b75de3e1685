//! Rejects documents that no correct client can be generated from.
//!
//! Most documents are reduced instead. What is left are names that cannot be converted, and
//! extensions, which people write.

use gallery_spec::canonical::{Canonical, Endpoint};
use openapi_text::{Diagnostics, Location, Severity};

use crate::bindings::{Bindings, OperationBinding};
use crate::pages::{self, PAGES};
use crate::parameters::listed_parameters;
use crate::wire_extensions;

/// Adds an error to `diagnostics` for each defect. Returns true if the document is valid.
pub(super) fn validate(
    file: &str,
    canonical: &Canonical,
    bindings: &Bindings,
    diagnostics: &mut Diagnostics,
) -> bool {
    let mut check = Check {
        file,
        canonical,
        diagnostics,
        rejected: false,
    };
    for (endpoint, binding) in canonical.endpoints().iter().zip(&bindings.operations) {
        check.operation(endpoint, binding);
    }
    !check.rejected
}

struct Check<'a> {
    file: &'a str,
    canonical: &'a Canonical,
    diagnostics: &'a mut Diagnostics,
    rejected: bool,
}

impl Check<'_> {
    fn reject(&mut self, code: &'static str, pointer: &str, message: &str) {
        self.rejected = true;
        let location = Location::pointer(self.file, pointer);
        self.diagnostics
            .push(Severity::Error, code, location, message);
    }

    fn operation(&mut self, endpoint: &Endpoint<'_>, binding: &OperationBinding) {
        let pointer = endpoint.pointer();
        if binding.method.is_empty() {
            let message = "the operationId cannot be converted to a Rust name; choose another one";
            self.reject("unusable-id", &pointer, message);
        }
        for parameter in &binding.parameters {
            if parameter.setter.is_empty() {
                let message = "the name of the parameter cannot be converted to a Rust name";
                self.reject("unusable-name", &parameter.pointer, message);
            }
        }
        for (pointer, parameter) in listed_parameters(self.canonical, endpoint) {
            for (extension, message) in wire_extensions::mismatches(parameter) {
                self.reject("extension", &format!("{pointer}/{extension}"), message);
            }
        }
        let pages = pages::read(
            self.canonical,
            endpoint,
            &binding.parameters,
            &binding.responses,
        );
        if let Some(Err((at, error))) = pages {
            // The extension comes from an overlay, whose target may have changed upstream.
            let location = Location::pointer(self.file, format!("{pointer}/{PAGES}{at}"));
            self.rejected |= self.diagnostics.push_unmatched("pages", location, error);
        }
    }
}
