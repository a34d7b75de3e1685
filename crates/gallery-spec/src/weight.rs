//! What a difference counts as when a run is judged: one ladder for `--fail-on` and for `[drift.severity]` of `gallery.toml`.

use std::collections::BTreeMap;
use std::fmt;

use crate::drift::{Change, Source, Wire, rules};
use openapi_text::suggest::closest;

/// How much a difference weighs, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// It fails no run.
    Never,
    /// It is a difference.
    Any,
    /// The client's documentation reads otherwise.
    Docs,
    /// Code that calls the client may not compile any more.
    Source,
    /// A call that worked is refused or cannot be read any more, or may be: the documents alone do not always say.
    Wire,
}

impl Weight {
    /// All of them, from the heaviest.
    pub const ALL: [Weight; 5] = [
        Weight::Wire,
        Weight::Source,
        Weight::Docs,
        Weight::Any,
        Weight::Never,
    ];

    /// Its name in files and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Weight::Never => "never",
            Weight::Any => "any",
            Weight::Docs => "docs",
            Weight::Source => "source",
            Weight::Wire => "wire",
        }
    }

    /// The weight of that name.
    pub fn parse(name: &str) -> Option<Weight> {
        Weight::ALL.into_iter().find(|weight| weight.name() == name)
    }

    /// What a difference weighs by itself.
    pub fn of(change: &Change) -> Weight {
        match change {
            Change {
                wire: Wire::Breaking | Wire::Risky,
                ..
            } => Weight::Wire,
            Change {
                source: Source::Breaking,
                ..
            } => Weight::Source,
            Change { docs: true, .. } => Weight::Docs,
            Change { .. } => Weight::Any,
        }
    }

    /// Whether what weighs so much fails a run that fails from there on.
    pub fn fails(self, from: Weight) -> bool {
        self != Weight::Never && from != Weight::Never && self >= from
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The weights that people gave to rules, by the rule's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Weights(pub BTreeMap<String, Weight>);

impl Weights {
    /// What a difference weighs.
    pub fn of(&self, change: &Change) -> Weight {
        self.0
            .get(change.rule.id)
            .copied()
            .unwrap_or_else(|| Weight::of(change))
    }
}

/// How alike a rule must be to be offered for a mistyped one.
const ALIKE: f64 = 0.6;

/// Whether there is a rule of that id; if not, what a person may have meant.
pub(crate) fn check_rule(id: &str) -> Result<(), String> {
    if rules().any(|known| known.id == id) {
        return Ok(());
    }
    let advice = match closest(id, rules().map(|rule| rule.id), ALIKE) {
        Some(known) => format!("did you mean `{known}`?"),
        None => "docs/drift-rules.md has all".to_owned(),
    };
    Err(format!("no rule is called `{id}`; {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::drift::{Document, compare};
    use serde_json::{Value, json};

    /// What removing the endpoint `GET /a` from a document weighs, and what rewording its summary does.
    fn changes() -> Vec<Change> {
        let document = |paths: Value| {
            Document::made(
                "a",
                json!({"openapi": "3.0.3", "info": {"title": "T", "version": "1"}, "paths": paths}),
            )
            .unwrap()
        };
        let operation =
            |summary: &str| json!({"operationId": "a", "summary": summary, "responses": {}});
        let base = document(json!({"/a": {"get": operation("A")}, "/b": {"get": operation("B")}}));
        compare(&base, &document(json!({"/b": {"get": operation("C")}})))
    }

    #[test]
    fn what_breaks_calls_weighs_more_than_prose() {
        let weighed: Vec<_> = changes()
            .iter()
            .map(|change| (change.rule.id, Weight::of(change)))
            .collect();
        assert_eq!(
            weighed,
            [
                ("endpoint-removed", Weight::Wire),
                ("summary-changed", Weight::Docs)
            ]
        );
    }

    #[test]
    fn people_have_the_last_word() {
        let weights = Weights([("endpoint-removed".to_owned(), Weight::Never)].into());
        let weighed: Vec<_> = changes().iter().map(|change| weights.of(change)).collect();
        assert_eq!(weighed, [Weight::Never, Weight::Docs]);
    }

    #[test]
    fn a_run_fails_at_its_weight_and_above() {
        let from = |from: Weight| Weight::ALL.map(|weight| weight.fails(from));
        assert_eq!(from(Weight::Wire), [true, false, false, false, false]);
        assert_eq!(from(Weight::Source), [true, true, false, false, false]);
        assert_eq!(from(Weight::Any), [true, true, true, true, false]);
        assert_eq!(from(Weight::Never), [false; 5]);
    }
}
