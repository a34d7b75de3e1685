//! One endpoint that both documents have, and the path that it stands under.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use serde_json::Value;

use crate::change::Source;
use crate::comparer::{Comparer, Use};
use crate::paths::METHODS;
use crate::rules;
use crate::tree::Pair;
use crate::values::same_or_absent;

/// A path as both documents write it.
#[derive(Clone, Copy)]
pub(crate) struct Templates<'d> {
    pub(crate) base: &'d str,
    pub(crate) revision: &'d str,
}

impl<'d> Comparer<'d> {
    /// What a path says of all its methods, but parameters and servers, which are compared where they are used.
    pub(crate) fn path_item(&mut self, item: Pair<'d>, templates: Templates<'d>, uses: Use) {
        let base = openapi_text::template::variables(templates.base);
        let revision = openapi_text::template::variables(templates.revision);
        for (before, after) in base
            .into_iter()
            .zip(revision)
            .filter(|(before, after)| before != after)
        {
            let rule = &rules::PATH_VARIABLE_RENAMED;
            let source = named_alike(before, after, rule.source);
            self.report_level(
                rule,
                item,
                rule.request,
                source,
                Some(before.into()),
                Some(after.into()),
            );
        }
        let known: Vec<&str> = METHODS
            .iter()
            .copied()
            .chain(["$ref", "parameters", "servers"])
            .collect();
        self.others(item, uses, &known);
    }

    /// Everything of an operation. `uses` is the use of what goes to whoever answers.
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
                (Some(before), Some(after)) => named_alike(before, after, uses.source(rule)),
                _ => uses.source(rule),
            };
            self.report_level(
                rule,
                id,
                rule.request,
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
        const KNOWN: &[&str] = &[
            "operationId",
            "tags",
            "parameters",
            "requestBody",
            "responses",
            "callbacks",
            "security",
            "servers",
        ];
        self.others(operation, uses, KNOWN);
    }

    /// Tags as a set: their order says nothing.
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
                .map(crate::values::canonical)
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
                    self.later(
                        crate::comparer::Work::PathItem,
                        item,
                        uses.flipped().with(crate::comparer::Types::None),
                    );
                } else {
                    self.callback(item, uses);
                }
            }
            self.extensions(callback, uses);
        }
    }

    /// A callback, or a part of one, that only one document has.
    fn callback(&mut self, callback: Pair<'d>, uses: Use) {
        match (callback.base.is_there(), callback.revision.is_there()) {
            (false, true) => self.report(&rules::CALLBACK_ADDED, callback, uses),
            (true, false) => self.report(&rules::CALLBACK_REMOVED, callback, uses),
            _ if same_or_absent(callback.base.value, callback.revision.value) => {}
            _ => self.report(&rules::EXTENSION_CHANGED, callback, uses),
        }
    }

    /// What a server calls: the same as an endpoint, the other way round.
    pub(crate) fn called_back(&mut self, item: Pair<'d>, uses: Use) {
        let templates = Templates {
            base: "",
            revision: "",
        };
        self.path_item(item, templates, uses);
        self.servers(&[item]);
        for method in METHODS {
            let operation = self.key(item, method);
            match (operation.base.is_there(), operation.revision.is_there()) {
                (true, true) => {
                    self.operation(item, operation, templates, uses);
                    self.own_security(operation);
                    self.servers(&[operation, item]);
                }
                (false, false) => {}
                _ => self.callback(operation, uses),
            }
        }
    }
}

/// What a new name does to source: nothing where it is the same name in Rust.
pub(crate) fn named_alike(before: &str, after: &str, source: Source) -> Source {
    if before.to_snake_case() == after.to_snake_case() {
        Source::None
    } else {
        source
    }
}
