//! Compares schemas by keyword. An absent schema allows every value.

mod alternatives;
mod combinations;
mod discriminator;
mod extensible;
mod limits;
mod objects;
mod types;

use heck::ToPascalCase;
use openapi_text::normal_form::{ANNOTATIONS, is_annotation};
use serde_json::Value;

use super::comparer::{Comparer, Work};
use super::level::Source;
use super::rules;
use super::tree::{Node, Pair};
use super::usage::{Types, Use};
use super::values::same_or_absent;

/// Keywords with a comparison of their own.
const KNOWN: &[&str] = &[
    "type",
    "format",
    "nullable",
    "enum",
    "x-extensible-enum",
    "items",
    "properties",
    "required",
    "additionalProperties",
    "readOnly",
    "writeOnly",
    "allOf",
    "oneOf",
    "anyOf",
    "not",
    "discriminator",
    "default",
    "xml",
];

impl<'d> Comparer<'d> {
    /// Compares two schemas; queues the comparison if one of them is a reference.
    pub(super) fn schema(&mut self, pair: Pair<'d>, uses: Use) {
        if pair.is_settled() {
            return;
        }
        let has_reference = pair.base.reference().is_some() || pair.revision.reference().is_some();
        if has_reference && self.single_and_alternatives(pair, uses) {
            return;
        }
        if let Some(part) = self.unwrapped(pair, uses) {
            self.schema(part, uses);
            return;
        }
        if !has_reference {
            self.keywords(pair, uses);
            return;
        }
        self.renamed(pair, uses);
        let resolved = self.resolved(pair);
        self.enqueue(Work::Schema, resolved, uses);
    }

