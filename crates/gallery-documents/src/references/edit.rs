//! Edits of documents and references.

use openapi_convert::Version;
use serde_json::{Map, Value, json};

use super::form::swagger_section;
use crate::model::Kind;

/// Returns a document without content.
pub(super) fn skeleton(version: Version) -> Value {
    let key = match version {
        Version::V2_0 => "swagger",
        _ => "openapi",
    };
    json!({key: version.to_string(), "info": {"title": "", "version": ""}, "paths": {}})
}

/// Adds a component to a document.
pub(super) fn insert(
    document: &mut Value,
    version: Version,
    kind: Kind,
    name: String,
    part: Value,
) {
    let section = match version {
        Version::V2_0 => swagger_section(kind),
        _ => kind.section(),
    };
    let (Some(section), Some(mut parent)) = (section, document.as_object_mut()) else {
        return;
    };
    let keys = match version {
        Version::V2_0 => vec![section],
        _ => vec!["components", section],
    };
    for key in keys {
        let value = parent
            .entry(key)
            .or_insert_with(|| Value::Object(Map::new()));
        let Some(map) = value.as_object_mut() else {
            return;
        };
        parent = map;
    }
    parent.insert(name, part);
}

pub(super) fn set_reference(kind: Kind, value: &mut Value, text: String) {
    match (kind, value) {
        (Kind::SchemaName, value) => *value = text.into(),
        (_, value) => value["$ref"] = text.into(),
    }
}

/// Returns a response or a body whose content has the schema that is referred to.
pub(super) fn wrapped(schema: &str) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": schema}}});
    json!({"description": "", "content": content})
}

/// Adds the parts of a path item that another one lacks.
pub(super) fn united(own: Value, other: Value) -> Value {
    match (own, other) {
        (Value::Object(mut own), Value::Object(other)) => {
            for (key, value) in other {
                own.entry(key).or_insert(value);
            }
            Value::Object(own)
        }
        (own, _) => own,
    }
}
