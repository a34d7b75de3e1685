//! Every listing of a mirror of the gallery gives a valid document, reading all of it or only what is needed. `GALLERY_MIRROR` is the
//! mirror's folder; with `GALLERY_SURVEY` the documents and reports are written to that folder, to look at.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod structure;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use gallery_spec::documents::{Documents, is_needed, settled};
use gallery_spec::index;
use gallery_spec::merge::Choices;
use gallery_spec::names::Names;
use gallery_spec::parse::parse;
use gallery_spec::pipeline::{Input, Made, run};
use gallery_spec::server::Known;
use gallery_spec::store::{COMBINED, Listing, RawFile};
use openapi_text::{Diagnostics, Severity};

/// The mirror's listings: name and folder.
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

fn read(folder: &Path) -> Listing {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with("openapi.md") || name == "apis.md" {
            files.push(RawFile::new(name, fs::read(&path).unwrap()));
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Listing {
        files,
        documents: Documents::All,
    }
}

fn make(listing: &str, files: &Listing) -> (Option<Made>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let made = run(
        &[Input { listing, files }],
        &Choices::new(),
        &mut Names::empty(),
        &mut diagnostics,
    );
    (made, diagnostics)
}

/// The index, the combined document, and those named after what that lacks.
fn needed(files: &Listing) -> Listing {
    let combined = files.files.iter().find(|file| file.name() == COMBINED);
    let combined = combined.and_then(|file| parse(file, &mut Diagnostics::default()));
    let index = files
        .index()
        .and_then(|file| index::parse(file, "", &mut Diagnostics::default()));
    let known = index.as_ref().map(Known::of).unwrap_or_default();
    let settled = combined.iter().flat_map(|combined| {
        settled(
            combined.slugs.iter().map(String::as_str),
            combined.server.host.is_some(),
            &known,
        )
    });
    let settled: BTreeSet<&str> = settled.collect();
    let kept = files.files.iter().filter(|file| {
        matches!(file.name(), "apis.md" | COMBINED) || is_needed(file.name(), &settled)
    });
    Listing {
        files: kept.cloned().collect(),
        documents: Documents::Needed,
    }
}

/// Whether a listing has operations that can be read.
fn has_operations(files: &Listing) -> bool {
    let documents = files
        .documents()
        .filter_map(|file| parse(file, &mut Diagnostics::default()));
    documents
        .into_iter()
        .any(|document| !document.operations.is_empty())
}

#[test]
fn every_listing_gives_a_valid_document() {
    let Some(listings) = listings() else { return };
    let survey = std::env::var_os("GALLERY_SURVEY").map(PathBuf::from);
    let mut amiss = Vec::new();
    let (mut made_of, mut endpoints, mut dropped, mut reduced) =
        (0, 0, BTreeMap::new(), BTreeSet::new());
    let mut repaired: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, folder) in &listings {
        let files = read(folder);
        let (made, diagnostics) = make(name, &files);
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
fn reading_what_is_needed_gives_the_same_document() {
    let Some(listings) = listings() else { return };
    let mut fewer = 0;
    for (name, folder) in &listings {
        let all = read(folder);
        let few = needed(&all);
        fewer += all.files.len() - few.files.len();
        let render = |files: &Listing| {
            make(name, files)
                .0
                .map(|made| made.canonical.render().unwrap())
        };
        assert_eq!(render(&few), render(&all), "{name}");
    }
    writeln!(
        std::io::stderr().lock(),
        "{fewer} documents need not be read"
    )
    .unwrap();
    assert!(fewer > 0);
}
