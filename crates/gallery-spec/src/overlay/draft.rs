//! Drafts an overlay with one action for each untyped part of a document.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::canonical::{Canonical, Endpoint, assumed};

/// Drafts the overlay, with blanks for the types, the reason and the source. Returns `None` if no
/// part lacks a type.
pub fn draft(canonical: &Canonical) -> Option<String> {
    let parts: Vec<UntypedPart> = canonical.endpoints().iter().flat_map(untyped).collect();
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
    for UntypedPart {
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

/// A part of an operation without a type, and an action for it.
struct UntypedPart {
    description: String,
    target: String,
    update: Value,
}

/// Returns the untyped parts of an operation.
fn untyped(endpoint: &Endpoint<'_>) -> Vec<UntypedPart> {
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
            parts.push(UntypedPart {
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
        parts.push(UntypedPart {
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
        parts.push(UntypedPart {
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
