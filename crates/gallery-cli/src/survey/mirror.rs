//! The sources of a mirror: listings of the old gallery and repositories of today's gallery.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use apis_json::INDEX_NAMES;
use gallery_spec::draft::FileSet;
use gallery_spec::listings::{
    COMBINED, Documents, INDEX, ListingFiles, ListingRef, is_document, read_listing,
};
use gallery_spec::local::{self, DOCUMENTS};
use gallery_spec::lock::sha256;
use gallery_spec::source::{DocumentsSource, ListingsSource, Place, Source};
use openapi_text::Diagnostics;
use openapi_text::front_matter::MAX_FILE_BYTES;

use crate::directory::names;

/// The content of a mirror.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mirror {
    /// The sources, in the order of their names.
    pub sources: Vec<MirrorSource>,
    /// A message for each entry that is not a source.
    pub others: Vec<String>,
}

/// A listing of the old gallery, or a repository of today's gallery.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MirrorSource {
    /// A listing at `OWNER__REPOSITORY/_listings/PROVIDER`.
    Listing(ListingRef),
    /// A repository `OWNER__REPOSITORY` with an APIs.json index or OpenAPI documents.
    Repository {
        /// `OWNER/REPOSITORY`.
        name: String,
        /// The index, or the directory of the documents, in the repository.
        path: String,
    },
}

impl fmt::Display for MirrorSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MirrorSource::Listing(listing) => listing.fmt(f),
            MirrorSource::Repository { name, .. } => f.write_str(name),
        }
    }
}

/// The files of a source of a mirror.
#[derive(Clone, Debug)]
pub struct MirrorFiles {
    /// The index and the documents.
    pub files: FileSet,
    /// Number of documents that exist and are not read.
    pub unread: usize,
    /// Problems of single files.
    pub diagnostics: Diagnostics,
}

impl MirrorSource {
    /// Returns the source of the client. `documents` are those to read of a listing.
    pub fn source(&self, documents: Documents) -> Source {
        match self {
            MirrorSource::Listing(listing) => Source::Listings(ListingsSource {
                documents,
                ..ListingsSource::new(listing.clone())
            }),
            MirrorSource::Repository { path, .. } => Source::Documents(documents_source(path)),
        }
    }

    /// Returns the directory that the paths of the source's files are relative to.
    pub fn base(&self, root: &Path) -> PathBuf {
        match self {
            MirrorSource::Listing(_) => root.to_owned(),
            MirrorSource::Repository { name, .. } => root.join(name.replacen('/', "__", 1)),
        }
    }

    /// Reads the files of the source below the root of the mirror.
    ///
    /// # Errors
    ///
    /// A file cannot be read. A file of a listing is not a regular file, or is too large.
    pub fn read(&self, root: &Path, documents: Documents) -> io::Result<MirrorFiles> {
        let mut diagnostics = Diagnostics::default();
        match self {
            MirrorSource::Listing(listing) => {
                let read = read(root, listing, documents)?;
                Ok(MirrorFiles {
                    files: read.files,
                    unread: read.unread,
                    diagnostics,
                })
            }
            MirrorSource::Repository { path, .. } => {
                let source = documents_source(path);
                let files = local::read(&self.base(root), &source, &mut diagnostics)?;
                Ok(MirrorFiles {
                    files,
                    unread: 0,
                    diagnostics,
                })
            }
        }
    }
}

fn documents_source(path: &str) -> DocumentsSource {
    let place = Place::Path(path.to_owned());
    match INDEX_NAMES.contains(&path) {
        true => DocumentsSource::Index {
            place,
            apis: Vec::new(),
        },
        false => DocumentsSource::Documents(vec![place]),
    }
}

/// A part of the sources. A source's part depends only on its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partition {
    /// The number of the part, starting at 1.
    pub number: u64,
    /// The number of parts.
    pub of: u64,
}

impl Partition {
    /// Returns true if a source is in this part.
    pub fn has(&self, source: &MirrorSource) -> bool {
        let hash = sha256(source.to_string().as_bytes());
        u64::from_str_radix(&hash[..15], 16).unwrap_or_default() % self.of.max(1) + 1 == self.number
    }
}

