//! Parses and applies OpenAPI Overlay documents, versions 1.0 and 1.1.
//!
//! An overlay is a list of changes to a document. Each has a target, a JSONPath (RFC 9535).
//!
//! ```
//! use openapi_overlay::parse;
//! use openapi_text::Diagnostics;
//! use serde_json::json;
//!
//! let text = "
//! overlay: 1.1.0
//! info: {title: Fixes, version: '1'}
//! actions:
//!   - target: $.info
//!     update: {title: Pets}
//!   - target: $.paths['/internal']
//!     remove: true
//! ";
//! let mut diagnostics = Diagnostics::default();
//! let overlay = parse("overlay.yaml", text, &mut diagnostics).expect("a valid overlay");
//!
//! let mut document = json!({"info": {"title": "T"}, "paths": {"/internal": {}, "/pets": {}}});
//! overlay.apply(&mut document)?;
//! assert_eq!(document, json!({"info": {"title": "Pets"}, "paths": {"/pets": {}}}));
//! # Ok::<(), openapi_text::FileError>(())
//! ```

mod apply;
mod hint;
mod parse;

use openapi_text::Location;
use serde_json::Value;
use serde_json_path::JsonPath;

pub use parse::parse;

/// An overlay document.
#[derive(Clone, Debug)]
pub struct Overlay {
    /// The path of the file, used in messages.
    pub file: String,
    /// The version of the specification.
    pub version: Version,
    /// The title.
    pub title: String,
    /// The document that the overlay extends, as a URI reference, and the location of that field.
    pub extends: Option<(String, Location)>,
    /// The changes, applied in order.
    pub actions: Vec<Action>,
    /// The extension `x-reason`, for actions without one.
    pub reason: Option<String>,
    /// The extension `x-source`, for actions without one.
    pub source: Option<String>,
}

impl Overlay {
    /// Returns the `x-reason` of an action, or that of the overlay.
    pub fn reason_of<'a>(&'a self, action: &'a Action) -> Option<&'a str> {
        action.reason.as_deref().or(self.reason.as_deref())
    }

    /// Returns the `x-source` of an action, or that of the overlay.
    pub fn source_of<'a>(&'a self, action: &'a Action) -> Option<&'a str> {
        action.source.as_deref().or(self.source.as_deref())
    }
}

/// A version of the specification. [`Overlay::apply`] describes the differences.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// 1.0.x
    V1_0,
    /// 1.1.x
    V1_1,
}

/// An action: a target and a change.
#[derive(Clone, Debug)]
pub struct Action {
    /// Selects the nodes to change.
    pub target: Query,
    /// The change to each selected node.
    pub change: Change,
    /// The description.
    pub description: Option<String>,
    /// The extension `x-reason`: why the change is needed.
    pub reason: Option<String>,
    /// The extension `x-source`: where the correct information was found.
    pub source: Option<String>,
    /// The location of the action.
    pub location: Location,
}

/// A change to a node.
#[derive(Clone, Debug)]
pub enum Change {
    /// Removes the node.
    Remove,
    /// Merges a value into the node.
    Update(Value),
    /// Merges another node of the document into the node.
    Copy(Query),
    /// Changes nothing: the action has none of `remove`, `update` and `copy`.
    Nothing,
}

/// A JSONPath query.
#[derive(Clone, Debug)]
pub struct Query {
    /// The query as written.
    pub text: String,
    path: JsonPath,
    /// The location of the query.
    pub location: Location,
}

/// The result of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The JSON pointers of the nodes that the target selected before the action, each once, in
    /// the order of the query's result.
    pub matches: Vec<String>,
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
