//! Runs the program on the documents beside it.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::process::{Command, Output};

use serde_json::{Value, json};

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_apply-overlay"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn prints_the_changed_document_and_warns_about_unused_actions() {
    let output = run(&["documents/openapi.json", "documents/overlay.yaml"]);
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    let books = json!({
        "operationId": "listBooks",
        "responses": {"200": {"description": "All books"}},
    });
    assert_eq!(document["paths"], json!({"/books": {"get": books}}));
    assert_eq!(
        String::from_utf8(output.stderr).unwrap(),
        "warning: documents/overlay.yaml:8:5: `$.paths['/loans'].get` matches nothing\n"
    );
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn rejects_an_invalid_overlay() {
    let output = run(&["documents/openapi.json", "documents/openapi.json"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.ends_with("error: invalid overlay\n"), "{message}");
    assert_eq!(output.status.code(), Some(1));
}
