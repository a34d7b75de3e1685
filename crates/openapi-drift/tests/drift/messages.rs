//! Tests of messages: each names the part that changed, and its reasons agree with its levels.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use expect_test::expect_file;
use openapi_drift::{Source, Wire, rules};
use serde_json::{Value, json};

use crate::pairs::pairs;
use crate::support::{changes, with_fields, with_paths};

/// Returns true if a reason could be the reason for a level.
fn agrees(reason: &str, level: Wire) -> bool {
    let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    // These make a call fail.
    let failure = [
        "rejects",
        "cannot",
        "misread",
        "fail",
        "does not",
        "do not recognize",
        "do not find",
        "no longer find",
        "no longer returns",
        "no longer makes",
        "no longer receive it",
        "must handle",
        "not receive",
        "not find",
        "ignores it",
        "another",
        "loses",
        "may receive an empty",
        "may read",
        "read other",
        "they cannot",
        "expects",
        "expect it",
        "is gone",
        "expect this",
    ];
    let doubt = ["may", "check"];
    match level {
        Wire::None | Wire::Safe => {
            !has(&["rejects", "cannot", "misread", "fail", "stop "])
                || has(&["still work", "still valid", "is not sent"])
        }
        Wire::Risky => has(&doubt),
        Wire::Breaking => has(&failure),
    }
}

#[test]
fn rules_have_a_reason_for_each_direction_and_level() {
    let mut wrong = Vec::new();
    for rule in rules() {
        for (direction, level, reason) in [
            ("request", rule.request, rule.reasons.request),
            ("response", rule.response, rule.reasons.response),
        ] {
            if reason.is_empty() || !agrees(reason, level) {
                wrong.push(format!("{} {direction} {level}: {reason}", rule.id));
            }
        }
        if rule.reasons.code.is_some() != (rule.source != Source::None) {
            wrong.push(format!(
                "{} {}: {:?}",
                rule.id, rule.source, rule.reasons.code
            ));
        }
        // The same sentence cannot be the reason for two levels.
        if rule.request != rule.response && rule.reasons.request == rule.reasons.response {
            wrong.push(format!("{}: one reason for two levels", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn messages_of_all_pairs_agree_with_their_levels() {
    let mut wrong = Vec::new();
    // One message for each combination of rule, levels and reasons.
    let mut all = BTreeMap::new();
    for pair in pairs() {
        for (before, after) in [(&pair.before, &pair.after), (&pair.after, &pair.before)] {
            for change in changes(before, after) {
                let (_, reasons) = change.message.rsplit_once(": ").unwrap();
                let reasons: Vec<&str> = reasons.split("; ").collect();
                if !agrees(reasons[0], change.wire) {
                    wrong.push(change.to_string());
                }
                let levels = format!("[{}] {} {}", change.rule.id, change.wire, change.source);
                all.entry((levels, reasons.join("; ")))
                    .or_insert(change.message.clone());
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let text = all
        .iter()
        .fold(String::new(), |mut text, ((levels, _), message)| {
            _ = writeln!(text, "{levels} {message}");
            text
        });
    expect_file!["messages.txt"].assert_eq(&text);
}

/// Returns a document with a POST whose request or response has a schema.
fn with_schema(is_request: bool, schema: &Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    let operation = match is_request {
        true => json!({"requestBody": {"content": content}, "responses": {}}),
        false => json!({"responses": {"200": {"description": "d", "content": content}}}),
    };
    with_paths(json!({"/calls/{Sid}": {"post": operation}}))
}

#[test]
fn reasons_follow_the_direction() {
    let message = |is_request, before: Value, after: Value| {
        let found = changes(
            &with_schema(is_request, &json!({"type": "string", "enum": before})),
            &with_schema(is_request, &json!({"type": "string", "enum": after})),
        );
        assert_eq!(found.len(), 1);
        format!("{}: {}", found[0].wire, found[0].message)
    };
    let (one, two) = (json!(["a"]), json!(["a", "b"]));
    assert_eq!(
        message(true, two.clone(), one.clone()),
        "breaking: removed the enum value `b` from the request body: the server rejects this value; the Rust variant is gone"
    );
    assert_eq!(
        message(false, two.clone(), one.clone()),
        "safe: removed the enum value `b` from the body of the `200` response: clients no longer receive this value; the Rust variant is gone"
    );
    assert_eq!(
        message(false, one, two),
        "breaking: added the enum value `b` to the body of the `200` response: old clients cannot parse the new value; the Rust enum gets a variant; a `match` already covers unknown values"
    );
}

#[test]
fn a_schema_of_both_directions_has_both_reasons() {
    let schema = json!({"$ref": "#/components/schemas/Kind"});
    let content = json!({"application/json": {"schema": schema}});
    let document = |kind: &str| {
        with_fields(&json!({
            "paths": {"/a": {"put": {
                "requestBody": {"content": content},
                "responses": {"200": {"description": "d", "content": content}},
            }}},
            "components": {"schemas": {"Kind": {"type": "object", "properties": {"a": {"type": kind}}}}},
        }))
    };
    let found = changes(&document("string"), &document("integer"));
    assert_eq!(
        found[0].message,
        "changed the type of the request and response property `a` (`string` → `integer`): \
         the server rejects values of the old type; clients cannot parse values of the new type; \
         the Rust type changes"
    );
}

#[test]
fn paths_have_the_names_of_their_variables() {
    let path = |operation: Value| with_paths(json!({"/Calls/{Sid}": operation}));
    let base = path(json!({"get": {"responses": {}}, "post": {"responses": {}}}));
    let revision = path(json!({"get": {"summary": "s", "responses": {}}}));
    let found = changes(&base, &revision);
    let texts: Vec<&str> = found
        .iter()
        .flat_map(|change| [change.location.as_str(), change.message.as_str()])
        .collect();
    assert_eq!(
        texts,
        [
            "GET /Calls/{Sid}#summary",
            "changed the summary of the operation `GET /Calls/{Sid}` (nothing → `s`): only the documentation changes",
            "POST /Calls/{Sid}",
            "removed the endpoint `POST /Calls/{Sid}`: the server rejects calls to it; stop calling it; the client loses the method",
        ]
    );
    assert_eq!(found[1].before, Some(json!("POST /Calls/{Sid}")));
    // The fingerprint does not depend on the names.
    let other = with_paths(json!({"/Calls/{id}": {"post": {"responses": {}}}}));
    let removed = changes(&other, &with_paths(json!({})));
    assert_eq!(removed[0].fingerprint, found[1].fingerprint);
}

#[test]
fn reasons_in_not_follow_the_outer_schema() {
    let message = |is_request, before: Value, after: Value| {
        let schema = |values: Value| json!({"type": "string", "not": {"enum": values}});
        let found = changes(
            &with_schema(is_request, &schema(before)),
            &with_schema(is_request, &schema(after)),
        );
        assert_eq!(found.len(), 1);
        format!("{}: {}", found[0].wire, found[0].message)
    };
    let (one, two) = (json!(["a"]), json!(["a", "b"]));
    assert_eq!(
        message(true, one.clone(), two.clone()),
        "breaking: added the enum value `b` to the request body: the server rejects further values, because `not` excludes them"
    );
    assert_eq!(
        message(false, two, one),
        "breaking: removed the enum value `b` from the body of the `200` response: clients cannot expect that `not` excludes the same values"
    );
}
