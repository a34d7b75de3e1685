//! OpenAPI Overlay 1.0 and 1.1: what people know about an API and its listing does not, as a list of changes to a document.
//!
//! [`parse`] and [`Overlay::apply`] follow the standard, for any overlay and any document. [`settle`] is what our pipeline asks beyond it.
//! JSONPath is RFC 9535.

mod apply;
mod draft;
mod parse;
pub mod settle;

use serde_json::Value;
use serde_json_path::JsonPath;

use openapi_text::Location;

pub use draft::draft;
pub use parse::parse;

/// The file's name in a client's folder.
pub const FILE_NAME: &str = "overlay.yaml";

/// An overlay document.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The file that it was read from, for messages.
    pub file: String,
    /// The version of the standard.
    pub version: Version,
    /// What it is for.
    pub title: String,
    /// The document that it is for, as a URI reference, and where that is said.
    pub extends: Option<(String, Location)>,
    /// The changes, in order: each sees what those before it did.
    pub actions: Vec<Action>,
}

/// The versions of the standard. They differ in what a target may be: see [`Overlay::apply`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.0.x
    V1_0,
    /// 1.1.x
    V1_1,
}

/// One change.
#[derive(Clone, Debug)]
pub struct Action {
    /// What it changes.
    pub target: Query,
    /// What becomes of each node that the target selects.
    pub change: Change,
    /// What a person says of it.
    pub description: Option<String>,
    /// Why the listing is wrong or silent here: `x-reason`.
    pub reason: Option<String>,
    /// Where the truth was found: `x-source`.
    pub source: Option<String>,
    /// Where the action begins.
    pub place: Location,
}

/// What becomes of a node.
#[derive(Clone, Debug)]
pub enum Change {
    /// It is taken out.
    Remove,
    /// A value is merged into it.
    Update(Value),
    /// Another node of the document is merged into it.
    Copy(Query),
    /// Nothing: the action has neither of the three.
    Nothing,
}

/// A JSONPath, as written and as read.
#[derive(Clone, Debug)]
pub struct Query {
    /// As written.
    pub text: String,
    path: JsonPath,
    /// Where it is written.
    pub place: Location,
}

/// What an action met: JSON pointers of the nodes that its target selected, in the document as it was before the action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// In the order of the query's answer, each once.
    pub matches: Vec<String>,
}
