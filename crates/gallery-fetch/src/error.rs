//! Why a listing could not be brought: what happened, where, and what to do about it.
//!
//! URLs are shown without user name, password, query and fragment: messages end up in logs.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use reqwest::StatusCode;
use thiserror::Error;

use crate::retry::is_transient;

/// Why a listing could not be brought. Places are URLs or paths that a person can open.
#[derive(Debug, Error)]
pub enum FetchError {
    /// A source that is never asked.
    #[error(
        "the source {source_url} is refused: {reason}; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
    )]
    Source {
        /// The source's base URL.
        source_url: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// No TLS or no system configuration to make a client from.
    #[error("no HTTP client can be made on this machine: {reason}")]
    Client {
        /// What the HTTP library says.
        reason: String,
    },
    /// No connection, none in time, or one that broke before the file was complete.
    #[error("{at} cannot be reached{}: {reason}; try again later, or take a mirror", times(*.attempts))]
    Unreachable {
        /// The file.
        at: String,
        /// What the last connection came to.
        reason: String,
        /// How often it was tried.
        attempts: u32,
    },
    /// A listing that was not complete in time.
    #[error(
        "the listing `{listing}` was not complete after {limit:?}; try again later, or take a mirror"
    )]
    Slow {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// How long it may take.
        limit: Duration,
    },
    /// A server that cannot prove who it is.
    #[error(
        "the certificate of {at} is refused: {reason}; if the server is your own, name a file with its authority in SSL_CERT_FILE"
    )]
    Certificate {
        /// The file.
        at: String,
        /// What is wrong with it.
        reason: String,
    },
    /// An answer that is neither the file nor "there is none".
    #[error("{at} was answered with `{status}`{}{}; {}", times(*.attempts), wish(.asked), advice(*.status))]
    Status {
        /// The file.
        at: String,
        /// The last answer's status.
        status: StatusCode,
        /// How long the server wants to be left alone (`Retry-After`).
        asked: Option<Duration>,
        /// How often it was tried.
        attempts: u32,
    },
    /// An answer that points where nobody allowed.
    #[error("{at} was answered with a redirect to {to}, which is not followed: {reason}")]
    Redirect {
        /// The file.
        at: String,
        /// Where the answer points.
        to: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// Redirects without an end.
    #[error(
        "{at} was answered with more than {limit} redirects, one after the other; look at what the source has there"
    )]
    RedirectLoop {
        /// The file.
        at: String,
        /// How many are followed.
        limit: usize,
    },
    /// A body packed in a way that was not asked for.
    #[error(
        "{at} is packed as `{encoding}`, which was not asked for; look at what the source has there"
    )]
    Encoding {
        /// The file.
        at: String,
        /// The answer's `Content-Encoding`.
        encoding: String,
    },
    /// A listing that the source does not have.
    #[error("{at} is not there; check the name of the listing `{listing}` and the source")]
    NoListing {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// Its index.
        at: String,
    },
    /// A listing that the mirror does not have.
    #[error(
        "{folder} is no folder (a link is none); a mirror holds a listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER, with its apis.md: check the mirror's path and the listing's name"
    )]
    NoFolder {
        /// The listing's folder, or the one above it.
        folder: String,
    },
    /// An index that cannot be read.
    #[error(
        "the index of the listing cannot be used; it has to be mended at the source:\n{diagnostics}"
    )]
    Index {
        /// What reading it had to say, with places.
        diagnostics: String,
    },
    /// An index that points elsewhere.
    #[error(
        "{at} names a document elsewhere, {document}: {reason}; the index has to be mended at the source"
    )]
    Elsewhere {
        /// The index.
        at: String,
        /// What the index names.
        document: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Documents that one folder cannot hold on every system.
    #[error(
        "{at} names the documents {first} and {second}, which differ only by case; the index has to be mended at the source"
    )]
    SameButForCase {
        /// The index.
        at: String,
        /// A file name.
        first: String,
        /// Another file name.
        second: String,
    },
    /// Documents that the index names and the source does not have.
    #[error("the index names documents that are not there; without them the listing is not complete:\n  {}", .missing.join("\n  "))]
    MissingDocuments {
        /// All of them.
        missing: Vec<String>,
    },
    /// A catalogue that cannot be read.
    #[error("{at} cannot be used: {reason}; it has to be mended at the source")]
    Catalogue {
        /// The file.
        at: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A listing without any document.
    #[error(
        "{at} names no documents, and there is no openapi.md beside it; the listing has nothing to make a client from"
    )]
    NoDocuments {
        /// The index.
        at: String,
    },
    /// A web page in a file's place.
    #[error(
        "{at} is HTML, not a file of a listing; look whether the source asks for a login or shows an error page"
    )]
    Html {
        /// The file.
        at: String,
    },
    /// A file over the limit.
    #[error(
        "{at} has more than {limit} bytes, the most that is taken of one file; look at what the source has there"
    )]
    TooLarge {
        /// The file.
        at: String,
        /// Bytes.
        limit: u64,
    },
    /// A listing over the limit.
    #[error(
        "the files of the listing `{listing}` have more than {limit} bytes together, the most that is taken"
    )]
    ListingTooLarge {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// Bytes.
        limit: u64,
    },
    /// A link, folder or device in a mirror where a file should be.
    #[error(
        "{at} is a link, a folder or a device; a mirror has regular files only: put a copy in its place"
    )]
    NotAFile {
        /// The path.
        at: String,
    },
    /// Trouble with the disk.
    #[error("{at}: {error}")]
    Disk {
        /// The path.
        at: String,
        /// What the operating system says.
        #[source]
        error: io::Error,
    },
}

impl FetchError {
    /// Whether the source could not be reached or is out of order, so that the same fetch may work at another time.
    pub fn is_unreachable(&self) -> bool {
        match self {
            FetchError::Unreachable { .. } | FetchError::Slow { .. } => true,
            FetchError::Status { status, .. } => is_transient(*status),
            _ => false,
        }
    }

    /// The error of a request that was made so often.
    pub(crate) fn after(mut self, tries: u32) -> FetchError {
        if let FetchError::Unreachable { attempts, .. } | FetchError::Status { attempts, .. } =
            &mut self
        {
            *attempts = tries;
        }
        self
    }

    /// What happened, in few words, without the place.
    pub(crate) fn what(&self) -> String {
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

fn wish(asked: &Option<Duration>) -> String {
    asked
        .map(|asked| format!(" and the wish to be left alone for {asked:?}"))
        .unwrap_or_default()
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT => {
            "try again later, or take a mirror"
        }
        status if status.is_server_error() => {
            "the source is out of order: try again later, or take a mirror"
        }
        _ => "look at what the source wants, or take a mirror",
    }
}

/// What the HTTP library says at the bottom of it. What it says above repeats that it is an error, and may hold a password in a URL.
pub(crate) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    causes(&error)
        .last()
        .map_or_else(|| error.to_string(), ToString::to_string)
}

/// What is wrong with the server's certificate, if that is what is wrong.
pub(crate) fn certificate(error: &reqwest::Error) -> Option<String> {
    causes(error).find_map(|cause| match tls(cause) {
        Some(error @ rustls::Error::InvalidCertificate(_)) => Some(error.to_string()),
        _ => None,
    })
}

/// The TLS library's error, which comes wrapped in the system's, maybe more than once.
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
