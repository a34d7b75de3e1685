//! Names the part of a document at a pointer, for messages.

use serde_json::Value;

use crate::document::Document;
use crate::location::{self, Variables, tokens};
use crate::references;
use crate::values::shown;
use openapi_text::METHODS;

/// Names the innermost part with a name of its own, without an article, such as
/// ``query parameter `limit` ``. `direction` stands before properties and headers.
pub(crate) fn subject(document: &Document, pointer: &str, direction: &str) -> String {
    let root = document.value();
    let mut subject = "document".to_owned();
    let mut at = Some(root);
    let mut path = None;
    // The keyword of a map or list whose keys are names.
    let mut names: Option<&str> = None;
    let tokens = tokens(pointer);
    for (depth, token) in tokens.iter().enumerate() {
        at = at.and_then(|value| inside(value, token));
        let is_last = depth + 1 == tokens.len();
        if let Some(kind) = names.take() {
            if kind == "paths" {
                path = Some(token.as_str());
            }
            if kind == "callbacks" {
                names = Some("URLs");
            }
            let value = at.map(|value| references::resolved(root, value));
            if let Some(name) = named(kind, token, value, direction) {
                subject = name;
            }
            continue;
        }
        match token.as_str() {
            // These contain no part with a name.
            "example" | "default" | "enum" => break,
            "security" if subject == "document" => return "API".to_owned(),
            "security" => break,
            "info" => subject = "API".to_owned(),
            "requestBody" => subject = "request body".to_owned(),
            "items" => subject = format!("items of the {subject}"),
            "additionalProperties" if !is_last => {
                subject = format!("additional properties of the {subject}");
            }
            "content" if subject.ends_with("response") || subject.starts_with("response `") => {
                subject = format!("body of the {subject}");
                names = Some("content");
            }
            method if METHODS.contains(&method) => {
                subject = match path.filter(|_| depth == 2) {
                    Some(path) => {
                        let name = location::operation(path, method, Variables::Named);
                        format!("operation {}", code(&name))
                    }
                    None => format!(
                        "{} operation of the {subject}",
                        code(&method.to_uppercase())
                    ),
                };
            }
            keyword if NAMED.contains(&keyword) => names = Some(keyword),
            _ => {}
        }
    }
    subject
}

/// Returns the last token of a pointer as code.
pub(crate) fn key(pointer: &str) -> String {
    code(tokens(pointer).last().map_or("", String::as_str))
}

/// Keywords of maps and lists whose keys are names.
const NAMED: &[&str] = &[
    "paths",
    "properties",
    "parameters",
    "headers",
    "schemas",
    "responses",
    "requestBodies",
    "securitySchemes",
    "callbacks",
    "links",
    "servers",
    "variables",
    "tags",
    "content",
    "encoding",
    "mapping",
    "examples",
    "scopes",
];

/// Names an entry of a map or list, if it has a name of its own.
fn named(kind: &str, key: &str, value: Option<&Value>, direction: &str) -> Option<String> {
    let text = |key: &str| {
        value
            .and_then(|value| value.get(key))
            .and_then(Value::as_str)
    };
    let name = code(key);
    Some(match kind {
        "paths" => format!("path {name}"),
        "properties" => format!("{direction}property {name}"),
        "parameters" => format!("{} parameter {}", text("in")?, code(text("name")?)),
        "headers" => format!("{direction}header {name}"),
        "schemas" => format!("schema {name}"),
        "responses" if key == "default" || key.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("{name} response")
        }
        "responses" => format!("response {name}"),
        "requestBodies" => format!("request body {name}"),
        "securitySchemes" => format!("security scheme {name}"),
        "callbacks" => format!("callback {name}"),
        "URLs" => format!("callback to {name}"),
        "links" => format!("link {name}"),
        "encoding" => format!("form field {name}"),
        "servers" => format!("server {}", code(text("url")?)),
        "variables" => format!("server variable {name}"),
        "tags" => format!("tag {}", code(text("name")?)),
        _ => return None,
    })
}

/// Returns the value of a token.
fn inside<'v>(value: &'v Value, token: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        value => value.get(token),
    }
}

fn code(text: &str) -> String {
    shown(&Value::from(text))
}
