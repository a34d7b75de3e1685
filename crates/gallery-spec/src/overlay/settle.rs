//! Applies a client's overlay to its canonical document. Beyond the standard, each action must state
//! a reason and a source and must match something, and the result must be a valid OpenAPI 3.0
//! document that keeps everything the overlay wrote.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::{Value, json};

use crate::canonical::Canonical;
use gallery_draft::{ASSUMED, Method};
use openapi_overlay::{Action, Change, Overlay, Query};
use openapi_text::pointer::escape;
use openapi_text::suggest::closest;
use openapi_text::{Diagnostics, Location, Severity};

/// The extension that lists the sources of overlay changes to an operation or a component.
pub const SOURCES: &str = "x-gallery-sources";

/// The only valid value of `extends`.
const EXTENDS: &str = "openapi.json";

/// The minimum similarity of suggested keys. It is low, because keys are short.
const MIN_SIMILARITY: f64 = 0.4;

/// The changes that an overlay made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlayReport {
    /// The file.
    pub file: String,
    /// Its actions, in order.
    pub actions: Vec<ActionReport>,
    /// Operations that it added: method and path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
    /// Operations that it removed: method and path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
}

/// An action and the number of its matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ActionReport {
    pub at: String,
    pub target: String,
    /// Number of changed nodes.
    pub matches: usize,
    pub reason: String,
    pub source: String,
}

/// Applies the overlay. Problems are reported to `diagnostics` with their lines, and the result is
/// `None`. Actions that match nothing, or that cannot be applied to their matches, are skipped if
/// `diagnostics` allows unmatched actions.
pub fn settle(
    canonical: &Canonical,
    overlay: &Overlay,
    diagnostics: &mut Diagnostics,
) -> Option<(Canonical, OverlayReport)> {
    let mut own = diagnostics.child();
    let refuse = |own: &mut Diagnostics, place: &Location, message| {
        own.push(Severity::Error, "overlay", place.clone(), message);
    };
    if let Some((extends, place)) = overlay
        .extends
        .as_ref()
        .filter(|(extends, _)| extends != EXTENDS)
    {
        refuse(
            &mut own,
            place,
            format!("this overlay is for `{extends}`; here it goes onto `{EXTENDS}`"),
        );
    }
    for action in &overlay.actions {
        for message in missing_parts(action) {
            refuse(&mut own, &action.location, message);
        }
    }
    let before = serde_json::to_value(canonical.document()).unwrap_or_default();
    let changed = apply(overlay, &before, &mut own);
    let result = changed.and_then(|(after, actions)| {
        let settled = document(overlay, &before, after, &mut |place, message| {
            refuse(&mut own, place, message);
        })?;
        let (added, removed) = operations_changed(canonical, &settled);
        Some((
            settled,
            OverlayReport {
                file: overlay.file.clone(),
                actions,
                added,
                removed,
            },
        ))
    });
    let failed = own.has_errors();
    diagnostics.extend(own);
    result.filter(|_| !failed)
}

/// Returns messages about missing parts of an action.
fn missing_parts(action: &Action) -> Vec<String> {
    let mut messages = Vec::new();
    let missing = |text: &Option<String>| text.as_deref().is_none_or(|text| text.trim().is_empty());
    if missing(&action.reason) {
        messages.push(
            "the action has no `x-reason`: state why the listing is wrong or incomplete".to_owned(),
        );
    }
    if missing(&action.source) {
        messages
            .push("the action has no `x-source`: state the source of the correction".to_owned());
    }
    if matches!(action.change, Change::Nothing) {
        messages
            .push("the action changes nothing: it has no `update`, `remove` or `copy`".to_owned());
    }
    messages
}

