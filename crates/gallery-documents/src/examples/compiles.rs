//! Finds the schemas that validators of JSON Schema reject.

use std::collections::{BTreeMap, BTreeSet};

use regress::Regex;
use serde_json::{Map, Value};

use crate::model::{Kind, walk};
use openapi_text::pointer::unescape;

/// The maximum number of parts of a schema that is looked at for one example.
const MAX_PARTS: usize = 1_000;

/// The schemas that validators do not accept, or that lead to such a schema.
pub(super) struct Compiles {
    rejected: BTreeSet<String>,
}

impl Compiles {
    /// Looks at the components of a document.
    pub(super) fn new(schemas: &Map<String, Value>) -> Compiles {
        let mut users: BTreeMap<String, Vec<&str>> = BTreeMap::new();
        let mut open: Vec<String> = Vec::new();
        for (user, schema) in schemas {
            let mut is_rejected = false;
            for part in parts(schema, usize::MAX) {
                is_rejected |= is_rejected_alone(part);
                if let Some(target) = target(part) {
                    is_rejected |= !schemas.contains_key(&target);
                    users.entry(target).or_default().push(user);
                }
            }
            if is_rejected {
                open.push(user.clone());
            }
        }
        let mut rejected = BTreeSet::new();
        while let Some(name) = open.pop() {
            if rejected.insert(name.clone()) {
                let users = users.get(&name).into_iter().flatten();
                open.extend(users.map(|user| (*user).to_owned()));
            }
        }
        Compiles { rejected }
    }

    /// Returns true if validators certainly accept a schema of the document.
    pub(super) fn schema(&self, schema: &Value) -> bool {
        let parts = parts(schema, MAX_PARTS);
        parts.len() < MAX_PARTS
            && !parts.iter().any(|part| {
                is_rejected_alone(part)
                    || target(part).is_some_and(|name| self.rejected.contains(&name))
            })
    }
}

/// Returns the parts of a schema that are schemas, at most this number.
fn parts(schema: &Value, limit: usize) -> Vec<&Value> {
    let mut parts = Vec::new();
    walk(
        Kind::Schema,
        schema,
        &mut String::new(),
        &mut |kind, value, _| {
            if kind == Kind::Schema && parts.len() < limit {
                parts.push(value);
            }
            parts.len() < limit
        },
    );
    parts
}

fn target(schema: &Value) -> Option<String> {
    name(schema.get("$ref")?.as_str()?)
}

/// Returns true for keywords that validators reject: `nullable` without `type`, a discriminator,
/// whose rules differ between versions, and patterns that are not regular expressions of ECMAScript
/// with the flag `u`.
fn is_rejected_alone(schema: &Value) -> bool {
    let is_pattern = |pattern: &str| Regex::with_flags(pattern, "u").is_ok();
    schema.get("$ref").is_none()
        && (schema.get("discriminator").is_some()
            || schema.get("nullable").is_some() && schema.get("type").is_none()
            || schema
                .get("pattern")
                .and_then(Value::as_str)
                .is_some_and(|pattern| !is_pattern(pattern)))
}

/// Returns the name of the schema that a reference leads to.
pub(super) fn name(reference: &str) -> Option<String> {
    let name = reference.strip_prefix("#/components/schemas/")?;
    Some(unescape(name))
}
