//! The marks of assumptions (`x-gallery-assumed`) in a changed document.
//!
//! An assumption ends when the overlay writes the schema, even if it writes what was assumed.

use serde_json::{Value, json};

use super::operations::operations;
use gallery_draft::ASSUMED;
use openapi_text::pointer::escape;

/// Removes the marks of assumptions that the overlay replaced by facts.
pub(super) fn remove_marks(document: &mut Value) {
    let pointers: Vec<String> = operations(document).map(|(pointer, ..)| pointer).collect();
    for pointer in pointers {
        let Some(operation) = document.pointer_mut(&pointer) else {
            continue;
        };
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let is_known = parameter
                .get("schema")
                .is_none_or(|schema| *schema != json!({"type": "string"}));
            remove_mark(parameter, "type", is_known);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            let is_known = content_schemas(body).any(|schema| *schema != json!({}));
            remove_mark(body, "schema", is_known);
        }
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for response in responses
            .into_iter()
            .flat_map(|responses| responses.values_mut())
        {
            let is_known = content_schemas(response).any(|schema| *schema != json!({}))
                || response.get("content").is_none();
            remove_mark(response, "content", is_known);
        }
    }
}

/// Removes the marks of assumptions about the schemas that an update wrote into these nodes.
pub(super) fn confirm(document: &mut Value, matches: &[String], update: &Value) {
    let mut written = Vec::new();
    collect_leaves(update, String::new(), &mut written);
    for pointer in matches {
        for leaf in &written {
            end_assumptions(document, &format!("{pointer}{leaf}"));
        }
    }
}

/// Collects the JSON pointers of the values that are neither maps nor empty.
fn collect_leaves(value: &Value, pointer: String, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect_leaves(value, format!("{pointer}/{}", escape(key)), found);
            }
        }
        _ => found.push(pointer),
    }
}

/// Removes the marks of the parts whose schema has a value at this JSON pointer.
fn end_assumptions(document: &mut Value, pointer: &str) {
    for (slash, _) in pointer.match_indices('/') {
        let (part, rest) = pointer.split_at(slash);
        let mut steps = rest.split('/').skip(1);
        let marks: &[&str] = match (steps.next(), steps.next(), steps.next(), steps.next()) {
            (Some("schema"), Some(_), ..) => &["type"],
            (Some("content"), Some(_), Some("schema"), Some(_)) => &["schema", "content"],
            _ => continue,
        };
        if let Some(part) = document.pointer_mut(part) {
            for mark in marks {
                remove_mark(part, mark, true);
            }
        }
    }
}

fn content_schemas(part: &Value) -> impl Iterator<Item = &Value> {
    let content = part
        .get("content")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    content.filter_map(|(_, media_type)| media_type.get("schema"))
}

fn remove_mark(part: &mut Value, mark: &str, is_known: bool) {
    let Some(map) = part.as_object_mut().filter(|_| is_known) else {
        return;
    };
    if let Some(Value::Array(marks)) = map.get_mut(ASSUMED) {
        marks.retain(|found| found != mark);
        if marks.is_empty() {
            map.remove(ASSUMED);
        }
    }
}
