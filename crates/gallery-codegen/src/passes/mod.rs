//! Edits of the code that progenitor generates: one file and one row of [`PASSES`] per edit.
//!
//! A pass matches the exact code it edits and fails if it does not find it, so a new version of
//! progenitor with different output causes an error instead of a broken client.

use crate::docs::Docs;
use crate::lower::Lowered;
use crate::passes::edit::{Context, PassError};

mod body;
mod client;
mod docs;
pub(crate) mod edit;
mod names;
mod nullable;
mod pages;
mod request;
mod responses;
mod runtime;

/// An edit of generated code.
pub struct Pass {
    /// A stable name in kebab case.
    pub code: &'static str,
    /// The behavior of the code without this pass.
    pub without: &'static str,
    apply: fn(&mut syn::File, &Context<'_>) -> Result<(), PassError>,
}

/// All passes, in the order they are applied.
pub const PASSES: &[Pass] = &[
    Pass {
        code: "body",
        without: "optional bodies are required, and multipart and binary bodies have the wrong type",
        apply: body::apply,
    },
    Pass {
        code: "names",
        without: "properties and values whose Rust names would collide have other names in JSON",
        apply: names::apply,
    },
    Pass {
        code: "nullable",
        without: "optional properties cannot be sent as null",
        apply: nullable::apply,
    },
    Pass {
        code: "request",
        without: "requests use the paths of the lowered document and bypass the runtime",
        apply: request::apply,
    },
    Pass {
        code: "responses",
        without: "untyped responses are byte streams, and undocumented responses lose their status",
        apply: responses::apply,
    },
    Pass {
        code: "client",
        without: "the client has progenitor's constructors and hooks instead of the runtime's transport",
        apply: client::apply,
    },
    Pass {
        code: "pages",
        without: "callers must request each page themselves",
        apply: pages::apply,
    },
    Pass {
        code: "runtime",
        without: "the code depends on progenitor_client",
        apply: runtime::apply,
    },
    Pass {
        code: "docs",
        without: "the code has only progenitor's documentation",
        apply: docs::apply,
    },
];

/// Applies every pass.
pub(crate) fn apply(file: &mut syn::File, lowered: &Lowered, docs: &Docs) -> Result<(), PassError> {
    let context = Context::new(file, lowered, docs)?;
    PASSES
        .iter()
        .try_for_each(|pass| (pass.apply)(file, &context))
}
