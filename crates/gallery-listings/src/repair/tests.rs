use super::*;
use crate::parse::parse;
use crate::server_index::ServerIndex;
use expect_test::{Expect, expect};
use gallery_draft::{Change, RawFile};
use openapi_text::{Diagnostics, Severity};

/// Compares the changes, and the operation's parameters and responses after all repairs.
fn check(operation: &str, expected: Expect) {
    let text = format!("swagger: '2.0'\npaths:\n  /a/{{id}}:\n    get:\n{operation}");
    let file = RawFile::new("a", text);
    let mut operation = parse(&file, &mut Diagnostics::default())
        .unwrap()
        .operations
        .remove(0);
    repair(&mut operation, false, &ServerIndex::default());
    let shown = |it: Change| {
        format!(
            "{} {} a#{}: {}",
            it.severity, it.code, it.pointer, it.message
        )
    };
    let mut seen: Vec<_> = std::mem::take(&mut operation.changes)
        .into_iter()
        .map(shown)
        .collect();
    for parameter in &operation.parameters {
        seen.push(format!(
            "{:?} {} required={} type={:?} schema={:?} assumed={:?}",
            parameter.location,
            parameter.name,
            parameter.required,
            parameter.kind,
            parameter.schema,
            parameter.assumed
        ));
    }
    for response in &operation.responses {
        seen.push(format!("{} {:?}", response.status, response.description));
    }
    expected.assert_eq(&seen.join("\n"));

    repair(&mut operation, false, &ServerIndex::default());
    let repaired: Vec<_> = operation
        .changes
        .iter()
        .filter(|change| change.severity == Severity::Repaired)
        .collect();
    assert!(
        repaired.is_empty(),
        "a second repair changed something: {repaired:?}"
    );
}

#[test]
fn a_clean_operation_is_unchanged() {
    check(
        "      parameters:\n      - {in: path, name: id, type: string, required: true}\n      responses:\n        200: {description: OK, schema: {type: object}}\n",
        expect![[r#"
                Path id required=true type=Some("string") schema=None assumed=[]
                200 Some("OK")"#]],
    );
}

#[test]
fn declares_and_requires_path_variables() {
    check(
        "      responses: {200: {description: OK}}\n",
        expect![[r#"
            repaired undeclared-path-variable a#/paths/~1a~1{id}/get: no parameter declares the variable `{id}` of the path; declared
            assumed untyped-parameter a#/paths/~1a~1{id}/get: the parameter `id` has no type; assumed to be any string
            assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the response 200 has no schema; assumed to be any content
            Path id required=true type=Some("string") schema=None assumed=["type"]
            200 Some("OK")"#]],
    );
    check(
        "      parameters: [{in: path, name: id, type: string}]\n      responses: {200: {description: OK}}\n",
        expect![[r#"
            repaired optional-path-parameter a#/paths/~1a~1{id}/get/parameters/0: the path parameter `id` is not `required: true`; set
            assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the response 200 has no schema; assumed to be any content
            Path id required=true type=Some("string") schema=None assumed=[]
            200 Some("OK")"#]],
    );
}

#[test]
fn keeps_open_what_the_listing_leaves_open() {
    check(
        "      parameters:\n      - {in: path, name: id, required: true}\n      - {in: query, name: q}\n      - {in: body, name: b, schema: {$ref: '#/definitions/holder'}}\n      responses: {200: {}}\n",
        expect![[r#"
            assumed untyped-parameter a#/paths/~1a~1{id}/get/parameters/0: the parameter `id` has no type; assumed to be any string
            assumed untyped-parameter a#/paths/~1a~1{id}/get/parameters/1: the parameter `q` has no type; assumed to be any string
            repaired dangling-reference a#/paths/~1a~1{id}/get/parameters/2: the schema refers to `#/definitions/holder`, which does not exist; the schema was removed
            assumed untyped-body a#/paths/~1a~1{id}/get/parameters/2: the body `b` has no usable schema; assumed to be any JSON
            repaired undescribed-response a#/paths/~1a~1{id}/get/responses/200: the response 200 has no description, which is required; left empty
            assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the response 200 has no schema; assumed to be any content
            Path id required=true type=Some("string") schema=None assumed=["type"]
            Query q required=false type=Some("string") schema=None assumed=["type"]
            Body b required=false type=None schema=None assumed=["schema"]
            200 Some("")"#]],
    );
    check(
        "      parameters:\n      - {in: path, name: id, required: true, type: string}\n      - {in: body, name: b}\n",
        expect![[r#"
            assumed untyped-body a#/paths/~1a~1{id}/get/parameters/1: the body `b` has no usable schema; assumed to be any JSON
            assumed no-response a#/paths/~1a~1{id}/get: the operation has no response; a `default` one is assumed
            repaired undescribed-response a#/paths/~1a~1{id}/get: the response default has no description, which is required; left empty
            assumed untyped-response a#/paths/~1a~1{id}/get: the response default has no schema; assumed to be any content
            Path id required=true type=Some("string") schema=None assumed=[]
            Body b required=false type=None schema=None assumed=["schema"]
            default Some("")"#]],
    );
}
