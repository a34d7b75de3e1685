//! Repairs of parameters.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::context::{RepairContext, parameters};
use crate::entry::Entry;
use crate::model::Kind;
use gallery_draft::DropReason;
use openapi_text::template::{on_the_wire, variables};

type Outcome = Result<(), (DropReason, String)>;

/// Gives a parameter without schema and content any string.
pub(super) fn untyped(parameter: &mut Map<String, Value>, context: &mut RepairContext<'_>) {
    let has_content = parameter
        .get("content")
        .and_then(Value::as_object)
        .is_some_and(|content| !content.is_empty());
    if has_content || parameter.get("schema").is_some_and(Value::is_object) {
        return;
    }
    context.record("the parameter has no schema; any string");
    parameter.remove("content");
    parameter.insert("schema".to_owned(), json!({"type": "string"}));
}

/// Returns the location and the name of a parameter.
fn key(parameter: &Value, context: &RepairContext<'_>) -> Option<(String, String)> {
    let (_, value) = context
        .components
        .resolved(context.unit, Kind::Parameter, parameter)?;
    let text = |key: &str| value.get(key)?.as_str().map(str::to_owned);
    Some((text("in")?, text("name")?))
}

/// Removes parameters that cannot be sent.
pub(super) fn unusable(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let Some(list) = parameters(&mut entry.operation) else {
        return Ok(());
    };
    for parameter in std::mem::take(list) {
        let key = key(&parameter, context);
        let problem = match &key {
            None => Some("a parameter has no name or no location, or does not exist".to_owned()),
            Some((_, name)) if name.trim().is_empty() => Some("a parameter has no name".to_owned()),
            Some((location, name))
                if !matches!(location.as_str(), "path" | "query" | "header" | "cookie") =>
            {
                Some(format!(
                    "the parameter `{name}` has the unknown location `{location}`"
                ))
            }
            _ => None,
        };
        match problem {
            Some(problem) => context.record(format!("{problem}; removed")),
            None => list.push(parameter),
        }
    }
    Ok(())
}

/// Removes parameters that are credentials of the operation. A client that was given the credential
/// sends it.
pub(super) fn credentials(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let requirements = entry.operation.get("security").and_then(Value::as_array);
    let schemes = requirements
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    let mut credentials: BTreeMap<(String, String), String> = BTreeMap::new();
    for scheme in schemes.flat_map(Map::keys) {
        let found = context
            .components
            .find(context.unit, Kind::SecurityScheme, scheme);
        let Some(value) = found.map(|found| &context.components.all[found].value) else {
            continue;
        };
        let text = |key: &str| value.get(key)?.as_str();
        if let (Some("apiKey"), Some(location), Some(name)) =
            (text("type"), text("in"), text("name"))
        {
            let key = (location.to_owned(), name.to_owned());
            credentials.insert(key, scheme.clone());
        }
    }
    let Some(list) = parameters(&mut entry.operation).filter(|_| !credentials.is_empty()) else {
        return Ok(());
    };
    for parameter in std::mem::take(list) {
        let scheme = key(&parameter, context).and_then(|key| credentials.get(&key));
        match scheme {
            Some(scheme) => context.record(format!(
                "a parameter is the credential `{scheme}`; removed, the client sends the credential"
            )),
            None => list.push(parameter),
        }
    }
    Ok(())
}

/// Keeps the first of several parameters with one name and location.
pub(super) fn duplicates(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let Some(list) = parameters(&mut entry.operation) else {
        return Ok(());
    };
    let mut seen = BTreeSet::new();
    for parameter in std::mem::take(list) {
        match key(&parameter, context) {
            Some(key) if !seen.insert(key.clone()) => context.record(format!(
                "the {} parameter `{}` is declared twice; the first is used",
                key.0, key.1
            )),
            _ => list.push(parameter),
        }
    }
    Ok(())
}

/// Declares variables of the path. A query parameter of that name is the variable.
pub(super) fn declare(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let names: Vec<String> = variables(on_the_wire(&entry.path))
        .into_iter()
        .map(str::to_owned)
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let mut list = match entry.operation.get_mut("parameters").map(Value::take) {
        Some(Value::Array(list)) => list,
        _ => Vec::new(),
    };
    let declared: BTreeSet<(String, String)> =
        list.iter().filter_map(|it| key(it, context)).collect();
    for name in names {
        if declared.contains(&("path".to_owned(), name.clone())) {
            continue;
        }
        context.record(format!(
            "no parameter declares the variable `{{{name}}}` of the path; declared"
        ));
        list.push(json!({
            "in": "path", "name": name, "required": true, "schema": {"type": "string"},
        }));
    }
    entry.operation["parameters"] = Value::Array(list);
    Ok(())
}

/// Removes path parameters that are not in the path.
pub(super) fn superfluous(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let path = entry.path.clone();
    let names = variables(on_the_wire(&path));
    let Some(list) = parameters(&mut entry.operation) else {
        return Ok(());
    };
    for parameter in std::mem::take(list) {
        match key(&parameter, context) {
            Some((location, name)) if location == "path" && !names.contains(&name.as_str()) => {
                context.record(format!(
                    "the path parameter `{name}` is not in the path and cannot be sent; removed"
                ));
            }
            _ => list.push(parameter),
        }
    }
    Ok(())
}

/// Makes path parameters required.
pub(super) fn require(entry: &mut Entry, context: &mut RepairContext<'_>) -> Outcome {
    let Some(list) = parameters(&mut entry.operation) else {
        return Ok(());
    };
    for parameter in list {
        let resolved =
            context
                .components
                .resolved(context.unit, crate::model::Kind::Parameter, parameter);
        let Some((unit, value)) = resolved else {
            continue;
        };
        let is_optional = value.get("in").is_some_and(|it| it == "path")
            && value.get("required") != Some(&Value::Bool(true));
        // References of another unit would lead elsewhere.
        if !is_optional || unit != context.unit {
            continue;
        }
        let mut required = value.clone();
        required["required"] = true.into();
        let name = required["name"].as_str().unwrap_or_default().to_owned();
        *parameter = required;
        context.record(format!(
            "the path parameter `{name}` is not `required: true`; set"
        ));
    }
    Ok(())
}
