//! Whether JSON is what a schema of OpenAPI 3.0 says.
//!
//! A schema of OpenAPI 3.0 is none of JSON Schema's drafts: `nullable`, `readOnly`, `discriminator` and bounds that are exclusive by a
//! boolean are its own. Here it is read as it is written. What a schema says that no value could keep, such as a pattern that cannot be
//! read, is passed over: the document is not what is judged.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::Document;

mod limits;

/// Which way a value goes: what is read-only is not sent, what is write-only is not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// The keyword of properties that do not go this way.
    pub(crate) fn is_excluded(self) -> &'static str {
        match self {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        }
    }
}

/// What is wrong with a value, and where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaViolation {
    /// A JSON pointer; empty for the whole.
    pub(crate) pointer: String,
    /// What goes behind "it": `is 3, not a string`.
    pub(crate) reason: String,
}

/// Alternatives within alternatives that are no deeper in the value end here: schemas may contain themselves.
const DEPTH: usize = 48;

/// Judges values by the schemas of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validator<'a> {
    pub(crate) document: &'a Document,
    pub(crate) direction: Direction,
}

/// A value at a place, on its way through schemas.
#[derive(Clone, Copy)]
struct At<'a> {
    value: &'a Value,
    pointer: &'a str,
    depth: usize,
}

impl At<'_> {
    fn violation(self, reason: String) -> SchemaViolation {
        SchemaViolation {
            pointer: self.pointer.to_owned(),
            reason,
        }
    }
}

impl<'a> Validator<'a> {
    pub(crate) fn new(document: &'a Document, direction: Direction) -> Validator<'a> {
        Validator {
            document,
            direction,
        }
    }

    /// All that is wrong with a value.
    pub(crate) fn violations(&self, schema: &Value, value: &Value) -> Vec<SchemaViolation> {
        self.at(
            schema,
            At {
                value,
                pointer: "",
                depth: 0,
            },
        )
    }

    /// Whether nothing is wrong with a value.
    pub(crate) fn is_valid(&self, schema: &Value, value: &Value) -> bool {
        self.violations(schema, value).is_empty()
    }

    /// Whether a value of this type can be meant; a schema without a type leaves that open.
    pub(crate) fn allows_type(&self, schema: &Value, kind: &str) -> bool {
        self.allows_type_within(schema, kind, DEPTH)
    }

    fn allows_type_within(&self, schema: &Value, kind: &str, depth: usize) -> bool {
        let schema = self.resolved(schema);
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
        let own = match schema.get("type").and_then(Value::as_str) {
            Some(own) => own == kind || (own == "number" && kind == "integer"),
            None if schema.get("properties").is_some() => kind == "object",
            None if schema.get("items").is_some() => kind == "array",
            None => true,
        };
        own && list("allOf").is_none_or(|parts| {
            parts
                .iter()
                .all(|part| self.allows_type_within(part, kind, depth))
        }) && ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(list)
            .all(|alternatives| {
                alternatives
                    .iter()
                    .any(|part| self.allows_type_within(part, kind, depth))
            })
    }

    /// The schema behind references to references.
    fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        (0..16).fold(schema, |schema, _| self.document.resolve(schema))
    }

