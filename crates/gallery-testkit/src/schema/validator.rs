//! A document with the direction of the values that are validated.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::limits::shown;
use crate::document::Document;

/// The direction of a value. Requests have no read-only properties, responses have no write-only
/// ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Request,
    Response,
}

impl Direction {
    /// Returns the keyword of properties that are left out in this direction.
    pub(crate) fn excluding_keyword(self) -> &'static str {
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

/// Maximum nesting of schemas, since every level uses the stack.
pub(super) const DEPTH: usize = 200;

/// Validates values against the schemas of a document.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Validator<'a> {
    pub(crate) document: &'a Document,
    pub(crate) direction: Direction,
}

impl<'a> Validator<'a> {
    pub(crate) fn new(document: &'a Document, direction: Direction) -> Validator<'a> {
        Validator {
            document,
            direction,
        }
    }

    /// Returns true if a schema allows values of a type. A schema without a type allows all.
    pub(crate) fn allows_type(&self, schema: &Value, kind: &str) -> bool {
        self.allows_type_within(schema, kind, DEPTH, &mut HashMap::new())
    }

    /// `known` has the results by address. A schema that contains itself adds no limit.
    fn allows_type_within(
        &self,
        schema: &Value,
        kind: &str,
        depth: usize,
        known: &mut HashMap<*const Value, bool>,
    ) -> bool {
        let schema = self.resolved(schema);
        if let Some(result) = known.get(&std::ptr::from_ref(schema)) {
            return *result;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        known.insert(schema, true);
        let list = |keyword: &str| schema.get(keyword).and_then(Value::as_array);
        let own = match schema.get("type").and_then(Value::as_str) {
            Some(own) => own == kind || (own == "number" && kind == "integer"),
            None if schema.get("properties").is_some() => kind == "object",
            None if schema.get("items").is_some() => kind == "array",
            None => true,
        };
        let mut result = own;
        for part in list("allOf").into_iter().flatten() {
            result = result && self.allows_type_within(part, kind, depth, known);
        }
        for alternatives in ["oneOf", "anyOf"].into_iter().filter_map(list) {
            let mut allows = |part| self.allows_type_within(part, kind, depth, known);
            result = result && alternatives.iter().any(&mut allows);
        }
        known.insert(schema, result);
        result
    }

    /// Follows references to references.
    pub(super) fn resolved<'b>(&'b self, schema: &'b Value) -> &'b Value {
        (0..16).fold(schema, |schema, _| self.document.resolve(schema))
    }
}

/// Returns the reason why a value does not have the type of a schema.
pub(super) fn type_violation(schema: &Map<String, Value>, value: &Value) -> Option<String> {
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
