//! Parameters, headers, media types, encodings and examples.

use serde_json::{Map, Value, json};

use super::support::{keep, note_kept};
use crate::context::{Context, to_extension};
use crate::media::{is_binary, is_event_stream, is_sequence};
use crate::walk::Path;

/// Converts the style of cookies, and lists of examples.
pub(super) fn parameter(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    if map.get("style").is_some_and(|style| style == "cookie") {
        keep(map, &[("style", "style: cookie")], path, context);
    }
    examples(map, path, context);
}

/// Adds the schema of binary media types, and keeps what is for sequences.
pub(super) fn media_type(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    let is_binary = context.is_modern()
        && !["schema", "itemSchema"]
            .iter()
            .any(|key| map.contains_key(*key))
        && path.name().is_some_and(is_binary);
    if is_binary {
        map.insert(
            "schema".to_owned(),
            json!({"type": "string", "format": "binary"}),
        );
    }
    if path.name().is_some_and(is_sequence)
        && !map.contains_key("schema")
        && let Some(schema) = event_schema(map, path)
    {
        map.insert("schema".to_owned(), schema);
    }
    keep(
        map,
        &[
            ("itemSchema", "itemSchema"),
            ("prefixEncoding", "prefixEncoding"),
            ("itemEncoding", "itemEncoding"),
        ],
        path,
        context,
    );
    examples(map, path, context);
}

/// Takes the schema of the data of an event. A server-sent event has its data in a field, whose
/// JSON has a schema of its own. Other items are the data.
fn event_schema(map: &mut Map<String, Value>, path: &Path<'_>) -> Option<Value> {
    if !path.name().is_some_and(is_event_stream) {
        return map.remove("itemSchema");
    }
    let data = map.get("itemSchema")?.pointer("/properties/data")?;
    data.pointer("/x-json-schema/contentSchema").cloned()
}

/// Keeps nested encodings.
pub(super) fn encoding(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    keep(
        map,
        &[
            ("encoding", "encoding.encoding"),
            ("prefixEncoding", "prefixEncoding"),
            ("itemEncoding", "itemEncoding"),
        ],
        path,
        context,
    );
}

/// Converts the values of an example in OpenAPI 3.2.
pub(super) fn example(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    if let Some(value) = map.remove("dataValue") {
        map.entry("value").or_insert(value);
    }
    if map.contains_key("value") || map.contains_key("externalValue") {
        keep(
            map,
            &[("serializedValue", "serializedValue")],
            path,
            context,
        );
    } else if let Some(value) = map.remove("serializedValue") {
        map.insert("value".to_owned(), value);
    }
}

/// Converts a list of examples, which belongs to schemas, to one example.
fn examples(map: &mut Map<String, Value>, path: &Path<'_>, context: &mut Context) {
    if !map.get("examples").is_some_and(Value::is_array) {
        return;
    }
    context.repaired_unless(
        false,
        "list of examples",
        || path.field("examples"),
        "a list of examples outside of schemas",
    );
    let Some(Value::Array(mut list)) = map.remove("examples") else {
        return;
    };
    if !map.contains_key("example") && !list.is_empty() {
        map.insert("example".to_owned(), list.remove(0));
    }
    if !list.is_empty() {
        map.insert("examples".to_owned(), list.into());
        if to_extension(map, "examples") {
            note_kept("list of examples", "examples", path, context);
        }
    }
}
