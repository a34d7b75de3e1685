//! Sources of a few lines, and what becomes of them.

#![allow(clippy::expect_used, reason = "helpers of tests")]

use gallery_documents::{ComponentNames, Settings, draft};
use gallery_draft::{Choices, Draft, FileSet, RawFile};
use openapi_text::Diagnostics;
use serde_json::Value;

/// Returns a source with these files.
pub(crate) fn source(files: &[(&str, &str)]) -> FileSet {
    FileSet {
        name: "garden".to_owned(),
        files: files
            .iter()
            .map(|(path, text)| RawFile::new(format!("s/{path}"), *text))
            .collect(),
    }
}

/// Returns a 3.0 document with paths and schemas in flow style.
pub(crate) fn document(paths: &str, schemas: &str) -> String {
    format!(
        "openapi: 3.0.0\ninfo: {{title: Garden, version: '1'}}\nservers: [{{url: 'https://g.io'}}]\npaths: {paths}\ncomponents: {{schemas: {schemas}}}\n"
    )
}

/// Returns the draft of a source and the diagnostics.
pub(crate) fn try_read(set: &FileSet, known: &ComponentNames) -> (Option<Draft>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let choices = Choices::new();
    let draft = draft(set, &Settings::default(), &choices, known, &mut diagnostics);
    (draft, diagnostics)
}

/// Returns the draft of a source that is usable.
pub(crate) fn read(files: &[(&str, &str)]) -> (Draft, Diagnostics) {
    let (draft, diagnostics) = try_read(&source(files), &ComponentNames::new());
    assert!(draft.is_some(), "{:?}", codes(&diagnostics));
    let draft = draft.expect("a usable source");
    assert_eq!(gallery_draft::check_document(&value(&draft)), Ok(()));
    (draft, diagnostics)
}

/// Returns the document of a draft.
pub(crate) fn value(draft: &Draft) -> Value {
    serde_json::to_value(draft.assemble(|_| Some("id"))).expect("a JSON document")
}

/// Returns the codes of diagnostics, with severities, files and pointers.
pub(crate) fn codes(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics
        .iter()
        .map(|it| format!("{} {} {}", it.severity, it.code, it.location))
        .collect()
}
