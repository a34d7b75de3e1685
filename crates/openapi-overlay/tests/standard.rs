//! Runs the cases in `standard.toml`, one for each rule of the Overlay specification.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that fails should panic"
)]

use std::collections::BTreeSet;

use openapi_overlay::{Overlay, parse};
use openapi_text::Diagnostics;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    #[serde(default)]
    versions: Vec<String>,
    document: String,
    actions: String,
    result: Option<String>,
    #[serde(default)]
    matches: Vec<usize>,
    error: Option<String>,
    error_contains: Option<String>,
}

#[test]
fn follows_the_specification() {
    let table: Table = toml::from_str(include_str!("standard.toml"))
        .unwrap_or_else(|error| panic!("{}", error.message()));
    let names: BTreeSet<&str> = table.case.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(
        names.len(),
        table.case.len(),
        "names of cases must be unique"
    );
    let mut wrong = Vec::new();
    for case in &table.case {
        let both = ["1.0.0".to_owned(), "1.1.0".to_owned()];
        let versions = if case.versions.is_empty() {
            &both[..]
        } else {
            &case.versions
        };
        for version in versions {
            wrong.extend(
                check(case, version).map(|what| format!("{} ({version}): {what}", case.name)),
            );
        }
    }
    assert!(
        wrong.is_empty(),
        "{} failed:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Returns the failure of a case, if any.
fn check(case: &Case, version: &str) -> Option<String> {
    let before: Value = serde_json::from_str(&case.document).unwrap();
    let text = format!(
        "overlay: {version}\ninfo: {{title: t, version: '1'}}\nactions: {}\n",
        case.actions
    );
    let mut after = before.clone();
    let outcome =
        read(&text).and_then(|overlay| overlay.apply(&mut after).map_err(|error| error.message));
    match (outcome, &case.result) {
        (Ok(applied), Some(result)) => {
            let result: Value = serde_json::from_str(result).unwrap();
            let matches: Vec<usize> = applied
                .iter()
                .map(|applied| applied.matches.len())
                .collect();
            (after != result || matches != case.matches)
                .then(|| format!("returned {after} with matches {matches:?}"))
        }
        (Ok(_), None) => Some(format!("returned {after}, but should fail")),
        (Err(message), None) => {
            let right = case.error.as_ref().is_some_and(|error| *error == message)
                || case
                    .error_contains
                    .as_ref()
                    .is_some_and(|part| message.contains(part.as_str()));
            (!right || after != before).then(|| format!("failed with `{message}`"))
        }
        (Err(message), Some(_)) => Some(format!("failed with `{message}`")),
    }
}

fn read(text: &str) -> Result<Overlay, String> {
    let mut diagnostics = Diagnostics::default();
    parse("overlay.yaml", text, &mut diagnostics).ok_or_else(|| {
        let all: Vec<_> = diagnostics
            .iter()
            .map(|diagnostic| diagnostic.message.clone())
            .collect();
        all.join("; ")
    })
}

#[test]
fn reports_the_lines_of_both_duplicate_actions() {
    let text = "\
overlay: 1.1.0
info: {title: t, version: '1'}
actions:
  - target: $.l
    update: {a: 1}
  - target: $.m
    update: {a: 1}
  - target: $.l
    update: {a: 1}
  - target: $.l
    update: {a: 1}
";
    let mut diagnostics = Diagnostics::default();
    assert!(parse("overlay.yaml", text, &mut diagnostics).is_none());
    let all: Vec<_> = diagnostics.iter().map(ToString::to_string).collect();
    let duplicate = |line| {
        format!(
            "error[overlay]: the action duplicates the action at overlay.yaml:4:5: \
             remove one of them\n  --> overlay.yaml:{line}:5"
        )
    };
    assert_eq!(all, [duplicate(8), duplicate(10)]);
}

#[test]
fn an_action_that_fails_changes_nothing() {
    let text = "overlay: 1.1.0\ninfo: {title: T, version: '1'}\nactions:\n  \
                - {target: '$.*', update: {a: {b: 1}, c: 2}}\n";
    let mut diagnostics = Diagnostics::default();
    let overlay: Overlay = parse("o.yaml", text, &mut diagnostics).unwrap();
    let before = serde_json::json!({"one": {}, "two": {"a": {"x": 1}}, "three": {"a": 1}});
    let mut document = before.clone();
    let action = &overlay.actions[0];
    assert!(overlay.apply_action(action, &mut document).is_err());
    assert_eq!(document, before);
}
