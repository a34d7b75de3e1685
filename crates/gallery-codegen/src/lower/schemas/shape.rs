//! Reduces schemas in normal form to the shapes that typify supports.

use std::collections::BTreeSet;

use openapi_text::normal_form::{CONSTRAINTS, is_annotation};
use serde_json::{Map, Value};

use super::location::JsonType;

/// The maximum number of alternatives of a union.
pub(super) const ALTERNATIVES: usize = 500;

/// The shape of a schema.
pub(super) enum Shape<'d> {
    /// Any JSON, as declared.
    Any,
    /// Any JSON, because no narrower type is correct.
    Untyped(&'static str),
    /// The schema at this index of `allOf`.
    Alias(usize, &'d Value),
    String {
        format: Option<&'d str>,
    },
    /// One of these strings.
    Enum(Vec<&'d str>),
    Integer {
        format: Option<&'d str>,
    },
    Number,
    Boolean,
    Array(Option<&'d Value>),
    Object(Object<'d>),
    /// One of several schemas.
    Union(UnionShape<'d>),
}

/// A union of schemas.
pub(super) struct UnionShape<'d> {
    pub(super) keyword: &'static str,
    pub(super) alternatives: &'d [Value],
    pub(super) discriminator: Option<&'d Value>,
    /// The properties of all alternatives.
    pub(super) base: Option<Object<'d>>,
}

/// An object with its properties.
#[derive(Default)]
pub(super) struct Object<'d> {
    pub(super) properties: Vec<(&'d str, Property<'d>)>,
    pub(super) required: BTreeSet<&'d str>,
    pub(super) additional: Option<&'d Value>,
}

/// A property of an object.
#[derive(Clone, Copy)]
pub(super) struct Property<'d> {
    pub(super) schema: &'d Value,
    /// True if the property is beside a union, and not in an alternative.
    pub(super) is_shared: bool,
}

impl Shape<'_> {
    /// Returns the JSON type of the values if the schema becomes a named type, except for unions.
    pub(super) fn type_json(&self) -> Option<JsonType> {
        match self {
            Shape::Object(object) if !object.is_map() => Some(JsonType::Object),
            Shape::Enum(_) => Some(JsonType::String),
            _ => None,
        }
    }
}

impl<'d> Object<'d> {
    /// Returns the schema of a property.
    pub(super) fn property(&self, name: &str) -> Option<&'d Value> {
        let mut properties = self.properties.iter();
        let (_, property) = properties.find(|(own, _)| *own == name)?;
        Some(property.schema)
    }

    /// Returns the names of the properties that requests and responses must have, with their
    /// schemas if they are declared.
    pub(super) fn required_both_ways(&self) -> impl Iterator<Item = (&'d str, Option<&'d Value>)> {
        let required = self
            .required
            .iter()
            .map(|name| (*name, self.property(name)));
        required.filter(|(_, own)| !own.is_some_and(is_one_way))
    }

    /// Returns true if an object has no declared properties.
    pub(super) fn is_map(&self) -> bool {
        self.properties.is_empty() && self.required.is_empty()
    }
}

/// Returns the shape of a schema and whether it is nullable.
pub(super) fn shape(schema: &Value) -> (Shape<'_>, bool) {
    let Value::Object(schema) = schema else {
        return (Shape::Any, false);
    };
    let null_in_enum = type_of(schema).is_none() && list(schema, "enum").contains(&Value::Null);
    let nullable = schema.get("nullable") == Some(&Value::Bool(true)) || null_in_enum;
    (shape_of_keywords(schema), nullable)
}

/// Returns true if a schema has constraints on its values.
pub(super) fn has_constraints(schema: &Value) -> bool {
    let has_values =
        || schema.get("enum").is_some() && schema.get("type") != Some(&Value::from("string"));
    let is_constraint = |keyword: &&str| *keyword != "format" && schema.get(keyword).is_some();
    CONSTRAINTS.iter().any(is_constraint) || has_values()
}

