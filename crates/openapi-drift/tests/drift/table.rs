//! The rules as tables of pairs: two documents with one difference each, and what that is. Every pair is also compared the other way
//! round, where it is the inverse rule at the same place.

use std::collections::BTreeSet;

use openapi_drift::{Change, Rule, rules};

use crate::pairs::{Expected, pairs, rule};
use crate::support::changes;

/// A change in the words of the table.
fn said(id: &str, wire: &str, source: &str, base: Option<&str>, revision: Option<&str>) -> String {
    format!(
        "{id}, wire {wire}, source {source}, at {} → {}",
        base.unwrap_or("nothing"),
        revision.unwrap_or("nothing")
    )
}

fn said_of(change: &Change) -> String {
    let pointer = |spot: &Option<openapi_drift::SourceLocation>| {
        spot.as_ref().map(|spot| spot.pointer.clone())
    };
    let (base, revision) = (pointer(&change.base), pointer(&change.revision));
    said(
        change.rule.id,
        change.wire.name(),
        change.source.name(),
        base.as_deref(),
        revision.as_deref(),
    )
}

#[test]
fn each_pair_is_the_one_difference_that_it_says() {
    let pairs = pairs();
    assert!(pairs.len() >= 300, "{}", pairs.len());
    let mut wrong = Vec::new();
    for pair in &pairs {
        let found: Vec<String> = changes(&pair.before, &pair.after)
            .iter()
            .map(said_of)
            .collect();
        let expected: Vec<String> = pair
            .expected
            .iter()
            .map(|all| {
                said(
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
fn the_other_way_round_it_is_the_inverse_at_the_same_place() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let found: Vec<String> = changes(&pair.after, &pair.before)
            .iter()
            .map(said_of)
            .collect();
        let expected: Vec<String> = pair
            .expected
            .iter()
            .map(|expected| inverse(expected, pair.is_response))
            .collect();
        // A level that is lowered in one way for what the part is, is lowered in the other.
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
        // Raised or lowered for what the part is, which it is in both ways.
        level => level,
    };
    said(
        inverse.id,
        wire,
        source,
        expected.revision.as_deref(),
        expected.base.as_deref(),
    )
}

#[test]
fn every_rule_has_a_pair() {
    let told: BTreeSet<&str> = pairs()
        .iter()
        .filter_map(|pair| pair.expected.as_ref())
        .flat_map(|all| [all.rule.id, all.rule.inverse])
        .collect();
    let untold: Vec<&str> = rules()
        .map(|rule| rule.id)
        .filter(|id| !told.contains(id))
        .collect();
    assert_eq!(untold, [""; 0]);
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for pair in pairs() {
        for document in [&pair.before, &pair.after] {
            assert_eq!(
                changes(document, document)
                    .iter()
                    .map(said_of)
                    .collect::<Vec<_>>(),
                [""; 0],
                "{}",
                pair.name
            );
        }
    }
}

#[test]
fn each_side_of_a_change_is_where_it_says() {
    for pair in pairs() {
        for change in changes(&pair.before, &pair.after) {
            for (spot, document) in [
                (&change.base, &pair.before),
                (&change.revision, &pair.after),
            ] {
                let Some(spot) = spot else { continue };
                assert!(
                    document.pointer(&spot.pointer).is_some(),
                    "{}: {}",
                    pair.name,
                    spot.pointer
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
