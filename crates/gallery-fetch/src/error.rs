//! Errors of a fetch: what happened, where, and what to do.
//!
//! URLs appear without user name, password, query and fragment, because messages end up in logs.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use thiserror::Error;

use crate::documents::DocumentsError;
use crate::retry::is_transient;

/// An error from fetching a listing or the catalog. Each names the URL or the path.
#[derive(Debug, Error)]
pub enum FetchError {
    /// The source is not safe.
    #[error(
        "unsafe source {source_url}: {reason}; use a base URL with https (http only for loopback), or a mirror"
    )]
    Source {
        /// The base URL of the source.
        source_url: String,
        /// The reason.
        reason: &'static str,
    },
    /// The URL of a document is not safe.
    #[error("unsafe URL {at}: {reason}; use https (http only for loopback)")]
    UnsafeUrl {
        /// The URL.
        at: String,
        /// The reason.
        reason: &'static str,
    },
    /// A URL has no document.
    #[error("{at} does not exist; check the URL")]
    NoDocument {
        /// The URL.
        at: String,
    },
    /// A URL has a web page instead of a document.
    #[error(
        "{at} is HTML, not a document; use the URL of the raw file, and check whether it needs a login"
    )]
    WebPage {
        /// The URL.
        at: String,
    },
    /// TLS or the system configuration does not work.
    #[error("cannot create an HTTP client: {reason}")]
    Client {
        /// The error of the HTTP library.
        reason: String,
    },
    /// The connection failed, timed out, or broke before the file was complete.
    #[error("cannot reach {at}{}: {reason}; try again later{}", times(*.attempts), or_mirror(*.mirror))]
    Unreachable {
        /// The URL of the file.
        at: String,
        /// The error of the last attempt.
        reason: String,
        /// Number of attempts.
        attempts: u32,
        /// True for a file of a listing, which a mirror may have.
        mirror: bool,
    },
    /// The listing was not complete in time.
    #[error(
        "the listing `{listing}` was not complete after {limit:?}; try again later, or use --mirror"
    )]
    Slow {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// The timeout.
        limit: Duration,
    },
    /// The certificate of the server is invalid.
    #[error(
        "invalid certificate of {at}: {reason}; for a server of your own, set SSL_CERT_FILE to a file with its authority"
    )]
    Certificate {
        /// The URL of the file.
        at: String,
        /// The reason.
        reason: String,
    },
    /// The status is neither a success nor "not found".
    #[error(
        "{at} returned `{status}`{}{}; {}{}",
        times(*.attempts),
        retry_after_text(.retry_after),
        advice(*.status, *.mirror),
        or_mirror(*.mirror)
    )]
    Status {
        /// The URL of the file.
        at: String,
        /// The status of the last attempt.
        status: StatusCode,
        /// The server's `Retry-After`.
        retry_after: Option<Duration>,
        /// Number of attempts.
        attempts: u32,
        /// True for a file of a listing, which a mirror may have.
        mirror: bool,
    },
    /// The response redirects to a host that is not allowed.
    #[error("{at} redirects to {to}, which is not allowed: {reason}")]
    Redirect {
        /// The URL of the file.
        at: String,
        /// The target of the redirect.
        to: String,
        /// The reason.
        reason: &'static str,
    },
    /// There are too many redirects.
    #[error("{at} redirects more than {limit} times; check the source")]
    RedirectLoop {
        /// The URL of the file.
        at: String,
        /// Maximum number of redirects.
        limit: usize,
    },
    /// The body has a content encoding that was not requested.
    #[error(
        "{at} has the content encoding `{encoding}`, which was not requested; check the source"
    )]
    Encoding {
        /// The URL of the file.
        at: String,
        /// The `Content-Encoding`.
        encoding: String,
    },
    /// The source does not have the listing.
    #[error("{at} does not exist; check the name of the listing `{listing}` and the source")]
    NoListing {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// Its index.
        at: String,
    },
    /// The mirror does not have the listing.
    #[error(
        "{folder} is not a directory (symlinks are not followed); a mirror has the listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER: check the path of the mirror and the name of the listing"
    )]
    NoFolder {
        /// The directory of the listing, or its parent.
        folder: String,
    },
    /// The directory of the mirror has no repositories.
    #[error(
        "{folder} is not a mirror: it has no directory OWNER__REPOSITORY with `_listings` or an index; check the path of the mirror"
    )]
    NoMirror {
        /// The directory.
        folder: String,
    },
    /// The index cannot be read.
    #[error("the index of the listing is invalid; report it to the source:\n{diagnostics}")]
    Index {
        /// The diagnostics, with locations.
        diagnostics: String,
    },
    /// The index names a document of another listing or host.
    #[error(
        "{at} names the document {document}, which is not in the listing: {reason}; report it to the source"
    )]
    OutsideListing {
        /// The index.
        at: String,
        /// The document.
        document: String,
        /// The reason.
        reason: String,
    },
    /// Two documents have names that differ only in case, which some file systems cannot hold.
    #[error(
        "{at} names the documents {first} and {second}, which differ only in case; report it to the source"
    )]
    NamesDifferInCase {
        /// The index.
        at: String,
        /// The first file name.
        first: String,
        /// The second file name.
        second: String,
    },
    /// The source does not have documents that the index names.
    #[error("the index names documents that do not exist:\n  {}", .missing.join("\n  "))]
    MissingDocuments {
        /// Their URLs or paths.
        missing: Vec<String>,
    },
    /// The catalog cannot be read.
    #[error("invalid catalog {at}: {reason}; report it to the source")]
    Catalog {
        /// The URL of the file.
        at: String,
        /// The reason.
        reason: String,
    },
    /// The listing has no documents.
    #[error(
        "{at} names no documents, and there is no openapi.md beside it: a client cannot be made from this listing"
    )]
    NoDocuments {
        /// The index.
        at: String,
    },
    /// The response is a web page.
    #[error(
        "{at} is HTML, not a file of a listing; check whether the source returns a login or error page"
    )]
    Html {
        /// The URL of the file.
        at: String,
    },
    /// A file is too large.
    #[error("{at} is larger than {limit} bytes, the maximum for a file; check the source")]
    TooLarge {
        /// The URL of the file.
        at: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The listing is too large.
    #[error(
        "the files of the listing `{listing}` are larger than {limit} bytes, the maximum for a listing"
    )]
    ListingTooLarge {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// A file of a mirror is a symlink, a directory or a device.
    #[error("{at} is a symlink, a directory or a device; replace it by a regular file")]
    NotAFile {
        /// The path.
        at: String,
    },
    /// A file is not in the mirror.
    #[error("{at} is not in the mirror, which has only files of the provider's repository")]
    NotInMirror {
        /// The path, or the URL of a file outside of the repository.
        at: String,
    },
    /// The source of documents cannot be used.
    #[error(transparent)]
    Documents(#[from] DocumentsError),
    /// A file operation failed.
    #[error("{at}: {error}")]
    Disk {
        /// The path.
        at: String,
        /// The error of the operating system. `Display` has its text, so it is not the source.
        error: io::Error,
    },
}

impl FetchError {
    /// Returns true if the source is not reachable or not working, so that the same fetch may
    /// succeed later.
    pub fn is_unreachable(&self) -> bool {
        match self {
            FetchError::Unreachable { .. }
            | FetchError::Slow { .. }
            | FetchError::Documents(DocumentsError::Slow { .. }) => true,
            FetchError::Status { status, .. } => is_transient(*status),
            _ => false,
        }
    }

    /// Sets the number of attempts.
    pub(crate) fn after(mut self, tries: u32) -> FetchError {
        if let FetchError::Unreachable { attempts, .. } | FetchError::Status { attempts, .. } =
            &mut self
        {
            *attempts = tries;
        }
        self
    }

    /// Returns the reason without the URL.
    pub(crate) fn reason(&self) -> String {
        match self {
            FetchError::Unreachable { reason, .. } => reason.clone(),
            FetchError::Status { status, .. } => status.to_string(),
            other => other.to_string(),
        }
    }
}

fn times(attempts: u32) -> String {
    if attempts > 1 {
        format!(" ({attempts} attempts)")
    } else {
        String::new()
    }
}

fn retry_after_text(delay: &Option<Duration>) -> String {
    delay
        .map(|delay| format!(" with a Retry-After of {delay:?}"))
        .unwrap_or_default()
}

fn advice(status: StatusCode, mirror: bool) -> &'static str {
    if is_transient(status) {
        "try again later"
    } else if mirror {
        "check the source"
    } else {
        "check the URL"
    }
}

fn or_mirror(mirror: bool) -> &'static str {
    if mirror { ", or use --mirror" } else { "" }
}

/// Returns the innermost error of the HTTP library. The outer ones repeat that there is an error,
/// and can have a password in a URL.
pub(crate) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    causes(&error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

/// Returns the error of the server's certificate, if there is one.
pub(crate) fn certificate(error: &reqwest::Error) -> Option<String> {
    causes(error).find_map(|cause| match tls(cause) {
        Some(error @ rustls::Error::InvalidCertificate(_)) => Some(error.to_string()),
        _ => None,
    })
}

/// Returns the error of the TLS library, which is wrapped in one or more I/O errors.
fn tls<'a>(cause: &'a (dyn std::error::Error + 'static)) -> Option<&'a rustls::Error> {
    match cause
        .downcast_ref::<io::Error>()
        .and_then(io::Error::get_ref)
    {
        Some(inner) => tls(inner),
        None => cause.downcast_ref(),
    }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(
        error.source(),
        |cause: &&(dyn std::error::Error + 'static)| (*cause).source(),
    )
}
