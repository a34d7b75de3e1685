//! Brings the files of one listing: the index, then the combined document, then those of single endpoints that are wanted.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use futures::{StreamExt, TryStreamExt, stream};
use gallery_spec::draft::{FileSet, RawFile};
use gallery_spec::listings::COMBINED;
use gallery_spec::listings::Documents;
use gallery_spec::listings::INDEX;
use gallery_spec::listings::ListingRef;
use gallery_spec::lock::{self, LockedFile, Origin, Snapshot};
use openapi_text::redact;
use url::Url;

use crate::budget::Budget;
use crate::error::FetchError;
use crate::http::{Answer, Web};
use crate::known::Known;
use crate::mirror;
use crate::plan::Plan;
use crate::{Access, Event, Fetcher};

/// What to bring.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The listing.
    pub listing: &'a ListingRef,
    /// Which of its documents.
    pub documents: Documents,
    /// What is there already.
    pub known: &'a Known,
    /// The folder that new files are put into. It is made for the first of them.
    pub into: &'a Path,
}

/// The files of a listing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fetched {
    /// The index and the documents, sorted by name.
    pub files: Vec<FetchedFile>,
    /// What was not brought, and why.
    pub notices: Vec<String>,
    /// Bytes of file contents that came from the source, after decompression.
    pub moved: u64,
}

/// One file of a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedFile {
    /// What the lock is to say of it. For a mirror, the URL is the gallery's own.
    pub locked: LockedFile,
    /// Where it was put; nothing when what is known has the same bytes.
    pub staged: Option<PathBuf>,
}

impl Fetched {
    /// Reads the files into memory. Files that have not changed are read from `snapshot`, the folder
    /// of the snapshot. `path` returns the path of a file for messages.
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
            Ok(RawFile::new(path, bytes))
        };
        Ok(FileSet {
            name: name.to_owned(),
            files: self.files.iter().map(file).collect::<io::Result<_>>()?,
        })
    }

    /// What the lock is to say of these files; of which listing, the caller knows.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot {
            origin: Origin::Fetched,
            listings: BTreeSet::new(),
            files: self.files.iter().map(|file| file.locked.clone()).collect(),
        }
    }
}

impl Fetcher {
    /// Brings a listing. The future wants a Tokio runtime with I/O and time; dropping it ends all that is under way, and leaves in
    /// the request's folder what has come.
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
        let bringer = Bringer {
            fetcher: self,
            budget: Budget::new(request.listing.to_string(), &self.settings),
            folder: Folder::open(&self.source, request.listing).await?,
            request,
        };
        let listing = request.listing;
        let at = bringer.folder.at(INDEX);
        let Some((index, bytes, mut moved)) = bringer.read(INDEX).await? else {
            return Err(FetchError::NoListing {
                listing: listing.to_string(),
                at,
            });
        };
        let plan = Plan::read(listing, &at, &bytes, |url| self.refuse(url))?;
        let mut files = vec![index];
        let combined = bringer.read(COMBINED).await?;
        let mut missing = Vec::new();
        if combined.is_none() && plan.names_combined() {
            missing.push(bringer.folder.at(COMBINED));
        }
        let wanted = plan.wanted(
            request.documents,
            combined.as_ref().map(|(_, bytes, _)| bytes.as_slice()),
        );
        (self.on)(Event::Planned(
            files.len() + usize::from(combined.is_some()) + wanted.len(),
        ));
        if let Some((file, _, size)) = combined {
            files.push(file);
            moved += size;
        }
        let bringer = &bringer;
        let mut answers = stream::iter(wanted)
            .map(|name| async move {
                let answer = bringer.bring(&name).await?;
                Ok::<_, FetchError>((name, answer))
            })
            .buffer_unordered(self.settings.concurrency.max(1));
        while let Some((name, answer)) = answers.try_next().await? {
            match answer {
                Some((file, size)) => {
                    files.push(file);
                    moved += size;
                }
                None => missing.push(bringer.folder.at(&name)),
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
            moved,
        })
    }

    /// Why a URL in an index is on a host that nobody allowed. What a mirror holds is on this machine, wherever it came from.
    fn refuse(&self, url: &Url) -> Option<&'static str> {
        match &self.source {
            Access::Web { web, .. } => web.refuse(url),
            Access::Mirror(_) => (!matches!(url.scheme(), "https" | "http"))
                .then_some("it is neither https nor http"),
        }
    }
}

/// All that bringing one file of a listing takes.
struct Bringer<'a> {
    fetcher: &'a Fetcher,
    folder: Folder<'a>,
    budget: Budget,
    request: Request<'a>,
}

impl Bringer<'_> {
    /// A file, what it holds, and how many bytes the source sent; nothing when there is none.
    async fn read(&self, name: &str) -> Result<Option<(FetchedFile, Vec<u8>, u64)>, FetchError> {
        let Some((file, sent)) = self.bring(name).await? else {
            return Ok(None);
        };
        let bytes = match &file.staged {
            Some(path) => fs::read(path).map_err(|error| disk(path, error))?,
            None => self
                .request
                .known
                .bytes(name)
                .map_err(|error| disk(Path::new(name), error))?,
        };
        Ok(Some((file, bytes, sent)))
    }

    /// A file, put into its place if it is new, and how many bytes the source sent.
    async fn bring(&self, name: &str) -> Result<Option<(FetchedFile, u64)>, FetchError> {
        let url = self.folder.url(name);
        let known = self.request.known.get(name);
        let answer = self
            .folder
            .get(name, self.request.known.etag(name, &url), self)
            .await?;
        (self.fetcher.on)(Event::File);
        match answer {
            Answer::Absent => Ok(None),
            Answer::Unchanged => {
                // Asked about a tag, so that the file is known.
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
            Answer::File { bytes, etag } => {
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
                // Waiting for a disk would hold the other files up.
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

/// Writes a new file, down to the disk.
fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn disk(path: &Path, error: io::Error) -> FetchError {
    FetchError::Disk {
        at: path.display().to_string(),
        error,
    }
}

/// Whether the file is a web page, such as the one that a login or an error puts in a file's place. No document starts like one.
fn is_html(bytes: &[u8]) -> bool {
    bytes
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(bytes)
        .trim_ascii_start()
        .starts_with(b"<")
}

/// A listing's folder at its source.
enum Folder<'a> {
    Web {
        web: &'a Web,
        /// With a slash at the end.
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
        bringer: &Bringer<'_>,
    ) -> Result<Answer, FetchError> {
        match self {
            Folder::Web { web, url } => {
                web.get(
                    &below(url, name),
                    known,
                    &bringer.budget,
                    &bringer.fetcher.on,
                )
                .await
            }
            Folder::Mirror(folder) => folder.get(name, &bringer.budget).await,
        }
    }

    /// Where the lock says that the file of that name comes from.
    fn url(&self, name: &str) -> String {
        match self {
            Folder::Web { url, .. } => redact::url(&below(url, name)),
            Folder::Mirror(folder) => folder.url(name),
        }
    }

    /// What messages call the file of that name.
    fn at(&self, name: &str) -> String {
        match self {
            Folder::Web { .. } => self.url(name),
            Folder::Mirror(folder) => folder.at(name),
        }
    }
}

/// A URL below another one, which ends in a slash.
pub(crate) fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path()));
    url
}
