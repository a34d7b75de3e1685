//! Compares `x-extensible-enum`: a list of values to which the server may add others.

use serde_json::Value;

use crate::comparer::Comparer;
use crate::rules;
use crate::tree::{Node, Pair};
use crate::usage::{Types, Use};

use super::types::{is_enum, missing};

const KEYWORD: &str = "x-extensible-enum";

impl<'d> Comparer<'d> {
    /// Compares the extensible values. Returns true if one document has them in `enum`, so that
    /// both keywords were compared with each other.
    pub(super) fn extensible_values(&mut self, pair: Pair<'d>, uses: Use) -> bool {
        let is_list = |node: Node<'d>, key: &str| node.get(key).is_some_and(Value::is_array);
        let is_closed = |node| is_list(node, "enum") && node.get(KEYWORD).is_none();
        let is_open = |node| is_list(node, KEYWORD) && node.get("enum").is_none();
        let keys = match () {
            () if is_closed(pair.base) && is_open(pair.revision) => ("enum", KEYWORD),
            () if is_open(pair.base) && is_closed(pair.revision) => (KEYWORD, "enum"),
            () => {
                let lists = self.list(pair, KEYWORD, uses);
                match (lists.base.is_present(), lists.revision.is_present()) {
                    (false, false) => {}
                    (false, true) => self.report(&rules::EXTENSIBLE_ENUM_ADDED, lists, uses),
                    (true, false) => self.report(&rules::EXTENSIBLE_ENUM_REMOVED, lists, uses),
                    (true, true) => self.extended(lists, uses),
                }
                return false;
            }
        };
        let lists = Pair {
            base: self.base.key(pair.base, keys.0),
            revision: self.revision.key(pair.revision, keys.1),
        };
        let rule = if keys.1 == KEYWORD {
            &rules::ENUM_BECAME_EXTENSIBLE
        } else {
            &rules::ENUM_BECAME_CLOSED
        };
        let has_type = is_enum(pair.base) || is_enum(pair.revision);
        let uses = if has_type {
            uses
        } else {
            uses.with(Types::None)
        };
        let (before, after) = (Some(keys.0.into()), Some(keys.1.into()));
        self.report_values(rule, lists, uses, before, after);
        self.extended(lists, uses);
        true
    }

    /// Reports values that only one list has.
    fn extended(&mut self, lists: Pair<'d>, uses: Use) {
        let (before, after) = (lists.base.items(), lists.revision.items());
        for value in missing(before, after) {
            let rule = &rules::EXTENSIBLE_ENUM_VALUE_REMOVED;
            self.report_values(rule, lists, uses, Some(value.clone()), None);
        }
        for value in missing(after, before) {
            let rule = &rules::EXTENSIBLE_ENUM_VALUE_ADDED;
            self.report_values(rule, lists, uses, None, Some(value.clone()));
        }
    }
}
