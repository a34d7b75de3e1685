//! The sources of the documents that `diff` compares.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use anyhow::{Result, anyhow};
use gallery_fetch::Settings;
use openapi_text::redact;
use url::Url;

use crate::progress::Progress;

/// The name of standard input in messages.
pub(super) const STDIN: &str = "<stdin>";

/// The source of a document: a path, a URL, standard input, or a path in a git revision.
#[derive(Clone, PartialEq, Eq)]
pub enum DocumentSource {
    /// A file, or the directory of a listing.
    Path(PathBuf),
    /// The URL of a file, which may contain a user and a password.
    Url(String),
    /// Standard input.
    Stdin,
    /// A file, or the directory of a listing, in a git revision.
    Git {
        /// The name of the revision.
        revision: String,
        /// The path, relative to the current directory. The default is the path of the other
        /// document.
        path: Option<String>,
    },
}

impl FromStr for DocumentSource {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<DocumentSource, Self::Err> {
        if text == "-" {
            return Ok(DocumentSource::Stdin);
        }
        // An invalid URL is reported when it is downloaded. The argument parser would print it with
        // its password.
        if is_url(text) {
            return Ok(DocumentSource::Url(text.to_owned()));
        }
        let Some(git) = text.strip_prefix("git:") else {
            return Ok(DocumentSource::Path(PathBuf::from(text)));
        };
        let (revision, path) = git.split_once(':').map_or((git, None), |(revision, path)| {
            (revision, Some(path.to_owned()))
        });
        Ok(DocumentSource::Git {
            revision: revision.to_owned(),
            path,
        })
    }
}

/// Leaves out parts of URLs that may be secret.
impl fmt::Debug for DocumentSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentSource::Path(path) => f.debug_tuple("Path").field(path).finish(),
            DocumentSource::Url(url) => f.debug_tuple("Url").field(&redact::text(url)).finish(),
            DocumentSource::Stdin => f.write_str("Stdin"),
            DocumentSource::Git { revision, path } => f
                .debug_struct("Git")
                .field("revision", revision)
                .field("path", path)
                .finish(),
        }
    }
}

fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("http")
    })
}

/// The settings of downloads.
#[derive(Clone, Copy)]
pub(crate) struct Downloads<'a> {
    /// Further hosts that redirects may lead to.
    pub(crate) hosts: &'a [String],
    pub(crate) settings: &'a Settings,
}

/// Downloads a document, and returns its name in messages and its content.
pub(crate) fn download(url: &str, downloads: Downloads<'_>) -> Result<(String, Vec<u8>)> {
    let url =
        Url::parse(url).map_err(|error| anyhow!("invalid URL `{}`: {error}", redact::text(url)))?;
    let progress = Progress::new("files");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let bytes = runtime.block_on(gallery_fetch::document(
        &url,
        downloads.hosts,
        downloads.settings,
        |event| progress.on(event),
    ))?;
    Ok((redact::url(&url), bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distinguishes_the_sources() {
        let debug = |text: &str| {
            let Ok(source) = text.parse::<DocumentSource>();
            format!("{source:?}")
        };
        assert_eq!(debug("-"), "Stdin");
        assert_eq!(debug("a/http.yaml"), r#"Path("a/http.yaml")"#);
        assert_eq!(
            debug("HTTPS://user:secret@host/a.yaml?token=secret"),
            r#"Url("https://host/a.yaml")"#
        );
        // Not a valid URL.
        let invalid = debug("http://user:secret@host:port/a");
        assert!(
            invalid.starts_with("Url(") && !invalid.contains("secret"),
            "{invalid}"
        );
        assert_eq!(
            debug("git:v1:a.yaml"),
            r#"Git { revision: "v1", path: Some("a.yaml") }"#
        );
    }
}
