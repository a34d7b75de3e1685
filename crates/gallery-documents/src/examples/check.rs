//! Checks that a value certainly matches a schema.

use serde_json::{Map, Value};

use super::compiles::name;
use super::format::is_in_format;
use crate::model::is_of_type;

/// The maximum number of schemas that are applied for one example.
const MAX_STEPS: usize = 10_000;

/// The maximum number of schemas in each other.
const MAX_DEPTH: usize = 64;

/// A check of one example.
pub(super) struct Check<'a> {
    schemas: &'a Map<String, Value>,
    steps: usize,
    depth: usize,
}

impl<'a> Check<'a> {
    pub(super) fn new(schemas: &'a Map<String, Value>) -> Check<'a> {
        Check {
            schemas,
            steps: 0,
            depth: 0,
        }
    }

    /// Returns true if a value certainly matches a schema, whose properties are all declared.
    pub(super) fn matches(&mut self, schema: &'a Value, value: &Value) -> bool {
        if !self.applies(schema, value) {
            return false;
        }
        match value {
            Value::Object(members) => {
                let mut declared = Declared::default();
                self.declare(schema, value, &mut declared);
                declared.is_open
                    || members
                        .keys()
                        .all(|key| declared.properties.contains(&key.as_str()))
            }
            _ => true,
        }
    }

    /// Returns the schema that a schema stands for.
    fn resolve(&self, mut schema: &'a Value) -> Option<&'a Map<String, Value>> {
        for _ in 0..MAX_DEPTH {
            match schema.get("$ref") {
                Some(reference) => schema = self.schemas.get(&name(reference.as_str()?)?)?,
                None => return schema.as_object(),
            }
        }
        None
    }

    /// Like [`Check::matches`], but for undeclared properties.
    fn applies(&mut self, schema: &'a Value, value: &Value) -> bool {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.depth > MAX_DEPTH {
            return false;
        }
        let Some(schema) = self.resolve(schema) else {
            return false;
        };
        self.depth += 1;
        let applies = self.keywords(schema, value);
        self.depth -= 1;
        applies
    }

    fn keywords(&mut self, schema: &'a Map<String, Value>, value: &Value) -> bool {
        if value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)) {
            return schema
                .keys()
                .all(|key| !COMPOSITION.contains(&key.as_str()));
        }
        if schema.contains_key("not") || schema.contains_key("x-json-schema") {
            return false;
        }
        let has_type = schema.get("type").is_none_or(|kind| is_of(value, kind));
        let is_listed = match schema.get("enum") {
            Some(Value::Array(values)) => values.contains(value),
            _ => true,
        };
        has_type
            && is_listed
            && self.alternatives(schema, value)
            && match value {
                Value::String(text) => is_text(schema, text),
                Value::Number(number) => is_number(schema, number.as_f64()),
                Value::Array(items) => self.items(schema, items),
                Value::Object(members) => self.members(schema, members),
                Value::Null | Value::Bool(_) => true,
            }
    }

    fn alternatives(&mut self, schema: &'a Map<String, Value>, value: &Value) -> bool {
        let list = |key| schema.get(key).and_then(Value::as_array);
        let all = list("allOf").into_iter().flatten();
        if !all.into_iter().all(|part| self.applies(part, value)) {
            return false;
        }
        if let Some(parts) = list("anyOf")
            && !parts.iter().any(|part| self.applies(part, value))
        {
            return false;
        }
        let Some(parts) = list("oneOf") else {
            return true;
        };
        let mut matching = 0;
        for part in parts {
            if self.applies(part, value) {
                matching += 1;
            } else if !self.contradicts(part, value) {
                return false;
            }
        }
        matching == 1
    }

    /// Returns true if a value certainly does not match a schema, because of its type.
    fn contradicts(&self, schema: &'a Value, value: &Value) -> bool {
        self.resolve(schema).is_some_and(|schema| {
            let is_null = value.is_null() && schema.contains_key("nullable");
            let kind = schema.get("type");
            !is_null && kind.is_some_and(|kind| !is_of(value, kind))
        })
    }

    fn items(&mut self, schema: &'a Map<String, Value>, items: &[Value]) -> bool {
        let all = match schema.get("items") {
            Some(of_items) => items.iter().all(|item| self.matches(of_items, item)),
            None => true,
        };
        all && is_within(schema, "minItems", "maxItems", items.len())
            && (schema.get("uniqueItems").is_none_or(|it| *it == false)
                || items
                    .iter()
                    .enumerate()
                    .all(|(at, item)| at < MAX_DEPTH && !items[..at].contains(item)))
    }

    fn members(&mut self, schema: &'a Map<String, Value>, members: &Map<String, Value>) -> bool {
        let required = schema.get("required").and_then(Value::as_array);
        let mut required = required.into_iter().flatten().filter_map(Value::as_str);
        if !required.all(|name| members.contains_key(name))
            || !is_within(schema, "minProperties", "maxProperties", members.len())
        {
            return false;
        }
        let properties = schema.get("properties").and_then(Value::as_object);
        members.iter().all(|(name, member)| {
            match properties.and_then(|properties| properties.get(name)) {
                Some(property) => self.matches(property, member),
                None => match schema.get("additionalProperties") {
                    Some(Value::Bool(allowed)) => *allowed,
                    Some(others) => self.matches(others, member),
                    None => true,
                },
            }
        })
    }

    /// Collects the properties that a schema declares for a value which it applies to.
    fn declare(&mut self, schema: &'a Value, value: &Value, declared: &mut Declared<'a>) {
        self.steps += 1;
        let Some(schema) = self.resolve(schema).filter(|_| self.steps <= MAX_STEPS) else {
            return;
        };
        declared.is_open |= schema.contains_key("additionalProperties");
        let properties = schema.get("properties").and_then(Value::as_object);
        let names = properties.into_iter().flat_map(Map::keys);
        declared.properties.extend(names.map(String::as_str));
        for key in ["allOf", "anyOf", "oneOf"] {
            let parts = schema.get(key).and_then(Value::as_array);
            for part in parts.into_iter().flatten() {
                if key == "allOf" || self.applies(part, value) {
                    self.depth += 1;
                    if self.depth <= MAX_DEPTH {
                        self.declare(part, value, declared);
                    }
                    self.depth -= 1;
                }
            }
        }
    }
}

