//! Drafts an overlay that adds the types of another document, such as that of the vendor.

mod actions;
mod components;
mod matching;
mod render;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use self::actions::Actions;
use self::components::{Reachable, document_action};
use self::matching::{Candidates, read_operations};
pub use self::render::TypesDraft;
use self::render::render;
use crate::canonical::Canonical;

/// Drafts an overlay for `canonical` with the types of `other`, an OpenAPI 3.0 document without
/// parameters in path items. `source` is the name of the other document.
///
/// Operations match if they have the same method and path; names of variables do not count. Paths
/// are compared with the base path of the server first, then without, then by their ends.
pub fn types_from(canonical: &Canonical, other: &Value, source: &str) -> TypesDraft {
    let own = serde_json::to_value(canonical.document()).unwrap_or_default();
    let candidates = Candidates::new(other);
    let mut draft = TypesDraft {
        text: String::new(),
        matched: Vec::new(),
        unmatched: Vec::new(),
        unused: Vec::new(),
    };
    let mut used = BTreeSet::new();
    let mut wanted = Reachable::default();
    let mut operation_actions = Vec::new();
    for operation in read_operations(&own) {
        let Some(number) = candidates.find(&operation) else {
            draft.unmatched.push(operation.title);
            continue;
        };
        used.insert(number);
        let theirs = &candidates.all[number];
        let actions = Actions {
            document: other,
            own: &operation,
            theirs,
        };
        let actions = actions.list();
        for action in &actions {
            wanted.add(&action["update"]);
        }
        let at = format!("{source}#{}", theirs.pointer);
        let actions: Vec<Value> = actions
            .into_iter()
            .map(|mut action| {
                action["x-source"] = json!(at);
                action
            })
            .collect();
        if !actions.is_empty() {
            operation_actions.push((operation.title.clone(), actions));
        }
        draft.matched.push(operation.title);
    }
    let all = candidates.all.iter().enumerate();
    draft.unused = all
        .filter(|(number, _)| !used.contains(number))
        .map(|(_, operation)| operation.title.clone())
        .collect();
    let document_action = document_action(&own, other, wanted);
    if draft.matched.is_empty() || (operation_actions.is_empty() && document_action.is_none()) {
        return draft;
    }
    draft.text = render(&own, source, &draft, document_action, &operation_actions);
    draft
}
