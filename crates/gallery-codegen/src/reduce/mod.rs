//! Reduces a canonical document to the parts that a client can express.
//!
//! A part that no client can send or read costs only itself. It becomes any JSON or text where that
//! is correct. A parameter that cannot be sent is removed. An operation is dropped only if it
//! cannot be called without the part. The reduced document is a valid OpenAPI document: clients,
//! mock servers and conformance tests are made from it. Its extension `x-gallery-reduced` lists the
//! reductions, with the locations in the canonical document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use gallery_spec::canonical::{Canonical, operations_mut};
use openapi_text::pointer::escape;
use openapi_text::{Diagnostic, Diagnostics, Location, Severity};
use openapiv3::{Components, OpenAPI, PathItem};

mod content;
mod json_kind;
mod operation;
mod parameters;
mod reason;
mod reducer;
mod schemas;

pub use reason::ReductionReason;
use reducer::Reducer;
pub use reducer::Reduction;

/// The extension of a reduced document with its reductions.
const REDUCED: &str = "x-gallery-reduced";

/// A document that a client can express, and its differences from the canonical document.
#[derive(Clone, Debug)]
pub struct Reduced {
    /// The document.
    pub canonical: Canonical,
    /// The differences, in the order of the document.
    pub reductions: Vec<Reduction>,
    /// The indices in the canonical document of the parameters that were kept, by the pointer of
    /// the operation or path item. Only lists from which parameters were removed are present.
    kept_parameters: BTreeMap<String, Vec<usize>>,
}

/// Reduces a document.
pub fn reduce(canonical: &Canonical) -> Reduced {
    let mut reducer = Reducer {
        canonical,
        reductions: Vec::new(),
        kept_parameters: BTreeMap::new(),
    };
    let mut document = canonical.document().clone();
    // A document may have been reduced before.
    document.extensions.shift_remove(REDUCED);
    for (path, item) in &mut document.paths.paths {
        if let openapiv3::ReferenceOr::Item(item) = item {
            reducer.path_item(path, item);
        }
    }
    if let Some(components) = &mut document.components {
        reducer.components(components);
    }
    let Reducer {
        reductions,
        kept_parameters,
        ..
    } = reducer;
    if !reductions.is_empty() {
        let listed = reductions.iter().map(Reduction::to_json).collect();
        document.extensions.insert(REDUCED.to_owned(), listed);
    }
    Reduced {
        canonical: changed(canonical, document),
        reductions,
        kept_parameters,
    }
}

/// Returns the changed document. Reductions neither add paths nor change operationIds, so it is
/// canonical.
fn changed(canonical: &Canonical, document: OpenAPI) -> Canonical {
    // The memory of an equal copy is not needed.
    if document == *canonical.document() {
        return canonical.clone();
    }
    Canonical::try_from(document).unwrap_or_else(|_| canonical.clone())
}

impl Reduced {
    /// Adds the reductions to the diagnostics of a file.
    pub fn report(&self, file: &str, diagnostics: &mut Diagnostics) {
        for reduction in &self.reductions {
            let severity = match reduction.reason.drops_operation() {
                true => Severity::Dropped,
                false => Severity::Warning,
            };
            diagnostics.push(
                severity,
                reduction.reason.code(),
                Location::pointer(file, &reduction.pointer),
                &reduction.message,
            );
        }
    }

    /// Converts the location of a diagnostic about the reduced document to that in the canonical
    /// document.
    pub(crate) fn locate(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        if let Some(pointer) = &mut diagnostic.location.pointer
            && let Cow::Owned(original) = self.original(pointer)
        {
            *pointer = original;
        }
        diagnostic
    }

    /// Returns the pointer in the canonical document of a part of the reduced document. They differ
    /// behind a removed parameter.
    fn original<'p>(&self, pointer: &'p str) -> Cow<'p, str> {
        let original = || {
            let (owner, rest) = pointer.split_once("/parameters/")?;
            let kept = self.kept_parameters.get(owner)?;
            let (index, rest) = match rest.split_once('/') {
                Some((index, rest)) => (index, format!("/{rest}")),
                None => (rest, String::new()),
            };
            let index = kept.get(index.parse::<usize>().ok()?)?;
            Some(format!("{owner}/parameters/{index}{rest}"))
        };
        original().map_or(Cow::Borrowed(pointer), Cow::Owned)
    }
}

impl Reducer<'_> {
    fn path_item(&mut self, path: &str, item: &mut PathItem) {
        let pointer = format!("/paths/{}", escape(path));
        let shared = operation::Shared::new(self, path, &pointer, item);
        for (method, operation) in operations_mut(item) {
            let pointer = format!("{pointer}/{method}");
            let is_kept = match operation {
                Some(operation) => self.operation(&shared, &pointer, operation),
                None => continue,
            };
            if !is_kept {
                *operation = None;
            }
        }
    }

    fn components(&mut self, components: &mut Components) {
        use openapiv3::ReferenceOr::Item;
        for (name, schema) in &mut components.schemas {
            self.schema(&format!("/components/schemas/{}", escape(name)), schema);
        }
        for (name, parameter) in &mut components.parameters {
            if let Item(parameter) = parameter {
                let pointer = format!("/components/parameters/{}", escape(name));
                self.parameter(&pointer, parameter);
            }
        }
        for (name, body) in &mut components.request_bodies {
            if let Item(body) = body {
                self.body(&format!("/components/requestBodies/{}", escape(name)), body);
            }
        }
        for (name, response) in &mut components.responses {
            if let Item(response) = response {
                let pointer = format!("/components/responses/{}", escape(name));
                self.response(&pointer, response);
            }
        }
    }
}

/// A reduction in the extension of a reduced document.
pub(crate) struct Listed<'a> {
    code: &'a str,
    /// The JSON pointer of the part in the canonical document.
    pub(crate) pointer: &'a str,
    /// The defect, and what became of the part.
    pub(crate) message: &'a str,
}

impl Listed<'_> {
    /// Returns true if the reduction dropped an operation.
    pub(crate) fn is_drop(&self) -> bool {
        let is_reason =
            |reason: &ReductionReason| reason.drops_operation() && reason.code() == self.code;
        ReductionReason::ALL.iter().any(is_reason)
    }
}

/// Returns the reductions of a reduced document.
pub(crate) fn listed(canonical: &Canonical) -> impl Iterator<Item = Listed<'_>> {
    let list = canonical.document().extensions.get(REDUCED);
    let list = list.and_then(|list| list.as_array()).into_iter().flatten();
    list.filter_map(|reduction| {
        let text = |key: &str| reduction.get(key)?.as_str();
        Some(Listed {
            code: text("reason")?,
            pointer: text("at")?,
            message: text("message")?,
        })
    })
}

#[cfg(test)]
mod tests;
