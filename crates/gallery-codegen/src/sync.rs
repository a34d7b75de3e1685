//! Compares outputs with what is on disk, and writes the difference: each file whole, and all of them or, after the next run, none.
//!
//! Writing has three steps. New contents are staged in `.gallery-journal/` and synced to disk; then the journal itself is put in
//! place by one rename; then each staged file is renamed to its place and orphans are removed. A run that dies before the journal
//! is in place changed nothing; after it, the next run finishes the rest from what is staged. What is too large for memory can be put
//! into the [`Staging`] folder beforehand.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use gallery_spec::command::recommend;
use serde::{Deserialize, Serialize};

use crate::outputs::{Content, Outputs};

/// The journal's folder, from the workspace's root.
pub const JOURNAL: &str = ".gallery-journal";

/// A file that is not as the specs say.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stale {
    /// The path from the workspace's root.
    pub path: String,
    /// What is wrong with it.
    pub kind: Staleness,
}

/// What is wrong with a stale file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Staleness {
    /// It is not there.
    Missing,
    /// It has other contents.
    Changed,
    /// It is there, in a folder of the generator, but not generated any more.
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

#[derive(Debug, Default, Deserialize, Serialize)]
struct Journal {
    /// Staged file to place, each a path from the workspace's root.
    rename: Vec<(String, String)>,
    remove: Vec<String>,
}

/// What is stale below `root`, sorted by path.
pub fn compare(outputs: &Outputs, root: &Path) -> io::Result<Vec<Stale>> {
    let mut stale = Vec::new();
    for (path, content) in outputs.files() {
        let kind = staleness(&root.join(path), content).map_err(|error| at(error, path))?;
        stale.extend(kind.map(|kind| Stale {
            path: path.to_owned(),
            kind,
        }));
    }
    for folder in outputs.owned() {
        let orphans = files(root, folder)?
            .into_iter()
            .filter(|path| outputs.get(path).is_none());
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
        Err(error) if absent(&error) => return Ok(Some(Staleness::Missing)),
        metadata => metadata?,
    };
    // A link in place of a file would be written through.
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

/// Whether a run died while it was writing, so that [`recover`] has something to do.
pub fn is_interrupted(root: &Path) -> bool {
    root.join(JOURNAL).is_dir()
}

/// Finishes what a run that died had begun, or removes what it had only staged. Gives what was done, if anything was.
pub fn recover(root: &Path) -> io::Result<Option<&'static str>> {
    let folder = root.join(JOURNAL);
    if !folder.is_dir() {
        return Ok(None);
    }
    let done = match fs::read(folder.join("journal.json")) {
        // It died before it staged anything, or after all was done: the journal is the last file to go.
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
                    "{JOURNAL}/journal.json is invalid ({error}); remove the folder and run {}",
                    recommend("regen")
                );
                io::Error::new(io::ErrorKind::InvalidData, message)
            })?;
            finish(root, &journal)?;
            "finished"
        }
    };
    fs::remove_dir_all(&folder).map_err(|error| at(error, JOURNAL))?;
    Ok(Some(done))
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none())
}

/// Writes what is stale. Files that are as they should be are not touched.
pub fn write(stale: &[Stale], outputs: &Outputs, root: &Path) -> io::Result<()> {
    if stale.is_empty() {
        return Ok(());
    }
    Staging::new(root)?.write(stale, outputs)
}

/// The journal's folder before a run writes: what is put into it is gone when the run ends or dies, unless it is written.
#[derive(Debug)]
pub struct Staging {
    root: PathBuf,
    folder: PathBuf,
    /// Whether the journal is in place, so that the next run has to finish.
    committed: bool,
}

impl Staging {
    /// Finds out whether the folder can be made; it is when something is put into it. The caller holds [`exclusive`] and has called
    /// [`recover`].
    pub fn new(root: &Path) -> io::Result<Staging> {
        let folder = root.join(JOURNAL);
        if fs::symlink_metadata(&folder).is_ok() {
            return Err(in_the_way(
                JOURNAL,
                "something stands where the journal goes",
            ));
        }
        Ok(Staging {
            root: root.to_owned(),
            folder,
            committed: false,
        })
    }

    /// A folder for the caller's own files, which [`Content::Staged`] may name; the caller makes it.
    pub fn folder(&self, name: &str) -> PathBuf {
        self.folder.join(format!("staged-{name}"))
    }

