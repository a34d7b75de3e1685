//! The source of a fetch: a base URL or a mirror on disk.

use std::fmt;
use std::path::PathBuf;

use openapi_text::redact;
use url::Url;

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
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Http { base, .. } => f.write_str(&redact::url(base)),
            Source::Mirror(folder) => write!(f, "the mirror {}", folder.display()),
        }
    }
}
