//! Query strings in paths: `/users?active=true`, `/list?page={page}`.

use serde_json::{Value, json};

use super::context::RepairContext;
use crate::entry::Entry;
use gallery_draft::DropReason;
use openapi_text::pointer::percent_decode;
use openapi_text::template::{encode_literal, variables};

/// Moves the query string of a path to parameters. Constants stay after a `#`, where they tell
/// endpoints apart.
pub(super) fn split(
    entry: &mut Entry,
    context: &mut RepairContext<'_>,
) -> Result<(), (DropReason, String)> {
    let (sent, fragment) = match entry.path.split_once('#') {
        Some((sent, fragment)) => (sent, fragment),
        None => (entry.path.as_str(), ""),
    };
    let Some((path, query)) = sent.split_once('?') else {
        return Ok(());
    };
    let mut kept = Vec::new();
    let mut added = Vec::new();
    for pair in query.split(['&', '?']).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name_variables = variables(name);
        if let [variable] = name_variables.as_slice()
            && value.is_empty()
        {
            added.push(((*variable).to_owned(), None));
        } else if !name_variables.is_empty() {
            let message = "its query string has names that are variables".to_owned();
            return Err((DropReason::UnclearPath, message));
        } else if value.is_empty() || !variables(value).is_empty() {
            added.push((percent_decode(name), None));
        } else {
            kept.push(encode_literal(pair));
            added.push((percent_decode(name), Some(percent_decode(value))));
        }
    }
    if !fragment.is_empty() {
        kept.push(fragment.to_owned());
    }
    let path = match kept.is_empty() {
        true => path.to_owned(),
        false => format!("{path}#{}", kept.join("&")),
    };
    context.record(format!(
        "the path `{}` has a query string; its constants and variables become query parameters",
        entry.path
    ));
    let mut list = match entry.operation.get_mut("parameters").map(Value::take) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    for (name, constant) in added {
        let is_declared = |parameter: &Value| {
            context.parameter(parameter).is_some_and(|map| {
                map.get("in").is_some_and(|it| it == "query")
                    && map.get("name").is_some_and(|it| *it == name)
            })
        };
        match constant {
            Some(value) => {
                list.retain(|parameter| !is_declared(parameter));
                list.push(json!({
                    "in": "query", "name": name, "required": true,
                    "schema": {"type": "string", "enum": [value]},
                }));
            }
            None => {
                if !list.iter().any(is_declared) {
                    list.push(json!({"in": "query", "name": name, "schema": {"type": "string"}}));
                }
                entry.query_variables.push(name);
            }
        }
    }
    entry.operation["parameters"] = Value::Array(list);
    entry.path = path;
    Ok(())
}
