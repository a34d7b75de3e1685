//! Reads the files of a listing from a directory, a git revision or any other store.

use std::collections::BTreeSet;

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
/// `existing` has the names of all files. Documents that the index does not name are read as well,
/// unless the combined document covers them. `read` returns the content of a file. Defects of the
/// index are reported when the listing is parsed.
///
/// # Errors
///
/// Errors of `read`.
pub fn read_listing<E>(
    name: &str,
    folder: &str,
    documents: Documents,
    existing: &[String],
    read: &mut ReadFile<'_, E>,
) -> Result<ListingFiles, E> {
    let mut file = |name: &str| -> Result<Option<RawFile>, E> {
        let bytes = read(name)?;
        Ok(bytes.map(|bytes| RawFile::new(format!("{folder}/{name}"), bytes)))
    };
    let mut existing_file = |name: &str| match existing.iter().any(|file| file == name) {
        true => file(name),
        false => Ok(None),
    };
    let (index, combined) = (existing_file(INDEX)?, existing_file(COMBINED)?);
    let wanted = wanted(index.as_ref(), combined.as_ref(), documents, existing);
    let is_unread =
        |name: &&String| is_document(name) && *name != COMBINED && !wanted.contains(name.as_str());
    let unread = existing.iter().filter(is_unread).count();
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
fn wanted<'a>(
    index: Option<&RawFile>,
    combined: Option<&RawFile>,
    documents: Documents,
    existing: &'a [String],
) -> BTreeSet<&'a str> {
    let ignored = &mut Diagnostics::default();
    let index = index.and_then(|file| Index::parse(file, "", ignored));
    let combined = combined
        .filter(|_| documents == Documents::Needed)
        .and_then(|file| file.value(ignored));
    let wanted = match &index {
        Some(index) => documents.select_existing(existing, index, combined),
        // Without an index, nothing tells which documents are needed.
        None => existing
            .iter()
            .map(String::as_str)
            .filter(|name| is_document(name))
            .collect(),
    };
    wanted
        .into_iter()
        .filter(|name| *name != COMBINED && is_plain_file_name(name))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    const NAMED: &str = "https://host/o/r/master/_listings/p/a-openapi.md";

    fn paths(index: Option<&str>, documents: Documents) -> (Vec<String>, usize) {
        let mut store = BTreeMap::from([
            ("a-openapi.md", "a".to_owned()),
            ("b-openapi.md", "b".to_owned()),
            ("notes.txt", String::new()),
        ]);
        if let Some(index) = index {
            store.insert(INDEX, index.to_owned());
        }
        let names: Vec<String> = store.keys().map(|name| (*name).to_owned()).collect();
        let read = read_listing("n", "f", documents, &names, &mut |name| {
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
    fn reads_files_that_the_index_names_whatever_their_names() {
        let index = index().replace("a-openapi.md", "notes.txt");
        let expected = [
            "f/a-openapi.md",
            "f/apis.md",
            "f/b-openapi.md",
            "f/notes.txt",
        ];
        assert_eq!(
            paths(Some(&index), Documents::Needed),
            (expected.map(str::to_owned).to_vec(), 0)
        );
    }

    #[test]
    fn reads_documents_that_the_index_does_not_name() {
        let index = index();
        let all = ["f/a-openapi.md", "f/apis.md", "f/b-openapi.md"];
        for documents in [Documents::Needed, Documents::All] {
            assert_eq!(
                paths(Some(&index), documents),
                (all.map(str::to_owned).to_vec(), 0)
            );
        }
        let documents = ["f/a-openapi.md", "f/b-openapi.md"];
        assert_eq!(
            paths(None, Documents::Needed),
            (documents.map(str::to_owned).to_vec(), 0)
        );
    }
}
