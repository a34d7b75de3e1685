//! Parameters, and headers, which are written alike. Those of a path and of its operations are one list, as OpenAPI has it.

use serde_json::Value;

use crate::change::Wire;
use crate::comparer::{Comparer, Types, Use};
use crate::operation::Templates;
use crate::rules;
use crate::tree::{Node, Pair, Side};
use crate::values::{canonical, same_or_absent};
use openapi_text::template;

/// What a parameter is known by: where it goes, and its name, or its position in the path.
#[derive(Clone, PartialEq)]
struct Key<'d> {
    location: &'d str,
    name: String,
}

impl<'d> Comparer<'d> {
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
        for owner in [item, operation] {
            self.list(owner, "parameters", uses);
        }
        let base = listed(&mut self.base, item.base, operation.base, templates.base);
        let revision = listed(
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
                None => self.only(
                    Pair {
                        base: item.base.nothing(),
                        revision: *node,
                    },
                    uses,
                ),
            }
        }
        for (_, node) in removed {
            self.only(
                Pair {
                    base: node,
                    revision: item.revision.nothing(),
                },
                uses,
            );
        }
    }

    /// A parameter that one document has.
    fn only(&mut self, pair: Pair<'d>, uses: Use) {
        let rule = match (
            pair.base.is_there(),
            is_required(pair.base) || is_required(pair.revision),
        ) {
            (false, false) => &rules::OPTIONAL_PARAMETER_ADDED,
            (false, true) => &rules::REQUIRED_PARAMETER_ADDED,
            (true, false) => &rules::OPTIONAL_PARAMETER_REMOVED,
            (true, true) => &rules::REQUIRED_PARAMETER_REMOVED,
        };
        self.report(rule, pair, uses);
    }

    fn moved(&mut self, pair: Pair<'d>, uses: Use) {
        let place = |node: Node<'d>| node.get("in").cloned();
        self.report_values(
            &rules::PARAMETER_MOVED,
            pair,
            uses,
            place(pair.base),
            place(pair.revision),
        );
        self.required(pair, uses);
        let schema = self.key(pair, "schema");
        self.schema(schema, uses.narrowed(Types::Optional));
    }

    fn parameter(&mut self, pair: Pair<'d>, uses: Use) {
        if pair.is_settled() || !self.is_first(pair, uses) {
            return;
        }
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
        self.written(pair, uses.narrowed(Types::Optional));
        const KNOWN: &[&str] = &[
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
        self.others(pair, uses, KNOWN);
    }

    fn required(&mut self, pair: Pair<'d>, uses: Use) {
        match (is_required(pair.base), is_required(pair.revision)) {
            (false, true) => self.report_flag(&rules::PARAMETER_BECAME_REQUIRED, pair, uses, true),
            (true, false) => self.report_flag(&rules::PARAMETER_BECAME_OPTIONAL, pair, uses, false),
            _ => {}
        }
    }

    /// Something of the whole that is true now, or not any more.
    pub(crate) fn report_flag(
        &mut self,
        rule: &'static rules::Rule,
        pair: Pair<'d>,
        uses: Use,
        now: bool,
    ) {
        self.report_values(
            rule,
            pair,
            uses,
            Some(Value::Bool(!now)),
            Some(Value::Bool(now)),
        );
    }

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

    /// How a value is written: style and schema, or a media type.
    fn written(&mut self, pair: Pair<'d>, uses: Use) {
        let content = self.map(pair, "content", uses);
        if content.base.is_there() || content.revision.is_there() {
            let media = |node: Node<'d>| node.keys().next().map(crate::content::media_type);
            if media(content.base) == media(content.revision) {
                self.content(content, |_| uses);
                return;
            }
            self.report_values(
                &rules::PARAMETER_CONTENT_CHANGED,
                pair,
                uses,
                content.base.keys().next().map(Value::from),
                content.revision.keys().next().map(Value::from),
            );
            return;
        }
        self.style(pair, uses);
        let schema = self.key(pair, "schema");
        self.schema(schema, uses);
    }

    fn style(&mut self, pair: Pair<'d>, uses: Use) {
        let (before, after) = (style(pair.base), style(pair.revision));
        let inside = self.key(pair, "style");
        let is_text = |node: Node<'d>| node.value.is_none_or(Value::is_string);
        if !(is_text(inside.base) && is_text(inside.revision)) {
            if !same_or_absent(inside.base.value, inside.revision.value) {
                self.report(&rules::KEYWORD_CHANGED, inside, uses);
            }
        } else if before != after {
            self.report_values(
                &rules::STYLE_CHANGED,
                inside,
                uses,
                Some(before.into()),
                Some(after.into()),
            );
        }
        self.flags(pair, &["explode"], uses);
        let explode = self.key(pair, "explode");
        let is_written = !same_or_absent(explode.base.value, explode.revision.value);
        let (before, after) = (explodes(pair.base), explodes(pair.revision));
        // Another style has another default, which is no second difference.
        if before != after && (is_written || style(pair.base) == style(pair.revision)) {
            let rule = &rules::EXPLODE_CHANGED;
            let schema = self.key(pair, "schema");
            let schema = self.resolved(schema);
            let wire = if is_plain(schema.base) && is_plain(schema.revision) {
                Wire::None
            } else {
                uses.wire(rule)
            };
            self.report_level(
                rule,
                explode,
                wire,
                uses.source(rule),
                Some(before.into()),
                Some(after.into()),
            );
        }
    }

    /// The headers of an answer, or of a part of a form.
    pub(crate) fn headers(&mut self, headers: Pair<'d>, uses: Use) {
        let uses = uses.with(Types::None);
        for (base, revision) in alike(headers, str::to_ascii_lowercase) {
            let header = self.entry(headers, base, revision);
            let header = self.resolved(header);
            match (
                header.both(),
                header.base.is_there(),
                is_required(header.base) || is_required(header.revision),
            ) {
                (true, ..) => self.header(header, uses),
                (_, false, true) => self.report(&rules::REQUIRED_HEADER_ADDED, header, uses),
                (_, false, false) => self.report(&rules::OPTIONAL_HEADER_ADDED, header, uses),
                (_, true, true) => self.report(&rules::REQUIRED_HEADER_REMOVED, header, uses),
                (_, true, false) => self.report(&rules::OPTIONAL_HEADER_REMOVED, header, uses),
            }
        }
    }

    fn header(&mut self, header: Pair<'d>, uses: Use) {
        if !self.is_first(header, uses) {
            return;
        }
        match (is_required(header.base), is_required(header.revision)) {
            (false, true) => self.report_flag(&rules::HEADER_BECAME_REQUIRED, header, uses, true),
            (true, false) => self.report_flag(&rules::HEADER_BECAME_OPTIONAL, header, uses, false),
            _ => {}
        }
        self.flags(header, &["required"], uses);
        self.written(header, uses);
        self.others(
            header,
            uses,
            &["required", "style", "explode", "schema", "content"],
        );
    }

    /// An entry of two maps, under the key that each has for it.
    pub(crate) fn entry(
        &mut self,
        maps: Pair<'d>,
        base: Option<&'d str>,
        revision: Option<&'d str>,
    ) -> Pair<'d> {
        let nothing = Pair {
            base: maps.base.nothing(),
            revision: maps.revision.nothing(),
        };
        Pair {
            base: base.map_or(nothing.base, |key| self.base.key(maps.base, key)),
            revision: revision.map_or(nothing.revision, |key| {
                self.revision.key(maps.revision, key)
            }),
        }
    }
}

