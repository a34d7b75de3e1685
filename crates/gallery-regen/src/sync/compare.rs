//! Lists the files that are out of date.

use std::fs;
use std::io;
use std::path::Path;

use super::desired::{Content, DesiredFiles};
use super::error::{at, in_the_way, is_absent};

/// A file that is out of date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stale {
    /// The path from the workspace root.
    pub path: String,
    /// The difference from the desired file.
    pub kind: Staleness,
}

/// The difference between a file and the desired one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Staleness {
    /// It does not exist.
    Missing,
    /// It has other content.
    Changed,
    /// It exists in a directory of generated files, but is no longer generated.
    Orphaned,
}

impl std::fmt::Display for Staleness {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Staleness::Missing => "missing",
            Staleness::Changed => "changed",
            Staleness::Orphaned => "orphaned",
        })
    }
}

/// Returns the files below `root` that are out of date, sorted by path.
pub fn compare(desired: &DesiredFiles, root: &Path) -> io::Result<Vec<Stale>> {
    let mut stale = Vec::new();
    for (path, content) in desired.files() {
        let kind = staleness(&root.join(path), content).map_err(|error| at(error, path))?;
        stale.extend(kind.map(|kind| Stale {
            path: path.to_owned(),
            kind,
        }));
    }
    for folder in desired.owned() {
        let orphans = files(root, folder)?
            .into_iter()
            .filter(|path| desired.get(path).is_none());
        stale.extend(orphans.map(|path| Stale {
            path,
            kind: Staleness::Orphaned,
        }));
    }
    stale.sort();
    Ok(stale)
}

fn staleness(file: &Path, content: &Content) -> io::Result<Option<Staleness>> {
    let metadata = match fs::symlink_metadata(file) {
        Err(error) if is_absent(&error) => return Ok(Some(Staleness::Missing)),
        metadata => metadata?,
    };
    // A write through a symlink would change a file elsewhere.
    let same = metadata.is_file()
        && match content {
            Content::Bytes(bytes) => {
                metadata.len() == bytes.len() as u64 && fs::read(file)? == *bytes
            }
            Content::Staged(staged) => {
                metadata.len() == fs::metadata(staged)?.len()
                    && fs::read(file)? == fs::read(staged)?
            }
            Content::Kept => true,
        };
    Ok((!same).then_some(Staleness::Changed))
}

/// Returns the files below a directory, as sorted paths from `root`. A missing directory has none.
pub fn files(root: &Path, folder: &str) -> io::Result<Vec<String>> {
    let mut files = Vec::new();
    walk(root, folder, &mut files)?;
    files.sort();
    Ok(files)
}

fn walk(root: &Path, folder: &str, files: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if is_absent(&error) => return Ok(()),
        Err(error) => return Err(at(error, folder)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| at(error, folder))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            let reason = format!(
                "this directory of generated files contains {name:?}, whose name is not UTF-8"
            );
            return Err(in_the_way(folder, &reason));
        };
        let path = format!("{folder}/{name}");
        match entry
            .file_type()
            .map_err(|error| at(error, &path))?
            .is_dir()
        {
            true => walk(root, &path, files)?,
            false => files.push(path),
        }
    }
    Ok(())
}
