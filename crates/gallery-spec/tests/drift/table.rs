//! The rules as tables of pairs: two documents with one difference each, and what that is. Every pair is also compared the other way
//! round, where it is the inverse rule at the same place.
//!
//! A row is `[name, before, after, rule, levels, pointer, pointer in the revision]`, where before and after stand at the file's `frame`.
//! Pointers are from there, or from the root with a `#`; null says that the part is not there. `nothing` is the rule of what is no
//! difference.

use std::collections::BTreeSet;

use gallery_spec::drift::{Change, Rule, rules};
use serde_json::{Value, json};

use crate::support::{changes, with_fields, with_operation, with_paths, yaml};

const FILES: &[(&str, &str)] = &[
    ("bodies.yaml", include_str!("bodies.yaml")),
    ("documents.yaml", include_str!("documents.yaml")),
    ("operations.yaml", include_str!("operations.yaml")),
    ("parameters.yaml", include_str!("parameters.yaml")),
    ("responses.yaml", include_str!("responses.yaml")),
    ("schema-objects.yaml", include_str!("schema-objects.yaml")),
    ("schema-types.yaml", include_str!("schema-types.yaml")),
    ("schema-values.yaml", include_str!("schema-values.yaml")),
];

/// Two documents, and what their one difference is.
struct Pair {
    name: String,
    before: Value,
    after: Value,
    expected: Option<Expected>,
    /// Whether the difference goes from servers to clients.
    is_response: bool,
}

struct Expected {
    rule: &'static Rule,
    wire: String,
    source: String,
    base: Option<String>,
    revision: Option<String>,
}

fn rule(id: &str) -> &'static Rule {
    rules().find(|rule| rule.id == id).unwrap_or_else(|| panic!("no rule is called {id}"))
}

/// A fragment in its document, and the pointer of where it stands.
fn framed(frame: &str, fragment: &Value) -> (Value, String) {
    let content = |schema: &Value| json!({"application/json": {"schema": schema}});
    let or_none = |key: &str| {
        let mut operation = json!({"responses": {}});
        if !fragment.is_null() {
            operation[key] = fragment.clone();
        }
        operation
    };
    match frame {
        "request" => (
            with_operation("post", json!({"requestBody": {"content": content(fragment)}, "responses": {}})),
            "/paths/~1a/post/requestBody/content/application~1json/schema".to_owned(),
        ),
        "response" => (
            with_operation("get", json!({"responses": {"200": {"description": "d", "content": content(fragment)}}})),
            "/paths/~1a/get/responses/200/content/application~1json/schema".to_owned(),
        ),
        "parameters" | "responses" => (with_operation("get", or_none(frame)), format!("/paths/~1a/get/{frame}")),
        "requestBody" => (with_operation("post", or_none(frame)), format!("/paths/~1a/post/{frame}")),
        "paths" => (with_paths(fragment.clone()), "/paths".to_owned()),
        "document" => (with_fields(fragment), String::new()),
        other => panic!("no frame is called {other}"),
    }
}

fn pairs() -> Vec<Pair> {
    let mut pairs = Vec::new();
    for (file, text) in FILES {
        let table = yaml(file, text);
        let frames: &[&str] = match table["frame"].as_str().unwrap() {
            "schema" => &["request", "response"],
            frame => &[frame],
        };
        for row in table["pairs"].as_array().unwrap() {
            for (at, frame) in frames.iter().enumerate() {
                pairs.push(pair(file, row.as_array().unwrap(), frame, at, frames.len()));
            }
        }
    }
    pairs
}

fn pair(file: &str, row: &[Value], frame: &str, at: usize, frames: usize) -> Pair {
    let name = format!("{file}: {} ({frame})", row[0].as_str().unwrap());
    let (before, start) = framed(frame, &row[1]);
    let (after, _) = framed(frame, &row[2]);
    let id = row[3].as_str().unwrap();
    let expected = (id != "nothing").then(|| {
        let levels: Vec<&str> = row[4].as_str().unwrap().split(' ').collect();
        assert_eq!(levels.len(), frames + 1, "{name}: a level for each direction, and one for source");
        let pointer = |document: &Value, value: &Value| {
            let text = value.as_str()?;
            let pointer = text.strip_prefix('#').map_or_else(|| format!("{start}{text}"), ToOwned::to_owned);
            document.pointer(&pointer).map(|_| pointer)
        };
        let revision = row.get(6).unwrap_or(&row[5]);
        // One pointer is for both documents, if the part is there.
        let base = if row.get(6).is_none() || !row[5].is_null() { pointer(&before, &row[5]) } else { None };
        Expected {
            rule: rule(id),
            wire: levels[at].to_owned(),
            source: levels[frames].to_owned(),
            base,
            revision: pointer(&after, revision),
        }
    });
    Pair { name, before, after, expected, is_response: frame == "response" || frame == "responses" }
}

