//! The result of the pipeline for one source of a mirror.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use gallery_codegen::Outputs;
use gallery_codegen::generate::{client_files, document_files};
use gallery_spec::config::ClientConfig;
use gallery_spec::draft::{RawFile, Verdict};
use gallery_spec::listings::{Documents, is_document};
use gallery_spec::report::Report;
use gallery_spec::source::Source;
use gallery_spec::workspace::ClientInputs;
use openapi_text::{Diagnostics, Severity};
use serde::Serialize;

use super::mirror::MirrorSource;

/// The result of one listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Row {
    /// The source: `OWNER/REPOSITORY/PROVIDER` or `OWNER/REPOSITORY`.
    pub listing: String,
    /// The kind of result.
    pub outcome: Outcome,
    /// Counts of the report. Without a document, only documents and dropped entries are counted.
    pub counts: Counts,
    /// Errors, dropped entries and reductions, with their locations.
    pub messages: Vec<String>,
}

/// The kind of result of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A document and code were generated.
    Made,
    /// The listing has no operation.
    Empty,
    /// All operations of the listing were dropped.
    Dropped,
    /// There are errors.
    Failed,
}

/// Counts of a listing, as in its report.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "`Report` has the definitions")]
pub struct Counts {
    pub documents: usize,
    /// Number of documents by version of OpenAPI.
    pub versions: BTreeMap<String, usize>,
    pub unread_documents: usize,
    pub entries: usize,
    pub endpoints: usize,
    pub duplicates: usize,
    pub conflicts: usize,
    pub success_responses: usize,
    pub typed_success_responses: usize,
    pub repaired: usize,
    pub assumed: usize,
    /// References that lead nowhere in their document, and that another document resolves.
    pub sibling_references: usize,
    /// References that lead nowhere.
    pub dangling_references: usize,
    pub renamed_components: usize,
    pub reduced: usize,
    pub dropped: usize,
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.documents += other.documents;
        for (version, count) in other.versions {
            *self.versions.entry(version).or_default() += count;
        }
        self.unread_documents += other.unread_documents;
        self.entries += other.entries;
        self.endpoints += other.endpoints;
        self.duplicates += other.duplicates;
        self.conflicts += other.conflicts;
        self.success_responses += other.success_responses;
        self.typed_success_responses += other.typed_success_responses;
        self.repaired += other.repaired;
        self.assumed += other.assumed;
        self.sibling_references += other.sibling_references;
        self.dangling_references += other.dangling_references;
        self.renamed_components += other.renamed_components;
        self.reduced += other.reduced;
        self.dropped += other.dropped;
    }
}

/// The last stage of the pipeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Extent {
    /// The canonical document and its report.
    Document,
    /// All files of the crate.
    Code,
}

/// Runs the pipeline on the source `from` of a mirror, in memory. A panic is reported as a failure.
pub fn survey(
    root: &Path,
    from: &MirrorSource,
    client: ClientConfig,
    extent: Extent,
) -> (Row, Outputs) {
    let listing = from.to_string();
    let failed = |message: String| Row {
        listing: listing.clone(),
        outcome: Outcome::Failed,
        counts: Counts::default(),
        messages: vec![message],
    };
    let documents = match &client.source {
        Source::Listings(source) => source.documents,
        Source::Documents(_) => Documents::All,
    };
    let read = match from.read(root, documents) {
        Ok(read) => read,
        Err(error) => {
            let row = failed(format!("error[unreadable-file]: {error}"));
            return (row, Outputs::default());
        }
    };
    let names = read.files.files.iter().map(RawFile::name);
    let counts = Counts {
        documents: names.filter(|name| is_document(name)).count(),
        unread_documents: read.unread,
        ..Counts::default()
    };
    let inputs = ClientInputs {
        diagnostics: read.diagnostics,
        ..ClientInputs::new(client, vec![read.files])
    };
    let generate = match extent {
        Extent::Document => document_files,
        Extent::Code => client_files,
    };
    match catch_unwind(AssertUnwindSafe(|| generate(&inputs))) {
        Ok((outputs, outcome)) => {
            let report = outcome.report.as_ref();
            (row(&listing, counts, report, &outcome.diagnostics), outputs)
        }
        Err(panic) => {
            let message = panic
                .downcast_ref::<String>()
                .map(String::as_str)
                .or_else(|| panic.downcast_ref().copied())
                .unwrap_or("no message");
            let row = failed(format!(
                "error[panic]: the program panicked, which is a bug in it: {message}"
            ));
            (row, Outputs::default())
        }
    }
}

fn row(listing: &str, read: Counts, report: Option<&Report>, diagnostics: &Diagnostics) -> Row {
    let dropped = diagnostics.of(Severity::Dropped).count();
    let has_no_endpoint = diagnostics
        .of(Severity::Error)
        .all(|error| ["no-endpoints", "no-documents"].contains(&error.code));
    let outcome = match report {
        Some(_) => Outcome::Made,
        None if has_no_endpoint && dropped > 0 => Outcome::Dropped,
        None if has_no_endpoint => Outcome::Empty,
        None => Outcome::Failed,
    };
    let counts = match (outcome, report) {
        (_, Some(report)) => counts(report, read.unread_documents),
        // Every entry was dropped with a message.
        (Outcome::Dropped, None) => Counts {
            entries: dropped,
            dropped,
            ..read
        },
        (Outcome::Empty, None) => read,
        (Outcome::Made | Outcome::Failed, None) => Counts::default(),
    };
    let is_listed = |severity| matches!(severity, Severity::Error | Severity::Dropped);
    let mut messages: Vec<String> = diagnostics
        .iter()
        .filter(|diagnostic| is_listed(diagnostic.severity))
        .map(ToString::to_string)
        .collect();
    let reduced = report.into_iter().flat_map(|report| &report.reduced);
    messages.extend(reduced.map(|remark| {
        format!(
            "reduced[{}]: {}\n  --> {}",
            remark.code, remark.message, remark.at
        )
    }));
    Row {
        listing: listing.to_owned(),
        outcome,
        counts,
        messages,
    }
}

fn counts(report: &Report, unread_documents: usize) -> Counts {
    let of = |counts: &BTreeMap<&str, usize>, code| counts.get(code).copied().unwrap_or_default();
    let mut versions = BTreeMap::new();
    for document in &report.documents {
        *versions.entry(document.version.clone()).or_default() += 1;
    }
    Counts {
        documents: report.counts.documents,
        versions,
        unread_documents,
        entries: report.counts.operation_entries,
        endpoints: report.counts.endpoints,
        duplicates: report.counts.duplicates,
        conflicts: report
            .endpoints
            .iter()
            .filter(|endpoint| endpoint.verdict == Verdict::Conflict)
            .count(),
        success_responses: report.counts.success_responses,
        typed_success_responses: report.counts.typed_success_responses,
        repaired: report.repaired.values().sum(),
        assumed: report.assumed.values().sum(),
        sibling_references: of(&report.repaired, "sibling-reference"),
        dangling_references: of(&report.assumed, "dangling-reference"),
        renamed_components: of(&report.repaired, "renamed-component"),
        reduced: report.reduced.len(),
        dropped: report.counts.dropped,
    }
}
