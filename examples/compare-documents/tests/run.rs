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
        none wire, none source [version-changed] #info/version: the version of the API changed (`1` → `2`): only the documentation is affected
          --> documents/revision.yaml:2:32
        safe wire, safe source [optional-parameter-added] GET /books/{}#parameters/query:edition: an optional parameter was added (nothing → `{"in":"query","name":"edition","schema":{"type":"integer"}}`): existing calls still work, and the builder gets a setter
          --> documents/revision.yaml:10:11
        breaking wire, breaking source [property-became-optional] GET /books/{}#responses/200/content/application~1json/schema/properties/title: a property became optional (`true` → `false`): clients that read it may not find it; the field may become an `Option`
          --> documents/revision.yaml:19:19
        none wire, none source [summary-changed] GET /books/{}#summary: a summary changed (`Returns a book` → `Returns a book by its ISBN`): only the documentation is affected
          --> documents/revision.yaml:7:7
        breaking wire, breaking source [endpoint-removed] POST /loans: an endpoint was removed (`POST /loans` → nothing): the server rejects calls to it, and the client loses the method; stop calling it
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
