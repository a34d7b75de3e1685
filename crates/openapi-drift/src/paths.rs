//! Compares paths and their methods.
//!
//! Endpoints with the same method are paired if their paths differ only in the names of variables.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::comparer::Comparer;
use crate::level::{Source, Wire};
use crate::operation::Templates;
use crate::rules;
use crate::tree::Pair;
use crate::usage::Use;
use openapi_text::METHODS;
use openapi_text::template;

impl<'d> Comparer<'d> {
    /// Compares all paths.
    pub(crate) fn paths(&mut self, root: Pair<'d>) {
        let paths = self.key(root, "paths");
        for (base, revision) in pair_paths(paths) {
            let item = self.entry(paths, base, revision);
            let item = self.resolved(item);
            self.endpoints(root, item, (base, revision));
        }
        self.extensions(paths, Use::REQUEST);
    }

    fn endpoints(
        &mut self,
        root: Pair<'d>,
        item: Pair<'d>,
        (base, revision): (Option<&'d str>, Option<&'d str>),
    ) {
        let templates = Templates {
            base: base.unwrap_or_default(),
            revision: revision.unwrap_or_default(),
        };
        if item.both() {
            self.path_item(item, templates, Use::REQUEST);
            self.servers(&[item, root]);
        }
        // A path item without methods has no effect on calls, but it is a difference.
        if !item.both()
            && !METHODS.iter().any(|method| {
                item.base.get(method).is_some() || item.revision.get(method).is_some()
            })
        {
            let (before, after) = (base.map(Into::into), revision.map(Into::into));
            self.report_level(
                &rules::KEYWORD_CHANGED,
                item,
                Use::REQUEST.effect(Wire::None, "a path without operations has no effect"),
                Source::None,
                before,
                after,
            );
        }
        for method in METHODS {
            let operation = self.key(item, method);
            let name =
                |path: &str| Some(Value::String(format!("{} {path}", method.to_uppercase())));
            match (operation.base.is_present(), operation.revision.is_present()) {
                (true, true) => {
                    self.operation(item, operation, templates, Use::REQUEST);
                    self.operation_security(root, operation);
                    self.servers(&[operation, item, root]);
                }
                (true, false) => {
                    self.report_removed(
                        (
                            &rules::ENDPOINT_REMOVED,
                            &rules::ENDPOINT_REMOVED_AFTER_SUNSET,
                        ),
                        operation.base,
                        operation,
                        Use::REQUEST.wire(&rules::ENDPOINT_REMOVED),
                        Use::REQUEST,
                        name(templates.base),
                    );
                }
                (false, true) => {
                    self.report_values(
                        &rules::ENDPOINT_ADDED,
                        operation,
                        Use::REQUEST,
                        None,
                        name(templates.revision),
                    );
                }
                (false, false) => {}
            }
        }
    }
}

/// Pairs the paths of both documents, ignoring the names of variables. Identical paths are paired
/// first, the others in document order.
fn pair_paths<'d>(paths: Pair<'d>) -> Vec<(Option<&'d str>, Option<&'d str>)> {
    let mut revision: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in paths.revision.keys().filter(|path| !path.starts_with("x-")) {
        revision
            .entry(template::by_position(path))
            .or_default()
            .push(path);
    }
    let mut pairs: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    let mut unmatched = Vec::new();
    for path in paths.base.keys().filter(|path| !path.starts_with("x-")) {
        let candidates = revision.get_mut(&template::by_position(path));
        match candidates.and_then(|candidates| {
            candidates
                .iter()
                .position(|other| *other == path)
                .map(|at| candidates.remove(at))
        }) {
            Some(other) => pairs.push((Some(path), Some(other))),
            None => unmatched.push(path),
        }
    }
    for path in unmatched {
        let candidates = revision
            .get_mut(&template::by_position(path))
            .filter(|candidates| !candidates.is_empty());
        pairs.push((
            Some(path),
            candidates.map(|candidates| candidates.remove(0)),
        ));
    }
    pairs.extend(
        revision
            .into_values()
            .flatten()
            .map(|path| (None, Some(path))),
    );
    pairs
}
