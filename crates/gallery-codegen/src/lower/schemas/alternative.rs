//! The alternatives of unions.

use serde_json::{Map, Value};

use super::location::{JsonType, SchemaLocation};
use super::shape::{Object, Property, Shape};
use crate::reference::schema_name;

/// An alternative of a union.
pub(super) struct Alternative<'d> {
    pub(super) location: SchemaLocation,
    /// The schema, which may be a reference.
    pub(super) schema: &'d Value,
    /// The name of the component schema, if the schema is a reference.
    pub(super) component: Option<String>,
    pub(super) kind: Kind<'d>,
    pub(super) nullable: bool,
    pub(super) source: Source,
}

/// The part of the document of which an alternative becomes a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// Its schema, which may be a reference.
    Schema,
    /// A string.
    String,
    /// An integer of any format.
    Integer,
    /// The component schema.
    Component,
    /// The object, with the properties beside the union.
    Object,
}

/// The values of an alternative.
pub(super) enum Kind<'d> {
    String,
    /// Strings of a list.
    Enum,
    Integer,
    Number,
    Boolean,
    /// The items.
    Array(Option<&'d Value>),
    Object(Object<'d>),
    /// An object without declared properties, and the schema of its values.
    Map(Option<&'d Value>),
    /// Any JSON.
    Any,
    Other,
}

impl<'d> Kind<'d> {
    pub(super) fn of(shape: Shape<'d>) -> Kind<'d> {
        match shape {
            Shape::String { .. } => Kind::String,
            Shape::Enum(_) => Kind::Enum,
            Shape::Integer { .. } => Kind::Integer,
            Shape::Number => Kind::Number,
            Shape::Boolean => Kind::Boolean,
            Shape::Array(items) => Kind::Array(items),
            Shape::Object(object) if object.is_map() => Kind::Map(object.additional),
            Shape::Object(object) => Kind::Object(object),
            Shape::Any => Kind::Any,
            Shape::Untyped(_) | Shape::Alias(..) | Shape::Union(_) => Kind::Other,
        }
    }

    pub(super) fn json_type(&self) -> JsonType {
        match self {
            Kind::String | Kind::Enum => JsonType::String,
            Kind::Integer | Kind::Number => JsonType::Number,
            Kind::Boolean => JsonType::Boolean,
            Kind::Array(_) => JsonType::Array,
            Kind::Object(_) | Kind::Map(_) => JsonType::Object,
            Kind::Any | Kind::Other => JsonType::Several,
        }
    }
}

impl<'d> Alternative<'d> {
    /// Adds the properties beside the union. Returns false if the alternative is not an object.
    pub(super) fn extend(&mut self, base: &Object<'d>) -> bool {
        let mut object = match std::mem::replace(&mut self.kind, Kind::Other) {
            Kind::Object(object) => object,
            Kind::Map(additional) => Object {
                additional,
                ..Object::default()
            },
            _ => return false,
        };
        for (name, property) in &base.properties {
            if object.property(name).is_none() {
                let is_shared = true;
                let property = Property {
                    is_shared,
                    ..*property
                };
                object.properties.push((name, property));
            }
        }
        object.required.extend(&base.required);
        object.additional = object.additional.or(base.additional);
        self.kind = Kind::Object(object);
        self.source = Source::Object;
        true
    }

    /// Returns the object, unless the alternative is another value.
    pub(super) fn into_object(self) -> Option<Object<'d>> {
        match self.kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }

    /// Returns true if a value can be an object.
    pub(super) fn accepts_objects(&self) -> bool {
        matches!(
            self.kind,
            Kind::Object(_) | Kind::Map(_) | Kind::Any | Kind::Other
        )
    }

    /// Returns a name for its variant: the name of the component, the title, the first required
    /// property, or the JSON type.
    pub(super) fn label(&self) -> &str {
        if let Some(component) = &self.component {
            return component;
        }
        let title = self.schema.get("title").and_then(Value::as_str);
        if let Some(title) = title.filter(|title| !title.trim().is_empty() && title.len() < 40) {
            return title;
        }
        match &self.kind {
            Kind::Object(object) if !object.required.is_empty() => {
                object.required.first().copied().unwrap_or_default()
            }
            Kind::String | Kind::Enum => "String",
            Kind::Integer => "Integer",
            Kind::Number => "Number",
            Kind::Boolean => "Boolean",
            Kind::Array(_) => "Array",
            Kind::Object(_) | Kind::Map(_) => "Object",
            Kind::Any | Kind::Other => "Value",
        }
    }

    /// Returns the schema of a property, if the alternative is an object with it.
    pub(super) fn property(&self, name: &str) -> Option<&'d Value> {
        let Kind::Object(object) = &self.kind else {
            return None;
        };
        object.property(name)
    }
}

/// Returns the values of a discriminator for a component schema. In normal form, the mapping is
/// complete.
pub(super) fn mapped_values(discriminator: &Value, component: &str) -> Vec<String> {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mapping = mapping.into_iter().flat_map(Map::iter);
    let own = mapping.filter(|(_, target)| {
        let target = target.as_str();
        let name = target.and_then(|target| schema_name(target).or_else(|| Some(target.into())));
        name.as_deref() == Some(component)
    });
    own.map(|(value, _)| value.clone()).collect()
}
