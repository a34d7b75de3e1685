//! Downloads the files of a listing: the index, the combined document, then the documents of single
//! endpoints that are needed.

use std::fs;
use std::io;
use std::path::Path;

use futures::{StreamExt, TryStreamExt, stream};
use gallery_spec::listings::COMBINED;
use gallery_spec::listings::Documents;
use gallery_spec::listings::INDEX;
use gallery_spec::listings::ListingRef;
use gallery_spec::lock::{self, LockedFile};
use openapi_text::{is_html, redact};
use url::Url;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::event::Event;
use crate::fetched::{Fetched, FetchedFile, disk, put};
use crate::fetcher::{Access, Fetcher};
use crate::http::{FileResponse, Web};
use crate::local_files::LocalFiles;
use crate::mirror;
use crate::plan::{self, Plan};

/// A request for a listing.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The listing.
    pub listing: &'a ListingRef,
    /// The documents to download.
    pub documents: Documents,
    /// The files that are on disk already.
    pub local: &'a LocalFiles,
    /// The directory for new files. It is created for the first one.
    pub into: &'a Path,
}

impl Fetcher {
    /// Downloads a listing.
    ///
    /// The future needs a Tokio runtime with I/O and time. Dropping it cancels all downloads, and
    /// leaves the files that are complete in the directory of the request.
    pub async fn listing(&self, request: Request<'_>) -> Result<Fetched, FetchError> {
        let limit = self.settings.overall_timeout;
        match tokio::time::timeout(limit, self.all_files(request)).await {
            Ok(fetched) => fetched,
            Err(_) => Err(FetchError::Slow {
                listing: request.listing.to_string(),
                limit,
            }),
        }
    }

    async fn all_files(&self, request: Request<'_>) -> Result<Fetched, FetchError> {
        let download = Download {
            fetcher: self,
            budget: Budget::new(request.listing.to_string(), &self.settings),
            folder: Folder::open(&self.source, request.listing).await?,
            request,
        };
        let listing = request.listing;
        let at = download.folder.at(INDEX);
        let Some((index, bytes, mut downloaded)) = download.read(INDEX).await? else {
            return Err(FetchError::NoListing {
                listing: listing.to_string(),
                at,
            });
        };
        let mut plan = Plan::read(listing, &at, &bytes, |url| self.refuse(url))?;
        let existing = download.folder.names(&download, &mut plan.notices).await?;
        let mut files = vec![index];
        let combined = download.read(COMBINED).await?;
        let mut missing = Vec::new();
        if combined.is_none() && plan.names(COMBINED) {
            missing.push(download.folder.at(COMBINED));
        }
        let wanted = plan.wanted(
            request.documents,
            combined.as_ref().map(|(_, bytes, _)| bytes.as_slice()),
            &existing,
        );
        (self.on)(Event::Planned(
            files.len() + usize::from(combined.is_some()) + wanted.len(),
        ));
        if let Some((file, _, size)) = combined {
            files.push(file);
            downloaded += size;
        }
        let download = &download;
        let mut responses = stream::iter(wanted)
            .map(|name| async move {
                let response = download.file(&name).await?;
                Ok::<_, FetchError>((name, response))
            })
            .buffer_unordered(self.settings.concurrency.max(1));
        while let Some((name, response)) = responses.try_next().await? {
            match response {
                Some((file, size)) => {
                    files.push(file);
                    downloaded += size;
                }
                None if plan.names(&name) => missing.push(download.folder.at(&name)),
                // A file of the snapshot that upstream no longer has.
                None => {}
            }
        }
        if !missing.is_empty() {
            missing.sort();
            return Err(FetchError::MissingDocuments { missing });
        }
        if files.len() == 1 {
            return Err(FetchError::NoDocuments { at });
        }
        files.sort_by(|a, b| a.locked.path.cmp(&b.locked.path));
        Ok(Fetched {
            files,
            notices: plan.notices,
            downloaded,
            skipped: Vec::new(),
        })
    }

    /// Returns the reason why a URL in an index is not allowed. Mirrors are local, so that every
    /// host is allowed.
    fn refuse(&self, url: &Url) -> Option<&'static str> {
        match &self.source {
            Access::Web { web, .. } => web.refuse(url),
            Access::Mirror(_) => (!matches!(url.scheme(), "https" | "http"))
                .then_some("the scheme is neither https nor http"),
        }
    }
}

/// Downloads the files of one listing.
struct Download<'a> {
    fetcher: &'a Fetcher,
    folder: Folder<'a>,
    budget: Budget,
    request: Request<'a>,
}

