//! Compares limits on values, which clients do not check.

use std::cmp::Ordering;

use serde_json::{Number, Value};

use crate::comparer::Comparer;
use crate::rules::{self, Rule};
use crate::tree::{Node, Pair};
use crate::usage::Use;
use crate::values::same_or_absent;

/// All keywords that limit values.
pub(super) const KEYWORDS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "minProperties",
    "maxProperties",
    "multipleOf",
    "pattern",
    "uniqueItems",
];

/// Limits on numbers: the keyword, its `exclusive…` keyword, true for minima, and the rules for a
/// tightened and a loosened limit.
const NUMBERS: &[(&str, &str, bool, &Rule, &Rule)] = &[
    (
        "minimum",
        "exclusiveMinimum",
        true,
        &rules::MINIMUM_TIGHTENED,
        &rules::MINIMUM_LOOSENED,
    ),
    (
        "maximum",
        "exclusiveMaximum",
        false,
        &rules::MAXIMUM_TIGHTENED,
        &rules::MAXIMUM_LOOSENED,
    ),
];

/// Limits on counts: the keyword, true for minima, and the rules for a tightened and a loosened
/// limit.
const COUNTS: &[(&str, bool, &Rule, &Rule)] = &[
    (
        "minLength",
        true,
        &rules::MIN_LENGTH_TIGHTENED,
        &rules::MIN_LENGTH_LOOSENED,
    ),
    (
        "maxLength",
        false,
        &rules::MAX_LENGTH_TIGHTENED,
        &rules::MAX_LENGTH_LOOSENED,
    ),
    (
        "minItems",
        true,
        &rules::MIN_ITEMS_TIGHTENED,
        &rules::MIN_ITEMS_LOOSENED,
    ),
    (
        "maxItems",
        false,
        &rules::MAX_ITEMS_TIGHTENED,
        &rules::MAX_ITEMS_LOOSENED,
    ),
    (
        "minProperties",
        true,
        &rules::MIN_PROPERTIES_TIGHTENED,
        &rules::MIN_PROPERTIES_LOOSENED,
    ),
    (
        "maxProperties",
        false,
        &rules::MAX_PROPERTIES_TIGHTENED,
        &rules::MAX_PROPERTIES_LOOSENED,
    ),
];

