//! Reduces schemas to the shapes that typify supports.

use std::collections::BTreeSet;

use indexmap::IndexMap;
use openapiv3::{AdditionalProperties, AnySchema, ReferenceOr, Schema};
use serde_json::Value;

use crate::reference::schema_in;

/// The component schemas by name.
pub(super) type Components = IndexMap<String, ReferenceOr<Schema>>;

/// The shape of a schema.
pub(super) enum Shape {
    /// Any JSON, as declared.
    Any,
    /// Any JSON, because no narrower type is correct.
    Untyped(&'static str),
    /// Another schema.
    Alias(ReferenceOr<Schema>),
    String,
    /// One of these strings.
    Enum(Vec<String>),
    Integer {
        format: Option<String>,
    },
    Number,
    Boolean,
    Array(Option<ReferenceOr<Schema>>),
    Object(Object),
    /// One of these schemas: the keyword and the alternatives.
    Union(&'static str, Vec<ReferenceOr<Schema>>),
}

/// An object with its properties.
#[derive(Default)]
pub(super) struct Object {
    pub(super) properties: IndexMap<String, ReferenceOr<Schema>>,
    pub(super) required: BTreeSet<String>,
    pub(super) additional: Option<ReferenceOr<Schema>>,
    /// Properties with conflicting declarations.
    pub(super) conflicts: Vec<String>,
}

/// Returns all keywords of a schema.
pub(super) fn keywords(schema: &Schema) -> AnySchema {
    // All variants of `SchemaKind` serialize to the same keywords.
    serde_json::to_value(&schema.schema_kind)
        .and_then(serde_json::from_value)
        .unwrap_or_default()
}

/// Returns the shape of a schema and whether it is nullable.
pub(super) fn shape(components: &Components, schema: &Schema) -> (Shape, bool) {
    let keywords = keywords(schema);
    let null_in_enum = keywords.typ.is_none() && keywords.enumeration.contains(&Value::Null);
    (
        shape_of_keywords(components, &keywords),
        schema.schema_data.nullable || null_in_enum,
    )
}

fn shape_of_keywords(components: &Components, keywords: &AnySchema) -> Shape {
    if let Some(shape) = shape_of_enum(keywords) {
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
            Shape::Untyped("the schema has both `allOf` and alternatives")
        } else {
            shape_of_all_of(components, keywords)
        };
    }
    match (one_of, any_of) {
        (false, false) => shape_of_type(keywords),
        (true, true) => Shape::Untyped("the schema has both `oneOf` and `anyOf`"),
        _ if is_object(keywords) => {
            Shape::Untyped("the schema has both properties and alternatives")
        }
        (true, false) => Shape::Union("oneOf", keywords.one_of.clone()),
        (false, true) => Shape::Union("anyOf", keywords.any_of.clone()),
    }
}

/// Returns the shape of an `enum`. Values other than strings are not checked.
fn shape_of_enum(keywords: &AnySchema) -> Option<Shape> {
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
            // Sorted and unique: order has no meaning in OpenAPI.
            let texts: BTreeSet<&str> = values.iter().filter_map(|value| value.as_str()).collect();
            Some(Shape::Enum(
                texts.into_iter().map(ToOwned::to_owned).collect(),
            ))
        }
        None if all(Value::is_i64) => Some(Shape::Integer { format: None }),
        None if all(Value::is_number) => Some(Shape::Number),
        None if all(Value::is_boolean) => Some(Shape::Boolean),
        None => Some(Shape::Untyped("the values have several types")),
        Some(_) => None,
    }
}

fn shape_of_type(keywords: &AnySchema) -> Shape {
    let items = || keywords.items.clone().map(ReferenceOr::unbox);
    match keywords.typ.as_deref() {
        Some("string") => Shape::String,
        Some("integer") => Shape::Integer {
            format: keywords.format.clone(),
        },
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Boolean,
        Some("array") => Shape::Array(items()),
        Some("object") => Shape::Object(object(keywords)),
        Some(_) => Shape::Untyped("OpenAPI 3.0 does not define the type"),
        None if is_object(keywords) => Shape::Object(object(keywords)),
        None if keywords.items.is_some() => Shape::Array(items()),
        None => Shape::Any,
    }
}

fn is_object(keywords: &AnySchema) -> bool {
    let has_keywords = !keywords.properties.is_empty()
        || !keywords.required.is_empty()
        || keywords.additional_properties.is_some();
    keywords.typ.as_deref() == Some("object") || (keywords.typ.is_none() && has_keywords)
}

/// Returns true if an alternative has no keywords but `required` or `not`, which clients ignore.
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

