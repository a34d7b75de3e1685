//! Generates clients from probes: documents that are hard for a generator.
//!
//! `GALLERY_PROBES` names a directory with a `probes.json`. Each probe has one construct that makes
//! progenitor panic, return an error or generate incorrect code. `fixtures/probes.txt` has the
//! expected result of each probe: generated code, or an error with a location.
//!
//! `examples/compile_probes.rs` also compiles the code. `limits.rs` tests the limits of progenitor.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;

use expect_test::expect_file;
use gallery_codegen::CodeSettings;
use gallery_codegen::generate::code;
use gallery_spec::canonical::Canonical;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

/// Returns the result of generating a client. Panics if an error has no location.
fn outcome(document: &Value) -> String {
    let canonical = match Canonical::parse(&document.to_string()) {
        Ok(canonical) => canonical,
        Err(error) => return format!("invalid document: {error}"),
    };
    let mut diagnostics = Diagnostics::default();
    let Some(code) = code(
        "probe.json",
        &canonical,
        &CodeSettings::default(),
        &mut diagnostics,
    ) else {
        let errors: Vec<_> = diagnostics.of(Severity::Error).collect();
        assert!(
            errors
                .iter()
                .all(|error| error.location.to_string().contains('#')),
            "{errors:?}"
        );
        let codes: Vec<&str> = errors.iter().map(|error| error.code).collect();
        return format!("rejected: {}", codes.join(", "));
    };
    let text = code.client.text();
    assert!(!text.contains("progenitor_client"), "{document}");
    assert!(syn::parse_file(text).is_ok(), "{document}");
    let severities = [Severity::Dropped, Severity::Warning];
    let codes: Vec<&str> = severities
        .into_iter()
        .flat_map(|severity| diagnostics.of(severity))
        .map(|warning| warning.code)
        .collect();
    if codes.is_empty() {
        "generated".to_owned()
    } else {
        format!("generated with warnings: {}", codes.join(", "))
    }
}

fn outcomes(probes: &str) -> String {
    let probes: BTreeMap<String, Value> = serde_json::from_str(probes).unwrap();
    let mut table = String::new();
    for (name, probe) in &probes {
        let _ = writeln!(table, "{name}: {}", outcome(&probe["document"]));
    }
    table
}

#[test]
fn each_probe_is_generated_or_rejected_as_expected() {
    let Some(directory) = std::env::var_os("GALLERY_PROBES") else {
        writeln!(
            std::io::stderr().lock(),
            "skipped: GALLERY_PROBES is not set"
        )
        .unwrap();
        return;
    };
    let probes =
        std::fs::read_to_string(std::path::Path::new(&directory).join("probes.json")).unwrap();
    expect_file!["../../fixtures/probes.txt"].assert_eq(&outcomes(&probes));
}
