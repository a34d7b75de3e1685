//! What a run gives: files in memory, and the folders that belong to the generator alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// What a file is to hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// These bytes.
    Bytes(Vec<u8>),
    /// What another file holds, which is moved into place: it stands in the folder of a [`crate::sync::Staging`], synced to disk.
    Staged(PathBuf),
    /// What is there already.
    Kept,
}

impl Content {
    /// The bytes, if they are in memory.
    pub fn bytes(&self) -> Option<&[u8]> {
        match self {
            Content::Bytes(bytes) => Some(bytes),
            Content::Staged(_) | Content::Kept => None,
        }
    }
}

/// Files to be on disk, by path from the workspace's root, and the folders in which nothing else may be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outputs {
    files: BTreeMap<String, Content>,
    owned: BTreeSet<String>,
}

impl Outputs {
    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.put(path, Content::Bytes(bytes.into()));
    }

    /// Adds a file, wherever its content is.
    pub fn put(&mut self, path: impl Into<String>, content: Content) {
        self.files.insert(path.into(), content);
    }

    /// Takes a folder over: a file in it that is not among the outputs is an orphan.
    pub fn own(&mut self, folder: impl Into<String>) {
        self.owned.insert(folder.into());
    }

    /// The files, sorted by path.
    pub fn files(&self) -> impl Iterator<Item = (&str, &Content)> {
        self.files
            .iter()
            .map(|(path, content)| (path.as_str(), content))
    }

    /// One file.
    pub fn get(&self, path: &str) -> Option<&Content> {
        self.files.get(path)
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
