//! Replaces references that lead nowhere by components of sibling documents, if all that have the
//! component agree on it.
//!
//! They agree if the components are equal as graphs. Often they are equal except that one of them
//! refers to something that its document lacks too. Then the definitions themselves must be equal,
//! and the copy of the most documents is used.

use std::collections::{HashMap, HashSet};

use crate::components::Components;
use crate::equality::{self, Classes};
use crate::fingerprint::{self, Part};
use crate::model::Kind;

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
    let classes = replace_equal(components, parts, operations, &candidates);
    match replace_equally_defined(components, parts, &classes, &candidates) {
        true => replace_equal(components, parts, operations, &candidates),
        false => classes,
    }
}

/// A reference that leads nowhere, and the components of siblings that it names.
type Candidates = Vec<(usize, Vec<usize>)>;

/// Uses components that are equal as graphs in all siblings.
fn replace_equal(
    components: &mut Components,
    parts: &[Part],
    operations: &[Part],
    candidates: &Candidates,
) -> Classes {
    for _ in 0..MAX_ROUNDS {
        let classes = equality::find(components, parts, operations);
        let mut has_changed = false;
        for (dangling, candidates) in candidates {
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

/// Uses components whose own definitions are equal in all siblings, although they refer to
/// different components. Returns true if there are any.
fn replace_equally_defined(
    components: &mut Components,
    parts: &[Part],
    classes: &Classes,
    candidates: &Candidates,
) -> bool {
    let mut has_changed = false;
    for (dangling, candidates) in candidates {
        if components.replacements.contains_key(dangling) {
            continue;
        }
        let definitions = candidates.iter();
        let definitions: HashSet<u128> = definitions
            .map(|number| fingerprint::definition(components, &parts[*number]))
            .collect();
        if definitions.len() > 1 {
            continue;
        }
        let class = |number: &usize| classes.components[*number].wire;
        let mut copies: HashMap<u128, usize> = HashMap::new();
        for number in candidates {
            *copies.entry(class(number)).or_insert(0) += 1;
        }
        // Of equal copies, the first one. Ties do not depend on the order of documents.
        let all = candidates.iter().rev();
        let most = all.max_by_key(|number| (copies[&class(number)], class(number)));
        if let Some(most) = most {
            components.replacements.insert(*dangling, *most);
            components.partly_equal.insert(*dangling);
            has_changed = true;
        }
    }
    has_changed
}

/// Returns the components of sibling documents for each reference that leads nowhere.
fn candidates(components: &Components, is_document: &[bool]) -> Candidates {
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
        let Some(name) = dangling.name() else {
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
