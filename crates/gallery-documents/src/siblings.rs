//! Replaces references that lead nowhere by components of sibling documents, if all that have the
//! component agree on it.

use std::collections::HashMap;

use crate::components::Components;
use crate::equality::{self, Classes};
use crate::fingerprint::Part;
use crate::model::Kind;
use openapi_text::pointer::{of_reference, unescape};

/// The maximum number of rounds. A replacement can make two components equal that differed only in
/// a reference.
const MAX_ROUNDS: usize = 8;

/// Finds replacements, and returns the classes of all components and operations. `is_document` is
/// true for units that are documents.
pub(crate) fn resolve(
    components: &mut Components,
    parts: &[Part],
    operations: &[Part],
    is_document: &[bool],
) -> Classes {
    let candidates = candidates(components, is_document);
    for _ in 0..MAX_ROUNDS {
        let classes = equality::find(components, parts, operations);
        let mut has_changed = false;
        for (dangling, candidates) in &candidates {
            if components.replacements.contains_key(dangling) {
                continue;
            }
            let class = |number: &usize| classes.components[*number].wire;
            if let [first, others @ ..] = candidates.as_slice()
                && others.iter().all(|other| class(other) == class(first))
            {
                components.replacements.insert(*dangling, *first);
                has_changed = true;
            }
        }
        if !has_changed {
            return classes;
        }
    }
    equality::find(components, parts, operations)
}

/// Returns the components of sibling documents for each reference that leads nowhere.
fn candidates(components: &Components, is_document: &[bool]) -> Vec<(usize, Vec<usize>)> {
    let mut by_name: HashMap<(Kind, &str), Vec<usize>> = HashMap::new();
    for (number, component) in components.all.iter().enumerate() {
        if is_document[component.unit] {
            by_name
                .entry((component.kind, &component.name))
                .or_default()
                .push(number);
        }
    }
    let mut candidates = Vec::new();
    for (number, dangling) in components.dangling.iter().enumerate() {
        let Some(name) = name_of(dangling.kind, &dangling.text) else {
            continue;
        };
        if !is_document[dangling.unit] {
            continue;
        }
        if let Some(found) = by_name.get(&(dangling.kind, name.as_str())) {
            candidates.push((number, found.clone()));
        }
    }
    candidates
}

/// Returns the name of the component that a local reference names.
fn name_of(kind: Kind, text: &str) -> Option<String> {
    let pointer = of_reference(text)?;
    let rest = pointer.strip_prefix("/components/")?;
    let name = rest.strip_prefix(kind.section()?)?.strip_prefix('/')?;
    (!name.is_empty() && !name.contains('/')).then(|| unescape(name))
}
