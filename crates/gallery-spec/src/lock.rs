//! The lock file `specs/gallery.lock`: the URL, size and checksum of every file of a snapshot.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::command::recommend;
use crate::source::Source;
use gallery_draft::is_plain_file_name;
use gallery_listings::ListingRef;
use openapi_text::line_column;
use openapi_text::{FileError, Location};

/// The path of the file, relative to the workspace root.
pub const PATH: &str = "specs/gallery.lock";

const HEADER: &str = "\
# Written by `fetch`: the files of each snapshot, with their URLs, sizes and checksums.
# origin = \"transcribed\": the facts of the listing, with descriptions in this project's own
# words; `fetch` replaces them.
";

/// The number of directories and the file name in the path of a file.
const MAX_DEPTH: usize = 20;

/// The contents of `gallery.lock`.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    version: u32,
    /// The snapshots, by client.
    #[serde(default)]
    pub clients: BTreeMap<String, Snapshot>,
}

/// The snapshot of one client.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    /// The origin of the files.
    pub origin: Origin,
    /// The listings of the files. Empty in locks of earlier versions, which supported one listing
    /// per client.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub listings: BTreeSet<ListingRef>,
    /// The index or the documents of the files, if they are not those of listings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The files, sorted by path.
    #[serde(default)]
    pub files: Vec<LockedFile>,
}

/// The origin of a snapshot.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Unmodified files of the gallery.
    Fetched,
    /// The facts of the listing with descriptions in this project's own words. A comparison with
    /// upstream reports the descriptions as different.
    Transcribed,
}

/// One file of a snapshot.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct LockedFile {
    /// The path in the snapshot's directory: a file name. With several listings,
    /// `OWNER/REPOSITORY/PROVIDER/` is in front of it. Documents can be in subdirectories.
    pub path: String,
    /// The URL of the file.
    pub url: String,
    /// The size in bytes.
    pub size: u64,
    /// SHA-256 of the bytes, in hexadecimal.
    pub sha256: String,
    /// The entity tag, for conditional requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
}

/// A difference between a file and its earlier version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The file did not exist before.
    New,
    /// The contents changed.
    Changed,
    /// The file no longer exists.
    Gone,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Difference::New => "new",
            Difference::Changed => "changed",
            Difference::Gone => "gone",
        })
    }
}

impl Snapshot {
    /// True if the snapshot was taken from `source`.
    pub fn is_of(&self, source: &Source) -> bool {
        match source {
            Source::Documents(source) => self.source == Some(source.to_string()),
            Source::Listings(_) if self.source.is_some() => false,
            Source::Listings(source) if self.listings.is_empty() => source.further.is_empty(),
            Source::Listings(source) => source
                .all()
                .collect::<BTreeSet<_>>()
                .into_iter()
                .eq(&self.listings),
        }
    }

    /// Creates the snapshot of a source. The files are sorted by path.
    pub fn fetched(source: &Source, mut files: Vec<LockedFile>) -> Snapshot {
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let (listings, source) = match source {
            Source::Listings(source) => (source.all().cloned().collect(), None),
            Source::Documents(source) => (BTreeSet::new(), Some(source.to_string())),
        };
        Snapshot {
            origin: Origin::Fetched,
            listings,
            source,
            files,
        }
    }

    /// Returns the name of the source, for messages.
    pub fn source_name(&self) -> String {
        match &self.source {
            Some(source) => source.clone(),
            None if self.listings.is_empty() => "one listing".to_owned(),
            None => {
                let listings: Vec<String> = self.listings.iter().map(ToString::to_string).collect();
                listings.join(", ")
            }
        }
    }

    /// Returns the files of the file set with this path prefix, without the prefix.
    pub fn part(&self, prefix: &str) -> Snapshot {
        let has_directories = self.source.is_some();
        let name = |file: &LockedFile| {
            Some(
                file.path
                    .strip_prefix(prefix)
                    .filter(|name| has_directories || !name.contains('/'))?
                    .to_owned(),
            )
        };
        let files = self.files.iter().filter_map(|file| {
            Some(LockedFile {
                path: name(file)?,
                ..file.clone()
            })
        });
        Snapshot {
            origin: self.origin,
            listings: BTreeSet::new(),
            source: self.source.clone(),
            files: files.collect(),
        }
    }

