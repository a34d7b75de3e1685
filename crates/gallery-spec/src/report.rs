//! `specs/<client>/report.json`: what became of everything that was read. Whoever doubts the canonical document starts here.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::diagnostic::{Diagnostics, Severity};
use crate::index::{self, Index};
use crate::lift::EndpointKey;
use crate::merge::{Merged, Verdict};
use crate::store::Listing;
use crate::swagger2::Document;

/// What became of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The command that wrote the report.
    pub generated_by: &'static str,
    /// `OWNER/REPOSITORY/PROVIDER`.
    pub listing: String,
    /// The totals.
    pub counts: Counts,
    /// How often each kind of repair was needed, over the endpoints that were kept.
    pub repaired: BTreeMap<&'static str, usize>,
    /// How often each kind of assumption was made, over the endpoints that were kept.
    pub assumed: BTreeMap<&'static str, usize>,
    /// The endpoints, sorted by path and method.
    pub endpoints: Vec<EndpointReport>,
    /// Operation entries that could not be kept.
    pub dropped: Vec<Remark>,
    /// The index's entries, in order.
    pub index: Vec<IndexReport>,
    /// The documents, in order.
    pub documents: Vec<DocumentReport>,
    /// Files of the snapshot that are neither index nor document.
    pub unread_files: Vec<String>,
    /// What a person should look at.
    pub warnings: Vec<Remark>,
}

/// The totals of a listing. `operation_entries = endpoints + repeats + dropped`, and `index_entries = index_distinct + index_repeats`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Counts {
    pub index_entries: usize,
    pub index_distinct: usize,
    pub index_repeats: usize,
    pub documents: usize,
    pub operation_entries: usize,
    pub endpoints: usize,
    pub repeats: usize,
    pub dropped: usize,
}

/// One endpoint and its history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct EndpointReport {
    pub operation_id: String,
    pub method: String,
    pub path: String,
    pub listed_operation_id: Option<String>,
    pub slug: Option<String>,
    pub verdict: Verdict,
    /// The copy that was taken: file and JSON pointer.
    pub chosen: String,
    /// Every copy, the chosen one included.
    pub sources: Vec<String>,
    pub repaired: Vec<Remark>,
    pub assumed: Vec<Remark>,
}

/// A code, a place and a sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Remark {
    pub code: &'static str,
    pub at: String,
    pub message: String,
}

/// One entry of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct IndexReport {
    pub name: String,
    pub slug: Option<String>,
    pub documents: Vec<String>,
    /// The position, from 0, of the entry that this one repeats.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeats: Option<usize>,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names say it")]
pub struct DocumentReport {
    pub file: String,
    pub operation_entries: usize,
    /// Whether an entry of the index points at it; the combined document has none.
    pub in_index: bool,
}

/// Writes down what became of a listing.
pub(crate) fn report(
    listing: &str,
    files: &Listing,
    index: &Index,
    documents: &[Document],
    merged: &Merged,
    names: &BTreeMap<EndpointKey, String>,
    diagnostics: &Diagnostics,
) -> Report {
    let remarks = |severity| {
        let remark = |said: &crate::diagnostic::Diagnostic| Remark {
            code: said.code,
            at: said.place.to_string(),
            message: said.message.clone(),
        };
        diagnostics.of(severity).map(remark).collect::<Vec<_>>()
    };
    let dropped = remarks(Severity::Dropped);
    let endpoints: Vec<EndpointReport> = merged
        .endpoints
        .iter()
        .map(|endpoint| {
            let changes = |severity| {
                let ours = endpoint.changes.iter().filter(move |change| change.severity == severity);
                let at = |pointer: &str| format!("{}#{pointer}", endpoint.chosen.file);
                ours.map(|change| Remark { code: change.code, at: at(&change.pointer), message: change.message.clone() })
                    .collect()
            };
            let place = |source: &crate::lift::Source| format!("{}#{}", source.file, source.pointer);
            EndpointReport {
                operation_id: names.get(&endpoint.key).cloned().unwrap_or_default(),
                method: endpoint.key.method.to_string(),
                path: endpoint.path.clone(),
                listed_operation_id: endpoint.listed_id.clone(),
                slug: endpoint.slug.clone(),
                verdict: endpoint.verdict,
                chosen: place(&endpoint.chosen),
                sources: endpoint.sources.iter().map(place).collect(),
                repaired: changes(Severity::Repaired),
                assumed: changes(Severity::Assumed),
            }
        })
        .collect();

    let index_entries: Vec<IndexReport> = index
        .entries
        .iter()
        .enumerate()
        .map(|(position, entry)| IndexReport {
            name: entry.name.clone(),
            slug: entry.slug.clone(),
            documents: entry.documents.clone(),
            repeats: index.repeat_of(position),
        })
        .collect();
    let index_repeats = index_entries.iter().filter(|entry| entry.repeats.is_some()).count();
    let kept: usize = endpoints.iter().map(|endpoint| endpoint.sources.len()).sum();
    let counts = Counts {
        index_entries: index_entries.len(),
        index_distinct: index_entries.len() - index_repeats,
        index_repeats,
        documents: documents.len(),
        operation_entries: kept + dropped.len(),
        endpoints: endpoints.len(),
        repeats: kept - endpoints.len(),
        dropped: dropped.len(),
    };
    let in_index = index.document_files();
    Report {
        generated_by: "cargo xtask regen",
        listing: listing.to_owned(),
        counts,
        repaired: tally(&endpoints, |endpoint| &endpoint.repaired),
        assumed: tally(&endpoints, |endpoint| &endpoint.assumed),
        dropped,
        index: index_entries,
        documents: documents
            .iter()
            .map(|document| DocumentReport {
                file: document.file.clone(),
                operation_entries: document.entries,
                in_index: document.file.rsplit('/').next().is_some_and(|name| in_index.contains(&name)),
            })
            .collect(),
        unread_files: files
            .files
            .iter()
            .filter(|file| file.name() != index::FILE_NAME && !crate::store::is_document(file.name()))
            .map(|file| file.path.clone())
            .collect(),
        warnings: remarks(Severity::Warning),
        endpoints,
    }
}

fn tally(endpoints: &[EndpointReport], of: impl Fn(&EndpointReport) -> &Vec<Remark>) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for remark in endpoints.iter().flat_map(of) {
        *counts.entry(remark.code).or_insert(0) += 1;
    }
    counts
}

impl Report {
    /// The report's text. The same report gives the same bytes.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }

    /// Whether every entry that was read is an endpoint, a repeat of one, or dropped for a reason; if not, what is amiss.
    pub fn unaccounted(&self) -> Option<String> {
        let read: usize = self.documents.iter().map(|document| document.operation_entries).sum();
        let accounted = self.counts.endpoints + self.counts.repeats + self.counts.dropped;
        (read != accounted).then(|| format!("{read} operation entries were read, {accounted} are accounted for"))
    }
}
