//! Lowers objects and unions.

use indexmap::{IndexMap, IndexSet};
use openapi_text::pointer::escape;
use openapiv3::{
    AdditionalProperties, NumberType, ObjectType, ReferenceOr, Schema, StringType, Type,
};
use serde_json::Value;

use super::alternative::{Alternative, Source};
use super::build::{any, boxed, is_nullable, named, or_null, typed, without_null};
use super::location::{JsonType, SchemaLocation};
use super::names::{VariantNames, field_substitutes};
use super::shape::{Object, Property, UnionShape};
use super::types::{Union, UnionVariant};
use super::union::Plan;
use super::{Schemas, description_of, is_true};

impl<'d> Schemas<'d> {
    /// Lowers an object. `shared` is the location of the properties beside a union.
    pub(super) fn object(
        &mut self,
        location: &SchemaLocation,
        object: Object<'d>,
        type_name: Option<String>,
        shared: Option<&SchemaLocation>,
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
        for (property, Property { schema, is_shared }) in object.properties {
            let location = shared.filter(|_| is_shared).unwrap_or(location);
            if let Some(text) = description_of(schema) {
                let texts = self.texts.entry(name.clone()).or_default();
                texts
                    .properties
                    .insert(property.to_owned(), text.to_owned());
            }
            if is_true(schema, "deprecated") {
                let texts = self.texts.entry(name.clone()).or_default();
                texts.deprecated.insert(property.to_owned());
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

    /// Lowers a union. An enum becomes an object with a property for each variant, so that typify
    /// chooses their types and boxes recursive ones.
    pub(super) fn union(
        &mut self,
        location: &SchemaLocation,
        union: &UnionShape<'d>,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let plan = self.plan(location, union);
        self.planned(location, plan, type_name)
    }

    /// Lowers a planned union.
    pub(super) fn planned(
        &mut self,
        location: &SchemaLocation,
        plan: Plan<'d>,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let (json_type, is_nullable) = (plan.json_type(), plan.is_nullable());
        let mut objects = None;
        let (tag, alternatives) = match plan {
            Plan::Any => return any(),
            Plan::Number => return typed(Type::Number(NumberType::default())),
            Plan::String => return typed(Type::String(StringType::default())),
            Plan::Single(own) => {
                let (nullable, lowered) = (own.nullable, self.lower(&own.location, own.schema));
                return if nullable { or_null(lowered) } else { lowered };
            }
            Plan::Untyped(reason) => return self.untyped_schema(location, reason),
            Plan::Untagged(all) => {
                let all = all.into_iter().map(|own| (own, Vec::new()));
                (None, all.collect())
            }
            Plan::Tagged(tag, all) => (Some(tag), all),
            Plan::Mixed(all, plan) => {
                objects = Some(plan);
                let all = all.into_iter().map(|own| (own, Vec::new()));
                (None, all.collect())
            }
        };
        let name = self.name_of(location, type_name);
        if let Some(json_type) = json_type {
            self.json_types.insert(name.clone(), json_type);
        }
        let (mut properties, mut variants) = (IndexMap::new(), Vec::new());
        let mut nullable = is_nullable;
        let mut names = VariantNames::default();
        for (index, (own, values)) in alternatives.into_iter().enumerate() {
            let is_tagged = tag.is_none_or(|tag| own.declares(tag));
            let label = own.label();
            let label = values.first().map_or(label, String::as_str).to_owned();
            let (schema, null) = without_null(self.alternative(location, own, &label));
            nullable |= null;
            let field = format!("v{index}");
            let name = names.unique(&label);
            properties.insert(field.clone(), boxed(schema));
            variants.push(UnionVariant {
                name,
                field,
                values,
                is_tagged,
            });
        }
        if let Some(plan) = objects {
            // Not an inline schema: no schema of the document has this type.
            let inner = self.names.unique(&format!("{} object", location.hint));
            let (schema, null) = without_null(self.planned(location, *plan, Some(inner)));
            nullable |= null;
            let field = format!("v{}", variants.len());
            properties.insert(field.clone(), boxed(schema));
            variants.push(UnionVariant {
                name: names.unique("object"),
                field,
                values: Vec::new(),
                is_tagged: true,
            });
        }
        let kind = Type::Object(ObjectType {
            required: properties.keys().cloned().collect(),
            properties,
            ..ObjectType::default()
        });
        self.types.insert(name.clone(), typed(kind));
        let tag = tag.map(str::to_owned);
        self.unions.insert(name.clone(), Union { tag, variants });
        let union = named(&name);
        if nullable { or_null(union) } else { union }
    }

    /// Lowers an alternative. `label` is the name of its variant.
    fn alternative(
        &mut self,
        location: &SchemaLocation,
        own: Alternative<'d>,
        label: &str,
    ) -> ReferenceOr<Schema> {
        let at = SchemaLocation {
            hint: format!("{} {label}", location.hint),
            ..own.location.clone()
        };
        let (schema, component) = (own.schema, own.component.clone());
        match (own.source, own.into_object()) {
            (Source::String, _) => typed(Type::String(StringType::default())),
            (Source::Component, _) => {
                let reference = format!(
                    "#/components/schemas/{}",
                    escape(&component.unwrap_or_default())
                );
                self.referenced(&at, &reference)
            }
            (Source::Object, Some(object)) => {
                // Not an inline schema: no schema of the document has this type.
                let name = self.names.unique(&at.hint);
                self.object(&at, object, Some(name), Some(location))
            }
            _ => self.lower(&at, schema),
        }
    }
}

/// Returns true if a property occurs only in requests or only in responses.
fn is_one_way(schema: &Value) -> bool {
    is_true(schema, "readOnly") || is_true(schema, "writeOnly")
}
