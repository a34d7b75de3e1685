//! Writes files through a journal: all of them or, after the next run, none.
//!
//! 1. New content is staged in `.gallery-journal/` and synced to disk.
//! 2. The journal is put in place by one rename.
//! 3. Each staged file is renamed to its path, and orphans are removed.
//!
//! A run that dies before step 2 has changed nothing. After step 2, the next run completes the
//! rest. Files that are too large for memory can be put into the [`Staging`] directory beforehand.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gallery_spec::command::recommend;
use serde::{Deserialize, Serialize};

use super::compare::{Stale, Staleness};
use super::desired::{Content, DesiredFiles};
use super::error::{at, in_the_way, is_absent};
use super::location::{JOURNAL, refuse_foreign, refuse_obstacle, refuse_unstaged};

/// The renames and removals of one run. Paths are relative to the workspace root.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(super) struct Journal {
    /// Pairs of a staged file and its path.
    pub(super) rename: Vec<(String, String)>,
    pub(super) remove: Vec<String>,
}

/// Returns true if a run died while it was writing, so that [`recover`] has something to do.
pub fn is_interrupted(root: &Path) -> bool {
    // A symlink would lead to files of others.
    fs::symlink_metadata(root.join(JOURNAL)).is_ok_and(|metadata| metadata.is_dir())
}

/// Completes the writes of a run that died, or removes the files that it only staged.
///
/// Returns what was done, for a message, or `None` if no run died.
pub fn recover(root: &Path) -> io::Result<Option<&'static str>> {
    if !is_interrupted(root) {
        return Ok(None);
    }
    let folder = root.join(JOURNAL);
    let done = match read(&folder.join("journal.json")) {
        // The run died before it staged a file, or while it removed the journal.
        Err(error) if error.kind() == io::ErrorKind::NotFound && is_empty(&folder) => {
            "nothing was left to do"
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            "rolled back: nothing had been written yet"
        }
        Err(error) => return Err(at(error, JOURNAL)),
        Ok(bytes) => {
            let journal: Journal = serde_json::from_slice(&bytes).map_err(|error| {
                let message = format!(
                    "{JOURNAL}/journal.json is invalid ({error}); remove the directory and run {}",
                    recommend("regen")
                );
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?;
            for (_, path) in &journal.rename {
                refuse_foreign(root, path)?;
            }
            for path in &journal.remove {
                refuse_foreign(root, path)?;
            }
            complete(root, &journal)?;
            "finished"
        }
    };
    fs::remove_dir_all(&folder).map_err(|error| at(error, JOURNAL))?;
    Ok(Some(done))
}

/// Reads a journal. A symlink or a device is not one.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    match fs::symlink_metadata(path)?.is_file() {
        true => fs::read(path),
        false => Err(in_the_way("journal.json", "this is not a file")),
    }
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Writes the files in `stale`. Other files are not touched.
pub fn write(stale: &[Stale], desired: &DesiredFiles, root: &Path) -> io::Result<()> {
    if stale.is_empty() {
        return Ok(());
    }
    Staging::new(root)?.write(stale, desired)
}

/// The journal's directory before a run writes. Dropping it removes everything in it.
#[derive(Debug)]
pub struct Staging {
    root: PathBuf,
    folder: PathBuf,
    /// True if the journal is in place, so that the next run has to complete it.
    pub(super) committed: bool,
}

impl Staging {
    /// Checks that the directory can be made. It is made when the first file is put into it.
    ///
    /// The caller holds the lock of [`exclusive`](super::exclusive) and has called [`recover`].
    pub fn new(root: &Path) -> io::Result<Staging> {
        let folder = root.join(JOURNAL);
        if fs::symlink_metadata(&folder).is_ok() {
            return Err(in_the_way(JOURNAL, "the journal needs this path"));
        }
        Ok(Staging {
            root: root.to_owned(),
            folder,
            committed: false,
        })
    }

