//! Makes of each schema one that typify is right about. Every object, enum and union gets a name of its own under `components`;
//! everything else is written out where it stands. Limits on values are left to the server; what no Rust type is right for is left
//! open, and said.

use std::collections::{BTreeMap, BTreeSet};

use gallery_spec::canonical::Canonical;
use indexmap::IndexMap;
use openapi_text::pointer::escape;
use openapiv3::{
    AdditionalProperties, AnySchema, ArrayType, BooleanType, IntegerFormat, IntegerType,
    NumberType, ObjectType, ReferenceOr, Schema, SchemaData, SchemaKind, StringType, Type,
    VariantOrUnknownOrEmpty,
};

mod names;
mod shape;

use names::{TypeNames, fields_differ, variants_differ};
use shape::{Components, Object, Shape, keywords, shape};

/// How deep schemas may lie in one another before the rest is left open. Deeper ones overflow the compiler.
const DEPTH: usize = 24;

/// The schemas of a document on their way down.
#[derive(Default)]
pub(crate) struct Schemas {
    components: Components,
    named: BTreeMap<String, Named>,
    names: TypeNames,
    /// The names of the types that the document's own schemas become, so that no other type takes one of them.
    reserved: BTreeMap<String, String>,
    limits: usize,
    types: IndexMap<String, ReferenceOr<Schema>>,
    /// The types of schemas that the document has no name for: JSON pointers and names.
    inline: Vec<(String, String)>,
    open: Vec<(String, String)>,
}

/// A schema of the document and the client's type for it.
#[derive(Clone, Debug)]
pub struct OwnType {
    /// Its name among the document's schemas, or the JSON pointer of one that has none.
    pub schema: String,
    /// The type; none where the schema is any JSON to the client.
    pub name: Option<String>,
}

enum Named {
    /// On its way; with a name when it will be a type.
    Busy(Option<String>),
    Done(Box<ReferenceOr<Schema>>),
}

/// What kind of JSON the values of a lowered schema are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Text,
    Number,
    Boolean,
    List,
    Object,
    /// Several of them, or not known.
    Several,
}

/// Where a schema stands, and what a type for it is called when nothing else names it.
#[derive(Clone)]
pub(crate) struct Spot {
    pointer: String,
    hint: String,
    depth: usize,
}

impl Spot {
    pub(crate) fn new(pointer: impl Into<String>, hint: impl Into<String>) -> Spot {
        Spot {
            pointer: pointer.into(),
            hint: hint.into(),
            depth: 0,
        }
    }

    fn inside(&self, keyword: &str, hint: &str) -> Spot {
        Spot {
            pointer: format!("{}/{keyword}", self.pointer),
            hint: format!("{} {hint}", self.hint),
            depth: self.depth + 1,
        }
    }
}

/// The name of what a reference refers to, if it is a schema of the document.
fn referred(reference: &str) -> Option<String> {
    let token = reference
        .strip_prefix("#/components/schemas/")
        .filter(|token| !token.contains('/'))?;
    let decoded = percent_encoding::percent_decode_str(token).decode_utf8_lossy();
    Some(decoded.replace("~1", "/").replace("~0", "~"))
}

/// What a reference refers to, if it is a schema of the document.
pub(crate) fn target<'a>(
    components: &'a IndexMap<String, ReferenceOr<Schema>>,
    reference: &str,
) -> Option<&'a ReferenceOr<Schema>> {
    components.get(&referred(reference)?)
}

impl Schemas {
    /// Lowers the schemas that the document has names for.
    pub(crate) fn of(canonical: &Canonical) -> Schemas {
        let components = canonical.document().components.as_ref();
        let components = components
            .map(|components| components.schemas.clone())
            .unwrap_or_default();
        let mut schemas = Schemas {
            components,
            ..Schemas::default()
        };
        for (name, schema) in &schemas.components {
            let shape = schema
                .as_item()
                .map(|schema| shape(&schemas.components, schema).0);
            if shape.is_some_and(|shape| is_type(&shape) || matches!(shape, Shape::Union(..))) {
                let free = schemas.names.free(name);
                schemas.reserved.insert(name.clone(), free);
            }
        }
        let names: Vec<String> = schemas.components.keys().cloned().collect();
        for name in &names {
            schemas.component(name);
        }
        schemas
    }

