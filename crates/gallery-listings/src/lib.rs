//! Reads listings of the old gallery (api.gallery): files of one or several listings → [`Draft`].
//!
//! ```text
//! files ─► parse ─► repair ─► lift ─► merge ─► draft
//!          YAML     Swagger   3.0     duplicates
//! ```
//!
//! A listing is one provider in one repository of the gallery: an index (`apis.md`) and Swagger 2.0
//! documents. [`draft`] runs all stages. Each stage is a function from values to values; defects of
//! the content go to [`Diagnostics`].

mod documents;
mod entities;
mod entries;
mod files;
mod index;
mod lift;
mod listing;
mod merge;
mod parse;
mod read;
mod repair;
mod server;
mod server_index;
mod swagger2;
mod text;

use std::collections::{BTreeMap, BTreeSet, btree_map};

use openapiv3::{Info, OpenAPI};

use self::entries::EntryLifter;
use self::files::is_certain_document;
use self::merge::{LiftedListing, Merged, merge};
use self::parse::parse;
use self::server_index::ServerIndex;
use gallery_draft::{
    Account, Choices, ComponentNames, DocumentAccount, Draft, IndexEntry, Links, Provenance,
    RawFile, assign_paths,
};
use openapi_text::{Diagnostics, Location, Severity};

use self::swagger2::Contact;

pub use self::documents::Documents;
pub use self::files::{COMBINED, INDEX, file_name, is_document};
pub use self::index::{Entry, Index, Link, Maintainer};
pub use self::listing::{Listing, ListingRef};
pub use self::read::{ListingFiles, ReadFile, read_listing};
pub use self::repair::{REPAIRS, Repair};
pub use self::text::is_header_name;

/// The version of OpenAPI that drafts have.
const OPENAPI: &str = "3.0.3";

