//! Operation entries that compete to describe an endpoint.

use openapiv3::Server;

use crate::entries::LiftedDocument;
use crate::files::own_slug;
use crate::lift::LiftedEndpoint;
use gallery_draft::EntryLocation;

/// The trust in a document. The most trusted sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The combined document.
    Combined,
    /// Named after an endpoint that the combined document lacks, or whose host it may not have.
    Needed,
    /// Read for the account only.
    Spare,
}

/// A document and the trust in it.
pub(super) type Ranked<'a> = (Rank, &'a LiftedDocument);

/// The documents of one listing.
#[derive(Clone, Debug)]
pub(crate) struct LiftedListing<'a> {
    /// `OWNER/REPOSITORY/PROVIDER`.
    pub(crate) name: &'a str,
    /// Its documents.
    pub(crate) documents: Vec<LiftedDocument>,
    /// The host of each entry of its index.
    pub(crate) index_hosts: Vec<String>,
}

/// An operation entry of an endpoint.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) rank: Rank,
    /// The position of its listing.
    pub(super) listing: usize,
    pub(super) file: &'a str,
    pub(super) pointer: &'a str,
    pub(super) endpoint: &'a LiftedEndpoint,
    /// Its server, once [`assign_servers`](super::servers::assign_servers) has corrected it.
    pub(super) server: &'a Server,
}

impl<'a> Candidate<'a> {
    pub(super) fn file_name(&self) -> &'a str {
        file_name(self.file)
    }

    pub(super) fn location(&self, listings: &[&str]) -> EntryLocation {
        EntryLocation {
            file: self.file.to_owned(),
            pointer: self.pointer.to_owned(),
            set: listings[self.listing].to_owned(),
        }
    }

    /// Returns true if the document is named after the endpoint.
    pub(super) fn is_own(&self) -> bool {
        let slug = self.endpoint.slug.as_deref();
        slug.is_some() && own_slug(self.file_name()) == slug
    }

    /// Sorts by file name; files of the same name in the order of their listings.
    pub(super) fn order(&self) -> (&'a str, usize, &'a str, &'a str) {
        (self.file_name(), self.listing, self.file, self.pointer)
    }
}

pub(super) fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}
