//! Checks of a document beyond its structure: references, schemas and names of security schemes.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use openapi_text::pointer::{escape, of_reference};
use openapi_text::suggest::closest;

/// The values of `type` in OpenAPI 3.0.
const TYPES: [&str; 6] = ["array", "boolean", "integer", "number", "object", "string"];

/// A problem: a JSON pointer and a message.
pub(super) type Problem = (String, String);

/// Returns the problems of a document, in the order of the document.
pub(super) fn problems(document: &Value) -> BTreeSet<Problem> {
    let mut checker = Checker {
        document,
        problems: BTreeSet::new(),
    };
    checker.node(document, "", Kind::Object);
    checker.problems
}

/// The kind of a node of a document.
#[derive(Clone, Copy)]
enum Kind {
    /// An object with fields that OpenAPI defines.
    Object,
    /// A map from names to objects.
    Map,
    /// A schema.
    Schema,
    /// A map from names to schemas.
    Schemas,
}

struct Checker<'a> {
    document: &'a Value,
    problems: BTreeSet<Problem>,
}

impl<'a> Checker<'a> {
    fn report(&mut self, pointer: String, message: String) {
        self.problems.insert((pointer, message));
    }

    fn node(&mut self, value: &'a Value, pointer: &str, kind: Kind) {
        match (value, kind) {
            (_, Kind::Schema) => self.schema(value, pointer, &BTreeSet::new()),
            (Value::Array(items), _) => {
                for (at, item) in items.iter().enumerate() {
                    self.node(item, &format!("{pointer}/{at}"), kind);
                }
            }
            (Value::Object(map), _) => {
                if matches!(kind, Kind::Object) && self.reference(map, pointer) {
                    return;
                }
                for (key, value) in map {
                    let pointer = format!("{pointer}/{}", escape(key));
                    match kind {
                        Kind::Map => self.node(value, &pointer, Kind::Object),
                        Kind::Schemas => self.node(value, &pointer, Kind::Schema),
                        Kind::Object | Kind::Schema if key == "security" => {
                            self.security(value, &pointer);
                        }
                        Kind::Object | Kind::Schema => {
                            if let Some(kind) = kind_of(key, value) {
                                self.node(value, &pointer, kind);
                            }
                        }
                    }
                }
            }
            _ => {}
        }
    }

    /// Checks a `$ref`. Returns false if the object is not a reference.
    fn reference(&mut self, map: &Map<String, Value>, pointer: &str) -> bool {
        let Some(Value::String(reference)) = map.get("$ref") else {
            return false;
        };
        let message = match of_reference(reference) {
            None => format!("`{reference}` is not in this document; `$ref` must start with `#/`"),
            Some(target) if self.document.pointer(&target).is_none() => {
                format!("`$ref` to `{reference}`, which does not exist")
            }
            Some(_) => return true,
        };
        self.report(format!("{pointer}/$ref"), message);
        true
    }

    fn security(&mut self, value: &Value, pointer: &str) {
        let schemes = self.document.pointer("/components/securitySchemes");
        for (at, alternative) in value.as_array().into_iter().flatten().enumerate() {
            for name in alternative.as_object().into_iter().flat_map(Map::keys) {
                if schemes.is_none_or(|schemes| schemes.get(name).is_none()) {
                    self.report(
                        format!("{pointer}/{at}/{}", escape(name)),
                        format!("`components.securitySchemes` has no `{name}`"),
                    );
                }
            }
        }
    }

    /// Checks a schema. `inherited` has the properties of the schemas that it is a part of.
    fn schema(&mut self, value: &'a Value, pointer: &str, inherited: &BTreeSet<&'a str>) {
        let Some(schema) = value.as_object() else {
            return;
        };
        if self.reference(schema, pointer) {
            return;
        }
        self.kind(schema, pointer);
        self.values(schema, pointer);
        let mut properties = inherited.clone();
        let has_parts = ["allOf", "anyOf", "oneOf"]
            .iter()
            .any(|keyword| schema.contains_key(*keyword));
        if has_parts || schema.contains_key("required") {
            self.properties(value, &mut properties, &mut BTreeSet::new());
        }
        self.required(schema, pointer, &properties);
        for (key, value) in schema {
            let pointer = format!("{pointer}/{key}");
            match key.as_str() {
                "properties" => self.node(value, &pointer, Kind::Schemas),
                "items" | "additionalProperties" => self.node(value, &pointer, Kind::Schema),
                "not" => self.schema(value, &pointer, &properties),
                "allOf" | "anyOf" | "oneOf" => {
                    for (at, part) in value.as_array().into_iter().flatten().enumerate() {
                        self.schema(part, &format!("{pointer}/{at}"), &properties);
                    }
                }
                _ => {}
            }
        }
    }

