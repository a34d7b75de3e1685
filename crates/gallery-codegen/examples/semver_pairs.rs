//! Checks the version advice of `openapi-drift` against `cargo semver-checks`.
//!
//! `cargo run -p gallery-codegen --example semver_pairs -- DIRECTORY` generates clients from the
//! pairs of documents in `openapi-drift/tests/drift`. It writes the crates DIRECTORY/base and
//! DIRECTORY/revision, each with a module per pair. `cargo semver-checks` then compares the crates.
//! `--generate` only generates the crates.
//!
//! The example fails if `cargo semver-checks` finds a breaking change, but the advice is not a
//! major version. The opposite is printed as `stricter` and is not a failure, because
//! `cargo semver-checks` does not compare the types of fields and arguments.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "the included modules are test code"
)]

#[path = "../../openapi-drift/tests/drift/pairs.rs"]
mod pairs;
#[path = "../../openapi-drift/tests/drift/support.rs"]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use gallery_codegen::CodeSettings;
use gallery_codegen::generate;
use gallery_spec::canonical::Canonical;
use openapi_drift::{Bump, advice};
use openapi_drift::{Document, compare};
use openapi_text::Diagnostics;
use serde_json::Value;

/// A pair whose two clients differ.
struct Compared {
    name: String,
    is_major: bool,
    base: String,
    revision: String,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (directory, only_generate) =
        match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [directory] => (directory.to_owned(), false),
            ["--generate", directory] => (directory.to_owned(), true),
            _ => {
                eprintln!("usage: semver_pairs [--generate] DIRECTORY");
                return ExitCode::FAILURE;
            }
        };
    match run(Path::new(&directory), only_generate) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(directory: &Path, only_generate: bool) -> Result<bool, Box<dyn Error>> {
    let all = pairs::pairs();
    let compared: Vec<Compared> = all.iter().filter_map(compared).collect();
    let (base, revision) = (directory.join("base"), directory.join("revision"));
    package(&base, compared.iter().map(|pair| &pair.base))?;
    package(&revision, compared.iter().map(|pair| &pair.revision))?;
    println!(
        "the clients of {} of {} pairs differ and were written to {}",
        compared.len(),
        all.len(),
        directory.display()
    );
    if only_generate {
        return Ok(true);
    }
    let found = semver_checks(&base, &revision)?;
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, pair) in compared.iter().enumerate() {
        let lints: Vec<&str> = found
            .get(&number)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let result = match (pair.is_major, lints.is_empty()) {
            (true, true) => "stricter",
            (false, false) => "TOO LOW",
            _ => "agrees",
        };
        *counts.entry(result).or_default() += 1;
        println!(
            "{result:>8}  {}: {}",
            pair.name,
            if lints.is_empty() {
                "no breaking change".to_owned()
            } else {
                lints.join(", ")
            }
        );
    }
    println!("{counts:?}");
    Ok(!counts.contains_key("TOO LOW"))
}

/// Generates both clients of a pair. Returns `None` if one cannot be generated or they are equal.
fn compared(pair: &pairs::Pair) -> Option<Compared> {
    let (before, after) = (
        with_operation_ids(&pair.before),
        with_operation_ids(&pair.after),
    );
    let (base, revision) = (code(&before)?, code(&after)?);
    let read = |value: Value| Document::from_value(&pair.name, value).ok();
    let changes = compare(&read(before)?, &read(after)?);
    let is_major = advice(&changes, &semver::Version::new(1, 0, 0)).bump == Bump::Major;
    (base != revision).then(|| Compared {
        name: pair.name.clone(),
        is_major,
        base,
        revision,
    })
}

/// Adds the `operationId`s that the tables omit. The generator needs them to name methods.
fn with_operation_ids(document: &Value) -> Value {
    let mut document = document.clone();
    for (path, item) in document["paths"].as_object_mut().into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.get("responses").is_some() && operation.get("operationId").is_none() {
                let path: String = path
                    .split(['{', '}'])
                    .step_by(2)
                    .filter(|part| !part.is_empty())
                    .collect();
                operation["operationId"] = format!("{method}{}", path.replace('/', "_")).into();
            }
        }
    }
    document
}

/// Writes a crate with a file per client. The file names identify the pairs in reports.
fn package<'a>(
    directory: &Path,
    clients: impl Iterator<Item = &'a String>,
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(directory.join("src"))?;
    let mut modules = "//! The clients of one side of all pairs.\n\n".to_owned();
    for (number, client) in clients.enumerate() {
        fs::write(directory.join(format!("src/p{number}.rs")), client)?;
        modules.push_str(&format!("pub mod p{number};\n"));
    }
    fs::write(directory.join("src/lib.rs"), modules)?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../gallery-runtime")
        .canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"pairs\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         gallery-runtime = {{ path = {runtime:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
    );
    fs::write(directory.join("Cargo.toml"), manifest)?;
    Ok(())
}

/// Generates a client. Returns `None` if the document is invalid or not supported.
fn code(document: &Value) -> Option<String> {
    let canonical = Canonical::parse(&document.to_string()).ok()?;
    // Documentation is not part of the API.
    let code = generate::code(
        "pair.json",
        &canonical,
        &CodeSettings::default(),
        &mut Diagnostics::default(),
    )?;
    let mut file = syn::parse_file(code.client.text()).ok()?;
    file.attrs.clear();
    Some(prettyplease::unparse(&file))
}

/// Runs `cargo semver-checks`. Returns the failed lints by index of the pair.
fn semver_checks(
    base: &Path,
    revision: &Path,
) -> Result<BTreeMap<usize, BTreeSet<String>>, Box<dyn Error>> {
    let mut command = Command::new("cargo");
    command
        .arg("semver-checks")
        .arg("--manifest-path")
        .arg(revision.join("Cargo.toml"))
        .arg("--baseline-root")
        .arg(base);
    // For a minor version, lints that require a major version fail.
    let output = command
        .args(["--release-type", "minor", "--color", "never"])
        .output()?;
    let report = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let found = lints(&report);
    if !output.status.success() && found.is_empty() {
        return Err(format!("cargo semver-checks failed, or is not installed:\n{report}").into());
    }
    Ok(found)
}

/// Parses a report: a title per lint, followed by the files and lines where it failed.
///
/// Warnings are ignored, because they do not require a version.
fn lints(report: &str) -> BTreeMap<usize, BTreeSet<String>> {
    let mut found: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let mut lint = "";
    for line in report.lines() {
        if let Some(title) = line.strip_prefix("--- failure ") {
            lint = title.split(':').next().unwrap_or_default();
        } else if line.starts_with("--- ") {
            lint = "";
        }
        let number = line
            .split("/src/p")
            .nth(1)
            .and_then(|rest| rest.split(".rs").next()?.parse().ok());
        if let Some(number) = number.filter(|_| !lint.is_empty()) {
            found.entry(number).or_default().insert(lint.to_owned());
        }
    }
    found
}
