//! Converts real documents. `GALLERY_LIVING` and `GALLERY_CASES` name their directories; without
//! them, nothing is converted.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use openapi_convert::{Version, convert, version};
use openapi_text::{Diagnostics, METHODS, yaml};
use serde_json::Value;

/// Returns the files of a directory that an environment variable names, or reports that it is not
/// set.
fn files(variable: &str, directory: &str) -> Vec<PathBuf> {
    let Some(root) = std::env::var_os(variable).filter(|root| !root.is_empty()) else {
        writeln!(std::io::stderr().lock(), "skipped: {variable} is not set").unwrap();
        return Vec::new();
    };
    let (mut directories, mut files) = (vec![Path::new(&root).join(directory)], Vec::new());
    while let Some(directory) = directories.pop() {
        for entry in std::fs::read_dir(directory).unwrap() {
            let path = entry.unwrap().path();
            let extension = path.extension().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                directories.push(path);
            } else if matches!(&*extension, "json" | "yaml" | "yml") {
                files.push(path);
            }
        }
    }
    files.sort();
    assert!(!files.is_empty(), "{variable} has no documents");
    files
}

fn check_all(files: &[PathBuf]) {
    let (mut problems, mut documents) = (Vec::new(), 0);
    for file in files {
        let name = file.display().to_string();
        let mut diagnostics = Diagnostics::default();
        let bytes = std::fs::read(file).unwrap();
        let Some(document) = yaml::parse(&name, &bytes, &mut diagnostics) else {
            continue;
        };
        let Some(version) = version(&document) else {
            continue;
        };
        documents += 1;
        let mut found = Vec::new();
        check(version, document, &mut found);
        problems.extend(
            found
                .into_iter()
                .map(|problem| format!("{name}: {problem}")),
        );
    }
    assert!(documents > 0 || files.is_empty());
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

fn check(version: Version, document: Value, problems: &mut Vec<String>) {
    let before = count(&document, version);
    let converted = convert(document).unwrap();
    let after = count(&converted.document, Version::V3_0);
    if before != after {
        problems.push(format!("{before:?} became {after:?}"));
    }
    check_schemas(&converted.document, problems);
    let codes: BTreeSet<&str> = openapi_convert::KEYWORDS
        .iter()
        .map(|row| row.name)
        .collect();
    for note in &converted.notes {
        if !codes.contains(note.code) {
            problems.push(format!("{note} has no row"));
        }
    }
    let again = convert(converted.document.clone()).unwrap();
    if again.document != converted.document {
        problems.push("a second conversion changes the document".to_owned());
    }
    for note in again.notes {
        problems.push(format!("a second conversion has the note {note}"));
    }
}

/// Counts operations, bodies, and responses with a schema. References count as well.
fn count(document: &Value, version: Version) -> [usize; 3] {
    let mut counts = [0; 3];
    let schema_of = |owner: &Value| match version {
        Version::V2_0 => owner.get("schema").is_some(),
        _ => has_schema(owner),
    };
    for item in entries(document.get("paths")) {
        let inherited = item.get("parameters");
        for method in METHODS {
            let Some(operation) = item.get(*method).filter(|operation| operation.is_object())
            else {
                continue;
            };
            counts[0] += 1;
            let has_body = match version {
                Version::V2_0 => [inherited, operation.get("parameters")]
                    .into_iter()
                    .any(|list| has_body(document, list)),
                _ => operation.get("requestBody").is_some(),
            };
            counts[1] += usize::from(has_body);
            for response in entries(operation.get("responses")) {
                let is_typed = response.get("$ref").is_some() || schema_of(response);
                counts[2] += usize::from(is_typed);
            }
        }
    }
    counts
}

fn entries(map: Option<&Value>) -> impl Iterator<Item = &Value> {
    map.and_then(Value::as_object)
        .into_iter()
        .flat_map(|map| map.values())
}

fn has_schema(owner: &Value) -> bool {
    entries(owner.get("content")).any(|media| {
        ["schema", "itemSchema", "x-itemSchema"]
            .iter()
            .any(|key| media.get(key).is_some())
    })
}

/// Returns true if a list of parameters of version 2.0 has a body or a field of a form.
fn has_body(document: &Value, list: Option<&Value>) -> bool {
    let list = list.and_then(Value::as_array);
    list.into_iter().flatten().any(|parameter| {
        let target = parameter.get("$ref").and_then(Value::as_str);
        let target = target.and_then(|target| document.pointer(target.strip_prefix('#')?));
        let location = target
            .unwrap_or(parameter)
            .get("in")
            .and_then(Value::as_str);
        matches!(location, Some("body" | "formData"))
    })
}

/// The keywords of schemas in OpenAPI 3.0.3, from the specification.
const KEYWORDS: &str = "title multipleOf maximum exclusiveMaximum minimum exclusiveMinimum \
    maxLength minLength pattern maxItems minItems uniqueItems maxProperties minProperties required \
    enum type allOf oneOf anyOf not items properties additionalProperties description format \
    default nullable discriminator readOnly writeOnly xml externalDocs example deprecated";

/// Checks the schemas of a converted document, found by the names of fields.
fn check_schemas(document: &Value, problems: &mut Vec<String>) {
    let keywords: BTreeSet<&str> = KEYWORDS.split_whitespace().collect();
    let mut schemas: Vec<&Value> = entries(document.pointer("/components/schemas")).collect();
    let mut objects: Vec<&Value> = vec![document];
    while let Some(object) = objects.pop() {
        match object {
            Value::Object(map) => {
                for (key, value) in map {
                    match key.as_str() {
                        "schema" => schemas.push(value),
                        "schemas" | "example" | "examples" => {}
                        key if key.starts_with("x-") => {}
                        _ => objects.push(value),
                    }
                }
            }
            Value::Array(items) => objects.extend(items),
            _ => {}
        }
    }
    while let Some(schema) = schemas.pop() {
        let Some(map) = schema.as_object() else {
            problems.push(format!("{schema} is not a schema"));
            continue;
        };
        if let Some(reference) = map.get("$ref") {
            let is_old = reference
                .as_str()
                .is_some_and(|target| target.contains("/definitions/"));
            if map.len() > 1 || is_old {
                problems.push(format!("{schema} is not a reference"));
            }
            continue;
        }
        for (key, value) in map {
            let is_valid = match key.as_str() {
                "type" | "discriminator" if value.is_array() => false,
                "exclusiveMinimum" | "exclusiveMaximum" => value.is_boolean(),
                "items" => value.is_object(),
                key => keywords.contains(key) || key.starts_with("x-"),
            };
            if !is_valid {
                problems.push(format!("`{key}: {value}` is not valid in OpenAPI 3.0"));
            }
            match key.as_str() {
                "properties" => schemas.extend(entries(Some(value))),
                "allOf" | "anyOf" | "oneOf" => {
                    schemas.extend(value.as_array().into_iter().flatten());
                }
                "items" | "not" => schemas.push(value),
                "additionalProperties" if !value.is_boolean() => schemas.push(value),
                _ => {}
            }
        }
        if map.get("type").is_some_and(|kind| kind == "array") && !map.contains_key("items") {
            problems.push(format!("{schema} has no items"));
        }
    }
}

#[test]
fn converts_the_documents_of_vendors() {
    check_all(&files("GALLERY_CASES", "documents"));
}

#[test]
fn converts_the_documents_of_todays_gallery() {
    check_all(&files("GALLERY_LIVING", ""));
}
