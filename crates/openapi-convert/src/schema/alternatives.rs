//! Alternatives of `null` in `anyOf` and `oneOf`.

use serde_json::{Map, Value, json};

use super::support::Schema;
use super::types::make_null;
use crate::context::Context;
use crate::note::NoteKind;
use crate::walk::Path;

/// Replaces an alternative that allows only `null` by `nullable`.
pub(super) fn without_null(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    for key in ["anyOf", "oneOf"] {
        let Some(Value::Array(alternatives)) = map.get_mut(key) else {
            continue;
        };
        let count = alternatives.len();
        let mut has_prose = false;
        alternatives.retain(|alternative| {
            let is_null = is_null(alternative);
            has_prose |= is_null && alternative.as_object().is_some_and(|map| map.len() > 2);
            !is_null
        });
        if alternatives.len() == count {
            continue;
        }
        if has_prose {
            let message = "the prose of the alternative `null` is dropped";
            context.note(NoteKind::NotExpressed, "null", path.field(key), message);
        }
        let is_allowed = !map.contains_key("type") || is_true(map, "nullable");
        let remaining = match map.get_mut(key) {
            Some(Value::Array(alternatives)) if alternatives.len() == 1 => alternatives.pop(),
            Some(Value::Array(alternatives)) if alternatives.is_empty() => {
                map.remove(key);
                if is_allowed {
                    make_null(map);
                }
                continue;
            }
            _ => None,
        };
        if let Some(single) = remaining {
            if map.contains_key("discriminator") {
                map.insert(key.to_owned(), json!([single]));
            } else {
                map.remove(key);
                absorb(map, single, is_allowed);
            }
        }
        if is_allowed {
            map.insert("nullable".to_owned(), true.into());
        }
    }
}

/// Returns true for a converted schema that allows only `null`.
fn is_null(schema: &Value) -> bool {
    schema.as_object().is_some_and(|map| {
        map.get("enum")
            .is_some_and(|values| *values == json!([null]))
            && map
                .keys()
                .all(|key| matches!(key.as_str(), "enum" | "nullable" | "title" | "description"))
    })
}

fn is_true(map: &Schema, key: &str) -> bool {
    map.get(key).is_some_and(|value| *value == true)
}

/// Adds the keywords of the only alternative to a schema.
fn absorb(map: &mut Schema, single: Value, nullable: bool) {
    match single {
        Value::Object(mut single) => {
            let is_reference = single.contains_key("$ref");
            if nullable && !is_reference {
                single.insert("nullable".to_owned(), true.into());
                if let Some(Value::Array(values)) = single.get_mut("enum")
                    && !values.contains(&Value::Null)
                {
                    values.push(Value::Null);
                }
            }
            let is_disjoint = |single: &Map<String, Value>| {
                single
                    .keys()
                    .all(|key| key == "nullable" || !map.contains_key(key))
            };
            if !is_reference && is_disjoint(&single) {
                map.append(&mut single);
            } else {
                require(map, Value::Object(single));
            }
        }
        other => require(map, other),
    }
}

/// Adds a part to `allOf`.
fn require(map: &mut Schema, part: Value) {
    match map.entry("allOf").or_insert_with(|| json!([])) {
        Value::Array(parts) => parts.push(part),
        other => *other = json!([part]),
    }
}
