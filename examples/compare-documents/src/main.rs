//! Prints the differences between two OpenAPI documents:
//!
//! ```text
//! cargo run -p compare-documents -- documents/base.yaml documents/revision.yaml
//! ```
//!
//! Exits 1 if a difference may break calls or code, and 2 on errors.

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use openapi_drift::{Document, Severity, compare};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, revision] = arguments.as_slice() else {
        eprintln!("usage: compare-documents BASE REVISION");
        return ExitCode::from(2);
    };
    match print_differences(base, revision) {
        Ok(false) => ExitCode::SUCCESS,
        Ok(true) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// Returns true if a difference may break calls or code.
fn print_differences(base: &str, revision: &str) -> Result<bool, Box<dyn Error>> {
    let changes = compare(&read(base)?, &read(revision)?);
    for change in &changes {
        println!("{change}");
        if let Some(at) = change.revision.as_ref().or(change.base.as_ref()) {
            println!("  --> {at}");
        }
    }
    Ok(changes
        .iter()
        .any(|change| Severity::of(change) >= Severity::Source))
}

fn read(path: &str) -> Result<Document, Box<dyn Error>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    Ok(Document::parse(path, &text)?)
}