/// The properties that the parts of a schema declare.
#[derive(Default)]
struct Declared<'a> {
    properties: std::collections::BTreeSet<&'a str>,
    /// True if other properties are allowed explicitly.
    is_open: bool,
}

const COMPOSITION: &[&str] = &["allOf", "anyOf", "enum", "not", "oneOf"];

/// Returns true if a value is certainly of a type.
fn is_of(value: &Value, kind: &Value) -> bool {
    kind.as_str().and_then(|kind| is_of_type(value, kind)) == Some(true)
}

/// Returns true if a count is within limits.
fn is_within(schema: &Map<String, Value>, least: &str, most: &str, count: usize) -> bool {
    let limit = |key| schema.get(key).and_then(Value::as_u64);
    let count = count as u64;
    limit(least).is_none_or(|least| least <= count) && limit(most).is_none_or(|most| count <= most)
}

fn is_number(schema: &Map<String, Value>, number: Option<f64>) -> bool {
    let Some(number) = number else {
        return false;
    };
    let limit = |key| schema.get(key).and_then(Value::as_f64);
    let is_exclusive = |key| schema.get(key) == Some(&Value::Bool(true));
    let is_above = limit("minimum").is_none_or(|minimum| {
        number > minimum || number == minimum && !is_exclusive("exclusiveMinimum")
    });
    let is_below = limit("maximum").is_none_or(|maximum| {
        number < maximum || number == maximum && !is_exclusive("exclusiveMaximum")
    });
    let is_in_format = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => number.abs() <= f64::from(i32::MAX),
        _ => true,
    };
    is_above && is_below && is_in_format && !schema.contains_key("multipleOf")
}

fn is_text(schema: &Map<String, Value>, text: &str) -> bool {
    is_within(schema, "minLength", "maxLength", text.chars().count())
        && is_in_format(schema.get("format").and_then(Value::as_str), text)
        && schema
            .get("pattern")
            .and_then(Value::as_str)
            .is_none_or(|pattern| has_pattern(pattern, text))
}

