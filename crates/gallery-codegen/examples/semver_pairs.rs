//! Whether the advice on a client's next version is never lower than what `cargo semver-checks` asks for.
//!
//! `cargo run -p gallery-codegen --example semver_pairs -- FOLDER` generates a client of each document of the tables of
//! `openapi-drift/tests/drift`, in FOLDER/base and FOLDER/revision one crate with a module a pair, has `cargo semver-checks` compare the
//! crates, and holds what it finds in a module against the differences between the two documents. It ends with a failure where the tool
//! finds code that breaks and no difference is said to break source. With `--generate` it stops before the tool is called.
//!
//! The other way round is told and no failure: the tool looks at names and shapes, and does not see that a type is another.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    dead_code,
    reason = "the tables are those of tests, and so is how they are read"
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

use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::docs;
use gallery_codegen::lower;
use gallery_spec::canonical::Canonical;
use openapi_drift::{Bump, advice};
use openapi_drift::{Document, compare};
use openapi_text::Diagnostics;
use serde_json::Value;

/// A pair of which there are two clients that differ.
struct Compared {
    name: String,
    is_major: bool,
    base: String,
    revision: String,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, only_generate) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..]
    {
        [folder] => (folder.to_owned(), false),
        ["--generate", folder] => (folder.to_owned(), true),
        _ => {
            eprintln!("usage: semver_pairs [--generate] FOLDER");
            return ExitCode::FAILURE;
        }
    };
    match run(Path::new(&folder), only_generate) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(folder: &Path, only_generate: bool) -> Result<bool, Box<dyn Error>> {
    let all = pairs::pairs();
    let compared: Vec<Compared> = all.iter().filter_map(compared).collect();
    let (base, revision) = (folder.join("base"), folder.join("revision"));
    package(&base, compared.iter().map(|pair| &pair.base))?;
    package(&revision, compared.iter().map(|pair| &pair.revision))?;
    println!(
        "{} of {} pairs have two clients that differ; they are in {}",
        compared.len(),
        all.len(),
        folder.display()
    );
    if only_generate {
        return Ok(true);
    }
    let found = semver_checks(&base, &revision)?;
    let mut verdicts: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, pair) in compared.iter().enumerate() {
        let lints: Vec<&str> = found
            .get(&number)
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        let verdict = match (pair.is_major, lints.is_empty()) {
            (true, true) => "stricter",
            (false, false) => "TOO LOW",
            _ => "agrees",
        };
        *verdicts.entry(verdict).or_default() += 1;
        println!(
            "{verdict:>8}  {}: {}",
            pair.name,
            if lints.is_empty() {
                "nothing".to_owned()
            } else {
                lints.join(", ")
            }
        );
    }
    println!("{verdicts:?}");
    Ok(!verdicts.contains_key("TOO LOW"))
}

/// The clients of a pair, and what is advised; nothing where there is no client of one, or both are the same.
fn compared(pair: &pairs::Pair) -> Option<Compared> {
    let (before, after) = (named(&pair.before), named(&pair.after));
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

/// A client's methods are called by the ids of operations, which the tables leave out where they say nothing of them.
fn named(document: &Value) -> Value {
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

/// A crate of clients, each in a file of its own, by which the tool says where something is.
fn package<'a>(
    folder: &Path,
    clients: impl Iterator<Item = &'a String>,
) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder.join("src"))?;
    let mut modules = "//! Clients of the documents of pairs.\n\n".to_owned();
    for (number, client) in clients.enumerate() {
        fs::write(folder.join(format!("src/p{number}.rs")), client)?;
        modules.push_str(&format!("pub mod p{number};\n"));
    }
    fs::write(folder.join("src/lib.rs"), modules)?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../gallery-runtime")
        .canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"pairs\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         gallery-runtime = {{ path = {runtime:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    Ok(())
}

/// The client of a document, if there can be one.
fn code(document: &Value) -> Option<String> {
    let canonical = Canonical::parse(&document.to_string()).ok()?;
    let bindings = bindings(&canonical);
    let lowered = lower(
        "pair.json",
        &canonical,
        &bindings,
        &mut Diagnostics::default(),
    )?;
    // Documentation breaks nobody's code.
    let mut file = client(&lowered, &docs(&canonical, &bindings)).ok()?;
    file.attrs.clear();
    Some(prettyplease::unparse(&file))
}

/// The lints that the tool finds, by number of the pair.
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
    // As a minor version: everything that asks for a major one is a failure then.
    let output = command
        .args(["--release-type", "minor", "--color", "never"])
        .output()?;
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let found = lints(&said);
    if !output.status.success() && found.is_empty() {
        return Err(format!("cargo semver-checks failed, or is not installed:\n{said}").into());
    }
    Ok(found)
}

/// Reads what the tool says: a title for each lint, and under it a line with a file for each place. What it only warns of asks for no
/// version.
fn lints(said: &str) -> BTreeMap<usize, BTreeSet<String>> {
    let mut found: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let mut lint = "";
    for line in said.lines() {
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
