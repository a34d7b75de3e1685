//! Reads the files of documents on disk: an index and its documents, single documents, and all
//! documents of a directory.
//!
//! Beside the documents that an index names, those of the same directories and of `openapi` are
//! read, because indexes do not name all of their documents.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs;
use std::io;
use std::path::Path;

use apis_json::{Index, IndexQueue, Kind};
use gallery_draft::{FileSet, RawFile};
use openapi_text::front_matter::MAX_FILE_BYTES;
use openapi_text::pointer::percent_decode;
use openapi_text::references;
use openapi_text::{Diagnostics, Location, Severity};

use crate::source::{DocumentsSource, Place};

/// The directory of documents beside an index, which need not name them.
pub const DOCUMENTS: &str = "openapi";

/// The number of files that a source may have.
pub const MAX_FILES: usize = 20_000;

/// Reads the files of a source whose places are paths below `root`: those that it names, those
/// beside the documents of its index, and those that a `$ref` leads to.
///
/// Reports files that do not exist, are too large, or are not regular files, to `diagnostics`.
///
/// # Errors
///
/// The disk could not be read.
pub fn read(
    root: &Path,
    source: &DocumentsSource,
    diagnostics: &mut Diagnostics,
) -> io::Result<FileSet> {
    let mut reader = Reader {
        root,
        files: BTreeMap::new(),
        queue: VecDeque::new(),
        queued: BTreeSet::new(),
    };
    for place in source.places() {
        let Place::Path(path) = place else { continue };
        if root.join(path).is_dir() {
            reader.queue_directory(path, Depth::All)?;
        } else {
            reader.queue_required(path);
        }
    }
    if let (DocumentsSource::Index { apis, .. }, Some((path, _))) = (source, reader.queue.front()) {
        let path = path.clone();
        reader.read_next(diagnostics)?;
        reader.queue_index(&path, apis, diagnostics)?;
    }
    while !reader.queue.is_empty() {
        if reader.files.len() >= MAX_FILES {
            let message = format!(
                "the source has more than {MAX_FILES} files; name fewer documents, or select APIs \
                 of the index with `apis`"
            );
            diagnostics.push(
                Severity::Error,
                "too-many-files",
                Location::file(source.to_string()),
                message,
            );
            break;
        }
        reader.read_next(diagnostics)?;
    }
    Ok(FileSet {
        name: source.to_string(),
        files: reader.files.into_values().collect(),
    })
}

/// The depth to which a directory is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Depth {
    /// The files of the directory.
    One,
    /// The files of the directory and of those below it.
    All,
}

/// The necessity of a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Necessity {
    /// The configuration names it, so it must exist.
    Required,
    /// It was listed, or a file refers to it. A reference that leads nowhere is reported when the
    /// documents are read.
    Optional,
}

struct Reader<'a> {
    root: &'a Path,
    files: BTreeMap<String, RawFile>,
    queue: VecDeque<(String, Necessity)>,
    queued: BTreeSet<String>,
}

