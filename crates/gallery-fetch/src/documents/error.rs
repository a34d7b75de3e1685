//! Errors of a source of documents.

use std::time::Duration;

use apis_json::SelectError;
use thiserror::Error;

/// An error from fetching the documents of a source.
#[derive(Debug, Error)]
pub enum DocumentsError {
    /// The source was not complete in time.
    #[error("{source_url} was not complete after {limit:?}; try again later")]
    Slow {
        /// The source.
        source_url: String,
        /// The timeout.
        limit: Duration,
    },
    /// The files are too large.
    #[error(
        "the files of {source_url} are larger than {limit} bytes, the maximum for a source; select some of its APIs with --api"
    )]
    TooLarge {
        /// The source.
        source_url: String,
        /// The limit, in bytes.
        limit: u64,
    },
    /// The name of a provider is not that of a repository.
    #[error("`{}` is not the name of a provider; write NAME@apis.io", openapi_text::printable(.slug))]
    Slug {
        /// The name.
        slug: String,
    },
    /// There is no index of a provider.
    #[error("APIs.io has no provider `{slug}`; find providers with `search`; looked for {at}")]
    NoProvider {
        /// The name of the provider.
        slug: String,
        /// The URLs of its index.
        at: String,
    },
    /// The index or the catalog cannot be read.
    #[error("the index cannot be read; report it to the source:\n{diagnostics}")]
    Index {
        /// The diagnostics, with locations.
        diagnostics: String,
    },
    /// The selection is invalid or matches nothing.
    #[error("{at}: {error}")]
    Select {
        /// The index.
        at: String,
        /// The reason. `Display` has its text, so it is not the source.
        error: SelectError,
    },
    /// The index names no OpenAPI documents.
    #[error("{at} names no OpenAPI document: there is nothing to make a client of")]
    NoDocuments {
        /// The index.
        at: String,
    },
    /// The selected APIs have no OpenAPI documents, but others do.
    #[error("the selected APIs of {at} have no OpenAPI document; these have: {}", .others.join(", "))]
    NoneSelected {
        /// The index.
        at: String,
        /// Identifiers of some APIs with documents.
        others: Vec<String>,
    },
    /// None of the documents can be downloaded.
    #[error(
        "none of the {count} documents that {at} names can be downloaded:\n  {}",
        .reasons.join("\n  ")
    )]
    NoneLeft {
        /// The index.
        at: String,
        /// The number of documents.
        count: usize,
        /// The reasons for some of them.
        reasons: Vec<String>,
    },
    /// The index names too many documents.
    #[error(
        "{at} names {count} documents; the maximum is {limit}; select some of its APIs with --api"
    )]
    TooManyDocuments {
        /// The index.
        at: String,
        /// The number of documents.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// The references lead to too many files.
    #[error(
        "{at} has a reference to a further file, but {limit} files are the maximum for a source"
    )]
    TooManyFiles {
        /// The file with the reference.
        at: String,
        /// The limit.
        limit: usize,
    },
    /// A file is of no known kind.
    #[error(
        "{at} is neither an OpenAPI document, an APIs.json index nor an API catalog (RFC 9727){}",
        if .diagnostics.is_empty() { String::new() } else { format!(":\n{diagnostics}") }
    )]
    UnknownKind {
        /// The URL.
        at: String,
        /// Errors of syntax, with locations.
        diagnostics: String,
    },
    /// There is nothing to select from.
    #[error("{at} is an OpenAPI document, which has no APIs to select from; leave out --api")]
    NothingToSelect {
        /// The URL.
        at: String,
    },
}
