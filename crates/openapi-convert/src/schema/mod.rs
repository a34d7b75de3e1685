//! Converts one schema. Its children are converted already.

mod alternatives;
mod containers;
mod kept;
mod reference;
mod support;
mod types;
mod values;

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::structure::Kind;
use crate::targets::SCHEMAS;
use crate::walk::Path;

use support::{Schema, keep};

pub(crate) use reference::rewrite;
pub(crate) use support::move_definitions;

/// Converts a schema.
pub(crate) fn convert(kind: Kind, node: &mut Value, path: &Path<'_>, context: &mut Context) {
    match node {
        Value::Bool(allows) if kind == Kind::Schema => {
            context.repaired_unless(
                context.is_modern(),
                "boolean schema",
                || path.pointer(),
                "a boolean schema",
            );
            *node = if *allows {
                json!({})
            } else {
                json!({"not": {}})
            };
        }
        Value::Object(map) => {
            let anchored = ["$anchor", "$dynamicAnchor", "$id"]
                .iter()
                .any(|key| map.contains_key(*key));
            convert_map(map, path, context);
            if anchored {
                hoist(node, path, context);
            }
        }
        _ => {}
    }
}

fn convert_map(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let mut kept = Map::new();
    kept::definitions(map, path, context);
    kept::identity(map, &mut kept, path, context);
    let reference = reference::take(map, &mut kept, path, context);
    if !map.is_empty() {
        convert_keywords(map, &mut kept, path, context);
    }
    keep(map, kept);
    if let Some(reference) = reference {
        reference::join(map, reference, path, context);
    }
}

/// Converts the keywords of a schema without those that identify it or refer to others.
fn convert_keywords(map: &mut Schema, kept: &mut Schema, path: &Path<'_>, context: &mut Context) {
    values::nullable(map, path, context);
    values::constant(map, path, context);
    values::examples(map, kept, path, context);
    values::bounds(map, path, context);
    values::discriminator(map, kept, path, context);
    values::xml(map, path, context);
    values::content(map, kept, path, context);
    containers::empty_lists(map, path, context);
    containers::properties(map, kept, path, context);
    containers::items(map, kept, path, context);
    types::convert(map, path, context);
    alternatives::without_null(map, path, context);
    kept::others(map, kept, path, context);
}

/// Converts the keywords of a parameter of version 2.0, whose items are converted.
pub(crate) fn convert_type_keywords(map: &mut Schema, path: &Path<'_>, context: &mut Context) {
    let mut kept = Map::new();
    convert_keywords(map, &mut kept, path, context);
    keep(map, kept);
}

/// Moves a schema that references lead to by name to the components.
fn hoist(node: &mut Value, path: &Path<'_>, context: &mut Context) {
    let pointer = path.pointer();
    let Some(name) = context.targets.definition(&pointer).map(str::to_owned) else {
        return;
    };
    // The schema around it moves a definition.
    let is_definition = pointer.rsplit('/').nth(1).is_some_and(is_definitions);
    if !is_definition {
        let reference = json!({"$ref": format!("{SCHEMAS}{name}")});
        let schema = std::mem::replace(node, reference);
        context.schemas.insert(name, schema);
    }
}

fn is_definitions(key: &str) -> bool {
    matches!(key, "$defs" | "definitions")
}
