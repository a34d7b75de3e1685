//! What a difference counts as when a run is judged: one ladder for `--fail-on` and for `[drift.severity]` of `gallery.toml`.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Change, Source, Wire, rules};
use openapi_text::suggest::closest;

/// How much a difference weighs, from the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
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

impl Severity {
    /// All of them, from the heaviest.
    pub const ALL: [Severity; 5] = [
        Severity::Wire,
        Severity::Source,
        Severity::Docs,
        Severity::Any,
        Severity::Never,
    ];

    /// Its name in files and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Never => "never",
            Severity::Any => "any",
            Severity::Docs => "docs",
            Severity::Source => "source",
            Severity::Wire => "wire",
        }
    }

    /// The weight of that name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL
            .into_iter()
            .find(|weight| weight.name() == name)
    }

    /// What a difference weighs by itself.
    pub fn of(change: &Change) -> Severity {
        match change {
            Change {
                wire: Wire::Breaking | Wire::Risky,
                ..
            } => Severity::Wire,
            Change {
                source: Source::Breaking,
                ..
            } => Severity::Source,
            Change { docs: true, .. } => Severity::Docs,
            Change { .. } => Severity::Any,
        }
    }

    /// Whether what weighs so much fails a run that fails from there on.
    pub fn fails(self, from: Severity) -> bool {
        self != Severity::Never && from != Severity::Never && self >= from
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The weights that people gave to rules, by the rule's id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeverityOverrides(pub BTreeMap<String, Severity>);

impl SeverityOverrides {
    /// What a difference weighs.
    pub fn of(&self, change: &Change) -> Severity {
        self.0
            .get(change.rule.id)
            .copied()
            .unwrap_or_else(|| Severity::of(change))
    }
}

/// How alike a rule must be to be offered for a mistyped one.
const ALIKE: f64 = 0.6;

/// Whether there is a rule of that id; if not, what a person may have meant.
pub fn check_rule_id(id: &str) -> Result<(), String> {
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
    use crate::{Document, compare};
    use serde_json::{Value, json};

    /// What removing the endpoint `GET /a` from a document weighs, and what rewording its summary does.
    fn changes() -> Vec<Change> {
        let document = |paths: Value| {
            Document::from_value(
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
            .map(|change| (change.rule.id, Severity::of(change)))
            .collect();
        assert_eq!(
            weighed,
            [
                ("endpoint-removed", Severity::Wire),
                ("summary-changed", Severity::Docs)
            ]
        );
    }

    #[test]
    fn people_have_the_last_word() {
        let severities =
            SeverityOverrides([("endpoint-removed".to_owned(), Severity::Never)].into());
        let weighed: Vec<_> = changes()
            .iter()
            .map(|change| severities.of(change))
            .collect();
        assert_eq!(weighed, [Severity::Never, Severity::Docs]);
    }

    #[test]
    fn a_run_fails_at_its_weight_and_above() {
        let from = |from: Severity| Severity::ALL.map(|weight| weight.fails(from));
        assert_eq!(from(Severity::Wire), [true, false, false, false, false]);
        assert_eq!(from(Severity::Source), [true, true, false, false, false]);
        assert_eq!(from(Severity::Any), [true, true, true, true, false]);
        assert_eq!(from(Severity::Never), [false; 5]);
    }
}
