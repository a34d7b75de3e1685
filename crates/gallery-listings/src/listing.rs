//! Listings: their names, their files, and how the gallery lays them out.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::documents::Documents;
use super::files::{COMBINED, INDEX, is_document};
use gallery_draft::{FileSet, RawFile, is_plain_file_name};

/// A provider in a repository of the gallery: `OWNER/REPOSITORY/PROVIDER`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct ListingRef {
    /// The owner of the repository, such as `streamdata-gallery-topics`.
    pub owner: String,
    /// The repository, such as `memberships`.
    pub repository: String,
    /// The provider's folder in the repository, such as `mattermost`.
    pub provider: String,
}

impl ListingRef {
    /// Parses `OWNER/REPOSITORY/PROVIDER`.
    pub fn parse(text: &str) -> Option<ListingRef> {
        let parts: Vec<&str> = text.split('/').collect();
        let [owner, repository, provider] = parts[..] else {
            return None;
        };
        let plain = [owner, repository, provider]
            .into_iter()
            .all(is_plain_file_name);
        plain.then(|| ListingRef {
            owner: owner.into(),
            repository: repository.into(),
            provider: provider.into(),
        })
    }

    /// Returns the path of the listing's folder below the gallery's base URL.
    pub fn url_path(&self) -> String {
        format!(
            "{}/{}/master/_listings/{}",
            self.owner, self.repository, self.provider
        )
    }

    /// Returns the path of the listing's folder in a mirror on disk.
    pub fn mirror_path(&self) -> String {
        format!(
            "{}__{}/_listings/{}",
            self.owner, self.repository, self.provider
        )
    }
}

impl fmt::Display for ListingRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.owner, self.repository, self.provider)
    }
}

impl TryFrom<String> for ListingRef {
    type Error = String;

    fn try_from(text: String) -> Result<ListingRef, String> {
        ListingRef::parse(&text)
            .ok_or_else(|| format!("`{text}` is not a listing; write OWNER/REPOSITORY/PROVIDER"))
    }
}

impl From<ListingRef> for String {
    fn from(listing: ListingRef) -> String {
        listing.to_string()
    }
}

/// A listing in memory.
#[derive(Clone, Copy, Debug)]
pub struct Listing<'a> {
    /// `OWNER/REPOSITORY/PROVIDER`, or a folder.
    pub name: &'a str,
    /// The index and the documents, sorted by path.
    pub files: &'a [RawFile],
    /// Which documents of the index should be there.
    pub documents: Documents,
}

impl<'a> Listing<'a> {
    /// Creates a listing of a set of files.
    pub fn new(set: &'a FileSet, documents: Documents) -> Listing<'a> {
        Listing {
            name: &set.name,
            files: &set.files,
            documents,
        }
    }

    /// Returns the index.
    pub fn index(&self) -> Option<&'a RawFile> {
        self.files.iter().find(|file| file.name() == INDEX)
    }

    /// Returns the combined document.
    pub fn combined(&self) -> Option<&'a RawFile> {
        self.files.iter().find(|file| file.name() == COMBINED)
    }

    /// Returns the Swagger documents.
    pub fn documents(&self) -> impl Iterator<Item = &'a RawFile> {
        self.files.iter().filter(|file| is_document(file.name()))
    }
}