/// Makes a draft of one or several listings of one provider. The first listing names the provider;
/// the others add to it.
///
/// Returns nothing if `diagnostics` has errors, those of earlier stages included.
pub fn draft(
    listings: &[Listing<'_>],
    choices: &Choices,
    diagnostics: &mut Diagnostics,
) -> Option<Draft> {
    let mut index: Option<Index> = None;
    let mut has_all_indexes = true;
    let mut lifted_listings = Vec::new();
    let mut account = Account::default();
    for listing in listings {
        let own = read_index(listing, diagnostics);
        let servers = own.as_ref().map(ServerIndex::new).unwrap_or_default();
        let mut lifter = EntryLifter::new(&servers);
        let mut documents = Vec::new();
        let named: BTreeSet<&str> = own
            .iter()
            .flat_map(|index| index.document_files())
            .collect();
        for file in listing.documents() {
            let in_index = named.contains(file.name());
            let is_required = file.name() == COMBINED
                || (is_certain_document(file.name()) && (in_index || own.is_none()));
            let Some(document) = parse_document(file, is_required, diagnostics) else {
                account.unread_files.push(file.path.clone());
                continue;
            };
            account.documents.push(DocumentAccount {
                set: listing.name.to_owned(),
                file: document.file.clone(),
                version: "2.0".to_owned(),
                entries: document.entries,
                in_index,
            });
            documents.push(lifter.lift(document, diagnostics));
        }
        lifted_listings.push(LiftedListing {
            name: listing.name,
            documents,
            index_hosts: servers.hosts().collect(),
        });
        has_all_indexes &= own.is_some();
        match (&mut index, own) {
            (Some(first), Some(own)) => first.extend(own),
            (index, own) => *index = index.take().or(own),
        }
        account.sets.push(listing.name.to_owned());
        let unread = listing
            .files
            .iter()
            .filter(|file| file.name() != INDEX && !is_document(file.name()));
        account
            .unread_files
            .extend(unread.map(|file| file.path.clone()));
    }
    let merged = merge(&lifted_listings, choices, diagnostics);
    let index = index.filter(|_| has_all_indexes)?;
    if merged.endpoints.is_empty() {
        diagnostics.push(
            Severity::Error,
            "no-endpoints",
            Location::file(listings.first().map_or("", |listing| listing.name)),
            "the listing has no usable endpoint",
        );
    }
    if diagnostics.has_errors() {
        return None;
    }
    account.index = index_entries(&index);
    let provenance = provenance(&index, listings);
    Some(assemble(index, merged, provenance, account))
}

/// Parses a document. The errors of a document that is not required are warnings.
fn parse_document(
    file: &RawFile,
    is_required: bool,
    diagnostics: &mut Diagnostics,
) -> Option<swagger2::Document> {
    if is_required {
        return parse(file, diagnostics);
    }
    let mut own = diagnostics.child();
    let document = parse(file, &mut own);
    for diagnostic in own.iter() {
        let severity = match diagnostic.severity {
            Severity::Error => Severity::Warning,
            severity => severity,
        };
        let message = match diagnostic.severity {
            Severity::Error => format!(
                "{}; the index does not name this file as a document, so it is not read",
                diagnostic.message
            ),
            _ => diagnostic.message.clone(),
        };
        diagnostics.push(
            severity,
            diagnostic.code,
            diagnostic.location.clone(),
            message,
        );
    }
    document
}

fn assemble(index: Index, merged: Merged, provenance: Provenance, account: Account) -> Draft {
    let Merged {
        version,
        terms_of_service,
        contact,
        server,
        mut endpoints,
    } = merged;
    let terms = index.link("x-terms-of-service").map(str::to_owned);
    let document = OpenAPI {
        openapi: OPENAPI.to_owned(),
        info: Info {
            title: index.name,
            description: index.description,
            terms_of_service: terms_of_service.or(terms),
            contact: contact.map(Contact::lift),
            version,
            ..Info::default()
        },
        servers: vec![server],
        ..OpenAPI::default()
    };
    assign_paths(&mut endpoints, &document);
    Draft {
        document,
        endpoints,
        provenance,
        account,
        component_names: ComponentNames::new(),
    }
}

fn provenance(index: &Index, listings: &[Listing<'_>]) -> Provenance {
    let mut names = listings.iter().map(|listing| listing.name.to_owned());
    Provenance {
        origin: "its listing in api.gallery".to_owned(),
        source: names.next().unwrap_or_default(),
        further_sources: names.collect(),
        index: index.url.clone(),
        modified: index.modified.clone(),
        licence: "CC-BY-3.0".to_owned(),
        author: "streamdata.io / API Evangelist".to_owned(),
        maintainers: index
            .maintainers
            .iter()
            .map(|maintainer| maintainer.name.clone())
            .collect(),
        links: links(index),
    }
}

fn links(index: &Index) -> BTreeMap<String, Links> {
    let mut links = BTreeMap::new();
    for link in &index.links {
        match links.entry(link.kind.clone()) {
            btree_map::Entry::Vacant(vacant) => _ = vacant.insert(Links::One(link.url.clone())),
            btree_map::Entry::Occupied(mut known) => known.get_mut().add(link.url.clone()),
        }
    }
    links
}

fn index_entries(index: &Index) -> Vec<IndexEntry> {
    let entry = |(position, entry): (usize, &Entry)| IndexEntry {
        name: entry.name.clone(),
        slug: entry.slug.clone(),
        documents: entry.documents.clone(),
        duplicate_of: index.duplicate_of(position),
    };
    index.entries.iter().enumerate().map(entry).collect()
}

/// Reads the index of a listing, and reports documents that it names and the listing lacks.
fn read_index(listing: &Listing<'_>, diagnostics: &mut Diagnostics) -> Option<Index> {
    let Some(file) = listing.index() else {
        // A missing file was reported when the files were read.
        if !diagnostics.has_errors() {
            let message = format!("the listing has no index `{INDEX}`");
            let place = Location::file(listing.name);
            diagnostics.push(Severity::Error, "no-index", place, message);
        }
        return None;
    };
    let provider = listing.name.rsplit('/').next().unwrap_or(listing.name);
    let index = Index::parse(file, provider, diagnostics)?;
    let combined = match listing.documents {
        // Its defects are reported when it is read as a document.
        Documents::Needed => listing
            .combined()
            .and_then(|file| file.value(&mut Diagnostics::default())),
        Documents::All => None,
    };
    let mut wanted = listing.documents.select(&index, combined);
    if index.document_files().contains(&COMBINED) {
        wanted.push(COMBINED);
    }
    let was_refused = |name: &str| {
        diagnostics
            .of(Severity::Error)
            .any(|error| error.location.file.ends_with(&format!("/{name}")))
    };
    // Without the combined document, it is unknown which documents are needed.
    if was_refused(COMBINED) {
        return Some(index);
    }
    let existing: BTreeSet<&str> = listing.files.iter().map(RawFile::name).collect();
    let missing: Vec<&str> = wanted
        .into_iter()
        .filter(|name| !existing.contains(name) && !was_refused(name))
        .collect();
    for missing in missing {
        let message = format!(
            "the index names the document `{missing}`, which the snapshot does not have; fetch the client again"
        );
        diagnostics.push(
            Severity::Error,
            "missing-document",
            Location::file(&file.path),
            message,
        );
    }
    Some(index)
}
