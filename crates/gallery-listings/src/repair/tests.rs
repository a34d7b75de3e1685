use super::*;
use crate::parse::parse;
use crate::server_index::ServerIndex;
use expect_test::{Expect, expect};
use gallery_draft::{Change, RawFile};
use openapi_text::{Diagnostics, Severity};

/// What is said, and the operation's parameters and responses after all repairs.
fn check(operation: &str, said: Expect) {
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
    said.assert_eq(&seen.join("\n"));

    repair(&mut operation, false, &ServerIndex::default());
    let normalized: Vec<_> = operation
        .changes
        .iter()
        .filter(|change| change.severity == Severity::Repaired)
        .collect();
    assert!(
        normalized.is_empty(),
        "mending what is normalized changes nothing: {normalized:?}"
    );
}

#[test]
fn a_clean_operation_stays_as_it_is() {
    check(
        "      parameters:\n      - {in: path, name: id, type: string, required: true}\n      responses:\n        200: {description: OK, schema: {type: object}}\n",
        expect![[r#"
                Path id required=true type=Some("string") schema=None assumed=[]
                200 Some("OK")"#]],
    );
}

#[test]
fn path_variables_are_declared_and_required() {
    check(
        "      responses: {200: {description: OK}}\n",
        expect![[r#"
            repaired undeclared-path-variable a#/paths/~1a~1{id}/get: the path has a variable `{id}` that no parameter declares; declared
            assumed untyped-parameter a#/paths/~1a~1{id}/get: the parameter `id` has no type; taken as any string
            assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the answer 200 has no schema; taken as any content
            Path id required=true type=Some("string") schema=None assumed=["type"]
            200 Some("OK")"#]],
    );
    check(
        "      parameters: [{in: path, name: id, type: string}]\n      responses: {200: {description: OK}}\n",
        expect![[r#"
                repaired optional-path-parameter a#/paths/~1a~1{id}/get/parameters/0: the path parameter `id` is not `required: true`; set
                assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the answer 200 has no schema; taken as any content
                Path id required=true type=Some("string") schema=None assumed=[]
                200 Some("OK")"#]],
    );
}

#[test]
fn what_the_listing_leaves_open_stays_open() {
    check(
        "      parameters:\n      - {in: path, name: id, required: true}\n      - {in: query, name: q}\n      - {in: body, name: b, schema: {$ref: '#/definitions/holder'}}\n      responses: {200: {}}\n",
        expect![[r#"
                assumed untyped-parameter a#/paths/~1a~1{id}/get/parameters/0: the parameter `id` has no type; taken as any string
                assumed untyped-parameter a#/paths/~1a~1{id}/get/parameters/1: the parameter `q` has no type; taken as any string
                repaired dangling-reference a#/paths/~1a~1{id}/get/parameters/2: the schema refers to `#/definitions/holder`, which is not there; the schema was removed
                assumed untyped-body a#/paths/~1a~1{id}/get/parameters/2: the body `b` has no usable schema; taken as any JSON
                repaired undescribed-response a#/paths/~1a~1{id}/get/responses/200: the response 200 has no description, which is required; left empty
                assumed untyped-response a#/paths/~1a~1{id}/get/responses/200: the answer 200 has no schema; taken as any content
                Path id required=true type=Some("string") schema=None assumed=["type"]
                Query q required=false type=Some("string") schema=None assumed=["type"]
                Body b required=false type=None schema=None assumed=["schema"]
                200 Some("")"#]],
    );
    check(
        "      parameters:\n      - {in: path, name: id, required: true, type: string}\n      - {in: body, name: b}\n",
        expect![[r#"
                assumed untyped-body a#/paths/~1a~1{id}/get/parameters/1: the body `b` has no usable schema; taken as any JSON
                assumed no-response a#/paths/~1a~1{id}/get: the operation describes no answer; any status, as `default`
                repaired undescribed-response a#/paths/~1a~1{id}/get: the response default has no description, which is required; left empty
                assumed untyped-response a#/paths/~1a~1{id}/get: the answer default has no schema; taken as any content
                Path id required=true type=Some("string") schema=None assumed=[]
                Body b required=false type=None schema=None assumed=["schema"]
                default Some("")"#]],
    );
}
