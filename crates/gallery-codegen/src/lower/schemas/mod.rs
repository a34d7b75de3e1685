//! Lowers schemas to those that typify translates correctly.
//!
//! The schemas are read in normal form, from JSON. Every object, enum and union becomes a named
//! component; other schemas are inlined. Constraints on values are dropped, since clients do not
//! check them. A schema without a correct Rust type becomes untyped, with a warning.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::{IndexMap, IndexSet};
use openapi_text::Location;
use openapi_text::normal_form::NormalForm;
use openapiv3::{BooleanType, NumberType, ReferenceOr, Schema, SchemaKind, StringType, Type};
use serde_json::{Map, Value};

use crate::reference::schema_name;
use crate::settings::CodeSettings;

mod alternative;
mod build;
mod children;
mod composite;
mod family;
mod formats;
mod location;
mod names;
mod plan;
mod results;
mod shape;
mod types;
mod union;
mod untagged;

pub(crate) use build::{add_type_names_of, any, map, typed, without_null, without_properties};
use build::{list, named, nullable_if, type_name};
use children::Children;
pub(crate) use location::{JsonType, SchemaLocation};
use names::{Substitutes, TypeNames, variant_substitutes};
use plan::Plan;
use shape::{Shape, has_constraints, is_true, reference_of, shape};
pub(crate) use types::{
    NullableProperties, SchemaType, Selection, SubstituteNames, TypeTexts, Union, UnionVariant,
};

/// The maximum nesting of schemas. Deeper types overflow the compiler's stack.
const DEPTH: usize = 24;

/// The maximum length of a chain of schemas that are references.
const ALIASES: usize = 64;

/// The schemas of a document and their lowered forms.
pub(crate) struct Schemas<'d> {
    canonical: &'d Value,
    normal_form: &'d NormalForm,
    components: Option<&'d Map<String, Value>>,
    named: BTreeMap<String, Named>,
    /// The plans of component schemas that become unions, until they are lowered.
    plans: BTreeMap<String, Plan<'d>>,
    /// The component schemas that inherit from others.
    children: Children<'d>,
    names: TypeNames,
    /// The type names of component schemas, which inline schemas cannot use.
    reserved: BTreeMap<String, String>,
    /// The formats whose values have no type of their own.
    plain_formats: &'d BTreeMap<String, Location>,
    /// Those of them that the document has.
    used_formats: BTreeSet<String>,
    constraints: usize,
    types: IndexMap<String, ReferenceOr<Schema>>,
    /// The references to component schemas that become objects or enums. They are lowered one after
    /// the other, so that chains of references need no stack.
    named_types: BTreeMap<String, ReferenceOr<Schema>>,
    /// The JSON types of these, by type name.
    json_types: BTreeMap<String, JsonType>,
    /// The JSON pointers and type names of inline schemas.
    inline: Vec<(String, String)>,
    /// The properties that can be absent or null, by type name.
    nullable: NullableProperties,
    substitutes: SubstituteNames,
    /// The types of the runtime, by the names of the types that they replace.
    formats: BTreeMap<String, &'static str>,
    /// The JSON pointers of strings that are files in multipart bodies.
    files: BTreeSet<String>,
    /// The unions, by type name.
    unions: BTreeMap<String, Union>,
    /// The descriptions of types, by type name.
    texts: BTreeMap<String, TypeTexts>,
    /// The JSON pointers of untyped schemas and the reasons.
    untyped: IndexSet<(String, String)>,
}

enum Named {
    /// Being lowered.
    InProgress,
    Lowered(Box<ReferenceOr<Schema>>),
}

