//! Functions that several conversions of keywords use.

use serde_json::{Map, Value, json};

use crate::context::{Context, JSON_SCHEMA};
use crate::note::NoteKind;
use crate::version::Version;

/// A schema that is a map.
pub(super) type Schema = Map<String, Value>;

/// Adds keywords to the extension of a schema.
pub(super) fn keep(map: &mut Schema, kept: Schema) {
    if kept.is_empty() {
        return;
    }
    match map
        .entry(JSON_SCHEMA)
        .or_insert_with(|| Value::Object(Map::new()))
    {
        Value::Object(extension) => extension.extend(kept),
        other => *other = Value::Object(kept),
    }
}

/// Moves definitions to the components.
pub(crate) fn move_definitions(
    map: &mut Schema,
    key: &'static str,
    pointer: &str,
    context: &mut Context,
) {
    let Some(Value::Object(entries)) = map.remove(key) else {
        return;
    };
    for (name, schema) in entries {
        let at = format!("{pointer}/{key}/{}", openapi_text::pointer::escape(&name));
        if let Some(new) = context.targets.definition(&at) {
            let new = new.to_owned();
            context.schemas.insert(new, schema);
        }
    }
}

/// Returns true if a schema is small enough to be copied: it has no children.
fn is_shallow(schema: &Value) -> bool {
    const MAX_FIELDS: usize = 8;
    let Value::Object(map) = schema else {
        return true;
    };
    let is_scalar = |value: &Value| match value {
        Value::Array(items) => {
            items.len() <= MAX_FIELDS
                && items
                    .iter()
                    .all(|item| !item.is_array() && !item.is_object())
        }
        Value::Object(_) => false,
        _ => true,
    };
    map.len() <= MAX_FIELDS && map.values().all(is_scalar)
}

/// Returns a schema for values of any of some schemas. The children of schemas are not copied:
/// deep schemas are only represented by their types.
pub(super) fn union<'a>(schemas: impl Iterator<Item = &'a Value>) -> Value {
    let mut distinct = std::collections::BTreeMap::new();
    for schema in schemas {
        let copy = if is_shallow(schema) {
            schema.clone()
        } else {
            match schema.get("type") {
                Some(kind @ Value::String(name)) if name == "array" => {
                    json!({"type": kind, "items": {}})
                }
                Some(kind @ Value::String(_)) => json!({"type": kind}),
                _ => json!({}),
            }
        };
        if copy.as_object().is_some_and(Map::is_empty) {
            return json!({});
        }
        distinct.entry(copy.to_string()).or_insert(copy);
    }
    let mut distinct: Vec<Value> = distinct.into_values().collect();
    match distinct.len() {
        0 => json!({}),
        1 => distinct.remove(0),
        _ => json!({"anyOf": distinct}),
    }
}

/// Notes a keyword that is kept in the extension of the schema.
pub(super) fn note_kept(key: &'static str, pointer: String, context: &mut Context) {
    let message = format!("`{key}` is kept in `{JSON_SCHEMA}`");
    let kind = match context.is_modern() {
        true => NoteKind::Kept,
        false => NoteKind::Repaired,
    };
    context.note(kind, key, pointer, message);
}

/// Returns true if the document is of version 2.0.
pub(super) fn is_swagger(context: &Context) -> bool {
    context.version == Version::V2_0
}