fn shape_of_keywords(schema: &Map<String, Value>) -> Shape<'_> {
    if let Some(shape) = shape_of_enum(schema) {
        return shape;
    }
    let one_of = list(schema, "oneOf");
    let any_of = list(schema, "anyOf");
    let mut parts = (0..)
        .zip(list(schema, "allOf"))
        .filter(|(_, part)| !is_constraint(part));
    match (parts.next(), parts.next()) {
        (None, _) => {}
        (Some((index, part)), None) if has_only_all_of(schema) => {
            return Shape::Alias(index, part);
        }
        _ => return Shape::Untyped("the parts of the `allOf` cannot be merged into one type"),
    }
    match (only_require(one_of), only_require(any_of)) {
        (true, true) => shape_of_type(schema),
        (false, false) => Shape::Untyped("the schema has both `oneOf` and `anyOf`"),
        (false, true) => union("oneOf", one_of, schema),
        (true, false) => union("anyOf", any_of, schema),
    }
}

fn union<'d>(
    keyword: &'static str,
    alternatives: &'d [Value],
    schema: &'d Map<String, Value>,
) -> Shape<'d> {
    let base = is_object(schema).then(|| object(schema));
    Shape::Union(UnionShape {
        keyword,
        alternatives,
        discriminator: schema.get("discriminator"),
        base: base.filter(|base| !base.is_map() || base.additional.is_some()),
    })
}

/// Returns the values of a schema's `enum`. In normal form, parts of `allOf` have an `enum` of
/// their own only if they have no value in common. Then a value of any of them can occur.
pub(super) fn listed_values(schema: &Map<String, Value>) -> impl Iterator<Item = &Value> + Clone {
    let parts = list(schema, "allOf").iter().filter_map(Value::as_object);
    let parts = parts.filter(|_| schema.contains_key("enum"));
    let schemas = std::iter::once(schema).chain(parts);
    schemas.flat_map(|own| list(own, "enum"))
}

/// Returns the shape of an `enum`. Values other than strings are not checked.
fn shape_of_enum(schema: &Map<String, Value>) -> Option<Shape<'_>> {
    let mut values = listed_values(schema)
        .filter(|value| !value.is_null())
        .peekable();
    values.peek()?;
    let all = |is: fn(&Value) -> bool| values.clone().all(is);
    match type_of(schema) {
        None | Some("string") if all(Value::is_string) => {
            // Sorted and unique: order has no meaning in OpenAPI.
            let texts: BTreeSet<&str> = values.filter_map(Value::as_str).collect();
            Some(Shape::Enum(texts.into_iter().collect()))
        }
        None if all(Value::is_i64) => Some(Shape::Integer { format: None }),
        None if all(Value::is_number) => Some(Shape::Number),
        None if all(Value::is_boolean) => Some(Shape::Boolean),
        None => Some(Shape::Untyped("the values have several types")),
        Some(_) => None,
    }
}

fn shape_of_type(schema: &Map<String, Value>) -> Shape<'_> {
    let items = || schema.get("items");
    match type_of(schema) {
        Some("string") => Shape::String {
            format: schema.get("format").and_then(Value::as_str),
        },
        Some("integer") => Shape::Integer {
            format: schema.get("format").and_then(Value::as_str),
        },
        Some("number") => Shape::Number,
        Some("boolean") => Shape::Boolean,
        Some("array") => Shape::Array(items()),
        Some("object") => Shape::Object(object(schema)),
        Some(_) => Shape::Untyped("OpenAPI 3.0 does not define the type"),
        None if is_object(schema) => Shape::Object(object(schema)),
        None if items().is_some() => Shape::Array(items()),
        None => Shape::Any,
    }
}

