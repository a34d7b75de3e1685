//! Repairs what documents get wrong in every version, after their conversion to OpenAPI 3.0.
//!
//! There is one row of [`REPAIRS`] per kind of defect. Some repairs are of parts, wherever they
//! are. The others are of operation entries, whose path and parameters belong together.

mod context;
mod discriminator;
mod enumeration;
mod parameter;
mod path;
mod query;
mod response;
mod schema;
mod security;
mod table;

use std::collections::BTreeMap;

use serde_json::Value;

use self::table::Apply;
use crate::components::Components;
use crate::entry::Entry;
use crate::model::{Kind, reference, walk_mut};
use gallery_draft::{Change, DropReason};
use openapi_text::{Diagnostics, Location};

pub(crate) use self::context::RepairContext;
pub use self::table::{REPAIRS, Repair};

/// Reports changes.
pub(crate) fn report<'c>(
    changes: impl IntoIterator<Item = &'c Change>,
    file: &str,
    diagnostics: &mut Diagnostics,
) {
    for change in changes {
        let location = Location::pointer(file, &change.pointer);
        diagnostics.push(change.severity, change.code, location, &change.message);
    }
}

/// Repairs the parts of a document. Returns the changes by pointer.
pub(crate) fn document(document: &mut Value) -> BTreeMap<String, Vec<Change>> {
    let components = Components::default();
    let mut context = RepairContext::new(&components, 0);
    let schemas = document.pointer("/components/schemas");
    let schemas = schemas.and_then(Value::as_object).into_iter().flatten();
    context.schemas = schemas.map(|(name, _)| name.clone()).collect();
    walk_mut(
        Kind::Document,
        document,
        &mut String::new(),
        &mut |kind, value, pointer| {
            if reference(kind, value).is_some() {
                return false;
            }
            let Some(map) = value.as_object_mut() else {
                return true;
            };
            let mut is_placed = false;
            for repair in REPAIRS {
                if let Apply::Part(kinds, apply) = repair.apply
                    && kinds.contains(&kind)
                {
                    if !is_placed {
                        context.pointer.clear();
                        context.pointer.push_str(pointer);
                        is_placed = true;
                    }
                    context.start(repair.severity, repair.code, repair.reduces);
                    apply(map, &mut context);
                }
            }
            true
        },
    );
    let mut changes: BTreeMap<String, Vec<Change>> = BTreeMap::new();
    for change in context.changes {
        changes
            .entry(change.pointer.clone())
            .or_default()
            .push(change);
    }
    changes
}

/// Repairs an operation entry, or returns the reason to drop it.
pub(crate) fn entry(
    entry: &mut Entry,
    context: &mut RepairContext<'_>,
) -> Result<(), (DropReason, String)> {
    context.pointer.clone_from(&entry.pointer);
    for repair in REPAIRS {
        if let Apply::Entry(apply) = repair.apply {
            context.start(repair.severity, repair.code, repair.reduces);
            apply(entry, context)?;
        }
    }
    Ok(())
}
