//! What a difference is reported as.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::rules::Rule;

/// What a difference does to what goes over the wire, for calls that worked before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Wire {
    /// Nothing that is sent or answered differs.
    None,
    /// Something differs, and every call that worked still does.
    Safe,
    /// A call that worked may not any more; the documents alone do not say.
    Risky,
    /// Some call that worked is refused, or its answer cannot be read.
    Breaking,
}

/// What a difference does to Rust code that calls the generated client, once that is generated anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The client's public items stay as they are.
    None,
    /// There are new ones; what compiled still does.
    Safe,
    /// Some code that compiled does not any more.
    Breaking,
}

impl Wire {
    /// All levels, from the least.
    pub const ALL: [Wire; 4] = [Wire::None, Wire::Safe, Wire::Risky, Wire::Breaking];

    /// Its name, as files and messages have it.
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
    /// All levels, from the least.
    pub const ALL: [Source; 3] = [Source::None, Source::Safe, Source::Breaking];

    /// Its name, as files and messages have it.
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

/// Where something stands in one of the two documents.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct SourceLocation {
    /// A JSON pointer (RFC 6901) into the document.
    pub pointer: String,
    /// The document's file, as it was named when it was read.
    pub file: String,
    /// Line and column, both from 1; none for a document that was made rather than read.
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

/// One difference.
#[derive(Clone, Debug)]
pub struct Change {
    /// What kind of difference it is.
    pub rule: &'static Rule,
    /// What it does over the wire, here: at most what the rule says for the directions in which the part goes.
    pub wire: Wire,
    /// What it does to callers' source, here: at most what the rule says, less where no Rust type is made of the part.
    pub source: Source,
    /// Whether the client's documentation reads otherwise.
    pub docs: bool,
    /// The part of the API, under a name that does not depend on the order of lists nor on the names of path variables, such as
    /// `GET /a/{}#parameters/query:limit/schema`.
    pub location: String,
    /// Where it is in a component, the operations of the revision that lead to that by references: `GET /a/{}`; those of the base where
    /// the component is gone. None for what stands in an operation, and for what no operation uses.
    pub used_by: Arc<[Arc<str>]>,
    /// Where it stands in the base, if it is there.
    pub base: Option<SourceLocation>,
    /// Where it stands in the revision, if it is there.
    pub revision: Option<SourceLocation>,
    /// What the base has, if anything.
    pub before: Option<Value>,
    /// What the revision has, if anything.
    pub after: Option<Value>,
    /// What changed and why it matters, for people.
    pub message: String,
    /// 16 hexadecimal digits that are the same as long as rule, place, before and after are: to know a change again by, whatever
    /// messages say.
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
