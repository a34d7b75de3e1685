//! Compares `allOf`, `oneOf`, `anyOf` and `not`.

use openapi_text::normal_form::{CONSTRAINTS, is_annotation};
use serde_json::Value;

use crate::comparer::Comparer;
use crate::rules::{self, Rule};
use crate::tree::{Node, Pair, Side};
use crate::usage::{Types, Use};
use crate::values::{same, same_or_absent};

impl<'d> Comparer<'d> {
    pub(super) fn combinations(&mut self, pair: Pair<'d>, uses: Use) {
        let all_of = self.list(pair, "allOf", uses);
        self.parts(
            all_of,
            (&rules::ALL_OF_PART_ADDED, &rules::ALL_OF_PART_REMOVED),
            uses,
        );
        if !self.exchanged_keyword(pair, uses) {
            self.alternatives(pair, uses);
        }
        let not = self.key(pair, "not");
        match (not.base.is_present(), not.revision.is_present()) {
            (false, false) => {}
            (false, true) => self.report(&rules::NOT_ADDED, not, uses),
            (true, false) => self.report(&rules::NOT_REMOVED, not, uses),
            // Widening the schema in `not` narrows the outer schema.
            (true, true) => self.schema(not, uses.negated()),
        }
        self.discriminator(pair, uses);
    }

    /// Compares the alternatives of both documents if one has them in `oneOf` and the other in
    /// `anyOf`. Returns true if it did.
    fn exchanged_keyword(&mut self, pair: Pair<'d>, uses: Use) -> bool {
        let keyword = |node: Node<'d>| match (node.get("oneOf"), node.get("anyOf")) {
            (Some(_), None) => Some("oneOf"),
            (None, Some(_)) => Some("anyOf"),
            _ => None,
        };
        let (Some(before), Some(after)) = (keyword(pair.base), keyword(pair.revision)) else {
            return false;
        };
        if before == after {
            return false;
        }
        let alternatives = Pair {
            base: self.base.key(pair.base, before),
            revision: self.revision.key(pair.revision, after),
        };
        let values = (Some(before.into()), Some(after.into()));
        self.report_values(
            &rules::ALTERNATIVES_KEYWORD_CHANGED,
            alternatives,
            uses,
            values.0,
            values.1,
        );
        self.parts(
            alternatives,
            (&rules::ALTERNATIVE_ADDED, &rules::ALTERNATIVE_REMOVED),
            uses,
        );
        true
    }

    fn alternatives(&mut self, pair: Pair<'d>, uses: Use) {
        for key in ["oneOf", "anyOf"] {
            let alternatives = self.list(pair, key, uses);
            match (
                alternatives.base.is_present(),
                alternatives.revision.is_present(),
            ) {
                (false, true) => self.report(&rules::ALTERNATIVES_ADDED, alternatives, uses),
                (true, false) => self.report(&rules::ALTERNATIVES_REMOVED, alternatives, uses),
                _ => self.parts(
                    alternatives,
                    (&rules::ALTERNATIVE_ADDED, &rules::ALTERNATIVE_REMOVED),
                    uses,
                ),
            }
        }
    }

    /// Compares the members of a combination.
    fn parts(
        &mut self,
        list: Pair<'d>,
        (added, removed): (&'static Rule, &'static Rule),
        uses: Use,
    ) {
        for (base, revision) in self.pair_parts(list) {
            let part = self.index(list, base, revision);
            if base.is_some() && revision.is_some() {
                self.schema(part, uses);
                continue;
            }
            let rule = if base.is_none() { added } else { removed };
            let only = part.base.value.or(part.revision.value);
            match only.is_some_and(is_constraint) {
                true => self.report(rule, part, uses.with(Types::None)),
                false => self.report(rule, part, uses),
            }
        }
    }

    /// Pairs the members of both lists: by reference, by equality, by similarity. If one member of
    /// each list is left, they are paired too, unless both are references.
    fn pair_parts(&mut self, list: Pair<'d>) -> Vec<(Option<usize>, Option<usize>)> {
        let base = parts(&mut self.base, list.base);
        let mut revision: Vec<Option<Part<'d>>> = parts(&mut self.revision, list.revision)
            .into_iter()
            .map(Some)
            .collect();
        let mut pairs: Vec<(Option<usize>, Option<usize>)> =
            (0..base.len()).map(|at| (Some(at), None)).collect();
        let has_same_reference =
            |a: &Part<'d>, b: &Part<'d>| a.reference.is_some() && a.reference == b.reference;
        let is_same = |a: &Part<'d>, b: &Part<'d>| same_or_absent(a.value, b.value);
        let is_similar = |a: &Part<'d>, b: &Part<'d>| {
            (a.reference.is_none() || b.reference.is_none()) && similarity(a.value, b.value) > 0
        };
        let one_unpaired = |pairs: &[(Option<usize>, Option<usize>)],
                            revision: &[Option<Part<'d>>]| {
            pairs.iter().filter(|pair| pair.1.is_none()).count() == 1
                && revision.iter().flatten().count() == 1
        };
        for pass in 0..4 {
            let is_last_pair = pass == 3 && one_unpaired(&pairs, &revision);
            for pair in pairs.iter_mut().filter(|pair| pair.1.is_none()) {
                let Some(own) = pair.0.and_then(|at| base.get(at)) else {
                    continue;
                };
                let fits = |other: &Part<'d>| match pass {
                    0 => has_same_reference(own, other),
                    1 => is_same(own, other),
                    2 => is_similar(own, other),
                    _ => is_last_pair && (own.reference.is_none() || other.reference.is_none()),
                };
                let best = revision.iter().enumerate().filter_map(|(at, other)| {
                    let other = other.as_ref().filter(|other| fits(other))?;
                    Some((similarity(own.value, other.value), std::cmp::Reverse(at)))
                });
                if let Some((_, std::cmp::Reverse(at))) = best.max() {
                    pair.1 = Some(at);
                    revision[at] = None;
                }
            }
        }
        pairs.extend(
            revision
                .iter()
                .enumerate()
                .filter(|(_, part)| part.is_some())
                .map(|(at, _)| (None, Some(at))),
        );
        pairs
    }
}

/// A member of a combination, with its reference.
struct Part<'d> {
    reference: Option<&'d str>,
    value: Option<&'d Value>,
}

/// Returns the members of a combination.
fn parts<'d>(side: &mut Side<'d>, list: Node<'d>) -> Vec<Part<'d>> {
    let all = (0..list.items().len()).map(|at| {
        let part = side.index(list, Some(at));
        Part {
            reference: part.reference(),
            value: side.resolved(part).value,
        }
    });
    all.collect()
}

/// Returns the similarity of two schemas: equal keywords and shared property names.
fn similarity(a: Option<&Value>, b: Option<&Value>) -> usize {
    let (Some(Value::Object(a)), Some(Value::Object(b))) = (a, b) else {
        return 0;
    };
    let keywords = a
        .iter()
        .filter(|(key, value)| b.get(*key).is_some_and(|other| same(value, other)))
        .count();
    let names = |map: &serde_json::Map<String, Value>| -> Vec<String> {
        map.get("properties")
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|map| map.keys().cloned())
            .collect()
    };
    let others = names(b);
    keywords + names(a).iter().filter(|name| others.contains(name)).count()
}

/// Returns true if a schema restricts values without changing their type.
fn is_constraint(schema: &Value) -> bool {
    let is_constraint =
        |keyword: &String| CONSTRAINTS.contains(&keyword.as_str()) || is_annotation(keyword);
    schema
        .as_object()
        .is_some_and(|schema| schema.keys().all(is_constraint))
}
