//! Chooses the documents to download from an index. The index is not trusted: it can only choose
//! files of its own directory.

use std::collections::{BTreeMap, BTreeSet};

use gallery_spec::config::DEFAULT_SOURCE;
use gallery_spec::draft::{RawFile, is_plain_file_name};
use gallery_spec::listings::COMBINED;
use gallery_spec::listings::Documents;
use gallery_spec::listings::ListingRef;
use gallery_spec::listings::{INDEX, Index, is_document};
use openapi_text::redact;
use openapi_text::yaml;
use openapi_text::{Diagnostics, Severity};
use url::Url;

use crate::error::FetchError;
use crate::local_files::LocalFiles;

/// The documents that an index names.
#[derive(Debug)]
pub(crate) struct Plan {
    index: Index,
    /// Warnings about documents that are not downloaded.
    pub(crate) notices: Vec<String>,
}

impl Plan {
    /// Reads the index at `at`. `refuse` returns the reason why a URL is not allowed.
    pub(crate) fn read(
        listing: &ListingRef,
        at: &str,
        bytes: &[u8],
        refuse: impl Fn(&Url) -> Option<&'static str>,
    ) -> Result<Plan, FetchError> {
        let mut diagnostics = Diagnostics::default();
        let index = Index::parse(
            &RawFile::new(at.to_owned(), bytes.to_vec()),
            &listing.provider,
            &mut diagnostics,
        );
        let messages = |severity| {
            diagnostics
                .of(severity)
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        let Some(index) = index.filter(|_| !diagnostics.has_errors()) else {
            return Err(FetchError::Index {
                diagnostics: messages(Severity::Error).join("\n"),
            });
        };
        for url in index.entries.iter().flat_map(|entry| &entry.documents) {
            if let Some(reason) = reject_reason(listing, url, &refuse) {
                return Err(FetchError::OutsideListing {
                    at: at.to_owned(),
                    document: redact::text(url),
                    reason,
                });
            }
        }
        refuse_equal_names(at, &index)?;
        Ok(Plan {
            notices: messages(Severity::Warning),
            index,
        })
    }

    /// Returns true if the index names a document, so that it must exist.
    pub(crate) fn names(&self, document: &str) -> bool {
        self.index.document_files().contains(&document)
    }

    /// Returns the documents to download besides the combined one, sorted by name. `existing` has
    /// the names of files of the listing, as far as they are known.
    pub(crate) fn wanted(
        &self,
        documents: Documents,
        combined: Option<&[u8]>,
        existing: &[String],
    ) -> Vec<String> {
        // Treat an unreadable combined document as empty; `regen` reports the error.
        let combined =
            combined.and_then(|bytes| yaml::parse(COMBINED, bytes, &mut Diagnostics::default()));
        let combined = combined.as_ref();
        // Documents that the index names must exist.
        let mut wanted: BTreeSet<&str> = documents
            .select(&self.index, combined)
            .into_iter()
            .filter(|name| *name != INDEX)
            .collect();
        let found = documents.select_existing(existing, &self.index, combined);
        wanted.extend(found.into_iter().filter(|name| is_plain_file_name(name)));
        wanted.into_iter().map(str::to_owned).collect()
    }
}

/// Returns the documents of a snapshot that its index does not name.
pub(crate) fn unnamed(local: &LocalFiles) -> Vec<String> {
    let Ok(bytes) = local.bytes(INDEX) else {
        return Vec::new();
    };
    let file = RawFile::new(INDEX.to_owned(), bytes);
    let Some(index) = Index::parse(&file, "", &mut Diagnostics::default()) else {
        return Vec::new();
    };
    let named = index.document_files();
    let is_unnamed = |name: &&str| is_document(name) && !named.contains(name);
    local
        .names()
        .filter(is_unnamed)
        .map(str::to_owned)
        .collect()
}

/// Returns the reason why the URL of a document is not in the directory of the listing. Compares
/// the URL as it is written: it is never requested, and only its file name is used.
fn reject_reason(
    listing: &ListingRef,
    url: &str,
    refuse: impl Fn(&Url) -> Option<&'static str>,
) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    // A file name alone is relative to the index.
    let (parent, _) = path.rsplit_once('/')?;
    match Url::parse(url) {
        // Copies of the gallery keep its URLs.
        Ok(parsed) if parsed.as_str().starts_with(DEFAULT_SOURCE) => {}
        Ok(parsed) => {
            if let Some(reason) = refuse(&parsed) {
                return Some(reason.to_owned());
            }
        }
        Err(error) => return Some(format!("invalid URL: {error}")),
    }
    let mut parts = parent.rsplit('/');
    let is_own = [
        &listing.provider,
        "_listings",
        "master",
        &listing.repository,
        &listing.owner,
    ]
    .into_iter()
    .all(|own| {
        parts
            .next()
            .is_some_and(|part| normalized(part) == normalized(own))
    });
    (!is_own).then(|| format!("it must end in {}/ and a file name", listing.url_path()))
}

/// Returns the letters and digits of a name. URLs of the gallery write `sensr.net` for the
/// repository `sensr-net`.
fn normalized(name: &str) -> String {
    // Dot segments change the path.
    match name {
        "." | ".." => name.to_owned(),
        _ => name
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect(),
    }
}

fn refuse_equal_names(at: &str, index: &Index) -> Result<(), FetchError> {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for name in index.document_files() {
        if let Some(first) = seen.insert(name.to_ascii_lowercase(), name) {
            return Err(FetchError::NamesDifferInCase {
                at: at.to_owned(),
                first: first.to_owned(),
                second: name.to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_documents_of_the_listing() {
        let listing = ListingRef::parse("o/r-x/p").unwrap();
        let refuse = |url: &Url| (url.host_str() != Some("host")).then_some("no");
        for (url, is) in [
            ("https://host/o/r-x/master/_listings/p/a.md", true),
            (
                "https://raw.githubusercontent.com/o/r-x/master/_listings/p/a.md",
                true,
            ),
            (
                "https://host/copy/of/o/r-x/master/_listings/p/a.md?raw=1",
                true,
            ),
            ("https://host/O/r.x/master/_listings/p/a.md", true),
            ("a.md", true),
            ("https://host/o/r-x/master/_listings/q/a.md", false),
            ("https://host/o/r-x/master/_listings/p/q/a.md", false),
            ("https://host/o/r-x/master/_listings/p/../p/a.md", false),
            ("https://host/o/r-x/master/_listings/p/../a.md", false),
            ("https://host/x-o/r-x/master/_listings/p/a.md", false),
            ("https://host/?/o/r-x/master/_listings/p/a.md", false),
            ("https://other/o/r-x/master/_listings/p/a.md", false),
            ("file:///o/r-x/master/_listings/p/a.md", false),
            ("/o/r-x/master/_listings/p/a.md", false),
            ("../q/a.md", false),
        ] {
            assert_eq!(reject_reason(&listing, url, refuse).is_none(), is, "{url}");
        }
    }
}
