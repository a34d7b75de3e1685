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

/// Returns the path and the parameters of an operation after all repairs.
fn repaired(path: &str, parameters: &str) -> (String, Vec<String>) {
    let text =
        format!("swagger: '2.0'\npaths:\n  '{path}': {{get: {{parameters: [{parameters}]}}}}\n");
    let document = parse(&RawFile::new("a", text), &mut Diagnostics::default());
    let mut operation = document.unwrap().operations.remove(0);
    repair(&mut operation, false, &ServerIndex::default());
    let parameters = operation
        .parameters
        .iter()
        .map(|it| format!("{:?} {}", it.location, it.name));
    (operation.path.clone(), parameters.collect())
}

#[test]
fn declared_names_are_variables() {
    for (path, parameters, repaired_path, repaired_parameters) in [
        (
            "/policy/Id/Version",
            "{in: path, name: Id}, {in: path, name: Version}",
            "/policy/{Id}/{Version}",
            &["Path Id", "Path Version"][..],
        ),
        (
            "/policy/Id",
            "{in: path, name: id}",
            "/policy/{id}",
            &["Path id"],
        ),
        (
            "/quizzes/quiz_id/",
            "{in: query, name: quiz_id}",
            "/quizzes/{quiz_id}/",
            &["Path quiz_id"],
        ),
        (
            "/search/query",
            "{in: query, name: query}",
            "/search/query",
            &["Query query"],
        ),
        (
            "/geo?code=ContinentCode",
            "{in: path, name: code}",
            "/geo",
            &["Query code"],
        ),
        ("/geo?id=Id", "{in: query, name: id}", "/geo", &["Query id"]),
        (
            "/?Action=Run",
            "{in: query, name: Action}",
            "/#Action=Run",
            &[],
        ),
        ("/a", "{in: path, name: _}", "/a", &[]),
    ] {
        let expected: Vec<String> = repaired_parameters
            .iter()
            .map(|it| (*it).to_owned())
            .collect();
        assert_eq!(
            repaired(path, parameters),
            (repaired_path.to_owned(), expected),
            "{path}"
        );
    }
}

#[test]
fn keeps_long_names_without_spaces() {
    let name = format!("filter[{}]", "conversionProfile".repeat(6));
    let parameters = format!("{{in: query, name: '{name}'}}");
    assert_eq!(repaired("/a", &parameters).1, [format!("Query {name}")]);
    let prose = "the name of this parameter is ".repeat(4);
    let parameters = format!("{{in: query, name: '{prose}'}}");
    assert!(repaired("/a", &parameters).1.is_empty());
}