    /// Returns a directory for files of the caller, which [`Content::Staged`] may refer to. The
    /// caller makes it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.join(format!("staged-{name}"))
    }

    /// Writes the files in `stale`. An error before the journal is in place leaves the disk
    /// unchanged.
    pub fn write(mut self, stale: &[Stale], desired: &DesiredFiles) -> io::Result<()> {
        if stale.is_empty() {
            return Ok(());
        }
        stale
            .iter()
            .try_for_each(|stale| refuse_obstacle(&self.root, &stale.path))?;
        let journal = self.stage(stale, desired)?;
        self.committed = true;
        complete(&self.root, &journal)?;
        fs::remove_dir_all(&self.folder).map_err(|error| at(error, JOURNAL))
    }

    pub(super) fn stage(&self, stale: &[Stale], desired: &DesiredFiles) -> io::Result<Journal> {
        fs::create_dir_all(&self.folder).map_err(|error| at(error, JOURNAL))?;
        let mut journal = Journal::default();
        for (number, Stale { path, kind }) in stale.iter().enumerate() {
            match (kind, desired.get(path)) {
                (Staleness::Missing | Staleness::Changed, Some(Content::Bytes(bytes))) => {
                    let name = number.to_string();
                    create(&self.folder.join(&name), bytes).map_err(|error| at(error, path))?;
                    let staged = format!("{JOURNAL}/{name}");
                    journal.rename.push((staged, path.clone()));
                }
                (Staleness::Missing | Staleness::Changed, Some(Content::Staged(file))) => {
                    journal.rename.push((self.relative(file)?, path.clone()));
                }
                (Staleness::Missing | Staleness::Changed, Some(Content::Kept)) => {
                    let reason = "another program moved or removed this file during the run";
                    return Err(in_the_way(path, reason));
                }
                (Staleness::Orphaned, _) => journal.remove.push(path.clone()),
                (Staleness::Missing | Staleness::Changed, None) => {}
            }
        }
        // The lock describes the other files, so it is written last.
        journal
            .rename
            .sort_by_key(|(_, path)| path == gallery_spec::lock::PATH);
        let text = serde_json::to_vec(&journal)?;
        let new = self.folder.join("journal.new");
        create(&new, &text).map_err(|error| at(error, JOURNAL))?;
        sync_folder(&self.folder);
        fs::rename(new, self.folder.join("journal.json")).map_err(|error| at(error, JOURNAL))?;
        sync_folder(&self.folder);
        Ok(journal)
    }

    /// Returns the path of a staged file from the workspace root, with slashes.
    fn relative(&self, file: &Path) -> io::Result<String> {
        let below = file
            .strip_prefix(&self.root)
            .ok()
            .and_then(Path::to_str)
            .map(|path| path.replace('\\', "/"));
        below.ok_or_else(|| {
            let message = format!("{}: this file is not in {JOURNAL}", file.display());
            io::Error::new(io::ErrorKind::InvalidInput, message)
        })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.committed {
            // A full disk must not keep the staged files.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Carries out the steps of a journal that are still to be done.
pub(super) fn complete(root: &Path, journal: &Journal) -> io::Result<()> {
    for (staged, path) in &journal.rename {
        refuse_unstaged(root, staged)?;
        refuse_obstacle(root, path)?;
    }
    for path in &journal.remove {
        refuse_obstacle(root, path)?;
    }
    let mut folders = BTreeSet::new();
    for (staged, path) in &journal.rename {
        let (from, to) = (root.join(staged), root.join(path));
        if !from.exists() {
            continue;
        }
        if let Some(parent) = to.parent() {
            fs::create_dir_all(parent).map_err(|error| at(error, path))?;
            folders.insert(parent.to_owned());
        }
        fs::rename(&from, &to).map_err(|error| at(error, path))?;
    }
    for path in &journal.remove {
        match fs::remove_file(root.join(path)) {
            Err(error) if !is_absent(&error) => return Err(at(error, path)),
            // Remove its directories as well, up to the first that is not empty.
            _ => Path::new(path)
                .ancestors()
                .skip(1)
                .take_while(|folder| folder.components().count() > 1)
                .all(|folder| fs::remove_dir(root.join(folder)).is_ok()),
        };
    }
    folders.iter().for_each(|folder| sync_folder(folder));
    Ok(())
}

/// Makes the renames in a directory durable. Systems that cannot open directories do not need it.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}
