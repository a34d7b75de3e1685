//! Finds the schema that a discriminator selects.
//!
//! A discriminator selects one of the alternatives beside it, or a schema that inherits from its
//! own through `allOf`. A value is an entry of `mapping` or the name of a schema.

use std::collections::HashSet;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::limits::shown;
use super::validation::Validation;
use super::validator::{SchemaViolation, Validator};
use crate::pointer::{escape, unescape};

/// The result of a discriminator.
pub(super) enum Choice<'b> {
    /// The schema has no discriminator, or the discriminator does not decide.
    Any,
    /// The discriminator selects this schema.
    Schema(&'b Value),
    /// The value selects no schema.
    Unknown(SchemaViolation),
}

impl Validation<'_> {
    /// Returns the schema that the discriminator of a resolved schema selects.
    pub(super) fn choice<'b>(&'b self, schema: &'b Value, value: &Value) -> Choice<'b> {
        let found = schema.get("discriminator").and_then(|discriminator| {
            let property = discriminator.get("propertyName")?.as_str()?;
            Some((discriminator, property, value.get(property)?.as_str()?))
        });
        let Some((discriminator, property, named)) = found else {
            return Choice::Any;
        };
        let validator = self.validator;
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let target = target(&self.validator, mapping, named);
        let alternatives: Vec<&Value> = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|keyword| schema.get(keyword)?.as_array())
            .flatten()
            .collect();
        let is_target = |part: &&&Value| {
            target.is_some_and(|target| std::ptr::eq(validator.resolved(part), target))
        };
        if let Some(chosen) = alternatives.iter().find(is_target) {
            return Choice::Schema(chosen);
        }
        let limits_property = |part: &Value| validator.limits_property(part, property);
        let heirs;
        let known: Vec<&str> = if alternatives.is_empty() {
            if let Some(target) = target
                && (std::ptr::eq(target, schema) || validator.inherits(target, schema))
            {
                return Choice::Schema(target);
            }
            heirs = self.heirs(schema);
            heirs.iter().map(String::as_str).collect()
        } else if alternatives.iter().all(|part| part.get("$ref").is_some()) {
            let references = alternatives.iter().filter_map(|part| part["$ref"].as_str());
            references
                .filter_map(|reference| reference.strip_prefix(SCHEMAS))
                .collect()
        } else {
            // A discriminator cannot select an inline schema.
            Vec::new()
        };
        // Many documents use values that are not names of schemas, and enumerate them.
        if known.is_empty()
            || alternatives
                .into_iter()
                .chain([schema])
                .any(limits_property)
        {
            return Choice::Any;
        }
        let mapped = mapping.into_iter().flat_map(Map::keys).map(String::as_str);
        let mut known: Vec<&str> = mapped.chain(known).collect();
        known.sort_unstable();
        known.dedup();
        Choice::Unknown(SchemaViolation {
            pointer: format!("/{}", escape(property)),
            reason: format!(
                "is {}, which selects no schema; known values: {}",
                shown(&Value::from(named)),
                known.join(", ")
            ),
        })
    }
}

impl Validation<'_> {
    /// Returns the names of the schemas that inherit from a schema.
    fn heirs(&self, schema: &Value) -> Rc<Vec<String>> {
        if let Some(known) = self.heirs.borrow().get(&std::ptr::from_ref(schema)) {
            return Rc::clone(known);
        }
        let validator = self.validator;
        let heirs = validator.document.schemas();
        let heirs = heirs.filter(|(_, own)| validator.inherits(own, schema));
        let heirs: Rc<Vec<String>> = Rc::new(heirs.map(|(name, _)| name.to_owned()).collect());
        self.heirs.borrow_mut().insert(schema, Rc::clone(&heirs));
        heirs
    }
}

impl Validator<'_> {
    /// Returns true if a schema has another as a part of `allOf`, directly or not.
    pub(crate) fn inherits(&self, schema: &Value, base: &Value) -> bool {
        self.parts(schema)
            .into_iter()
            .skip(1)
            .any(|part| std::ptr::eq(part, base))
    }

    /// Returns true if a schema has an `enum` for a property.
    fn limits_property(&self, schema: &Value, property: &str) -> bool {
        let own = |part: &Value| {
            let property = part.get("properties").and_then(|own| own.get(property));
            property.is_some_and(|property| self.resolved(property).get("enum").is_some())
        };
        self.parts(schema).into_iter().any(own)
    }

    /// Returns a schema and the parts of its `allOf`, resolved.
    fn parts<'b>(&'b self, schema: &'b Value) -> Vec<&'b Value> {
        let (mut parts, mut seen, mut next) = (Vec::new(), HashSet::new(), vec![schema]);
        while let Some(part) = next.pop() {
            let part = self.resolved(part);
            if seen.insert(std::ptr::from_ref(part)) {
                parts.push(part);
                let inner = part.get("allOf").and_then(Value::as_array);
                next.extend(inner.into_iter().flatten());
            }
        }
        parts
    }
}

const SCHEMAS: &str = "#/components/schemas/";

/// Returns the schema that a value names.
fn target<'b>(
    validator: &'b Validator<'_>,
    mapping: Option<&Map<String, Value>>,
    named: &str,
) -> Option<&'b Value> {
    let mapped = mapping.and_then(|mapping| mapping.get(named)?.as_str());
    let reference = mapped.unwrap_or(named);
    let name = reference.strip_prefix(SCHEMAS).unwrap_or(reference);
    let schemas = validator.document.root().pointer("/components/schemas")?;
    Some(validator.resolved(schemas.get(unescape(name))?))
}