    /// The schemas that became a type, and those with a name that were left open. First come those with a name, then the others by
    /// where they stand.
    pub(crate) fn own_types(&self) -> Vec<OwnType> {
        let own_type = |(name, named): (&String, &Named)| {
            let own = self
                .reserved
                .get(name)
                .filter(|own| self.types.contains_key(own.as_str()))
                .cloned();
            let is_open = matches!(named, Named::Done(lowered) if **lowered == any());
            (own.is_some() || is_open).then(|| OwnType {
                schema: name.clone(),
                name: own,
            })
        };
        let inline = self.inline.iter().map(|(pointer, name)| OwnType {
            schema: pointer.clone(),
            name: Some(name.clone()),
        });
        self.named
            .iter()
            .filter_map(own_type)
            .chain(inline)
            .collect()
    }

    /// The name of a type: that of the document's schema, or one made for the place.
    fn name_of(&mut self, spot: &Spot, own: Option<String>) -> String {
        own.unwrap_or_else(|| {
            let name = self.names.free(&spot.hint);
            self.inline.push((spot.pointer.clone(), name.clone()));
            name
        })
    }

    /// How many schemas have limits on their values, which no client checks.
    pub(crate) fn limits(&self) -> usize {
        self.limits
    }

    /// The types, by name.
    pub(crate) fn types(&self) -> &IndexMap<String, ReferenceOr<Schema>> {
        &self.types
    }

    /// What was left open: JSON pointers and reasons.
    pub(crate) fn open(&self) -> &[(String, String)] {
        &self.open
    }

    /// Lowers a schema.
    pub(crate) fn lower(
        &mut self,
        spot: &Spot,
        schema: &ReferenceOr<Schema>,
    ) -> ReferenceOr<Schema> {
        match schema {
            _ if spot.depth > DEPTH => self.leave_open(spot, "it lies too deep in others"),
            ReferenceOr::Item(schema) => {
                self.limits += usize::from(has_limits(schema));
                let (shape, nullable) = shape(&self.components, schema);
                let lowered = self.shaped(spot, shape, None);
                if nullable { or_null(lowered) } else { lowered }
            }
            ReferenceOr::Reference { reference } => {
                let name = &referred(reference).unwrap_or_default();
                match self.named.get(name) {
                    Some(Named::Done(lowered)) => lowered.as_ref().clone(),
                    Some(Named::Busy(Some(name))) => named(name),
                    Some(Named::Busy(None)) => self.leave_open(spot, "it contains itself"),
                    None => self.component(name),
                }
            }
        }
    }

