//! The marks of assumptions (`x-gallery-assumed`) in a changed document.

use serde_json::{Value, json};

use super::operations::operations;
use gallery_draft::ASSUMED;

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
            let is_known =
                content_schemas(response).next().is_some() || response.get("content").is_none();
            remove_mark(response, "content", is_known);
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
