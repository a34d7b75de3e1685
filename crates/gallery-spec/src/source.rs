//! Sources: what a client is made from.
//!
//! A source and its snapshot yield a [`Draft`]. Everything after that (names, canonical document,
//! overlay, report, code) works on the draft and does not know the kind of source.
//!
//! To add a kind of source, touch:
//!
//! 1. a crate of its own that reads the files and returns a `Draft`, like `gallery-listings`;
//! 2. this module: a variant of [`Source`] with its settings, and one arm in each of its methods;
//! 3. `config/read.rs`: the key in `gallery.toml`;
//! 4. `config/edit.rs`: how `add` writes that key;
//! 5. `gallery-fetch`: how the files are found and downloaded;
//! 6. `gallery-cli`: how `add` and `fetch` name the source.
//!
//! [`Source`] is matched without a wildcard, so the compiler lists the places.

use std::fmt;

use gallery_draft::{Choices, Draft, FileSet};
use gallery_listings::{self as listings, Documents, Listing, ListingRef};
use openapi_text::Diagnostics;

/// The source of a client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Listings of one provider in the old gallery.
    Listings(ListingsSource),
}

/// One or several listings of one provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingsSource {
    /// The listing that names the provider.
    pub first: ListingRef,
    /// Listings that add to the first one.
    pub further: Vec<ListingRef>,
    /// Which documents of each listing are read.
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

impl Source {
    /// Returns the names of the source's file sets, in order: for listings, those of the listings.
    pub fn names(&self) -> Vec<String> {
        match self {
            Source::Listings(listings) => listings.all().map(ToString::to_string).collect(),
        }
    }

    /// Returns the folder of a file set within the snapshot's folder, with a slash at its end. It is
    /// empty if there is only one file set.
    pub fn prefix_of(&self, name: &str) -> String {
        match self.names().len() {
            1 => String::new(),
            _ => format!("{name}/"),
        }
    }

    /// Makes a draft of the files of a snapshot.
    ///
    /// Returns nothing if `diagnostics` has errors, those of earlier stages included.
    pub fn draft(
        &self,
        files: &[FileSet],
        choices: &Choices,
        diagnostics: &mut Diagnostics,
    ) -> Option<Draft> {
        match self {
            Source::Listings(source) => {
                // The names of the source count: files may come from a folder elsewhere.
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
        }
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names().join(", "))
    }
}
