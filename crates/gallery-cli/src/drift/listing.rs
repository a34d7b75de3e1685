//! Reads a listing from a directory or a git revision.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use gallery_spec::draft::FileSet;
use gallery_spec::listings::{Documents, INDEX, read_listing};
use openapi_text::front_matter::MAX_FILE_BYTES;

/// Reads a listing. `name` is its directory in messages. `read` returns the content of a file, if
/// the file exists.
pub(crate) fn listing(
    name: &str,
    documents: Documents,
    read: &mut dyn FnMut(&str) -> Result<Option<Vec<u8>>>,
) -> Result<FileSet> {
    let files = read_listing(name, name, documents, None, read)?.files;
    if files.files.iter().all(|file| file.name() != INDEX) {
        bail!("{name} is not a listing: there is no `{INDEX}` in it")
    }
    Ok(files)
}

/// Returns true if a directory has the index of a listing.
pub(crate) fn is_listing(folder: &Path) -> bool {
    folder.join(INDEX).is_file()
}

/// Reads a file, if it exists. Rejects a file that is too large before reading it.
pub(crate) fn file(path: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.with_context(|| name.to_owned())?,
    };
    let size = file.metadata().with_context(|| name.to_owned())?.len();
    // Read one byte more than allowed: a pipe has no size.
    file.take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| name.to_owned())?;
    if bytes.len() > MAX_FILE_BYTES {
        bail!(
            "{name}: the file has {} bytes; the limit is {MAX_FILE_BYTES}",
            size.max(bytes.len() as u64)
        );
    }
    Ok(Some(bytes))
}
