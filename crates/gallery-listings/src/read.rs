//! Reads the files of a listing from a directory, a git revision or any other store.

use gallery_draft::{FileSet, RawFile, is_plain_file_name};
use openapi_text::Diagnostics;

use crate::documents::Documents;
use crate::files::{COMBINED, INDEX, is_document};
use crate::index::Index;

/// The files of a listing, as far as they are read.
#[derive(Clone, Debug)]
pub struct ListingFiles {
    /// The index and the documents, sorted by path.
    pub files: FileSet,
    /// Number of documents that exist and are not read.
    pub unread: usize,
}

/// Returns the content of the file with a name, or `None` if it does not exist.
pub type ReadFile<'a, E> = dyn FnMut(&str) -> Result<Option<Vec<u8>>, E> + 'a;

/// Reads the files of the listing in `folder`, a path for messages.
///
/// `existing` has the names of all files, if the store can list them. Documents that the index does
/// not name are read as well, unless the combined document covers them. `read` returns the content
/// of a file, or `None` if it does not exist. Defects of the index are reported when the listing is
/// parsed.
///
/// # Errors
///
/// Errors of `read`.
pub fn read_listing<E>(
    name: &str,
    folder: &str,
    documents: Documents,
    existing: Option<&[String]>,
    read: &mut ReadFile<'_, E>,
) -> Result<ListingFiles, E> {
    let exists = |name: &str| existing.is_none_or(|all| all.iter().any(|file| file == name));
    let mut file = |name: &str| -> Result<Option<RawFile>, E> {
        if !exists(name) {
            return Ok(None);
        }
        let bytes = read(name)?;
        Ok(bytes.map(|bytes| RawFile::new(format!("{folder}/{name}"), bytes)))
    };
    let (index, combined) = (file(INDEX)?, file(COMBINED)?);
    let wanted = wanted(index.as_ref(), combined.as_ref(), documents, existing);
    let is_unread = |name: &&String| {
        is_document(name) && *name != COMBINED && !wanted.iter().any(|wanted| wanted == *name)
    };
    let unread = existing
        .unwrap_or_default()
        .iter()
        .filter(is_unread)
        .count();
    let mut files: Vec<RawFile> = index.into_iter().chain(combined).collect();
    for name in &wanted {
        files.extend(file(name)?);
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let name = name.to_owned();
    Ok(ListingFiles {
        files: FileSet { name, files },
        unread,
    })
}

/// Returns the names of the documents to read besides the combined one.
fn wanted(
    index: Option<&RawFile>,
    combined: Option<&RawFile>,
    documents: Documents,
    existing: Option<&[String]>,
) -> Vec<String> {
    let ignored = &mut Diagnostics::default();
    let index = index.and_then(|file| Index::parse(file, "", ignored));
    let combined = combined
        .filter(|_| documents == Documents::Needed)
        .and_then(|file| file.value(ignored));
    let wanted = match (&index, existing) {
        (Some(index), Some(existing)) => documents.select_existing(existing, index, combined),
        (Some(index), None) => documents.select(index, combined),
        // Without an index, nothing tells which documents are needed.
        (None, Some(existing)) => {
            let names = existing.iter().map(String::as_str);
            names.filter(|name| is_document(name)).collect()
        }
        (None, None) => Vec::new(),
    };
    wanted
        .into_iter()
        .filter(|name| *name != COMBINED && is_plain_file_name(name))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    const NAMED: &str = "https://host/o/r/master/_listings/p/a-openapi.md";

    fn paths(index: Option<&str>, documents: Documents, lists: bool) -> (Vec<String>, usize) {
        let mut store = BTreeMap::from([
            ("a-openapi.md", "a".to_owned()),
            ("b-openapi.md", "b".to_owned()),
            ("notes.txt", String::new()),
        ]);
        if let Some(index) = index {
            store.insert(INDEX, index.to_owned());
        }
        let names: Vec<String> = store.keys().map(|name| (*name).to_owned()).collect();
        let existing = lists.then_some(names.as_slice());
        let read = read_listing("n", "f", documents, existing, &mut |name| {
            Ok::<_, Infallible>(store.get(name).map(|text| text.clone().into_bytes()))
        });
        let Ok(read) = read;
        assert_eq!(read.files.name, "n");
        let paths = read.files.files.into_iter().map(|file| file.path);
        (paths.collect(), read.unread)
    }

    fn index() -> String {
        format!(
            "---\nname: P\napis:\n- name: A\n  properties:\n  - type: x-openapi-spec\n    url: {NAMED}\n---\n"
        )
    }

    #[test]
    fn reads_the_documents_that_the_index_names_in_a_store_without_a_list() {
        let index = index();
        let expected = ["f/a-openapi.md", "f/apis.md"].map(str::to_owned);
        assert_eq!(
            paths(Some(&index), Documents::Needed, false),
            (expected.to_vec(), 0)
        );
    }

    #[test]
    fn reads_files_that_the_index_names_whatever_their_names() {
        let index = index().replace("a-openapi.md", "notes.txt");
        let expected = [
            "f/a-openapi.md",
            "f/apis.md",
            "f/b-openapi.md",
            "f/notes.txt",
        ];
        assert_eq!(
            paths(Some(&index), Documents::Needed, true),
            (expected.map(str::to_owned).to_vec(), 0)
        );
    }

    #[test]
    fn reads_all_documents_of_a_store_with_a_list() {
        let index = index();
        let all = ["f/a-openapi.md", "f/apis.md", "f/b-openapi.md"];
        for documents in [Documents::Needed, Documents::All] {
            assert_eq!(
                paths(Some(&index), documents, true),
                (all.map(str::to_owned).to_vec(), 0)
            );
        }
        let documents = ["f/a-openapi.md", "f/b-openapi.md"];
        assert_eq!(
            paths(None, Documents::Needed, true),
            (documents.map(str::to_owned).to_vec(), 0)
        );
    }
}
