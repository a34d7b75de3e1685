//! The sources of clients: the files of `GALLERY_CASES` and `GALLERY_LIVING`.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use gallery_spec::draft::{FileSet, RawFile};
use openapi_text::{Diagnostics, yaml};

use crate::document::Document;

/// The number of bytes of a small source.
const SMALL: usize = 1_000_000;

/// A size of sources.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Size {
    Small,
    Any,
}

/// A source of one client.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) files: FileSet,
}

impl Source {
    /// Returns the documents of the source.
    pub(crate) fn documents(&self) -> Vec<Document> {
        let mut documents = Vec::new();
        for file in &self.files.files {
            let mut diagnostics = Diagnostics::default();
            let value = yaml::parse(&file.path, &file.bytes, &mut diagnostics);
            if let Some(value) = value
                && (value.get("openapi").is_some() || value.get("swagger").is_some())
            {
                documents.push(Document::new(&file.path, value));
            }
        }
        documents
    }
}

/// Returns the directory that an environment variable names, or reports that it is not set.
fn root(variable: &str) -> Option<PathBuf> {
    let root = std::env::var_os(variable).filter(|root| !root.is_empty());
    if root.is_none() {
        // Bypasses the output capture of the test harness.
        writeln!(std::io::stderr().lock(), "skipped: {variable} is not set").unwrap();
    }
    root.map(PathBuf::from)
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn add_files(path: &Path, root: &Path, files: &mut Vec<RawFile>) {
    if path.is_dir() {
        for entry in entries(path) {
            add_files(&entry, root, files);
        }
        return;
    }
    let name = path.strip_prefix(root).unwrap().to_string_lossy();
    files.push(RawFile::new(name, std::fs::read(path).unwrap()));
}

/// Returns a source for each entry of a directory that has operations.
fn sources(root: &Path, size: Size) -> Vec<Source> {
    let all = entries(root).into_iter().map(|path| {
        let mut files = FileSet::default();
        add_files(&path, root, &mut files.files);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        Source { name, files }
    });
    all.filter(|source| {
        let bytes: usize = source.files.files.iter().map(|file| file.bytes.len()).sum();
        size == Size::Any || bytes <= SMALL
    })
    .filter(|source| source.documents().iter().any(Document::has_operations))
    .collect()
}

/// Returns a source for each document of `GALLERY_CASES`.
pub(crate) fn cases(size: Size) -> Vec<Source> {
    let root = root("GALLERY_CASES").map(|root| root.join("documents"));
    root.map_or(Vec::new(), |root| sources(&root, size))
}

/// Returns a source for each repository of `GALLERY_LIVING`.
pub(crate) fn living(size: Size) -> Vec<Source> {
    let root = root("GALLERY_LIVING");
    root.map_or(Vec::new(), |root| sources(&root, size))
}