impl<'d> Comparer<'d> {
    pub(super) fn limits(&mut self, pair: Pair<'d>, uses: Use) {
        for (key, exclusive, is_minimum, tightened, loosened) in NUMBERS {
            self.number(
                pair,
                (*key, *exclusive),
                *is_minimum,
                (tightened, loosened),
                uses,
            );
        }
        for (key, is_minimum, tightened, loosened) in COUNTS {
            let limit = self.key(pair, key);
            let effective = |node: Node<'d>| {
                node.value
                    .filter(|value| !*is_minimum || value.as_f64() != Some(0.0))
            };
            self.changed_limit(
                limit,
                effective(limit.base),
                effective(limit.revision),
                *is_minimum,
                (tightened, loosened),
                uses,
            );
        }
        self.multiple_of(pair, uses);
        self.pattern(pair, uses);
        match (
            pair.base.flag("uniqueItems"),
            pair.revision.flag("uniqueItems"),
        ) {
            (false, true) => self.report_at(&rules::UNIQUE_ITEMS_ADDED, pair, "uniqueItems", uses),
            (true, false) => {
                self.report_at(&rules::UNIQUE_ITEMS_REMOVED, pair, "uniqueItems", uses);
            }
            _ => {}
        }
    }

    /// Reports a difference between the values of a key.
    pub(super) fn report_at(
        &mut self,
        rule: &'static Rule,
        pair: Pair<'d>,
        key: &'static str,
        uses: Use,
    ) {
        let inside = self.key(pair, key);
        self.report(rule, inside, uses);
    }

    /// Compares a limit on numbers, which consists of two keywords such as `minimum` and
    /// `exclusiveMinimum`.
    fn number(
        &mut self,
        pair: Pair<'d>,
        (key, exclusive): (&'static str, &'static str),
        is_minimum: bool,
        rules: (&'static Rule, &'static Rule),
        uses: Use,
    ) {
        let limit = self.key(pair, key);
        if !same_or_absent(limit.base.value, limit.revision.value) {
            self.changed_limit(
                limit,
                limit.base.value,
                limit.revision.value,
                is_minimum,
                rules,
                uses,
            );
            return;
        }
        let is_flag = |node: Node<'d>| node.get(exclusive).is_none_or(Value::is_boolean);
        let inside = self.key(pair, exclusive);
        if !is_flag(pair.base) || !is_flag(pair.revision) {
            if !same_or_absent(inside.base.value, inside.revision.value) {
                self.report(&rules::KEYWORD_CHANGED, inside, uses);
            }
            return;
        }
        match (pair.base.flag(exclusive), pair.revision.flag(exclusive)) {
            (before, after) if before == after => {}
            // An `exclusive…` keyword has no effect without a limit.
            _ if !limit.base.is_present() => self.report(&rules::KEYWORD_CHANGED, inside, uses),
            (false, _) => self.report(rules.0, inside, uses),
            (true, _) => self.report(rules.1, inside, uses),
        }
    }

    /// Reports a limit that was tightened or loosened.
    fn changed_limit(
        &mut self,
        limit: Pair<'d>,
        before: Option<&Value>,
        after: Option<&Value>,
        is_minimum: bool,
        (tightened, loosened): (&'static Rule, &'static Rule),
        uses: Use,
    ) {
        if same_or_absent(before, after) {
            return;
        }
        let order = match (before, after) {
            (None, _) => Some(Ordering::Less),
            (_, None) => Some(Ordering::Greater),
            (Some(Value::Number(before)), Some(Value::Number(after))) if is_minimum => {
                order(before, after)
            }
            (Some(Value::Number(before)), Some(Value::Number(after))) => order(after, before),
            _ => None,
        };
        match order {
            Some(Ordering::Less) => self.report(tightened, limit, uses),
            Some(Ordering::Greater) => self.report(loosened, limit, uses),
            _ => self.report(&rules::KEYWORD_CHANGED, limit, uses),
        }
    }

    fn multiple_of(&mut self, pair: Pair<'d>, uses: Use) {
        let step = self.key(pair, "multipleOf");
        if same_or_absent(step.base.value, step.revision.value) {
            return;
        }
        let number = |node: Node<'d>| node.value.and_then(Value::as_f64);
        let is_whole = |ratio: f64| ratio >= 1.0 && (ratio - ratio.round()).abs() < 1e-9;
        let rule = match (number(step.base), number(step.revision)) {
            _ if !step.base.is_present() => &rules::MULTIPLE_OF_TIGHTENED,
            _ if !step.revision.is_present() => &rules::MULTIPLE_OF_LOOSENED,
            (Some(before), Some(after)) if is_whole(after / before) => {
                &rules::MULTIPLE_OF_TIGHTENED
            }
            (Some(before), Some(after)) if is_whole(before / after) => &rules::MULTIPLE_OF_LOOSENED,
            _ => &rules::MULTIPLE_OF_CHANGED,
        };
        self.report(rule, step, uses);
    }

    fn pattern(&mut self, pair: Pair<'d>, uses: Use) {
        let pattern = self.key(pair, "pattern");
        match (pattern.base.value, pattern.revision.value) {
            (before, after) if same_or_absent(before, after) => {}
            (None, _) => self.report(&rules::PATTERN_ADDED, pattern, uses),
            (_, None) => self.report(&rules::PATTERN_REMOVED, pattern, uses),
            _ => self.report(&rules::PATTERN_CHANGED, pattern, uses),
        }
    }
}

/// Orders two numbers. Integers are not converted to floats, which cannot represent all of them.
fn order(a: &Number, b: &Number) -> Option<Ordering> {
    match ((a.as_i64(), b.as_i64()), (a.as_u64(), b.as_u64())) {
        ((Some(a), Some(b)), _) => Some(a.cmp(&b)),
        (_, (Some(a), Some(b))) => Some(a.cmp(&b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}
