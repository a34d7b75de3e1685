//! Compares parameters. An operation has its own parameters and those of its path item, unless it
//! overrides them.

use crate::comparer::Comparer;
use crate::operation::Templates;
use crate::rules;
use crate::tree::{Node, Pair, Side};
use crate::usage::{Types, Use};
use crate::values::canonical;
use openapi_text::template;

/// Headers that OpenAPI describes elsewhere. Parameters with these names have no effect.
const IGNORED_HEADERS: &[&str] = &["accept", "authorization", "content-type"];

/// The identity of a parameter: its location, and its name or position in the path template.
#[derive(Clone, PartialEq)]
struct Key<'d> {
    location: &'d str,
    name: String,
}

/// Returns the use of a parameter: unused if it is a header that OpenAPI ignores.
fn header_use(parameter: Pair<'_>, uses: Use) -> Use {
    let is_ignored = |node: Node<'_>| {
        let name = node.text("name").unwrap_or_default().to_ascii_lowercase();
        node.text("in") == Some("header") && IGNORED_HEADERS.contains(&name.as_str())
    };
    match is_ignored(parameter.base) || is_ignored(parameter.revision) {
        true => Use::UNUSED,
        false => uses,
    }
}

impl<'d> Comparer<'d> {
    /// Compares the parameters of an operation.
    pub(crate) fn parameters(
        &mut self,
        item: Pair<'d>,
        operation: Pair<'d>,
        templates: Templates<'d>,
        uses: Use,
    ) {
        let is_settled = item.is_settled_at("parameters") && operation.is_settled_at("parameters");
        if is_settled && templates.base == templates.revision {
            return;
        }
        // Report values that are not lists.
        for owner in [item, operation] {
            self.list(owner, "parameters", uses);
        }
        let base = effective(&mut self.base, item.base, operation.base, templates.base);
        let revision = effective(
            &mut self.revision,
            item.revision,
            operation.revision,
            templates.revision,
        );
        let find = |list: &[(Key<'d>, Node<'d>)], key: &Key<'d>| {
            list.iter()
                .find(|(own, _)| own == key)
                .map(|(_, node)| *node)
        };
        let mut removed: Vec<(&Key<'d>, Node<'d>)> = Vec::new();
        for (key, node) in &base {
            match find(&revision, key) {
                Some(other) => self.parameter(
                    Pair {
                        base: *node,
                        revision: other,
                    },
                    uses,
                ),
                None => removed.push((key, *node)),
            }
        }
        for (key, node) in revision
            .iter()
            .filter(|(key, _)| find(&base, key).is_none())
        {
            match removed.iter().position(|(other, _)| other.name == key.name) {
                Some(at) => {
                    let (_, before) = removed.remove(at);
                    self.moved(
                        Pair {
                            base: before,
                            revision: *node,
                        },
                        uses,
                    );
                }
                None => self.added_or_removed(
                    Pair {
                        base: item.base.absent(),
                        revision: *node,
                    },
                    uses,
                ),
            }
        }
        for (_, node) in removed {
            self.added_or_removed(
                Pair {
                    base: node,
                    revision: item.revision.absent(),
                },
                uses,
            );
        }
    }

    /// Reports a parameter that only one document has.
    fn added_or_removed(&mut self, pair: Pair<'d>, uses: Use) {
        let rule = match (
            pair.base.is_present(),
            is_required(pair.base) || is_required(pair.revision),
        ) {
            (false, false) => &rules::OPTIONAL_PARAMETER_ADDED,
            (false, true) => &rules::REQUIRED_PARAMETER_ADDED,
            (true, false) => &rules::OPTIONAL_PARAMETER_REMOVED,
            (true, true) => &rules::REQUIRED_PARAMETER_REMOVED,
        };
        let uses = header_use(pair, uses);
        if pair.revision.is_present() {
            self.report(rule, pair, uses);
            return;
        }
        self.report_removed(
            (rule, &rules::PARAMETER_REMOVED_AFTER_SUNSET),
            pair.base,
            pair,
            uses.wire(rule),
            uses,
            pair.base.value.cloned(),
        );
    }

    /// Reports a parameter whose location changed.
    fn moved(&mut self, pair: Pair<'d>, uses: Use) {
        let location = |node: Node<'d>| node.get("in").cloned();
        self.report_values(
            &rules::PARAMETER_MOVED,
            pair,
            uses,
            location(pair.base),
            location(pair.revision),
        );
        self.required(pair, uses);
        let schema = self.key(pair, "schema");
        self.schema(schema, uses.narrowed(Types::Optional));
    }

    /// Compares a parameter that both documents have.
    fn parameter(&mut self, pair: Pair<'d>, uses: Use) {
        if pair.is_settled() || !self.mark(pair, uses) {
            return;
        }
        let uses = header_use(pair, uses);
        self.required(pair, uses);
        self.flags(
            pair,
            &["required", "allowEmptyValue", "allowReserved"],
            uses,
        );
        match (
            pair.base.flag("allowEmptyValue"),
            pair.revision.flag("allowEmptyValue"),
        ) {
            (false, true) => {
                self.attribute(&rules::EMPTY_VALUE_ALLOWED, pair, "allowEmptyValue", uses);
            }
            (true, false) => {
                self.attribute(&rules::EMPTY_VALUE_DENIED, pair, "allowEmptyValue", uses);
            }
            _ => {}
        }
        if pair.base.flag("allowReserved") != pair.revision.flag("allowReserved") {
            self.attribute(
                &rules::RESERVED_CHARACTERS_CHANGED,
                pair,
                "allowReserved",
                uses,
            );
        }
        self.serialization(pair, uses.narrowed(Types::Optional));
        const COMPARED: &[&str] = &[
            "in",
            "name",
            "required",
            "allowEmptyValue",
            "allowReserved",
            "style",
            "explode",
            "schema",
            "content",
        ];
        self.others(pair, uses, COMPARED);
    }

    /// Reports a parameter that became required or optional.
    fn required(&mut self, pair: Pair<'d>, uses: Use) {
        match (is_required(pair.base), is_required(pair.revision)) {
            (false, true) => self.report_flag(&rules::PARAMETER_BECAME_REQUIRED, pair, uses, true),
            (true, false) => self.report_flag(&rules::PARAMETER_BECAME_OPTIONAL, pair, uses, false),
            _ => {}
        }
    }

    /// Reports a difference between the values of a key.
    fn attribute(
        &mut self,
        rule: &'static rules::Rule,
        pair: Pair<'d>,
        key: &'static str,
        uses: Use,
    ) {
        let inside = self.key(pair, key);
        self.report(rule, inside, uses);
    }
}

