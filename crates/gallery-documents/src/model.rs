//! The parts of OpenAPI documents of every version, as data: which keys hold parts of which kind.

use serde_json::Value;

use openapi_text::METHODS;
use openapi_text::pointer::push;

/// The kind of a part of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    Document,
    Components,
    Paths,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Header,
    Body,
    Responses,
    Response,
    MediaType,
    Encoding,
    Schema,
    Discriminator,
    /// A reference that is not in a `$ref`, such as a value of a discriminator's mapping.
    SchemaName,
    Example,
    Link,
    SecurityScheme,
}

/// The parts under one key.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Parts {
    One(Kind),
    List(Kind),
    Map(Kind),
}

use Parts::{List, Map, One};

/// The sections of `components`, with their kinds.
pub(crate) const SECTIONS: &[(&str, Kind)] = &[
    ("callbacks", Kind::Callback),
    ("examples", Kind::Example),
    ("headers", Kind::Header),
    ("links", Kind::Link),
    ("mediaTypes", Kind::MediaType),
    ("parameters", Kind::Parameter),
    ("pathItems", Kind::PathItem),
    ("requestBodies", Kind::Body),
    ("responses", Kind::Response),
    ("schemas", Kind::Schema),
    ("securitySchemes", Kind::SecurityScheme),
];

/// The sections of Swagger 2.0, with their kinds.
pub(crate) const SWAGGER_SECTIONS: &[(&str, Kind)] = &[
    ("definitions", Kind::Schema),
    ("parameters", Kind::Parameter),
    ("responses", Kind::Response),
    ("securityDefinitions", Kind::SecurityScheme),
];

/// The extension of a schema with the keywords that OpenAPI 3.0 lacks.
pub(crate) const JSON_SCHEMA: &str = "x-json-schema";

impl Kind {
    /// Returns the section of `components` for parts of this kind.
    pub(crate) fn section(self) -> Option<&'static str> {
        SECTIONS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map(|(section, _)| *section)
    }

    /// Returns true if a reference may replace a part of this kind.
    pub(crate) fn may_be_reference(self) -> bool {
        self.section().is_some()
    }

    /// Returns the parts that a part of this kind has under a key.
    pub(crate) fn parts(self, key: &str) -> Option<Parts> {
        Some(match (self, key) {
            (Kind::Document, "paths") => One(Kind::Paths),
            (Kind::Document, "webhooks" | "x-webhooks") => Map(Kind::PathItem),
            (Kind::Document, "components") => One(Kind::Components),
            (Kind::Document, section) => Map(kind_of_section(SWAGGER_SECTIONS, section)?),
            (Kind::Components, section) => Map(kind_of_section(SECTIONS, section)?),
            (Kind::Paths | Kind::Callback | Kind::Responses, key) if key.starts_with("x-") => {
                return None;
            }
            (Kind::Callback, "$ref") => return None,
            (Kind::Paths | Kind::Callback, _) => One(Kind::PathItem),
            (Kind::Responses, _) => One(Kind::Response),
            (Kind::PathItem, "query") => One(Kind::Operation),
            (Kind::PathItem, method) if METHODS.contains(&method) => One(Kind::Operation),
            (Kind::PathItem, "additionalOperations") => Map(Kind::Operation),
            (Kind::PathItem | Kind::Operation, "parameters") => List(Kind::Parameter),
            (Kind::Operation, "requestBody") => One(Kind::Body),
            (Kind::Operation, "responses") => One(Kind::Responses),
            (Kind::Operation, "callbacks") => Map(Kind::Callback),
            (Kind::Parameter | Kind::Header | Kind::MediaType | Kind::Response, "schema") => {
                One(Kind::Schema)
            }
            (Kind::Parameter | Kind::Header, "items") => One(Kind::Schema),
            (Kind::Parameter | Kind::Header | Kind::Body | Kind::Response, "content") => {
                Map(Kind::MediaType)
            }
            (Kind::Parameter | Kind::Header | Kind::MediaType, "examples") => Map(Kind::Example),
            (Kind::Response | Kind::Encoding, "headers") => Map(Kind::Header),
            (Kind::Response, "links") => Map(Kind::Link),
            (Kind::MediaType | Kind::Encoding, "encoding") => Map(Kind::Encoding),
            (Kind::MediaType | Kind::Encoding, "itemEncoding") => One(Kind::Encoding),
            (Kind::MediaType | Kind::Encoding, "prefixEncoding") => List(Kind::Encoding),
            (Kind::MediaType, "itemSchema") => One(Kind::Schema),
            (Kind::Schema, key) => return schema_parts(key),
            (Kind::Discriminator, "mapping") => Map(Kind::SchemaName),
            (Kind::Discriminator, "defaultMapping") => One(Kind::SchemaName),
            _ => return None,
        })
    }
}

