//! The result of a generation: files in memory.

use std::collections::{BTreeMap, BTreeSet};

/// Generated files by path, and the directories that contain only generated files.
///
/// Paths are relative to the workspace root and have slashes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    files: BTreeMap<String, Vec<u8>>,
    owned: BTreeSet<String>,
}

impl Outputs {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), bytes.into());
    }

    /// Adds a directory that contains only generated files. Other files in it are orphans.
    pub fn own(&mut self, folder: impl Into<String>) {
        self.owned.insert(folder.into());
    }

    /// Returns the files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files
            .iter()
            .map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// Returns the content of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Adds all files and directories of `other`.
    pub fn extend(&mut self, other: Outputs) {
        self.files.extend(other.files);
        self.owned.extend(other.owned);
    }

    /// Returns the files and the directories by value.
    pub fn into_parts(self) -> (BTreeMap<String, Vec<u8>>, BTreeSet<String>) {
        (self.files, self.owned)
    }
}