    /// Writes what is stale, all of it or, when this fails or dies before the journal is in place, nothing.
    pub fn write(mut self, stale: &[Stale], outputs: &Outputs) -> io::Result<()> {
        if stale.is_empty() {
            return Ok(());
        }
        stale
            .iter()
            .try_for_each(|stale| refuse_obstacle(stale, &self.root))?;
        let journal = self.stage(stale, outputs)?;
        self.committed = true;
        finish(&self.root, &journal)?;
        fs::remove_dir_all(&self.folder).map_err(|error| at(error, JOURNAL))
    }

    fn stage(&self, stale: &[Stale], outputs: &Outputs) -> io::Result<Journal> {
        fs::create_dir_all(&self.folder).map_err(|error| at(error, JOURNAL))?;
        let mut journal = Journal::default();
        for (number, Stale { path, kind }) in stale.iter().enumerate() {
            match (kind, outputs.get(path)) {
                (Staleness::Missing | Staleness::Changed, Some(Content::Bytes(bytes))) => {
                    let name = number.to_string();
                    put(&self.folder.join(&name), bytes).map_err(|error| at(error, path))?;
                    journal
                        .rename
                        .push((format!("{JOURNAL}/{name}"), path.clone()));
                }
                (Staleness::Missing | Staleness::Changed, Some(Content::Staged(file))) => {
                    journal.rename.push((self.relative(file)?, path.clone()));
                }
                (Staleness::Missing | Staleness::Changed, Some(Content::Kept)) => {
                    return Err(in_the_way(
                        path,
                        "the file was to be kept, and has just been moved or removed",
                    ));
                }
                (Staleness::Orphaned, _) => journal.remove.push(path.clone()),
                (Staleness::Missing | Staleness::Changed, None) => {}
            }
        }
        // What describes the others goes last.
        journal
            .rename
            .sort_by_key(|(_, path)| path == gallery_spec::lock::PATH);
        let text = serde_json::to_vec(&journal)?;
        put(&self.folder.join("journal.new"), &text).map_err(|error| at(error, JOURNAL))?;
        sync_folder(&self.folder);
        fs::rename(
            self.folder.join("journal.new"),
            self.folder.join("journal.json"),
        )
        .map_err(|error| at(error, JOURNAL))?;
        sync_folder(&self.folder);
        Ok(journal)
    }

    /// The path of a staged file from the workspace's root, with slashes.
    fn relative(&self, file: &Path) -> io::Result<String> {
        let below = file
            .strip_prefix(&self.root)
            .ok()
            .and_then(Path::to_str)
            .map(|path| path.replace('\\', "/"));
        below.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!("{}: it is not in {JOURNAL}", file.display()),
            )
        })
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        if !self.committed {
            // A full disk must not leave its own remains.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// Whether a file cannot be put in its place. Found before anything is written: a run changes everything or nothing.
fn refuse_obstacle(stale: &Stale, root: &Path) -> io::Result<()> {
    let parts: Vec<&str> = stale.path.split('/').collect();
    for end in 1..parts.len() {
        let folder = parts[..end].join("/");
        match fs::symlink_metadata(root.join(&folder)) {
            // Behind a link are somebody else's files.
            Ok(metadata) if !metadata.is_dir() => {
                return Err(in_the_way(
                    &folder,
                    "a file or link stands where a folder should be",
                ));
            }
            _ => {}
        }
    }
    match fs::symlink_metadata(root.join(&stale.path)) {
        Ok(metadata) if metadata.is_dir() => Err(in_the_way(
            &stale.path,
            "a folder stands where a file should be",
        )),
        _ => Ok(()),
    }
}

fn in_the_way(path: &str, what: &str) -> io::Error {
    io::Error::other(format!("{path}: {what}; move it away and run this again"))
}

/// Held while a run reads and writes, so that no other run takes its journal for that of one that died.
#[derive(Debug)]
pub struct Exclusive {
    _file: File,
}

/// Waits until no other run is under way; `waiting` is called if one is. `root` must have `specs/gallery.toml`, which is what is locked;
/// it is not changed.
pub fn exclusive(root: &Path, waiting: impl FnOnce()) -> io::Result<Exclusive> {
    let path = gallery_spec::config::PATH;
    let mut waiting = Some(waiting);
    loop {
        let file = File::open(root.join(path)).map_err(|error| at(error, path))?;
        if fs4::FileExt::try_lock(&file).is_err() {
            if let Some(waiting) = waiting.take() {
                waiting();
            }
            fs4::FileExt::lock(&file).map_err(|error| at(error, path))?;
        }
        // Whoever held it may have put another file in its place.
        if is_still(&file, &root.join(path)) {
            return Ok(Exclusive { _file: file });
        }
    }
}

#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: &fs::Metadata| (metadata.dev(), metadata.ino());
    matches!((file.metadata(), fs::metadata(path)), (Ok(ref ours), Ok(ref there)) if identity(ours) == identity(there))
}

