//! Finds the action that is the cause of a problem.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::problems::{Problem, problems};
use crate::canonical::Canonical;
use openapi_overlay::{Action, Change, Overlay};
use openapi_text::{Diagnostics, Location};

/// Calls `then` after each action with the action and the document after it. Actions that cannot be
/// applied are skipped.
fn replay(overlay: &Overlay, before: &Value, mut then: impl FnMut(&Action, &Value)) {
    let mut document = before.clone();
    for action in &overlay.actions {
        if overlay.apply_action(action, &mut document).is_ok() {
            then(action, &document);
        }
    }
}

/// Returns the location of the last action that changed a JSON pointer.
pub(super) fn writer_of(overlay: &Overlay, before: &Value, pointer: &str) -> Location {
    writers(overlay, before, &[pointer])
        .remove(pointer)
        .unwrap_or_else(|| Location::file(&overlay.file))
}

/// Returns the locations of the last actions that changed these JSON pointers.
fn writers<'a>(
    overlay: &Overlay,
    before: &Value,
    pointers: &[&'a str],
) -> BTreeMap<&'a str, Location> {
    let mut found = BTreeMap::new();
    let mut document = before.clone();
    for action in &overlay.actions {
        let nodes = changed_nodes(action, &document);
        let is_related = |pointer: &&&str| nodes.iter().any(|node| overlap(node, pointer));
        let previous: Vec<(&str, Option<Value>)> = pointers
            .iter()
            .filter(is_related)
            .map(|pointer| (*pointer, document.pointer(pointer).cloned()))
            .collect();
        if overlay.apply_action(action, &mut document).is_ok() {
            let changed = previous
                .into_iter()
                .filter(|(pointer, value)| document.pointer(pointer) != value.as_ref());
            found.extend(changed.map(|(pointer, _)| (pointer, action.location.clone())));
        }
    }
    found
}

/// Returns the JSON pointers of the nodes that an action may change. Removing an item of a list
/// moves the items after it.
fn changed_nodes(action: &Action, document: &Value) -> Vec<String> {
    let mut nodes = action.target.select(document);
    if matches!(action.change, Change::Remove) {
        for node in &mut nodes {
            node.truncate(node.rfind('/').unwrap_or_default());
        }
    }
    nodes
}

/// Returns true if one of two nodes contains the other.
fn overlap(one: &str, other: &str) -> bool {
    let contains = |outer: &str, inner: &str| {
        let rest = inner.strip_prefix(outer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    contains(one, other) || contains(other, one)
}

/// Returns the location of the first action after which the document cannot be read.
pub(super) fn breaker(overlay: &Overlay, before: &Value) -> Location {
    let mut found = None;
    replay(overlay, before, |action, document| {
        if found.is_none() && Canonical::parse(&document.to_string()).is_err() {
            found = Some(action.location.clone());
        }
    });
    found.unwrap_or_else(|| Location::file(&overlay.file))
}

/// Returns the problems that the overlay adds to a document, each with the location of the action
/// after which the problem is present to the end.
pub(super) fn added_problems(
    overlay: &Overlay,
    before: &Value,
    after: &Value,
) -> Vec<(Location, Problem)> {
    let known = problems(before);
    let added: Vec<Problem> = problems(after).difference(&known).cloned().collect();
    if added.is_empty() {
        return Vec::new();
    }
    let mut locations = vec![Location::file(&overlay.file); added.len()];
    let mut present = BTreeSet::new();
    replay(overlay, before, |action, document| {
        let now = problems(document);
        for (problem, location) in added.iter().zip(&mut locations) {
            if now.contains(problem) && !present.contains(problem) {
                *location = action.location.clone();
            }
        }
        present = now;
    });
    locations.into_iter().zip(added).collect()
}

/// Moves diagnostics about `file`, the changed document, to the actions that wrote what they are
/// about. `before` is the document without the overlay.
pub fn locate(
    overlay: &Overlay,
    before: &Canonical,
    file: &str,
    diagnostics: &Diagnostics,
) -> Diagnostics {
    let mut located = diagnostics.child();
    let pointer_of =
        |location: &Location| location.pointer.clone().filter(|_| location.file == file);
    let pointers: Vec<String> = diagnostics
        .iter()
        .filter_map(|diagnostic| pointer_of(&diagnostic.location))
        .collect();
    let writers = match pointers.is_empty() {
        true => BTreeMap::new(),
        false => {
            let before = serde_json::to_value(before.document()).unwrap_or_default();
            let pointers: Vec<&str> = pointers.iter().map(String::as_str).collect();
            writers(overlay, &before, &pointers)
        }
    };
    for diagnostic in diagnostics.iter() {
        let pointer = pointer_of(&diagnostic.location);
        let writer = pointer.as_deref().and_then(|pointer| writers.get(pointer));
        let (location, message) = match (writer, &pointer) {
            (Some(writer), Some(pointer)) => (
                writer.clone(),
                format!("{} (`#{pointer}`)", diagnostic.message),
            ),
            _ => (diagnostic.location.clone(), diagnostic.message.clone()),
        };
        located.push(diagnostic.severity, diagnostic.code, location, message);
    }
    located
}
