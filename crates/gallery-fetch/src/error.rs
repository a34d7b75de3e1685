//! Why a listing could not be brought: what happened, where, and what to do about it.
//!
//! URLs are shown without user name, password, query and fragment: messages end up in logs.

use std::error::Error as _;
use std::io;

use reqwest::StatusCode;
use thiserror::Error;
use url::Url;

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
    #[error("{at} cannot be reached: {reason}; try again later, or take a mirror")]
    Unreachable {
        /// The file.
        at: String,
        /// What the connection came to.
        reason: String,
    },
    /// An answer that is neither the file nor "there is none".
    #[error("{at} was answered with `{status}`; {}", advice(*.status))]
    Status {
        /// The file.
        at: String,
        /// The answer's status.
        status: StatusCode,
    },
    /// An answer that points elsewhere.
    #[error(
        "{at} was answered with a redirect to {to}; redirects are not followed: if that is right, make its base URL the source"
    )]
    Redirect {
        /// The file.
        at: String,
        /// Where the answer points.
        to: String,
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
    #[error("the index of the listing cannot be used; it has to be mended at the source:\n{diagnostics}")]
    Index {
        /// What reading it had to say, with places.
        diagnostics: String,
    },
    /// An index that points out of its folder.
    #[error("{at} names a document outside of the listing's folder, {document}; it has to end in /{folder}/ and a file name")]
    Elsewhere {
        /// The index.
        at: String,
        /// What the index names.
        document: String,
        /// The listing's folder below the gallery's base URL.
        folder: String,
    },
    /// Documents that the index names and the source does not have.
    #[error("the index names documents that are not there; without them the listing is not complete:\n  {}", .missing.join("\n  "))]
    MissingDocuments {
        /// All of them.
        missing: Vec<String>,
    },
    /// A listing without any document.
    #[error("{at} names no documents, and there is no openapi.md beside it; the listing has nothing to make a client from")]
    NoDocuments {
        /// The index.
        at: String,
    },
    /// A web page in a file's place.
    #[error("{at} is HTML, not a file of a listing; look whether the source asks for a login or shows an error page")]
    Html {
        /// The file.
        at: String,
    },
    /// A file over the limit.
    #[error("{at} has more than {limit} bytes, the most that is taken of one file; look at what the source has there")]
    TooLarge {
        /// The file.
        at: String,
        /// Bytes.
        limit: u64,
    },
    /// A listing over the limit.
    #[error("the files of the listing `{listing}` have more than {limit} bytes together, the most that is taken")]
    ListingTooLarge {
        /// The listing, as `gallery.toml` writes it.
        listing: String,
        /// Bytes.
        limit: u64,
    },
    /// A link, folder or device in a mirror where a file should be.
    #[error("{at} is a link, a folder or a device; a mirror has regular files only: put a copy in its place")]
    NotAFile {
        /// The path.
        at: String,
    },
    /// Trouble with the disk that the mirror is on.
    #[error("{at} cannot be read: {error}")]
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
            FetchError::Unreachable { .. } => true,
            FetchError::Status { status, .. } => status.is_server_error(),
            _ => false,
        }
    }
}

fn advice(status: StatusCode) -> &'static str {
    if status.is_server_error() {
        "the source is out of order: try again later, or take a mirror"
    } else {
        "look at what the source wants, or take a mirror"
    }
}

/// What the HTTP library says, with its causes and without the URL, which may hold a password.
pub(crate) fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut reason = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        reason.push_str(": ");
        reason.push_str(&error.to_string());
        cause = error.source();
    }
    reason
}

/// A URL without what may be secret in it.
pub(crate) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Fails only for URLs that cannot have a user, which is as well.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.set_fragment(None);
    url.into()
}

/// The same for a text that may not be a URL.
pub(crate) fn shown_text(text: &str) -> String {
    match Url::parse(text) {
        Ok(url) => shown(&url),
        Err(_) => {
            let path = text.split(['?', '#']).next().unwrap_or_default();
            path.rsplit('@').next().unwrap_or_default().escape_debug().to_string()
        }
    }
}
