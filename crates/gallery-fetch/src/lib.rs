//! Downloads listings and the catalog of api.gallery: from the gallery over https, from a copy at
//! any base URL, or from a mirror on disk. Downloads OpenAPI documents: from indexes, catalogs and
//! any URLs.
//!
//! [`Fetcher::listing`] downloads the index and the documents of a listing, and returns the entries
//! of `gallery.lock` for them. Files that are already on disk, as [`LocalFiles`] found them, are
//! not downloaded again. New files go into a directory of the caller, who moves them and the lock
//! into place together. [`Fetcher::repositories`] and [`Fetcher::providers`] read the catalog.
//! [`document`](fn@document) downloads one document from any URL.
//!
//! [`Fetcher::documents`] downloads the documents of a [`DocumentsSource`], and the files that
//! their references lead to. [`Fetcher::discover`] finds the kind of source at a URL.
//! [`Fetcher::apis_io_providers`] and [`search`] find providers of APIs.io.
//!
//! A listing is complete or an error. A fetch rejects sources without https (except on loopback),
//! redirects to hosts that are not allowed, symlinks, HTML, files that are too large, and indexes
//! that refer to files of other listings.

mod apis_io;
mod budget;
mod cache;
mod catalog;
mod document;
mod documents;
mod error;
mod event;
mod fetched;
mod fetcher;
mod hosts;
mod http;
mod listing;
mod local_files;
mod mirror;
mod plan;
mod retry;
mod settings;
mod source;

pub use crate::apis_io::{ApisIo, search};
pub use crate::cache::Cache;
pub use crate::catalog::{ApisIoProvider, Catalog, Kind, Provider, Repository, Unread};
pub use crate::document::document;
pub use crate::documents::{DocumentsError, DocumentsRequest, DocumentsSource};
pub use crate::error::FetchError;
pub use crate::event::Event;
pub use crate::fetched::{Fetched, FetchedFile, Skipped};
pub use crate::fetcher::Fetcher;
pub use crate::listing::Request;
pub use crate::local_files::LocalFiles;
pub use crate::retry::RetryPolicy;
pub use crate::settings::Settings;
pub use crate::source::Source;
