//! Lowers objects and unions.

use indexmap::{IndexMap, IndexSet};
use openapi_text::pointer::escape;
use openapiv3::{AdditionalProperties, ObjectType, ReferenceOr, Schema, StringType, Type};

use super::alternative::{Alternative, Source};
use super::build::{any, boxed, is_nullable, named, nullable_if, or_null, typed, without_null};
use super::location::{JsonType, SchemaLocation};
use super::names::{VariantNames, field_substitutes};
use super::plan::{Plan, PlanKind};
use super::shape::{Object, Property, allows_null, is_one_way, is_true};
use super::types::{Selection, Union, UnionVariant};
use super::{Schemas, description_of};

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
            let can_be_null = is_nullable(&lowered) || lowered == any() && allows_null(schema);
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

    /// Lowers a planned union.
    pub(super) fn planned(
        &mut self,
        location: &SchemaLocation,
        plan: Plan<'d>,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let json_type = plan.json_type();
        let untagged = |all: Vec<Alternative<'d>>| all.into_iter().map(|own| (own, Vec::new()));
        let (selection, alternatives, objects) = match plan.kind {
            PlanKind::Any => return any(),
            PlanKind::Untyped(reason) => return self.untyped_schema(location, reason),
            PlanKind::Integer => return nullable_if(plan.nullable, self.integer(None)),
            PlanKind::String => {
                return nullable_if(plan.nullable, typed(Type::String(StringType::default())));
            }
            PlanKind::Single(own) => {
                let hint = location.hint.clone();
                return nullable_if(plan.nullable, self.alternative(location, own, hint));
            }
            PlanKind::Untagged(all) => (Selection::First, untagged(all).collect(), None),
            PlanKind::Closest(all) => (Selection::Closest, untagged(all).collect(), None),
            PlanKind::Tagged(tag, all) => (Selection::Tag(tag.to_owned()), all, None),
            PlanKind::Mixed(all, objects) => {
                (Selection::First, untagged(all).collect(), Some(objects))
            }
        };
        let name = self.name_of(location, type_name);
        if let Some(json_type) = json_type {
            self.json_types.insert(name.clone(), json_type);
        }
        let (mut properties, mut variants) = (IndexMap::new(), Vec::new());
        let mut names = VariantNames::default();
        let mut add = |label: &str, schema, values, is_tagged| {
            let field = format!("v{}", variants.len());
            // An alternative that is null makes the union nullable.
            let (schema, _) = without_null(schema);
            properties.insert(field.clone(), boxed(schema));
            variants.push(UnionVariant {
                name: names.unique(label),
                field,
                values,
                is_tagged,
            });
        };
        for (own, values) in alternatives {
            let is_tagged = match &selection {
                Selection::Tag(tag) => own.property(tag).is_some(),
                Selection::First | Selection::Closest => true,
            };
            let label = own.label();
            let label = values.first().map_or(label, String::as_str).to_owned();
            let hint = format!("{} {label}", location.hint);
            add(
                &label,
                self.alternative(location, own, hint),
                values,
                is_tagged,
            );
        }
        if let Some(kind) = objects {
            // Not an inline schema: no schema of the document has this type.
            let inner = self.names.unique(&format!("{} object", location.hint));
            let plan = Plan {
                kind: *kind,
                nullable: false,
            };
            let schema = self.planned(location, plan, Some(inner));
            add("object", schema, Vec::new(), true);
        }
        // typify chooses the types of the variants, and boxes recursive ones.
        let kind = Type::Object(ObjectType {
            required: properties.keys().cloned().collect(),
            properties,
            ..ObjectType::default()
        });
        self.types.insert(name.clone(), typed(kind));
        let union = Union {
            selection,
            variants,
        };
        self.unions.insert(name.clone(), union);
        nullable_if(plan.nullable, named(&name))
    }

    /// Lowers an alternative. `hint` is the name of its type if it has no name of its own.
    fn alternative(
        &mut self,
        location: &SchemaLocation,
        own: Alternative<'d>,
        hint: String,
    ) -> ReferenceOr<Schema> {
        let at = SchemaLocation {
            hint,
            ..own.location.clone()
        };
        let (schema, component) = (own.schema, own.component.clone());
        match (own.source, own.into_object()) {
            (Source::String, _) => typed(Type::String(StringType::default())),
            (Source::Integer, _) => self.integer(None),
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
