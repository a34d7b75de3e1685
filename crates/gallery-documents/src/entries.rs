//! The operation entries of a document: method, path, server, and one complete operation.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Server;
use serde_json::{Map, Value};

use crate::components::Components;
use crate::entry::Entry;
use crate::model::Kind;
use crate::repair::{self, RepairContext};
use crate::servers;
use gallery_draft::{Change, DropReason, Method};
use openapi_text::pointer::escape;
use openapi_text::{Diagnostics, Location, Severity};

/// The context of the entries of a document.
pub(crate) struct DocumentContext<'a> {
    pub(crate) unit: usize,
    pub(crate) file: &'a str,
    /// The URL that relative servers are resolved against.
    pub(crate) base_url: Option<&'a str>,
    /// The server of the document.
    pub(crate) server: Option<&'a Server>,
}

/// Moves the operation entries of a document to a list. Returns how many there are, with those that
/// are dropped.
pub(crate) fn read(
    context: &DocumentContext<'_>,
    document: &mut Value,
    components: &Components,
    changes: &BTreeMap<String, Vec<Change>>,
    entries: &mut Vec<Entry>,
    diagnostics: &mut Diagnostics,
) -> usize {
    let Some(Value::Object(paths)) = document.get_mut("paths").map(Value::take) else {
        return 0;
    };
    let security = document.get("security").filter(|it| it.is_array()).cloned();
    let mut count = 0;
    for (path, item) in paths {
        let Value::Object(mut item) = item else {
            continue;
        };
        if path.starts_with("x-") {
            continue;
        }
        let pointer = format!("/paths/{}", escape(&path));
        if let Some(text) = item.get("$ref").and_then(Value::as_str) {
            let message = format!("`{text}` leads to no path item; it has no operations");
            let location = Location::pointer(context.file, &pointer);
            diagnostics.push(Severity::Warning, "dangling-reference", location, message);
        }
        let shared = item.remove("parameters").unwrap_or_default();
        let server = servers::first(item.get("servers"), context.base_url)
            .or_else(|| context.server.cloned());
        for (key, operation) in methods(item) {
            count += 1;
            let pointer = format!("{pointer}/{key}");
            let dropped = |reason: DropReason, message: String, diagnostics: &mut Diagnostics| {
                let location = Location::pointer(context.file, &pointer);
                let method = key.rsplit('/').next().unwrap_or_default();
                let message = format!("{} {path}: {message}", method.to_ascii_uppercase());
                diagnostics.push(Severity::Dropped, reason.code(), location, message);
            };
            let Some(method) = Method::from_key(&key.trim().to_ascii_lowercase()) else {
                let method = key.rsplit('/').next().unwrap_or_default();
                let message = format!("OpenAPI 3.0 has no method `{method}`");
                dropped(DropReason::Method, message, diagnostics);
                continue;
            };
            let mut entry = Entry {
                unit: context.unit,
                method,
                path: path.clone(),
                query_variables: Vec::new(),
                server: servers::first(operation.get("servers"), context.base_url)
                    .or_else(|| server.clone()),
                operation: complete(context, operation, &shared, security.as_ref(), components),
                listed_id: None,
                changes: Vec::new(),
                pointer: pointer.clone(),
            };
            let mut repairs = RepairContext::new(components, context.unit);
            if let Err((reason, message)) = repair::entry(&mut entry, &mut repairs) {
                dropped(reason, message, diagnostics);
                continue;
            }
            let own = repairs.into_changes();
            repair::report(&own, context.file, diagnostics);
            let below = format!("{pointer}/");
            let of_parts = changes
                .range(below.clone()..)
                .take_while(|(part, _)| part.starts_with(&below))
                .flat_map(|(_, changes)| changes);
            entry.changes = of_parts.cloned().chain(own).collect();
            let id = entry
                .operation
                .as_object_mut()
                .and_then(|map| map.remove("operationId"));
            entry.listed_id = id.and_then(|id| id.as_str().map(str::to_owned));
            entries.push(entry);
        }
    }
    count
}

/// Returns the operations of a path item by method, those of unknown methods included.
fn methods(item: Map<String, Value>) -> Vec<(String, Value)> {
    let mut methods = Vec::new();
    for (key, value) in item {
        match key.as_str() {
            "additionalOperations" | "x-additionalOperations" => {
                let Value::Object(others) = value else {
                    continue;
                };
                for (method, operation) in others {
                    methods.push((format!("{key}/{}", escape(&method)), operation));
                }
            }
            "x-query" => methods.push(("query".to_owned(), value)),
            "$ref" | "summary" | "description" | "servers" => {}
            key if key.starts_with("x-") => {}
            _ => methods.push((key, value)),
        }
    }
    methods
}

/// Returns an operation with the parameters and the security requirements that apply to it, and
/// without its servers.
fn complete(
    context: &DocumentContext<'_>,
    operation: Value,
    shared: &Value,
    security: Option<&Value>,
    components: &Components,
) -> Value {
    let mut map = match operation {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    map.remove("servers");
    if !map.get("security").is_some_and(Value::is_array) {
        map.remove("security");
        if let Some(security) = security {
            map.insert("security".to_owned(), security.clone());
        }
    }
    let key = |parameter: &Value| {
        let (_, value) = components.resolved(context.unit, Kind::Parameter, parameter)?;
        let text = |key| value.get(key)?.as_str().map(str::to_owned);
        Some((text("in")?, text("name")?))
    };
    let mut own = match map.remove("parameters") {
        Some(Value::Array(own)) => own,
        _ => Vec::new(),
    };
    let declared: BTreeSet<(String, String)> = own.iter().filter_map(key).collect();
    let inherited: Vec<Value> = shared
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| !key(parameter).is_some_and(|key| declared.contains(&key)))
        .cloned()
        .collect();
    own.splice(0..0, inherited);
    if !own.is_empty() {
        map.insert("parameters".to_owned(), Value::Array(own));
    }
    Value::Object(map)
}
