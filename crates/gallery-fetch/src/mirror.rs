//! A listing's folder in a mirror on disk. Links are refused: a mirror is a copy of other people's repositories, and a link in
//! one can point at any file of this machine.

use std::io;
use std::path::{Path, PathBuf};

use gallery_spec::config::DEFAULT_SOURCE;
use gallery_spec::listings::ListingRef;
use tokio::fs;
use tokio::io::AsyncReadExt;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::http::Answer;

/// A listing's folder in a mirror.
pub(crate) struct Folder {
    path: PathBuf,
    /// Where the gallery has the same folder.
    url: String,
}

impl Folder {
    /// Finds the folder. The mirror and the repositories in it may be links, as a person may have set them up so; what is in a
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

    /// The file of that name. A disk knows nothing of entity tags.
    pub(crate) async fn get(&self, name: &str, budget: &Budget) -> Result<Answer, FetchError> {
        let (path, at) = (self.path.join(name), self.at(name));
        let disk = |error| FetchError::Disk {
            at: at.clone(),
            error,
        };
        match fs::symlink_metadata(&path).await {
            Ok(metadata) if metadata.is_file() => budget.announce(&at, metadata.len())?,
            Ok(_) => return Err(FetchError::NotAFile { at }),
            Err(error) if is_absent(&error) => return Ok(Answer::Absent),
            Err(error) => return Err(disk(error)),
        }
        // One byte more than allowed, so that a file that grew since is noticed.
        let file = fs::File::open(&path).await.map_err(disk)?;
        let mut bytes = Vec::new();
        file.take(budget.per_file().saturating_add(1))
            .read_to_end(&mut bytes)
            .await
            .map_err(disk)?;
        budget.take(&at, 0, bytes.len())?;
        Ok(Answer::File { bytes, etag: None })
    }

    /// Where the gallery has the file of that name.
    pub(crate) fn url(&self, name: &str) -> String {
        format!("{}/{name}", self.url)
    }

    /// What messages call the file of that name.
    pub(crate) fn at(&self, name: &str) -> String {
        shown(&self.path.join(name))
    }
}

fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
