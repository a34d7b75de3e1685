//! The documents that an index or a catalog names.

use std::collections::BTreeSet;

use apis_json::SelectError;
use openapi_text::{Diagnostics, Severity, printable};

use super::error::DocumentsError;

/// A document that an index names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The URL, as written.
    pub(super) text: String,
    /// The location in the index.
    pub(super) at: String,
}

/// The documents of the selected APIs, each once, and warnings.
#[derive(Debug, Default)]
pub(super) struct NamedDocuments {
    pub(super) documents: Vec<Named>,
    pub(super) notices: Vec<String>,
}

/// The number of APIs that an error suggests.
const MAX_SUGGESTED: usize = 5;

/// The documents of an API or an entry.
struct Entry<'a> {
    id: &'a str,
    pointer: &'a str,
    urls: Vec<&'a str>,
}

/// Reads the APIs.json index at `at`.
pub(super) fn of_index(
    at: &str,
    bytes: &[u8],
    apis: &[String],
) -> Result<NamedDocuments, DocumentsError> {
    let mut diagnostics = Diagnostics::default();
    let index = apis_json::parse(at, bytes, &mut diagnostics);
    let index = index.ok_or_else(|| invalid(&diagnostics))?;
    let entry = |api: &'_ apis_json::Api| -> bool { !api.documents.is_empty() };
    let others = index
        .apis
        .iter()
        .filter(|api| entry(api))
        .map(apis_json::Api::id);
    let selected = index
        .select(apis)
        .map_err(|error| invalid_selection(at, error))?;
    let entries = selected.into_iter().map(|api| Entry {
        id: api.id(),
        pointer: &api.pointer,
        urls: api.documents.iter().map(String::as_str).collect(),
    });
    let mut named = collect(at, entries, others)?;
    named.notices = warnings(&diagnostics);
    if !index.includes.is_empty() {
        let names: Vec<_> = index.includes.iter().map(|name| printable(name)).collect();
        named.notices.push(format!(
            "warning[included-index]: further indexes are not read; add clients of their own for \
             them: {}\n  --> {at}",
            names.join(", ")
        ));
    }
    Ok(named)
}

/// Reads the API catalog at `at`.
pub(super) fn of_catalog(
    at: &str,
    bytes: &[u8],
    apis: &[String],
) -> Result<NamedDocuments, DocumentsError> {
    let mut diagnostics = Diagnostics::default();
    let catalog = apis_json::catalog(at, bytes, &mut diagnostics);
    let catalog = catalog.ok_or_else(|| invalid(&diagnostics))?;
    let with_documents = catalog
        .entries
        .iter()
        .filter(|entry| !entry.documents.is_empty());
    let others = with_documents.map(|entry| entry.slug.as_str());
    let selected = catalog
        .select(apis)
        .map_err(|error| invalid_selection(at, error))?;
    let entries = selected.into_iter().map(|entry| Entry {
        id: &entry.slug,
        pointer: &entry.pointer,
        urls: entry
            .documents
            .iter()
            .map(|document| document.url.as_str())
            .collect(),
    });
    let mut named = collect(at, entries, others)?;
    named.notices = warnings(&diagnostics);
    Ok(named)
}

/// Returns the documents of the entries. `others` has the identifiers of all entries with
/// documents.
fn collect<'a>(
    at: &str,
    entries: impl Iterator<Item = Entry<'a>>,
    others: impl Iterator<Item = &'a str>,
) -> Result<NamedDocuments, DocumentsError> {
    let mut named = NamedDocuments::default();
    let mut seen = BTreeSet::new();
    for entry in entries {
        for url in entry.urls {
            if seen.insert(url) {
                named.documents.push(Named {
                    text: url.to_owned(),
                    at: format!(
                        "{at}#{} ({})",
                        printable(entry.pointer),
                        printable(entry.id)
                    ),
                });
            }
        }
    }
    if !named.documents.is_empty() {
        return Ok(named);
    }
    let at = at.to_owned();
    let others: Vec<String> = others.take(MAX_SUGGESTED).map(printable).collect();
    Err(match others.is_empty() {
        true => DocumentsError::NoDocuments { at },
        false => DocumentsError::NoneSelected { at, others },
    })
}

fn invalid(diagnostics: &Diagnostics) -> DocumentsError {
    let errors: Vec<_> = diagnostics
        .of(Severity::Error)
        .map(ToString::to_string)
        .collect();
    DocumentsError::Index {
        diagnostics: errors.join("\n"),
    }
}

fn invalid_selection(at: &str, error: SelectError) -> DocumentsError {
    let at = at.to_owned();
    DocumentsError::Select { at, error }
}

fn warnings(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.iter().map(ToString::to_string).collect()
}
