//! Sources of documents.

use std::fmt;
use std::path::Path;

use openapi_text::{printable, redact};
use url::Url;

use crate::local_files::LocalFiles;

/// A source of OpenAPI documents on the web.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentsSource {
    /// An APIs.json index, or an API catalog (RFC 9727). The content tells which.
    Index {
        /// Its URL.
        url: Url,
        /// Globs of the identifiers of the APIs to download, or of the slugs, anchors or titles of
        /// the entries of a catalog. Empty: all.
        apis: Vec<String>,
    },
    /// A provider of APIs.io: the index in its repository.
    Provider {
        /// The base URL of the repositories, such as
        /// [`DEFAULT_APIS_IO`](gallery_spec::config::DEFAULT_APIS_IO).
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

impl fmt::Display for DocumentsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentsSource::Index { url, .. } => f.write_str(&redact::url(url)),
            DocumentsSource::Provider { slug, .. } => write!(f, "{}@apis.io", printable(slug)),
            DocumentsSource::Documents(urls) => {
                let urls: Vec<_> = urls.iter().map(redact::url).collect();
                f.write_str(&urls.join(", "))
            }
        }
    }
}
