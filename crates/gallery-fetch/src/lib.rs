//! Downloads listings and the catalog of api.gallery: from the gallery over https, from a copy at
//! any base URL, or from a mirror on disk.
//!
//! [`Fetcher::listing`] downloads the index and the documents of a listing, and returns the entries
//! of `gallery.lock` for them. Files that are already on disk, as [`LocalFiles`] found them, are
//! not downloaded again. New files go into a directory of the caller, who moves them and the lock
//! into place together. [`Fetcher::repositories`] and [`Fetcher::providers`] read the catalog.
//!
//! A listing is complete or an error. A fetch rejects sources without https (except on loopback),
//! redirects to hosts that are not allowed, symlinks, HTML, files that are too large, and indexes
//! that refer to files of other listings.

mod budget;
mod cache;
mod catalog;
mod error;
mod hosts;
mod http;
mod listing;
mod local_files;
mod mirror;
mod plan;
mod retry;

use std::path::PathBuf;
use std::time::Duration;

use openapi_text::front_matter::MAX_FILE_BYTES;
use url::Url;

pub use crate::cache::Cache;
pub use crate::catalog::{Catalog, Kind, Provider, Repository, Unread};
pub use crate::error::FetchError;
pub use crate::listing::{Fetched, FetchedFile, Request};
pub use crate::local_files::LocalFiles;
pub use crate::retry::RetryPolicy;

/// The source of listings.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// api.gallery, or a copy of it.
    Http {
        /// The base URL. A listing is at `OWNER/REPOSITORY/master/_listings/PROVIDER` below it.
        base: Url,
        /// Other hosts that redirects may lead to: `NAME` or `NAME:PORT`.
        hosts: Vec<String>,
    },
    /// A directory. A listing is at `OWNER__REPOSITORY/_listings/PROVIDER` in it.
    Mirror(PathBuf),
}

/// Leaves out parts of URLs that may be secret.
impl std::fmt::Debug for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Http { base, .. } => f.write_str(&openapi_text::redact::url(base)),
            Source::Mirror(folder) => write!(f, "the mirror {}", folder.display()),
        }
    }
}

/// Timeouts, limits and retries of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Number of files that are downloaded at the same time, at least 1.
    pub concurrency: usize,
    /// Timeout for connecting.
    pub connect_timeout: Duration,
    /// Timeout between two reads of a response.
    pub idle_timeout: Duration,
    /// Timeout for one file, from connecting to the last byte.
    pub request_timeout: Duration,
    /// Timeout for a whole listing, including retries.
    pub overall_timeout: Duration,
    /// Retries of transient failures.
    pub retries: RetryPolicy,
    /// Maximum size of a file, in bytes, after decompression.
    pub max_file_bytes: u64,
    /// Maximum size of all files of a listing, in bytes. The largest listing of api.gallery has 315
    /// MB.
    pub max_listing_bytes: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            concurrency: 8,
            connect_timeout: Duration::from_secs(10),
            idle_timeout: Duration::from_secs(20),
            request_timeout: Duration::from_secs(120),
            overall_timeout: Duration::from_secs(1800),
            retries: RetryPolicy::default(),
            max_file_bytes: MAX_FILE_BYTES as u64,
            max_listing_bytes: 512 << 20,
        }
    }
}

/// Progress of a fetch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The number of files to fetch, including those that are done.
    Planned(usize),
    /// A file is done: downloaded, or unchanged.
    File,
    /// A request failed and will be retried.
    Waiting {
        /// The URL.
        at: String,
        /// The reason of the failure.
        reason: String,
        /// The delay before the next attempt.
        wait: Duration,
    },
}

/// Downloads from one source. All requests share a connection pool.
pub struct Fetcher {
    source: Access,
    settings: Settings,
    on: Box<dyn Fn(Event) + Send + Sync>,
}

enum Access {
    Web { web: Box<http::Web>, base: Url },
    Mirror(PathBuf),
}

impl Fetcher {
    /// Creates a fetcher without connecting. `on` is called with each event.
    ///
    /// # Errors
    ///
    /// The source is not safe, or this machine cannot make an HTTP client.
    pub fn new(
        source: &Source,
        settings: Settings,
        on: impl Fn(Event) + Send + Sync + 'static,
    ) -> Result<Fetcher, FetchError> {
        let source = match source {
            Source::Http { base, hosts } => Access::Web {
                web: Box::new(http::Web::new(base, hosts, &settings)?),
                base: hosts::base(base),
            },
            Source::Mirror(root) => Access::Mirror(root.clone()),
        };
        Ok(Fetcher {
            source,
            settings,
            on: Box::new(on),
        })
    }
}
