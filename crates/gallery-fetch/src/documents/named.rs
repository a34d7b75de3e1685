//! The documents that an index, those that it includes, or a catalog name.

use std::collections::BTreeSet;

use apis_json::Index;
use openapi_text::{Diagnostics, Severity, printable};
use url::Url;

use super::error::DocumentsError;

/// A document that an index names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named {
    /// The position of the index among the indexes of the source.
    pub(super) index: usize,
    /// The URL, as written.
    pub(super) text: String,
    /// The location in the index.
    pub(super) at: String,
}

/// An index that was read.
pub(super) struct ReadIndex {
    pub(super) url: Url,
    /// The URL for messages.
    pub(super) at: String,
    pub(super) index: Index,
}

/// The number of APIs that an error suggests.
const MAX_SUGGESTED: usize = 5;

/// Reads the index or catalog at `at`. Adds its warnings to `notices`.
pub(super) fn read(
    at: &str,
    bytes: &[u8],
    notices: &mut Vec<String>,
) -> Result<Index, DocumentsError> {
    let mut diagnostics = Diagnostics::default();
    let index = apis_json::read(at, bytes, &mut diagnostics);
    let index = index.ok_or_else(|| invalid(&diagnostics))?;
    notices.extend(diagnostics.iter().map(ToString::to_string));
    Ok(index)
}

/// Returns the documents of the selected APIs of an index and of those that it includes, each once.
/// The first index names the source in errors.
pub(super) fn documents(
    indexes: &[ReadIndex],
    apis: &[String],
) -> Result<Vec<Named>, DocumentsError> {
    let Some(first) = indexes.first() else {
        return Ok(Vec::new());
    };
    let mut all = Index::default();
    let mut owners = Vec::new();
    for (number, one) in indexes.iter().enumerate() {
        all.apis.extend(one.index.apis.iter().cloned());
        owners.resize(all.apis.len(), number);
    }
    let selected = all
        .positions(apis)
        .map_err(|error| DocumentsError::Select {
            at: first.at.clone(),
            error,
        })?;
    let mut named = Vec::new();
    let mut seen = BTreeSet::new();
    for position in selected {
        let (api, owner) = (&all.apis[position], owners[position]);
        let (at, pointer) = (&indexes[owner].at, printable(&api.pointer));
        for url in &api.documents {
            if seen.insert((owner, url)) {
                named.push(Named {
                    index: owner,
                    text: url.clone(),
                    at: format!("{at}#{pointer} ({})", printable(api.id())),
                });
            }
        }
    }
    if !named.is_empty() {
        return Ok(named);
    }
    let at = first.at.clone();
    let others = all.apis.iter().filter(|api| !api.documents.is_empty());
    let others: Vec<String> = others
        .map(|api| printable(api.id()))
        .take(MAX_SUGGESTED)
        .collect();
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