/// A change in the words of the table.
fn said(id: &str, wire: &str, source: &str, base: Option<&str>, revision: Option<&str>) -> String {
    format!("{id}, wire {wire}, source {source}, at {} → {}", base.unwrap_or("nothing"), revision.unwrap_or("nothing"))
}

fn said_of(change: &Change) -> String {
    let pointer = |spot: &Option<gallery_spec::drift::Spot>| spot.as_ref().map(|spot| spot.pointer.clone());
    let (base, revision) = (pointer(&change.base), pointer(&change.revision));
    said(change.rule.id, change.wire.name(), change.source.name(), base.as_deref(), revision.as_deref())
}

#[test]
fn each_pair_is_the_one_difference_that_it_says() {
    let pairs = pairs();
    assert!(pairs.len() >= 300, "{}", pairs.len());
    let mut wrong = Vec::new();
    for pair in &pairs {
        let found: Vec<String> = changes(&pair.before, &pair.after).iter().map(said_of).collect();
        let expected: Vec<String> = pair
            .expected
            .iter()
            .map(|all| said(all.rule.id, &all.wire, &all.source, all.base.as_deref(), all.revision.as_deref()))
            .collect();
        if found != expected {
            wrong.push(format!("{}\n  expected {expected:?}\n  found    {found:?}", pair.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), pairs.len(), wrong.join("\n"));
}

#[test]
fn the_other_way_round_it_is_the_inverse_at_the_same_place() {
    let mut wrong = Vec::new();
    for pair in pairs() {
        let found: Vec<String> = changes(&pair.after, &pair.before).iter().map(said_of).collect();
        let expected: Vec<String> = pair.expected.iter().map(|expected| inverse(expected, pair.is_response)).collect();
        // A level that is lowered in one way for what the part is, is lowered in the other.
        if found != expected {
            wrong.push(format!("{}\n  expected {expected:?}\n  found    {found:?}", pair.name));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn inverse(expected: &Expected, is_response: bool) -> String {
    let (own, inverse) = (expected.rule, rule(expected.rule.inverse));
    let levels = |rule: &Rule| if is_response { [rule.response, rule.request] } else { [rule.request, rule.response] };
    let at = levels(own).iter().position(|level| level.name() == expected.wire);
    let wire = at.map_or("none", |at| levels(inverse)[at].name());
    let source = if own.source.name() == expected.source { inverse.source.name() } else { "none" };
    said(inverse.id, wire, source, expected.revision.as_deref(), expected.base.as_deref())
}

#[test]
fn every_rule_has_a_pair() {
    let told: BTreeSet<&str> =
        pairs().iter().filter_map(|pair| pair.expected.as_ref()).flat_map(|all| [all.rule.id, all.rule.inverse]).collect();
    let untold: Vec<&str> = rules().map(|rule| rule.id).filter(|id| !told.contains(id)).collect();
    assert_eq!(untold, [""; 0]);
}

#[test]
fn a_document_does_not_differ_from_itself() {
    for pair in pairs() {
        for document in [&pair.before, &pair.after] {
            assert_eq!(changes(document, document).iter().map(said_of).collect::<Vec<_>>(), [""; 0], "{}", pair.name);
        }
    }
}

#[test]
fn each_side_of_a_change_is_where_it_says() {
    for pair in pairs() {
        for change in changes(&pair.before, &pair.after) {
            for (spot, document) in [(&change.base, &pair.before), (&change.revision, &pair.after)] {
                let Some(spot) = spot else { continue };
                assert!(document.pointer(&spot.pointer).is_some(), "{}: {}", pair.name, spot.pointer);
            }
            assert!(change.base.is_some() || change.revision.is_some(), "{}", pair.name);
            assert_ne!(change.before, change.after, "{}", pair.name);
        }
    }
}
