//! Locations and JSON types of lowered schemas.

use openapi_text::pointer::escape;

/// The JSON type of the values of a lowered schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JsonType {
    String,
    Number,
    Boolean,
    Array,
    Object,
    /// Several types, or unknown.
    Several,
}

/// The location of a schema, and a type name for it if it has no name of its own.
#[derive(Clone)]
pub(crate) struct SchemaLocation {
    pub(super) pointer: String,
    pub(super) hint: String,
    pub(super) depth: usize,
}

impl SchemaLocation {
    pub(crate) fn new(pointer: impl Into<String>, hint: impl Into<String>) -> SchemaLocation {
        SchemaLocation {
            pointer: pointer.into(),
            hint: hint.into(),
            depth: 0,
        }
    }

    /// Returns the location of a component schema.
    pub(super) fn component(name: &str) -> SchemaLocation {
        SchemaLocation::new(format!("/components/schemas/{}", escape(name)), name)
    }

    /// Returns the location of a subschema.
    pub(super) fn inside(&self, keyword: &str, hint: &str) -> SchemaLocation {
        SchemaLocation {
            pointer: format!("{}/{keyword}", self.pointer),
            hint: format!("{} {hint}", self.hint),
            depth: self.depth + 1,
        }
    }
}
