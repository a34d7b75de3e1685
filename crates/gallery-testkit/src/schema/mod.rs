//! Validates JSON against schemas of OpenAPI 3.0.
//!
//! OpenAPI 3.0 schemas differ from every draft of JSON Schema: `nullable`, `readOnly`,
//! `discriminator` and boolean exclusive bounds are their own. Keywords that cannot be evaluated,
//! such as an invalid pattern, are ignored.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::document::Document;

mod limits;

pub(crate) use limits::shown;

/// The direction of a value. Requests have no read-only properties, responses have no write-only
/// ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// Returns the keyword of properties that are left out in this direction.
    pub(crate) fn is_excluded(self) -> &'static str {
        match self {
            Direction::Request => "readOnly",
            Direction::Response => "writeOnly",
        }
    }
}

/// A violation of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SchemaViolation {
    /// The JSON pointer of the offending value; empty for the whole value.
    pub(crate) pointer: String,
    /// The reason, as a predicate: `is 3, not a string`.
    pub(crate) reason: String,
}

/// Maximum nesting of schemas, since schemas can be recursive.
const DEPTH: usize = 48;

/// Validates values against the schemas of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validator<'a> {
    pub(crate) document: &'a Document,
    pub(crate) direction: Direction,
}

/// A value with its JSON pointer, and the nesting of schemas so far.
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

    /// Returns all violations of a schema.
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

    /// Returns true if a value has no violations.
    pub(crate) fn is_valid(&self, schema: &Value, value: &Value) -> bool {
        self.violations(schema, value).is_empty()
    }

    /// Returns true if a schema allows values of a type. A schema without a type allows all.
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

    /// Follows references to references.
    fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        (0..16).fold(schema, |schema, _| self.document.resolve(schema))
    }

    fn at(&self, schema: &Value, at: At<'_>) -> Vec<SchemaViolation> {
        let Value::Object(schema) = self.resolved(schema) else {
            return Vec::new();
        };
        // An unresolvable reference allows everything.
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
            violations.push(at.violation(format!("lacks the required property `{name}`")));
        }
        // Sorted, to be independent of the order of maps.
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
                        Direction::Request => "is read-only and must not be sent".to_owned(),
                        Direction::Response => "is write-only and must not be returned".to_owned(),
                    }));
                }
                (Some(own), _) => violations.extend(self.at(own, inner)),
                (None, Some(Value::Bool(false))) => {
                    let mut known: Vec<&str> = properties
                        .into_iter()
                        .flat_map(Map::keys)
                        .map(String::as_str)
                        .collect();
                    known.sort_unstable();
                    let allowed = if known.is_empty() {
                        "none".to_owned()
                    } else {
                        known.join(", ")
                    };
                    violations.push(inner.violation(format!(
                        "is not a property of the schema; properties: {allowed}"
                    )));
                }
                (None, Some(other)) => violations.extend(self.at(other, inner)),
                (None, None) => {}
            }
        }
    }

    /// Returns true if a property is left out in this direction.
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
                    "contains {} twice, but its items must be unique",
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
                        "matches {fitting} alternatives of `oneOf`: {}",
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
                "is {}, which `not` excludes: {}",
                shown(at.value),
                shown(not)
            )));
        }
    }

    /// Returns the alternative that the discriminator selects.
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

/// Reports the alternative whose violations are deepest in the value: it is most likely the
/// intended one.
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
    let reasons: Vec<String> = best
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
        "matches none of the {count} alternatives of `{keyword}`; closest: {}",
        reasons.join(", and ")
    ))
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
