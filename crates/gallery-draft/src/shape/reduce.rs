//! Makes a document valid by the removal of its invalid parts, each alone.

use openapi_text::pointer::push;
use serde_json::{Map, Value, json};

use super::{Kind, Subparts};

/// An invalid part and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// The JSON pointer of the part.
    pub pointer: String,
    /// The reason.
    pub reason: String,
    /// The change, such as "`enum` is removed".
    pub consequence: String,
}

/// Removes the invalid parts of a document. A key that makes a part invalid is removed; if no key
/// does it alone, the part becomes one of any content.
pub fn reduce_document(document: &mut Value) -> Vec<Reduction> {
    let mut reductions = Vec::new();
    reduce(
        Kind::Document,
        document,
        &mut String::new(),
        &mut reductions,
    );
    reductions
}

fn reduce(kind: Kind, part: &mut Value, pointer: &mut String, reductions: &mut Vec<Reduction>) {
    if kind.may_be_reference() && part.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    if let Err(reason) = alone(kind, part) {
        let consequence = reduce_alone(kind, part);
        reductions.push(Reduction {
            pointer: pointer.clone(),
            reason,
            consequence,
        });
    }
    let Value::Object(map) = part else {
        return;
    };
    for (key, value) in map.iter_mut() {
        let length = pointer.len();
        match (kind.subparts(key), value) {
            (Some(Subparts::One(_)), Value::Null | Value::Bool(_)) | (None, _) => {}
            (Some(Subparts::One(kind)), value) => {
                push(pointer, key);
                reduce(kind, value, pointer, reductions);
            }
            (Some(Subparts::List(kind)), Value::Array(items)) => {
                push(pointer, key);
                for (index, item) in items.iter_mut().enumerate() {
                    let length = pointer.len();
                    push(pointer, &index.to_string());
                    reduce(kind, item, pointer, reductions);
                    pointer.truncate(length);
                }
            }
            (Some(Subparts::Map(kind)), Value::Object(items)) => {
                push(pointer, key);
                for (name, item) in items {
                    let length = pointer.len();
                    push(pointer, name);
                    reduce(kind, item, pointer, reductions);
                    pointer.truncate(length);
                }
            }
            _ => {}
        }
        pointer.truncate(length);
    }
}

/// Checks a part without its subparts.
fn alone(kind: Kind, part: &Value) -> Result<(), String> {
    let without_subparts = match part {
        Value::Object(map) => Value::Object(without_subparts(kind, map)),
        other => other.clone(),
    };
    kind.deserialize(without_subparts)
        .map_err(|error| error.to_string())
}

/// Returns a part with placeholders for its subparts.
fn without_subparts(kind: Kind, part: &Map<String, Value>) -> Map<String, Value> {
    part.iter()
        .map(|(key, value)| {
            let value = super::detach(kind, "", key, value, &mut Vec::new());
            (key.clone(), value)
        })
        .collect()
}

/// Makes a part valid. Returns what was done.
fn reduce_alone(kind: Kind, part: &mut Value) -> String {
    let Value::Object(map) = part else {
        *part = untyped(kind);
        return "it may have any content".to_owned();
    };
    // Subparts can be large, so the candidates have none.
    let mut candidate = without_subparts(kind, map);
    let is_valid = |candidate: &Map<String, Value>| {
        let candidate = Value::Object(candidate.clone());
        kind.deserialize(candidate).is_ok()
    };
    let keys: Vec<String> = map.keys().cloned().collect();
    for key in keys {
        let Some(value) = candidate.remove(&key) else {
            continue;
        };
        if is_valid(&candidate) {
            map.remove(&key);
            return format!("`{key}` is removed");
        }
        candidate.insert(key, value);
    }
    // Several keys are wrong: keep those that are valid together.
    let mut all = candidate;
    let mut kept = match untyped(kind) {
        Value::Object(kept) => kept,
        _ => Map::new(),
    };
    let mut candidate = kept.clone();
    let mut removed = Vec::new();
    for (key, value) in std::mem::take(map) {
        let before = candidate.insert(key.clone(), all.remove(&key).unwrap_or_default());
        if is_valid(&candidate) {
            kept.insert(key, value);
            continue;
        }
        removed.push(format!("`{key}`"));
        match before {
            Some(before) => _ = candidate.insert(key, before),
            None => _ = candidate.remove(&key),
        }
    }
    *map = kept;
    format!("{} are removed", removed.join(", "))
}

/// Returns a valid part that says nothing.
fn untyped(kind: Kind) -> Value {
    match kind {
        Kind::Document => {
            json!({"openapi": "3.0.3", "info": {"title": "", "version": ""}, "paths": {}})
        }
        Kind::Operation => json!({"responses": {}}),
        Kind::Parameter => json!({"in": "query", "name": "unknown", "schema": {}}),
        Kind::Header => json!({"schema": {}}),
        Kind::Body => json!({"content": {}}),
        Kind::Response => json!({"description": ""}),
        _ => Value::Object(Map::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check_document;

    #[test]
    fn removes_only_what_is_invalid() {
        let mut document = json!({
            "openapi": "3.0.3",
            "info": {"title": "T", "version": "1"},
            "paths": {"/a": {"get": {
                "summary": 5,
                "parameters": [
                    {"in": "query", "name": "q", "schema": {"type": "string", "enum": 1}},
                    {"in": "query", "name": "r", "schema": {"type": "integer", "maximum": "x", "enum": {}}},
                ],
                "responses": {"200": {"description": "", "content": {"a/b": {"schema": {"properties": {"x": {"type": "object", "properties": []}, "y": {"type": "string"}}}}}}},
            }}},
            "components": {"schemas": {"A": 1, "B": {"type": "array", "items": {"type": "nothing"}}}},
        });
        let reductions = reduce_document(&mut document);
        assert_eq!(check_document(&document), Ok(()));
        let found: Vec<String> = reductions
            .iter()
            .map(|it| format!("{} {}", it.pointer, it.consequence))
            .collect();
        assert_eq!(
            found,
            [
                "/components/schemas/A it may have any content",
                "/paths/~1a/get `summary` is removed",
                "/paths/~1a/get/parameters/0/schema `enum` is removed",
                "/paths/~1a/get/parameters/1/schema `enum`, `maximum` are removed",
                "/paths/~1a/get/responses/200/content/a~1b/schema/properties/x `properties` is removed",
            ]
        );
        let property = "/paths/~1a/get/responses/200/content/a~1b/schema/properties/y/type";
        assert_eq!(document.pointer(property), Some(&json!("string")));
    }
}
