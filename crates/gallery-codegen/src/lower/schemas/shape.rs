//! What a schema comes down to: one of the few shapes that typify is right about, or an open one with the reason.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema};
use serde_json::Value;

/// The schemas of a document, by name.
pub(super) type Components = IndexMap<String, ReferenceOr<Schema>>;

/// What a schema comes down to.
pub(super) enum Shape {
    /// Any JSON, because the schema says so.
    Any,
    /// Any JSON, because nothing narrower would be right.
    Open(&'static str),
    /// Another schema.
    Alias(ReferenceOr<Schema>),
    Text,
    /// One of these texts.
    Enum(Vec<String>),
    Integer {
        format: Option<String>,
    },
    Number,
    Boolean,
    List(Option<ReferenceOr<Schema>>),
    Object(Object),
    /// One of these, told apart by what kind of JSON they are.
    Union(&'static str, Vec<ReferenceOr<Schema>>),
}

/// An object with its properties.
#[derive(Default)]
pub(super) struct Object {
    pub(super) properties: IndexMap<String, ReferenceOr<Schema>>,
    pub(super) required: BTreeSet<String>,
    pub(super) additional: Option<ReferenceOr<Schema>>,
    /// Properties that were declared twice, and not as the same.
    pub(super) conflicts: Vec<String>,
}

/// All keywords of a schema, whatever its kind is.
pub(super) fn keywords(schema: &Schema) -> AnySchema {
    // The kinds are the same keywords in other words; only an integer's limits are written otherwise.
    serde_json::to_value(&schema.schema_kind)
        .and_then(serde_json::from_value)
        .unwrap_or_default()
}

/// What a schema comes down to, and whether it may be null.
pub(super) fn shape(components: &Components, schema: &Schema) -> (Shape, bool) {
    let keywords = keywords(schema);
    let null_in_enum = keywords.typ.is_none() && keywords.enumeration.contains(&Value::Null);
    (
        of_keywords(components, &keywords),
        schema.schema_data.nullable || null_in_enum,
    )
}

fn of_keywords(components: &Components, keywords: &AnySchema) -> Shape {
    if let Some(shape) = of_values(keywords) {
        return shape;
    }
    let alternatives =
        |schemas: &[ReferenceOr<Schema>]| schemas.iter().any(|schema| !only_requires(schema));
    let (one_of, any_of) = (
        alternatives(&keywords.one_of),
        alternatives(&keywords.any_of),
    );
    if !keywords.all_of.is_empty() {
        return if one_of || any_of {
            Shape::Open("it has `allOf` and alternatives at once")
        } else {
            merged(components, keywords)
        };
    }
    match (one_of, any_of) {
        (false, false) => of_type(keywords),
        (true, true) => Shape::Open("it has `oneOf` and `anyOf` at once"),
        _ if is_object(keywords) => Shape::Open("it has properties and alternatives at once"),
        (true, false) => Shape::Union("oneOf", keywords.one_of.clone()),
        (false, true) => Shape::Union("anyOf", keywords.any_of.clone()),
    }
}

/// `enum`. Values that are no texts are left to the server to check.
fn of_values(keywords: &AnySchema) -> Option<Shape> {
    let values: Vec<&Value> = keywords
        .enumeration
        .iter()
        .filter(|value| !value.is_null())
        .collect();
    if values.is_empty() {
        return None;
    }
    let all = |is: fn(&Value) -> bool| values.iter().all(|value| is(value));
    match keywords.typ.as_deref() {
        None | Some("string") if all(Value::is_string) => {
            // Their order and repeats say nothing, so that code is the same whatever they are.
            let texts: BTreeSet<&str> = values.iter().filter_map(|value| value.as_str()).collect();
            Some(Shape::Enum(
                texts.into_iter().map(ToOwned::to_owned).collect(),
            ))
        }
        None if all(Value::is_i64) => Some(Shape::Integer { format: None }),
        None if all(Value::is_number) => Some(Shape::Number),
        None if all(Value::is_boolean) => Some(Shape::Boolean),
        None => Some(Shape::Open("its values are of several kinds")),
        Some(_) => None,
    }
}

fn of_type(keywords: &AnySchema) -> Shape {
    let items = || keywords.items.clone().map(ReferenceOr::unbox);
    match keywords.typ.as_deref() {
        Some("string") => Shape::Text,
        Some("integer") => Shape::Integer {
            format: keywords.format.clone(),
        },
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Boolean,
        Some("array") => Shape::List(items()),
        Some("object") => Shape::Object(own(keywords)),
        Some(_) => Shape::Open("OpenAPI 3.0 does not have its type"),
        None if is_object(keywords) => Shape::Object(own(keywords)),
        None if keywords.items.is_some() => Shape::List(items()),
        None => Shape::Any,
    }
}

fn is_object(keywords: &AnySchema) -> bool {
    let says = !keywords.properties.is_empty()
        || !keywords.required.is_empty()
        || keywords.additional_properties.is_some();
    keywords.typ.as_deref() == Some("object") || (keywords.typ.is_none() && says)
}

/// Whether an alternative only says which properties must be there, or nothing at all: the server checks that.
fn only_requires(schema: &ReferenceOr<Schema>) -> bool {
    let ReferenceOr::Item(schema) = schema else {
        return false;
    };
    let keywords = keywords(schema);
    let rest = AnySchema {
        required: Vec::new(),
        not: None,
        ..keywords.clone()
    };
    rest == AnySchema::default() && !(keywords.required.is_empty() && keywords.not.is_none())
}

fn own(keywords: &AnySchema) -> Object {
    let properties = keywords
        .properties
        .iter()
        .map(|(name, schema)| (name.clone(), schema.clone().unbox()));
    let additional = match &keywords.additional_properties {
        Some(AdditionalProperties::Schema(schema)) => Some(schema.as_ref().clone()),
        // Whether other properties may come is the server's business; what comes and is unknown is no error to a client.
        Some(AdditionalProperties::Any(_)) | None => None,
    };
    Object {
        properties: properties.collect(),
        required: keywords.required.iter().cloned().collect(),
        additional,
        conflicts: Vec::new(),
    }
}

/// `allOf`: one other schema, or several objects put together.
fn merged(components: &Components, keywords: &AnySchema) -> Shape {
    let says = |schema: &&ReferenceOr<Schema>| match schema {
        ReferenceOr::Item(schema) => {
            let keywords = self::keywords(schema);
            keywords
                != AnySchema {
                    not: keywords.not.clone(),
                    ..AnySchema::default()
                }
        }
        ReferenceOr::Reference { .. } => true,
    };
    let elements: Vec<_> = keywords.all_of.iter().filter(says).collect();
    if let ([one], false) = (elements.as_slice(), is_object(keywords)) {
        return Shape::Alias((*one).clone());
    }
    if let Some(shape) = same_kind(components, &elements).filter(|_| !is_object(keywords)) {
        return shape;
    }
    let mut merge = Merge {
        components,
        open: Vec::new(),
        object: Object::default(),
        refused: None,
    };
    for element in elements {
        merge.add(element);
    }
    merge.put(own(keywords));
    match merge.refused {
        Some(reason) => Shape::Open(reason),
        None if keywords.all_of.is_empty() => Shape::Any,
        None => Shape::Object(merge.object),
    }
}

/// What several schemas that are all texts, all numbers or all booleans come down to.
fn same_kind(components: &Components, elements: &[&ReferenceOr<Schema>]) -> Option<Shape> {
    let mut kinds = elements.iter().map(|element| {
        let schema = match element {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => {
                super::target(components, reference)?.as_item()?
            }
        };
        let keywords = keywords(schema);
        let is_plain =
            keywords.all_of.is_empty() && keywords.one_of.is_empty() && keywords.any_of.is_empty();
        is_plain.then(|| of_keywords(components, &keywords))
    });
    let first = kinds.next()??;
    let texts = |shape: &Shape| matches!(shape, Shape::Text | Shape::Enum(_));
    let numbers = |shape: &Shape| matches!(shape, Shape::Number | Shape::Integer { .. });
    let mut rest = kinds;
    match &first {
        shape if texts(shape) => rest
            .all(|shape| shape.is_some_and(|shape| texts(&shape)))
            .then_some(Shape::Text),
        shape if numbers(shape) => rest
            .all(|shape| shape.is_some_and(|shape| numbers(&shape)))
            .then_some(Shape::Number),
        Shape::Boolean => rest
            .all(|shape| shape.is_some_and(|shape| matches!(shape, Shape::Boolean)))
            .then_some(Shape::Boolean),
        _ => None,
    }
}

struct Merge<'a> {
    components: &'a Components,
    /// The references that are being followed.
    open: Vec<String>,
    object: Object,
    refused: Option<&'static str>,
}

impl Merge<'_> {
    fn add(&mut self, schema: &ReferenceOr<Schema>) {
        match schema {
            ReferenceOr::Item(schema) => self.add_keywords(&keywords(schema)),
            ReferenceOr::Reference { reference } => {
                if self.open.contains(reference) {
                    self.refused = Some("its `allOf` contains itself");
                    return;
                }
                self.open.push(reference.clone());
                match super::target(self.components, reference) {
                    Some(target) => self.add(target),
                    None => self.refused = Some("it refers to something that is not there"),
                }
                self.open.pop();
            }
        }
    }

    fn add_keywords(&mut self, keywords: &AnySchema) {
        let alternatives = keywords
            .one_of
            .iter()
            .chain(&keywords.any_of)
            .any(|schema| !only_requires(schema));
        let silent = AnySchema {
            not: keywords.not.clone(),
            all_of: keywords.all_of.clone(),
            ..AnySchema::default()
        };
        if alternatives || !(is_object(keywords) || *keywords == silent) {
            self.refused = Some("its `allOf` has parts that are no plain objects");
            return;
        }
        for element in &keywords.all_of {
            self.add(element);
        }
        self.put(own(keywords));
    }

    fn put(&mut self, object: Object) {
        for (name, schema) in object.properties {
            match self.object.properties.get(&name) {
                Some(other) if *other != schema => self.object.conflicts.push(name),
                _ => {
                    self.object.properties.insert(name, schema);
                }
            }
        }
        self.object.required.extend(object.required);
        match (&self.object.additional, object.additional) {
            (Some(one), Some(other)) if *one != other => {
                self.refused = Some("its `allOf` says two things of other properties");
            }
            (_, Some(additional)) => self.object.additional = Some(additional),
            (_, None) => {}
        }
    }
}
