//! Takes two OpenAPI 3.0 documents, gives every difference with what it means: over the wire, and for Rust code that calls the
//! generated client.
//!
//! ```text
//! text ─► Document::read ─► compare(base, revision) ─► [Change] ─► advice
//! ```
//!
//! It works on JSON values, not on a model: a keyword that no model knows is a difference like any other. [`Document::read`] refuses
//! what cannot be compared, with file and line; after that nothing can fail, and [`compare`] is a function from two documents to a list.
//!
//! What a difference means is one row of [`rules`]; `docs/drift-rules.md` is made from them. Each part of a document has a module here:
//! `paths` and `operation`, `parameters`, `content`, `responses`, `schema`, `security`, `servers`, `prose`, `components`. `tree` walks both
//! documents side by side, `comparer` keeps what was found, and `users` knows which operations a component is used by.
//!
//! Schemas that are referred to are compared once for each direction in which they go, from a queue: cycles end, and no chain of
//! references is deeper than the documents are.

pub mod advice;
mod change;
mod comparer;
mod components;
mod content;
mod document;
mod operation;
pub mod page;
mod parameters;
mod paths;
mod place;
mod prose;
mod references;
mod responses;
mod rules;
mod schema;
mod security;
mod servers;
mod tree;
mod users;
mod values;

pub use change::{Change, Source, Spot, Wire};
pub use document::{Document, ReadError};
pub use rules::{GROUPS, Group, Rule, rules};

/// Every difference between two documents, each once, ordered by place and rule. An empty list means that nothing differs but how it
/// is written: the order of keys and of what has none, `$ref` against what it refers to, `1` against `1.0`, white space around prose.
pub fn compare(base: &Document, revision: &Document) -> Vec<Change> {
    let mut comparer = comparer::Comparer::new(base, revision);
    comparer.document();
    comparer.changes()
}
