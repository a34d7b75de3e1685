//! A difference between two documents.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

use crate::level::{Source, Wire};
use crate::rules::Rule;

/// A location in one of the two documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SourceLocation {
    /// A JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    /// The name of the document.
    pub file: String,
    /// Line and column, both from 1, if the document was parsed from text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.file),
            None => write!(f, "{}#{}", self.file, self.pointer),
        }
    }
}

/// A difference between two documents.
#[derive(Clone, Debug)]
pub struct Change {
    /// The kind of difference.
    pub rule: &'static Rule,
    /// The effect on calls: at most the level of the rule for the directions (request, response) in
    /// which the part is used.
    pub wire: Wire,
    /// The effect on code: at most the level of the rule, and lower if the part has no Rust type.
    pub source: Source,
    /// True if the client's documentation changes.
    pub docs: bool,
    /// The changed part, such as `GET /a/{id}#parameters/query:limit/schema`. It does not depend on
    /// the order of lists. Path variables have their names in the base.
    pub location: String,
    /// The operations that use a changed component, such as `GET /a/{id}`. They are operations of
    /// the base if the component was removed, otherwise of the revision. Empty for other parts.
    pub used_by: Arc<[Arc<str>]>,
    /// The location in the base, if the part exists there.
    pub base: Option<SourceLocation>,
    /// The location in the revision, if the part exists there.
    pub revision: Option<SourceLocation>,
    /// The value in the base.
    pub before: Option<Value>,
    /// The value in the revision.
    pub after: Option<Value>,
    /// A description of the change and its effect.
    pub message: String,
    /// A hash of the rule, the location and both values, as 16 hexadecimal digits. It does not
    /// depend on the message or the names of path variables.
    pub fingerprint: String,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} wire, {} source [{}] {}: {}",
            self.wire, self.source, self.rule.id, self.location, self.message
        )
    }
}
