//! Repairs and lifts the operation entries of a listing, each distinct entry once.
//!
//! The documents of a listing hold the same entries again and again. The result for an entry
//! depends on its content, on whether its document is named after it, and on the index; entries
//! that agree in these share one endpoint.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::documents::covered;
use super::files::{COMBINED, own_slug};
use super::lift::{DroppedEntry, LiftedEndpoint, lift};
use super::repair::repair;
use super::server::{is_placeholder, normalize};
use super::server_index::ServerIndex;
use super::swagger2::{Contact, Document, Operation};
use openapi_text::{Diagnostics, Location, Severity};

/// The lifted content of one document.
#[derive(Clone, Debug)]
pub(crate) struct LiftedDocument {
    /// The file.
    pub(crate) file: String,
    /// `info.version`.
    pub(crate) version: String,
    /// `info.termsOfService`.
    pub(crate) terms_of_service: Option<String>,
    /// `info.contact`.
    pub(crate) contact: Option<Contact>,
    /// The host, unless it is a placeholder.
    pub(crate) host: Option<String>,
    /// The slugs whose own documents need not be read besides this one. Empty unless this is the
    /// combined document.
    pub(crate) covered: BTreeSet<String>,
    /// The entries that were kept.
    pub(crate) entries: Vec<LiftedEntry>,
}

/// An operation entry that was kept.
#[derive(Clone, Debug)]
pub(crate) struct LiftedEntry {
    /// The JSON pointer of the operation in its document.
    pub(crate) pointer: String,
    /// The endpoint that it describes, shared by all equal entries.
    pub(crate) endpoint: Arc<LiftedEndpoint>,
}

/// Everything within a listing that decides the result for an operation entry.
#[derive(PartialEq, Eq, Hash)]
struct EntryContent {
    operation: Operation,
    is_own: bool,
}

/// Lifts the documents of one listing and keeps the result for each distinct entry.
pub(crate) struct EntryLifter<'a> {
    servers: &'a ServerIndex,
    results: HashMap<EntryContent, Result<Arc<LiftedEndpoint>, Arc<DroppedEntry>>>,
}

