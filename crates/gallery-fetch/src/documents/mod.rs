//! Downloads OpenAPI documents: those that an APIs.json index or an API catalog names, or those at
//! given URLs, and the files that their references lead to.
//!
//! # Rules
//!
//! The *root* of a source is the directory of its index or document. Upstream chooses only bytes:
//!
//! - an index names documents below its root by relative URLs, and others by absolute URLs on
//!   allowed hosts: its own, and `hosts` of the configuration;
//! - a reference leads to files below the root of its document, on the same host;
//! - redirects lead to allowed hosts;
//! - loopback is an allowed host only if the source is on loopback, and `file:` never is.
//!
//! A reference that breaks a rule or leads nowhere is a notice, and stays unresolved. A document of
//! an index that cannot be downloaded is skipped and listed in [`Fetched::skipped`], unless none is
//! left. If the server is down, the whole fetch fails: a partial source would look like a change.
//!
//! # Paths
//!
//! Files below the root keep their relative paths. Others are in a directory with the name of their
//! host. Names in URLs can be anything, but a snapshot has only plain names (see
//! [`is_plain_file_name`](gallery_spec::draft::is_plain_file_name)): each segment that is not plain
//! has its other characters replaced by `_`, and a part of its checksum appended. So do files whose
//! paths differ only in case; the path in lowercase stays. The index is always `apis.json`,
//! `apis.yml` or `apis.yaml`, and no other file at the root has these names.
//!
//! The lock has the URL of each file, and [`RawFile::url`](gallery_spec::draft::RawFile::url) keeps
//! it. References and the URLs of an index are resolved by URL, so paths need not be decoded.
//!
//! # Conditional requests
//!
//! A file is requested with the entity tag of the file in the lock that has the same URL. Locks have
//! no query strings, so URLs with a query string are requested unconditionally.

mod discover;
mod download;
mod error;
mod named;
mod names;
mod root;

use std::path::Path;

use url::Url;

use crate::error::FetchError;
use crate::fetcher::Fetcher;
use crate::listing::Fetched;
use crate::local_files::LocalFiles;

pub use error::DocumentsError;

/// A source of OpenAPI documents on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentsSource {
    /// An APIs.json index.
    Index {
        /// Its URL.
        url: Url,
        /// Globs of the identifiers of the APIs to download. Empty: all APIs.
        apis: Vec<String>,
    },
    /// An API catalog (RFC 9727).
    Catalog {
        /// Its URL.
        url: Url,
        /// Globs of the slugs, anchors or titles of the entries to download. Empty: all entries.
        apis: Vec<String>,
    },
    /// A provider of APIs.io: the index in its repository.
    Provider {
        /// The base URL of the repositories, such as [`ApisIo::DEFAULT_BASE`](crate::ApisIo).
        base: Url,
        /// The name of the repository.
        slug: String,
        /// As for an index.
        apis: Vec<String>,
    },
    /// Documents.
    Documents(
        /// Their URLs, at least one. The directory of the first one is the root of the paths.
        Vec<Url>,
    ),
}

/// A request for the documents of a source.
#[derive(Clone, Copy, Debug)]
pub struct DocumentsRequest<'a> {
    /// The source.
    pub source: &'a DocumentsSource,
    /// Other hosts that may be requested: `NAME` or `NAME:PORT`.
    pub hosts: &'a [String],
    /// The files that are on disk already.
    pub local: &'a LocalFiles,
    /// The directory for new files. It is created for the first one.
    pub into: &'a Path,
}

/// A document of an index that was not downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The URL of the document as the index writes it, without user, password and query.
    pub url: String,
    /// The location in the index.
    pub at: String,
    /// The reason.
    pub reason: String,
}

impl Fetcher {
    /// Downloads the documents of a source, whatever the fetcher's own source is.
    ///
    /// The future needs a Tokio runtime with I/O and time. Dropping it cancels all downloads.
    ///
    /// # Errors
    ///
    /// The source has no documents or breaks a limit, the selection matches nothing, or a server
    /// cannot be reached.
    pub async fn documents(&self, request: DocumentsRequest<'_>) -> Result<Fetched, FetchError> {
        let limit = self.settings.overall_timeout;
        let source = request.source;
        match tokio::time::timeout(limit, download::all(self, request)).await {
            Ok(Err(FetchError::ListingTooLarge { limit, .. })) => {
                let source = source.to_string();
                Err(DocumentsError::TooLarge { source_url: source, limit }.into())
            }
            Ok(fetched) => fetched,
            Err(_) => {
                let source = source.to_string();
                Err(DocumentsError::Slow { source_url: source, limit }.into())
            }
        }
    }
}

impl std::fmt::Display for DocumentsSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        use openapi_text::{printable, redact};
        match self {
            DocumentsSource::Index { url, .. } | DocumentsSource::Catalog { url, .. } => {
                f.write_str(&redact::url(url))
            }
            DocumentsSource::Provider { slug, .. } => write!(f, "{}@apis.io", printable(slug)),
            DocumentsSource::Documents(urls) => {
                let urls: Vec<_> = urls.iter().map(redact::url).collect();
                f.write_str(&urls.join(", "))
            }
        }
    }
}
