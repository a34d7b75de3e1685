//! One validation of a value: its objects and arrays.
//!
//! Each schema is evaluated once for each value, so the run time is linear in both even if schemas
//! share parts.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::equality::canonical;
use super::limits::{self, shown};
use super::validator::{DEPTH, Direction, SchemaViolation, Validator, type_violation};
use crate::pointer::escape;

/// Maximum number of property names in a message.
const NAMES: usize = 100;

impl Validator<'_> {
    /// Returns all violations of a schema.
    pub(crate) fn violations(&self, schema: &Value, value: &Value) -> Vec<SchemaViolation> {
        Validation::new(*self).root(schema, value)
    }

    /// Returns true if a value has no violations.
    pub(crate) fn is_valid(&self, schema: &Value, value: &Value) -> bool {
        self.violations(schema, value).is_empty()
    }
}

/// A schema, a value, and the schema with which the value was entered, by address.
type Key = (*const Value, *const Value, *const Value);

type Names = Rc<HashSet<String>>;

/// One validation, with the results so far.
pub(super) struct Validation<'a> {
    pub(super) validator: Validator<'a>,
    /// `None` while the schema is evaluated: a schema that contains itself adds no limit.
    known: RefCell<HashMap<Key, Option<Rc<[SchemaViolation]>>>>,
    /// The properties that are left out, by the address of the schema with which an object was
    /// entered.
    excluded: RefCell<HashMap<*const Value, Names>>,
    /// The names of the schemas that inherit from a schema, by its address.
    pub(super) heirs: RefCell<HashMap<*const Value, Rc<Vec<String>>>>,
}

/// A value with its JSON pointer, and the nesting of schemas so far.
#[derive(Clone, Copy)]
pub(super) struct At<'b> {
    pub(super) value: &'b Value,
    pub(super) pointer: &'b str,
    pub(super) depth: usize,
    /// The schema with which the value was entered. The others are its parts.
    pub(super) entry: &'b Value,
}

impl At<'_> {
    pub(super) fn violation(self, reason: String) -> SchemaViolation {
        SchemaViolation {
            pointer: self.pointer.to_owned(),
            reason,
        }
    }
}

impl<'a> Validation<'a> {
    pub(super) fn new(validator: Validator<'a>) -> Validation<'a> {
        Validation {
            validator,
            known: RefCell::default(),
            excluded: RefCell::default(),
            heirs: RefCell::default(),
        }
    }

    /// Returns all violations of a schema.
    pub(super) fn root(&self, schema: &Value, value: &Value) -> Vec<SchemaViolation> {
        let at = At {
            value,
            pointer: "",
            depth: 0,
            entry: schema,
        };
        self.at(schema, at).to_vec()
    }

    /// Returns the violations of a schema or of a part of it.
    pub(super) fn at(&self, schema: &Value, at: At<'_>) -> Rc<[SchemaViolation]> {
        let schema = self.validator.resolved(schema);
        let key: Key = (schema, at.value, at.entry);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone().unwrap_or_default();
        }
        self.known.borrow_mut().insert(key, None);
        let violations: Rc<[SchemaViolation]> = match schema {
            // An unresolvable reference allows everything.
            Value::Object(keywords) if at.depth <= DEPTH && !keywords.contains_key("$ref") => {
                self.evaluated(schema, keywords, at).into()
            }
            _ => Rc::default(),
        };
        self.known
            .borrow_mut()
            .insert(key, Some(Rc::clone(&violations)));
        violations
    }

    /// Returns the violations of an item or a property.
    fn inside(
        &self,
        schema: &Value,
        value: &Value,
        pointer: &str,
        depth: usize,
    ) -> Rc<[SchemaViolation]> {
        let at = At {
            value,
            pointer,
            depth: depth + 1,
            entry: schema,
        };
        self.at(schema, at)
    }

