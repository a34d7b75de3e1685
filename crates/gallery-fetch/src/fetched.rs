//! The files of a source, as fetched.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::lock::{LockedFile, Origin, Snapshot};

use crate::error::FetchError;

/// The files of a listing or another source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The index and the documents, sorted by path.
    pub files: Vec<FetchedFile>,
    /// Warnings about documents that were not downloaded.
    pub notices: Vec<String>,
    /// Number of bytes downloaded, after decompression.
    pub downloaded: u64,
    /// Documents that an index names and that were not downloaded. Each has a notice as well. A
    /// listing is complete or an error.
    pub skipped: Vec<Skipped>,
}

/// One file of a source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// The entry for the lock. For a mirror, it has the URL of the gallery.
    pub locked: LockedFile,
    /// The path of the new file; `None` if the file on disk has the same content.
    pub staged: Option<PathBuf>,
}

impl Fetched {
    /// Reads the files into memory. Unchanged files are read from `snapshot`, the folder of the
    /// snapshot. `path` returns the path of a file for messages.
    pub fn read(
        &self,
        name: &str,
        snapshot: &Path,
        path: impl Fn(&LockedFile) -> String,
    ) -> io::Result<FileSet> {
        let file = |file: &FetchedFile| {
            let path = path(&file.locked);
            let on_disk = match &file.staged {
                Some(staged) => staged.clone(),
                None => snapshot.join(&file.locked.path),
            };
            let bytes = fs::read(on_disk)
                .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))?;
            Ok(RawFile::new(path, bytes).with_url(&file.locked.url))
        };
        Ok(FileSet {
            name: name.to_owned(),
            files: self.files.iter().map(file).collect::<io::Result<_>>()?,
        })
    }

    /// Returns the lock's entry for these files. The caller adds the listing.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            origin: Origin::Fetched,
            listings: BTreeSet::new(),
            source: None,
            files: self.files.iter().map(|file| file.locked.clone()).collect(),
        }
    }
}

/// A document of an index that was not downloaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The URL of the document as the index writes it, without user, password and query.
    pub url: String,
    /// The location in the index.
    pub at: String,
    /// The reason.
    pub reason: String,
}

/// Writes and syncs a new file.
pub(crate) fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

pub(crate) fn disk(path: &Path, error: io::Error) -> FetchError {
    FetchError::Disk {
        at: path.display().to_string(),
        error,
    }
}
