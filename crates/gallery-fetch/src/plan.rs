//! From the bytes of an index to the documents to bring. The index is other people's: it chooses among the files of its own
//! folder, and nothing more.

use std::collections::BTreeMap;

use gallery_spec::config::ListingRef;
use gallery_spec::diagnostic::{Diagnostics, Severity};
use gallery_spec::index::{self, Index};
use gallery_spec::store::COMBINED;
use gallery_spec::yaml;

use crate::error::{FetchError, shown_text};

/// One document to bring.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// The file name.
    pub(crate) name: String,
    /// Whether the index names it, so that it has to be there.
    pub(crate) named: bool,
}

/// The documents of a listing, each once and sorted by name: those that the index at `at` names, and the combined one.
pub(crate) fn documents(listing: &ListingRef, at: &str, bytes: &[u8]) -> Result<Vec<Wanted>, FetchError> {
    let index = read(at, bytes)?;
    let folder = listing.url_path();
    let all = index.entries.iter().flat_map(|entry| &entry.documents);
    if let Some(url) = all.into_iter().find(|url| !is_in(&folder, url)) {
        return Err(FetchError::Elsewhere { at: at.to_owned(), document: shown_text(url), folder });
    }
    let mut wanted: BTreeMap<&str, bool> = index.document_files().into_iter().map(|name| (name, true)).collect();
    wanted.entry(COMBINED).or_insert(false);
    wanted.remove(index::FILE_NAME);
    Ok(wanted.into_iter().map(|(name, named)| Wanted { name: name.to_owned(), named }).collect())
}

fn read(at: &str, bytes: &[u8]) -> Result<Index, FetchError> {
    let mut diagnostics = Diagnostics::default();
    let index = yaml::parse(at, bytes, &mut diagnostics).and_then(|value| index::read(at, &value, &mut diagnostics));
    match index {
        Some(index) if !diagnostics.has_errors() => Ok(index),
        _ => {
            let errors: Vec<_> = diagnostics.of(Severity::Error).map(ToString::to_string).collect();
            Err(FetchError::Index { diagnostics: errors.join("\n") })
        }
    }
}

/// Whether a document's URL, on whatever host and below whatever base path, is right in `folder`. The URL is compared as it is
/// written, without resolving anything: it is never followed, its file name alone is used.
fn is_in(folder: &str, url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    match path.rsplit_once('/') {
        Some((parent, _)) => parent.strip_suffix(folder).is_some_and(|base| base.ends_with('/')),
        // A bare file name is relative to the index.
        None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_in_the_listing_s_own_folder() {
        let folder = "o/r/master/_listings/p";
        for (url, is) in [
            ("https://host/o/r/master/_listings/p/a.md", true),
            ("https://host/copy/of/o/r/master/_listings/p/a.md?raw=1", true),
            ("a.md", true),
            ("https://host/o/r/master/_listings/q/a.md", false),
            ("https://host/o/r/master/_listings/p/q/a.md", false),
            ("https://host/o/r/master/_listings/p/../q/a.md", false),
            ("https://host/x-o/r/master/_listings/p/a.md", false),
            ("https://host/?/o/r/master/_listings/p/a.md", false),
            ("../q/a.md", false),
        ] {
            assert_eq!(is_in(folder, url), is, "{url}");
        }
    }
}
