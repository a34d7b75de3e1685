//! Brings the files of one listing into memory: from the gallery over https, from a copy at any base URL, or from a mirror on disk.
//!
//! In goes a listing's name and a [`Source`]; out come its index and every document that the index names, with what
//! `gallery.lock` wants to know of each. Nothing is written: the caller puts files and lock in place together, or neither.
//!
//! A listing comes whole or not at all. Refused are a source without https (but for this machine itself), redirects, links
//! on disk, files that are too large or are HTML, and an index that points anywhere but at its own folder.

mod budget;
mod error;
mod http;
mod mirror;
mod plan;

use std::path::PathBuf;
use std::time::Duration;

use futures::{StreamExt, stream};
use gallery_spec::config::ListingRef;
use gallery_spec::front_matter::MAX_FILE_BYTES;
use gallery_spec::index;
use gallery_spec::lock::{self, LockedFile, Origin, Snapshot};
use url::Url;

use crate::budget::Budget;
pub use crate::error::FetchError;

/// Where listings come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// The gallery or a copy of it: the base URL, below which a listing is at `OWNER/REPOSITORY/master/_listings/PROVIDER`.
    Http(Url),
    /// A folder that holds a listing at `OWNER__REPOSITORY/_listings/PROVIDER`.
    Mirror(PathBuf),
}

/// How patient a fetch is, and how much it takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Files under way at the same time; nought counts as one.
    pub concurrency: usize,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long one file may take, from the connection to its last byte.
    pub request_timeout: Duration,
    /// The largest file, in bytes.
    pub max_file_bytes: u64,
    /// The most that the files of the listing may have together, in bytes. The gallery's largest listing has 315 MB.
    pub max_listing_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            concurrency: 8,
            connect_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(60),
            max_file_bytes: MAX_FILE_BYTES as u64,
            max_listing_bytes: 512 << 20,
        }
    }
}

/// The files of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetched {
    /// The index and the documents, sorted by name.
    pub files: Vec<FetchedFile>,
}

/// One file of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// The name in the listing's folder, always a plain one.
    pub name: String,
    /// Where the lock says that it comes from; for a mirror, the gallery's own URL of it.
    pub url: String,
    /// The entity tag that the server gave.
    pub etag: Option<String>,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl Fetched {
    /// What the lock says of these files.
    pub fn snapshot(&self) -> Snapshot {
        let locked = |file: &FetchedFile| LockedFile {
            path: file.name.clone(),
            url: file.url.clone(),
            size: file.bytes.len() as u64,
            sha256: lock::sha256(&file.bytes),
            etag: file.etag.clone(),
        };
        Snapshot { origin: Origin::Fetched, files: self.files.iter().map(locked).collect() }
    }
}

/// Brings the index of `listing` and then every document that it names, each once.
///
/// The future wants a Tokio runtime with I/O and time. Dropping it ends all that is under way.
pub async fn fetch(listing: &ListingRef, source: &Source, settings: &Settings) -> Result<Fetched, FetchError> {
    let budget = Budget::new(listing, settings);
    let folder = Folder::open(listing, source, settings).await?;
    let Some(index) = folder.read(index::FILE_NAME, &budget).await? else {
        return Err(FetchError::NoListing { listing: listing.to_string(), at: folder.at(index::FILE_NAME) });
    };
    let wanted = plan::documents(listing, &folder.at(index::FILE_NAME), &index.bytes)?;

    // Answers are taken in the order of the names, so that of several failures the same one is told every time.
    let (folder, budget) = (&folder, &budget);
    let mut answers = stream::iter(wanted)
        .map(|document| async move {
            let answer = folder.read(&document.name, budget).await;
            (document, answer)
        })
        .buffered(settings.concurrency.max(1));
    let mut files = vec![index];
    let mut missing = Vec::new();
    while let Some((document, answer)) = answers.next().await {
        match answer? {
            Some(file) => files.push(file),
            None if document.named => missing.push(folder.at(&document.name)),
            None => {}
        }
    }
    if !missing.is_empty() {
        return Err(FetchError::MissingDocuments { missing });
    }
    if files.len() == 1 {
        return Err(FetchError::NoDocuments { at: folder.at(index::FILE_NAME) });
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Fetched { files })
}

/// A listing's folder at its source.
enum Folder {
    Http(http::Folder),
    Mirror(mirror::Folder),
}

impl Folder {
    async fn open(listing: &ListingRef, source: &Source, settings: &Settings) -> Result<Folder, FetchError> {
        Ok(match source {
            Source::Http(base) => Folder::Http(http::Folder::open(listing, base, settings)?),
            Source::Mirror(root) => Folder::Mirror(mirror::Folder::open(listing, root).await?),
        })
    }

    /// The file of that name, or nothing when there is none.
    async fn read(&self, name: &str, budget: &Budget) -> Result<Option<FetchedFile>, FetchError> {
        let file = match self {
            Folder::Http(folder) => folder.read(name, budget).await?,
            Folder::Mirror(folder) => folder.read(name, budget).await?,
        };
        match file {
            Some(file) if is_html(&file.bytes) => Err(FetchError::Html { at: self.at(name) }),
            file => Ok(file),
        }
    }

    /// What messages call the file of that name.
    fn at(&self, name: &str) -> String {
        match self {
            Folder::Http(folder) => folder.at(name),
            Folder::Mirror(folder) => folder.at(name),
        }
    }
}

/// Whether the file is a web page, such as the one that a login or an error puts in a file's place. No document starts like one.
fn is_html(bytes: &[u8]) -> bool {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start().starts_with(b"<")
}
