//! The operations and components of a document.

use std::collections::BTreeSet;

use serde_json::Value;

use gallery_draft::Method;
use openapi_text::pointer::escape;

/// Returns the JSON pointers of all operations and components.
pub(super) fn parts(document: &Value) -> Vec<String> {
    let operations = operations(document).map(|(pointer, ..)| pointer);
    let components = document
        .get("components")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let components = components.flat_map(|(kind, items)| {
        let names = items
            .as_object()
            .into_iter()
            .flat_map(serde_json::Map::keys);
        names.map(move |name| format!("/components/{}/{}", escape(kind), escape(name)))
    });
    operations.chain(components).collect()
}

/// Returns the JSON pointers of the operations and components that contain one of these nodes, or
/// that one of them contains.
pub(super) fn parts_of(document: &Value, nodes: &[String]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for node in nodes {
        let mut ends = node.match_indices('/').map(|(at, _)| at).skip(1);
        match (ends.nth(1), ends.next()) {
            // `/paths/PATH/METHOD`, or a node in it.
            (Some(_), end) => {
                let part = &node[..end.unwrap_or(node.len())];
                let method = part
                    .strip_prefix("/paths/")
                    .and_then(|rest| rest.split('/').nth(1));
                if part.starts_with("/components/") || method.is_some_and(is_method) {
                    found.insert(part.to_owned());
                }
            }
            (None, _) if is_container(node) => found.extend(parts(document)),
            (None, _) => found.extend(children(document, node)),
        }
    }
    found
}

/// Returns true for the nodes whose children contain parts.
fn is_container(node: &str) -> bool {
    matches!(node, "" | "/paths" | "/components")
}

/// Returns the JSON pointers of the operations of a path, or of the components of a kind.
fn children(document: &Value, node: &str) -> Vec<String> {
    let is_path = node.starts_with("/paths/");
    if !is_path && !node.starts_with("/components/") {
        return Vec::new();
    }
    let children = document.pointer(node).and_then(Value::as_object);
    let keys = children.into_iter().flat_map(serde_json::Map::keys);
    keys.filter(|key| !is_path || is_method(key))
        .map(|key| format!("{node}/{}", escape(key)))
        .collect()
}

/// Returns all operations with their JSON pointers, methods and paths.
pub(super) fn operations(document: &Value) -> impl Iterator<Item = (String, String, &Value)> {
    let paths = document
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    paths.flat_map(|(path, item)| {
        let operations = item
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(method, _)| is_method(method));
        operations.map(move |(method, operation)| {
            (
                format!("/paths/{}/{method}", escape(path)),
                format!("{} {path}", method.to_uppercase()),
                operation,
            )
        })
    })
}

fn is_method(key: &str) -> bool {
    key == "trace" || Method::from_key(key).is_some()
}