/// Lists the sources in `OWNER__REPOSITORY` below a directory: the listings at
/// `_listings/PROVIDER`, or the repository itself if it has an index or a directory `openapi`.
///
/// # Errors
///
/// A directory cannot be read.
pub fn mirror(root: &Path) -> io::Result<Mirror> {
    let mut mirror = Mirror::default();
    for repository in names(root)? {
        let folder = root.join(&repository);
        let Some((owner, slug)) = repository.split_once("__").filter(|_| folder.is_dir()) else {
            mirror
                .others
                .push(format!("{repository}: not a directory OWNER__REPOSITORY"));
            continue;
        };
        if folder.join("_listings").is_dir() {
            add_listings(&folder, owner, slug, &mut mirror)?;
        } else if let Some(path) = index_or_documents(&folder) {
            mirror.sources.push(MirrorSource::Repository {
                name: format!("{owner}/{slug}"),
                path: path.to_owned(),
            });
        } else {
            mirror.others.push(format!(
                "{repository}: the directory has no `_listings`, no index such as `apis.yml`, and \
                 no directory `openapi`"
            ));
        }
    }
    mirror.sources.sort();
    Ok(mirror)
}

/// Adds the listings of a repository.
fn add_listings(folder: &Path, owner: &str, slug: &str, mirror: &mut Mirror) -> io::Result<()> {
    let folder = folder.join("_listings");
    for provider in names(&folder)? {
        let is_folder =
            fs::symlink_metadata(folder.join(&provider)).is_ok_and(|metadata| metadata.is_dir());
        match ListingRef::parse(&format!("{owner}/{slug}/{provider}")).filter(|_| is_folder) {
            Some(listing) => mirror.sources.push(MirrorSource::Listing(listing)),
            None => mirror.others.push(format!(
                "{owner}__{slug}/_listings/{provider}: not a directory with a plain name"
            )),
        }
    }
    Ok(())
}

/// Returns the name of the index of a repository, or of the directory of its documents.
fn index_or_documents(folder: &Path) -> Option<&'static str> {
    let index = INDEX_NAMES
        .into_iter()
        .find(|name| folder.join(name).is_file());
    index.or_else(|| folder.join(DOCUMENTS).is_dir().then_some(DOCUMENTS))
}

/// Reads the files of one listing, as `fetch` selects them.
///
/// # Errors
///
/// A file cannot be read, is not a regular file, or is too large.
fn read(root: &Path, listing: &ListingRef, documents: Documents) -> io::Result<ListingFiles> {
    let path = listing.mirror_path();
    let folder = root.join(&path);
    let (existing, unusable): (Vec<String>, Vec<String>) = names(&folder)?
        .into_iter()
        .partition(|name| is_needed(name) || is_usable(&folder.join(name)));
    let name = listing.to_string();
    let mut files = read_listing(&name, &path, documents, &existing, &mut |file| {
        bytes(&folder, file).map(Some)
    })?;
    files.unread += unusable.iter().filter(|name| is_document(name)).count();
    Ok(files)
}

/// Returns true for the files without which a listing cannot be read.
fn is_needed(name: &str) -> bool {
    [INDEX, COMBINED].contains(&name)
}

/// Returns true for a regular file that is not too large.
fn is_usable(path: &Path) -> bool {
    fs::symlink_metadata(path)
        .is_ok_and(|metadata| metadata.is_file() && metadata.len() <= MAX_FILE_BYTES as u64)
}

fn bytes(folder: &Path, name: &str) -> io::Result<Vec<u8>> {
    let path = folder.join(name);
    let read = || {
        let metadata = fs::symlink_metadata(&path)?;
        if !metadata.is_file() {
            return Err(io::Error::other("not a regular file"));
        }
        if metadata.len() > MAX_FILE_BYTES as u64 {
            return Err(io::Error::other(format!(
                "the file has {} bytes; the limit is {MAX_FILE_BYTES}",
                metadata.len()
            )));
        }
        fs::read(&path)
    };
    read().map_err(|error| io::Error::new(error.kind(), format!("{name}: {error}")))
}
