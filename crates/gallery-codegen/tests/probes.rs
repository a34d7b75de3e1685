//! Documents that are hard on a generator: each becomes code, or is refused with a place and a reason.
//!
//! `GALLERY_PROBES` is a folder with a `probes.json` of documents, each with one construct that progenitor by itself panics on, refuses,
//! or makes something of that is wrong; `fixtures/probes.txt` has what becomes of each here. What this crate does about each of
//! progenitor's limits is shown in `limits.rs`, by documents of its own. Whether the code compiles is shown by
//! `examples/compile_probes.rs`, which takes longer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test")]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use expect_test::expect_file;
use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::docs;
use gallery_codegen::lower;
use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

/// What becomes of a document. Every refusal must say its place.
fn verdict(document: &Value) -> String {
    let canonical = match Canonical::parse(&document.to_string()) {
        Ok(canonical) => canonical,
        Err(error) => return format!("no document: {error}"),
    };
    let mut diagnostics = Diagnostics::default();
    let bindings = bindings(&canonical);
    let Some(lowered) = lower("probe.json", &canonical, &bindings, &mut diagnostics) else {
        let refusals: Vec<_> = diagnostics.of(Severity::Error).collect();
        assert!(
            refusals
                .iter()
                .all(|refusal| refusal.location.to_string().contains('#')),
            "{refusals:?}"
        );
        let codes: Vec<&str> = refusals.iter().map(|refusal| refusal.code).collect();
        return format!("refused: {}", codes.join(", "));
    };
    let docs = docs(&canonical, &bindings);
    let code = client(&lowered, &docs).unwrap_or_else(|error| panic!("{document}: {error}"));
    let text = prettyplease::unparse(&code);
    assert!(!text.contains("progenitor_client"), "{document}");
    let codes: Vec<&str> = diagnostics
        .of(Severity::Warning)
        .map(|warning| warning.code)
        .collect();
    if codes.is_empty() {
        "code".to_owned()
    } else {
        format!("code, with warnings: {}", codes.join(", "))
    }
}

fn verdicts(probes: &str) -> String {
    let probes: BTreeMap<String, Value> = serde_json::from_str(probes).unwrap();
    let mut table = String::new();
    for (name, probe) in &probes {
        let _ = writeln!(table, "{name}: {}", verdict(&probe["document"]));
    }
    table
}

#[test]
fn each_document_ends_as_code_or_as_a_refusal() {
    let Some(folder) = std::env::var_os("GALLERY_PROBES") else {
        writeln!(
            std::io::stderr().lock(),
            "skipped: GALLERY_PROBES is not set"
        )
        .unwrap();
        return;
    };
    let probes =
        std::fs::read_to_string(std::path::Path::new(&folder).join("probes.json")).unwrap();
    expect_file!["../fixtures/probes.txt"].assert_eq(&verdicts(&probes));
}
