//! From the bytes of an index to the documents to bring. The index is other people's: it chooses among the files of its own
//! folder, and nothing more.

use std::collections::BTreeMap;

use gallery_spec::config::DEFAULT_SOURCE;
use gallery_spec::draft::RawFile;
use gallery_spec::listings::COMBINED;
use gallery_spec::listings::Documents;
use gallery_spec::listings::ListingRef;
use gallery_spec::listings::{INDEX, Index};
use openapi_text::redact;
use openapi_text::yaml;
use openapi_text::{Diagnostics, Severity};
use url::Url;

use crate::error::FetchError;

/// What the index of a listing asks for.
#[derive(Debug)]
pub(crate) struct Plan {
    index: Index,
    /// What is not brought, and why.
    pub(crate) notices: Vec<String>,
}

impl Plan {
    /// Reads the index at `at`. `refuse` says why a URL is on a host that nobody allowed.
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
        let told = |severity| {
            diagnostics
                .of(severity)
                .map(ToString::to_string)
                .collect::<Vec<_>>()
        };
        let Some(index) = index.filter(|_| !diagnostics.has_errors()) else {
            return Err(FetchError::Index {
                diagnostics: told(Severity::Error).join("\n"),
            });
        };
        for url in index.entries.iter().flat_map(|entry| &entry.documents) {
            if let Some(reason) = elsewhere(listing, url, &refuse) {
                return Err(FetchError::Elsewhere {
                    at: at.to_owned(),
                    document: redact::text(url),
                    reason,
                });
            }
        }
        refuse_equal_names(at, &index)?;
        Ok(Plan {
            notices: told(Severity::Warning),
            index,
        })
    }

    /// Whether the index names the combined document, so that it has to be there.
    pub(crate) fn names_combined(&self) -> bool {
        self.index.document_files().contains(&COMBINED)
    }

    /// The documents to bring besides the combined one, sorted by name.
    pub(crate) fn wanted(&self, documents: Documents, combined: Option<&[u8]>) -> Vec<String> {
        // A combined document that cannot be read lacks everything; `regen` says what is wrong with it.
        let combined =
            combined.and_then(|bytes| yaml::parse(COMBINED, bytes, &mut Diagnostics::default()));
        let wanted = documents.select(&self.index, combined.as_ref());
        let mut wanted: Vec<String> = wanted
            .into_iter()
            .filter(|name| *name != INDEX)
            .map(str::to_owned)
            .collect();
        wanted.sort();
        wanted
    }
}

/// Why a document's URL is not in the listing's folder, if it is not. The URL is compared as it is written, without resolving anything:
/// it is never followed, its file name alone is used.
fn elsewhere(
    listing: &ListingRef,
    url: &str,
    refuse: impl Fn(&Url) -> Option<&'static str>,
) -> Option<String> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    // A bare file name is relative to the index.
    let (parent, _) = path.rsplit_once('/')?;
    match Url::parse(url) {
        // Copies of the gallery still name the gallery.
        Ok(parsed) if parsed.as_str().starts_with(DEFAULT_SOURCE) => {}
        Ok(parsed) => {
            if let Some(reason) = refuse(&parsed) {
                return Some(reason.to_owned());
            }
        }
        Err(error) => return Some(format!("it is no URL ({error})")),
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
            .is_some_and(|part| squashed(part) == squashed(own))
    });
    (!is_own).then(|| format!("it has to end in {}/ and a file name", listing.url_path()))
}

/// A name as far as the gallery's URLs keep to it: they write `sensr.net` where the repository is called `sensr-net`.
fn squashed(name: &str) -> String {
    // A dot alone would go up or stay.
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
            return Err(FetchError::SameButForCase {
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
    fn a_document_is_in_the_listing_s_own_folder() {
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
            assert_eq!(elsewhere(&listing, url, refuse).is_none(), is, "{url}");
        }
    }
}
