//! What is on disk of a listing, as far as the lock vouches for it: what a server need not send again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use gallery_spec::lock::{self, LockedFile, Snapshot};

/// The files of a snapshot that are on disk as the lock says.
#[derive(Clone, Debug, Default)]
pub struct Known {
    folder: PathBuf,
    files: BTreeMap<String, LockedFile>,
}

impl Known {
    /// Reads the snapshot's files in `folder`. One that is missing, altered or no regular file is not known, and so comes anew.
    pub fn read(folder: &Path, snapshot: &Snapshot) -> Known {
        let is_sound = |file: &&LockedFile| {
            let path = folder.join(&file.path);
            let size = fs::symlink_metadata(&path)
                .ok()
                .filter(fs::Metadata::is_file)
                .map(|metadata| metadata.len());
            size == Some(file.size)
                && fs::read(&path).is_ok_and(|bytes| lock::sha256(&bytes) == file.sha256)
        };
        let files = snapshot
            .files
            .iter()
            .filter(is_sound)
            .map(|file| (file.path.clone(), file.clone()))
            .collect();
        Known {
            folder: folder.to_owned(),
            files,
        }
    }

    /// What the lock says of a file.
    pub(crate) fn get(&self, name: &str) -> Option<&LockedFile> {
        self.files.get(name)
    }

    /// The entity tag that the server at `url` gave for a file.
    pub(crate) fn etag(&self, name: &str, url: &str) -> Option<&str> {
        self.get(name)
            .filter(|file| file.url == url)?
            .etag
            .as_deref()
    }

    /// What a file holds.
    pub(crate) fn bytes(&self, name: &str) -> io::Result<Vec<u8>> {
        fs::read(self.folder.join(name))
    }
}
