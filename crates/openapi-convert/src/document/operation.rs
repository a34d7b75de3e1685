//! Path items, operations and responses.

use serde_json::{Map, Value, json};

use super::support::{describe, keep};
use crate::context::{Context, to_extension};
use crate::note::NoteKind;
use crate::walk::Path;

/// Keeps the operations with methods that OpenAPI 3.0 does not have.
pub(super) fn path_item(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    for key in ["query", "additionalOperations"] {
        if to_extension(map, key) {
            let message = format!("OpenAPI 3.0 has no such method; it is kept in `x-{key}`");
            context.note(NoteKind::NotExpressed, key, path.field(key), message);
        }
    }
}

/// Adds responses, which are required in OpenAPI 3.0, and adapts the security requirements.
pub(super) fn operation(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    super::security::requirements(map, || path.field("security"), context);
    let is_empty = match map.get("responses") {
        Some(Value::Object(responses)) => responses.is_empty(),
        responses => responses.is_none(),
    };
    if is_empty {
        context.repaired_unless(
            context.is_modern() && !map.contains_key("responses"),
            "operation.responses",
            || path.pointer(),
            "an operation without responses",
        );
        map.insert(
            "responses".to_owned(),
            json!({"default": {"description": ""}}),
        );
    }
}

/// Keeps the summary of a response, and adds a description.
pub(super) fn response(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    keep(map, &[("summary", "response.summary")], path, context);
    describe(map, path, context);
}
