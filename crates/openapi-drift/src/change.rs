//! A difference between two documents.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rules::Rule;

/// The effect of a difference on calls that worked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Requests and responses are the same.
    None,
    /// Requests or responses differ, but every call still works.
    Safe,
    /// A call may fail; the documents alone cannot tell.
    Risky,
    /// A call is rejected, or its response cannot be read.
    Breaking,
}

/// The effect of a difference on Rust code that calls a client generated from the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The public API of the client is the same.
    None,
    /// The public API has new items; all code still compiles.
    Safe,
    /// Some code no longer compiles.
    Breaking,
}

impl Wire {
    /// All levels, in ascending order.
    pub const ALL: [Wire; 4] = [Wire::None, Wire::Safe, Wire::Risky, Wire::Breaking];

    /// Returns the name used in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Wire::None => "none",
            Wire::Safe => "safe",
            Wire::Risky => "risky",
            Wire::Breaking => "breaking",
        }
    }
}

impl Source {
    /// All levels, in ascending order.
    pub const ALL: [Source; 3] = [Source::None, Source::Safe, Source::Breaking];

    /// Returns the name used in files and messages.
    pub fn name(self) -> &'static str {
        match self {
            Source::None => "none",
            Source::Safe => "safe",
            Source::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

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
    /// The effect on calls. At most the level of the rule for the directions (request, response) in
    /// which the part is used.
    pub wire: Wire,
    /// The effect on code. At most the level of the rule; less if the part has no Rust type.
    pub source: Source,
    /// True if the client's documentation changes.
    pub docs: bool,
    /// The changed part, such as `GET /a/{}#parameters/query:limit/schema`. Independent of the order
    /// of lists and of the names of path variables.
    pub location: String,
    /// For a component, the operations that use it, such as `GET /a/{}`: those of the revision, or of
    /// the base if the component was removed. Empty for other parts.
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
    /// A hash of rule, location, before and after, as 16 hexadecimal digits. Independent of the
    /// message.
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