/// Returns the parameters of an operation, including those of its path item that it does not
/// override.
fn effective<'d>(
    side: &mut Side<'d>,
    item: Node<'d>,
    operation: Node<'d>,
    path: &str,
) -> Vec<(Key<'d>, Node<'d>)> {
    let mut all: Vec<(Key<'d>, Node<'d>)> = Vec::new();
    for owner in [operation, item] {
        let list = side.key(owner, "parameters");
        for at in 0..list.items().len() {
            let parameter = side.index(list, Some(at));
            let parameter = side.resolved(parameter);
            let key = key(parameter, path);
            if !all.iter().any(|(own, _)| *own == key) {
                all.push((key, parameter));
            }
        }
    }
    all
}

/// Returns the identity of a parameter.
fn key<'d>(parameter: Node<'d>, path: &str) -> Key<'d> {
    let location = parameter.text("in").unwrap_or_default();
    let name = parameter.text("name").unwrap_or_default();
    let position = || {
        template::variables(path)
            .iter()
            .position(|own| *own == name)
    };
    let name = match location {
        "header" => name.to_ascii_lowercase(),
        "path" => position().map_or_else(|| name.to_owned(), |position| format!("{{{position}}}")),
        _ if name.is_empty() => parameter.value.map(canonical).unwrap_or_default(),
        _ => name.to_owned(),
    };
    Key { location, name }
}

/// Returns true if a parameter or header is required. Path parameters always are.
pub(crate) fn is_required(node: Node<'_>) -> bool {
    node.flag("required") || node.text("in") == Some("path")
}
