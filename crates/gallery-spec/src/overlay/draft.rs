//! Drafts an overlay with one action for each untyped part of a document, and for each list whose
//! pagination the document makes plain.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::pages::PageFinder;
use crate::canonical::{Canonical, Endpoint, assumed};

/// Drafts the overlay, with blanks for the types, the reason and the source. Returns `None` if no
/// part lacks a type, and no pagination is plain.
pub fn draft(canonical: &Canonical) -> Option<String> {
    let endpoints = canonical.endpoints();
    let document = serde_json::to_value(canonical.document()).unwrap_or_default();
    let mut parts: Vec<DraftedAction> = endpoints.iter().flat_map(untyped).collect();
    let finder = PageFinder::new(&document);
    parts.extend(
        endpoints
            .iter()
            .filter_map(|own| pages(&finder, &document, own)),
    );
    if parts.is_empty() {
        return None;
    }
    let title = &canonical.document().info.title;
    let mut text = format!(
        "# A draft: fill in the types that you know, and delete the other actions. `x-reason` and\n\
         # `x-source` apply to each action that has none of its own.\n\
         overlay: 1.1.0\ninfo:\n  title: {}\n  version: 1.0.0\n\
         x-reason: \"\"\nx-source: \"\"\nactions:\n",
        json!(format!("Types of the {title} API"))
    );
    for DraftedAction {
        description,
        target,
        update,
    } in parts
    {
        let _ = write!(
            text,
            "  # {description}\n  - target: {}\n    update: {update}\n",
            json!(target)
        );
    }
    Some(text)
}

/// An action for a part of an operation, and its reason.
struct DraftedAction {
    description: String,
    target: String,
    update: Value,
}

/// Returns the action for the pagination of an operation.
fn pages<'d>(
    finder: &PageFinder<'d>,
    document: &'d Value,
    endpoint: &Endpoint<'_>,
) -> Option<DraftedAction> {
    let method = endpoint.method.key();
    let item = document.get("paths")?.get(endpoint.path)?;
    let extension = finder.pages(item, item.get(method)?)?;
    Some(DraftedAction {
        description: format!(
            "{} {}: a list in pages, by the names of its parameters and properties; check that it works so",
            endpoint.method, endpoint.path
        ),
        target: format!("$.paths[{}].{method}", quoted(endpoint.path)),
        update: json!({ "x-gallery-pages": extension }),
    })
}

/// Returns the untyped parts of an operation.
fn untyped(endpoint: &Endpoint<'_>) -> Vec<DraftedAction> {
    let method = endpoint.method.key();
    let operation = format!("$.paths[{}].{method}", quoted(endpoint.path));
    let name = format!("{} {}", endpoint.method, endpoint.path);
    let mut parts = Vec::new();
    for parameter in endpoint
        .operation
        .parameters
        .iter()
        .filter_map(|parameter| parameter.as_item())
    {
        let data = parameter.parameter_data_ref();
        let value = serde_json::to_value(parameter).unwrap_or_default();
        let location = value.get("in").and_then(Value::as_str).unwrap_or_default();
        if assumed(&data.extensions).contains(&"type") {
            parts.push(DraftedAction {
                description: format!("{name}: the {location} parameter {} has no type", data.name),
                target: format!(
                    "{operation}.parameters[?@.in == '{location}' && @.name == {}]",
                    quoted(&data.name)
                ),
                update: json!({"schema": {}}),
            });
        }
    }
    let body = endpoint
        .operation
        .request_body
        .as_ref()
        .and_then(|body| body.as_item());
    if body.is_some_and(|body| assumed(&body.extensions).contains(&"schema")) {
        parts.push(DraftedAction {
            description: format!("{name}: the body is untyped"),
            target: format!("{operation}.requestBody.content[*]"),
            update: json!({"schema": {}}),
        });
    }
    let responses = endpoint
        .operation
        .responses
        .responses
        .iter()
        .filter_map(|(status, response)| Some((status, response.as_item()?)));
    for (status, _) in
        responses.filter(|(_, response)| assumed(&response.extensions).contains(&"content"))
    {
        parts.push(DraftedAction {
            description: format!("{name}: the response {status} is untyped"),
            target: format!("{operation}.responses['{status}'].content[*]"),
            update: json!({"schema": {}}),
        });
    }
    parts
}

/// Quotes a name for a JSONPath.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
