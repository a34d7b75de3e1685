//! Files of a listing that are on disk and match the lock. They need not be downloaded again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gallery_spec::lock::{self, LockedFile, Snapshot};

/// The files of a snapshot that match the lock.
#[derive(Clone, Debug, Default)]
pub struct LocalFiles {
    folder: PathBuf,
    files: BTreeMap<String, LockedFile>,
    /// The paths of the files, by URL.
    by_url: BTreeMap<String, String>,
}

impl LocalFiles {
    /// Reads the files of a snapshot in `folder`. Leaves out files that are missing, altered or not
    /// regular files, so that they are downloaded again.
    pub fn read(folder: &Path, snapshot: &Snapshot) -> LocalFiles {
        let is_unchanged = |file: &&LockedFile| {
            let path = folder.join(&file.path);
            let size = fs::symlink_metadata(&path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|metadata| metadata.len());
            size == Some(file.size)
                && fs::read(&path).is_ok_and(|bytes| lock::sha256(&bytes) == file.sha256)
        };
        let files: BTreeMap<_, _> = snapshot
            .files
            .iter()
            .filter(is_unchanged)
            .map(|file| (file.path.clone(), file.clone()))
            .collect();
        LocalFiles {
            folder: folder.to_owned(),
            by_url: files
                .values()
                .map(|file| (file.url.clone(), file.path.clone()))
                .collect(),
            files,
        }
    }

    /// Returns the lock's entry of a file.
    pub(crate) fn get(&self, name: &str) -> Option<&LockedFile> {
        self.files.get(name)
    }

    /// Returns the lock's entry of the file that was downloaded from a URL.
    pub(crate) fn of_url(&self, url: &str) -> Option<&LockedFile> {
        self.get(self.by_url.get(url)?)
    }

    /// Returns the names of all files.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Returns the ETag of a file that was downloaded from `url`.
    pub(crate) fn etag(&self, name: &str, url: &str) -> Option<&str> {
        self.get(name)
            .filter(|file| file.url == url)?
            .etag
            .as_deref()
    }

    /// Reads a file.
    pub(crate) fn bytes(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(name))
    }
}
