//! The operations and components of a document.

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
