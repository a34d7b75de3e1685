//! The files that a command wants on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use gallery_codegen::Outputs;

/// The content of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// The content itself.
    Bytes(Vec<u8>),
    /// A file below the directory of a [`Staging`](super::Staging), synced to disk. It will be
    /// moved.
    Staged(PathBuf),
    /// The content that is on disk already.
    Kept,
}

/// Files by path, and the directories that may contain no other file.
///
/// Paths are relative to the workspace root and have slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DesiredFiles {
    files: BTreeMap<String, Content>,
    owned: BTreeSet<String>,
}

impl DesiredFiles {
    /// Adds a file with these bytes.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.put(path, Content::Bytes(bytes.into()));
    }

    /// Adds a file.
    pub fn put(&mut self, path: impl Into<String>, content: Content) {
        self.files.insert(path.into(), content);
    }

    /// Adds a directory in which all other files are orphans.
    pub fn own(&mut self, folder: impl Into<String>) {
        self.owned.insert(folder.into());
    }

    /// Returns the files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.files
            .iter()
            .map(|(path, content)| (path.as_str(), content))
    }

    /// Returns the content of a file.
    pub fn get(&self, path: &str) -> Option<&Content> {
        self.files.get(path)
    }

    /// Returns the directories in which all other files are orphans.
    pub fn owned(&self) -> impl Iterator<Item = &str> {
        self.owned.iter().map(String::as_str)
    }

    /// Adds all generated files and directories.
    pub fn extend(&mut self, outputs: Outputs) {
        let (files, owned) = outputs.into_parts();
        let bytes = |(path, bytes)| (path, Content::Bytes(bytes));
        self.files.extend(files.into_iter().map(bytes));
        self.owned.extend(owned);
    }
}

impl From<Outputs> for DesiredFiles {
    fn from(outputs: Outputs) -> DesiredFiles {
        let mut desired = DesiredFiles::default();
        desired.extend(outputs);
        desired
    }
}
