//! Runs every listing of a mirror of the gallery, reading all documents or only the needed ones.
//!
//! `GALLERY_MIRROR` is the mirror's directory. If `GALLERY_SURVEY` is set, the documents and
//! reports are written to that directory.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use gallery_draft::{Choices, FileSet, RawFile};
use gallery_listings::{COMBINED, Documents, INDEX, Index, is_document};
use gallery_spec::names::Names;
use gallery_spec::pipeline::Output;
use openapi_text::{Diagnostics, Severity};
use serde_json::Value;

use crate::{structure, support};

/// Returns the name and the directory of each listing of the mirror.
///
/// Returns `None` with a message if `GALLERY_MIRROR` is not set.
fn listings() -> Option<Vec<(String, PathBuf)>> {
    let Some(mirror) = std::env::var_os("GALLERY_MIRROR") else {
        writeln!(
            std::io::stderr().lock(),
            "skipped: GALLERY_MIRROR is not set"
        )
        .unwrap();
        return None;
    };
    let mut all = Vec::new();
    for repository in directories(Path::new(&mirror)) {
        for provider in directories(&repository.join("_listings")) {
            let name = |path: &Path| path.file_name().unwrap().to_string_lossy().into_owned();
            all.push((
                format!(
                    "{}/{}",
                    name(&repository).replacen("__", "/", 1),
                    name(&provider)
                ),
                provider,
            ));
        }
    }
    assert!(!all.is_empty(), "the mirror has no listings");
    Some(all)
}

fn directories(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut directories: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    directories.sort();
    directories
}

fn read(name: &str, directory: &Path) -> FileSet {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with("openapi.md") || name == "apis.md" {
            files.push(RawFile::new(name, fs::read(&path).unwrap()));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    FileSet {
        name: name.to_owned(),
        files,
    }
}

fn run(files: &FileSet, documents: Documents) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let output = support::run(
        std::slice::from_ref(files),
        documents,
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    (output, diagnostics)
}

/// Returns the files without the documents of the index that are not needed.
fn needed(all: &FileSet) -> FileSet {
    let mut diagnostics = Diagnostics::default();
    let find = |name: &str| all.files.iter().find(|file| file.name() == name);
    let index = find(INDEX).and_then(|file| Index::parse(file, "", &mut diagnostics));
    let combined = find(COMBINED).and_then(|file| file.value(&mut diagnostics));
    let skipped: Vec<String> = index.map_or_else(Vec::new, |index| {
        let needed = Documents::Needed.select(&index, combined);
        let named = Documents::All.select(&index, combined);
        named
            .into_iter()
            .filter(|name| !needed.contains(name))
            .map(str::to_owned)
            .collect()
    });
    let kept = all
        .files
        .iter()
        .filter(|file| !skipped.iter().any(|name| name == file.name()));
    FileSet {
        name: all.name.clone(),
        files: kept.cloned().collect(),
    }
}

/// True if a document of the listing has an operation with a valid method.
fn has_operations(files: &FileSet) -> bool {
    let methods = [
        "get", "put", "post", "delete", "options", "head", "patch", "trace",
    ];
    let is_operation = |key: &String| methods.contains(&key.trim().to_lowercase().as_str());
    files
        .files
        .iter()
        .filter(|file| is_document(file.name()))
        .filter_map(|file| file.value(&mut Diagnostics::default()))
        .filter_map(|document| document.get("paths")?.as_object())
        .flat_map(|paths| paths.values())
        .filter_map(Value::as_object)
        .any(|item| item.keys().any(is_operation))
}

#[test]
fn every_listing_has_a_valid_document() {
    let Some(listings) = listings() else { return };
    let survey = std::env::var_os("GALLERY_SURVEY").map(PathBuf::from);
    let mut failures = Vec::new();
    let (mut documents, mut endpoints, mut dropped, mut reduced) =
        (0, 0, BTreeMap::new(), BTreeSet::new());
    let mut repaired: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, directory) in &listings {
        let files = read(name, directory);
        let (output, diagnostics) = run(&files, Documents::All);
        let messages = diagnostics.of(Severity::Dropped);
        dropped.extend(
            messages.map(|it| ((name.clone(), it.location.pointer.clone()), it.to_string())),
        );
        let Some(output) = output else {
            if has_operations(&files) {
                let errors: Vec<String> = diagnostics
                    .of(Severity::Error)
                    .map(ToString::to_string)
                    .collect();
                failures.push(format!("{name}: {errors:?}"));
            }
            continue;
        };
        documents += 1;
        endpoints += output.report.endpoints.len();
        for endpoint in &output.report.endpoints {
            let codes: BTreeSet<&str> = endpoint
                .repaired
                .iter()
                .chain(&endpoint.assumed)
                .map(|remark| remark.code)
                .collect();
            codes
                .iter()
                .for_each(|code| *repaired.entry(code).or_insert(0) += 1);
        }
        reduced.extend(
            output
                .report
                .reduced
                .iter()
                .map(|remark| format!("{name} {} {}", remark.at, remark.message)),
        );
        let text = output.canonical.render().unwrap();
        let value = serde_json::from_str(&text).unwrap();
        failures.extend(
            structure::faults(&value)
                .into_iter()
                .map(|fault| format!("{name}: {fault}")),
        );
        if let Some(survey) = &survey {
            fs::create_dir_all(survey.join("reports")).unwrap();
            fs::create_dir_all(survey.join("documents")).unwrap();
            let file = format!("{}.json", name.replace('/', "__"));
            fs::write(survey.join("documents").join(&file), &text).unwrap();
            fs::write(
                survey.join("reports").join(&file),
                output.report.render().unwrap(),
            )
            .unwrap();
        }
    }
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "{} listings, {documents} documents, {endpoints} endpoints, {} dropped, {} reduced",
        listings.len(),
        dropped.len(),
        reduced.len()
    )
    .unwrap();
    writeln!(out, "endpoints by repair: {repaired:?}").unwrap();
    for message in dropped.values().chain(&reduced) {
        writeln!(out, "  {}", message.replace('\n', " ")).unwrap();
    }
    for failure in &failures {
        writeln!(out, "! {failure}").unwrap();
    }
    assert!(failures.is_empty(), "{} failures", failures.len());
    assert!(dropped.len() * 200 <= endpoints, "more than 0.5 % dropped");
    assert!(reduced.len() * 100 <= endpoints, "more than 1 % reduced");
}

#[test]
fn needed_documents_give_the_same_result_as_all() {
    let Some(listings) = listings() else { return };
    let mut fewer = 0;
    for (name, directory) in &listings {
        let all = read(name, directory);
        let few = needed(&all);
        fewer += all.files.len() - few.files.len();
        let render = |files: &FileSet, documents| {
            run(files, documents)
                .0
                .map(|output| output.canonical.render().unwrap())
        };
        assert_eq!(
            render(&few, Documents::Needed),
            render(&all, Documents::All),
            "{name}"
        );
    }
    writeln!(std::io::stderr().lock(), "{fewer} documents are not needed").unwrap();
    assert!(fewer > 0);
}