    /// True if a file of this snapshot can have this path.
    fn can_have(&self, path: &str) -> bool {
        if self.source.is_some() {
            return path.split('/').count() <= MAX_DEPTH && path.split('/').all(is_plain_file_name);
        }
        match path.rsplit_once('/') {
            None => self.listings.len() < 2 && is_plain_file_name(path),
            Some((listing, name)) => {
                self.listings.len() > 1
                    && ListingRef::parse(listing)
                        .is_some_and(|listing| self.listings.contains(&listing))
                    && is_plain_file_name(name)
            }
        }
    }

    /// Returns the files whose contents differ from the snapshot `before`, sorted by path.
    pub fn differences(&self, before: &Snapshot) -> Vec<(String, Difference)> {
        let sums = |snapshot: &Snapshot| -> BTreeMap<String, String> {
            snapshot
                .files
                .iter()
                .map(|file| (file.path.clone(), file.sha256.clone()))
                .collect()
        };
        let (old, new) = (sums(before), sums(self));
        let mut differences = Vec::new();
        for (path, sum) in &new {
            match old.get(path) {
                None => differences.push((path.clone(), Difference::New)),
                Some(other) if other != sum => {
                    differences.push((path.clone(), Difference::Changed));
                }
                Some(_) => {}
            }
        }
        differences.extend(
            old.into_keys()
                .filter(|path| !new.contains_key(path))
                .map(|path| (path, Difference::Gone)),
        );
        differences.sort_by(|a, b| a.0.cmp(&b.0));
        differences
    }

    /// Keeps the earlier lock entries of unchanged files, because servers change entity tags and
    /// mirrors have none. If an earlier entry has no entity tag, it gets the new one.
    pub fn after(mut self, before: &Snapshot) -> Snapshot {
        for file in &mut self.files {
            let same = before
                .files
                .iter()
                .find(|old| old.path == file.path && old.sha256 == file.sha256);
            if let Some(old) = same
                .filter(|old| old.etag.is_some() || (file.etag.is_none() && old.url == file.url))
            {
                *file = old.clone();
            }
        }
        self
    }
}

impl Default for Lock {
    fn default() -> Self {
        Lock {
            version: 1,
            clients: BTreeMap::new(),
        }
    }
}

impl Lock {
    /// Parses `gallery.lock`.
    pub fn parse(text: &str) -> Result<Lock, FileError> {
        let error = |offset: usize, message: String| {
            let (line, column) = line_column(text, offset);
            FileError {
                location: Location::line(PATH, line, column),
                message,
            }
        };
        let lock: Lock = toml::from_str(text).map_err(|failed| {
            error(
                failed.span().map_or(0, |span| span.start),
                failed.message().trim_end().to_owned(),
            )
        })?;
        if lock.version != 1 {
            return Err(error(
                text.find("version").unwrap_or(0),
                format!(
                    "version {} of the lock is not supported; the supported version is 1",
                    lock.version
                ),
            ));
        }
        let files = lock
            .clients
            .values()
            .flat_map(|snapshot| snapshot.files.iter().map(move |file| (snapshot, file)));
        for (snapshot, file) in files {
            if !snapshot.can_have(&file.path) {
                let what = if snapshot.source.is_some() {
                    "a path of plain file names"
                } else if snapshot.listings.len() > 1 {
                    "a file of the snapshot's listings"
                } else {
                    "a plain file name"
                };
                return Err(error(
                    text.find(&format!("{:?}", file.path)).unwrap_or(0),
                    format!("`{}` is not {what}; run {}", file.path, recommend("fetch")),
                ));
            }
        }
        Ok(lock)
    }

    /// Renders `gallery.lock`. The output is deterministic.
    pub fn render(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{HEADER}{}", toml::to_string(self)?))
    }
}

/// Returns the SHA-256 checksum in hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests;