fn object(schema: &Map<String, Value>) -> Object<'_> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let properties = properties.into_iter().flatten();
    Object {
        properties: properties
            .map(|(name, schema)| {
                let is_shared = false;
                (name.as_str(), Property { schema, is_shared })
            })
            .collect(),
        required: list(schema, "required")
            .iter()
            .filter_map(Value::as_str)
            .collect(),
        // Clients accept unknown properties.
        additional: schema
            .get("additionalProperties")
            .filter(|schema| schema.is_object()),
    }
}

fn is_object(schema: &Map<String, Value>) -> bool {
    let properties = schema.get("properties").and_then(Value::as_object);
    match type_of(schema) {
        Some(name) => name == "object",
        None => {
            properties.is_some_and(|properties| !properties.is_empty())
                || !list(schema, "required").is_empty()
                || schema.contains_key("additionalProperties")
        }
    }
}

/// Returns true for the ways to write null in OpenAPI 3.0: a nullable schema without a type, or a
/// nullable object without properties that allows no others.
pub(super) fn is_null(schema: &Value) -> bool {
    let Some(keywords) = schema.as_object() else {
        return false;
    };
    let is_object = schema.get("additionalProperties") == Some(&Value::Bool(false));
    keywords.get("nullable") == Some(&Value::Bool(true))
        && keywords.iter().all(|(name, value)| {
            is_annotation(name)
                || match name.as_str() {
                    "nullable" => true,
                    "type" => is_object && value == "object",
                    "additionalProperties" => is_object,
                    _ => false,
                }
        })
}

/// Returns true if a keyword is `true`.
pub(super) fn is_true(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
}

/// Returns true if a property occurs only in requests or only in responses.
pub(super) fn is_one_way(schema: &Value) -> bool {
    is_true(schema, "readOnly") || is_true(schema, "writeOnly")
}

/// Returns true if a schema or one of its alternatives is null.
pub(super) fn allows_null(schema: &Value) -> bool {
    let listed = ["oneOf", "anyOf"]
        .iter()
        .filter_map(|keyword| schema.get(keyword)?.as_array());
    schema.get("nullable") == Some(&Value::Bool(true)) || listed.flatten().any(is_null)
}

/// Returns true if alternatives have no keywords but `required` and `not`, which clients ignore.
fn only_require(alternatives: &[Value]) -> bool {
    let only_requires = |schema: &Map<String, Value>| {
        let mut keywords = schema
            .keys()
            .filter(|keyword| !is_annotation(keyword))
            .peekable();
        keywords.peek().is_some()
            && keywords.all(|keyword| matches!(keyword.as_str(), "required" | "not"))
    };
    alternatives
        .iter()
        .all(|schema| schema.as_object().is_some_and(only_requires))
}

/// Returns true if a part of an `allOf` restricts values without changing their type.
fn is_constraint(part: &Value) -> bool {
    part.as_object()
        .is_some_and(|keywords| keywords.iter().all(has_no_type))
}

/// Returns true if only `allOf` determines the type of a schema.
fn has_only_all_of(schema: &Map<String, Value>) -> bool {
    schema.iter().all(|keyword| {
        matches!(
            keyword.0.as_str(),
            "allOf" | "discriminator" | "nullable" | "readOnly" | "writeOnly"
        ) || has_no_type(keyword)
    })
}

/// Returns true if a keyword does not change the type of a schema.
fn has_no_type((keyword, value): (&String, &Value)) -> bool {
    match keyword.as_str() {
        "oneOf" | "anyOf" => value.as_array().is_some_and(|list| only_require(list)),
        keyword => CONSTRAINTS.contains(&keyword) || is_annotation(keyword),
    }
}

/// Returns the reference of a schema.
pub(super) fn reference_of(schema: &Value) -> Option<&str> {
    schema.get("$ref")?.as_str()
}

fn type_of(schema: &Map<String, Value>) -> Option<&str> {
    schema.get("type").and_then(Value::as_str)
}

/// Returns the values of a keyword that is a list.
fn list<'d>(schema: &'d Map<String, Value>, keyword: &str) -> &'d [Value] {
    schema
        .get(keyword)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
