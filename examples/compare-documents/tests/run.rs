//! Runs the program on the documents beside it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::{Command, Output};

use expect_test::expect;

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_compare-documents"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn prints_differences_and_fails_if_one_is_breaking() {
    let output = run(&["documents/base.yaml", "documents/revision.yaml"]);
    expect![[r#"
        none wire, none source [version-changed] #info/version: changed the version of the API (`1` → `2`): only the documentation changes
          --> documents/revision.yaml:2:32
        safe wire, safe source [optional-parameter-added] GET /books/{isbn}#parameters/query:edition: added the optional query parameter `edition` (`{"type":"integer"}`): calls without it still work; the builder gets a setter
          --> documents/revision.yaml:10:11
        breaking wire, breaking source [property-became-optional] GET /books/{isbn}#responses/200/content/application~1json/schema/properties/title: made the response property `title` optional: clients that read it may not find it; the field becomes an `Option`
          --> documents/revision.yaml:19:19
        none wire, none source [summary-changed] GET /books/{isbn}#summary: changed the summary of the operation `GET /books/{isbn}` (`Returns a book` → `Returns a book by its ISBN`): only the documentation changes
          --> documents/revision.yaml:7:7
        breaking wire, breaking source [endpoint-removed] POST /loans: removed the endpoint `POST /loans`: the server rejects calls to it; stop calling it; the client loses the method
          --> documents/base.yaml:22:5
    "#]].assert_eq(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn prints_nothing_for_equal_documents() {
    let output = run(&["documents/base.yaml", "documents/base.yaml"]);
    assert!(output.stdout.is_empty());
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn rejects_a_missing_file() {
    let output = run(&["documents/base.yaml", "documents/missing.yaml"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        message.starts_with("error: documents/missing.yaml: "),
        "{message}"
    );
    assert_eq!(output.status.code(), Some(2));
}
