//! The check of a client's types: the document's schemas have them, and a value goes through them as it is.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::document::Document;
use crate::sample;
use crate::variants;

/// A schema that the document has a name for, and the client's type for it.
#[derive(Clone, Copy)]
pub struct Schema {
    name: &'static str,
    /// Reads a value as the type, and writes it again.
    through: fn(&Value) -> Result<Value, serde_json::Error>,
    is_open: bool,
}

impl Schema {
    /// A schema with a type.
    pub fn of<T: DeserializeOwned + Serialize>(name: &'static str) -> Schema {
        Schema { name, through: |value| serde_json::to_value(T::deserialize(value)?), is_open: false }
    }

    /// A schema that is any JSON to the client.
    pub fn open(name: &'static str) -> Schema {
        Schema { name, through: |value| Ok(value.clone()), is_open: true }
    }
}

impl Debug for Schema {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Schema").field("name", &self.name).finish_non_exhaustive()
    }
}

pub(super) fn all(document: &Document, schemas: &[Schema]) -> Result<(), String> {
    let mut faults = Vec::new();
    for (name, schema) in document.schemas() {
        match schemas.iter().filter(|own| own.name == name).collect::<Vec<_>>().as_slice() {
            [own] => faults.extend(faults_of(document, schema, own)),
            [] if !is_plain_object(schema) => {}
            found => faults.push(format!("the schema `{name}` has {} types", found.len())),
        }
    }
    let unknown = schemas.iter().filter(|own| !document.schemas().any(|(name, _)| name == own.name));
    faults.extend(unknown.map(|own| format!("the document has no schema `{}`", own.name)));
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

/// Whether a schema is an object with properties and nothing else: then there must be a type for it.
fn is_plain_object(schema: &Value) -> bool {
    let is_composed = ["allOf", "oneOf", "anyOf", "enum", "$ref", "not"].iter().any(|keyword| schema.get(keyword).is_some());
    let has_properties = schema.get("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    // Lists and texts may have properties written beside them, which say nothing.
    has_properties && !is_composed && schema.get("type").is_none_or(|kind| kind == "object")
}

/// What does not go through a type as it is.
fn faults_of(document: &Document, schema: &Value, own: &Schema) -> Vec<String> {
    let known = sample::value(document, schema, 1);
    let unknown = sample::with_unknown_field(document, schema, known.clone());
    let unknown = variants::Variant { otherwise: Some(known), ..variants::Variant::new("unknown fields", unknown) };
    let values = variants::variants(document, schema).into_iter().chain([unknown]);
    let fault = |value: variants::Variant| {
        let became = match (own.through)(&value.value) {
            Ok(found) if found == value.value || Some(&found) == value.otherwise.as_ref() => return None,
            Ok(found) => found.to_string(),
            Err(error) => format!("an error: {error}"),
        };
        Some(format!("as `{}`, with {}, {} becomes {became}", own.name, value.what, value.value))
    };
    let taken = |(property, value): (String, Value)| {
        let found = (own.through)(&value).ok()?;
        Some(format!("as `{}`, without the required `{property}`, {value} becomes {found} instead of an error", own.name))
    };
    let lacking = lacking(document, schema).into_iter().filter(|_| !own.is_open);
    values.filter_map(fault).chain(lacking.filter_map(taken)).collect()
}

/// Objects without one of the properties that must be there. What may be null, or has a default, may be read without it.
fn lacking(document: &Document, schema: &Value) -> Vec<(String, Value)> {
    let required = schema.get("required").and_then(Value::as_array).filter(|_| is_plain_object(schema));
    let whole = sample::value(document, schema, 1);
    let without = |property: &str| {
        let own = document.resolve(schema.get("properties")?.get(property)?);
        let may_be_absent = own.get("nullable") == Some(&Value::Bool(true)) || own.get("default").is_some();
        let mut value = whole.clone();
        value.as_object_mut()?.remove(property).filter(|_| !may_be_absent)?;
        Some((property.to_owned(), value))
    };
    required.into_iter().flatten().filter_map(Value::as_str).filter_map(without).collect()
}
