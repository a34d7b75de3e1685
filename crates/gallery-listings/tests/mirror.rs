//! Runs every listing of a mirror of the gallery, reading all documents or only the needed ones.
//!
//! `GALLERY_MIRROR` is the mirror's folder. With `GALLERY_SURVEY`, the documents and reports are
//! written to that folder.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod structure;
mod support;

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

/// Returns the name and the folder of each listing of the mirror.
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
    for repository in folders(Path::new(&mirror)) {
        for provider in folders(&repository.join("_listings")) {
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

fn folders(path: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn read(name: &str, folder: &Path) -> FileSet {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
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

fn make(files: &FileSet, documents: Documents) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let made = support::run(
        std::slice::from_ref(files),
        documents,
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    (made, diagnostics)
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

/// Returns true if a listing has operations under keys that are methods.
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
    let mut amiss = Vec::new();
    let (mut made_of, mut endpoints, mut dropped, mut reduced) =
        (0, 0, BTreeMap::new(), BTreeSet::new());
    let mut repaired: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, folder) in &listings {
        let files = read(name, folder);
        let (made, diagnostics) = make(&files, Documents::All);
        let lost = diagnostics.of(Severity::Dropped);
        dropped
            .extend(lost.map(|it| ((name.clone(), it.location.pointer.clone()), it.to_string())));
        let Some(made) = made else {
            if has_operations(&files) {
                let said: Vec<String> = diagnostics
                    .of(Severity::Error)
                    .map(ToString::to_string)
                    .collect();
                amiss.push(format!("{name}: {said:?}"));
            }
            continue;
        };
        made_of += 1;
        endpoints += made.report.endpoints.len();
        for endpoint in &made.report.endpoints {
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
            made.report
                .reduced
                .iter()
                .map(|remark| format!("{name} {} {}", remark.at, remark.message)),
        );
        let text = made.canonical.render().unwrap();
        let value = serde_json::from_str(&text).unwrap();
        amiss.extend(
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
                made.report.render().unwrap(),
            )
            .unwrap();
        }
    }
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "{} listings, {made_of} documents, {endpoints} endpoints, {} dropped, {} reduced",
        listings.len(),
        dropped.len(),
        reduced.len()
    )
    .unwrap();
    writeln!(out, "endpoints by repair: {repaired:?}").unwrap();
    for said in dropped.values().chain(&reduced) {
        writeln!(out, "  {}", said.replace('\n', " ")).unwrap();
    }
    for said in &amiss {
        writeln!(out, "! {said}").unwrap();
    }
    assert!(amiss.is_empty(), "{} faults", amiss.len());
    assert!(dropped.len() * 200 <= endpoints, "more than 0.5 % dropped");
    assert!(reduced.len() * 100 <= endpoints, "more than 1 % reduced");
}

#[test]
fn needed_documents_give_the_same_result_as_all() {
    let Some(listings) = listings() else { return };
    let mut fewer = 0;
    for (name, folder) in &listings {
        let all = read(name, folder);
        let few = needed(&all);
        fewer += all.files.len() - few.files.len();
        let render = |files: &FileSet, documents| {
            make(files, documents)
                .0
                .map(|made| made.canonical.render().unwrap())
        };
        assert_eq!(
            render(&few, Documents::Needed),
            render(&all, Documents::All),
            "{name}"
        );
    }
    writeln!(
        std::io::stderr().lock(),
        "{fewer} documents need not be read"
    )
    .unwrap();
    assert!(fewer > 0);
}
