//! Finds the action that is the cause of a problem.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::problems::{Problem, problems};
use crate::canonical::Canonical;
use openapi_overlay::{Action, Overlay};
use openapi_text::{Diagnostics, Location};

/// Calls `then` after each action with the action, the document before it and the document after
/// it. Actions that cannot be applied are skipped.
fn replay(overlay: &Overlay, before: &Value, mut then: impl FnMut(&Action, &Value, &Value)) {
    let mut document = before.clone();
    for action in &overlay.actions {
        let previous = document.clone();
        match overlay.apply_action(action, &mut document) {
            Ok(_) => then(action, &previous, &document),
            Err(_) => document = previous,
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
    replay(overlay, before, |action, previous, document| {
        for pointer in pointers {
            if previous.pointer(pointer) != document.pointer(pointer) {
                found.insert(*pointer, action.location.clone());
            }
        }
    });
    found
}

/// Returns the location of the first action after which the document cannot be read.
pub(super) fn breaker(overlay: &Overlay, before: &Value) -> Location {
    let mut found = None;
    replay(overlay, before, |action, _, document| {
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
    replay(overlay, before, |action, _, document| {
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