    /// Lowers a schema that the document has a name for, once.
    fn component(&mut self, name: &str) -> ReferenceOr<Schema> {
        if let Some(Named::Done(lowered)) = self.named.get(name) {
            return lowered.as_ref().clone();
        }
        let spot = Spot::new(format!("/components/schemas/{}", escape(name)), name);
        let Some(schema) = self.components.get(name).cloned() else {
            return self.leave_open(&spot, "it is not there");
        };
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            alias @ ReferenceOr::Reference { .. } => {
                self.named.insert(name.to_owned(), Named::Busy(None));
                let lowered = self.lower(&spot, &alias);
                self.named
                    .insert(name.to_owned(), Named::Done(Box::new(lowered.clone())));
                return lowered;
            }
        };
        self.limits += usize::from(has_limits(&schema));
        let (shape, nullable) = shape(&self.components, &schema);
        let type_name = self.reserved.get(name).cloned();
        self.named.insert(
            name.to_owned(),
            Named::Busy(type_name.clone().filter(|_| is_type(&shape))),
        );
        let lowered = self.shaped(&spot, shape, type_name);
        let lowered = if nullable { or_null(lowered) } else { lowered };
        self.named
            .insert(name.to_owned(), Named::Done(Box::new(lowered.clone())));
        lowered
    }

    fn shaped(
        &mut self,
        spot: &Spot,
        shape: Shape,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        match shape {
            Shape::Any => any(),
            Shape::Open(reason) => self.leave_open(spot, reason),
            Shape::Alias(schema) => self.lower(
                &Spot {
                    depth: spot.depth + 1,
                    ..spot.clone()
                },
                &schema,
            ),
            Shape::Text => typed(Type::String(StringType::default())),
            Shape::Enum(values) if !variants_differ(&values) => {
                self.say(
                    spot,
                    "its values would have no names of their own in Rust: it is any text",
                );
                typed(Type::String(StringType::default()))
            }
            Shape::Enum(values) => {
                let name = self.name_of(spot, type_name);
                let enumeration = values.into_iter().map(Some).collect();
                self.types.insert(
                    name.clone(),
                    typed(Type::String(StringType {
                        enumeration,
                        ..StringType::default()
                    })),
                );
                named(&name)
            }
            Shape::Integer { format } => typed(Type::Integer(IntegerType {
                format: width(format),
                ..IntegerType::default()
            })),
            Shape::Number => typed(Type::Number(NumberType::default())),
            Shape::Boolean => typed(Type::Boolean(BooleanType::default())),
            Shape::List(items) => {
                let items = items.map(|items| self.lower(&spot.inside("items", "item"), &items));
                list(items.unwrap_or_else(any))
            }
            Shape::Object(object) if is_map(&object) => {
                let values = object.additional.map(|values| {
                    self.lower(&spot.inside("additionalProperties", "value"), &values)
                });
                map(values)
            }
            Shape::Object(object) => self.object(spot, object, type_name),
            Shape::Union(keyword, alternatives) => {
                self.union(spot, keyword, &alternatives, type_name)
            }
        }
    }

    fn object(
        &mut self,
        spot: &Spot,
        object: Object,
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let mut required = object.required;
        let additional = object
            .additional
            .map(|values| self.lower(&spot.inside("additionalProperties", "value"), &values));
        let undeclared = required
            .iter()
            .filter(|name| !object.properties.contains_key(*name));
        let all: BTreeSet<&String> = object.properties.keys().chain(undeclared).collect();
        if !fields_differ(all.into_iter(), additional.is_some()) {
            self.say(
                spot,
                "its properties would have no names of their own in Rust: it is a map of any JSON",
            );
            let Some(name) = type_name else {
                return map(None);
            };
            self.types.insert(name.clone(), map(None));
            return named(&name);
        }
        let name = self.name_of(spot, type_name);
        let mut properties = IndexMap::new();
        for (property, schema) in object.properties {
            let inside = spot.inside(&format!("properties/{}", escape(&property)), &property);
            if one_way(&schema) {
                // Required of the server or of the client alone; the type is for both ways.
                required.remove(&property);
            }
            let mut lowered = if object.conflicts.contains(&property) {
                self.leave_open(&inside, "it is declared twice, and not as the same")
            } else {
                self.lower(&inside, &schema)
            };
            if !required.contains(&property)
                && self
                    .kind(&lowered)
                    .is_some_and(|kind| matches!(kind, Kind::List | Kind::Object))
            {
                // typify leaves an optional list that is empty out, as if it were absent; an `Option` tells them apart.
                lowered = or_null(lowered);
            }
            properties.insert(property, boxed(lowered));
        }
        let kind = Type::Object(ObjectType {
            properties,
            required: required.into_iter().collect(),
            additional_properties: additional
                .map(|values| AdditionalProperties::Schema(Box::new(values))),
            ..ObjectType::default()
        });
        self.types.insert(name.clone(), typed(kind));
        named(&name)
    }

    /// serde takes the first alternative that fits, so that they must be of different kinds; objects all fit one another.
    fn union(
        &mut self,
        spot: &Spot,
        keyword: &str,
        alternatives: &[ReferenceOr<Schema>],
        type_name: Option<String>,
    ) -> ReferenceOr<Schema> {
        let mut lowered: Vec<ReferenceOr<Schema>> = Vec::new();
        let mut nullable = false;
        for (at, alternative) in alternatives.iter().enumerate() {
            let schema = self.lower(
                &spot.inside(&format!("{keyword}/{at}"), &format!("option {at}")),
                alternative,
            );
            let (schema, null) = without_null(schema);
            nullable |= null;
            if !lowered.contains(&schema) {
                lowered.push(schema);
            }
        }
        let kinds: Option<Vec<Kind>> = lowered.iter().map(|schema| self.kind(schema)).collect();
        let distinct = kinds.as_ref().is_some_and(|kinds| {
            !kinds.contains(&Kind::Several)
                && kinds.iter().collect::<BTreeSet<_>>().len() == kinds.len()
        });
        let union = match (lowered.as_slice(), kinds) {
            ([], _) => return any(),
            ([one], _) => one.clone(),
            (_, Some(kinds)) if kinds.iter().all(|kind| *kind == Kind::Number) => {
                typed(Type::Number(NumberType::default()))
            }
            (_, Some(kinds)) if kinds.iter().all(|kind| *kind == Kind::Text) => {
                typed(Type::String(StringType::default()))
            }
            _ if distinct => {
                let name = self.name_of(spot, type_name);
                let kind = SchemaKind::OneOf { one_of: lowered };
                self.types.insert(
                    name.clone(),
                    ReferenceOr::Item(Schema {
                        schema_data: SchemaData::default(),
                        schema_kind: kind,
                    }),
                );
                named(&name)
            }
            _ => self.leave_open(
                spot,
                "its alternatives cannot be told apart by what kind of JSON they are",
            ),
        };
        if nullable { or_null(union) } else { union }
    }

    /// What kind of JSON a lowered schema is; `None` when it is a type that is still on its way.
    pub(crate) fn kind(&self, schema: &ReferenceOr<Schema>) -> Option<Kind> {
        let schema = match schema {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => self
                .types
                .get(reference.strip_prefix("#/components/schemas/")?)?
                .as_item()?,
        };
        Some(match &schema.schema_kind {
            SchemaKind::Type(Type::String(_)) => Kind::Text,
            SchemaKind::Type(Type::Integer(_) | Type::Number(_)) => Kind::Number,
            SchemaKind::Type(Type::Boolean(_)) => Kind::Boolean,
            SchemaKind::Type(Type::Array(_)) => Kind::List,
            SchemaKind::Type(Type::Object(_)) => Kind::Object,
            SchemaKind::AllOf { all_of } => return self.kind(all_of.first()?),
            _ => Kind::Several,
        })
    }

    fn leave_open(&mut self, spot: &Spot, reason: &str) -> ReferenceOr<Schema> {
        self.say(spot, &format!("{reason}: it is any JSON"));
        any()
    }

    fn say(&mut self, spot: &Spot, what: &str) {
        self.open.push((spot.pointer.clone(), what.to_owned()));
    }
}

