//! The repository of a provider of APIs.io in a mirror on disk.

use std::path::{Path, PathBuf};

use openapi_text::pointer::percent_decode;
use openapi_text::redact;
use tokio::fs;
use url::Url;

use super::provider::{directory, owner};
use crate::budget::Budget;
use crate::error::FetchError;
use crate::http::FileResponse;
use crate::mirror::{is_absent, read, shown};

/// A repository in a mirror, at `OWNER__PROVIDER`. It may be a symlink, but symlinks in it are
/// rejected.
#[derive(Clone, Debug)]
pub(super) struct MirrorRepository {
    folder: PathBuf,
    /// The URL of the same directory at APIs.io.
    url: Url,
}

impl MirrorRepository {
    /// Returns the repository of a provider in the mirror at `root`.
    pub(super) fn new(root: &Path, base: &Url, slug: &str) -> MirrorRepository {
        MirrorRepository {
            folder: root.join(format!("{}__{slug}", owner(base))),
            url: directory(base, slug),
        }
    }

    /// Returns the path of the file that has a URL at APIs.io, or `None` for other URLs.
    pub(super) fn path(&self, url: &Url) -> Option<PathBuf> {
        if url.origin() != self.url.origin() {
            return None;
        }
        let relative = url.path().strip_prefix(self.url.path())?;
        // The caller has refused encoded slashes and `..`.
        let names = relative.split('/').filter(|name| !name.is_empty());
        Some(names.fold(self.folder.clone(), |path, name| {
            path.join(percent_decode(name))
        }))
    }

    /// Returns the path of the file that has a URL at APIs.io, or the URL, for messages.
    pub(super) fn shown(&self, url: &Url) -> String {
        self.path(url)
            .map_or_else(|| redact::url(url), |path| shown(&path))
    }

    /// Reads the file that has a URL at APIs.io.
    pub(super) async fn get(&self, url: &Url, budget: &Budget) -> Result<FileResponse, FetchError> {
        let Some(path) = self.path(url) else {
            let at = redact::url(url);
            return Err(FetchError::NotInMirror { at });
        };
        let folders: Vec<&Path> = path
            .ancestors()
            .skip(1)
            .take_while(|folder| *folder != self.folder)
            .collect();
        for folder in folders.into_iter().rev() {
            match fs::symlink_metadata(folder).await {
                Ok(metadata) if metadata.is_dir() => {}
                Ok(_) => return Err(FetchError::NotAFile { at: shown(&path) }),
                Err(error) if is_absent(&error) => return Ok(FileResponse::Absent),
                Err(error) => {
                    let at = shown(folder);
                    return Err(FetchError::Disk { at, error });
                }
            }
        }
        read(&path, budget).await
    }
}
