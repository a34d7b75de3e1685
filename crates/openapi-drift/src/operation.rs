//! Compares path items and operations that both documents have.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use serde_json::Value;

use crate::comparer::{Comparer, Work};
use crate::level::Source;
use crate::rules;
use crate::tree::Pair;
use crate::usage::{Types, Use};
use crate::values::{canonical, same_or_absent};
use openapi_text::METHODS;

/// The path templates of an endpoint in both documents.
#[derive(Clone, Copy)]
pub(crate) struct Templates<'d> {
    pub(crate) base: &'d str,
    pub(crate) revision: &'d str,
}

impl<'d> Comparer<'d> {
    /// Compares a path item, except for methods, parameters and servers. These are compared for
    /// each operation.
    pub(crate) fn path_item(&mut self, item: Pair<'d>, templates: Templates<'d>, uses: Use) {
        let base = openapi_text::template::variables(templates.base);
        let revision = openapi_text::template::variables(templates.revision);
        for (before, after) in base
            .into_iter()
            .zip(revision)
            .filter(|(before, after)| before != after)
        {
            let rule = &rules::PATH_VARIABLE_RENAMED;
            let source = rename_effect(before, after, rule.source);
            self.report_level(
                rule,
                item,
                uses.wire(rule),
                source,
                Some(before.into()),
                Some(after.into()),
            );
        }
        let compared: Vec<&str> = METHODS
            .iter()
            .copied()
            .chain(["$ref", "parameters", "servers"])
            .collect();
        self.others(item, uses, &compared);
    }

    /// Compares an operation. `uses` is the use of its requests.
    pub(crate) fn operation(
        &mut self,
        item: Pair<'d>,
        operation: Pair<'d>,
        templates: Templates<'d>,
        uses: Use,
    ) {
        let id = self.key(operation, "operationId");
        if !same_or_absent(id.base.value, id.revision.value) {
            let rule = &rules::OPERATION_ID_RENAMED;
            let names = (
                operation.base.text("operationId"),
                operation.revision.text("operationId"),
            );
            let source = match names {
                (Some(before), Some(after)) => rename_effect(before, after, uses.source(rule)),
                _ => uses.source(rule),
            };
            self.report_level(
                rule,
                id,
                uses.wire(rule),
                source,
                id.base.value.cloned(),
                id.revision.value.cloned(),
            );
        }
        self.tags(operation, uses);
        self.parameters(item, operation, templates, uses);
        self.body(operation, uses);
        self.responses(operation, uses.flipped());
        self.callbacks(operation, uses);
        const COMPARED: &[&str] = &[
            "operationId",
            "tags",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "security",
            "servers",
        ];
        self.others(operation, uses, COMPARED);
    }

    /// Compares tags, ignoring their order.
    fn tags(&mut self, operation: Pair<'d>, uses: Use) {
        if operation.is_settled_at("tags") {
            return;
        }
        let tags = self.list(operation, "tags", uses);
        let set = |value: Option<&'d Value>| -> BTreeSet<String> {
            value
                .and_then(Value::as_array)
                .into_iter()
                .flatten()
                .map(canonical)
                .collect()
        };
        if set(tags.base.value) != set(tags.revision.value) {
            self.report(&rules::TAGS_CHANGED, tags, uses);
        }
    }

    fn callbacks(&mut self, operation: Pair<'d>, uses: Use) {
        let callbacks = self.map(operation, "callbacks", uses);
        for name in callbacks.keys() {
            let callback = self.key(callbacks, name);
            if name.starts_with("x-") || !callback.both() {
                self.callback(callback, uses);
                continue;
            }
            let callback = self.resolved(callback);
            for expression in callback
                .keys()
                .into_iter()
                .filter(|expression| !expression.starts_with("x-"))
            {
                let item = self.key(callback, expression);
                if item.both() {
                    let item = self.resolved(item);
                    self.enqueue(Work::PathItem, item, uses.flipped().with(Types::None));
                } else {
                    self.callback(item, uses);
                }
            }
            self.extensions(callback, uses);
        }
    }

    /// Reports a callback, or an operation of one, that only one document has.
    fn callback(&mut self, callback: Pair<'d>, uses: Use) {
        match (callback.base.is_present(), callback.revision.is_present()) {
            (false, true) => self.report(&rules::CALLBACK_ADDED, callback, uses),
            (true, false) => self.report(&rules::CALLBACK_REMOVED, callback, uses),
            _ if same_or_absent(callback.base.value, callback.revision.value) => {}
            _ => self.report(&rules::EXTENSION_CHANGED, callback, uses),
        }
    }

    /// Compares the path item of a callback, whose requests are sent by the server.
    pub(crate) fn callback_item(&mut self, item: Pair<'d>, uses: Use) {
        let templates = Templates {
            base: "",
            revision: "",
        };
        self.path_item(item, templates, uses);
        self.servers(&[item]);
        for method in METHODS {
            let operation = self.key(item, method);
            match (operation.base.is_present(), operation.revision.is_present()) {
                (true, true) => {
                    self.operation(item, operation, templates, uses);
                    self.callback_security(operation);
                    self.servers(&[operation, item]);
                }
                (false, false) => {}
                _ => self.callback(operation, uses),
            }
        }
    }
}

/// Returns the effect of a renaming on code: none if both names are the same in Rust.
fn rename_effect(before: &str, after: &str, source: Source) -> Source {
    if before.to_snake_case() == after.to_snake_case() {
        Source::None
    } else {
        source
    }
}
