//! From the documents of a listing to its endpoints: repairs and lifts every operation entry, those that are listed alike only once.
//!
//! The documents of a listing hold the same entries again and again. What becomes of one depends on what is listed, on whether its
//! document is named after it, and on what the index knows; so copies that agree in that share one endpoint.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::documents::settled;
use crate::lift::{Dropped, LiftedEndpoint, lift};
use crate::repair::repair;
use crate::server::Known;
use crate::store::COMBINED;
use crate::swagger2::{Document, Operation};
use openapi_text::{Diagnostics, Location, Severity};

/// Where an operation entry stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// The document's file.
    pub file: String,
    /// JSON pointer of the operation in it.
    pub pointer: String,
}

/// The lifted content of one document.
#[derive(Clone, Debug)]
pub struct Lifted {
    /// The document's file.
    pub file: String,
    /// `info.version`.
    pub version: String,
    /// `info.termsOfService`.
    pub terms_of_service: Option<String>,
    /// The slugs whose own documents need not be read beside this one; none where it is not the combined document.
    pub settled: BTreeSet<String>,
    /// The entries that could be kept.
    pub copies: Vec<LiftedCopy>,
}

/// One operation entry that could be kept.
#[derive(Clone, Debug)]
pub struct LiftedCopy {
    /// Where it stands.
    pub source: Source,
    /// The endpoint that it describes, shared by all entries that are listed alike.
    pub endpoint: Arc<LiftedEndpoint>,
}

/// All that decides what becomes of an operation entry, within a listing.
#[derive(PartialEq, Eq, Hash)]
struct Listed {
    operation: Operation,
    is_own: bool,
}

/// The operation entries of one listing that were met so far, and what became of them.
pub struct Copies<'a> {
    known: &'a Known,
    met: HashMap<Listed, Result<Arc<LiftedEndpoint>, Arc<Dropped>>>,
}

impl<'a> Copies<'a> {
    /// None so far. `known` is what the listing's index knows of its servers.
    pub fn new(known: &'a Known) -> Copies<'a> {
        Copies {
            known,
            met: HashMap::new(),
        }
    }

    /// Repairs and lifts the operation entries of a document, and drops, with the reason, those whose path is none.
    pub fn lift(&mut self, document: Document, diagnostics: &mut Diagnostics) -> Lifted {
        let Document {
            file,
            version,
            terms_of_service,
            server,
            slugs,
            operations,
            ..
        } = document;
        let name = file.rsplit('/').next().unwrap_or(&file);
        let own_slug = name.strip_suffix("-openapi.md");
        let settled = match name == COMBINED {
            true => settled(
                slugs.iter().map(String::as_str),
                server.host.is_some(),
                self.known,
            ),
            false => BTreeSet::new(),
        };
        let settled = settled.into_iter().map(str::to_owned).collect();
        let (mut copies, mut all_dropped) = (Vec::new(), Vec::new());
        for operation in operations {
            let is_own = own_slug.is_some() && operation.slug.as_deref() == own_slug;
            let pointer = operation.pointer.clone();
            let outcome = self.outcome(Listed { operation, is_own });
            let changes = match &outcome {
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
            match outcome {
                Ok(endpoint) => copies.push(LiftedCopy {
                    source: Source {
                        file: file.clone(),
                        pointer,
                    },
                    endpoint,
                }),
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
        Lifted {
            file,
            version,
            terms_of_service,
            settled,
            copies,
        }
    }

    fn outcome(&mut self, listed: Listed) -> Result<Arc<LiftedEndpoint>, Arc<Dropped>> {
        match self.met.entry(listed) {
            Entry::Occupied(met) => met.get().clone(),
            Entry::Vacant(new) => {
                let Listed { operation, is_own } = new.key();
                let mut operation = operation.clone();
                repair(&mut operation, *is_own, self.known);
                let outcome = lift(operation, self.known).map(Arc::new).map_err(Arc::new);
                new.insert(outcome).clone()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::parse;
    use crate::store::RawFile;

    fn document(name: &str, paths: &str) -> Document {
        let text = format!("swagger: '2.0'\npaths:\n{paths}");
        parse(
            &RawFile::new(name.to_owned(), text.into_bytes()),
            &mut Diagnostics::default(),
        )
        .unwrap()
    }

    const A: &str = "  /a/{id}: {get: {x-api-path-slug: a, summary: A}}\n";

    #[test]
    fn entries_that_are_listed_alike_share_an_endpoint_and_each_is_told_of_at_its_place() {
        let known = Known::default();
        let (mut copies, mut diagnostics) = (Copies::new(&known), Diagnostics::default());
        let one = copies.lift(document("l/b-openapi.md", A), &mut diagnostics);
        let other = copies.lift(document("l/c-openapi.md", A), &mut diagnostics);
        assert!(Arc::ptr_eq(
            &one.copies[0].endpoint,
            &other.copies[0].endpoint
        ));
        assert_eq!(
            (
                one.copies[0].source.file.as_str(),
                other.copies[0].source.file.as_str()
            ),
            ("l/b-openapi.md", "l/c-openapi.md")
        );

        let said = |file| {
            diagnostics
                .iter()
                .filter(move |said| said.location.file == file)
                .map(|said| (said.code, &said.message))
        };
        let first: Vec<_> = said("l/b-openapi.md").collect();
        assert!(!first.is_empty());
        assert_eq!(first, said("l/c-openapi.md").collect::<Vec<_>>());
    }

    #[test]
    fn entries_of_which_anything_differs_are_endpoints_of_their_own() {
        let known = Known::default();
        let (mut copies, mut diagnostics) = (Copies::new(&known), Diagnostics::default());
        let mut endpoint = |name, paths| {
            copies
                .lift(document(name, paths), &mut diagnostics)
                .copies
                .remove(0)
                .endpoint
        };
        let first = endpoint("openapi.md", A);
        for (name, paths) in [
            ("a-openapi.md", A), // It is named after the entry, so that its server is believed.
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
}
