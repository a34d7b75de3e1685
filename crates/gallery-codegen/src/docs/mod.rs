//! Writes the documentation of a client from the canonical document.

use std::fmt::Write as _;

use gallery_spec::canonical::Canonical;

use crate::bindings::Bindings;
use crate::code::{Samples, Signature};
use crate::docs::example::example;
use crate::docs::operation::operation;
use crate::docs::reductions::Reductions;
use crate::markdown;

mod example;
mod operation;
mod pages;
mod reductions;

pub(crate) use operation::OperationDocs;
pub(crate) use reductions::line as reduction_line;

/// The documentation of a client: Markdown, with untrusted text escaped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Docs {
    /// Documentation of `Client`.
    pub(crate) client: String,
    /// Documentation of the operations, in the order of the bindings.
    pub(crate) operations: Vec<OperationDocs>,
}

/// Writes the documentation of a document. Without `samples`, methods have no examples.
pub(crate) fn docs(
    canonical: &Canonical,
    bindings: &Bindings,
    signatures: &[Signature],
    samples: Option<&Samples<'_>>,
) -> Docs {
    let reductions = Reductions::of(canonical);
    let operations = canonical
        .endpoints()
        .iter()
        .zip(bindings.operations.iter().zip(signatures))
        .map(|(endpoint, (binding, signature))| {
            let mut docs = operation(canonical, endpoint, binding, signature);
            docs.method.push_str(&reductions.of_operation(binding));
            if let Some(samples) = samples {
                docs.method.push_str(&example(binding, signature, samples));
            }
            docs
        })
        .collect();
    Docs {
        client: client(canonical) + &reductions.others(),
        operations,
    }
}

/// Documents the client type.
fn client(canonical: &Canonical) -> String {
    let info = &canonical.document().info;
    let mut text = format!("A client for the {} API.\n", markdown::inline(&info.title));
    if let Some(description) = &info.description {
        let _ = write!(text, "\n{}\n", markdown::blocks(description));
    }
    let _ = write!(
        text,
        "\nAPI version {}. Clones share connections.\n",
        markdown::code(&info.version)
    );
    text
}
