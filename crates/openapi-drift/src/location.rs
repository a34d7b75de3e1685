//! Names of locations, which do not depend on the order of lists.

use serde_json::Value;

use crate::document::Document;
use crate::{references, values};
use openapi_text::METHODS;
use openapi_text::pointer::{escape, unescape};
use openapi_text::printable;
use openapi_text::template;

/// The form of path variables in a location.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Variables {
    /// With names, for people.
    Named,
    /// Without names, for fingerprints.
    ByPosition,
}

impl Variables {
    fn path(self, path: &str) -> String {
        match self {
            Variables::Named => path.to_owned(),
            Variables::ByPosition => template::by_position(path),
        }
    }
}

/// Returns the keys and indices of a JSON pointer.
pub(crate) fn tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(unescape).collect()
}

/// Returns the name of an operation, such as `GET /a/{id}`.
pub(crate) fn operation(path: &str, method: &str, variables: Variables) -> String {
    let path = variables.path(path);
    printable(&format!("{} {path}", method.to_uppercase()))
}

/// Returns the name of a JSON pointer that does not depend on the order of lists, such as
/// `GET /a/{id}#parameters/query:limit` or `#components/schemas/A/properties/b`.
pub(crate) fn stable(document: &Document, pointer: &str, variables: Variables) -> String {
    let tokens = tokens(pointer);
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
                endpoint = variables.path(token);
            }
            (2, _) if path.is_some() && METHODS.contains(&token.as_str()) => {
                endpoint = format!("{} {endpoint}", token.to_uppercase());
            }
            (_, Some(Value::Array(items))) if ["allOf", "oneOf", "anyOf"].contains(&list) => {
                rest.push(escape(
                    &inside.map_or_else(String::new, |part| member_name(items, part)),
                ));
            }
            (_, Some(Value::Array(_))) => {
                rest.push(escape(&inside.map_or_else(String::new, |item| {
                    let path = path.filter(|_| variables == Variables::ByPosition);
                    item_name(root, list, item, path)
                })));
            }
            _ => rest.push(escape(token)),
        }
        at = inside;
    }
    let name = match (endpoint.is_empty(), rest.is_empty()) {
        (false, true) => endpoint,
        _ => format!("{endpoint}#{}", rest.join("/")),
    };
    printable(&name)
}

/// Returns the stable name of a member of `allOf`, `oneOf` or `anyOf`: its reference, otherwise its
/// index among the inline members. The name does not depend on the content of an inline member,
/// because the content may change.
fn member_name(parts: &[Value], part: &Value) -> String {
    let reference = |part: &Value| {
        part.get("$ref")
            .and_then(Value::as_str)
            .map(ToOwned::to_owned)
    };
    let mut inline = parts.iter().filter(|part| reference(part).is_none());
    reference(part).unwrap_or_else(
        || match inline.position(|other| std::ptr::eq(other, part)) {
            Some(0) | None => "inline".to_owned(),
            Some(before) => format!("inline-{}", before + 1),
        },
    )
}

/// Returns the stable name of a list item: its reference, URL or name, otherwise its content.
fn item_name(root: &Value, list: &str, item: &Value, path: Option<&str>) -> String {
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
        let (location, name) = (
            text(resolved, "in").unwrap_or_default(),
            text(resolved, "name").unwrap_or_default(),
        );
        let position = path.filter(|_| location == "path").and_then(|path| {
            template::variables(path)
                .iter()
                .position(|own| *own == name)
        });
        return match position {
            Some(position) => format!("path:{{{position}}}"),
            None => format!("{location}:{name}"),
        };
    }
    let name = ["$ref", "url", "name"]
        .iter()
        .find_map(|key| text(item, key));
    name.unwrap_or_else(|| values::canonical(item))
}