impl<'d> Schemas<'d> {
    /// Creates a value without lowered schemas. `canonical` is the document of which `normal_form`
    /// is the normal form.
    pub(crate) fn new(
        canonical: &'d Value,
        normal_form: &'d NormalForm,
        settings: &'d CodeSettings,
    ) -> Schemas<'d> {
        let components = normal_form.document().pointer("/components/schemas");
        Schemas {
            canonical,
            normal_form,
            components: components.and_then(Value::as_object),
            named: BTreeMap::new(),
            plans: BTreeMap::new(),
            children: Children::read(
                canonical
                    .pointer("/components/schemas")
                    .and_then(Value::as_object),
            ),
            names: TypeNames::new(&settings.type_names),
            plain_formats: &settings.options.plain_formats,
            used_formats: BTreeSet::new(),
            reserved: BTreeMap::new(),
            constraints: 0,
            types: IndexMap::new(),
            named_types: BTreeMap::new(),
            json_types: BTreeMap::new(),
            inline: Vec::new(),
            nullable: NullableProperties::new(),
            substitutes: SubstituteNames::new(),
            formats: BTreeMap::new(),
            files: BTreeSet::new(),
            unions: BTreeMap::new(),
            texts: BTreeMap::new(),
            untyped: IndexSet::new(),
        }
    }

    /// Lowers the component schemas.
    pub(crate) fn lower_components(&mut self) {
        for (name, schema) in self.components.into_iter().flatten() {
            let (shape, nullable) = shape(schema);
            let plan = match &shape {
                Shape::Union(union) => Some(self.plan(&SchemaLocation::component(name), union)),
                _ => self.family(name, schema),
            };
            let nullable = nullable || plan.as_ref().is_some_and(|plan| plan.nullable);
            let json_type = match &plan {
                Some(plan) => plan.json_type(),
                None => shape.type_json(),
            };
            if let Some(plan) = plan {
                self.plans.insert(name.clone(), plan);
            }
            if let Some(json_type) = json_type {
                let type_name = self.names.unique(name);
                let reference = nullable_if(nullable, named(&type_name));
                self.named_types.insert(name.clone(), reference);
                self.json_types.insert(type_name.clone(), json_type);
                self.reserved.insert(name.clone(), type_name);
            }
        }
        for name in self.components.into_iter().flat_map(Map::keys) {
            self.component(name, 0);
        }
    }

    /// Returns the type name of a component, or a new type name for an inline schema.
    fn name_of(&mut self, location: &SchemaLocation, own: Option<String>) -> String {
        let name = own.unwrap_or_else(|| {
            let name = self.names.unique(&location.hint);
            self.inline
                .push((self.public_pointer(location), name.clone()));
            name
        });
        let schema = self.normal_form.document().pointer(&location.pointer);
        let description = schema.and_then(description_of).map(str::to_owned);
        let texts = self.texts.entry(name.clone()).or_default();
        texts.description = description;
        texts.is_deprecated = schema.is_some_and(|schema| is_true(schema, "deprecated"));
        name
    }

    /// Returns the pointer of a schema in the canonical document. A schema that the normal form
    /// merged from several ones keeps its pointer in the normal form.
    fn public_pointer(&self, location: &SchemaLocation) -> String {
        let origin = self.normal_form.origin(&location.pointer);
        let is_same = self.canonical.pointer(&origin)
            == self.normal_form.document().pointer(&location.pointer);
        match is_same {
            true => origin.into_owned(),
            false => location.pointer.clone(),
        }
    }

    fn substitute(&mut self, type_name: &str, substitutes: Substitutes<'_>) {
        let originals = substitutes
            .into_iter()
            .map(|(name, substitute)| (substitute, name.to_owned()));
        let originals: BTreeMap<String, String> = originals.collect();
        if !originals.is_empty() {
            self.substitutes.insert(type_name.to_owned(), originals);
        }
    }

    /// Lowers the schema at a location, which may be behind references. Returns any JSON if the
    /// location has no schema.
    pub(crate) fn lower_at(&mut self, location: SchemaLocation) -> ReferenceOr<Schema> {
        match self.normal_form.resolve(&location.pointer) {
            Some((pointer, schema)) => {
                let location = SchemaLocation {
                    pointer,
                    ..location
                };
                self.lower(&location, schema)
            }
            None => any(),
        }
    }

    /// Adds a type that is not a schema of the document. Returns its name.
    pub(crate) fn add_type(&mut self, name: &str, schema: ReferenceOr<Schema>) -> String {
        let name = self.names.unique(name);
        self.types.insert(name.clone(), schema);
        name
    }

    /// Lowers a schema in normal form.
    fn lower(&mut self, location: &SchemaLocation, schema: &'d Value) -> ReferenceOr<Schema> {
        if location.depth > DEPTH {
            return self.untyped_schema(location, "the schema is nested too deeply");
        }
        if let Some(reference) = reference_of(schema) {
            return self.referenced(location, reference);
        }
        self.constraints += usize::from(has_constraints(schema));
        let (shape, nullable) = shape(schema);
        let lowered = self.shaped(location, shape, None);
        nullable_if(nullable, lowered)
    }

    /// Returns the lowered form of a reference.
    fn referenced(&mut self, location: &SchemaLocation, reference: &str) -> ReferenceOr<Schema> {
        let name = &self.target(reference);
        if let Some(reference) = self.named_types.get(name) {
            return reference.clone();
        }
        match self.named.get(name) {
            Some(Named::Lowered(lowered)) => lowered.as_ref().clone(),
            Some(Named::InProgress) => self.untyped_schema(location, "the schema contains itself"),
            None => self.component(name, location.depth + 1),
        }
    }

    /// Returns the name of the schema that a reference leads to, through other references.
    fn target(&self, reference: &str) -> String {
        let mut name = schema_name(reference).unwrap_or_default();
        for _ in 0..ALIASES {
            let schema = self.components.and_then(|components| components.get(&name));
            match schema.and_then(reference_of).and_then(schema_name) {
                Some(next) => name = next,
                None => break,
            }
        }
        name
    }

    /// Lowers a component schema once, `depth` schemas below the first one.
    fn component(&mut self, name: &str, depth: usize) -> ReferenceOr<Schema> {
        if let Some(Named::Lowered(lowered)) = self.named.get(name) {
            return lowered.as_ref().clone();
        }
        let location = SchemaLocation {
            depth,
            ..SchemaLocation::component(name)
        };
        if depth > DEPTH {
            return self.untyped_schema(&location, "the schema is nested too deeply");
        }
        let Some(schema) = self.components.and_then(|components| components.get(name)) else {
            return self.untyped_schema(&location, "the schema is missing");
        };
        let lowered = if let Some(reference) = reference_of(schema) {
            self.named.insert(name.to_owned(), Named::InProgress);
            self.referenced(&location, reference)
        } else {
            self.constraints += usize::from(has_constraints(schema));
            let (shape, nullable) = shape(schema);
            let type_name = self.reserved.get(name).cloned();
            self.named.insert(name.to_owned(), Named::InProgress);
            let lowered = match self.plans.remove(name) {
                Some(plan) => self.planned(&location, plan, type_name),
                None => self.shaped(&location, shape, type_name),
            };
            nullable_if(nullable, lowered)
        };
        let entry = Named::Lowered(Box::new(lowered.clone()));
        self.named.insert(name.to_owned(), entry);
        lowered
    }

    fn shaped(
        &mut self,
        location: &SchemaLocation,
        shape: Shape<'d>,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        match shape {
            Shape::Any => any(),
            Shape::Untyped(reason) => self.untyped_schema(location, reason),
            Shape::Alias(index, schema) => {
                let aliased = SchemaLocation {
                    pointer: format!("{}/allOf/{index}", location.pointer),
                    hint: location.hint.clone(),
                    depth: location.depth + 1,
                };
                self.lower(&aliased, schema)
            }
            Shape::String { .. } if self.files.contains(&location.pointer) => self.file(),
            Shape::String { format } => self.string(format),
            Shape::Enum(values) => {
                let name = self.name_of(location, type_name);
                let substitutes = variant_substitutes(&values);
                let enumeration = values.into_iter().map(|value| {
                    let substitute = substitutes.get(value).cloned();
                    Some(substitute.unwrap_or_else(|| value.to_owned()))
                });
                let kind = Type::String(StringType {
                    enumeration: enumeration.collect(),
                    ..StringType::default()
                });
                self.types.insert(name.clone(), typed(kind));
                self.substitute(&name, substitutes);
                named(&name)
            }
            Shape::Integer { format } => self.integer(format),
            Shape::Number => typed(Type::Number(NumberType::default())),
            Shape::Boolean => typed(Type::Boolean(BooleanType::default())),
            Shape::Array(items) => {
                let items = items.map(|items| self.lower(&location.inside("items", "item"), items));
                list(items.unwrap_or_else(any))
            }
            Shape::Object(object) if object.is_map() => {
                let values = object.additional.map(|values| {
                    self.lower(&location.inside("additionalProperties", "value"), values)
                });
                map(values)
            }
            Shape::Object(object) => self.object(location, object, type_name, None),
            Shape::Union(union) => {
                let plan = self.plan(location, &union);
                self.planned(location, plan, type_name)
            }
        }
    }

    /// Returns the JSON type of a lowered schema; `None` if it is a union that is still being
    /// lowered.
    pub(crate) fn json_type(&self, schema: &ReferenceOr<Schema>) -> Option<JsonType> {
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => {
                let name = type_name(reference)?;
                if let Some(json_type) = self.json_types.get(name) {
                    return Some(*json_type);
                }
                self.types.get(name)?.as_item()?
            }
        };
        Some(match &schema.schema_kind {
            SchemaKind::Type(Type::String(_)) => JsonType::String,
            SchemaKind::Type(Type::Integer(_) | Type::Number(_)) => JsonType::Number,
            SchemaKind::Type(Type::Boolean(_)) => JsonType::Boolean,
            SchemaKind::Type(Type::Array(_)) => JsonType::Array,
            SchemaKind::Type(Type::Object(_)) => JsonType::Object,
            SchemaKind::AllOf { all_of } => return self.json_type(all_of.first()?),
            _ => JsonType::Several,
        })
    }

    fn untyped_schema(&mut self, location: &SchemaLocation, reason: &str) -> ReferenceOr<Schema> {
        self.warn(location, &format!("{reason}: using untyped JSON"));
        any()
    }

    fn warn(&mut self, location: &SchemaLocation, message: &str) {
        let origin = self.normal_form.origin(&location.pointer).into_owned();
        self.untyped.insert((origin, message.to_owned()));
    }
}

/// Returns the description of a schema.
fn description_of(schema: &Value) -> Option<&str> {
    let text = schema.get("description")?.as_str()?;
    (!text.trim().is_empty()).then_some(text)
}
