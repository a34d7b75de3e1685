//! Functions that several conversions use.

use serde_json::{Map, Value, json};

use crate::context::{Context, to_extension};
use crate::note::NoteKind;
use crate::version::Version;
use crate::walk::Path;

/// Moves fields to extensions.
pub(super) fn keep(
    map: &mut Map<String, Value>,
    fields: &[(&str, &'static str)],
    path: &Path<'_>,
    context: &mut Context,
) {
    for (key, code) in fields {
        if to_extension(map, key) {
            note_kept(code, key, path, context);
        }
    }
}

pub(super) fn note_kept(code: &'static str, key: &str, path: &Path<'_>, context: &mut Context) {
    let message = format!("`{key}` is kept in `x-{key}`");
    context.note(NoteKind::Kept, code, path.field(key), message);
}

/// Adds a description, which is required in OpenAPI 3.0.
pub(super) fn describe(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    if map.contains_key("description") {
        return;
    }
    context.repaired_unless(
        context.version == Version::V3_2,
        "response.description",
        || path.pointer(),
        "a response without a description",
    );
    let summary = map.get("x-summary").cloned();
    map.insert("description".to_owned(), summary.unwrap_or(json!("")));
}
