//! What a run gives: files in memory, and the folders that belong to the generator alone.

use std::collections::{BTreeMap, BTreeSet};

/// Files to be on disk, by path from the workspace's root, and the folders in which nothing else may be.
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

    /// Takes a folder over: a file in it that is not among the outputs is an orphan.
    pub fn own(&mut self, folder: impl Into<String>) {
        self.owned.insert(folder.into());
    }

    /// The files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, bytes)| (path.as_str(), bytes.as_slice()))
    }

    /// One file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// The folders that belong to the generator alone.
    pub fn owned(&self) -> impl Iterator<Item = &str> {
        self.owned.iter().map(String::as_str)
    }

    /// Adds all files and folders of another run.
    pub fn extend(&mut self, other: Outputs) {
        self.files.extend(other.files);
        self.owned.extend(other.owned);
    }
}
