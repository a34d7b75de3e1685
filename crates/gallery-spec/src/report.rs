//! `specs/<client>/report.json`: what became of everything that was read. Whoever doubts the canonical document starts here.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::index::{self, Index};
use crate::lift::EndpointKey;
use crate::merge::{CopyPlace, Merged, MergedEndpoint, Rule, Verdict};
use crate::overlay::settle::OverlayReport;
use crate::pipeline::Input;
use crate::repair::REPAIRS;
use crate::store::is_document;
use crate::swagger2::{Change, Document};
use openapi_text::{Diagnostics, Severity};

/// What became of a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The command that wrote the report.
    pub generated_by: &'static str,
    /// `OWNER/REPOSITORY/PROVIDER`.
    pub listing: String,
    /// Listings of the same provider that add to it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub further_listings: Vec<String>,
    /// The totals.
    pub counts: Counts,
    /// What people know besides, and what it changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<OverlayReport>,
    /// How often each kind of repair was needed, over the endpoints that were kept.
    pub repaired: BTreeMap<&'static str, usize>,
    /// How often each kind of assumption was made, over the endpoints that were kept.
    pub assumed: BTreeMap<&'static str, usize>,
    /// The endpoints, sorted by path and method.
    pub endpoints: Vec<EndpointReport>,
    /// Operation entries that could not be kept.
    pub dropped: Vec<Remark>,
    /// Parameters that endpoints had to do without.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reduced: Vec<Remark>,
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
    /// Where it answers, if that is not the document's server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    pub verdict: Verdict,
    /// Why this copy was taken, where they differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// The copy that was taken: file and JSON pointer, after the listing's name where there are several.
    pub chosen: String,
    /// Every copy, the chosen one included.
    pub sources: Vec<String>,
    /// The copies that say something else.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differing: Vec<String>,
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
    /// The listing that it is of, where there are several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<String>,
    pub file: String,
    pub operation_entries: usize,
    /// Whether an entry of the index points at it; the combined document has none.
    pub in_index: bool,
}

impl DocumentReport {
    pub(crate) fn new(listing: &str, document: &Document, index: Option<&Index>) -> DocumentReport {
        let name = document.file.rsplit('/').next().unwrap_or(&document.file);
        let points_here = |url: &String| index::file_name(url) == Some(name);
        DocumentReport {
            listing: Some(listing.to_owned()),
            file: document.file.clone(),
            operation_entries: document.entries,
            in_index: index.is_some_and(|index| {
                index
                    .entries
                    .iter()
                    .flat_map(|entry| &entry.documents)
                    .any(points_here)
            }),
        }
    }
}

/// What was read.
pub(crate) struct Read<'a> {
    pub(crate) inputs: &'a [Input<'a>],
    /// Of all listings.
    pub(crate) index: &'a Index,
    pub(crate) documents: Vec<DocumentReport>,
}

/// Writes down what became of everything.
pub(crate) fn report(
    read: Read<'_>,
    merged: &Merged,
    names: &BTreeMap<EndpointKey, String>,
    diagnostics: &Diagnostics,
) -> Report {
    let Read {
        inputs,
        index,
        mut documents,
    } = read;
    let is_one = inputs.len() == 1;
    if is_one {
        documents
            .iter_mut()
            .for_each(|document| document.listing = None);
    }
    let name_of = |endpoint: &MergedEndpoint| names.get(&endpoint.key).cloned().unwrap_or_default();
    let endpoints: Vec<EndpointReport> = merged
        .endpoints
        .iter()
        .map(|it| {
            endpoint(
                it,
                name_of(it),
                Some(it.server.url.clone()).filter(|url| *url != merged.server.url),
                is_one,
            )
        })
        .collect();
    let dropped = remarks(diagnostics, Severity::Dropped);
    let index_entries = index_entries(index);
    let index_repeats = index_entries
        .iter()
        .filter(|entry| entry.repeats.is_some())
        .count();
    let kept: usize = endpoints
        .iter()
        .map(|endpoint| endpoint.sources.len())
        .sum();
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
    let mut listings = inputs.iter().map(|input| input.listing.to_owned());
    let unread = inputs.iter().flat_map(|input| &input.files.files);
    let reduces = |remark: &&Remark| {
        REPAIRS
            .iter()
            .any(|repair| repair.reduces && repair.code == remark.code)
    };
    Report {
        generated_by: "cargo xtask regen",
        listing: listings.next().unwrap_or_default(),
        further_listings: listings.collect(),
        counts,
        overlay: None,
        repaired: tally(&endpoints, |endpoint| &endpoint.repaired),
        assumed: tally(&endpoints, |endpoint| &endpoint.assumed),
        dropped,
        reduced: endpoints
            .iter()
            .flat_map(|endpoint| &endpoint.repaired)
            .filter(reduces)
            .cloned()
            .collect(),
        index: index_entries,
        documents,
        unread_files: unread
            .filter(|file| file.name() != index::FILE_NAME && !is_document(file.name()))
            .map(|file| file.path.clone())
            .collect(),
        warnings: remarks(diagnostics, Severity::Warning),
        endpoints,
    }
}

fn remarks(diagnostics: &Diagnostics, severity: Severity) -> Vec<Remark> {
    let of = diagnostics.of(severity);
    of.map(|said| Remark {
        code: said.code,
        at: said.location.to_string(),
        message: said.message.clone(),
    })
    .collect()
}

fn endpoint(
    endpoint: &MergedEndpoint,
    operation_id: String,
    server: Option<String>,
    is_one: bool,
) -> EndpointReport {
    let place = |copy: &CopyPlace| {
        let at = format!("{}#{}", copy.source.file, copy.source.pointer);
        if is_one {
            at
        } else {
            format!("{} {at}", copy.listing)
        }
    };
    let remark = |change: &Change| Remark {
        code: change.code,
        at: format!("{}#{}", endpoint.chosen.source.file, change.pointer),
        message: change.message.clone(),
    };
    let changes = |severity| {
        endpoint
            .changes
            .iter()
            .filter(|it| it.severity == severity)
            .map(remark)
            .collect()
    };
    EndpointReport {
        operation_id,
        method: endpoint.key.method.to_string(),
        path: endpoint.path.clone(),
        listed_operation_id: endpoint.listed_id.clone(),
        slug: endpoint.slug.clone(),
        server,
        verdict: endpoint.verdict,
        rule: endpoint.rule,
        chosen: place(&endpoint.chosen),
        sources: endpoint.sources.iter().map(place).collect(),
        differing: endpoint.differing.iter().map(place).collect(),
        repaired: changes(Severity::Repaired),
        assumed: changes(Severity::Assumed),
    }
}

fn index_entries(index: &Index) -> Vec<IndexReport> {
    let entry = |(position, entry): (usize, &index::Entry)| IndexReport {
        name: entry.name.clone(),
        slug: entry.slug.clone(),
        documents: entry.documents.clone(),
        repeats: index.repeat_of(position),
    };
    index.entries.iter().enumerate().map(entry).collect()
}

fn tally(
    endpoints: &[EndpointReport],
    of: impl Fn(&EndpointReport) -> &Vec<Remark>,
) -> BTreeMap<&'static str, usize> {
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
        let read: usize = self
            .documents
            .iter()
            .map(|document| document.operation_entries)
            .sum();
        let accounted = self.counts.endpoints + self.counts.repeats + self.counts.dropped;
        (read != accounted)
            .then(|| format!("{read} operation entries were read, {accounted} are accounted for"))
    }
}
