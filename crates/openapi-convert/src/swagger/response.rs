//! Responses of version 2.0.

use serde_json::{Map, Value};

use super::body::{content, without_file};
use super::media::MediaTypes;
use crate::context::Context;
use crate::media::is_json;
use crate::note::NoteKind;

/// Converts a response with the media types of its operation.
pub(super) fn response(
    mut response: Map<String, Value>,
    produces: &MediaTypes,
    pointer: &str,
    context: &mut Context,
) -> Map<String, Value> {
    let examples = response.remove("examples");
    let schema = response.remove("schema").map(without_file);
    let is_file = schema.as_ref().is_some_and(|(_, is_file)| *is_file);
    let schema = schema.map(|(schema, _)| schema);
    if !response.contains_key("description") {
        let message = "a response without a description is not part of OpenAPI 2.0";
        let kind = NoteKind::Repaired;
        context.note(kind, "response.description", pointer.to_owned(), message);
        response.insert("description".to_owned(), "".into());
    }
    let from_examples: Vec<String> = match &examples {
        Some(Value::Object(examples)) => examples
            .keys()
            .filter(|name| name.contains('/'))
            .cloned()
            .collect(),
        _ => Vec::new(),
    };
    let kinds = match (&schema, produces.list()) {
        (None, _) => from_examples,
        (Some(_), []) if is_file => vec!["application/octet-stream".to_owned()],
        (Some(_), []) if from_examples.is_empty() => vec!["application/json".to_owned()],
        (Some(_), []) => from_examples,
        (Some(_), list) if is_file => bytes(list),
        (Some(_), list) => list.to_vec(),
    };
    let content = content(&kinds, schema, examples, pointer, context, &mut response);
    if !content.is_empty() {
        response.insert("content".to_owned(), content.into());
    }
    response
}

/// Returns the media types that a file can have. JSON is usually listed for the other responses.
fn bytes(listed: &[String]) -> Vec<String> {
    let bytes: Vec<String> = listed
        .iter()
        .filter(|kind| !is_json(kind))
        .cloned()
        .collect();
    match bytes.is_empty() {
        true => vec!["application/octet-stream".to_owned()],
        false => bytes,
    }
}