impl Download<'_> {
    /// Returns a file, its content, and the number of bytes downloaded, or `None` if it does not
    /// exist.
    async fn read(&self, name: &str) -> Result<Option<(FetchedFile, Vec<u8>, u64)>, FetchError> {
        let Some((file, sent)) = self.file(name).await? else {
            return Ok(None);
        };
        let bytes = match &file.staged {
            Some(path) => fs::read(path).map_err(|error| disk(path, error))?,
            None => self
                .request
                .local
                .bytes(name)
                .map_err(|error| disk(Path::new(name), error))?,
        };
        Ok(Some((file, bytes, sent)))
    }

    /// Downloads a file, if it is not on disk. Returns it and the number of bytes downloaded.
    async fn file(&self, name: &str) -> Result<Option<(FetchedFile, u64)>, FetchError> {
        let url = self.folder.url(name);
        let known = self.request.local.get(name);
        let response = self
            .folder
            .get(name, self.request.local.etag(name, &url), self)
            .await?;
        (self.fetcher.on)(Event::File);
        match response {
            FileResponse::Absent => Ok(None),
            FileResponse::Unchanged => {
                // Only files on disk have an ETag.
                let Some(known) = known else { return Ok(None) };
                self.budget
                    .take(&url, 0, usize::try_from(known.size).unwrap_or(usize::MAX))?;
                Ok(Some((
                    FetchedFile {
                        locked: known.clone(),
                        staged: None,
                    },
                    0,
                )))
            }
            FileResponse::File { bytes, etag } => {
                if is_html(&bytes) {
                    return Err(FetchError::Html {
                        at: self.folder.at(name),
                    });
                }
                let sent = bytes.len() as u64;
                let locked = LockedFile {
                    path: name.to_owned(),
                    url,
                    size: sent,
                    sha256: lock::sha256(&bytes),
                    etag,
                };
                if known.is_some_and(|known| known.sha256 == locked.sha256) {
                    return Ok(Some((
                        FetchedFile {
                            locked,
                            staged: None,
                        },
                        sent,
                    )));
                }
                let path = self.request.into.join(name);
                let staged = path.clone();
                // Blocking on the disk would delay other files.
                let put = tokio::task::spawn_blocking(move || put(&path, &bytes)).await;
                put.unwrap_or_else(|error| Err(io::Error::other(error)))
                    .map_err(|error| disk(&staged, error))?;
                Ok(Some((
                    FetchedFile {
                        locked,
                        staged: Some(staged),
                    },
                    sent,
                )))
            }
        }
    }
}

/// The directory of a listing at its source.
enum Folder<'a> {
    Web {
        web: &'a Web,
        /// With a trailing slash.
        url: Url,
    },
    Mirror(mirror::Folder),
}

impl<'a> Folder<'a> {
    async fn open(source: &'a Access, listing: &ListingRef) -> Result<Folder<'a>, FetchError> {
        Ok(match source {
            Access::Web { web, base } => Folder::Web {
                web,
                url: below(base, &format!("{}/", listing.url_path())),
            },
            Access::Mirror(root) => Folder::Mirror(mirror::Folder::open(listing, root).await?),
        })
    }

    async fn get(
        &self,
        name: &str,
        known: Option<&str>,
        download: &Download<'_>,
    ) -> Result<FileResponse, FetchError> {
        match self {
            Folder::Web { web, url } => {
                web.get(
                    &below(url, name),
                    known,
                    &download.budget,
                    &download.fetcher.on,
                )
                .await
            }
            Folder::Mirror(folder) => folder.get(name, &download.budget).await,
        }
    }

    /// Returns the names of all files. A source that cannot list files has those that the snapshot
    /// has although its index does not name them: they came from a mirror.
    async fn names(
        &self,
        download: &Download<'_>,
        notices: &mut Vec<String>,
    ) -> Result<Vec<String>, FetchError> {
        match self {
            Folder::Web { .. } => Ok(plan::unnamed(download.request.local)),
            Folder::Mirror(folder) => folder.names(&download.budget, notices).await,
        }
    }

    /// Returns the URL of a file for the lock.
    fn url(&self, name: &str) -> String {
        match self {
            Folder::Web { url, .. } => redact::url(&below(url, name)),
            Folder::Mirror(folder) => folder.url(name),
        }
    }

    /// Returns the URL or path of a file for messages.
    fn at(&self, name: &str) -> String {
        match self {
            Folder::Web { .. } => self.url(name),
            Folder::Mirror(folder) => folder.at(name),
        }
    }
}

/// Returns a URL below another one, which ends in a slash.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path()));
    url
}
