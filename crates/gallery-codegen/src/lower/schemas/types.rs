//! Facts about the types of schemas, which the lowered document does not contain.

use std::collections::{BTreeMap, BTreeSet};

/// The properties and values whose lowered names are substitutes, by type name: the original names
/// by their substitutes.
pub(crate) type SubstituteNames = BTreeMap<String, BTreeMap<String, String>>;

/// Names of properties, by type name.
pub(crate) type NullableProperties = BTreeMap<String, BTreeSet<String>>;

/// A union. Its type in the lowered document is an object with a property for each variant.
#[derive(Clone, Debug)]
pub(crate) struct Union {
    pub(crate) selection: Selection,
    pub(crate) variants: Vec<UnionVariant>,
}

/// The way in which a value selects a variant of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Selection {
    /// By the value of this property.
    Tag(String),
    /// The first variant that reads the value.
    First,
    /// The variant that loses the fewest properties of the value.
    Closest,
}

/// A variant of a union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct UnionVariant {
    pub(crate) name: String,
    /// The property of the lowered object.
    pub(crate) field: String,
    /// The values of the tag.
    pub(crate) values: Vec<String>,
    /// True if the type of the variant has the tag as a field.
    pub(crate) is_tagged: bool,
}

/// The descriptions of a type and its properties, as Markdown from the document.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypeTexts {
    pub(crate) description: Option<String>,
    pub(crate) is_deprecated: bool,
    /// The deprecated properties.
    pub(crate) deprecated: BTreeSet<String>,
    /// The descriptions of properties, by their names.
    pub(crate) properties: BTreeMap<String, String>,
}

/// A schema of the document and its type in the client.
#[derive(Clone, Debug)]
pub struct SchemaType {
    /// The name of a component schema, or the JSON pointer of an inline one.
    pub schema: String,
    /// The name of the type; `None` if the schema is untyped.
    pub name: Option<String>,
}

impl SchemaType {
    /// Returns true if the schema is not a component.
    pub(crate) fn is_inline(&self) -> bool {
        self.schema.starts_with('/')
    }
}
