//! What each kind of difference means: the one table, which `docs/drift-rules.md` is made from.
//!
//! A level is the highest that the rule gives. It is reported lower where less is at stake: in a direction in which the part does not
//! go, and for callers' source where no Rust type is made of it.

use super::change::{Source, Wire};

mod api;
mod prose;
mod schemas;
mod security;

pub(super) use api::*;
pub(super) use prose::*;
pub(super) use schemas::*;
pub(super) use security::*;

/// A kind of difference.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its stable name, in kebab case.
    pub id: &'static str,
    /// The rule of the same difference with base and revision swapped; its own name where that is the same kind.
    pub inverse: &'static str,
    /// What it does over the wire to what clients send.
    pub request: Wire,
    /// What it does over the wire to what servers answer.
    pub response: Wire,
    /// What it does to callers' source.
    pub source: Source,
    /// Whether the client's documentation reads otherwise.
    pub docs: bool,
    /// What happened, as a sentence without its end.
    pub meaning: &'static str,
    /// Why it matters, as a sentence without its end.
    pub why: &'static str,
    /// A difference of this kind: before and after, in flow YAML.
    pub example: &'static str,
}

/// The rules of one part of documents.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub title: &'static str,
    /// The rules.
    pub rules: &'static [&'static Rule],
}

/// Every rule, by part.
pub static GROUPS: &[Group] = &[
    ENDPOINTS,
    PARAMETERS,
    BODIES,
    ANSWERS,
    SCHEMAS,
    VALUES,
    OBJECTS,
    COMBINATIONS,
    SECURITY,
    SERVERS,
    PROSE,
];

/// Every rule.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules.iter().copied())
}

/// One row a rule: name, id, id of the inverse, levels (request, response, source), `docs` or `-`, meaning, why, example.
macro_rules! table {
    ($group:ident $title:literal { $(
        $name:ident $id:literal <> $inverse:literal: $request:ident $response:ident $source:ident $docs:tt
        $meaning:literal, $why:literal, $example:literal;
    )* }) => {
        $(pub(crate) static $name: $crate::Rule = $crate::Rule {
            id: $id,
            inverse: $inverse,
            request: $crate::Wire::$request,
            response: $crate::Wire::$response,
            source: $crate::Source::$source,
            docs: table!(@docs $docs),
            meaning: $meaning,
            why: $why,
            example: $example,
        };)*
        pub(super) const $group: $crate::Group = $crate::Group { title: $title, rules: &[$(&$name),*] };
    };
    (@docs docs) => { true };
    (@docs -) => { false };
}
use table;

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn find(id: &str) -> &'static Rule {
        rules()
            .find(|rule| rule.id == id)
            .unwrap_or_else(|| panic!("no rule has the id {id}"))
    }

    #[test]
    fn every_rule_has_a_name_of_its_own_and_an_inverse_that_leads_back() {
        let ids: BTreeSet<_> = rules().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules().count(), "two rules have one id");
        for rule in rules() {
            assert_eq!(find(rule.inverse).inverse, rule.id);
            assert!(
                rule.id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                rule.id
            );
            assert_eq!(rule.docs, find(rule.inverse).docs, "{}", rule.id);
            let texts = [rule.meaning, rule.why, rule.example];
            assert!(
                texts
                    .iter()
                    .all(|text| !text.is_empty() && !text.ends_with('.') && !text.contains('|')),
                "{}",
                rule.id
            );
        }
    }

    #[test]
    fn what_only_people_read_goes_over_no_wire() {
        for rule in PROSE.rules {
            assert_eq!(
                (rule.request, rule.response),
                (Wire::None, Wire::None),
                "{}",
                rule.id
            );
        }
    }
}
