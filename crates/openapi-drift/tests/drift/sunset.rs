//! Tests of the removal of deprecated parts before and after their sunset.

use openapi_drift::{Change, Date, Wire, compare, compare_on};
use serde_json::{Map, Value, json};

use crate::support::{document, with_fields, with_paths};

/// Returns the changes if `part` is removed from a document, on a date.
fn removed(with: &dyn Fn(Option<Value>) -> Value, part: &Value, today: &str) -> Vec<Change> {
    let (base, revision) = (with(Some(part.clone())), with(None));
    let today: Date = today.parse().unwrap();
    compare_on(
        &document("base", &base),
        &document("revision", &revision),
        today,
    )
}

fn endpoint(part: Option<Value>) -> Value {
    let mut paths = json!({"/b": {"get": {"responses": {}}}});
    if let Some(mut operation) = part {
        operation["responses"] = json!({});
        paths["/a/{id}"] = json!({"get": operation});
    }
    with_paths(paths)
}

fn parameter(part: Option<Value>) -> Value {
    let parameters: Vec<Value> = part
        .into_iter()
        .map(|mut part| {
            part["in"] = "query".into();
            part["name"] = "q".into();
            part
        })
        .collect();
    with_paths(json!({"/a": {"get": {"parameters": parameters, "responses": {}}}}))
}

fn property(part: Option<Value>) -> Value {
    let mut schema = json!({"type": "object", "properties": {}});
    if let Some(part) = part {
        // Deprecations are often at the referenced schema.
        schema["properties"]["a"] = json!({"$ref": "#/components/schemas/A"});
        let schemas = json!({"A": part, "O": schema});
        return of_schemas(&schemas);
    }
    of_schemas(&json!({"O": schema}))
}

fn of_schemas(schemas: &Value) -> Value {
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/O"}}});
    with_fields(&json!({
        "paths": {"/a": {"post": {"requestBody": {"content": content}, "responses": {"200": {"description": "d", "content": content}}}}},
        "components": {"schemas": schemas},
    }))
}

fn header(part: Option<Value>) -> Value {
    let headers: Map<String, Value> = part
        .map(|part| ("X-A".to_owned(), part))
        .into_iter()
        .collect();
    let responses = json!({"200": {"description": "d", "headers": headers}});
    with_paths(json!({"/a": {"get": {"responses": responses}}}))
}

/// Builds a document with or without a part.
type With = dyn Fn(Option<Value>) -> Value;

const KINDS: &[(&str, &str, &With)] = &[
    (
        "endpoint-removed",
        "endpoint-removed-after-sunset",
        &endpoint,
    ),
    (
        "optional-parameter-removed",
        "parameter-removed-after-sunset",
        &parameter,
    ),
    (
        "optional-property-removed",
        "property-removed-after-sunset",
        &property,
    ),
    (
        "optional-header-removed",
        "header-removed-after-sunset",
        &header,
    ),
];

/// Returns the change with a rule.
fn find<'c>(changes: &'c [Change], id: &str) -> Option<&'c Change> {
    changes.iter().find(|change| change.rule.id == id)
}

#[test]
fn removal_is_safe_from_the_sunset_on() {
    let part = json!({"deprecated": true, "x-sunset": "2026-01-31"});
    for (plain, after_sunset, with) in KINDS {
        let before = removed(with, &part, "2026-01-30");
        let plain_change = find(&before, plain).expect(plain);
        assert!(plain_change.wire >= Wire::Risky, "{plain_change}");
        for today in ["2026-01-31", "2030-01-01"] {
            let after = removed(with, &part, today);
            let change = find(&after, after_sunset).expect(after_sunset);
            assert_eq!(change.wire, Wire::Safe, "{change}");
            assert!(find(&after, plain).is_none());
            // An approval of the removal stays valid.
            assert_eq!(change.fingerprint, plain_change.fingerprint);
        }
    }
}

#[test]
fn removal_without_a_valid_sunset_is_breaking() {
    for part in [
        json!({"x-sunset": "2026-01-31"}),
        json!({"deprecated": true}),
        json!({"deprecated": true, "x-sunset": "2026-02-30"}),
        json!({"deprecated": true, "x-sunset": 20_260_131}),
    ] {
        for (plain, after_sunset, with) in KINDS {
            let found = removed(with, &part, "2030-01-01");
            assert!(find(&found, plain).is_some(), "{part}");
            assert!(find(&found, after_sunset).is_none(), "{part}");
            let is_invalid = part.get("deprecated").is_some() && part.get("x-sunset").is_some();
            let invalid = find(&found, "sunset-invalid");
            assert_eq!(invalid.is_some(), is_invalid, "{part}");
        }
    }
}

#[test]
fn without_a_date_no_sunset_has_passed() {
    let part = json!({"deprecated": true, "x-sunset": "1990-01-01"});
    let (base, revision) = (endpoint(Some(part)), endpoint(None));
    let found = compare(&document("base", &base), &document("revision", &revision));
    assert!(find(&found, "endpoint-removed").is_some());
}

#[test]
fn messages_name_the_part_and_the_reason() {
    let part = json!({"deprecated": true, "x-sunset": "2026-01-31T00:00:00Z"});
    let message = |with: &With, id: &str| {
        let found = removed(with, &part, "2026-02-01");
        find(&found, id).unwrap().message.clone()
    };
    assert_eq!(
        message(&endpoint, "endpoint-removed-after-sunset"),
        "removed the endpoint `GET /a/{id}` after its sunset: it was deprecated, and the date in `x-sunset` has come; the client loses the method"
    );
    assert_eq!(
        message(&parameter, "parameter-removed-after-sunset"),
        "removed the query parameter `q` after its sunset: it was deprecated, and the date in `x-sunset` has come; its setter is gone"
    );
}