fn object(keywords: &AnySchema) -> Object {
    let properties = keywords
        .properties
        .iter()
        .map(|(name, schema)| (name.clone(), schema.clone().unbox()));
    let additional = match &keywords.additional_properties {
        Some(AdditionalProperties::Schema(schema)) => Some(schema.as_ref().clone()),
        // Clients accept unknown properties.
        Some(AdditionalProperties::Any(_)) | None => None,
    };
    Object {
        properties: properties.collect(),
        required: keywords.required.iter().cloned().collect(),
        additional,
        conflicts: Vec::new(),
    }
}

/// Returns the shape of an `allOf`: another schema, or the merged properties of several objects.
fn shape_of_all_of(components: &Components, keywords: &AnySchema) -> Shape {
    let has_keywords = |schema: &&ReferenceOr<Schema>| match schema {
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
    let elements: Vec<_> = keywords.all_of.iter().filter(has_keywords).collect();
    if let ([one], false) = (elements.as_slice(), is_object(keywords)) {
        return Shape::Alias((*one).clone());
    }
    if let Some(shape) = common_shape(components, &elements).filter(|_| !is_object(keywords)) {
        return shape;
    }
    let mut merge = Merge {
        components,
        references: Vec::new(),
        object: Object::default(),
        untyped: None,
    };
    for element in elements {
        merge.add(element);
    }
    merge.put(object(keywords));
    match merge.untyped {
        Some(reason) => Shape::Untyped(reason),
        None if keywords.all_of.is_empty() => Shape::Any,
        None => Shape::Object(merge.object),
    }
}

/// Returns the common shape of schemas that are all strings, all numbers or all booleans.
fn common_shape(components: &Components, elements: &[&ReferenceOr<Schema>]) -> Option<Shape> {
    let mut kinds = elements.iter().map(|element| {
        let schema = match element {
            ReferenceOr::Item(schema) => schema,
            ReferenceOr::Reference { reference } => schema_in(components, reference)?.as_item()?,
        };
        let keywords = keywords(schema);
        let is_plain =
            keywords.all_of.is_empty() && keywords.one_of.is_empty() && keywords.any_of.is_empty();
        is_plain.then(|| shape_of_keywords(components, &keywords))
    });
    let first = kinds.next()??;
    let texts = |shape: &Shape| matches!(shape, Shape::String | Shape::Enum(_));
    let numbers = |shape: &Shape| matches!(shape, Shape::Number | Shape::Integer { .. });
    let mut rest = kinds;
    match &first {
        shape if texts(shape) => rest
            .all(|shape| shape.is_some_and(|shape| texts(&shape)))
            .then_some(Shape::String),
        shape if numbers(shape) => rest
            .all(|shape| shape.is_some_and(|shape| numbers(&shape)))
            .then_some(Shape::Number),
        Shape::Boolean => rest
            .all(|shape| shape.is_some_and(|shape| matches!(shape, Shape::Boolean)))
            .then_some(Shape::Boolean),
        _ => None,
    }
}

/// The state of merging the objects of an `allOf`.
struct Merge<'a> {
    components: &'a Components,
    /// The references being followed.
    references: Vec<String>,
    object: Object,
    /// The reason to use untyped JSON.
    untyped: Option<&'static str>,
}

impl Merge<'_> {
    fn add(&mut self, schema: &ReferenceOr<Schema>) {
        match schema {
            ReferenceOr::Item(schema) => self.add_keywords(&keywords(schema)),
            ReferenceOr::Reference { reference } => {
                if self.references.contains(reference) {
                    self.untyped = Some("the `allOf` contains itself");
                    return;
                }
                self.references.push(reference.clone());
                match schema_in(self.components, reference) {
                    Some(target) => self.add(target),
                    None => self.untyped = Some("the `allOf` refers to a missing schema"),
                }
                self.references.pop();
            }
        }
    }

    fn add_keywords(&mut self, keywords: &AnySchema) {
        let alternatives = keywords
            .one_of
            .iter()
            .chain(&keywords.any_of)
            .any(|schema| !only_requires(schema));
        let without_object = AnySchema {
            not: keywords.not.clone(),
            all_of: keywords.all_of.clone(),
            ..AnySchema::default()
        };
        if alternatives || !(is_object(keywords) || *keywords == without_object) {
            self.untyped = Some("the `allOf` has elements that are not objects");
            return;
        }
        for element in &keywords.all_of {
            self.add(element);
        }
        self.put(object(keywords));
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
                self.untyped = Some("the `allOf` has conflicting `additionalProperties`");
            }
            (_, Some(additional)) => self.object.additional = Some(additional),
            (_, None) => {}
        }
    }
}
