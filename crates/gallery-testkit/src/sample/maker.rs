//! Creates a value of a schema.

use std::cell::Cell;

use serde_json::{Map, Value, json};

use super::alternatives::{listed, lowest};
use super::flat::{flat, values};
use super::limited::{self, Samples};
use super::null::first_alternative;
use crate::document::Document;
use crate::schema::{Direction, Validator};

/// Maximum depth, since schemas can be recursive.
const DEPTH: usize = 3;

/// Maximum depth of required properties.
const REQUIRED_DEPTH: usize = 32;

/// Maximum number of values. Beyond it, optional properties are left out.
const VALUES: usize = 20_000;

const SCHEMAS: &str = "#/components/schemas/";

pub(super) struct Maker<'a> {
    document: &'a Document,
    samples: Samples,
    /// The number of values so far.
    count: Cell<usize>,
}

impl<'a> Maker<'a> {
    pub(super) fn new(document: &'a Document, samples: Samples) -> Maker<'a> {
        Maker {
            document,
            samples,
            count: Cell::new(0),
        }
    }

    /// Returns a value whose arrays have `items` items. `name` is the name of the property.
    pub(super) fn nested(&self, schema: &Value, name: &str, items: usize, depth: usize) -> Value {
        self.count.set(self.count.get() + 1);
        // Recursive unions end with the lowest alternative.
        if depth >= DEPTH
            && let Some(lowest) = lowest(self.document, schema)
        {
            return self.nested(&lowest, name, items, depth);
        }
        let flat = &flat(self.document, schema);
        let is_edge = self.samples == Samples::Edge;
        if let Some(values) = values(flat) {
            let at = if is_edge { items % values.len() } else { 0 };
            return values[at].clone();
        }
        match flat.get("type").and_then(Value::as_str) {
            Some("string" | "integer" | "number") => {
                limited::scalar(self.document, flat, name, self.samples)
            }
            Some("boolean") => json!(true),
            // Arrays can contain themselves.
            Some("array") if depth > 2 * DEPTH => json!([]),
            Some("array") => {
                let count = limited::count(flat, items);
                // Nested arrays stay short to keep the test fast.
                let item = flat.get("items").map_or(json!("item"), |inner| {
                    self.nested(inner, name, items.min(2), depth + 1)
                });
                Value::Array(vec![item; count])
            }
            Some("object") => {
                let mut map = self.object(flat, items, depth);
                self.select(schema, flat, &mut map);
                map.into()
            }
            _ if is_edge => json!({"any": ["json", 1, null, true]}),
            _ => json!({}),
        }
    }

    fn object(&self, schema: &Value, items: usize, depth: usize) -> Map<String, Value> {
        let listed = schema.get("required").and_then(Value::as_array);
        let listed: Vec<&str> = listed
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let properties = schema.get("properties").and_then(Value::as_object);
        let mut map = Map::new();
        for (name, inner) in properties.into_iter().flatten() {
            let has_values = self.count.get() < VALUES;
            let is_required = listed.contains(&name.as_str());
            let has_depth = match is_required {
                true => depth < 2 * DEPTH || (depth < REQUIRED_DEPTH && has_values),
                false => depth < DEPTH && has_values,
            };
            if has_depth {
                map.insert(name.clone(), self.nested(inner, name, items, depth + 1));
            }
        }
        let is_declared = |name: &str| properties.is_some_and(|own| own.contains_key(name));
        for name in listed.into_iter().filter(|name| !is_declared(name)) {
            map.insert(name.to_owned(), json!(7));
        }
        if let Some(inner) = schema
            .get("additionalProperties")
            .filter(|inner| inner.is_object() && depth < DEPTH)
        {
            map.insert(
                "another".to_owned(),
                self.nested(inner, "another", items, depth + 1),
            );
        }
        map
    }

    /// Sets the property of a discriminator to the value that selects the schema.
    fn select(&self, schema: &Value, flat: &Value, map: &mut Map<String, Value>) {
        let Some(discriminator) = flat.get("discriminator") else {
            return;
        };
        let property = discriminator.get("propertyName").and_then(Value::as_str);
        let alternative = first_alternative(self.document, listed(self.document.resolve(schema)))
            .or_else(|| schema.get("allOf")?.as_array()?.last());
        let name = alternative.and_then(|own| self.name(own, 0));
        let Some((property, name)) = property.zip(name.or_else(|| self.name(schema, 0))) else {
            return;
        };
        // A property that only the discriminator names is part of a union's values.
        if alternative.is_none() && !map.contains_key(property) {
            return;
        }
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let is_target =
            |reference: &str| reference.strip_prefix(SCHEMAS).unwrap_or(reference) == name;
        let mapped = mapping
            .into_iter()
            .flatten()
            .find(|(_, target)| target.as_str().is_some_and(is_target))
            .map(|(value, _)| value.as_str());
        let value = Value::from(mapped.unwrap_or(name));
        let validator = Validator::new(self.document, Direction::Response);
        let own = flat.get("properties").and_then(|own| own.get(property));
        if own.is_none_or(|own| validator.is_valid(own, &value)) {
            map.insert(property.to_owned(), value);
        }
    }

    /// Returns the name of a schema, or of its first alternative.
    fn name<'b>(&'b self, schema: &'b Value, depth: usize) -> Option<&'b str> {
        let inner = match schema.get("$ref") {
            Some(_) => Some(self.document.resolve(schema)),
            None => first_alternative(self.document, listed(schema)),
        };
        let inner = inner.filter(|inner| depth < 16 && !std::ptr::eq(*inner, schema));
        let own = schema.get("$ref").and_then(Value::as_str);
        inner
            .and_then(|inner| self.name(inner, depth + 1))
            .or_else(|| own?.strip_prefix(SCHEMAS))
    }
}
