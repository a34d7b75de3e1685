use super::*;
use expect_test::{Expect, expect};

fn read(text: &str) -> (Option<Document>, String) {
    let mut diagnostics = Diagnostics::default();
    let file = RawFile::new("a-openapi.md".to_owned(), text.as_bytes().to_vec());
    let document = parse(&file, &mut diagnostics);
    (
        document,
        diagnostics
            .iter()
            .map(|diagnostic| format!("{diagnostic}\n"))
            .collect(),
    )
}

#[test]
fn keeps_the_spelling_of_the_version() {
    for (spelling, version) in [
        ("1.10", "1.10"),
        ("'1.10'", "1.10"),
        ("4", "4"),
        ("1.10 # comment", "1.10"),
        ("v2", "v2"),
    ] {
        let (document, reported) = read(&format!(
            "swagger: '2.0'\ninfo:\n  title: T\n  version: {spelling}\npaths: {{}}\n"
        ));
        assert_eq!(document.unwrap().version, version);
        assert_eq!(reported, "");
    }
}

#[test]
fn refuses_other_kinds_of_documents() {
    let check = |text: &str, expected: Expect| {
        let (document, diagnostics) = read(text);
        assert_eq!(document, None);
        expected.assert_eq(&diagnostics);
    };
    check(
        "{\"info\": {\"name\": \"x\"}, \"item\": []}",
        expect![[r#"
            error[not-swagger]: this looks like a Postman collection; documents of a listing have `swagger: "2.0"`
              --> a-openapi.md#
        "#]],
    );
    check(
        "openapi: 3.0.0\n",
        expect![[r#"
            error[not-swagger]: this is an OpenAPI 3 document; documents of a listing have `swagger: "2.0"`
              --> a-openapi.md#
        "#]],
    );
    check(
        "just text",
        expect![[r#"
            error[not-swagger]: this is not a Swagger document; documents of a listing have `swagger: "2.0"`
              --> a-openapi.md#
        "#]],
    );
}

#[test]
fn reports_what_cannot_be_read() {
    let (document, reported) = read(
        "swagger: '2.0'\ndefinitions: {}\npaths:\n  /a:\n    fetch: {}\n    get: 1\n    put:\n      parameters:\n      - null\n      - in: query\n        name: [q]\n",
    );
    assert_eq!(document.unwrap().operations.len(), 2);
    expect![[r#"
        warning[key-not-read]: unknown key `definitions`; it is ignored
          --> a-openapi.md#/definitions
        dropped[unreadable-method]: `fetch` under the path `/a` is not an HTTP method
          --> a-openapi.md#/paths/~1a/fetch
        warning[unexpected-value]: expected text, found a list; it is ignored
          --> a-openapi.md#/paths/~1a/put/parameters/1/name
    "#]]
    .assert_eq(&reported);
}

#[test]
fn operations_get_the_parameters_of_their_path() {
    let (document, _) = read(
        "swagger: '2.0'\npaths:\n  /a/{id}:\n    parameters:\n    - {in: path, name: id, description: shared}\n    - {in: query, name: q}\n    get:\n      parameters:\n      - {in: path, name: id, description: own}\n",
    );
    let operation = &document.unwrap().operations[0];
    let described: Vec<_> = operation
        .parameters
        .iter()
        .map(|p| (p.name.as_str(), p.description.as_deref()))
        .collect();
    assert_eq!(described, [("id", Some("own")), ("q", None)]);
}
