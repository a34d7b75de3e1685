//! Applies a client's overlay to its canonical document.
//!
//! The rules are stricter than the Overlay specification. Each action must state a reason and a
//! source and must match something. The result must be a valid OpenAPI 3.0 document that keeps
//! everything the overlay wrote.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::{Value, json};

use super::assumptions::{confirm, remove_marks};
use super::blame::{added_problems, breaker, writer_of};
use super::blanks::blanks;
use super::nearest::nearest;
use super::operations::{operations, parts_of};
use crate::canonical::Canonical;
use openapi_overlay::{Action, Change, Overlay};
use openapi_text::pointer::escape;
use openapi_text::{Diagnostics, Location, Severity};

/// The extension that lists the sources of overlay changes to an operation or a component.
pub const SOURCES: &str = "x-gallery-sources";

/// The only valid value of `extends`.
const EXTENDS: &str = "openapi.json";

/// The changes that an overlay made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OverlayReport {
    /// The path of the overlay.
    pub file: String,
    /// The actions, in order.
    pub actions: Vec<ActionReport>,
    /// Number of blanks: empty reasons and sources, and updates with an empty `schema`.
    #[serde(skip_serializing_if = "is_zero")]
    pub blanks: usize,
    /// The added operations: method and path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
    /// The removed operations: method and path.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub removed: Vec<String>,
}

/// An action and the number of its matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ActionReport {
    /// The location of the action.
    pub at: String,
    /// The JSONPath of the action.
    pub target: String,
    /// Number of changed nodes.
    pub matches: usize,
    /// The value of `x-reason`.
    pub reason: String,
    /// The value of `x-source`.
    pub source: String,
}

fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// Applies the overlay. Returns `None` after reporting errors to `diagnostics`.
///
/// If `diagnostics` allows unmatched actions, it skips actions that match nothing or that cannot be
/// applied to their matches.
pub fn apply(
    canonical: &Canonical,
    overlay: &Overlay,
    diagnostics: &mut Diagnostics,
) -> Option<(Canonical, OverlayReport)> {
    let mut own = diagnostics.child();
    let refuse = |own: &mut Diagnostics, location: &Location, message| {
        own.push(Severity::Error, "overlay", location.clone(), message);
    };
    if let Some((extends, location)) = overlay
        .extends
        .as_ref()
        .filter(|(extends, _)| extends != EXTENDS)
    {
        refuse(
            &mut own,
            location,
            format!("the overlay extends `{extends}`; expected `{EXTENDS}`"),
        );
    }
    for action in &overlay.actions {
        for message in missing_parts(overlay, action) {
            refuse(&mut own, &action.location, message);
        }
    }
    let before = serde_json::to_value(canonical.document()).unwrap_or_default();
    let changed = apply_actions(overlay, &before, &mut own);
    let result = changed.and_then(|(after, actions)| {
        let result = parse_result(overlay, &before, after, &mut |location, message| {
            refuse(&mut own, location, message);
        })?;
        let (added, removed) = changed_operations(canonical, &result);
        warn_of_operations_without_credentials(overlay, &before, &result, &mut own);
        let blanks = blanks(overlay);
        if blanks > 0 {
            let message = match blanks {
                1 => "the overlay has 1 blank: an empty reason, source or schema".to_owned(),
                _ => format!("the overlay has {blanks} blanks: empty reasons, sources or schemas"),
            };
            let location = Location::file(&overlay.file);
            own.push(Severity::Warning, "overlay-blanks", location, message);
        }
        Some((
            result,
            OverlayReport {
                file: overlay.file.clone(),
                actions,
                blanks,
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
fn missing_parts(overlay: &Overlay, action: &Action) -> Vec<String> {
    let mut messages = Vec::new();
    if overlay.reason_of(action).is_none() {
        messages.push(
            "the action has no `x-reason`: state why the listing is wrong or incomplete, here or once for the overlay".to_owned(),
        );
    }
    if overlay.source_of(action).is_none() {
        messages
            .push("the action has no `x-source`: state the source of the correction, here or once for the overlay".to_owned());
    }
    if matches!(action.change, Change::Nothing) {
        messages
            .push("the action changes nothing: it has no `update`, `remove` or `copy`".to_owned());
    }
    messages
}

/// Applies all actions and adds their sources to the changed operations and components.
fn apply_actions(
    overlay: &Overlay,
    before: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<(Value, Vec<ActionReport>)> {
    let mut document = before.clone();
    let mut sources: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    let mut reports = Vec::new();
    let mut failed = false;
    for action in &overlay.actions {
        let matches = action.target.select(&document);
        let previous = parts_of(&document, &matches).into_iter();
        let previous: BTreeMap<String, Option<Value>> = previous
            .map(|part| {
                let value = document.pointer(&part).cloned();
                (part, value)
            })
            .collect();
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
            Ok(applied) => {
                if let Change::Update(value) = &action.change {
                    confirm(&mut document, &applied.matches, value);
                }
                reports.push(report(overlay, action, applied.matches.len()));
            }
            Err(error) => {
                failed |= diagnostics.push_unmatched("overlay", error.location, error.message);
                continue;
            }
        }
        let is_changed = |part: &String| {
            let value = document.pointer(part);
            value.is_some() && previous.get(part).and_then(Option::as_ref) != value
        };
        for part in parts_of(&document, &matches).into_iter().filter(is_changed) {
            let part_sources = sources.entry(part).or_default();
            part_sources.extend(
                overlay
                    .source_of(action)
                    .filter(|source| !source.trim().is_empty() && !part_sources.contains(source)),
            );
        }
    }
    for (part, sources) in sources
        .into_iter()
        .filter(|(_, sources)| !sources.is_empty())
    {
        if let Some(Value::Object(part)) = document.pointer_mut(&part) {
            part.insert(SOURCES.to_owned(), json!(sources));
        }
    }
    (!failed).then_some((document, reports))
}

fn report(overlay: &Overlay, action: &Action, matches: usize) -> ActionReport {
    let owned = |text: Option<&str>| text.unwrap_or_default().to_owned();
    ActionReport {
        at: action.location.to_string(),
        target: action.target.text.clone(),
        matches,
        reason: owned(overlay.reason_of(action)),
        source: owned(overlay.source_of(action)),
    }
}

/// Parses the changed document.
///
/// Calls `refuse` and returns `None` if an `operationId` changed, if the document is invalid, or if
/// it does not keep everything that the overlay wrote.
fn parse_result(
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
                "the overlay changes the `operationId` of `{name}`; change the name in `names.toml` instead"
            );
            refuse(
                &writer_of(overlay, before, &format!("{pointer}/operationId")),
                message,
            );
            return None;
        }
    }
    remove_marks(&mut after);
    let canonical = match Canonical::parse(&after.to_string()) {
        Ok(canonical) => canonical,
        Err(error) => {
            refuse(
                &breaker(overlay, before),
                format!("the overlay produces an invalid OpenAPI document: {error}"),
            );
            return None;
        }
    };
    let kept = serde_json::to_value(canonical.document()).unwrap_or_default();
    if let Some(lost) = lost(&after, &kept, "") {
        let message =
            format!("OpenAPI 3.0 has no such location, so its value would be lost: `#{lost}`");
        refuse(&writer_of(overlay, before, &lost), message);
        return None;
    }
    for (location, (pointer, message)) in added_problems(overlay, before, &after) {
        refuse(&location, format!("{message} (`#{pointer}`)"));
    }
    Some(canonical)
}

/// Warns if the overlay adds a root `security` that leaves operations without credentials.
fn warn_of_operations_without_credentials(
    overlay: &Overlay,
    before: &Value,
    after: &Canonical,
    diagnostics: &mut Diagnostics,
) {
    let security = after.document().security.as_deref();
    let sends_nothing = security.is_some_and(|root| root.iter().all(IndexMap::is_empty));
    if !sends_nothing || before.get("security").is_some() {
        return;
    }
    let endpoints = after.endpoints().into_iter();
    let count = endpoints
        .filter(|endpoint| endpoint.operation.security.is_none())
        .count();
    if count > 0 {
        let operations = if count == 1 {
            "operation"
        } else {
            "operations"
        };
        diagnostics.push(
            Severity::Warning,
            "no-credentials",
            writer_of(overlay, before, "/security"),
            format!(
                "{count} {operations} will get no credentials: the `security` of the document lists none, and they have none of their own"
            ),
        );
    }
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

/// Returns the added and the removed operations: method and path.
fn changed_operations(before: &Canonical, after: &Canonical) -> (Vec<String>, Vec<String>) {
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
