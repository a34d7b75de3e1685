//! The blanks of a draft that nobody has filled in yet.

use serde_json::Value;

use openapi_overlay::{Change, Overlay};

/// Returns the number of blanks: empty reasons and sources, and empty schemas in updates.
pub(super) fn blanks(overlay: &Overlay) -> usize {
    let is_blank =
        |text: &Option<String>| text.as_deref().is_some_and(|text| text.trim().is_empty());
    let of_actions = overlay.actions.iter().map(|action| {
        let schemas = match &action.change {
            Change::Update(update) => empty_schemas(update),
            Change::Remove | Change::Copy(_) | Change::Nothing => 0,
        };
        usize::from(is_blank(&action.reason)) + usize::from(is_blank(&action.source)) + schemas
    });
    let of_overlay =
        usize::from(is_blank(&overlay.reason)) + usize::from(is_blank(&overlay.source));
    of_overlay + of_actions.sum::<usize>()
}

/// Returns the number of empty maps with the key `schema`.
fn empty_schemas(update: &Value) -> usize {
    let Some(map) = update.as_object() else {
        return 0;
    };
    map.iter()
        .map(|(key, value)| match value.as_object() {
            Some(schema) if key == "schema" && schema.is_empty() => 1,
            _ => empty_schemas(value),
        })
        .sum()
}
