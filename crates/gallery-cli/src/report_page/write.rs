//! Writes the page to a file. Only pages of earlier runs are replaced.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use super::page::GENERATOR;
use crate::html;

/// Returns an error if the page must not be written to `file`.
pub(super) fn check(root: &Path, file: &Path) -> Result<()> {
    let shown = file.display();
    let Some(name) = file.file_name() else {
        bail!("{shown}: not the name of a file; write --out FILE");
    };
    let folder = folder(file)
        .canonicalize()
        .with_context(|| format!("{shown}: cannot open the directory of the file"))?;
    for reserved in ["specs", "crates"] {
        let is_below =
            |path: io::Result<std::path::PathBuf>| path.is_ok_and(|path| folder.starts_with(path));
        if is_below(root.join(reserved).canonicalize()) {
            bail!("{shown}: {reserved}/ has the files of clients only; choose another directory");
        }
    }
    existing(&folder.join(name), &shown.to_string()).map(drop)
}

/// Writes the page, and returns how the file changed.
pub(super) fn write(file: &Path, page: &str) -> Result<&'static str> {
    let shown = file.display().to_string();
    let change = match existing(file, &shown)? {
        Some(text) if text == page => return Ok("unchanged"),
        Some(_) => "changed",
        None => "new",
    };
    let write = || {
        let mut staged = builder().tempfile_in(folder(file))?;
        staged.write_all(page.as_bytes())?;
        staged.as_file().sync_all()?;
        // A file that appeared in the meantime is not replaced.
        match change {
            "new" => staged.persist_noclobber(file),
            _ => staged.persist(file),
        }
        .map_err(|error| error.error)
    };
    write().with_context(|| format!("cannot write {shown}"))?;
    Ok(change)
}

/// Returns the page that is in the file, if the file exists. Other content is an error.
fn existing(file: &Path, shown: &str) -> Result<Option<String>> {
    match fs::symlink_metadata(file) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => bail!("{shown}: not a regular file; choose another name with --out"),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error).with_context(|| shown.to_owned()),
    }
    let bytes = fs::read(file).with_context(|| shown.to_owned())?;
    let page = String::from_utf8(bytes)
        .ok()
        .filter(|text| text.starts_with(&html::head(GENERATOR)));
    match page {
        Some(page) => Ok(Some(page)),
        None => bail!(
            "{shown}: the file exists and is not a page of `gallery report`; move it away, or \
             choose another name with --out"
        ),
    }
}

/// Returns the directory of a file.
fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    }
}

/// Returns a builder for files with the usual permissions.
fn builder<'a, 'b>() -> tempfile::Builder<'a, 'b> {
    #[cfg_attr(not(unix), allow(unused_mut, reason = "only Unix sets permissions"))]
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder
}