/// Whether a schema becomes a type with a name, whatever it is made of.
fn is_type(shape: &Shape) -> bool {
    match shape {
        Shape::Object(object) => !is_map(object),
        Shape::Enum(values) => variants_differ(values),
        _ => false,
    }
}

/// An object that is a map: all of its properties have one schema, if any.
fn is_map(object: &Object) -> bool {
    object.properties.is_empty() && object.required.is_empty()
}

/// Whether a property only ever goes one way.
fn one_way(schema: &ReferenceOr<Schema>) -> bool {
    schema
        .as_item()
        .is_some_and(|schema| schema.schema_data.read_only || schema.schema_data.write_only)
}

/// i64 unless the document says something narrower, or one that i64 has no room for.
fn width(format: Option<String>) -> VariantOrUnknownOrEmpty<IntegerFormat> {
    match format.as_deref() {
        Some("int32") => VariantOrUnknownOrEmpty::Item(IntegerFormat::Int32),
        Some("uint64") => VariantOrUnknownOrEmpty::Unknown("uint64".to_owned()),
        _ => VariantOrUnknownOrEmpty::Empty,
    }
}

pub(crate) fn any() -> ReferenceOr<Schema> {
    let schema_kind = SchemaKind::Any(AnySchema::default());
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind,
    })
}

