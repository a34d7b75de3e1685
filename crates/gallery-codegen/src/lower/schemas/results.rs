//! The results of lowering.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};
use openapi_text::{Diagnostics, Severity};
use openapiv3::{ReferenceOr, Schema, SchemaKind, Type};

use super::build::{add_type_names, any, type_name};
use super::types::{NullableProperties, SchemaType, SubstituteNames, TypeTexts, Union};
use super::{Named, Schemas};
use crate::settings::{CodeSettings, UNUSED_OPTION};

/// All lowered schemas.
pub(crate) struct LoweredSchemas {
    /// The schemas of types, by name.
    pub(crate) types: IndexMap<String, ReferenceOr<Schema>>,
    /// The properties and values with substitutes.
    pub(crate) substitutes: SubstituteNames,
    /// The descriptions of types, by name.
    pub(crate) texts: BTreeMap<String, TypeTexts>,
    /// The unions, by type name.
    pub(crate) unions: BTreeMap<String, Union>,
    /// The types of the runtime, by the names of the types that they replace.
    pub(crate) formats: BTreeMap<String, &'static str>,
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

    /// Returns the name of the struct that a lowered schema refers to.
    pub(crate) fn struct_name(&self, schema: &ReferenceOr<Schema>) -> Option<String> {
        let ReferenceOr::Reference { reference } = schema else {
            return None;
        };
        let name = type_name(reference)?;
        let kind = &self.types.get(name)?.as_item()?.schema_kind;
        let is_struct = matches!(kind, SchemaKind::Type(Type::Object(_)));
        (is_struct && !self.unions.contains_key(name)).then(|| name.to_owned())
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

    /// Returns the types and what the lowered schemas do not say about them.
    pub(crate) fn into_lowered(self) -> LoweredSchemas {
        LoweredSchemas {
            types: self.types,
            substitutes: self.substitutes,
            texts: self.texts,
            unions: self.unions,
            formats: self.formats,
        }
    }

    /// Reports options that have no effect, and names of types that are taken.
    pub(crate) fn report_options(&self, settings: &CodeSettings, diagnostics: &mut Diagnostics) {
        let (unused, taken) = self.names.invalid_replacements();
        for name in unused {
            let message = format!(
                "no type would be named `{name}`; remove the entry, or write the name of a type \
                 without the table [types]"
            );
            let place = settings.place_of_name(name);
            diagnostics.push(Severity::Error, UNUSED_OPTION, place, message);
        }
        for name in taken {
            let message = format!(
                "`{}` is the name of another type; choose a different one",
                settings.type_names[name]
            );
            let place = settings.place_of_name(name);
            diagnostics.push(Severity::Error, "type-name", place, message);
        }
        for (format, place) in self.plain_formats {
            if !self.used_formats.contains(format) {
                let message = format!(
                    "no value of the client has the format `{format}`, or it has no type; remove it"
                );
                diagnostics.push(Severity::Error, UNUSED_OPTION, place.clone(), message);
            }
        }
    }

    /// Returns the number of schemas with constraints on values.
    pub(crate) fn constraints(&self) -> usize {
        self.constraints
    }

    /// Returns the JSON pointers of untyped schemas and the reasons.
    pub(crate) fn untyped(&self) -> &IndexSet<(String, String)> {
        &self.untyped
    }
}