/// Elsewhere a file that is open is not replaced.
#[cfg(not(unix))]
fn is_still(_file: &File, _path: &Path) -> bool {
    true
}

fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Carries out a journal. What is done already is passed over.
fn finish(root: &Path, journal: &Journal) -> io::Result<()> {
    let mut folders = BTreeSet::new();
    for (staged, path) in &journal.rename {
        let (from, to) = (contained(root, staged)?, contained(root, path)?);
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
        match fs::remove_file(contained(root, path)?) {
            Err(error) if !absent(&error) => return Err(at(error, path)),
            // Folders that are empty now go too; the first that is not ends it.
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

/// A path of the journal, which must lie below the root.
fn contained(root: &Path, path: &str) -> io::Result<PathBuf> {
    let plain = Path::new(path)
        .components()
        .all(|part| matches!(part, std::path::Component::Normal(_)));
    match plain {
        true => Ok(root.join(path)),
        false => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{JOURNAL}: `{path}` leads out of the workspace"),
        )),
    }
}

/// Makes renames in a folder last. Systems that cannot open folders do it by themselves.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
}

/// The files below a folder, as paths from `root`; none when the folder is not there.
pub(crate) fn files(root: &Path, folder: &str) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    walk(root, folder, &mut found)?;
    found.sort();
    Ok(found)
}

fn walk(root: &Path, folder: &str, found: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(root.join(folder)) {
        Ok(entries) => entries,
        Err(error) if absent(&error) => return Ok(()),
        Err(error) => return Err(at(error, folder)),
    };
    for entry in entries {
        let entry = entry.map_err(|error| at(error, folder))?;
        let name = entry.file_name();
        let Some(name) = name.to_str() else {
            return Err(in_the_way(
                folder,
                &format!(
                    "the folder is the generator's, and has a file {name:?}, whose name is not text"
                ),
            ));
        };
        let path = format!("{folder}/{name}");
        match entry
            .file_type()
            .map_err(|error| at(error, &path))?
            .is_dir()
        {
            true => walk(root, &path, found)?,
            false => found.push(path),
        }
    }
    Ok(())
}

/// Also when a file stands where a folder should be.
fn absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

