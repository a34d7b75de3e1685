//! Applies an OpenAPI Overlay to a JSON document and prints the result:
//!
//! ```text
//! cargo run -p apply-overlay -- documents/openapi.json documents/overlay.yaml
//! ```

use std::error::Error;
use std::fs;
use std::process::ExitCode;

use openapi_text::Diagnostics;
use serde_json::Value;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [document, overlay] = arguments.as_slice() else {
        eprintln!("usage: apply-overlay DOCUMENT OVERLAY");
        return ExitCode::FAILURE;
    };
    match apply(document, overlay) {
        Ok(document) => {
            println!("{document:#}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn apply(document: &str, overlay: &str) -> Result<Value, Box<dyn Error>> {
    let mut document: Value = serde_json::from_str(&read(document)?)?;
    let mut diagnostics = Diagnostics::default();
    let parsed = openapi_overlay::parse(overlay, &read(overlay)?, &mut diagnostics);
    for diagnostic in diagnostics.iter() {
        eprintln!("{diagnostic}");
    }
    let parsed = parsed.ok_or("invalid overlay")?;
    let applied = parsed.apply(&mut document)?;
    for (action, applied) in parsed.actions.iter().zip(&applied) {
        if applied.matches.is_empty() {
            let target = &action.target;
            eprintln!(
                "warning: {}: `{}` matches nothing",
                target.location, target.text
            );
        }
    }
    Ok(document)
}

fn read(path: &str) -> Result<String, Box<dyn Error>> {
    fs::read_to_string(path).map_err(|error| format!("{path}: {error}").into())
}
