//! Gives each endpoint its path in the document.
//!
//! Paths that OpenAPI calls identical become one, with one set of variable names. Endpoints with
//! the same path and method that differ only by their server, or by the variables of their query
//! string, get a `#` and that difference.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{OpenAPI, Operation, Parameter, ReferenceOr};

use crate::{DraftEndpoint, Method};
use openapi_text::template::{by_position, encode_literal, variables};

/// A path of the document and its methods.
struct Item {
    path: String,
    methods: BTreeSet<Method>,
}

/// Assigns the paths of all endpoints, which are sorted. The plain path goes to an endpoint that
/// only its method and path identify, else to the first one. `document` has the components that
/// parameters refer to.
pub fn assign_paths(endpoints: &mut [DraftEndpoint], document: &OpenAPI) {
    let mut items: BTreeMap<String, Item> = BTreeMap::new();
    let (plain, others): (Vec<_>, Vec<_>) = endpoints
        .iter_mut()
        .partition(|endpoint| difference(endpoint).is_empty());
    for endpoint in plain.into_iter().chain(others) {
        let method = endpoint.key.method;
        let mut path = endpoint.path.clone();
        let is_free = |items: &BTreeMap<String, Item>, path: &str| {
            items
                .get(&by_position(path))
                .is_none_or(|item| !item.methods.contains(&method))
        };
        if !is_free(&items, &path) {
            let with_difference = with_fragment(&path, &difference(endpoint));
            path.clone_from(&with_difference);
            let mut number = 2;
            while !is_free(&items, &path) {
                path = format!("{with_difference}-{number}");
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
                document,
                &variables(&path),
                &variables(&item.path),
            );
        }
        endpoint.path.clone_from(&item.path);
    }
}

/// Returns what distinguishes an endpoint from another one with the same method and path.
fn difference(endpoint: &DraftEndpoint) -> String {
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

/// Renames the path parameters of an operation by position. Those that are components become
/// parameters of the operation.
fn rename(operation: &mut Operation, document: &OpenAPI, from: &[&str], to: &[&str]) {
    let names: BTreeMap<&str, &str> = from.iter().copied().zip(to.iter().copied()).collect();
    for parameter in &mut operation.parameters {
        let mut own = match parameter {
            ReferenceOr::Item(own) => own.clone(),
            ReferenceOr::Reference { reference } => match component(document, reference) {
                Some(shared) => shared.clone(),
                None => continue,
            },
        };
        if let Parameter::Path { parameter_data, .. } = &mut own
            && let Some(name) = names.get(parameter_data.name.as_str())
            && parameter_data.name != *name
        {
            parameter_data.name = (*name).to_owned();
            *parameter = ReferenceOr::Item(own);
        }
    }
}

/// Returns the parameter that a reference leads to.
fn component<'a>(document: &'a OpenAPI, reference: &str) -> Option<&'a Parameter> {
    let name = reference.strip_prefix("#/components/parameters/")?;
    let parameters = &document.components.as_ref()?.parameters;
    parameters.get(name)?.as_item()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn renames_path_parameters_by_position() {
        let parameter = |name: &str| {
            let text =
                format!(r#"{{"in": "path", "name": "{name}", "required": true, "schema": {{}}}}"#);
            ReferenceOr::Item(serde_json::from_str::<Parameter>(&text).unwrap())
        };
        let mut operation = Operation {
            parameters: vec![parameter("b"), parameter("a")],
            ..Operation::default()
        };
        operation.parameters.push(ReferenceOr::Reference {
            reference: "#/components/parameters/D".to_owned(),
        });
        let mut document = OpenAPI::default();
        let components = document.components.get_or_insert_default();
        components.parameters.insert("D".to_owned(), parameter("d"));
        rename(
            &mut operation,
            &document,
            &["a", "b", "d"],
            &["b", "c", "e"],
        );
        let names: Vec<_> = operation
            .parameters
            .iter()
            .map(|it| it.as_item().unwrap().parameter_data_ref().name.as_str())
            .collect();
        assert_eq!(names, ["c", "b", "e"]);
    }
}
