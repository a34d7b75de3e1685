//! The gallery over the network: its catalogue, and the files of a listing, from the gallery over https, from a copy at any base URL, or
//! from a mirror on disk.
//!
//! [`Fetcher::listing`] takes a listing's name and what is [`Known`] of it, and gives its index and the documents that are wanted,
//! with what `gallery.lock` is to say of each. Files that are new are put into a folder of the caller's, who puts snapshot and lock in
//! place together, or neither. [`Fetcher::repositories`] and [`Fetcher::providers`] say what there is.
//!
//! A listing comes whole or not at all. Refused are a source without https (but for this machine itself), redirects to hosts
//! that nobody allowed, links on disk, files that are too large or are HTML, and an index that points elsewhere.

mod budget;
mod cache;
mod catalogue;
mod error;
mod hosts;
mod http;
mod known;
mod listing;
mod mirror;
mod plan;
mod retry;

use std::path::PathBuf;
use std::time::Duration;

use openapi_text::front_matter::MAX_FILE_BYTES;
use url::Url;

pub use crate::cache::Cache;
pub use crate::catalogue::{Catalogue, Kind, Provider, Repository, Unread};
pub use crate::error::FetchError;
pub use crate::known::Known;
pub use crate::listing::{Fetched, FetchedFile, Request};
pub use crate::retry::Retries;

/// Where listings come from.
#[derive(Clone, PartialEq, Eq)]
pub enum Source {
    /// The gallery or a copy of it.
    Http {
        /// The base URL, below which a listing is at `OWNER/REPOSITORY/master/_listings/PROVIDER`.
        base: Url,
        /// Hosts, besides the base URL's, that a redirect may lead to: `NAME` or `NAME:PORT`.
        hosts: Vec<String>,
    },
    /// A folder that holds a listing at `OWNER__REPOSITORY/_listings/PROVIDER`.
    Mirror(PathBuf),
}

/// Without what may be secret in a URL.
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

/// How patient a fetch is, and how much it takes in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Files under way at the same time; nought counts as one.
    pub concurrency: usize,
    /// How long a connection may take to come about.
    pub connect_timeout: Duration,
    /// How long a server may be silent while a file is on its way.
    pub idle_timeout: Duration,
    /// How long one file may take, from the connection to its last byte.
    pub request_timeout: Duration,
    /// How long all of a listing may take, retries included.
    pub overall_timeout: Duration,
    /// What is done about requests that failed and may not fail again.
    pub retries: Retries,
    /// The largest file, in bytes, after decompression.
    pub max_file_bytes: u64,
    /// The most that the files of the listing may have together, in bytes. The gallery's largest listing has 315 MB.
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
            retries: Retries::default(),
            max_file_bytes: MAX_FILE_BYTES as u64,
            max_listing_bytes: 512 << 20,
        }
    }
}

/// What a fetch is about, while it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// So many files are to come, those that came already included.
    Planned(usize),
    /// One file is here, or known not to have changed.
    File,
    /// A request failed and is made again after a while.
    Waiting {
        /// What was asked for.
        at: String,
        /// What became of it.
        reason: String,
        /// How long it waits.
        wait: Duration,
    },
}

/// Brings things from one source. Requests share its connections.
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
    /// Makes the HTTP client, and refuses a source that is not safe; connects to nothing. `on` is told what goes on.
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
