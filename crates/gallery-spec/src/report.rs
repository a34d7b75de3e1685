//! The report `specs/<client>/report.json`. It accounts for every entry of the source: kept, merged
//! as a duplicate, or dropped with a reason.

mod responses;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::overlay::OverlayReport;
use gallery_draft::{
    Change, DocumentAccount, Draft, DraftEndpoint, EndpointKey, EntryLocation, IndexEntry, Rule,
    Verdict,
};
use openapi_text::{Diagnostic, Diagnostics, Severity};

/// The report on a client's source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The command that wrote the report.
    pub generated_by: &'static str,
    /// The name of the source.
    #[serde(rename = "listing")]
    pub source: String,
    /// The names of further sources of the same provider.
    #[serde(rename = "further_listings", skip_serializing_if = "Vec::is_empty")]
    pub further_sources: Vec<String>,
    /// The totals.
    pub counts: Counts,
    /// The changes that the overlay made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overlay: Option<OverlayReport>,
    /// Number of repairs by kind, over the endpoints that were kept and the other parts.
    pub repaired: BTreeMap<&'static str, usize>,
    /// Number of assumptions by kind, over the endpoints that were kept and the other parts.
    pub assumed: BTreeMap<&'static str, usize>,
    /// Repairs that concern no single endpoint, such as those of components.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub repaired_parts: Vec<Remark>,
    /// Assumptions that concern no single endpoint.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub assumed_parts: Vec<Remark>,
    /// The endpoints, sorted by path and method.
    pub endpoints: Vec<EndpointReport>,
    /// Operation entries that could not be kept.
    pub dropped: Vec<Remark>,
    /// Parameters that were removed from endpoints.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reduced: Vec<Remark>,
    /// Parts of the document that the client does not express: dropped operations, removed
    /// parameters, and untyped values.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub client_reductions: Vec<Remark>,
    /// The entries of the index, in order.
    pub index: Vec<IndexReport>,
    /// The documents, in order.
    pub documents: Vec<DocumentReport>,
    /// Files of the snapshot that are neither index nor document, and that no reference leads to.
    pub unread_files: Vec<String>,
    /// Files that are read only because references lead to them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub referenced_files: Vec<String>,
    /// Problems that a person should check.
    pub warnings: Vec<Remark>,
}

/// The totals of a source.
///
/// `operation_entries` is the sum of `endpoints`, `duplicates` and `dropped`.
/// `index_entries` is the sum of `index_distinct` and `index_duplicates`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub struct Counts {
    pub index_entries: usize,
    pub index_distinct: usize,
    pub index_duplicates: usize,
    pub documents: usize,
    pub operation_entries: usize,
    pub endpoints: usize,
    pub duplicates: usize,
    pub dropped: usize,
    /// Responses for success, by endpoint and status, that have content.
    pub success_responses: usize,
    /// Those whose content has a schema.
    pub typed_success_responses: usize,
}

/// An endpoint and its copies, repairs and assumptions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub struct EndpointReport {
    pub operation_id: String,
    pub method: String,
    pub path: String,
    pub listed_operation_id: Option<String>,
    pub slug: Option<String>,
    /// The endpoint's server, if it is not the server of the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<String>,
    pub verdict: Verdict,
    /// The rule that chose the copy, if the copies differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<Rule>,
    /// The chosen copy: file and JSON pointer, after the name of the listing if there are several.
    pub chosen: String,
    /// All copies, including the chosen one.
    pub sources: Vec<String>,
    /// The copies that conflict with the chosen one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub differing: Vec<String>,
    pub repaired: Vec<Remark>,
    pub assumed: Vec<Remark>,
}

/// A code, a location and a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub struct Remark {
    pub code: &'static str,
    pub at: String,
    pub message: String,
}

/// One entry of the index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub struct IndexReport {
    pub name: String,
    pub slug: Option<String>,
    pub documents: Vec<String>,
    /// The zero-based index of the entry that this one duplicates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<usize>,
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[allow(missing_docs, reason = "the names are self-explanatory")]
pub struct DocumentReport {
    /// The source of the document, if there are several.
    #[serde(rename = "listing", skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    pub file: String,
    /// The version of OpenAPI.
    pub version: String,
    pub operation_entries: usize,
    /// True if an entry of the index names it. The combined document has no entry.
    pub in_index: bool,
}

