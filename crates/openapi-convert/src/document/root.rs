//! The document itself, and its components.

use serde_json::{Map, Value, json};

use super::{inline, querystring, security};
use crate::context::{Context, to_extension};
use crate::note::NoteKind;
use crate::walk::Path;

/// Converts the components.
pub(super) fn components(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    // They are in the context.
    map.remove("mediaTypes");
    security::components(map, path, context);
}

/// Converts the document, after its parts.
pub(crate) fn convert(map: &mut Map<String, Value>, context: &mut Context) {
    for key in ["$self", "jsonSchemaDialect"] {
        keep(map, key, key, "", context);
    }
    if let Some(Value::Object(info)) = map.get_mut("info") {
        keep(info, "summary", "info.summary", "/info", context);
        if let Some(Value::Object(license)) = info.get_mut("license") {
            keep(
                license,
                "identifier",
                "license.identifier",
                "/info/license",
                context,
            );
        }
    }
    security::requirements(map, || "/security".to_owned(), context);
    for key in ["$defs", "definitions"] {
        if map.get(key).is_some_and(Value::is_object) {
            context.repaired_unless(
                false,
                "definitions of a document",
                || format!("/{key}"),
                &format!("`{key}` of a document"),
            );
            crate::schema::move_definitions(map, key, "", context);
        }
    }
    if !map.contains_key("paths") {
        context.repaired_unless(
            context.is_modern(),
            "paths",
            String::new,
            "a document without paths",
        );
        map.insert("paths".to_owned(), json!({}));
    }
}

fn keep(
    map: &mut Map<String, Value>,
    key: &str,
    code: &'static str,
    pointer: &str,
    context: &mut Context,
) {
    if to_extension(map, key) {
        let message = format!("`{key}` is kept in `x-{key}`");
        context.note(NoteKind::Kept, code, format!("{pointer}/{key}"), message);
    }
}

/// Replaces references to components that OpenAPI 3.0 lacks, and adds the schemas that became
/// components.
pub(crate) fn finish(map: &mut Map<String, Value>, context: &mut Context) {
    inline::path_items(map, context);
    inline::unused_media_types(map, context);
    querystring::convert(map, context);
    if to_extension(map, "webhooks") {
        let message = "webhooks are kept in `x-webhooks`";
        context.note(NoteKind::Kept, "webhooks", "/webhooks".to_owned(), message);
    }
    add_schemas(map, context);
}

/// Adds the schemas that became components.
pub(crate) fn add_schemas(map: &mut Map<String, Value>, context: &mut Context) {
    if context.schemas.is_empty() {
        return;
    }
    let components = map.entry("components").or_insert_with(|| json!({}));
    let Value::Object(components) = components else {
        return;
    };
    if let Value::Object(schemas) = components.entry("schemas").or_insert_with(|| json!({})) {
        schemas.append(&mut context.schemas);
    }
}
