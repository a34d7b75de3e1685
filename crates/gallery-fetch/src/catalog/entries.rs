//! The entries of the catalog.

use gallery_spec::listings::ListingRef;
use serde::Serialize;

/// The kind of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// APIs of many providers on one subject.
    Topic,
    /// All APIs of one provider.
    Organization,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 2] = [Kind::Topic, Kind::Organization];

    /// Returns the owner of the repositories of this kind.
    pub fn owner(self) -> &'static str {
        match self {
            Kind::Topic => "streamdata-gallery-topics",
            Kind::Organization => "streamdata-gallery-organizations",
        }
    }

    /// Returns `topics` or `organizations`, the name of the file in the master repository.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Topic => "topics",
            Kind::Organization => "organizations",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Kind::Topic => "topic",
            Kind::Organization => "organization",
        })
    }
}

/// A repository of the gallery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub slug: String,
    /// Its title.
    pub label: String,
    /// Its description.
    pub description: String,
    /// Number of paths, according to the gallery.
    pub paths: Option<u64>,
}

impl Repository {
    /// Returns the listing of a provider.
    pub fn listing(&self, provider: &str) -> ListingRef {
        ListingRef {
            owner: self.kind.owner().to_owned(),
            repository: self.slug.clone(),
            provider: provider.to_owned(),
        }
    }
}

/// A provider in a repository, that is, a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// The directory of its listing.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// A provider of APIs.io.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ApisIoProvider {
    /// The name of its repository.
    pub slug: String,
    /// Its name.
    pub title: String,
    /// The description. It can be empty.
    pub description: String,
    /// Number of OpenAPI documents, according to the catalog.
    pub documents: usize,
}

/// Repositories with their providers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// In the order of the request.
    pub repositories: Vec<(Repository, Vec<Provider>)>,
    /// Entries that could not be read.
    pub unread: Vec<Unread>,
}

/// An entry of the catalog that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The URL or the path of the entry.
    pub at: String,
    /// The reason.
    pub reason: String,
}
