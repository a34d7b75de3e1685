//! Downloads one file of a source, unless it is on disk already.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use gallery_spec::lock::{self, LockedFile};
use openapi_text::{is_html, redact, references};
use url::Url;

use super::mirror::MirrorRepository;
use super::request::{DocumentsRequest, DocumentsSource};
use super::root::Root;
use crate::budget::Budget;
use crate::error::FetchError;
use crate::event::Event;
use crate::fetched::{disk, put};
use crate::fetcher::{Access, Fetcher};
use crate::http::{FileResponse, Web};
use crate::retry::is_transient;

/// A file to download.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) url: Url,
    /// The position of the directory that its references do not leave.
    pub(super) root: usize,
    /// The location that names it, for messages.
    pub(super) at: String,
    /// True for a document, false for a file that a reference leads to.
    pub(super) is_document: bool,
    /// True if the source is useless without it.
    pub(super) is_required: bool,
}

impl Item {
    pub(super) fn document(url: &Url, root: usize, at: String) -> Item {
        Item {
            url: url.clone(),
            root,
            at,
            is_document: true,
            is_required: false,
        }
    }
}

/// A file that was downloaded, or is on disk already.
pub(super) struct Downloaded {
    pub(super) url: Url,
    pub(super) root: usize,
    pub(super) size: u64,
    pub(super) sha256: String,
    pub(super) etag: Option<String>,
    /// The entry in the lock that has the same content.
    pub(super) unchanged: Option<LockedFile>,
    pub(super) staged: Option<PathBuf>,
    /// Number of bytes downloaded.
    pub(super) sent: u64,
    /// The files that its references lead to, as written.
    pub(super) references: Vec<String>,
}

/// The result for a file that need not exist.
pub(super) enum Outcome {
    File(Box<Downloaded>),
    /// The reason why the file cannot be used.
    Unusable(FetchError),
}

/// The clients and the limits of a source.
pub(super) struct Transfer<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) request: DocumentsRequest<'a>,
    budget: Budget,
    pub(super) webs: Vec<Web>,
    pub(super) roots: Vec<Root>,
    /// The directory that files are read from, in place of the web.
    mirror: Option<MirrorRepository>,
    /// Number of staged files, for their names.
    staged: AtomicUsize,
}