    fn kind(&mut self, schema: &Map<String, Value>, pointer: &str) {
        let Some(kind) = schema.get("type") else {
            return;
        };
        let pointer = format!("{pointer}/type");
        match kind.as_str() {
            Some(name) if TYPES.contains(&name) => {}
            Some(name) => {
                let hint = closest(name, TYPES.into_iter(), 0.5)
                    .map(|name| format!("; write `{name}`"))
                    .unwrap_or_default();
                self.report(
                    pointer,
                    format!(
                        "OpenAPI 3.0 has no type `{name}`{hint}; it has {}",
                        TYPES.join(", ")
                    ),
                );
            }
            None => self.report(
                pointer,
                "`type` must be one name; write `nullable: true` for null, or `oneOf`".to_owned(),
            ),
        }
    }

    fn values(&mut self, schema: &Map<String, Value>, pointer: &str) {
        let mut seen = BTreeSet::new();
        let values = schema.get("enum").and_then(Value::as_array);
        if values.is_some_and(Vec::is_empty) {
            self.report(format!("{pointer}/enum"), "`enum` has no values".to_owned());
        }
        for (at, value) in values.into_iter().flatten().enumerate() {
            if !seen.insert(value.to_string()) {
                self.report(
                    format!("{pointer}/enum/{at}"),
                    format!("`enum` has the value {value} more than once"),
                );
            }
        }
    }

    fn required(
        &mut self,
        schema: &Map<String, Value>,
        pointer: &str,
        properties: &BTreeSet<&'a str>,
    ) {
        let allows_others = schema
            .get("additionalProperties")
            .is_some_and(|others| *others != Value::Bool(false));
        if !schema.contains_key("properties") || allows_others {
            return;
        }
        let names = schema.get("required").and_then(Value::as_array);
        for (at, name) in names.into_iter().flatten().enumerate() {
            let Some(name) = name.as_str().filter(|name| !properties.contains(name)) else {
                continue;
            };
            let hint = closest(name, properties.iter().copied(), 0.6)
                .map(|name| format!("; the nearest is `{name}`"))
                .unwrap_or_default();
            self.report(
                format!("{pointer}/required/{at}"),
                format!("`required` lists `{name}`, which `properties` does not have{hint}"),
            );
        }
    }

    /// Collects the names of the properties of a schema and its parts. Each reference is followed
    /// once.
    fn properties(
        &self,
        schema: &'a Value,
        names: &mut BTreeSet<&'a str>,
        followed: &mut BTreeSet<&'a str>,
    ) {
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            if followed.insert(reference)
                && let Some(target) = of_reference(reference)
                && let Some(target) = self.document.pointer(&target)
            {
                self.properties(target, names, followed);
            }
            return;
        }
        let own = schema.get("properties").and_then(Value::as_object);
        names.extend(own.into_iter().flat_map(Map::keys).map(String::as_str));
        for keyword in ["allOf", "anyOf", "oneOf"] {
            let parts = schema.get(keyword).and_then(Value::as_array);
            for part in parts.into_iter().flatten() {
                self.properties(part, names, followed);
            }
        }
    }
}

/// Returns the kind of a field's value, or `None` for values that OpenAPI does not define.
fn kind_of(key: &str, value: &Value) -> Option<Kind> {
    match key {
        "schema" => Some(Kind::Schema),
        "schemas" => Some(Kind::Schemas),
        "paths" | "responses" | "headers" | "content" | "encoding" | "callbacks" | "links"
        | "requestBodies" | "securitySchemes" => Some(Kind::Map),
        // A list in an operation, a map in the components.
        "parameters" if value.is_object() => Some(Kind::Map),
        "example" | "examples" | "default" | "enum" | "mapping" | "scopes" | "variables" => None,
        _ if key.starts_with("x-") => None,
        _ => Some(Kind::Object),
    }
}
