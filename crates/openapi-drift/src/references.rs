//! Resolves and validates references within a document.

use std::borrow::Cow;

use serde_json::Value;

use openapi_text::pointer::{escape, of_reference};

/// The maximum length of a chain of references.
pub(crate) const MAX_HOPS: usize = 32;

/// The maximum depth of a document. Parsers have lower limits; this limit is for
/// `Document::from_value`.
const MAX_DEPTH: usize = 256;

/// Returns the JSON pointer of a reference within the document.
pub(crate) fn pointer(reference: &str) -> String {
    of_reference(reference).map_or_else(|| reference.to_owned(), Cow::into_owned)
}

/// Returns the target of a reference.
pub(crate) fn target<'d>(document: &'d Value, reference: &str) -> Option<&'d Value> {
    document.pointer(&of_reference(reference)?)
}

/// Reports every invalid reference with its pointer and a message.
pub(crate) fn check(document: &Value, reject: &mut dyn FnMut(&str, String)) {
    Check {
        document,
        reject,
        pointer: String::new(),
    }
    .object(document, 0);
}

struct Check<'a> {
    document: &'a Value,
    reject: &'a mut dyn FnMut(&str, String),
    pointer: String,
}

/// Maps whose keys are names rather than keywords.
const NAMED: &[&str] = &[
    "callbacks",
    "content",
    "encoding",
    "examples",
    "headers",
    "links",
    "parameters",
    "paths",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "variables",
];

/// Keywords whose values contain no references.
const DATA: &[&str] = &[
    "default", "enum", "example", "mapping", "scopes", "security", "value",
];

impl Check<'_> {
    fn object(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(reference)) = map.get("$ref") {
                    return self.reference(reference);
                }
                for (key, value) in map {
                    if !DATA.contains(&key.as_str()) && !key.starts_with("x-") {
                        let named = NAMED.contains(&key.as_str());
                        self.inside(key, depth, |check, depth| {
                            if named {
                                check.names(value, depth);
                            } else {
                                check.object(value, depth);
                            }
                        });
                    }
                }
            }
            Value::Array(items) => self.items(items, depth),
            _ => {}
        }
    }

    fn names(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(map) => {
                for (name, value) in map {
                    self.inside(name, depth, |check, depth| check.object(value, depth));
                }
            }
            other => self.object(other, depth),
        }
    }

    fn items(&mut self, items: &[Value], depth: usize) {
        for (at, item) in items.iter().enumerate() {
            self.inside(&at.to_string(), depth, |check, depth| {
                check.object(item, depth);
            });
        }
    }

    fn inside(&mut self, key: &str, depth: usize, visit: impl FnOnce(&mut Self, usize)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer.push_str(&escape(key));
        if depth < MAX_DEPTH {
            visit(self, depth + 1);
        } else {
            (self.reject)(
                &self.pointer,
                format!("the document is nested more than {MAX_DEPTH} levels deep"),
            );
        }
        self.pointer.truncate(length);
    }

    fn reference(&mut self, reference: &str) {
        let problem = if !reference.starts_with('#') {
            format!("`{reference}` refers to another document: move its target into this document")
        } else {
            match self.end(reference) {
                End::Value => return,
                End::Missing(target) => {
                    format!("`{target}` does not exist in this document")
                }
                End::Loop => {
                    format!("`{reference}` is a chain of references that never reaches a value")
                }
            }
        };
        let pointer = format!("{}/$ref", self.pointer);
        (self.reject)(&pointer, problem);
    }

    /// Follows a chain of references.
    fn end(&self, reference: &str) -> End {
        let mut reference = reference.to_owned();
        for _ in 0..MAX_HOPS {
            let Some(value) = target(self.document, &reference) else {
                return End::Missing(reference);
            };
            match value.get("$ref").and_then(Value::as_str) {
                Some(next) => reference = next.to_owned(),
                None => return End::Value,
            }
        }
        End::Loop
    }
}

/// The end of a chain of references.
enum End {
    Value,
    /// The reference without a target.
    Missing(String),
    Loop,
}

/// Resolves chained references. A value without a reference is returned as it is.
pub(crate) fn resolved<'d>(document: &'d Value, value: &'d Value) -> &'d Value {
    let next = |value: &&'d Value| target(document, value.get("$ref")?.as_str()?);
    std::iter::successors(Some(value), next)
        .take(MAX_HOPS)
        .last()
        .unwrap_or(value)
}

/// Visits every reference in a value, in document order.
pub(crate) fn each<'d>(value: &'d Value, found: &mut dyn FnMut(&'d str)) {
    match value {
        Value::Object(map) => {
            if let Some(Value::String(reference)) = map.get("$ref") {
                return found(reference);
            }
            for (key, value) in map
                .iter()
                .filter(|(_, value)| value.is_object() || value.is_array())
            {
                if DATA.contains(&key.as_str()) || key.starts_with("x-") {
                    continue;
                }
                match value {
                    Value::Object(names) if NAMED.contains(&key.as_str()) => {
                        names.values().for_each(|value| each(value, found));
                    }
                    value => each(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| each(item, found)),
        _ => {}
    }
}