/// The keys of two maps that are the same by what they are known by.
pub(crate) fn alike<'d>(
    maps: Pair<'d>,
    known: impl Fn(&str) -> String,
) -> Vec<(Option<&'d str>, Option<&'d str>)> {
    let mut revision: Vec<&str> = maps.revision.keys().collect();
    let mut found: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    for key in maps.base.keys() {
        let same = revision.iter().position(|other| known(other) == known(key));
        found.push((Some(key), same.map(|at| revision.remove(at))));
    }
    found.extend(revision.into_iter().map(|key| (None, Some(key))));
    found
}

/// The parameters of an operation with those of its path, which it may replace.
fn listed<'d>(
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

fn is_required(node: Node<'_>) -> bool {
    node.flag("required") || node.text("in") == Some("path")
}

/// The style of a parameter or header, with OpenAPI's default for its place.
fn style(node: Node<'_>) -> &str {
    let by_place = if matches!(node.text("in"), Some("query" | "cookie")) {
        "form"
    } else {
        "simple"
    };
    node.text("style").unwrap_or(by_place)
}

fn explodes(node: Node<'_>) -> bool {
    node.get("explode")
        .and_then(Value::as_bool)
        .unwrap_or(style(node) == "form")
}

/// Whether a schema is of single values, which are written the same whether exploded or not.
fn is_plain(schema: Node<'_>) -> bool {
    matches!(
        schema.text("type"),
        Some("string" | "integer" | "number" | "boolean")
    )
}