impl<'a> Transfer<'a> {
    pub(super) fn new(fetcher: &'a Fetcher, request: DocumentsRequest<'a>) -> Transfer<'a> {
        let mirror = match (&fetcher.source, request.source) {
            (Access::Mirror(root), DocumentsSource::Provider { base, slug, .. }) => {
                Some(MirrorRepository::new(root, base, slug))
            }
            _ => None,
        };
        Transfer {
            fetcher,
            request,
            mirror,
            budget: Budget::new(request.source.to_string(), &fetcher.settings),
            webs: Vec::new(),
            roots: Vec::new(),
            staged: AtomicUsize::new(0),
        }
    }

    /// Adds the directory of a URL that a person chose. Returns its position.
    pub(super) fn open(&mut self, url: &Url) -> Result<usize, FetchError> {
        let same_host = self.roots.iter().find(|root| root.has_origin_of(url));
        let web = match same_host {
            Some(root) => root.web,
            None => {
                let (hosts, settings) = (self.request.hosts, &self.fetcher.settings);
                self.webs.push(Web::for_document(url, hosts, settings)?);
                self.webs.len() - 1
            }
        };
        self.roots.push(Root::of(url, web));
        Ok(self.roots.len() - 1)
    }

    /// Downloads a file, unless it is unchanged. With `follow`, finds its references.
    pub(super) async fn get(&self, item: Item, follow: bool) -> Result<Outcome, FetchError> {
        let at = redact::url(&item.url);
        let known = self.request.local.of_url(&at);
        // Locks have no query strings, so that the tag may be that of another query.
        let known_tag = known.and_then(|known| known.etag.as_deref());
        let tag = known_tag.filter(|_| item.url.query().is_none());
        let response = match &self.mirror {
            Some(mirror) => mirror.get(&item.url, &self.budget).await,
            None => {
                let web = &self.webs[self.roots[item.root].web];
                web.get(&item.url, tag, &self.budget, &self.fetcher.on)
                    .await
            }
        };
        (self.fetcher.on)(Event::File);
        let (bytes, etag, unchanged) = match (response, known) {
            (Ok(FileResponse::File { bytes, .. }), _) if is_html(&bytes) => {
                return Ok(Outcome::Unusable(FetchError::WebPage { at }));
            }
            (Ok(FileResponse::File { bytes, etag }), _) => (bytes, etag, None),
            (Ok(FileResponse::Unchanged), Some(known)) => {
                let bytes = self.request.local.bytes(&known.path);
                let bytes = bytes.map_err(|error| disk(Path::new(&known.path), error))?;
                self.budget.take(&at, 0, bytes.len())?;
                (bytes, known.etag.clone(), Some(known.clone()))
            }
            (Ok(FileResponse::Absent | FileResponse::Unchanged), _) => {
                let at = self.shown(&item.url);
                return Ok(Outcome::Unusable(match &self.mirror {
                    Some(_) => FetchError::NotInMirror { at },
                    None => FetchError::NoDocument { at },
                }));
            }
            (Err(error), _) if is_of_file(&error) => return Ok(Outcome::Unusable(error)),
            (Err(error), _) => return Err(error),
        };
        let sent = match &unchanged {
            Some(_) => 0,
            None => bytes.len() as u64,
        };
        let number = self.staged.fetch_add(1, Ordering::Relaxed);
        let path = self.request.into.join(format!("{number:06}"));
        let known = known.cloned();
        // Parsing and blocking on the disk would delay other files.
        let work = tokio::task::spawn_blocking(move || {
            let sha256 = lock::sha256(&bytes);
            let unchanged = unchanged.or(known.filter(|known| known.sha256 == sha256));
            let staged = match &unchanged {
                Some(_) => None,
                None => {
                    put(&path, &bytes).map_err(|error| disk(&path, error))?;
                    Some(path)
                }
            };
            Ok(Downloaded {
                references: if follow {
                    references::files_in(&bytes)
                } else {
                    Vec::new()
                },
                url: item.url,
                root: item.root,
                size: bytes.len() as u64,
                sha256,
                etag,
                unchanged,
                staged,
                sent,
            })
        });
        let file = work
            .await
            .unwrap_or_else(|error| Err(disk(self.request.into, io::Error::other(error))))?;
        Ok(Outcome::File(Box::new(file)))
    }

    /// Returns the URL of a file, or its path in the mirror, for messages.
    pub(super) fn shown(&self, url: &Url) -> String {
        match &self.mirror {
            Some(mirror) => mirror.shown(url),
            None => redact::url(url),
        }
    }

    /// Reads a file that was downloaded or is unchanged.
    pub(super) fn bytes(&self, file: &Downloaded) -> Result<Vec<u8>, FetchError> {
        match (&file.staged, &file.unchanged) {
            (Some(staged), _) => std::fs::read(staged).map_err(|error| disk(staged, error)),
            (None, Some(known)) => {
                let bytes = self.request.local.bytes(&known.path);
                bytes.map_err(|error| disk(Path::new(&known.path), error))
            }
            (None, None) => Ok(Vec::new()),
        }
    }
}

/// Returns true for an error of one file. The others of its server can still be downloaded.
fn is_of_file(error: &FetchError) -> bool {
    match error {
        FetchError::Status { status, .. } => !is_transient(*status),
        FetchError::TooLarge { .. }
        | FetchError::Redirect { .. }
        | FetchError::RedirectLoop { .. }
        | FetchError::NotAFile { .. }
        | FetchError::NotInMirror { .. }
        | FetchError::Encoding { .. } => true,
        _ => false,
    }
}