/// Applies all actions and adds their sources to the changed operations and components.
fn apply(
    overlay: &Overlay,
    before: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<(Value, Vec<ActionReport>)> {
    let mut document = before.clone();
    let mut sources: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut reports = Vec::new();
    let mut failed = false;
    for action in &overlay.actions {
        let was = document.clone();
        match overlay.apply_action(action, &mut document) {
            Ok(applied) if applied.matches.is_empty() => {
                let message = format!(
                    "`{}` matches nothing{}",
                    action.target.text,
                    nearest(&action.target, &document)
                );
                failed |=
                    diagnostics.push_unmatched("overlay", action.target.location.clone(), message);
            }
            Ok(applied) => reports.push(report(action, applied.matches.len())),
            Err(error) => {
                failed |= diagnostics.push_unmatched("overlay", error.location, error.message);
                document = was;
                continue;
            }
        }
        for part in parts(&document)
            .into_iter()
            .filter(|part| was.pointer(part) != document.pointer(part))
        {
            let known = sources.entry(part).or_default();
            known.extend(
                action
                    .source
                    .as_deref()
                    .filter(|source| !known.contains(source)),
            );
        }
    }
    for (part, sources) in sources {
        if let Some(Value::Object(part)) = document.pointer_mut(&part) {
            part.insert(SOURCES.to_owned(), json!(sources));
        }
    }
    (!failed).then_some((document, reports))
}

fn report(action: &Action, matches: usize) -> ActionReport {
    ActionReport {
        at: action.location.to_string(),
        target: action.target.text.clone(),
        matches,
        reason: action.reason.clone().unwrap_or_default(),
        source: action.source.clone().unwrap_or_default(),
    }
}

/// Returns the JSON pointers of all operations and components.
fn parts(document: &Value) -> Vec<String> {
    let operations = operations(document).map(|(pointer, ..)| pointer);
    let components = document
        .get("components")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let components = components.flat_map(|(kind, of)| {
        let names = of.as_object().into_iter().flat_map(serde_json::Map::keys);
        names.map(move |name| format!("/components/{}/{}", escape(kind), escape(name)))
    });
    operations.chain(components).collect()
}

/// Returns all operations with their JSON pointers, methods and paths.
fn operations(document: &Value) -> impl Iterator<Item = (String, String, &Value)> {
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

/// Parses the changed document as a canonical one. Fails if an `operationId` changed, or if the
/// document is invalid or does not keep everything that the overlay wrote.
fn document(
    overlay: &Overlay,
    before: &Value,
    mut after: Value,
    refuse: &mut impl FnMut(&Location, String),
) -> Option<Canonical> {
    let ids: BTreeMap<String, &Value> = operations(before)
        .map(|(pointer, _, operation)| (pointer, operation))
        .collect();
    for (pointer, name, operation) in operations(&after) {
        let id = |operation: &Value| operation.get("operationId").cloned();
        if ids
            .get(&pointer)
            .is_some_and(|before| id(before) != id(operation))
        {
            let message = format!(
                "the overlay changes the `operationId` of `{name}`; names are kept in `names.toml`: change it there"
            );
            refuse(
                &writer_of(overlay, before, &format!("{pointer}/operationId")),
                message,
            );
            return None;
        }
    }
    unmark(&mut after);
    let canonical = match Canonical::parse(&after.to_string()) {
        Ok(canonical) => canonical,
        Err(error) => {
            refuse(
                &Location::file(&overlay.file),
                format!("the overlay produces an invalid OpenAPI document: {error}"),
            );
            return None;
        }
    };
    let kept = serde_json::to_value(canonical.document()).unwrap_or_default();
    if let Some(lost) = lost(&after, &kept, "") {
        let message =
            format!("OpenAPI 3.0 has no such place, and what was written there is lost: `#{lost}`");
        refuse(&writer_of(overlay, before, &lost), message);
        return None;
    }
    Some(canonical)
}

/// Returns the location of the last action that changed a JSON pointer.
fn writer_of(overlay: &Overlay, before: &Value, pointer: &str) -> Location {
    let mut document = before.clone();
    let mut place = Location::file(&overlay.file);
    for action in &overlay.actions {
        let was = document.pointer(pointer).cloned();
        if overlay.apply_action(action, &mut document).is_ok()
            && document.pointer(pointer) != was.as_ref()
        {
            place = action.location.clone();
        }
    }
    place
}

/// Returns the JSON pointer of the first value of `written` that is missing in `kept`. Empty values
/// may be missing.
fn lost(written: &Value, kept: &Value, pointer: &str) -> Option<String> {
    let empty = |value: &Value| match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        Value::Number(_) | Value::Bool(true) | Value::String(_) => false,
    };
    match (written, kept) {
        (Value::Object(written), Value::Object(kept)) => written.iter().find_map(|(key, value)| {
            let pointer = format!("{pointer}/{}", escape(key));
            match kept.get(key) {
                Some(kept) => lost(value, kept, &pointer),
                None => (!empty(value)).then_some(pointer),
            }
        }),
        (Value::Array(written), Value::Array(kept)) if written.len() == kept.len() => {
            let mut pairs = written.iter().zip(kept).enumerate();
            pairs.find_map(|(at, (written, kept))| lost(written, kept, &format!("{pointer}/{at}")))
        }
        // 1 and 1.0 are equal.
        (Value::Number(written), Value::Number(kept)) if written.as_f64() == kept.as_f64() => None,
        _ => (written != kept).then(|| pointer.to_owned()),
    }
}

/// Removes the marks of assumptions that the overlay replaced by facts.
fn unmark(document: &mut Value) {
    let pointers: Vec<String> = operations(document).map(|(pointer, ..)| pointer).collect();
    for pointer in pointers {
        let Some(operation) = document.pointer_mut(&pointer) else {
            continue;
        };
        for parameter in operation
            .get_mut("parameters")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            let known = parameter
                .get("schema")
                .is_none_or(|schema| *schema != json!({"type": "string"}));
            unmark_one(parameter, "type", known);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            let known = content_schemas(body).any(|schema| *schema != json!({}));
            unmark_one(body, "schema", known);
        }
        let responses = operation
            .get_mut("responses")
            .and_then(Value::as_object_mut);
        for response in responses
            .into_iter()
            .flat_map(|responses| responses.values_mut())
        {
            let known =
                content_schemas(response).next().is_some() || response.get("content").is_none();
            unmark_one(response, "content", known);
        }
    }
}

