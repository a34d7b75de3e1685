//! Compares one schema with the alternatives that replace it, or that it replaces.

use openapi_text::normal_form::is_annotation;
use serde_json::Value;

use crate::comparer::Comparer;
use crate::level::Source;
use crate::rules;
use crate::tree::{Node, Pair, Side};
use crate::usage::Use;
use crate::values::same_or_absent;

/// The keywords of a list of alternatives.
const KEYWORDS: &[&str] = &["oneOf", "anyOf"];

/// Keywords that may stand beside the alternatives.
const BESIDE: &[&str] = &["nullable", "discriminator"];

/// The side that has alternatives. The other side has one schema.
#[derive(Clone, Copy)]
enum Listed {
    Base,
    Revision,
}

impl<'d> Comparer<'d> {
    /// Compares a schema with alternatives, if one of them corresponds to it. Returns true if it
    /// did; the other alternatives were reported as added or removed.
    pub(super) fn single_and_alternatives(&mut self, pair: Pair<'d>, uses: Use) -> bool {
        let (listed, keyword) = match (keyword(pair.base), keyword(pair.revision)) {
            (Some(keyword), None) => (Listed::Base, keyword),
            (None, Some(keyword)) => (Listed::Revision, keyword),
            _ => return false,
        };
        let (alternatives, at) = match listed {
            Listed::Base => corresponding(
                (&mut self.base, pair.base),
                (&mut self.revision, pair.revision),
                keyword,
            ),
            Listed::Revision => corresponding(
                (&mut self.revision, pair.revision),
                (&mut self.base, pair.base),
                keyword,
            ),
        };
        let Some(at) = at else {
            return false;
        };
        self.beside_alternatives(listed, pair, uses);
        for (index, alternative) in alternatives.into_iter().enumerate() {
            let against = |single: Node<'d>| match listed {
                Listed::Base => Pair {
                    base: alternative,
                    revision: single,
                },
                Listed::Revision => Pair {
                    base: single,
                    revision: alternative,
                },
            };
            let single = match listed {
                Listed::Base => pair.revision,
                Listed::Revision => pair.base,
            };
            match listed {
                _ if index == at => self.schema(against(single), uses),
                Listed::Base => {
                    self.report(&rules::ALTERNATIVE_REMOVED, against(single.absent()), uses);
                }
                Listed::Revision => {
                    self.report(&rules::ALTERNATIVE_ADDED, against(single.absent()), uses);
                }
            }
        }
        true
    }

    /// Compares the keywords beside the alternatives with their absence.
    fn beside_alternatives(&mut self, listed: Listed, pair: Pair<'d>, uses: Use) {
        let beside = match listed {
            Listed::Base => Pair {
                revision: pair.revision.absent(),
                ..pair
            },
            Listed::Revision => Pair {
                base: pair.base.absent(),
                ..pair
            },
        };
        self.nullable(pair, uses);
        self.direction_flags(beside, uses, Source::None);
        self.default(beside, uses);
        self.discriminator(beside, uses);
        let compared = ["oneOf", "anyOf", "nullable", "discriminator", "default"];
        self.others(beside, uses, &compared);
    }
}

/// Returns the keyword under which a schema has only alternatives.
fn keyword(node: Node<'_>) -> Option<&'static str> {
    let keyword = KEYWORDS
        .iter()
        .find(|keyword| !node.items_of(keyword).is_empty())?;
    let is_beside = |key: &str| key == *keyword || BESIDE.contains(&key) || is_annotation(key);
    node.keys().all(is_beside).then_some(*keyword)
}

/// Returns the alternatives, and the index of the one that corresponds to the single schema: by
/// name, by equality, or because no other one has the same type.
fn corresponding<'d>(
    (side, listed): (&mut Side<'d>, Node<'d>),
    (other, single): (&mut Side<'d>, Node<'d>),
    keyword: &'static str,
) -> (Vec<Node<'d>>, Option<usize>) {
    let list = side.key(listed, keyword);
    let alternatives: Vec<Node<'d>> = (0..list.items().len())
        .map(|at| side.index(list, Some(at)))
        .collect();
    let target = other.resolved(single);
    let has_alternatives = KEYWORDS.iter().any(|key| target.get(key).is_some());
    if !target.value.is_some_and(Value::is_object) || has_alternatives {
        return (alternatives, None);
    }
    let resolved: Vec<Node<'d>> = alternatives
        .iter()
        .map(|alternative| side.resolved(*alternative))
        .collect();
    let by_name = single.reference().and_then(|name| {
        alternatives
            .iter()
            .position(|alternative| alternative.reference() == Some(name))
    });
    let by_value = || {
        resolved
            .iter()
            .position(|alternative| same_or_absent(alternative.value, target.value))
    };
    let by_type = || {
        let of_type = |alternative: &Node<'d>| {
            target.text("type").is_some() && alternative.text("type") == target.text("type")
        };
        let at = resolved.iter().position(of_type)?;
        (resolved
            .iter()
            .filter(|alternative| of_type(alternative))
            .count()
            == 1)
            .then_some(at)
    };
    let at = by_name.or_else(by_value).or_else(by_type);
    (alternatives, at)
}
