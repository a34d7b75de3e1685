//! Whether the advice on a client's next version is never lower than what `cargo semver-checks` asks for.
//!
//! `cargo run -p gallery-codegen --example semver_pairs -- FOLDER` generates a client of each document of `semver_pairs.yaml`, in FOLDER/base
//! and FOLDER/revision one crate with a module a pair, has `cargo semver-checks` compare the crates, and holds what it finds in a module
//! against the differences between the two documents. It ends with a failure where the tool finds code that breaks and no difference is
//! said to break source. With `--generate` it stops before the tool is called.
//!
//! The other way round is told and no failure: the tool looks at names and shapes, and does not see that a type is another.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use gallery_codegen::bindings::bindings;
use gallery_codegen::client::{ClientSettings, client};
use gallery_codegen::docs::docs;
use gallery_codegen::lower::lower;
use gallery_spec::canonical::Canonical;
use gallery_spec::diagnostic::Diagnostics;
use gallery_spec::drift::advice::{Bump, advice};
use gallery_spec::drift::{Document, compare};
use serde_json::{Value, json};

const PAIRS: &str = include_str!("semver_pairs.yaml");

struct Pair {
    name: String,
    base: Value,
    revision: Value,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (folder, only_generate) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
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
    let pairs = pairs()?;
    let (base, revision) = (folder.join("base"), folder.join("revision"));
    package(&base, pairs.iter().map(|pair| &pair.base))?;
    package(&revision, pairs.iter().map(|pair| &pair.revision))?;
    println!("{} pairs in {}", pairs.len(), folder.display());
    if only_generate {
        return Ok(true);
    }
    let found = semver_checks(&base, &revision)?;
    let mut is_fine = true;
    for (number, pair) in pairs.iter().enumerate() {
        let read = |value: &Value| Document::made(&pair.name, value.clone());
        let changes = compare(&read(&pair.base)?, &read(&pair.revision)?);
        let is_major = advice(&changes, &semver::Version::new(1, 0, 0)).bump == Bump::Major;
        let lints: Vec<&str> = found.get(&number).into_iter().flatten().map(String::as_str).collect();
        let verdict = match (is_major, lints.is_empty()) {
            (true, true) => "stricter",
            (false, false) => "TOO LOW",
            _ => "agrees",
        };
        is_fine &= verdict != "TOO LOW";
        println!("{verdict:>8}  {}: {}", pair.name, if lints.is_empty() { "nothing".to_owned() } else { lints.join(", ") });
    }
    Ok(is_fine)
}

fn pairs() -> Result<Vec<Pair>, Box<dyn Error>> {
    let rows: Vec<(String, String, Value, Value)> = serde_yaml::from_str(PAIRS)?;
    let pair = |(name, frame, before, after): (String, String, Value, Value)| {
        Ok(Pair { base: document(&frame, &before)?, revision: document(&frame, &after)?, name })
    };
    rows.into_iter().map(pair).collect()
}

/// A part in its document.
fn document(frame: &str, part: &Value) -> Result<Value, Box<dyn Error>> {
    let answer = |schema: Value| json!({"200": {"description": "d", "content": {"application/json": {"schema": schema}}}});
    let (paths, schemas) = match frame {
        "paths" => (part.clone(), json!({})),
        "parameters" => (
            json!({"/a": {"get": {"operationId": "a", "parameters": part, "responses": answer(json!({"type": "string"}))}}}),
            json!({}),
        ),
        "schema" => {
            let schema = json!({"$ref": "#/components/schemas/A"});
            let body = json!({"required": true, "content": {"application/json": {"schema": schema}}});
            let get = json!({"operationId": "get_a", "responses": answer(schema)});
            let post = json!({"operationId": "post_a", "requestBody": body, "responses": {}});
            let mut object = part.clone();
            object["type"] = "object".into();
            (json!({"/a": {"get": get, "post": post}}), json!({"A": object}))
        }
        other => return Err(format!("no frame is called {other}").into()),
    };
    let info = json!({"title": "T", "version": "1"});
    Ok(json!({"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}}))
}

/// A crate with a client of each document, each in a file of its own, by which the tool says where something is.
fn package<'a>(folder: &Path, documents: impl Iterator<Item = &'a Value>) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(folder.join("src"))?;
    let mut modules = "//! Clients of the documents of pairs.\n\n".to_owned();
    for (number, document) in documents.enumerate() {
        fs::write(folder.join(format!("src/p{number}.rs")), code(document)?)?;
        modules.push_str(&format!("pub mod p{number};\n"));
    }
    fs::write(folder.join("src/lib.rs"), modules)?;
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../gallery-runtime").canonicalize()?;
    let manifest = format!(
        "[package]\nname = \"pairs\"\nversion = \"1.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         gallery-runtime = {{ path = {runtime:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    Ok(())
}

fn code(document: &Value) -> Result<String, Box<dyn Error>> {
    let canonical = Canonical::parse(&document.to_string())?;
    let mut diagnostics = Diagnostics::default();
    let bindings = bindings(&canonical);
    let lowered = lower("pair.json", &canonical, &bindings, &mut diagnostics);
    let said: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    let lowered = lowered.ok_or_else(|| said.join("\n"))?;
    let file = client(&lowered, &ClientSettings { docs: docs(&canonical, &bindings) })?;
    Ok(prettyplease::unparse(&file))
}

/// The lints that the tool finds, by number of the pair.
fn semver_checks(base: &Path, revision: &Path) -> Result<BTreeMap<usize, BTreeSet<String>>, Box<dyn Error>> {
    let mut command = Command::new("cargo");
    command.arg("semver-checks").arg("--manifest-path").arg(revision.join("Cargo.toml")).arg("--baseline-root").arg(base);
    // As a minor version: everything that asks for a major one is a failure then.
    let output = command.args(["--release-type", "minor", "--color", "never"]).output()?;
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let found = lints(&said);
    if !output.status.success() && found.is_empty() {
        return Err(format!("cargo semver-checks failed, or is not installed:\n{said}").into());
    }
    Ok(found)
}

/// Reads what the tool says: a title for each lint, and under it a line with a file for each place.
fn lints(said: &str) -> BTreeMap<usize, BTreeSet<String>> {
    let mut found: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
    let mut lint = "";
    for line in said.lines() {
        if let Some(title) = line.strip_prefix("--- failure ") {
            lint = title.split(':').next().unwrap_or_default();
        }
        let number = line.split("/src/p").nth(1).and_then(|rest| rest.split(".rs").next()?.parse().ok());
        if let Some(number) = number.filter(|_| !lint.is_empty()) {
            found.entry(number).or_default().insert(lint.to_owned());
        }
    }
    found
}
