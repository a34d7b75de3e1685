//! A name for a place in a document that stays when lists are ordered otherwise and path variables are renamed.

use serde_json::Value;

use crate::document::Document;
use crate::paths::METHODS;
use crate::{references, values};
use openapi_text::pointer::escape;
use openapi_text::printable;
use openapi_text::template;

/// The stable name of an operation: `GET /a/{}`.
pub(crate) fn operation(path: &str, method: &str) -> String {
    printable(&format!(
        "{} {}",
        method.to_uppercase(),
        template::by_position(path)
    ))
}

/// The stable name of what a JSON pointer names: `GET /a/{}#parameters/query:limit`, `#components/schemas/A/properties/b`.
pub(crate) fn stable(document: &Document, pointer: &str) -> String {
    let tokens: Vec<String> = pointer
        .split('/')
        .skip(1)
        .map(|token| token.replace("~1", "/").replace("~0", "~"))
        .collect();
    let root = document.value();
    let mut at = Some(root);
    let mut rest: Vec<String> = Vec::new();
    let mut path = None;
    let mut endpoint = String::new();
    for (depth, token) in tokens.iter().enumerate() {
        let list = depth
            .checked_sub(1)
            .and_then(|before| tokens.get(before))
            .map_or("", String::as_str);
        let inside = at.and_then(|value| match value {
            Value::Array(items) => items.get(token.parse::<usize>().ok()?),
            value => value.get(token.as_str()),
        });
        match (depth, at) {
            (0, _) if token == "paths" && tokens.len() > 1 => {}
            (1, _) if tokens[0] == "paths" => {
                path = Some(token.as_str());
                endpoint = template::by_position(token);
            }
            (2, _) if path.is_some() && METHODS.contains(&token.as_str()) => {
                endpoint = format!("{} {endpoint}", token.to_uppercase());
            }
            (_, Some(Value::Array(items))) if ["allOf", "oneOf", "anyOf"].contains(&list) => {
                rest.push(escape(
                    &inside.map_or_else(String::new, |part| part_of(items, part)),
                ));
            }
            (_, Some(Value::Array(_))) => {
                rest.push(escape(&inside.map_or_else(String::new, |item| {
                    identity(root, list, item, path)
                })));
            }
            _ => rest.push(escape(token)),
        }
        at = inside;
    }
    let place = match (endpoint.is_empty(), rest.is_empty()) {
        (false, true) => endpoint,
        _ => format!("{endpoint}#{}", rest.join("/")),
    };
    printable(&place)
}

/// What a part of a schema is known by: what it refers to, or else its place among those that are written out, which are not known by what
/// they say since that is what changes.
fn part_of(parts: &[Value], part: &Value) -> String {
    let reference = |part: &Value| {
        part.get("$ref")
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
    };
    let mut written_out = parts.iter().filter(|part| reference(part).is_none());
    reference(part).unwrap_or_else(|| {
        match written_out.position(|other| std::ptr::eq(other, part)) {
            Some(0) | None => "inline".to_owned(),
            Some(before) => format!("inline-{}", before + 1),
        }
    })
}

/// What an item of a list is known by.
fn identity(root: &Value, list: &str, item: &Value, path: Option<&str>) -> String {
    let text = |value: &Value, key: &str| {
        value
            .get(key)
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
    };
    if list == "parameters" {
        let resolved = text(item, "$ref")
            .and_then(|reference| references::target(root, &reference))
            .unwrap_or(item);
        let (place, name) = (
            text(resolved, "in").unwrap_or_default(),
            text(resolved, "name").unwrap_or_default(),
        );
        let position = path.filter(|_| place == "path").and_then(|path| {
            template::variables(path)
                .iter()
                .position(|own| *own == name)
        });
        return match position {
            Some(position) => format!("path:{{{position}}}"),
            None => format!("{place}:{name}"),
        };
    }
    let known = ["$ref", "url", "name"]
        .iter()
        .find_map(|key| text(item, key));
    known.unwrap_or_else(|| values::canonical(item))
}