fn schema_parts(key: &str) -> Option<Parts> {
    Some(match key {
        "$defs" | "definitions" | "dependentSchemas" | "patternProperties" | "properties" => {
            Map(Kind::Schema)
        }
        "allOf" | "anyOf" | "oneOf" | "prefixItems" => List(Kind::Schema),
        "additionalItems"
        | "additionalProperties"
        | "contains"
        | "contentSchema"
        | "else"
        | "if"
        | "items"
        | "not"
        | "propertyNames"
        | "then"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | JSON_SCHEMA => One(Kind::Schema),
        "discriminator" => One(Kind::Discriminator),
        _ => return None,
    })
}

fn kind_of_section(sections: &[(&str, Kind)], name: &str) -> Option<Kind> {
    sections
        .iter()
        .find(|(section, _)| *section == name)
        .map(|(_, kind)| *kind)
}

/// Returns true if a value has a type of OpenAPI 3.0. Returns `None` for other types.
pub(crate) fn is_of_type(value: &Value, kind: &str) -> Option<bool> {
    Some(match kind {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => return None,
    })
}

/// Returns the reference that a value is, if parts of its kind may be references.
pub(crate) fn reference(kind: Kind, value: &Value) -> Option<&str> {
    match kind {
        Kind::SchemaName => value.as_str(),
        _ if kind.may_be_reference() => value.get("$ref")?.as_str(),
        _ => None,
    }
}

/// Calls a function for every part of a part, with its pointer. The function returns true to go on
/// with the parts below.
pub(crate) fn walk<'a>(
    kind: Kind,
    value: &'a Value,
    pointer: &mut String,
    visit: &mut dyn FnMut(Kind, &'a Value, &str) -> bool,
) {
    if !visit(kind, value, pointer) {
        return;
    }
    let Some(map) = value.as_object() else {
        return;
    };
    for (key, value) in map {
        let Some(parts) = kind.parts(key) else {
            continue;
        };
        let length = pointer.len();
        push(pointer, key);
        match (parts, value) {
            (List(kind), Value::Array(items)) | (One(kind @ Kind::Schema), Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    let length = pointer.len();
                    push(pointer, &index.to_string());
                    walk(kind, item, pointer, visit);
                    pointer.truncate(length);
                }
            }
            (Map(kind), Value::Object(map)) => {
                for (name, item) in map {
                    let length = pointer.len();
                    push(pointer, name);
                    walk(kind, item, pointer, visit);
                    pointer.truncate(length);
                }
            }
            (One(kind), value) => walk(kind, value, pointer, visit),
            _ => {}
        }
        pointer.truncate(length);
    }
}

/// Like [`walk`], for changes. The function is called for a part before the parts below it.
pub(crate) fn walk_mut(
    kind: Kind,
    value: &mut Value,
    pointer: &mut String,
    visit: &mut dyn FnMut(Kind, &mut Value, &str) -> bool,
) {
    if !visit(kind, value, pointer) {
        return;
    }
    let Some(map) = value.as_object_mut() else {
        return;
    };
    for (key, value) in map {
        let Some(parts) = kind.parts(key) else {
            continue;
        };
        let length = pointer.len();
        push(pointer, key);
        match (parts, value) {
            (List(kind), Value::Array(items)) | (One(kind @ Kind::Schema), Value::Array(items)) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let length = pointer.len();
                    push(pointer, &index.to_string());
                    walk_mut(kind, item, pointer, visit);
                    pointer.truncate(length);
                }
            }
            (Map(kind), Value::Object(map)) => {
                for (name, item) in map {
                    let length = pointer.len();
                    push(pointer, name);
                    walk_mut(kind, item, pointer, visit);
                    pointer.truncate(length);
                }
            }
            (One(kind), value) => walk_mut(kind, value, pointer, visit),
            _ => {}
        }
        pointer.truncate(length);
    }
}
