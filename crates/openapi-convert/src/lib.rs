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

mod budget;
mod context;
mod document;
mod keywords;
mod media;
mod note;
mod page;
mod schema;
mod structure;
mod swagger;
mod targets;
mod version;
mod walk;

use serde_json::Value;

use budget::Budget;
use context::Context;
use structure::Kind;
use targets::Targets;
use walk::{Path, Visitor, walk};

pub use keywords::{KEYWORDS, Keyword, Part};
pub use note::{Note, NoteKind};
pub use page::page;
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
    let Value::Object(root) = &document else {
        return Err(ConvertError::NotAMap);
    };
    let Some(version) = found else {
        return Err(ConvertError::UnknownVersion(version::as_written(root)));
    };
    let kind = match version {
        Version::V2_0 => Kind::Swagger,
        _ => Kind::Root,
    };
    let mut targets = Targets::new(root);
    let scheme_types = document::scheme_types(root);
    let size = budget::count(&document, usize::MAX).unwrap_or(usize::MAX);
    walk(&mut document, kind, &mut targets);
    targets.finish();
    let mut converter = Converter(Context::new(
        version,
        targets,
        scheme_types,
        Budget::new(size),
    ));
    walk(&mut document, kind, &mut converter);
    let Converter(mut context) = converter;
    if let Value::Object(root) = &mut document {
        match version {
            Version::V2_0 => swagger::convert(root, &mut context),
            _ => document::finish(root, &mut context),
        }
        root.insert("openapi".to_owned(), "3.0.3".into());
    }
    Ok(Converted {
        document,
        version,
        notes: context.notes,
    })
}

struct Converter(Context);

impl Visitor for Converter {
    fn leave(&mut self, kind: Kind, node: &mut Value, path: &Path<'_>) {
        let Converter(context) = self;
        match kind {
            Kind::Schema | Kind::SchemaOrBoolean => schema::convert(kind, node, path, context),
            Kind::Root => {
                if let Value::Object(root) = node {
                    document::convert_root(root, context);
                }
            }
            Kind::Swagger | Kind::SwaggerPathItem | Kind::SwaggerOperation => {}
            Kind::SwaggerParameter | Kind::SwaggerHeader | Kind::SwaggerResponse => {
                swagger::convert_part(kind, node, path, context);
            }
            _ => document::convert(kind, node, path, context),
        }
    }
}

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