    /// Unwraps an `allOf` with one member if the other schema is a reference, or inline without
    /// the keywords that a wrapper has. Such a wrapper adds keywords to a reference. Otherwise it
    /// equals its member.
    fn unwrapped(&mut self, pair: Pair<'d>, uses: Use) -> Option<Pair<'d>> {
        const BESIDE: &[&str] = &[
            "allOf",
            "nullable",
            "readOnly",
            "writeOnly",
            "discriminator",
        ];
        let is_wrapper = |node: Node<'d>| {
            let is_one = matches!(node.get("allOf"), Some(Value::Array(parts)) if parts.len() == 1);
            is_one
                && node
                    .keys()
                    .all(|key| BESIDE.contains(&key) || is_annotation(key))
        };
        let is_member = |node: Node<'d>| {
            node.value.is_some_and(Value::is_object)
                && node
                    .keys()
                    .all(|key| !BESIDE.contains(&key) && !ANNOTATIONS.contains(&key))
        };
        let (wrapper, part) = if is_wrapper(pair.base) && is_member(pair.revision) {
            let list = self.base.key(pair.base, "allOf");
            let part = Pair {
                base: self.base.index(list, Some(0)),
                ..pair
            };
            (
                Pair {
                    revision: pair.revision.absent(),
                    ..pair
                },
                part,
            )
        } else if is_wrapper(pair.revision) && is_member(pair.base) {
            let list = self.revision.key(pair.revision, "allOf");
            let part = Pair {
                revision: self.revision.index(list, Some(0)),
                ..pair
            };
            (
                Pair {
                    base: pair.base.absent(),
                    ..pair
                },
                part,
            )
        } else {
            return None;
        };
        self.nullable(wrapper, uses);
        self.direction_flags(wrapper, uses, Source::None);
        self.default(wrapper, uses);
        self.xml(wrapper, uses);
        self.discriminator(wrapper, uses);
        self.others(wrapper, uses, &[BESIDE, &["default", "xml"]].concat());
        Some(part)
    }

    /// Reports a renamed schema, whose Rust type gets another name. Moving a schema into or out of
    /// the components is not reported.
    fn renamed(&mut self, pair: Pair<'d>, uses: Use) {
        let (Some(before), Some(after)) = (pair.base.reference(), pair.revision.reference()) else {
            return;
        };
        let rule = &rules::SCHEMA_RENAMED;
        if before == after {
            return;
        }
        let last = |reference: &str| {
            reference
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_pascal_case()
        };
        // Report the schemas once, not at each reference to them.
        let schemas = Pair {
            base: self.base.resolved(pair.base),
            revision: self.revision.resolved(pair.revision),
        };
        let is_same =
            last(before) == last(after) || !(has_type(schemas.base) && has_type(schemas.revision));
        let source = if is_same {
            Source::None
        } else {
            uses.source(rule)
        };
        self.report_level(
            rule,
            schemas,
            uses.wire(rule),
            source,
            Some(before.into()),
            Some(after.into()),
        );
    }

    /// Compares all keywords of two schemas.
    pub(super) fn keywords(&mut self, pair: Pair<'d>, uses: Use) {
        let is_map = |value: Option<&Value>| value.is_none_or(Value::is_object);
        if !is_map(pair.base.value) || !is_map(pair.revision.value) {
            if !same_or_absent(pair.base.value, pair.revision.value) {
                self.report(&rules::KEYWORD_CHANGED, pair, uses);
            }
            return;
        }
        if self.single_and_alternatives(pair, uses) {
            return;
        }
        let differing: Vec<&str> = pair
            .keys()
            .into_iter()
            // A discriminator selects schemas by their names, so equal ones may differ in effect.
            .filter(|key| *key == "discriminator" || !pair.is_settled_at(key))
            .collect();
        let differs = |keys: &[&str]| keys.iter().any(|key| differing.contains(key));
        self.flags(
            pair,
            &["nullable", "readOnly", "writeOnly", "uniqueItems"],
            uses,
        );
        if differs(&["nullable"]) {
            self.nullable(pair, uses);
        }
        if differs(&["readOnly", "writeOnly"]) {
            self.direction_flags(pair, uses, Source::None);
        }
        if !differs(&["type"]) || self.same_type(pair, uses) {
            self.value_keywords(pair, uses, &differs);
        }
        self.xml(pair, uses);
        for key in differing
            .iter()
            .filter(|key| !KNOWN.contains(key) && !limits::KEYWORDS.contains(key))
        {
            self.keyword(pair, key, uses);
        }
    }

    /// Compares the keywords that apply to values of a type.
    fn value_keywords(&mut self, pair: Pair<'d>, uses: Use, differs: &dyn Fn(&[&str]) -> bool) {
        self.format(pair, uses);
        let is_compared = differs(&["x-extensible-enum"]) && self.extensible_values(pair, uses);
        if differs(&["enum"]) && !is_compared {
            self.values(pair, uses);
        }
        if differs(limits::KEYWORDS) {
            self.limits(pair, uses);
        }
        self.default(pair, uses);
        let items = self.key(pair, "items");
        self.schema(items, uses.narrowed(Types::All));
        if differs(&["properties", "required"]) {
            self.properties(pair, uses);
        }
        if differs(&["additionalProperties"]) {
            self.additional_properties(pair, uses);
        }
        if differs(&["allOf", "oneOf", "anyOf", "not", "discriminator"]) {
            self.combinations(pair, uses);
        }
    }

    fn xml(&mut self, pair: Pair<'d>, uses: Use) {
        let xml = self.key(pair, "xml");
        if !same_or_absent(xml.base.value, xml.revision.value) {
            self.report(&rules::XML_CHANGED, xml, uses);
        }
    }

    fn default(&mut self, pair: Pair<'d>, uses: Use) {
        let default = self.key(pair, "default");
        match (default.base.value, default.revision.value) {
            (before, after) if same_or_absent(before, after) => {}
            (None, _) => self.report(&rules::DEFAULT_ADDED, default, uses),
            (_, None) => self.report(&rules::DEFAULT_REMOVED, default, uses),
            _ => self.report(&rules::DEFAULT_CHANGED, default, uses),
        }
    }
}

/// Returns true if a named schema becomes a Rust type of that name: an object with properties, an
/// enum, or a combination of such.
pub(super) fn has_type(schema: Node<'_>) -> bool {
    ["properties", "required", "enum", "allOf", "oneOf", "anyOf"]
        .iter()
        .any(|key| schema.get(key).is_some())
}

/// Returns true if a schema allows every value.
pub(super) fn allows_everything(schema: Option<&Value>) -> bool {
    schema.is_none_or(|schema| {
        schema
            .as_object()
            .is_some_and(|schema| schema.keys().all(|key| is_annotation(key)))
    })
}
