//! Compares two OpenAPI 3.0 documents and classifies every difference.
//!
//! Each [`Change`] has two levels: [`Wire`], the effect on calls that worked before, and
//! [`Source`], the effect on Rust code that calls a client generated from the document.
//!
//! ```
//! use openapi_drift::{Document, Wire, compare};
//!
//! let base = Document::parse("base.yaml", "
//! openapi: 3.0.3
//! info: {title: Pets, version: '1'}
//! paths:
//!   /pets:
//!     get: {responses: {'200': {description: All pets}}}
//! ")?;
//! let revision = Document::parse("revision.yaml", "
//! openapi: 3.0.3
//! info: {title: Pets, version: '2'}
//! paths: {}
//! ")?;
//!
//! let changes = compare(&base, &revision);
//! for change in &changes {
//!     println!("{change}");
//! }
//! assert!(changes.iter().any(|change| {
//!     change.rule.id == "endpoint-removed" && change.wire == Wire::Breaking
//! }));
//! # Ok::<(), openapi_drift::DocumentError>(())
//! ```
//!
//! [`Document::parse`] rejects invalid documents and reports line and column. The comparison itself
//! cannot fail. It works on JSON values rather than on a typed model, so unknown keywords are
//! compared too.
//!
//! [`rules`] lists the kinds of differences. [`Severity`] orders changes on one scale, and
//! [`advice`](fn@advice) suggests the next version of a client and a changelog entry.

// One module compares each part of a document: `paths`, `operation`, `parameters`, `headers`,
// `serialization`, `content`, `responses`, `schema`, `security`, `servers`, `common`, `components`.
// `tree` walks both documents in parallel, `comparer` collects changes, and `users` finds the
// operations that use a component.
//
// A referenced schema is queued and compared once per use. Circular references therefore end, and
// long chains of references need no recursion.

mod advice;
mod change;
mod common;
mod comparer;
mod components;
mod content;
mod difference;
mod document;
mod headers;
mod inheritance;
mod level;
mod location;
mod matching;
mod media;
mod message;
mod operation;
mod page;
mod parameters;
mod paths;
mod references;
mod response_types;
mod responses;
mod rules;
mod schema;
mod security;
mod serialization;
mod servers;
mod severity;
mod subject;
mod sunset;
mod tree;
mod usage;
mod users;
mod values;

pub use advice::{Advice, Bump, advice};
pub use openapi_text::date::Date;

pub use change::{Change, SourceLocation};
pub use document::{Document, DocumentError};
pub use level::{Source, Wire};
pub use page::page as rules_page;
pub use rules::{GROUPS, Group, Reasons, Rule, rules};
pub use severity::{Severity, SeverityOverrides, check_rule_id};

/// Returns every difference between two documents, sorted by location and rule.
///
/// These do not count as differences: the order of keys and of unordered lists, a `$ref` replaced
/// by its target, `1` replaced by `1.0`, and white space around prose.
pub fn compare(base: &Document, revision: &Document) -> Vec<Change> {
    changes(comparer::Comparer::new(base, revision))
}

/// Like [`compare`], but a part that was deprecated may be removed from its sunset on: the date in
/// `x-sunset`. `today` is the current date. [`compare`] assumes that no sunset has passed.
pub fn compare_on(base: &Document, revision: &Document, today: Date) -> Vec<Change> {
    let mut comparer = comparer::Comparer::new(base, revision);
    comparer.today = Some(today);
    changes(comparer)
}

fn changes(mut comparer: comparer::Comparer<'_>) -> Vec<Change> {
    comparer.document();
    comparer.changes()
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
