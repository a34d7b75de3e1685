//! An operation entry of a document.

use openapiv3::Server;
use serde_json::Value;

use gallery_draft::{Change, Method};

/// An operation entry.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) unit: usize,
    /// The JSON pointer of the operation in its file.
    pub(crate) pointer: String,
    pub(crate) method: Method,
    /// The path template.
    pub(crate) path: String,
    /// Names of the query string of the path whose values vary. They are part of the identity.
    pub(crate) query_variables: Vec<String>,
    /// Its own server, that of its path, or that of its document.
    pub(crate) server: Option<Server>,
    /// The operation, with the parameters of its path, and with the security requirements that
    /// apply to it.
    pub(crate) operation: Value,
    pub(crate) listed_id: Option<String>,
    /// The changes of repairs.
    pub(crate) changes: Vec<Change>,
}
