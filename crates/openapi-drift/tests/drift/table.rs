//! Tests of the rules by tables. A row of a table has two documents with one difference.
//!
//! Every pair is also compared in the opposite direction, which reports the inverse rule at the
//! same location.

use std::collections::BTreeSet;

use openapi_drift::{Change, Rule, rules};

use crate::pairs::{Expected, pairs, rule};
use crate::support::changes;

/// Formats a change for comparison.
fn format_change(
    id: &str,
    wire: &str,
    source: &str,
    base: Option<&str>,
    revision: Option<&str>,
) -> String {
    format!(
        "{id}, wire {wire}, source {source}, at {} → {}",
        base.unwrap_or("nothing"),
        revision.unwrap_or("nothing")
    )
}

/// Formats a reported change.
fn summary(change: &Change) -> String {
    let pointer = |location: &Option<openapi_drift::SourceLocation>| {
        location.as_ref().map(|location| location.pointer.clone())
    };
    let (base, revision) = (pointer(&change.base), pointer(&change.revision));
    format_change(
        change.rule.id,
        change.wire.name(),
        change.source.name(),
        base.as_deref(),
        revision.as_deref(),
    )
}

#[test]
fn reports_the_expected_difference_of_each_pair() {
    let pairs = pairs();
    assert!(pairs.len() >= 300, "{}", pairs.len());
    let mut wrong = Vec::new();
    for pair in pairs {
        let found: Vec<String> = changes(&pair.before, &pair.after)
            .iter()
            .map(summary)
            .collect();
        let expected: Vec<String> = pair
            .expected
            .iter()
            .map(|all| {
                format_change(
                    all.rule.id,
                    &all.wire,
                    &all.source,
                    all.base.as_deref(),
                    all.revision.as_deref(),
                )
            })
            .collect();
        if found != expected {
            wrong.push(format!(
                "{}\n  expected {expected:?}\n  found    {found:?}",
                pair.name
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {} wrong:\n{}",
        wrong.len(),
        pairs.len(),
        wrong.join("\n")
    );
}

#[test]
fn reports_the_inverse_in_the_opposite_direction() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let found: Vec<String> = changes(&pair.after, &pair.before)
            .iter()
            .map(summary)
            .collect();
        let expected: Vec<String> = pair
            .expected
            .iter()
            .map(|expected| inverse(expected, pair.is_response))
            .collect();
        if found != expected {
            wrong.push(format!(
                "{}\n  expected {expected:?}\n  found    {found:?}",
                pair.name
            ));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn inverse(expected: &Expected, is_response: bool) -> String {
    let (own, inverse) = (expected.rule, rule(expected.rule.inverse));
    let levels = |rule: &Rule| {
        if is_response {
            [rule.response, rule.request]
        } else {
            [rule.request, rule.response]
        }
    };
    let at = levels(own)
        .iter()
        .position(|level| level.name() == expected.wire);
    let wire = at.map_or("none", |at| levels(inverse)[at].name());
    let source = match expected.source.as_str() {
        level if level == own.source.name() => inverse.source.name(),
        // A variant can be added to an enum, but not removed.
        "safe" if own.id == "error-status-added" => inverse.source.name(),
        // The kind of the part raised or lowered the level, in both directions alike.
        level => level,
    };
    format_change(
        inverse.id,
        wire,
        source,
        expected.revision.as_deref(),
        expected.base.as_deref(),
    )
}

#[test]
fn every_rule_has_a_pair() {
    let tested: BTreeSet<&str> = pairs()
        .iter()
        .filter_map(|pair| pair.expected.as_ref())
        .flat_map(|all| [all.rule.id, all.rule.inverse])
        .collect();
    let untested: Vec<&str> = rules()
        .map(|rule| rule.id)
        // The rules that need a date have tests of their own.
        .filter(|id| !tested.contains(id) && !id.ends_with("-after-sunset"))
        .collect();
    assert_eq!(untested, [""; 0]);
}

#[test]
fn reports_nothing_for_equal_documents() {
    for pair in pairs() {
        for document in [&pair.before, &pair.after] {
            assert_eq!(
                changes(document, document)
                    .iter()
                    .map(summary)
                    .collect::<Vec<_>>(),
                [""; 0],
                "{}",
                pair.name
            );
        }
    }
}

#[test]
fn pointers_of_changes_exist_in_the_documents() {
    for pair in pairs() {
        for change in changes(&pair.before, &pair.after) {
            for (location, document) in [
                (&change.base, &pair.before),
                (&change.revision, &pair.after),
            ] {
                let Some(location) = location else { continue };
                assert!(
                    document.pointer(&location.pointer).is_some(),
                    "{}: {}",
                    pair.name,
                    location.pointer
                );
            }
            assert!(
                change.base.is_some() || change.revision.is_some(),
                "{}",
                pair.name
            );
            assert_ne!(change.before, change.after, "{}", pair.name);
        }
    }
}