fn at(error: io::Error, path: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(files: &[(&str, &str)]) -> Outputs {
        let mut outputs = Outputs::default();
        files
            .iter()
            .for_each(|(path, text)| outputs.insert(*path, *text));
        outputs.own("c/src");
        outputs
    }

    fn stale_paths(outputs: &Outputs, root: &Path) -> Vec<String> {
        compare(outputs, root)
            .unwrap()
            .into_iter()
            .map(|stale| format!("{} {}", stale.kind, stale.path))
            .collect()
    }

    const FILES: &[(&str, &str)] = &[
        ("c/src/a.rs", "a"),
        ("c/src/b/c.rs", "c"),
        ("specs/x.json", "{}"),
    ];

    #[test]
    fn what_is_written_is_not_stale() {
        let root = tempfile::tempdir().unwrap();
        let outputs = outputs(FILES);
        assert_eq!(
            stale_paths(&outputs, root.path()),
            [
                "missing c/src/a.rs",
                "missing c/src/b/c.rs",
                "missing specs/x.json"
            ]
        );
        write(
            &compare(&outputs, root.path()).unwrap(),
            &outputs,
            root.path(),
        )
        .unwrap();
        assert_eq!(stale_paths(&outputs, root.path()), [""; 0]);
        assert!(!is_interrupted(root.path()));
    }

    #[test]
    fn only_what_changed_is_touched() {
        let root = tempfile::tempdir().unwrap();
        let outputs = outputs(FILES);
        write(
            &compare(&outputs, root.path()).unwrap(),
            &outputs,
            root.path(),
        )
        .unwrap();
        let modified = |path: &str| {
            fs::metadata(root.path().join(path))
                .unwrap()
                .modified()
                .unwrap()
        };
        let before = modified("c/src/b/c.rs");
        fs::write(root.path().join("c/src/a.rs"), "by hand").unwrap();
        fs::write(root.path().join("c/src/new.rs"), "").unwrap();
        fs::write(root.path().join("c/CHANGELOG.md"), "by hand").unwrap();
        assert_eq!(
            stale_paths(&outputs, root.path()),
            ["changed c/src/a.rs", "orphaned c/src/new.rs"]
        );
        write(
            &compare(&outputs, root.path()).unwrap(),
            &outputs,
            root.path(),
        )
        .unwrap();
        assert_eq!(stale_paths(&outputs, root.path()), [""; 0]);
        assert_eq!(modified("c/src/b/c.rs"), before);
        assert!(root.path().join("c/CHANGELOG.md").exists());
    }

    #[test]
    fn a_run_that_died_is_finished_or_rolled_back() {
        let outputs = outputs(FILES);
        for renamed in 0..=FILES.len() {
            let root = tempfile::tempdir().unwrap();
            let mut staging = Staging::new(root.path()).unwrap();
            let journal = staging
                .stage(&compare(&outputs, root.path()).unwrap(), &outputs)
                .unwrap();
            staging.committed = true;
            let begun = Journal {
                rename: journal.rename[..renamed].to_vec(),
                remove: Vec::new(),
            };
            finish(root.path(), &begun).unwrap();
            assert!(is_interrupted(root.path()));
            assert_eq!(recover(root.path()).unwrap(), Some("finished"));
            assert_eq!(stale_paths(&outputs, root.path()), [""; 0]);
            assert!(!is_interrupted(root.path()));
        }
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(JOURNAL)).unwrap();
        fs::write(root.path().join(JOURNAL).join("0"), "half").unwrap();
        assert_eq!(
            recover(root.path()).unwrap(),
            Some("rolled back: nothing had been written yet")
        );
        assert_eq!(stale_paths(&outputs, root.path()).len(), FILES.len());
    }

    fn put_in(staging: &Staging) -> PathBuf {
        let folder = staging.folder("a");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("x"), "new").unwrap();
        folder.join("x")
    }

    #[test]
    fn staged_files_are_moved_and_the_lock_goes_last() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::new(root.path()).unwrap();
        let staged = put_in(&staging);
        let mut outputs = outputs(FILES);
        outputs.insert(gallery_spec::lock::PATH, "lock");
        outputs.put("specs/z", Content::Staged(staged));
        let stale = compare(&outputs, root.path()).unwrap();
        let journal = staging.stage(&stale, &outputs).unwrap();
        assert_eq!(journal.rename.last().unwrap().1, gallery_spec::lock::PATH);
        staging.write(&stale, &outputs).unwrap();
        assert_eq!(
            fs::read_to_string(root.path().join("specs/z")).unwrap(),
            "new"
        );
        outputs.put("specs/z", Content::Kept);
        assert_eq!(stale_paths(&outputs, root.path()), [""; 0]);
    }

    #[test]
    fn what_is_staged_and_not_written_is_gone() {
        let root = tempfile::tempdir().unwrap();
        let staging = Staging::new(root.path()).unwrap();
        put_in(&staging);
        assert_eq!(
            Staging::new(root.path()).unwrap_err().kind(),
            io::ErrorKind::Other
        );
        drop(staging);
        assert!(!is_interrupted(root.path()));
    }

    #[test]
    fn a_journal_cannot_write_outside_the_workspace() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join(JOURNAL)).unwrap();
        for journal in [
            r#"{"rename": [["a", "../b"]], "remove": []}"#,
            r#"{"rename": [], "remove": ["/etc/x"]}"#,
            "{",
        ] {
            fs::write(root.path().join(JOURNAL).join("journal.json"), journal).unwrap();
            assert_eq!(
                recover(root.path()).unwrap_err().kind(),
                io::ErrorKind::InvalidData
            );
        }
    }
}
