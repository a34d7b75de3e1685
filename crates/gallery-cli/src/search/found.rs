//! An API that a search found, as a row of the table and as JSON.

use gallery_fetch::{ApisIoProvider, Provider, Repository};
use serde_json::{Value, json};

use crate::survey::{Counts, Outcome, Row};

/// The number of characters of a description that a table shows.
const MAX_DESCRIPTION: usize = 60;

/// An API that a search found.
#[derive(Clone, Copy)]
pub(super) enum Match<'a> {
    /// A listing of api.gallery.
    Listing(&'a Repository, &'a Provider),
    /// A provider of APIs.io.
    Provider(&'a ApisIoProvider),
}

impl Match<'_> {
    /// Returns the source for `add`.
    fn source(&self) -> String {
        match self {
            Match::Listing(repository, provider) => repository.listing(&provider.slug).to_string(),
            Match::Provider(provider) => format!("{}@apis.io", provider.slug),
        }
    }

    fn provider(&self) -> String {
        match self {
            Match::Listing(_, provider) => provider.name.clone(),
            Match::Provider(provider) => provider.title.clone(),
        }
    }

    /// Returns the title of a repository, or the start of a description.
    fn title(&self) -> String {
        match self {
            Match::Listing(repository, _) => repository.label.clone(),
            Match::Provider(provider) => {
                let text = &provider.description;
                let start: String = text.chars().take(MAX_DESCRIPTION).collect();
                let mark = if start.len() < text.len() { "…" } else { "" };
                format!("{}{mark}", start.trim_end())
            }
        }
    }

    /// Returns the number of paths that the catalogue has for the organization of a listing. That
    /// of a topic counts the paths of all its listings.
    fn paths(&self) -> Option<u64> {
        match self {
            Match::Listing(repository, _)
                if repository.kind == gallery_fetch::Kind::Organization =>
            {
                repository.paths
            }
            _ => None,
        }
    }

    /// Returns the row for the catalogues of the web.
    pub(super) fn row(&self) -> [String; 5] {
        let documents = match self {
            Match::Listing(..) => String::new(),
            Match::Provider(provider) => provider.documents.to_string(),
        };
        let paths = self.paths().map(|paths| paths.to_string());
        [
            self.source(),
            self.provider(),
            paths.unwrap_or_default(),
            documents,
            self.title(),
        ]
    }

    /// Returns the row for a mirror, with the facts of the documents.
    pub(super) fn row_of_mirror(&self, facts: Option<&Row>) -> [String; 7] {
        let [documents, versions, endpoints, typed] = match facts {
            Some(row) if row.outcome != Outcome::Failed => cells(&row.counts),
            _ => Default::default(),
        };
        [
            self.source(),
            self.provider(),
            documents,
            versions,
            endpoints,
            typed,
            self.title(),
        ]
    }

    /// Returns the API as JSON.
    pub(super) fn object(&self, facts: &Option<Row>) -> Value {
        let mut object = match self {
            Match::Listing(repository, provider) => json!({
                "provider": provider.slug, "name": provider.name, "kind": repository.kind,
                "repository": repository.slug, "title": repository.label,
                "listing": self.source(),
            }),
            Match::Provider(provider) => json!({
                "provider": provider.slug, "name": provider.title,
                "description": provider.description, "documents": provider.documents,
                "index": self.source(),
            }),
        };
        if let Some(paths) = self.paths() {
            object["paths"] = paths.into();
        }
        if let Some(row) = facts {
            object["outcome"] = json!(row.outcome);
            if row.outcome != Outcome::Failed {
                let counts = &row.counts;
                object["documents"] = counts.documents.into();
                object["versions"] = json!(counts.versions);
                object["endpoints"] = counts.endpoints.into();
                object["success_responses"] = counts.success_responses.into();
                object["typed_success_responses"] = counts.typed_success_responses.into();
            }
        }
        object
    }
}

/// Returns the number of documents, their versions, the number of endpoints, and the typed
/// responses.
fn cells(counts: &Counts) -> [String; 4] {
    let versions: Vec<&str> = counts.versions.keys().map(String::as_str).collect();
    let (typed, responses) = (counts.typed_success_responses, counts.success_responses);
    [
        counts.documents.to_string(),
        versions.join(" "),
        counts.endpoints.to_string(),
        format!("{typed}/{responses}"),
    ]
}
