//! Paths and their methods: which endpoints both documents have. An endpoint is known by its method and its path with the variables by
//! position.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::change::{Source, Wire};
use crate::comparer::{Comparer, Use};
use crate::operation::Templates;
use crate::rules;
use crate::tree::Pair;
use openapi_text::template;

/// The methods that a path can have.
pub(crate) const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

impl<'d> Comparer<'d> {
    /// Every path of both documents.
    pub(crate) fn paths(&mut self, root: Pair<'d>) {
        let paths = self.key(root, "paths");
        for (base, revision) in same_paths(paths) {
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
        // A path without methods answers nothing, and is there all the same.
        if !item.both()
            && !METHODS.iter().any(|method| {
                item.base.get(method).is_some() || item.revision.get(method).is_some()
            })
        {
            let (before, after) = (base.map(Into::into), revision.map(Into::into));
            self.report_level(
                &rules::KEYWORD_CHANGED,
                item,
                Wire::None,
                Source::None,
                before,
                after,
            );
        }
        for method in METHODS {
            let operation = self.key(item, method);
            let name = |path: &str| {
                Some(Value::String(format!(
                    "{} {}",
                    method.to_uppercase(),
                    template::by_position(path)
                )))
            };
            match (operation.base.is_there(), operation.revision.is_there()) {
                (true, true) => {
                    self.operation(item, operation, templates, Use::REQUEST);
                    self.operation_security(root, operation);
                    self.servers(&[operation, item, root]);
                }
                (true, false) => {
                    self.report_values(
                        &rules::ENDPOINT_REMOVED,
                        operation,
                        Use::REQUEST,
                        name(templates.base),
                        None,
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

/// The paths of both documents, matched by position of their variables: first those that are written alike, then the rest in order.
fn same_paths<'d>(paths: Pair<'d>) -> Vec<(Option<&'d str>, Option<&'d str>)> {
    let mut revision: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for path in paths.revision.keys().filter(|path| !path.starts_with("x-")) {
        revision
            .entry(template::by_position(path))
            .or_default()
            .push(path);
    }
    let mut matched: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    let mut unmatched = Vec::new();
    for path in paths.base.keys().filter(|path| !path.starts_with("x-")) {
        let alike = revision.get_mut(&template::by_position(path));
        match alike.and_then(|alike| {
            alike
                .iter()
                .position(|other| *other == path)
                .map(|at| alike.remove(at))
        }) {
            Some(other) => matched.push((Some(path), Some(other))),
            None => unmatched.push(path),
        }
    }
    for path in unmatched {
        let alike = revision
            .get_mut(&template::by_position(path))
            .filter(|alike| !alike.is_empty());
        matched.push((Some(path), alike.map(|alike| alike.remove(0))));
    }
    matched.extend(
        revision
            .into_values()
            .flatten()
            .map(|path| (None, Some(path))),
    );
    matched
}