    fn evaluated(
        &self,
        schema: &Value,
        keywords: &Map<String, Value>,
        at: At<'_>,
    ) -> Vec<SchemaViolation> {
        if at.value.is_null() && keywords.get("nullable") == Some(&Value::Bool(true)) {
            return Vec::new();
        }
        if let Some(reason) = type_violation(keywords, at.value) {
            return vec![at.violation(reason)];
        }
        let patterns = &self.validator.document.patterns;
        let mut violations: Vec<SchemaViolation> = limits::violations(keywords, at.value, patterns)
            .into_iter()
            .map(|reason| at.violation(reason))
            .collect();
        match at.value {
            Value::Object(map) => self.object(keywords, map, at, &mut violations),
            Value::Array(items) => self.items(keywords, items, at, &mut violations),
            _ => {}
        }
        self.combined(schema, keywords, at, &mut violations);
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
        for name in required.filter(|name| !map.contains_key(*name)) {
            if !self.excluded(at.entry).contains(name) {
                violations.push(at.violation(format!("lacks the required property `{name}`")));
            }
        }
        // Sorted, to be independent of the order of maps.
        let mut fields: Vec<(&String, &Value)> = map.iter().collect();
        fields.sort_unstable_by_key(|(name, _)| *name);
        let mut allowed = None;
        for (name, value) in fields {
            let pointer = format!("{}/{}", at.pointer, escape(name));
            let violation = |reason: String| SchemaViolation {
                pointer: pointer.clone(),
                reason,
            };
            let inside = |schema: &Value| self.inside(schema, value, &pointer, at.depth);
            match (property(name), schema.get("additionalProperties")) {
                (Some(own), _) if self.is_excluded(own) => {
                    violations.push(violation(match self.validator.direction {
                        Direction::Request => "is read-only and must not be sent".to_owned(),
                        Direction::Response => "is write-only and must not be returned".to_owned(),
                    }));
                }
                (Some(own), _) => violations.extend_from_slice(&inside(own)),
                (None, Some(Value::Bool(false))) => {
                    let allowed: &String = allowed.get_or_insert_with(|| names(properties));
                    violations.push(violation(format!(
                        "is not a property of the schema; properties: {allowed}"
                    )));
                }
                (None, Some(other)) => violations.extend_from_slice(&inside(other)),
                (None, None) => {}
            }
        }
    }

    /// Returns true if a property is left out in this direction.
    fn is_excluded(&self, property: &Value) -> bool {
        let keyword = self.validator.direction.excluding_keyword();
        self.validator.resolved(property).get(keyword) == Some(&Value::Bool(true))
    }

    /// Returns the properties that any part of a schema leaves out in this direction.
    fn excluded(&self, entry: &Value) -> Names {
        if let Some(known) = self.excluded.borrow().get(&std::ptr::from_ref(entry)) {
            return Rc::clone(known);
        }
        let (mut names, mut seen, mut parts) = (HashSet::new(), HashSet::new(), vec![entry]);
        while let Some(part) = parts.pop() {
            let part = self.validator.resolved(part);
            if !seen.insert(std::ptr::from_ref(part)) {
                continue;
            }
            let properties = part.get("properties").and_then(Value::as_object);
            let excluded = properties.into_iter().flatten();
            names.extend(
                excluded
                    .filter(|(_, property)| self.is_excluded(property))
                    .map(|(name, _)| name.clone()),
            );
            for keyword in ["allOf", "oneOf", "anyOf"] {
                parts.extend(
                    part.get(keyword)
                        .and_then(Value::as_array)
                        .into_iter()
                        .flatten(),
                );
            }
        }
        let names = Rc::new(names);
        self.excluded.borrow_mut().insert(entry, Rc::clone(&names));
        names
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
                violations.extend_from_slice(&self.inside(inner, value, &pointer, at.depth));
            }
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            let mut seen = HashSet::new();
            let mut is_new = |item: &&Value| !seen.insert(canonical(item).to_string());
            if let Some(twice) = items.iter().find(|item| is_new(item)) {
                violations.push(at.violation(format!(
                    "contains {} twice, but its items must be unique",
                    shown(twice)
                )));
            }
        }
    }
}

/// Returns the names of properties, sorted.
fn names(properties: Option<&Map<String, Value>>) -> String {
    let keys = properties.into_iter().flat_map(Map::keys);
    let mut names: Vec<&str> = keys.map(String::as_str).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    match (names.is_empty(), more) {
        (true, _) => "none".to_owned(),
        (false, 0) => names.join(", "),
        (false, more) => format!("{} and {more} more", names.join(", ")),
    }
}
