//! Endpoints of a draft, and where each of them was read.

use std::fmt;

use openapiv3::{Operation, Server};
use serde::Serialize;

use crate::method::Method;
use openapi_text::Severity;

/// The identity of an endpoint within a client.
///
/// Variables of the path count by position: their names never go over the wire.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointKey {
    /// The path template with nameless variables. The constants of its query string follow after a
    /// `#`, the names that vary in it after a `?`.
    pub path: String,
    /// The method.
    pub method: Method,
    /// The server's URL, if the same method and path exist on another server and this one is not
    /// the first.
    pub server: Option<String>,
}

impl fmt::Display for EndpointKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        match &self.server {
            Some(server) => write!(f, " on {server}"),
            None => Ok(()),
        }
    }
}

/// One endpoint and the operation entries that describe it.
#[derive(Clone, Debug)]
pub struct DraftEndpoint {
    /// The endpoint's identity.
    pub key: EndpointKey,
    /// The path template in the document.
    pub path: String,
    /// The server that responds.
    pub server: Server,
    /// The operation of the chosen entry. It has no `operationId` yet.
    pub operation: Operation,
    /// The result of comparing the entries.
    pub verdict: Verdict,
    /// Why the chosen entry was chosen, if the entries differ.
    pub rule: Option<Rule>,
    /// The chosen entry.
    pub chosen: EntryLocation,
    /// All entries, the chosen one included, sorted.
    pub sources: Vec<EntryLocation>,
    /// The entries that differ from the chosen one.
    pub differing: Vec<EntryLocation>,
    /// The name of the API that the source groups the chosen entry under.
    pub slug: Option<String>,
    /// The `operationId` of the chosen entry.
    pub listed_id: Option<String>,
    /// The changes that repair made to the chosen entry.
    pub changes: Vec<Change>,
}

/// The location of an operation entry.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryLocation {
    /// The file.
    pub file: String,
    /// The JSON pointer in the file.
    pub pointer: String,
    /// The name of the file set that the file belongs to.
    pub set: String,
}

/// One change that repair made to an operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Change {
    /// [`Severity::Repaired`] or [`Severity::Assumed`].
    pub severity: Severity,
    /// The code of the repair.
    pub code: &'static str,
    /// The JSON pointer of the changed part.
    pub pointer: String,
    /// The defect and its repair.
    pub message: String,
    /// True if the repair removed a parameter that has a name, or a body.
    pub reduces: bool,
}

/// The result of comparing the entries of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// There is one entry.
    Unique,
    /// All entries are equal.
    Identical,
    /// The entries differ in prose and tags only.
    Equivalent,
    /// The entries differ in what goes over the wire.
    Conflict,
}

/// The rule that chose one entry among several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The configuration names it.
    Choice,
    /// It is in the combined document.
    Combined,
    /// The index names its document.
    InIndex,
    /// It has the fewest references that lead nowhere.
    FewestDangling,
    /// It has the most types.
    MostTyped,
    /// Most documents have it.
    MostFrequent,
    /// It has a body, more parameters, or fewer repairs than the others.
    MostComplete,
    /// Its document comes first by name, or its file set comes first.
    FirstByName,
}
