//! Compares documents of a mirror of the gallery and documents of rare features.
//!
//! No document differs from itself. Comparing two documents in both directions finds the same
//! differences, with inverse rules.
//!
//! `GALLERY_MIRROR` is the directory of the mirror, and `GALLERY_PROBES` that of the documents of
//! rare features.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use gallery_spec::draft::{Choices, FileSet, RawFile};
use gallery_spec::listings::{COMBINED, Documents, Listing, draft};
use gallery_spec::names::Names;
use gallery_spec::pipeline::finish;
use openapi_drift::{Change, Document, SourceLocation, compare, rules};
use openapi_text::Diagnostics;
use serde_json::Value;

/// Returns the sorted subdirectories of a directory.
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

/// Returns the canonical document of a listing, from its index and its combined document.
fn document(folder: &Path) -> Option<Document> {
    let read = |name: &str| {
        Some(RawFile::new(
            name.to_owned(),
            fs::read(folder.join(name)).ok()?,
        ))
    };
    let files: Vec<RawFile> = ["apis.md", COMBINED].into_iter().filter_map(read).collect();
    let files = FileSet {
        name: "listing".to_owned(),
        files,
    };
    let mut diagnostics = Diagnostics::default();
    let listing = Listing::new(&files, Documents::Needed);
    let draft = draft(&[listing], &Choices::new(), &mut diagnostics)?;
    let output = finish(&draft, None, &mut Names::empty(), &mut diagnostics)?;
    let name = folder.file_name()?.to_string_lossy().into_owned();
    Some(
        Document::parse(&name, &output.canonical.render().unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}")),
    )
}

/// Returns the sorted rules and pointers of the changes. `is_inverse` inverts both.
fn rules_of(changes: &[Change], is_inverse: bool) -> Vec<String> {
    let mut rules: Vec<String> = changes
        .iter()
        .map(|change| {
            let pointer = |location: &Option<SourceLocation>| {
                location
                    .as_ref()
                    .map(|location| location.pointer.clone())
                    .unwrap_or_default()
            };
            let (base, revision) = (pointer(&change.base), pointer(&change.revision));
            if is_inverse {
                format!("{} {revision} {base}", change.rule.inverse)
            } else {
                format!("{} {base} {revision}", change.rule.id)
            }
        })
        .collect();
    rules.sort();
    rules
}

#[test]
fn compares_listings_with_themselves_and_their_successors() {
    let Some(mirror) = std::env::var_os("GALLERY_MIRROR") else {
        writeln!(
            std::io::stderr().lock(),
            "skipped: GALLERY_MIRROR is not set"
        )
        .unwrap();
        return;
    };
    let repositories = folders(Path::new(&mirror));
    let listings = repositories
        .iter()
        .flat_map(|repository| folders(&repository.join("_listings")));
    let documents: Vec<Document> = listings.filter_map(|folder| document(&folder)).collect();
    assert!(!documents.is_empty(), "the mirror has no listings");
    check_all(&documents, 1);
}

#[test]
fn compares_probes_with_themselves_and_their_successors() {
    let Some(folder) = std::env::var_os("GALLERY_PROBES") else {
        writeln!(
            std::io::stderr().lock(),
            "skipped: GALLERY_PROBES is not set"
        )
        .unwrap();
        return;
    };
    let probes = fs::read_to_string(Path::new(&folder).join("probes.json")).unwrap();
    let probes: BTreeMap<String, Value> = serde_json::from_str(&probes).unwrap();
    let read = |(name, probe): (&String, &Value)| match Document::from_value(
        name,
        probe["document"].clone(),
    ) {
        Ok(document) => Some(document),
        Err(error) => {
            writeln!(std::io::stderr().lock(), "{error}").unwrap();
            None
        }
    };
    let documents: Vec<Document> = probes.iter().filter_map(read).collect();
    assert!(
        documents.len() * 10 > probes.len() * 9,
        "{} of {} are rejected",
        probes.len() - documents.len(),
        probes.len()
    );
    check_all(&documents, 6);
}

/// Compares each document with itself, and in both directions with the `following` documents after
/// it.
fn check_all(documents: &[Document], following: usize) {
    let mut problems = Vec::new();
    let (mut found, mut kinds) = (0, BTreeMap::new());
    let pairs =
        (0..documents.len()).flat_map(|at| (1..=following).map(move |step| (at, at + step)));
    for (one, other) in pairs.filter_map(|(at, next)| Some((&documents[at], documents.get(next)?)))
    {
        if !compare(one, one).is_empty() {
            problems.push(format!("{} differs from itself", one.name()));
        }
        let (forward, backward) = (compare(one, other), compare(other, one));
        let (forward_rules, backward_rules) =
            (rules_of(&forward, false), rules_of(&backward, true));
        if let Some((one_way, other_way)) = forward_rules
            .iter()
            .zip(&backward_rules)
            .find(|(a, b)| a != b)
        {
            problems.push(format!(
                "{} and {}: {one_way} becomes {other_way} in the opposite direction",
                one.name(),
                other.name()
            ));
        }
        if forward.len() != backward.len() {
            problems.push(format!(
                "{} and {}: {} differences forward and {} backward",
                one.name(),
                other.name(),
                forward.len(),
                backward.len()
            ));
        }
        found += forward.len();
        forward
            .iter()
            .for_each(|change| *kinds.entry(change.rule.id).or_insert(0) += 1);
    }
    let summary = format!(
        "{} documents, {found} differences of {} kinds (of {})",
        documents.len(),
        kinds.len(),
        rules().count()
    );
    writeln!(std::io::stderr().lock(), "{summary}: {kinds:?}").unwrap();
    assert!(
        problems.is_empty(),
        "{} problems:\n{}",
        problems.len(),
        problems.join("\n")
    );
}