impl Reader<'_> {
    fn queue_required(&mut self, path: &str) {
        if self.queued.insert(path.to_owned()) {
            self.queue.push_back((path.to_owned(), Necessity::Required));
        }
    }

    fn queue_optional(&mut self, path: String) {
        if !self.queued.contains(&path) {
            self.queued.insert(path.clone());
            self.queue.push_back((path, Necessity::Optional));
        }
    }

    /// Queues the documents of a directory, in the order of their names. Does not follow symlinks.
    fn queue_directory(&mut self, directory: &str, depth: Depth) -> io::Result<()> {
        let mut directories = vec![directory.to_owned()];
        let mut paths = BTreeSet::new();
        while let Some(directory) = directories.pop() {
            let entries = fs::read_dir(self.root.join(&directory))
                .map_err(|error| with_path(error, &directory))?;
            for entry in entries {
                let entry = entry.map_err(|error| with_path(error, &directory))?;
                // A name that is not text cannot be referred to.
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let path = match directory.as_str() {
                    "" => name.clone(),
                    _ => format!("{directory}/{name}"),
                };
                let kind = entry.file_type().map_err(|error| with_path(error, &path))?;
                if kind.is_dir() && depth == Depth::All && !name.starts_with('.') {
                    directories.push(path);
                } else if kind.is_file() && is_document_name(&name) {
                    paths.insert(path);
                }
            }
        }
        paths.into_iter().for_each(|path| self.queue_optional(path));
        Ok(())
    }

    /// Reads the indexes that an index includes. Queues the documents that all of them name, and
    /// those beside them.
    fn queue_index(
        &mut self,
        path: &str,
        apis: &[String],
        diagnostics: &mut Diagnostics,
    ) -> io::Result<()> {
        let mut all = Index::default();
        // The path of the index of each API.
        let mut owners: Vec<String> = Vec::new();
        let mut indexes = IndexQueue::new(path.to_owned());
        while let Some(path) = indexes.pop() {
            if !self.files.contains_key(&path)
                && let Some(file) = self.read_file(&path, Necessity::Optional, diagnostics)?
            {
                self.queued.insert(path.clone());
                self.files.insert(path.clone(), file);
            }
            let Some(file) = self.files.get(&path) else {
                continue;
            };
            // The defects of an index are reported when it becomes a draft.
            let index = apis_json::read(&path, &file.bytes, &mut Diagnostics::default());
            let Some(index) = index else { continue };
            for included in &index.includes {
                if let Some(included) = resolve(&path, included) {
                    _ = indexes.push(included);
                }
            }
            all.apis.extend(index.apis);
            owners.resize(all.apis.len(), path);
        }
        let selected = match all.positions(apis) {
            Ok(selected) => selected,
            Err(error) => {
                let location = Location::file(path);
                diagnostics.push(Severity::Error, "idle-api", location, error.to_string());
                return Ok(());
            }
        };
        let documents: BTreeSet<String> = selected
            .into_iter()
            .flat_map(|at| {
                let (documents, owner) = (all.apis[at].documents.iter(), &owners[at]);
                documents.filter_map(move |document| resolve(owner, document))
            })
            .collect();
        if documents.len() > MAX_FILES {
            let message = format!(
                "the index names {} documents, and at most {MAX_FILES} are read; select some of \
                 its APIs with `--api`",
                documents.len()
            );
            diagnostics.push(
                Severity::Error,
                "too-many-files",
                Location::file(path),
                message,
            );
            return Ok(());
        }
        // The documents beside those of some APIs belong to others. A catalog names all of its
        // documents.
        let is_catalog = self.files.get(path).is_some_and(is_catalog);
        let directories: BTreeSet<String> = match apis {
            [] if !is_catalog => documents
                .iter()
                .map(|document| {
                    references::directory(document)
                        .trim_end_matches('/')
                        .to_owned()
                })
                .chain(resolve(path, DOCUMENTS))
                .filter(|directory| self.root.join(directory).is_dir())
                .collect(),
            _ => BTreeSet::new(),
        };
        documents
            .into_iter()
            .for_each(|document| self.queue_optional(document));
        for directory in directories {
            self.queue_directory(&directory, Depth::One)?;
        }
        Ok(())
    }

    /// Reads the next file of the queue, and queues the files that it refers to.
    fn read_next(&mut self, diagnostics: &mut Diagnostics) -> io::Result<()> {
        let Some((path, necessity)) = self.queue.pop_front() else {
            return Ok(());
        };
        let Some(file) = self.read_file(&path, necessity, diagnostics)? else {
            return Ok(());
        };
        for target in references::files_in(&file.bytes) {
            if let Some(target) = resolve(&path, &target) {
                self.queue_optional(target);
            }
        }
        self.files.insert(path, file);
        Ok(())
    }

    fn read_file(
        &self,
        path: &str,
        necessity: Necessity,
        diagnostics: &mut Diagnostics,
    ) -> io::Result<Option<RawFile>> {
        let mut refuse = |code, message: String| {
            diagnostics.push(Severity::Error, code, Location::file(path), message);
            Ok(None)
        };
        let on_disk = self.root.join(path);
        let metadata = match fs::symlink_metadata(&on_disk) {
            Ok(metadata) => metadata,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                return match necessity {
                    Necessity::Required => refuse(
                        "missing-document",
                        "the file does not exist; correct its path in specs/gallery.toml"
                            .to_owned(),
                    ),
                    Necessity::Optional => Ok(None),
                };
            }
            Err(error) => return Err(with_path(error, path)),
        };
        if !metadata.is_file() {
            return match necessity {
                Necessity::Required => refuse(
                    "unreadable-file",
                    "not a regular file; symlinks are not followed".to_owned(),
                ),
                Necessity::Optional => Ok(None),
            };
        }
        if metadata.len() > MAX_FILE_BYTES as u64 {
            return refuse(
                "unreadable-file",
                format!(
                    "the file has {} bytes; at most {MAX_FILE_BYTES} are read",
                    metadata.len()
                ),
            );
        }
        let bytes = fs::read(&on_disk).map_err(|error| with_path(error, path))?;
        Ok(Some(RawFile::new(path, bytes)))
    }
}

/// Returns true if a file can be an OpenAPI document by its name.
pub fn is_document_name(name: &str) -> bool {
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    !name.starts_with('.')
        && extension.is_some_and(|extension| {
            ["json", "yaml", "yml"]
                .iter()
                .any(|known| extension.eq_ignore_ascii_case(known))
        })
}

/// Returns true if a file is an API catalog.
fn is_catalog(file: &RawFile) -> bool {
    let kind = apis_json::kind(&file.path, &file.bytes, &mut Diagnostics::default());
    kind == Some(Kind::Catalog)
}

/// Returns the path that a relative URI reference in the file `from` leads to. Returns `None` for
/// URLs and for paths outside of the root.
fn resolve(from: &str, reference: &str) -> Option<String> {
    let reference = reference.split(['#', '?']).next().unwrap_or_default();
    if reference.is_empty() || reference.starts_with('/') || reference.contains("://") {
        return None;
    }
    let path = references::join(references::directory(from), &percent_decode(reference))?;
    Some(path).filter(|path| !path.is_empty())
}

fn with_path(error: io::Error, path: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

#[cfg(test)]
mod tests;