impl<'a> EntryLifter<'a> {
    /// Creates a lifter. `servers` are those that the listing's index names.
    pub(crate) fn new(servers: &'a ServerIndex) -> EntryLifter<'a> {
        EntryLifter {
            servers,
            results: HashMap::new(),
        }
    }

    /// Repairs and lifts the entries of a document. Drops those without a usable path.
    pub(crate) fn lift(
        &mut self,
        document: Document,
        diagnostics: &mut Diagnostics,
    ) -> LiftedDocument {
        let Document {
            file,
            version,
            terms_of_service,
            contact,
            server,
            slugs,
            operations,
            ..
        } = document;
        let name = file.rsplit('/').next().unwrap_or(&file);
        let own_slug = own_slug(name);
        let covered = match name == COMBINED {
            true => covered(slugs.iter().map(String::as_str), &server, self.servers),
            false => BTreeSet::new(),
        };
        let covered = covered.into_iter().map(str::to_owned).collect();
        let (mut entries, mut all_dropped) = (Vec::new(), Vec::new());
        for operation in operations {
            let is_own = own_slug.is_some() && operation.slug.as_deref() == own_slug;
            let pointer = operation.pointer.clone();
            let result = self.result(EntryContent { operation, is_own });
            let changes = match &result {
                Ok(endpoint) => &endpoint.changes,
                Err(dropped) => &dropped.changes,
            };
            for change in changes {
                diagnostics.push(
                    change.severity,
                    change.code,
                    Location::pointer(&file, &change.pointer),
                    &change.message,
                );
            }
            match result {
                Ok(endpoint) => entries.push(LiftedEntry { pointer, endpoint }),
                Err(dropped) => all_dropped.push((pointer, dropped)),
            }
        }
        for (pointer, dropped) in all_dropped {
            diagnostics.push(
                Severity::Dropped,
                dropped.reason.code(),
                Location::pointer(&file, pointer),
                &dropped.message,
            );
        }
        LiftedDocument {
            file,
            version,
            terms_of_service,
            contact,
            host: normalize(&server)
                .server
                .host
                .filter(|host| !is_placeholder(host)),
            covered,
            entries,
        }
    }

    fn result(&mut self, content: EntryContent) -> Result<Arc<LiftedEndpoint>, Arc<DroppedEntry>> {
        match self.results.entry(content) {
            Entry::Occupied(known) => known.get().clone(),
            Entry::Vacant(new) => {
                let EntryContent { operation, is_own } = new.key();
                let mut operation = operation.clone();
                repair(&mut operation, *is_own, self.servers);
                let result = lift(operation, self.servers)
                    .map(Arc::new)
                    .map_err(Arc::new);
                new.insert(result).clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use gallery_draft::{DropReason, RawFile};

    fn document(name: &str, paths: &str) -> Document {
        let text = format!("swagger: '2.0'\npaths:\n{paths}");
        parse(&RawFile::new(name, text), &mut Diagnostics::default()).unwrap()
    }

    const A: &str = "  /a/{id}: {get: {x-api-path-slug: a, summary: A}}\n";

    #[test]
    fn equal_entries_share_an_endpoint_and_report_their_own_locations() {
        let servers = ServerIndex::default();
        let (mut lifter, mut diagnostics) = (EntryLifter::new(&servers), Diagnostics::default());
        let one = lifter.lift(document("l/b-openapi.md", A), &mut diagnostics);
        let other = lifter.lift(document("l/c-openapi.md", A), &mut diagnostics);
        assert!(Arc::ptr_eq(
            &one.entries[0].endpoint,
            &other.entries[0].endpoint
        ));

        let messages = |file| {
            diagnostics
                .iter()
                .filter(move |diagnostic| diagnostic.location.file == file)
                .map(|diagnostic| (diagnostic.code, &diagnostic.message))
        };
        let first: Vec<_> = messages("l/b-openapi.md").collect();
        assert!(!first.is_empty());
        assert_eq!(first, messages("l/c-openapi.md").collect::<Vec<_>>());
    }

    #[test]
    fn entries_that_differ_have_their_own_endpoints() {
        let servers = ServerIndex::default();
        let (mut lifter, mut diagnostics) = (EntryLifter::new(&servers), Diagnostics::default());
        let mut endpoint = |name, paths| {
            lifter
                .lift(document(name, paths), &mut diagnostics)
                .entries
                .remove(0)
                .endpoint
        };
        let first = endpoint("openapi.md", A);
        for (name, paths) in [
            // The document is named after the entry, so its server is trusted.
            ("a-openapi.md", A),
            (
                "b-openapi.md",
                "  /a/{id}: {get: {x-api-path-slug: a, summary: B}}\n",
            ),
            (
                "b-openapi.md",
                "  /a/{id}: {put: {x-api-path-slug: a, summary: A}}\n",
            ),
            (
                "b-openapi.md",
                "  /a/{id}/: {get: {x-api-path-slug: a, summary: A}}\n",
            ),
            (
                "b-openapi.md",
                "  /a/{id}: {get: {x-api-path-slug: a, summary: A}}\nhost: p.io\n",
            ),
        ] {
            assert!(
                !Arc::ptr_eq(&first, &endpoint(name, paths)),
                "{name} {paths}"
            );
        }
    }

    #[test]
    fn examples_are_dropped_for_their_reason() {
        for reason in DropReason::ALL {
            let (path, key) = reason.example();
            let (servers, mut diagnostics) = (ServerIndex::default(), Diagnostics::default());
            let text = format!("swagger: '2.0'\npaths:\n  {path}:\n    '{key}': {{}}\n");
            let document = parse(&RawFile::new("a", text), &mut diagnostics).unwrap();
            let lifted = EntryLifter::new(&servers).lift(document, &mut diagnostics);
            let dropped = diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.code == reason.code());
            assert_eq!((lifted.entries.len(), dropped.count()), (0, 1), "{path}");
        }
    }
}