    fn at(&self, schema: &Value, at: At<'_>) -> Vec<SchemaViolation> {
        let Value::Object(schema) = self.resolved(schema) else {
            return Vec::new();
        };
        // A reference that leads nowhere says nothing.
        if at.depth > DEPTH || schema.contains_key("$ref") {
            return Vec::new();
        }
        if at.value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return Vec::new();
        }
        if let Some(reason) = type_violation(schema, at.value) {
            return vec![at.violation(reason)];
        }
        let mut violations: Vec<SchemaViolation> = limits::violations(schema, at.value)
            .into_iter()
            .map(|reason| at.violation(reason))
            .collect();
        match at.value {
            Value::Object(map) => self.object(schema, map, at, &mut violations),
            Value::Array(items) => self.items(schema, items, at, &mut violations),
            _ => {}
        }
        self.combined(schema, at, &mut violations);
        violations
    }

    fn object(
        &self,
        schema: &Map<String, Value>,
        map: &Map<String, Value>,
        at: At<'_>,
        violations: &mut Vec<SchemaViolation>,
    ) {
        let properties = schema.get("properties").and_then(Value::as_object);
        let property = |name: &str| properties.and_then(|properties| properties.get(name));
        let required = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        let missing = required.filter(|name| !map.contains_key(*name));
        for name in missing.filter(|name| !property(name).is_some_and(|own| self.is_excluded(own)))
        {
            violations.push(at.violation(format!("has no `{name}`, which is required")));
        }
        // In an order of their own, whatever order maps have.
        let mut fields: Vec<(&String, &Value)> = map.iter().collect();
        fields.sort_unstable_by_key(|(name, _)| *name);
        for (name, value) in fields {
            let pointer = format!(
                "{}/{}",
                at.pointer,
                name.replace('~', "~0").replace('/', "~1")
            );
            let inner = At {
                value,
                pointer: &pointer,
                depth: at.depth + 1,
            };
            match (property(name), schema.get("additionalProperties")) {
                (Some(own), _) if self.is_excluded(own) => {
                    violations.push(inner.violation(match self.direction {
                        Direction::Request => "is read-only, and not to be sent".to_owned(),
                        Direction::Response => "is write-only, and not to be answered".to_owned(),
                    }))
                }
                (Some(own), _) => violations.extend(self.at(own, inner)),
                (None, Some(Value::Bool(false))) => {
                    let mut known: Vec<&str> = properties
                        .into_iter()
                        .flat_map(Map::keys)
                        .map(String::as_str)
                        .collect();
                    known.sort_unstable();
                    let known = if known.is_empty() {
                        "none is allowed".to_owned()
                    } else {
                        known.join(", ")
                    };
                    violations.push(inner.violation(format!(
                        "is no field of the schema, whose fields are: {known}"
                    )));
                }
                (None, Some(other)) => violations.extend(self.at(other, inner)),
                (None, None) => {}
            }
        }
    }

    /// Whether a property does not go this way.
    fn is_excluded(&self, property: &Value) -> bool {
        self.resolved(property).get(self.direction.is_excluded()) == Some(&Value::Bool(true))
    }

    fn items(
        &self,
        schema: &Map<String, Value>,
        items: &[Value],
        at: At<'_>,
        violations: &mut Vec<SchemaViolation>,
    ) {
        if let Some(inner) = schema.get("items") {
            for (number, value) in items.iter().enumerate() {
                let pointer = format!("{}/{number}", at.pointer);
                violations.extend(self.at(
                    inner,
                    At {
                        value,
                        pointer: &pointer,
                        depth: at.depth + 1,
                    },
                ));
            }
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = BTreeSet::new();
            if let Some(twice) = items.iter().find(|item| !seen.insert(item.to_string())) {
                violations.push(at.violation(format!(
                    "has {} twice, though its items are unique",
                    shown(twice)
                )));
            }
        }
    }

    fn combined(
        &self,
        schema: &Map<String, Value>,
        at: At<'_>,
        violations: &mut Vec<SchemaViolation>,
    ) {
        let deeper = At {
            depth: at.depth + 1,
            ..at
        };
        let list = |keyword: &str| {
            schema
                .get(keyword)
                .and_then(Value::as_array)
                .filter(|list| !list.is_empty())
        };
        for part in list("allOf").into_iter().flatten() {
            violations.extend(self.at(part, deeper));
        }
        if let Some(chosen) = self.chosen(schema, at.value) {
            violations.extend(self.at(&chosen, deeper));
        } else {
            for (keyword, exactly_one) in [("oneOf", true), ("anyOf", false)] {
                let Some(alternatives) = list(keyword) else {
                    continue;
                };
                let tried: Vec<Vec<SchemaViolation>> = alternatives
                    .iter()
                    .map(|part| self.at(part, deeper))
                    .collect();
                let fitting = tried.iter().filter(|tried| tried.is_empty()).count();
                if fitting == 0 {
                    violations.push(nearest(at, keyword, tried));
                } else if exactly_one && fitting > 1 {
                    violations.push(at.violation(format!(
                        "is {fitting} alternatives of `oneOf` at once: {}",
                        shown(at.value)
                    )));
                }
            }
        }
        if let Some(not) = schema
            .get("not")
            .filter(|not| self.at(not, deeper).is_empty())
        {
            violations.push(at.violation(format!(
                "is {}, which `not` rules out: {}",
                shown(at.value),
                shown(not)
            )));
        }
    }

    /// The alternative that a discriminator names in a value.
    fn chosen(&self, schema: &Map<String, Value>, value: &Value) -> Option<Value> {
        let discriminator = schema.get("discriminator")?;
        let named = value
            .get(discriminator.get("propertyName")?.as_str()?)?
            .as_str()?;
        let mapped = discriminator
            .get("mapping")
            .and_then(|mapping| mapping.get(named))
            .and_then(Value::as_str);
        let wanted = mapped.map_or_else(|| format!("#/components/schemas/{named}"), str::to_owned);
        let wanted = if wanted.starts_with('#') {
            wanted
        } else {
            format!("#/components/schemas/{wanted}")
        };
        let alternatives = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|keyword| schema.get(keyword)?.as_array())
            .flatten();
        alternatives
            .into_iter()
            .find(|part| {
                part.get("$ref")
                    .is_some_and(|reference| *reference == wanted)
            })
            .cloned()
    }
}

/// Of what is wrong with the alternatives that which is deepest in the value: there it was likely meant.
fn nearest(at: At<'_>, keyword: &str, tried: Vec<Vec<SchemaViolation>>) -> SchemaViolation {
    let count = tried.len();
    let depth = |violations: &Vec<SchemaViolation>| {
        violations
            .iter()
            .map(|violation| violation.pointer.matches('/').count())
            .max()
            .unwrap_or(0)
    };
    let best = tried
        .into_iter()
        .rev()
        .max_by_key(|violations| (depth(violations), std::cmp::Reverse(violations.len())))
        .unwrap_or_default();
    let told: Vec<String> = best
        .iter()
        .map(|violation| {
            match violation
                .pointer
                .strip_prefix(at.pointer)
                .unwrap_or_default()
            {
                "" => format!("it {}", violation.reason),
                inner => format!("`{inner}` {}", violation.reason),
            }
        })
        .collect();
    at.violation(format!(
        "is none of the {count} alternatives of `{keyword}`; of the nearest {}",
        told.join(", and ")
    ))
}

/// A value for messages, not too long.
pub(crate) fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

fn type_violation(schema: &Map<String, Value>, value: &Value) -> Option<String> {
    let (fits, name) = match schema.get("type")?.as_str()? {
        "object" => (value.is_object(), "an object"),
        "array" => (value.is_array(), "an array"),
        "string" => (value.is_string(), "a string"),
        "boolean" => (value.is_boolean(), "a boolean"),
        "number" => (value.is_number(), "a number"),
        // In JSON, 1.0 is an integer.
        "integer" => (
            value.as_f64().is_some_and(|number| number.fract() == 0.0),
            "an integer",
        ),
        _ => return None,
    };
    (!fits).then(|| format!("is {}, not {name}", shown(value)))
}

#[cfg(test)]
mod tests;
