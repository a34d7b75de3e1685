//! Every listing of a mirror through the whole pipeline, in memory and each by itself: what would become of it if it were a client.
//!
//! Takes a folder with listings at `OWNER__REPOSITORY/_listings/PROVIDER`; gives a row per listing, and its files. Nothing is written. A
//! listing that cannot be read, or brings the program down, is a row like any other.

use std::fs;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gallery_spec::config::ClientConfig;
use gallery_spec::draft::is_plain_file_name;
use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::listings::Documents;
use gallery_spec::listings::ListingRef;
use gallery_spec::listings::{COMBINED, is_document};
use gallery_spec::listings::{INDEX, Index};
use gallery_spec::lock::sha256;
use gallery_spec::names::Names;
use gallery_spec::report::Report;
use gallery_spec::source::Source;
use openapi_text::front_matter::MAX_FILE_BYTES;
use openapi_text::{Diagnostics, Severity};
use serde::Serialize;

use crate::generate::{client_files, document_files};
use crate::outputs::Outputs;
use crate::workspace::ClientInputs;

/// The listings of a mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// In the order of their names.
    pub listings: Vec<ListingRef>,
    /// What is in the folder and is no listing, with the reason.
    pub others: Vec<String>,
}

/// What became of one listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// `OWNER/REPOSITORY/PROVIDER`.
    pub listing: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What was counted; nothing where there is no document.
    pub counts: Counts,
    /// Errors, and what was dropped and reduced, with places.
    pub said: Vec<String>,
}

/// How a listing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It has a document and code.
    Made,
    /// It lists no operation at all.
    Empty,
    /// All that it lists is dropped, each for a reason.
    Dropped,
    /// It has errors, which are told.
    Failed,
}

/// What is counted of a listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it, and `Report` what they mean")]
pub struct Counts {
    pub documents: usize,
    pub unread_documents: usize,
    pub entries: usize,
    pub endpoints: usize,
    pub duplicates: usize,
    pub conflicts: usize,
    pub repaired: usize,
    pub assumed: usize,
    pub reduced: usize,
    pub dropped: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.documents += other.documents;
        self.unread_documents += other.unread_documents;
        self.entries += other.entries;
        self.endpoints += other.endpoints;
        self.duplicates += other.duplicates;
        self.conflicts += other.conflicts;
        self.repaired += other.repaired;
        self.assumed += other.assumed;
        self.reduced += other.reduced;
        self.dropped += other.dropped;
    }
}

/// A part of the work: the listings whose names fall into it, whatever else there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// From 1.
    pub number: u64,
    /// How many there are.
    pub of: u64,
}

impl Partition {
    /// Whether a listing is of this part.
    pub fn has(&self, listing: &ListingRef) -> bool {
        let hash = sha256(listing.to_string().as_bytes());
        u64::from_str_radix(&hash[..15], 16).unwrap_or_default() % self.of.max(1) + 1 == self.number
    }
}

/// The listings below a folder.
pub fn mirror(root: &Path) -> io::Result<Mirror> {
    let mut mirror = Mirror::default();
    for repository in names(root)? {
        let folder = root.join(&repository).join("_listings");
        let Some((owner, slug)) = repository.split_once("__").filter(|_| folder.is_dir()) else {
            mirror.others.push(format!(
                "{repository}: it is no folder OWNER__REPOSITORY with `_listings` in it"
            ));
            continue;
        };
        for provider in names(&folder)? {
            let is_folder = fs::symlink_metadata(folder.join(&provider))
                .is_ok_and(|metadata| metadata.is_dir());
            match ListingRef::parse(&format!("{owner}/{slug}/{provider}")).filter(|_| is_folder) {
                Some(listing) => mirror.listings.push(listing),
                None => mirror.others.push(format!(
                    "{repository}/_listings/{provider}: it is no folder with a plain name"
                )),
            }
        }
    }
    mirror.listings.sort();
    Ok(mirror)
}