fn typed(kind: Type) -> ReferenceOr<Schema> {
    ReferenceOr::Item(Schema {
        schema_data: SchemaData::default(),
        schema_kind: SchemaKind::Type(kind),
    })
}

fn named(name: &str) -> ReferenceOr<Schema> {
    ReferenceOr::Reference {
        reference: format!("#/components/schemas/{name}"),
    }
}

fn list(items: ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    typed(Type::Array(ArrayType {
        items: Some(boxed(items)),
        min_items: None,
        max_items: None,
        unique_items: false,
    }))
}

/// A map of values with this schema, or of any JSON.
pub(crate) fn map(values: Option<ReferenceOr<Schema>>) -> ReferenceOr<Schema> {
    let additional_properties = values.map(|values| AdditionalProperties::Schema(Box::new(values)));
    typed(Type::Object(ObjectType {
        additional_properties,
        ..ObjectType::default()
    }))
}

fn boxed(schema: ReferenceOr<Schema>) -> ReferenceOr<Box<Schema>> {
    match schema {
        ReferenceOr::Item(schema) => ReferenceOr::Item(Box::new(schema)),
        ReferenceOr::Reference { reference } => ReferenceOr::Reference { reference },
    }
}

/// The same, or null. Any JSON has null in it already.
fn or_null(schema: ReferenceOr<Schema>) -> ReferenceOr<Schema> {
    let mut schema = match schema {
        ReferenceOr::Item(schema) => schema,
        reference => {
            let schema_kind = SchemaKind::AllOf {
                all_of: vec![reference],
            };
            Schema {
                schema_data: SchemaData::default(),
                schema_kind,
            }
        }
    };
    schema.schema_data.nullable = !matches!(schema.schema_kind, SchemaKind::Any(_));
    ReferenceOr::Item(schema)
}

/// The same without null, and whether null was allowed.
pub(crate) fn without_null(schema: ReferenceOr<Schema>) -> (ReferenceOr<Schema>, bool) {
    match schema {
        ReferenceOr::Item(mut schema) if schema.schema_data.nullable => {
            schema.schema_data.nullable = false;
            match schema.schema_kind {
                SchemaKind::AllOf { mut all_of } if all_of.len() == 1 => (all_of.remove(0), true),
                kind => (
                    ReferenceOr::Item(Schema {
                        schema_kind: kind,
                        ..schema
                    }),
                    true,
                ),
            }
        }
        other => (other, false),
    }
}

/// Whether a schema has limits on its values, which no client checks.
fn has_limits(schema: &Schema) -> bool {
    let of_texts = |keywords: &AnySchema| {
        keywords.pattern.is_some() || keywords.min_length.is_some() || keywords.max_length.is_some()
    };
    let of_numbers = |keywords: &AnySchema| {
        let values = !keywords.enumeration.is_empty() && keywords.typ.as_deref() != Some("string");
        values
            || keywords.multiple_of.is_some()
            || keywords.minimum.is_some()
            || keywords.maximum.is_some()
    };
    let of_lists = |keywords: &AnySchema| {
        keywords.min_items.is_some()
            || keywords.max_items.is_some()
            || keywords.unique_items.is_some()
    };
    let of_objects = |keywords: &AnySchema| {
        keywords.min_properties.is_some() || keywords.max_properties.is_some()
    };
    let keywords = keywords(schema);
    [of_texts, of_lists, of_objects]
        .iter()
        .any(|limits| limits(&keywords))
        || of_numbers(&keywords)
        || keywords.not.is_some()
}
