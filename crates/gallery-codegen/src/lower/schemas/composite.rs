//! Lowers objects and unions.

use std::collections::BTreeSet;

use indexmap::{IndexMap, IndexSet};
use openapi_text::pointer::escape;
use openapiv3::{
    AdditionalProperties, NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind,
    StringType, Type,
};
use serde_json::Value;

use super::build::{any, boxed, is_nullable, named, or_null, typed, without_null};
use super::location::{JsonType, SchemaLocation};
use super::names::field_substitutes;
use super::shape::Object;
use super::{Schemas, description_of};

impl<'d> Schemas<'d> {
    pub(super) fn object(
        &mut self,
        location: &SchemaLocation,
        object: Object<'d>,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let mut required = object.required;
        let additional = object
            .additional
            .map(|values| self.lower(&location.inside("additionalProperties", "value"), values));
        let declared = object.properties.iter().map(|(name, _)| *name);
        // Required names without a property become fields too.
        let names: IndexSet<&str> = declared.chain(required.iter().copied()).collect();
        let substitutes = field_substitutes(names, additional.is_some());
        let lowered_name = |name: &str| {
            let substitute = substitutes.get(name).cloned();
            substitute.unwrap_or_else(|| name.to_owned())
        };
        let name = self.name_of(location, type_name);
        let mut properties = IndexMap::new();
        for (property, schema) in object.properties {
            if let Some(text) = description_of(schema) {
                let texts = self.texts.entry(name.clone()).or_default();
                texts
                    .properties
                    .insert(property.to_owned(), text.to_owned());
            }
            let inside = location.inside(&format!("properties/{}", escape(property)), property);
            if is_one_way(schema) {
                // Required in one direction only, but the type is used for both.
                required.remove(property);
            }
            let mut lowered = self.lower(&inside, schema);
            let can_be_null =
                is_nullable(&lowered) || lowered == any() && is_true(schema, "nullable");
            if can_be_null && !required.contains(property) && !is_true(schema, "readOnly") {
                let nullable = self.nullable.entry(name.clone()).or_default();
                nullable.insert(property.to_owned());
            }
            if !required.contains(property)
                && self.json_type(&lowered).is_some_and(|json_type| {
                    matches!(json_type, JsonType::Array | JsonType::Object)
                })
            {
                // typify omits empty arrays; an `Option` keeps them distinct from missing ones.
                lowered = or_null(lowered);
            }
            properties.insert(lowered_name(property), boxed(lowered));
        }
        let kind = Type::Object(ObjectType {
            properties,
            required: required.into_iter().map(lowered_name).collect(),
            additional_properties: additional
                .map(|values| AdditionalProperties::Schema(Box::new(values))),
            ..ObjectType::default()
        });
        self.types.insert(name.clone(), typed(kind));
        self.substitute(&name, substitutes);
        named(&name)
    }

    /// Lowers a union. serde picks the first alternative that matches, so the alternatives must
    /// have different JSON types.
    pub(super) fn union(
        &mut self,
        location: &SchemaLocation,
        keyword: &str,
        alternatives: &'d [Value],
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let mut lowered: Vec<ReferenceOr<Schema>> = Vec::new();
        let mut nullable = false;
        for (at, alternative) in alternatives.iter().enumerate() {
            let schema = self.lower(
                &location.inside(&format!("{keyword}/{at}"), &format!("option {at}")),
                alternative,
            );
            let (schema, null) = without_null(schema);
            nullable |= null;
            if !lowered.contains(&schema) {
                lowered.push(schema);
            }
        }
        // serde reads a struct from a list too, so that lists come before objects.
        lowered.sort_by_key(|schema| self.json_type(schema) != Some(JsonType::Array));
        let json_types: Option<Vec<JsonType>> = lowered
            .iter()
            .map(|schema| self.json_type(schema))
            .collect();
        let distinct = json_types.as_ref().is_some_and(|json_types| {
            !json_types.contains(&JsonType::Several)
                && json_types.iter().collect::<BTreeSet<_>>().len() == json_types.len()
        });
        let union = match (lowered.as_slice(), json_types) {
            ([], _) => return any(),
            ([one], _) => one.clone(),
            (_, Some(json_types))
                if json_types
                    .iter()
                    .all(|json_type| *json_type == JsonType::Number) =>
            {
                typed(Type::Number(NumberType::default()))
            }
            (_, Some(json_types))
                if json_types
                    .iter()
                    .all(|json_type| *json_type == JsonType::String) =>
            {
                typed(Type::String(StringType::default()))
            }
            _ if distinct => {
                let name = self.name_of(location, type_name);
                let schema_kind = SchemaKind::OneOf { one_of: lowered };
                self.types.insert(
                    name.clone(),
                    ReferenceOr::Item(Schema {
                        schema_data: SchemaData::default(),
                        schema_kind,
                    }),
                );
                named(&name)
            }
            _ => self.untyped_schema(location, "the alternatives do not have distinct JSON types"),
        };
        if nullable { or_null(union) } else { union }
    }
}

/// Returns true if a property occurs only in requests or only in responses.
fn is_one_way(schema: &Value) -> bool {
    is_true(schema, "readOnly") || is_true(schema, "writeOnly")
}

fn is_true(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
}