/// The files of one listing, as a fetch would bring them.
pub fn read(
    root: &Path,
    listing: &ListingRef,
    documents: Documents,
) -> io::Result<(FileSet, usize)> {
    let folder = root.join(listing.mirror_path());
    let all = names(&folder)?;
    let file = |name: &str| -> io::Result<RawFile> {
        Ok(RawFile::new(
            format!("{}/{name}", listing.mirror_path()),
            bytes(&folder, name)?,
        ))
    };
    let there = |name: &str| {
        all.iter()
            .any(|file| file == name)
            .then(|| file(name))
            .transpose()
    };
    let (index, combined) = (there(INDEX)?, there(COMBINED)?);
    let wanted = wanted(index.as_ref(), combined.as_ref(), documents, &all);
    let unread = all
        .iter()
        .filter(|name| is_document(name) && *name != COMBINED && !wanted.contains(name))
        .count();
    let mut files: Vec<RawFile> = index.into_iter().chain(combined).collect();
    for name in wanted {
        files.push(file(name)?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let name = listing.to_string();
    Ok((FileSet { name, files }, unread))
}

/// The names of the files to be read beside index and combined document, of those that there are: what a fetch would bring.
fn wanted<'a>(
    index: Option<&RawFile>,
    combined: Option<&RawFile>,
    documents: Documents,
    all: &'a [String],
) -> Vec<&'a String> {
    // What is wrong with them is said when they are read.
    let quiet = &mut Diagnostics::default();
    let index = index.and_then(|file| Index::parse(file, "", quiet));
    let combined = combined
        .filter(|_| documents == Documents::Needed)
        .and_then(|file| file.value(quiet));
    let of_index = index
        .as_ref()
        .map(|index| documents.select(index, combined));
    let is_wanted = |name: &&String| {
        let name = name.as_str();
        let is_ours = match &of_index {
            Some(of_index) => {
                of_index.contains(&name) || (documents == Documents::All && is_document(name))
            }
            // Without an index nothing says what is needed.
            None => is_document(name),
        };
        name != INDEX && name != COMBINED && is_ours && is_plain_file_name(name)
    };
    all.iter().filter(is_wanted).collect()
}

fn bytes(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let path = folder.join(name);
    let read = || {
        let metadata = fs::symlink_metadata(&path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("it is a link, a folder or a device"));
        }
        if metadata.len() > MAX_FILE_BYTES as u64 {
            return Err(io::Error::other(format!(
                "it has {} bytes; at most {MAX_FILE_BYTES} are read",
                metadata.len()
            )));
        }
        fs::read(&path)
    };
    read().map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        names.push(entry?.file_name().to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// How far a listing is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// To its canonical document and its report.
    Document,
    /// To all files of its crate.
    Code,
}

/// Takes one listing so far; `client` is what it would be called.
pub fn survey(root: &Path, client: ClientConfig, extent: Extent) -> (Row, Outputs) {
    let Source::Listings(source) = &client.source;
    let listing = source.first.to_string();
    let failed = |said: String| Row {
        listing: listing.clone(),
        outcome: Outcome::Failed,
        counts: Counts::default(),
        said: vec![said],
    };
    let (files, unread) = match read(root, &source.first, source.documents) {
        Ok(read) => read,
        Err(error) => {
            return (
                failed(format!("error[unreadable-file]: {error}")),
                Outputs::default(),
            );
        }
    };
    let inputs = ClientInputs {
        config: client,
        origin: None,
        files: vec![files],
        names: Names::empty(),
        overlay: None,
        expected_failures: None,
        diagnostics: Diagnostics::default(),
    };
    let files = match extent {
        Extent::Document => document_files,
        Extent::Code => client_files,
    };
    match catch_unwind(AssertUnwindSafe(|| files(&inputs))) {
        Ok((outputs, outcome)) => (
            row(
                &listing,
                unread,
                outcome.report.as_ref(),
                &outcome.diagnostics,
            ),
            outputs,
        ),
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref().copied());
            let message = message.unwrap_or("no message");
            (
                failed(format!(
                    "error[panic]: the program panicked, which is a fault of its own: {message}"
                )),
                Outputs::default(),
            )
        }
    }
}

fn row(
    listing: &str,
    unread_documents: usize,
    report: Option<&Report>,
    diagnostics: &Diagnostics,
) -> Row {
    let counts = report
        .map(|report| counts(report, unread_documents))
        .unwrap_or_default();
    let has_nothing = diagnostics
        .of(Severity::Error)
        .all(|said| said.code == "no-endpoints");
    let outcome = match report {
        Some(_) => Outcome::Made,
        None if has_nothing && diagnostics.of(Severity::Dropped).next().is_some() => {
            Outcome::Dropped
        }
        None if has_nothing => Outcome::Empty,
        None => Outcome::Failed,
    };
    let told = diagnostics
        .iter()
        .filter(|said| matches!(said.severity, Severity::Error | Severity::Dropped));
    let mut said: Vec<String> = told.map(ToString::to_string).collect();
    said.extend(
        report
            .into_iter()
            .flat_map(|report| &report.reduced)
            .map(|remark| {
                format!(
                    "reduced[{}]: {}\n  --> {}",
                    remark.code, remark.message, remark.at
                )
            }),
    );
    Row {
        listing: listing.to_owned(),
        outcome,
        counts,
        said,
    }
}

fn counts(report: &Report, unread_documents: usize) -> Counts {
    Counts {
        documents: report.counts.documents,
        unread_documents,
        entries: report.counts.operation_entries,
        endpoints: report.counts.endpoints,
        duplicates: report.counts.duplicates,
        conflicts: report
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.verdict == gallery_spec::draft::Verdict::Conflict)
            .count(),
        repaired: report.repaired.values().sum(),
        assumed: report.assumed.values().sum(),
        reduced: report.reduced.len(),
        dropped: report.counts.dropped,
    }
}
