//! Violations of a document by a request.

use std::fmt;

use crate::document::Location;

/// A violation of the document by a request.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// The location: `path`, `query`, `header`, `cookie`, `body` or `credential`.
    pub location: &'static str,
    /// The name of the parameter; empty for a body or a credential.
    pub name: String,
    /// The JSON pointer of the offending part of the value; empty for the whole value.
    pub pointer: String,
    /// The reason, as a predicate: `is "x", not an integer`.
    pub reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => write!(f, "the {}", self.location)?,
            name => write!(f, "the {} parameter `{name}`", self.location)?,
        }
        if !self.pointer.is_empty() {
            write!(f, " at `{}`", self.pointer)?;
        }
        write!(f, " {}", self.reason)
    }
}

impl Violation {
    pub(crate) fn body(pointer: &str, reason: impl Into<String>) -> Violation {
        Violation {
            location: "body",
            name: String::new(),
            pointer: pointer.to_owned(),
            reason: reason.into(),
        }
    }

    pub(crate) fn parameter(
        location: Location,
        name: &str,
        reason: impl Into<String>,
    ) -> Violation {
        Violation {
            location: location.as_str(),
            name: name.to_owned(),
            pointer: String::new(),
            reason: reason.into(),
        }
    }
}
