//! Converts OpenAPI documents of versions 2.0, 3.0, 3.1 and 3.2 to OpenAPI 3.0.3.
//!
//! ```
//! use serde_json::json;
//!
//! let document = json!({"openapi": "3.0.1", "info": {"title": "T", "version": "1"}, "paths": {}});
//! let converted = openapi_convert::convert(document)?;
//! assert_eq!(converted.document["openapi"], "3.0.3");
//! assert!(converted.notes.is_empty());
//! # Ok::<(), openapi_convert::ConvertError>(())
//! ```
//!
//! References are expected to lead to components of the same document. Other references, and parts
//! that are wrong in every version, are passed through unchanged.

mod note;
mod version;

use serde_json::Value;

pub use note::{Note, NoteKind};
pub use version::{Version, version};

/// A converted document.
#[derive(Clone, Debug)]
pub struct Converted {
    /// The OpenAPI 3.0.3 document.
    pub document: Value,
    /// The version of the source document.
    pub version: Version,
    /// The parts that OpenAPI 3.0.3 expresses differently, or not at all.
    pub notes: Vec<Note>,
}

/// An error from [`convert`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The document is not a map.
    #[error("not an OpenAPI document: expected a map")]
    NotAMap,
    /// The document has no version, or an unknown one, as written.
    #[error(
        "{}; expected `swagger: '2.0'`, or `openapi` with a version from 3.0 to 3.2",
        .0.as_ref().map_or("no OpenAPI version".to_owned(), |version| format!("unknown OpenAPI version `{version}`"))
    )]
    UnknownVersion(Option<String>),
}

/// Converts a document to OpenAPI 3.0.3.
pub fn convert(mut document: Value) -> Result<Converted, ConvertError> {
    let found = version(&document);
    let Value::Object(root) = &mut document else {
        return Err(ConvertError::NotAMap);
    };
    let Some(version) = found else {
        return Err(ConvertError::UnknownVersion(version::as_written(root)));
    };
    root.insert("openapi".to_owned(), "3.0.3".into());
    Ok(Converted {
        document,
        version,
        notes: Vec::new(),
    })
}
