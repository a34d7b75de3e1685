//! The source of a client.
//!
//! A source and its snapshot yield a [`Draft`]. The later stages (names, canonical document,
//! overlay, report, code) work on the draft. They do not depend on the kind of source.
//!
//! To add a kind of source, change these parts:
//!
//! 1. a new crate that reads the files and returns a `Draft`, like `gallery-listings`;
//! 2. this module: a variant of [`Source`] with its settings, and one arm in each of its methods;
//! 3. `config/read.rs`: the key in `gallery.toml`;
//! 4. `config/edit.rs`: how `add` writes that key;
//! 5. `gallery-fetch`: how the files are found and downloaded;
//! 6. `gallery-cli`: how `add` and `fetch` name the source.
//!
//! No `match` on [`Source`] has a wildcard, so the compiler lists the positions.

mod documents;

use std::fmt;

use gallery_documents::{ComponentNames, Settings};
use gallery_draft::{Choices, Draft, FileSet};
use gallery_listings::{self as listings, Documents, Listing, ListingRef};
use openapi_text::Diagnostics;

pub use self::documents::{DocumentsSource, Place};

/// The source of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Listings of one provider in api.gallery.
    Listings(ListingsSource),
    /// OpenAPI documents of any version, or an index of them.
    Documents(DocumentsSource),
}

/// One or several listings of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingsSource {
    /// The listing that identifies the provider.
    pub first: ListingRef,
    /// Listings that are merged into the first one.
    pub further: Vec<ListingRef>,
    /// The documents to read of each listing.
    pub documents: Documents,
}

impl ListingsSource {
    /// Creates a source of one listing.
    pub fn new(listing: ListingRef) -> ListingsSource {
        ListingsSource {
            first: listing,
            further: Vec::new(),
            documents: Documents::default(),
        }
    }

    /// Returns all listings, in order.
    pub fn all(&self) -> impl Iterator<Item = &ListingRef> {
        std::iter::once(&self.first).chain(&self.further)
    }
}

impl From<ListingsSource> for Source {
    fn from(source: ListingsSource) -> Source {
        Source::Listings(source)
    }
}

impl From<ListingRef> for Source {
    fn from(listing: ListingRef) -> Source {
        Source::Listings(ListingsSource::new(listing))
    }
}

impl From<DocumentsSource> for Source {
    fn from(source: DocumentsSource) -> Source {
        Source::Documents(source)
    }
}

impl Source {
    /// Returns the names of the source's file sets, in order. Each listing is a file set; documents
    /// are one file set.
    pub fn names(&self) -> Vec<String> {
        match self {
            Source::Listings(listings) => listings.all().map(ToString::to_string).collect(),
            Source::Documents(documents) => vec![documents.to_string()],
        }
    }

    /// Returns the directory of a file set in the snapshot's directory, with a trailing slash. The
    /// path is empty if there is only one file set.
    pub fn prefix_of(&self, name: &str) -> String {
        match self.names().len() {
            1 => String::new(),
            _ => format!("{name}/"),
        }
    }

    /// Returns the name of the snapshot's directory.
    pub fn directory(&self) -> &'static str {
        match self {
            Source::Listings(_) => "listing",
            Source::Documents(_) => "source",
        }
    }

    /// Returns true if the files are read where they are, so that the source has no snapshot.
    pub fn is_local(&self) -> bool {
        match self {
            Source::Listings(_) => false,
            Source::Documents(documents) => documents.is_local(),
        }
    }

    /// Reads the files of a snapshot into a draft. `components` has the component names of earlier
    /// runs. With `all_components`, components that no operation reaches are kept.
    ///
    /// Returns `None` if `diagnostics` has errors, including those of earlier stages.
    pub fn draft(
        &self,
        files: &[FileSet],
        choices: &Choices,
        components: &ComponentNames,
        all_components: bool,
        diagnostics: &mut Diagnostics,
    ) -> Option<Draft> {
        match self {
            Source::Listings(source) => {
                // The file sets may have other names, for example those of a temporary directory.
                let names = self.names();
                let listings: Vec<Listing<'_>> = names
                    .iter()
                    .zip(files)
                    .map(|(name, set)| Listing {
                        name,
                        ..Listing::new(set, source.documents)
                    })
                    .collect();
                listings::draft(&listings, choices, diagnostics)
            }
            Source::Documents(source) => {
                // A file that cannot be read would cause further errors.
                let set = files.first().filter(|_| !diagnostics.has_errors())?;
                let settings = Settings {
                    apis: source.apis(),
                    index: source.index_path(),
                    documents: &source.document_places(),
                    all_components,
                };
                gallery_documents::draft(set, &settings, choices, components, diagnostics)
            }
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(", "))
    }
}
