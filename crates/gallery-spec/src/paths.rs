//! Gives each endpoint its place in the canonical document: paths that OpenAPI calls identical are one, with one set of names for its
//! variables; endpoints that would meet there, apart only by their server or by what varies in their query string, get a `#` and what
//! tells them apart.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation, Parameter, ReferenceOr};

use crate::merge::MergedEndpoint;
use crate::swagger2::Method;
use openapi_text::template::encode_literal;
use openapi_text::template::{by_position, variables};

/// A path of the document.
struct Item {
    path: String,
    methods: BTreeSet<Method>,
}

/// Settles the paths of all endpoints, which are sorted. The first of those that meet has the plain path, and before all others one that
/// nothing but method and path tell apart.
pub(crate) fn settle(endpoints: &mut [MergedEndpoint]) {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    let (plain, apart): (Vec<_>, Vec<_>) = endpoints
        .iter_mut()
        .partition(|endpoint| difference(endpoint).is_empty());
    for endpoint in plain.into_iter().chain(apart) {
        let method = endpoint.key.method;
        let mut path = endpoint.path.clone();
        let is_free = |items: &BTreeMap<String, Item>, path: &str| {
            items
                .get(&by_position(path))
                .is_none_or(|item| !item.methods.contains(&method))
        };
        if !is_free(&items, &path) {
            let apart = with_fragment(&path, &difference(endpoint));
            path = apart.clone();
            let mut number = 2;
            while !is_free(&items, &path) {
                path = format!("{apart}-{number}");
                number += 1;
            }
        }
        let item = items.entry(by_position(&path)).or_insert_with(|| Item {
            path: path.clone(),
            methods: BTreeSet::new(),
        });
        item.methods.insert(method);
        if item.path != path {
            rename(
                &mut endpoint.operation,
                &variables(&path),
                &variables(&item.path),
            );
        }
        endpoint.path.clone_from(&item.path);
    }
}

/// What tells an endpoint from another of the same method and path.
fn difference(endpoint: &MergedEndpoint) -> String {
    let varying = endpoint
        .key
        .path
        .split_once('?')
        .map_or("", |(_, varying)| varying);
    let server = endpoint
        .key
        .server
        .as_deref()
        .map(|url| url.split_once("://").map_or(url, |(_, rest)| rest));
    let plain = |text: &str| encode_literal(&text.replace(['{', '}'], ""));
    let parts = [varying, server.unwrap_or_default()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(plain);
    parts.collect::<Vec<_>>().join("&")
}

fn with_fragment(path: &str, fragment: &str) -> String {
    let separator = if path.contains('#') { '&' } else { '#' };
    format!("{path}{separator}{fragment}")
}

/// Gives the path parameters of an operation other names, by position.
fn rename(operation: &mut Operation, from: &[&str], to: &[&str]) {
    let names: BTreeMap<&str, &str> = from.iter().copied().zip(to.iter().copied()).collect();
    for parameter in &mut operation.parameters {
        if let ReferenceOr::Item(Parameter::Path { parameter_data, .. }) = parameter
            && let Some(name) = names.get(parameter_data.name.as_str())
        {
            parameter_data.name = (*name).to_owned();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_by_position() {
        let parameter = |name: &str| {
            let text =
                format!(r#"{{"in": "path", "name": "{name}", "required": true, "schema": {{}}}}"#);
            ReferenceOr::Item(serde_json::from_str::<Parameter>(&text).unwrap())
        };
        let mut operation = Operation {
            parameters: vec![parameter("b"), parameter("a")],
            ..Operation::default()
        };
        rename(&mut operation, &["a", "b"], &["b", "c"]);
        let names: Vec<_> = operation
            .parameters
            .iter()
            .map(|it| it.as_item().unwrap().parameter_data_ref().name.as_str())
            .collect();
        assert_eq!(names, ["c", "b"]);
    }
}