fn content_schemas(of: &Value) -> impl Iterator<Item = &Value> {
    let content = of
        .get("content")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    content.filter_map(|(_, media_type)| media_type.get("schema"))
}

fn unmark_one(of: &mut Value, mark: &str, known: bool) {
    let Some(map) = of.as_object_mut().filter(|_| known) else {
        return;
    };
    if let Some(Value::Array(marks)) = map.get_mut(ASSUMED) {
        marks.retain(|found| found != mark);
        if marks.is_empty() {
            map.remove(ASSUMED);
        }
    }
}

/// Returns the added and the removed operations: method and path.
fn operations_changed(before: &Canonical, after: &Canonical) -> (Vec<String>, Vec<String>) {
    let names = |document: &Canonical| {
        let names = document
            .endpoints()
            .into_iter()
            .map(|endpoint| format!("{} {}", endpoint.method, endpoint.path));
        names.collect::<BTreeSet<_>>()
    };
    let (before, after) = (names(before), names(after));
    (
        after.difference(&before).cloned().collect(),
        before.difference(&after).cloned().collect(),
    )
}

/// Returns the longest prefix of the query that matches something, with the closest key below it.
fn nearest(query: &Query, document: &Value) -> String {
    let ends = query
        .text
        .char_indices()
        .filter(|(_, c)| matches!(c, '.' | '['))
        .map(|(at, _)| at);
    let reached = ends.rev().find_map(|end| {
        let prefix = Query::parse(&query.text[..end])?;
        let found = prefix.select(document);
        Some((end, found)).filter(|(_, found)| !found.is_empty())
    });
    let Some((end, found)) = reached else {
        return String::new();
    };
    let (prefix, rest) = query.text.split_at(end);
    let wanted = rest.trim_start_matches(['.', '[', '\'', '"']);
    let wanted = wanted
        .split(
            ["']", "\"]"]
                .iter()
                .find(|close| wanted.contains(**close))
                .copied()
                .unwrap_or("."),
        )
        .next()
        .unwrap_or(wanted);
    let keys = found
        .iter()
        .filter_map(|it| document.pointer(it)?.as_object())
        .flat_map(serde_json::Map::keys);
    match closest(wanted, keys.map(String::as_str), MIN_SIMILARITY) {
        Some(key) => format!(
            "; the nearest match is `{prefix}['{}']`",
            key.replace('\'', "\\'")
        ),
        None => format!("; the longest matching prefix is `{prefix}`"),
    }
}
