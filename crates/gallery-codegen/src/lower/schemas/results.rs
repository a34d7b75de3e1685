//! The results of lowering.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};
use openapiv3::{ReferenceOr, Schema};

use super::build::{add_type_names, any};
use super::{Named, Schemas};

/// The properties and values whose lowered names are substitutes, by type name: the original names
/// by their substitutes.
pub(crate) type SubstituteNames = BTreeMap<String, BTreeMap<String, String>>;

/// Names of properties, by type name.
pub(crate) type NullableProperties = BTreeMap<String, BTreeSet<String>>;

/// A union. Its type in the lowered document is an object with a property for each variant.
#[derive(Clone, Debug)]
pub(crate) struct Union {
    /// The property whose value selects the variant.
    pub(crate) tag: Option<String>,
    pub(crate) variants: Vec<UnionVariant>,
}

/// A variant of a union.
#[derive(Clone, Debug)]
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

impl Schemas<'_> {
    /// Returns the schemas with a type and the untyped component schemas: first component schemas,
    /// then inline ones.
    pub(crate) fn schema_types(&self) -> Vec<SchemaType> {
        let own_type = |(name, named): (&String, &Named)| {
            let type_name = self
                .reserved
                .get(name)
                .filter(|own| self.types.contains_key(own.as_str()))
                .cloned();
            let is_untyped = matches!(named, Named::Lowered(lowered) if **lowered == any());
            (type_name.is_some() || is_untyped).then(|| SchemaType {
                schema: name.clone(),
                name: type_name,
            })
        };
        let inline = self.inline.iter().map(|(pointer, name)| SchemaType {
            schema: pointer.clone(),
            name: Some(name.clone()),
        });
        self.named
            .iter()
            .filter_map(own_type)
            .chain(inline)
            .collect()
    }

    /// Returns the names of the types that these schemas refer to, directly or through other types.
    pub(crate) fn types_in<'s>(
        &'s self,
        schemas: impl IntoIterator<Item = &'s ReferenceOr<Schema>>,
    ) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut names = Vec::new();
        for schema in schemas {
            add_type_names(schema, &mut names);
        }
        while let Some(name) = names.pop() {
            if !found.contains(name) {
                found.insert(name.to_owned());
                if let Some(schema) = self.types.get(name) {
                    add_type_names(schema, &mut names);
                }
            }
        }
        found
    }

    /// Returns the properties of these types that can be absent or null.
    pub(crate) fn nullable_properties(&self, types: &BTreeSet<String>) -> NullableProperties {
        let nullable = types.iter().filter_map(|name| {
            let properties = self.nullable.get(name)?;
            Some((name.clone(), properties.clone()))
        });
        nullable.collect()
    }

    /// Returns the properties and values with substitutes, and the descriptions of types.
    pub(crate) fn into_substitutes_and_texts(
        self,
    ) -> (SubstituteNames, BTreeMap<String, TypeTexts>) {
        (self.substitutes, self.texts)
    }

    /// Returns the unions, by type name.
    pub(crate) fn unions(&self) -> &BTreeMap<String, Union> {
        &self.unions
    }

    /// Returns the number of schemas with constraints on values.
    pub(crate) fn constraints(&self) -> usize {
        self.constraints
    }

    /// Returns the types by name.
    pub(crate) fn types(&self) -> &IndexMap<String, ReferenceOr<Schema>> {
        &self.types
    }

    /// Returns the JSON pointers of untyped schemas and the reasons.
    pub(crate) fn untyped(&self) -> &IndexSet<(String, String)> {
        &self.untyped
    }
}