/// Returns true if a text certainly has a pattern. The time of the search is linear.
fn has_pattern(pattern: &str, text: &str) -> bool {
    let pattern = jsonschema_regex::to_rust_regex(pattern).ok();
    let regex = pattern.and_then(|pattern| regex::Regex::new(&pattern).ok());
    regex.is_some_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_match_only_if_it_is_certain() {
        let schemas = json!({
            "Bed": {"type": "object", "required": ["id"], "properties": {
                "id": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Bed"}}},
            "Loop": {"$ref": "#/components/schemas/Loop"},
        });
        let schemas = schemas.as_object().unwrap();
        let bed = json!({"$ref": "#/components/schemas/Bed"});
        let extended = json!({"allOf": [bed, {"properties": {"size": {"type": "number"}}}]});
        for (schema, value, expected) in [
            (&json!({"type": "string"}), json!("a"), true),
            (&json!({"type": "string"}), json!(1), false),
            (&json!({"type": "string"}), json!(null), false),
            (
                &json!({"type": "string", "nullable": true}),
                json!(null),
                true,
            ),
            (&json!({"type": "string", "enum": ["a"]}), json!("b"), false),
            (
                &json!({"type": "string", "maxLength": 1}),
                json!("ab"),
                false,
            ),
            (
                &json!({"type": "string", "pattern": "^a+$"}),
                json!("aa"),
                true,
            ),
            (
                &json!({"type": "string", "pattern": "^(?=a)"}),
                json!("a"),
                false,
            ),
            (
                &json!({"type": "string", "format": "date"}),
                json!("2026-01-02"),
                true,
            ),
            (
                &json!({"type": "string", "format": "date-time"}),
                json!("2026-01-02T03:04:05.5Z"),
                true,
            ),
            (
                &json!({"type": "string", "format": "date-time"}),
                json!("2026-01-02"),
                false,
            ),
            (
                &json!({"type": "string", "format": "uri"}),
                json!("/a"),
                false,
            ),
            (
                &json!({"type": "string", "format": "email"}),
                json!("a@b.c"),
                true,
            ),
            (
                &json!({"type": "string", "format": "time"}),
                json!("a"),
                false,
            ),
            (
                &json!({"type": "string", "format": "colour"}),
                json!("a"),
                true,
            ),
            (&json!({"type": "integer", "minimum": 1}), json!(1), true),
            (
                &json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}),
                json!(1),
                false,
            ),
            (&json!({"type": "integer"}), json!(1.5), false),
            (
                &json!({"type": "array", "items": bed}),
                json!([{"id": 1}]),
                true,
            ),
            (
                &json!({"type": "array", "items": bed}),
                json!([{"id": "1"}]),
                false,
            ),
            (
                &json!({"type": "array", "items": {}, "uniqueItems": true}),
                json!([1, 1]),
                false,
            ),
            (&bed, json!({"id": 1, "next": {"id": 2}}), true),
            (&bed, json!({"id": 1, "next": {}}), false),
            (&bed, json!({"id": 1, "colour": "red"}), false),
            (&extended, json!({"id": 1, "size": 1.5}), true),
            (&extended, json!({"id": 1, "colour": "red"}), false),
            (
                &json!({"type": "object", "additionalProperties": {"type": "string"}}),
                json!({"a": "b"}),
                true,
            ),
            (
                &json!({"type": "object", "additionalProperties": {"type": "string"}}),
                json!({"a": 1}),
                false,
            ),
            (
                &json!({"anyOf": [{"type": "string"}, bed]}),
                json!({"id": 1}),
                true,
            ),
            (
                &json!({"oneOf": [{"type": "string"}, bed]}),
                json!("a"),
                true,
            ),
            (
                &json!({"oneOf": [bed, {"type": "object"}]}),
                json!({"id": 1}),
                false,
            ),
            (&json!({"not": {"type": "string"}}), json!(1), false),
            (
                &json!({"$ref": "#/components/schemas/Loop"}),
                json!(1),
                false,
            ),
        ] {
            let found = Check::new(schemas).matches(schema, &value);
            assert_eq!(found, expected, "{schema} {value}");
        }
    }
}
