//! The table of rules, from which `docs/drift-rules.md` is generated.
//!
//! Levels of a rule are maxima. The wire level of a change is lower if the part is used in one
//! direction only, the source level if the part has no Rust type.

use super::level::{Source, Wire};

mod api;
mod documentation;
mod schemas;
mod security;
mod values;

pub(super) use api::*;
pub(super) use documentation::*;
pub(super) use schemas::*;
pub(super) use security::*;
pub(super) use values::*;

/// A kind of difference.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// The stable id, in kebab case.
    pub id: &'static str,
    /// The id of the rule that applies if base and revision are swapped.
    pub inverse: &'static str,
    /// The effect on requests.
    pub request: Wire,
    /// The effect on responses.
    pub response: Wire,
    /// The effect on code that calls the client.
    pub source: Source,
    /// True if the client's documentation changes.
    pub docs: bool,
    /// A description of the change, as a sentence without a full stop.
    pub meaning: &'static str,
    /// The same for one change. `{}` is the part that changed, `{key}` its key, `{value}`,
    /// `{before}` and `{after}` are its values.
    pub title: &'static str,
    /// The reasons for the levels.
    pub reasons: Reasons,
    /// An example in flow YAML: before and after.
    pub example: &'static str,
}

/// The reasons for the levels of a rule, each as a sentence without a full stop.
#[derive(Debug, PartialEq, Eq)]
pub struct Reasons {
    /// The reason for the effect on requests.
    pub request: &'static str,
    /// The reason for the effect on responses.
    pub response: &'static str,
    /// The reason for the effect on code, if there is one.
    pub code: Option<&'static str>,
}

impl Rule {
    /// Describes the effects in all directions and, where useful, the fix.
    pub fn effect(&self) -> String {
        let Reasons {
            request,
            response,
            code,
        } = self.reasons;
        let mut effect = if request == response {
            request.to_owned()
        } else {
            format!("requests: {request}; responses: {response}")
        };
        if let Some(code) = code {
            effect.push_str(&format!("; code: {code}"));
        }
        effect
    }
}

/// The rules for one part of a document.
#[derive(Debug)]
pub struct Group {
    /// The title.
    pub title: &'static str,
    /// The rules.
    pub rules: &'static [&'static Rule],
}

/// All rules, by part of the document.
pub static GROUPS: &[Group] = &[
    ENDPOINTS,
    PARAMETERS,
    BODIES,
    RESPONSES,
    SCHEMAS,
    VALUES,
    OBJECTS,
    COMBINATIONS,
    SECURITY,
    SERVERS,
    DOCUMENTATION,
];

/// Returns all rules.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    GROUPS.iter().flat_map(|group| group.rules.iter().copied())
}

/// One row per rule: name, id, inverse id, levels (request, response, source), `docs` or `-`,
/// meaning, title, reasons, example.
///
/// Reasons are `request` and `response`, or `calls` for both, and `code` if the rule affects code.
macro_rules! table {
    ($group:ident $title:literal { $(
        $name:ident $id:literal <> $inverse:literal: $request:ident $response:ident $source:ident $docs:tt
        $meaning:literal, $sentence:literal,
        $(calls $calls:literal)? $(request $in_requests:literal response $in_responses:literal)? $(code $code:literal)?,
        $example:literal;
    )* }) => {
        $(pub(crate) static $name: $crate::Rule = $crate::Rule {
            id: $id,
            inverse: $inverse,
            request: $crate::Wire::$request,
            response: $crate::Wire::$response,
            source: $crate::Source::$source,
            docs: table!(@docs $docs),
            meaning: $meaning,
            title: $sentence,
            reasons: $crate::Reasons {
                request: concat!($($calls)? $($in_requests)?),
                response: concat!($($calls)? $($in_responses)?),
                code: table!(@code $($code)?),
            },
            example: $example,
        };)*
        pub(super) const $group: $crate::Group = $crate::Group { title: $title, rules: &[$(&$name),*] };
    };
    (@code) => { None };
    (@code $code:literal) => { Some($code) };
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
            .unwrap_or_else(|| panic!("unknown rule `{id}`"))
    }

    #[test]
    fn rules_have_unique_ids_and_mutual_inverses() {
        let ids: BTreeSet<_> = rules().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), rules().count(), "rule ids are not unique");
        for rule in rules() {
            // Without a date, the inverse is the rule for a part without a sunset.
            assert!(find(rule.inverse).inverse == rule.id || rule.id.ends_with("-after-sunset"));
            assert!(
                rule.id
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'-'),
                "{}",
                rule.id
            );
            assert_eq!(rule.docs, find(rule.inverse).docs, "{}", rule.id);
            let texts = [
                rule.meaning,
                rule.title,
                rule.reasons.request,
                rule.reasons.response,
                rule.reasons.code.unwrap_or("-"),
                rule.example,
            ];
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
    fn documentation_rules_do_not_affect_calls() {
        for rule in DOCUMENTATION.rules {
            assert_eq!(
                (rule.request, rule.response),
                (Wire::None, Wire::None),
                "{}",
                rule.id
            );
        }
    }
}
