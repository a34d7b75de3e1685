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
    expect![[""]].assert_eq(&String::from_utf8(output.stdout).unwrap());
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