impl Report {
    /// Creates the report.
    pub(crate) fn new(
        draft: &Draft,
        names: &BTreeMap<EndpointKey, String>,
        diagnostics: &Diagnostics,
    ) -> Report {
        let account = &draft.account;
        let is_one = account.sets.len() == 1;
        let server = draft.server().map(|server| &server.url);
        let endpoints: Vec<EndpointReport> = draft
            .endpoints
            .iter()
            .map(|it| {
                endpoint(
                    it,
                    names.get(&it.key).cloned().unwrap_or_default(),
                    Some(&it.server.url)
                        .filter(|url| Some(*url) != server)
                        .cloned(),
                    is_one,
                )
            })
            .collect();
        let dropped = remarks(diagnostics, Severity::Dropped);
        let index_duplicates = account
            .index
            .iter()
            .filter(|entry| entry.duplicate_of.is_some())
            .count();
        let kept: usize = endpoints
            .iter()
            .map(|endpoint| endpoint.sources.len())
            .sum();
        let responses = responses::count(draft);
        let counts = Counts {
            index_entries: account.index.len(),
            index_distinct: account.index.len() - index_duplicates,
            index_duplicates,
            documents: account.documents.len(),
            operation_entries: kept + dropped.len(),
            endpoints: endpoints.len(),
            duplicates: kept - endpoints.len(),
            dropped: dropped.len(),
            success_responses: responses.all,
            typed_success_responses: responses.typed,
        };
        let mut sources = account.sets.iter().cloned();
        let reduced = draft.endpoints.iter().flat_map(|endpoint| {
            let changes = endpoint.changes.iter();
            changes
                .filter(|change| change.reduces)
                .map(|change| remark(endpoint, change))
        });
        let parts = |severity| -> Vec<Remark> {
            let changes = account.changes.iter();
            let changes = changes.filter(|change| change.severity == severity);
            changes.map(remark_of).collect()
        };
        let (repaired_parts, assumed_parts) = (parts(Severity::Repaired), parts(Severity::Assumed));
        Report {
            generated_by: "gallery regen",
            source: sources.next().unwrap_or_default(),
            further_sources: sources.collect(),
            counts,
            overlay: None,
            repaired: tally(&endpoints, |endpoint| &endpoint.repaired, &repaired_parts),
            assumed: tally(&endpoints, |endpoint| &endpoint.assumed, &assumed_parts),
            repaired_parts,
            assumed_parts,
            dropped,
            reduced: reduced.collect(),
            client_reductions: Vec::new(),
            index: account.index.iter().map(index_entry).collect(),
            documents: account
                .documents
                .iter()
                .map(|document| document_report(document, is_one))
                .collect(),
            unread_files: account.unread_files.clone(),
            referenced_files: account.referenced_files.clone(),
            warnings: remarks(diagnostics, Severity::Warning),
            endpoints,
        }
    }
}

fn remarks(diagnostics: &Diagnostics, severity: Severity) -> Vec<Remark> {
    diagnostics.of(severity).map(remark_of).collect()
}

fn remark_of(diagnostic: &Diagnostic) -> Remark {
    Remark {
        code: diagnostic.code,
        at: diagnostic.location.to_string(),
        message: diagnostic.message.clone(),
    }
}

fn remark(endpoint: &DraftEndpoint, change: &Change) -> Remark {
    Remark {
        code: change.code,
        at: format!("{}#{}", endpoint.chosen.file, change.pointer),
        message: change.message.clone(),
    }
}

fn endpoint(
    endpoint: &DraftEndpoint,
    operation_id: String,
    server: Option<String>,
    is_one: bool,
) -> EndpointReport {
    let location = |entry: &EntryLocation| {
        let at = format!("{}#{}", entry.file, entry.pointer);
        if is_one {
            at
        } else {
            format!("{} {at}", entry.set)
        }
    };
    let changes = |severity| {
        endpoint
            .changes
            .iter()
            .filter(|it| it.severity == severity)
            .map(|change| remark(endpoint, change))
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
        chosen: location(&endpoint.chosen),
        sources: endpoint.sources.iter().map(location).collect(),
        differing: endpoint.differing.iter().map(location).collect(),
        repaired: changes(Severity::Repaired),
        assumed: changes(Severity::Assumed),
    }
}

fn index_entry(entry: &IndexEntry) -> IndexReport {
    IndexReport {
        name: entry.name.clone(),
        slug: entry.slug.clone(),
        documents: entry.documents.clone(),
        duplicate_of: entry.duplicate_of,
    }
}

fn document_report(document: &DocumentAccount, is_one: bool) -> DocumentReport {
    DocumentReport {
        source: Some(document.set.clone()).filter(|_| !is_one),
        file: document.file.clone(),
        version: document.version.clone(),
        operation_entries: document.entries,
        in_index: document.in_index,
    }
}

fn tally(
    endpoints: &[EndpointReport],
    of: impl Fn(&EndpointReport) -> &Vec<Remark>,
    parts: &[Remark],
) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for remark in endpoints.iter().flat_map(of).chain(parts) {
        *counts.entry(remark.code).or_insert(0) += 1;
    }
    counts
}

impl Report {
    /// Renders the report. The output is deterministic.
    pub fn render(&self) -> Result<String, serde_json::Error> {
        Ok(format!("{}\n", serde_json::to_string_pretty(self)?))
    }

    /// Returns an error message unless every entry is kept, merged as a duplicate, or dropped.
    pub fn unaccounted(&self) -> Option<String> {
        let read: usize = self
            .documents
            .iter()
            .map(|document| document.operation_entries)
            .sum();
        let accounted = self.counts.endpoints + self.counts.duplicates + self.counts.dropped;
        (read != accounted)
            .then(|| format!("{read} operation entries were read, {accounted} are accounted for"))
    }
}
