//! Reads files up to the size limit of a document.

use std::fs;
use std::io::{ErrorKind, Read};
use std::path::Path;

use anyhow::{Context, Result, bail};
use openapi_text::front_matter::MAX_FILE_BYTES;

/// Reads a file, if it exists. Rejects a file that is too large before reading it. `name` is its
/// name in messages.
pub fn read_file(path: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file.with_context(|| name.to_owned())?,
    };
    let size = file.metadata().with_context(|| name.to_owned())?.len();
    if size > MAX_FILE_BYTES as u64 {
        bail!("{name}: the file has {size} bytes; the limit is {MAX_FILE_BYTES}");
    }
    read(file, name).map(Some)
}

/// Reads everything from `reader`, which may be a pipe. `name` is its name in messages.
pub fn read(reader: impl Read, name: &str) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| name.to_owned())?;
    if bytes.len() > MAX_FILE_BYTES {
        bail!("{name}: more than {MAX_FILE_BYTES} bytes, which is the limit");
    }
    Ok(bytes)
}
