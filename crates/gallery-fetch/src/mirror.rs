//! The directory of a listing in a mirror. Symlinks are rejected: a mirror is a copy of third-party
//! repositories, and a symlink can point to any file of this machine.

use std::io;
use std::path::{Path, PathBuf};

use gallery_spec::config::DEFAULT_SOURCE;
use gallery_spec::listings::{ListingRef, is_document};
use openapi_text::printable;
use tokio::fs;
use tokio::io::AsyncReadExt;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::http::FileResponse;

/// The directory of a listing in a mirror.
pub(crate) struct Folder {
    path: PathBuf,
    /// The URL of the same directory in the gallery.
    url: String,
}

impl Folder {
    /// Opens the directory. The mirror and its repositories may be symlinks; the content of a
    /// repository may not.
    pub(crate) async fn open(listing: &ListingRef, root: &Path) -> Result<Folder, FetchError> {
        let path = root.join(listing.mirror_path());
        for folder in [path.parent().unwrap_or(root), &path] {
            match fs::symlink_metadata(folder).await {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => {
                    return Err(FetchError::NoFolder {
                        folder: shown(folder),
                    });
                }
                Err(error) if is_absent(&error) => {
                    return Err(FetchError::NoFolder {
                        folder: shown(&path),
                    });
                }
                Err(error) => {
                    return Err(FetchError::Disk {
                        at: shown(folder),
                        error,
                    });
                }
            }
        }
        Ok(Folder {
            path,
            url: format!("{DEFAULT_SOURCE}{}", listing.url_path()),
        })
    }

    /// Reads a file. It has no ETag.
    pub(crate) async fn get(
        &self,
        name: &str,
        budget: &Budget,
    ) -> Result<FileResponse, FetchError> {
        read(&self.path.join(name), budget).await
    }

    /// Returns the names of all regular files that are not too large, sorted. Adds a notice for
    /// each other document.
    pub(crate) async fn names(
        &self,
        budget: &Budget,
        notices: &mut Vec<String>,
    ) -> Result<Vec<String>, FetchError> {
        let disk = |error| FetchError::Disk {
            at: shown(&self.path),
            error,
        };
        let mut entries = fs::read_dir(&self.path).await.map_err(disk)?;
        let mut names = Vec::new();
        while let Some(entry) = entries.next_entry().await.map_err(disk)? {
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            // The metadata of an entry is that of a symlink, not of its target.
            let metadata = entry.metadata().await.map_err(disk)?;
            if metadata.is_file() && metadata.len() <= budget.per_file() {
                names.push(name);
            } else if is_document(&name) {
                let at = printable(&self.at(&name));
                notices.push(format!(
                    "warning[unread-file]: not a regular file, or too large; it is read only if \
                     the index names it\n  --> {at}"
                ));
            }
        }
        names.sort();
        Ok(names)
    }

    /// Returns the URL of a file in the gallery.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    /// Returns the path of a file for messages.
    pub(crate) fn at(&self, name: &str) -> String {
        shown(&self.path.join(name))
    }
}

/// Reads a regular file, within the budget. It has no ETag.
pub(crate) async fn read(path: &Path, budget: &Budget) -> Result<FileResponse, FetchError> {
    let at = shown(path);
    let disk = |error| FetchError::Disk {
        at: at.clone(),
        error,
    };
    match fs::symlink_metadata(path).await {
        Ok(metadata) if metadata.is_file() => budget.announce(&at, metadata.len())?,
        Ok(_) => return Err(FetchError::NotAFile { at }),
        Err(error) if is_absent(&error) => return Ok(FileResponse::Absent),
        Err(error) => return Err(disk(error)),
    }
    // Read one byte more than allowed, to notice a file that has grown.
    let file = fs::File::open(path).await.map_err(disk)?;
    let mut bytes = Vec::new();
    file.take(budget.per_file().saturating_add(1))
        .read_to_end(&mut bytes)
        .await
        .map_err(disk)?;
    budget.take(&at, 0, bytes.len())?;
    Ok(FileResponse::File { bytes, etag: None })
}

pub(crate) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

pub(crate) fn shown(path: &Path) -> String {
    path.display().to_string()
}
