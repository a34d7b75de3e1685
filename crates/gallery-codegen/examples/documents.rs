//! Generates clients from OpenAPI 3.0 documents on disk, to find what the generator cannot express.
//!
//! `cargo run -p gallery-codegen --example documents -- [--crates DIRECTORY] PATH…` prints one line
//! for each document: the number of operations, and the reductions or the error by code. With
//! `--crates`, it also writes a workspace with a crate for each client, for `cargo check` and
//! `cargo test`.
//!
//! A path is a document in JSON or YAML, a directory of documents, or a JSON file that maps names
//! to `{"document": …}`. Missing and repeated operationIds are replaced, as in a listing. Other
//! versions of OpenAPI are skipped.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use gallery_codegen::CodeSettings;
use gallery_codegen::generate::{Code, code};
use gallery_codegen::{add_tests, package};
use gallery_spec::canonical::Canonical;
use gallery_spec::config::ClientConfig;
use gallery_spec::listings::ListingRef;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let crates = match arguments.first().map(String::as_str) {
        Some("--crates") if arguments.len() > 1 => arguments.drain(..2).nth(1).map(PathBuf::from),
        _ => None,
    };
    if arguments.is_empty() {
        eprintln!("usage: documents [--crates DIRECTORY] PATH…");
        return ExitCode::FAILURE;
    }
    match run(crates.as_deref(), &arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(crates: Option<&Path>, paths: &[String]) -> Result<(), Box<dyn Error>> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut names = BTreeSet::new();
    for path in paths {
        let path = Path::new(path);
        let files = match path.is_dir() {
            true => files(path)?,
            false => vec![path.to_owned()],
        };
        for file in files {
            for (name, document) in documents(&file)? {
                let start = Instant::now();
                let result = match generate(&name, document, crates, &mut names) {
                    Ok(text) => {
                        *counts.entry("generated").or_default() += 1;
                        text
                    }
                    Err(text) => {
                        *counts.entry("refused").or_default() += 1;
                        format!("REFUSED {text}")
                    }
                };
                println!("{name} [{} ms]: {result}", start.elapsed().as_millis());
            }
        }
    }
    println!("{counts:?}");
    match crates {
        Some(directory) => workspace(directory),
        None => Ok(()),
    }
}

/// Returns the files of a directory, sorted by path.
fn files(directory: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Returns the OpenAPI 3.0 documents of a file by name.
fn documents(file: &Path) -> Result<Vec<(String, Value)>, Box<dyn Error>> {
    let text = String::from_utf8_lossy(&fs::read(file)?).into_owned();
    let name = file.display().to_string();
    let is_json = file
        .extension()
        .is_some_and(|extension| extension == "json");
    let value: Result<Value, String> = if is_json {
        serde_json::from_str(&text).map_err(|error| error.to_string())
    } else {
        serde_yaml::from_str(&text).map_err(|error| error.to_string())
    };
    let value = match value {
        Ok(value) => value,
        Err(error) => {
            eprintln!("{name}: skipped: {error}");
            return Ok(Vec::new());
        }
    };
    let documents = match value {
        Value::Object(map) if map.values().all(|value| value.get("document").is_some()) => map
            .into_iter()
            .map(|(case, mut value)| (format!("{name}:{case}"), value["document"].take()))
            .collect(),
        value => vec![(name, value)],
    };
    let is_supported = |document: &Value| {
        let version = document.get("openapi").and_then(Value::as_str);
        version.is_some_and(|version| version.starts_with("3.0"))
    };
    Ok(documents
        .into_iter()
        .filter(|(_, document)| is_supported(document))
        .collect())
}

/// Gives every operation an operationId of its own.
fn assign_ids(document: &mut Value) {
    const METHODS: [&str; 8] = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let mut seen = BTreeSet::new();
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            let Some(operation) = operation.as_object_mut() else {
                continue;
            };
            if !METHODS.contains(&method.as_str()) {
                continue;
            }
            let listed = operation.get("operationId").and_then(Value::as_str);
            let mut id = match listed {
                Some(id) if !id.is_empty() => id.to_owned(),
                _ => format!("{method} {path}"),
            };
            let stem = id.clone();
            let mut number = 1;
            while !seen.insert(id.clone()) {
                number += 1;
                id = format!("{stem} {number}");
            }
            operation.insert("operationId".to_owned(), id.into());
        }
    }
}

/// Returns the number of operations and the warnings by code, or the errors.
fn generate(
    name: &str,
    mut document: Value,
    crates: Option<&Path>,
    names: &mut BTreeSet<String>,
) -> Result<String, String> {
    assign_ids(&mut document);
    let canonical = Canonical::parse(&document.to_string())
        .map_err(|error| format!("invalid document: {error}"))?;
    drop(document);
    let mut diagnostics = Diagnostics::default();
    let Some(code) = code(
        "openapi.json",
        &canonical,
        &CodeSettings::default(),
        &mut diagnostics,
    ) else {
        return Err(summary(&diagnostics, Severity::Error, 3));
    };
    if let Some(directory) = crates {
        let stem = name.rsplit('/').next().unwrap_or(name);
        let mut package_name: String = stem
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() {
                    c.to_ascii_lowercase()
                } else {
                    '-'
                }
            })
            .collect();
        while !names.insert(package_name.clone()) {
            package_name.push('x');
        }
        let listing = ListingRef::parse("a/b/c").ok_or("not a listing")?;
        let mut config = ClientConfig::of(&package_name, listing);
        config.crates.runtime = Some(runtime_directory());
        let Code {
            reduced,
            lowered,
            client,
        } = &code;
        let canonical = &reduced.canonical;
        let text = canonical.render().map_err(|error| error.to_string())?;
        let mut outputs = package(&config, canonical, &text, lowered, client);
        add_tests(&mut outputs, &config, None, client);
        for (path, bytes) in outputs.files() {
            let path = directory.join(path);
            let folder = path.parent().unwrap_or(directory);
            fs::create_dir_all(folder).map_err(|error| error.to_string())?;
            fs::write(path, bytes).map_err(|error| error.to_string())?;
        }
    }
    Ok(format!(
        "{} operations {} {}",
        code.lowered.bindings().operations.len(),
        summary(&diagnostics, Severity::Dropped, 3),
        summary(&diagnostics, Severity::Warning, 0)
    ))
}

/// Returns the number of diagnostics of a severity by code, and the first ones of each code.
fn summary(diagnostics: &Diagnostics, severity: Severity, shown: usize) -> String {
    let mut codes: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for diagnostic in diagnostics.of(severity) {
        let text = diagnostic.to_string().replace('\n', " ");
        codes.entry(diagnostic.code).or_default().push(text);
    }
    let texts = codes.iter().map(|(code, texts)| {
        let first: String = texts
            .iter()
            .take(shown)
            .map(|text| format!("\n    {text}"))
            .collect();
        format!("{} {code}{first}", texts.len())
    });
    texts.collect::<Vec<_>>().join(", ")
}

fn runtime_directory() -> String {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    crates
        .canonicalize()
        .unwrap_or(crates)
        .display()
        .to_string()
}

/// Writes the manifest of a workspace with the crates.
fn workspace(directory: &Path) -> Result<(), Box<dyn Error>> {
    let manifest = "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"3\"\n\n\
                    [profile.dev]\ndebug = false\nincremental = false\n";
    fs::write(directory.join("Cargo.toml"), manifest)?;
    Ok(())
}
