//! Downloads OpenAPI documents: those that an APIs.json index or an API catalog names, or those at
//! given URLs, and the files that their references lead to.
//!
//! # Rules
//!
//! The *root* of a source is the directory of its index or document. Upstream chooses only bytes:
//!
//! - an index names documents below its root by relative URLs, and others by absolute URLs on
//!   allowed hosts: its own, and `hosts` of the configuration;
//! - an index includes further indexes below its root, each of which is read once;
//! - a reference leads to files below the root of its document, on the same host;
//! - redirects lead to allowed hosts;
//! - loopback is an allowed host only if the source is on loopback, and `file:` never is.
//!
//! A reference that breaks a rule or leads nowhere is a notice, and stays unresolved. A document of
//! an index that cannot be downloaded is skipped and listed in
//! [`Fetched::skipped`](crate::Fetched), unless none is left. If the server is down, the whole
//! fetch fails: a partial source would look like a change.
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
//! # Mirrors
//!
//! A mirror has the repository of a provider of APIs.io at `OWNER__PROVIDER`. The rules and paths
//! are the same, and the lock has the URLs of APIs.io. Files outside of the repository are not in a
//! mirror.
//!
//! # Conditional requests
//!
//! A file is requested with the entity tag of the file in the lock that has the same URL. Locks
//! have no query strings, so URLs with a query string are requested unconditionally.

mod discover;
mod download;
mod error;
mod included;
mod mirror;
mod named;
mod names;
mod provider;
mod request;
mod root;
mod transfer;

use crate::error::FetchError;
use crate::fetched::Fetched;
use crate::fetcher::Fetcher;

pub use error::DocumentsError;
pub(crate) use provider::{INDEXES, below, owner};
pub use request::{DocumentsRequest, DocumentsSource};

impl Fetcher {
    /// Downloads the documents of a source. Providers of APIs.io are read from the mirror if the
    /// fetcher has one. Other documents are downloaded, whatever the fetcher's own source is.
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
                let source_url = source.to_string();
                Err(DocumentsError::TooLarge { source_url, limit }.into())
            }
            Ok(fetched) => fetched,
            Err(_) => {
                let source_url = source.to_string();
                Err(DocumentsError::Slow { source_url, limit }.into())
            }
        }
    }
}
