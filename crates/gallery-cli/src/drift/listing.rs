//! A listing in a folder or in a git revision, with nothing that says what has to be in it but its own index.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail};
use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::listings::Documents;
use gallery_spec::listings::{COMBINED, is_document};
use gallery_spec::listings::{INDEX, Index};
use openapi_text::Diagnostics;
use openapi_text::front_matter::MAX_FILE_BYTES;

/// Reads a listing. `name` is what messages call its folder, `read` gives a file of it, if it is there.
pub(crate) fn listing(
    name: &str,
    documents: Documents,
    read: &mut dyn FnMut(&str) -> Result<Option<Vec<u8>>>,
) -> Result<FileSet> {
    let mut file = |file: &str| {
        Ok::<_, anyhow::Error>(
            read(file)?.map(|bytes| RawFile::new(format!("{name}/{file}"), bytes)),
        )
    };
    let Some(own) = file(INDEX)? else {
        bail!("{name} is no listing: it has no `{INDEX}`")
    };
    let combined = file(COMBINED)?;
    // What is wrong with either is said when the listing is read.
    let mut unheard = Diagnostics::default();
    let value = combined.as_ref().and_then(|file| file.value(&mut unheard));
    let known = Index::parse(&own, name, &mut Diagnostics::default());
    let wanted: Vec<String> = known
        .map(|index| {
            documents
                .select(&index, value)
                .into_iter()
                .map(str::to_owned)
                .collect()
        })
        .unwrap_or_default();
    let mut files = vec![own];
    for name in wanted.iter().filter(|name| is_document(name)) {
        files.extend(file(name)?);
    }
    files.extend(combined);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(FileSet {
        name: name.to_owned(),
        files,
    })
}

/// Whether a folder is that of a listing.
pub(crate) fn is_listing(folder: &Path) -> bool {
    folder.join(INDEX).is_file()
}

/// A file on disk, if it is there; one that is too large is refused before it is read.
pub(crate) fn file(path: &Path, name: &str) -> Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let file = match fs::File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        file => file.with_context(|| name.to_owned())?,
    };
    let size = file.metadata().with_context(|| name.to_owned())?.len();
    // One byte more than allowed, so that what has no size of its own is noticed as well.
    file.take(MAX_FILE_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .with_context(|| name.to_owned())?;
    if bytes.len() > MAX_FILE_BYTES {
        bail!(
            "{name}: the file has {} bytes; at most {MAX_FILE_BYTES} are read",
            size.max(bytes.len() as u64)
        );
    }
    Ok(Some(bytes))
}
