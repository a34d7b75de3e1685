//! The severity of a difference: one scale for effects on calls, code and documentation.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Change, Source, Wire, rules};
use openapi_text::suggest::closest;

/// The severity of a difference, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Never fails a check.
    Never,
    /// Any difference.
    Any,
    /// A change of the client's documentation.
    Docs,
    /// A change after which code that calls the client may no longer compile.
    Source,
    /// A change after which a call may be rejected, or its response cannot be parsed.
    Wire,
}

impl Severity {
    /// All severities, in descending order.
    pub const ALL: [Severity; 5] = [
        Severity::Wire,
        Severity::Source,
        Severity::Docs,
        Severity::Any,
        Severity::Never,
    ];

    /// Returns the name used in files and arguments.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Never => "never",
            Severity::Any => "any",
            Severity::Docs => "docs",
            Severity::Source => "source",
            Severity::Wire => "wire",
        }
    }

    /// Returns the severity with a name.
    pub fn parse(name: &str) -> Option<Severity> {
        Severity::ALL
            .into_iter()
            .find(|severity| severity.name() == name)
    }

    /// Returns the default severity of a difference.
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

    /// Returns true if this severity reaches the threshold.
    pub fn fails(self, from: Severity) -> bool {
        self != Severity::Never && from != Severity::Never && self >= from
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Severities that replace the defaults, by rule id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeverityOverrides(pub BTreeMap<String, Severity>);

impl SeverityOverrides {
    /// Returns the severity of a difference.
    pub fn of(&self, change: &Change) -> Severity {
        self.0
            .get(change.rule.id)
            .copied()
            .unwrap_or_else(|| Severity::of(change))
    }
}

/// The minimum similarity of a suggested rule id.
const MIN_SIMILARITY: f64 = 0.6;

/// Checks that a rule id exists.
///
/// # Errors
///
/// Returns a message that suggests the closest id.
pub fn check_rule_id(id: &str) -> Result<(), String> {
    if rules().any(|rule| rule.id == id) {
        return Ok(());
    }
    let advice = match closest(id, rules().map(|rule| rule.id), MIN_SIMILARITY) {
        Some(closest) => format!("did you mean `{closest}`?"),
        None => "see docs/drift-rules.md for all rules".to_owned(),
    };
    Err(format!("unknown rule `{id}`; {advice}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Document, compare};
    use serde_json::{Value, json};

    /// Returns two changes: a removed endpoint and a changed summary.
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
    fn breaking_calls_are_more_severe_than_prose() {
        let severities: Vec<_> = changes()
            .iter()
            .map(|change| (change.rule.id, Severity::of(change)))
            .collect();
        assert_eq!(
            severities,
            [
                ("endpoint-removed", Severity::Wire),
                ("summary-changed", Severity::Docs)
            ]
        );
    }

    #[test]
    fn overrides_replace_default_severities() {
        let severities =
            SeverityOverrides([("endpoint-removed".to_owned(), Severity::Never)].into());
        let severities: Vec<_> = changes()
            .iter()
            .map(|change| severities.of(change))
            .collect();
        assert_eq!(severities, [Severity::Never, Severity::Docs]);
    }

    #[test]
    fn reaches_a_threshold_at_its_severity_and_above() {
        let from = |from: Severity| Severity::ALL.map(|severity| severity.fails(from));
        assert_eq!(from(Severity::Wire), [true, false, false, false, false]);
        assert_eq!(from(Severity::Source), [true, true, false, false, false]);
        assert_eq!(from(Severity::Any), [true, true, true, true, false]);
        assert_eq!(from(Severity::Never), [false; 5]);
    }
}
