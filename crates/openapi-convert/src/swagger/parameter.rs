//! Parameters and headers of version 2.0: their keywords become a schema.

use serde_json::{Map, Value, json};

use crate::context::Context;
use crate::note::NoteKind;
use crate::schema::convert_type_keywords;
use crate::walk::Path;

/// The fields that stay in a parameter or header.
const FIELDS: &[&str] = &[
    "allowEmptyValue",
    "collectionFormat",
    "content",
    "deprecated",
    "description",
    "example",
    "explode",
    "in",
    "name",
    "required",
    "schema",
    "style",
];

/// Converts a parameter. Those of bodies and forms are changed further with their operation.
pub(super) fn parameter(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    let location = map.get("in").and_then(Value::as_str).unwrap_or_default();
    if location == "body" {
        return;
    }
    let location = location.to_owned();
    to_schema(map, path, context);
    if location != "formData" {
        collection_format(map, &location, path, context);
    }
}

/// Converts a header of a response.
pub(super) fn header(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    to_schema(map, path, context);
    collection_format(map, "header", path, context);
}

fn to_schema(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    if let Some(example) = map.remove("x-example") {
        map.entry("example").or_insert(example);
    }
    let is_field =
        |key: &str| FIELDS.contains(&key) || (key.starts_with("x-") && key != "x-nullable");
    let (fields, mut schema): (Map<String, Value>, Map<String, Value>) = std::mem::take(map)
        .into_iter()
        .partition(|(key, _)| is_field(key));
    *map = fields;
    if schema.get("type").is_some_and(|kind| kind == "file") {
        schema.insert("type".to_owned(), "string".into());
        schema.insert("format".to_owned(), "binary".into());
    }
    convert_type_keywords(&mut schema, path, context);
    if !map.contains_key("schema") || schema.contains_key("type") {
        map.insert("schema".to_owned(), schema.into());
    }
}

/// Converts the format of an array to style and `explode`.
fn collection_format(
    map: &mut Map<String, Value>,
    location: &str,
    path: &Path<'_>,
    context: &mut Context,
) {
    let format = map.remove("collectionFormat");
    let is_array = map
        .get("schema")
        .and_then(|schema| schema.get("type"))
        .is_some_and(|kind| kind == "array");
    if !is_array {
        return;
    }
    let format = format.as_ref().and_then(Value::as_str).unwrap_or("csv");
    match style(format, location) {
        Some((style, explode)) => {
            if location == "query" {
                map.insert("style".to_owned(), style.into());
                map.insert("explode".to_owned(), explode.into());
            }
        }
        None => {
            let message = format!(
                "OpenAPI 3.0 has no style for `{format}` here; the parameter is text, and its \
                 schema is kept in `x-schema`"
            );
            let pointer = path.field("collectionFormat");
            context.note(NoteKind::NotExpressed, "collectionFormat", pointer, message);
            as_text(map, format);
        }
    }
}

/// Makes a parameter text, and keeps its schema.
pub(super) fn as_text(map: &mut Map<String, Value>, format: &str) {
    if let Some(schema) = map.insert("schema".to_owned(), json!({"type": "string"})) {
        map.insert("x-schema".to_owned(), schema);
    }
    map.insert("x-collectionFormat".to_owned(), format.into());
}

/// Returns style and `explode` of an array, if OpenAPI 3.0 has them for this location.
pub(super) fn style(format: &str, location: &str) -> Option<(&'static str, bool)> {
    match (format, location) {
        ("multi", "query" | "formData") => Some(("form", true)),
        ("ssv", "query" | "formData") => Some(("spaceDelimited", false)),
        ("pipes", "query" | "formData") => Some(("pipeDelimited", false)),
        ("tsv", _) | ("ssv" | "pipes", _) => None,
        // Anything else is read as the default, `csv`.
        (_, "query" | "formData") => Some(("form", false)),
        _ => Some(("simple", false)),
    }
}
