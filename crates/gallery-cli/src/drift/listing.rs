//! Reads a listing from a directory or a git revision.

use std::path::Path;

use anyhow::{Context, Result, bail};
use gallery_regen::limited;
use gallery_spec::draft::FileSet;
use gallery_spec::listings::{Documents, INDEX, ReadFile, read_listing};

use crate::directory;

/// Reads a listing on disk. `name` is its directory in messages.
pub(crate) fn on_disk(dir: &Path, name: &str, documents: Documents) -> Result<FileSet> {
    let mut existing = directory::names(dir).with_context(|| name.to_owned())?;
    existing.retain(|file| !dir.join(file).is_dir());
    listing(name, documents, &existing, &mut |name| {
        limited::read_file(&dir.join(name), name)
    })
}

/// Reads a listing that has these files. `name` is its directory in messages. `read` returns the
/// content of a file.
pub(crate) fn listing(
    name: &str,
    documents: Documents,
    existing: &[String],
    read: &mut ReadFile<'_, anyhow::Error>,
) -> Result<FileSet> {
    let files = read_listing(name, name, documents, existing, read)?.files;
    if files.files.iter().all(|file| file.name() != INDEX) {
        bail!("{name} is not a listing: the directory has no `{INDEX}`")
    }
    Ok(files)
}

/// Returns true if a directory has the index of a listing.
pub(crate) fn is_listing(folder: &Path) -> bool {
    folder.join(INDEX).is_file()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn reads_documents_that_the_index_does_not_name() {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in [
            (INDEX, "name: P\n"),
            ("a-openapi.md", "swagger: '2.0'\n"),
            ("a-postman.md", ""),
        ] {
            fs::write(dir.path().join(name), text).unwrap();
        }
        fs::create_dir(dir.path().join("b-openapi.md")).unwrap();
        let set = on_disk(dir.path(), "folder", Documents::Needed).unwrap();
        let paths: Vec<&str> = set.files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["folder/a-openapi.md", "folder/apis.md"]);
    }
}
