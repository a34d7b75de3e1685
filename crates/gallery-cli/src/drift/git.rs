//! What a git revision has: files and folders, read through `git` without anything being checked out.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use openapi_text::front_matter::MAX_FILE_BYTES;
use openapi_text::is_unprintable;

/// A revision, found.
pub(crate) struct Revision {
    /// As it was asked for.
    pub(crate) name: String,
    commit: String,
    folder: PathBuf,
    /// How paths begin in messages.
    shown: PathBuf,
}

/// What is at a path of a revision.
pub(crate) enum Entry {
    File(Vec<u8>),
    /// The names in a folder.
    Folder(Vec<String>),
}

impl Revision {
    /// Finds a revision of the repository around `folder`, from which paths are meant; messages have `shown` before them.
    pub(crate) fn find(folder: &Path, shown: &Path, name: &str) -> Result<Revision> {
        let printable_name = printable(name);
        let found = git(
            folder,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{name}^{{commit}}"),
            ],
        )?;
        if !found.status.success() {
            let said = String::from_utf8_lossy(&found.stderr).trim().to_owned();
            match said.lines().next() {
                // It says nothing of a revision that is not there, and something where there is no repository.
                Some(said) if said.contains("not a git repository") => {
                    bail!("git:{printable_name} cannot be read: the folder is in no git repository")
                }
                _ => bail!(
                    "git has no revision `{printable_name}`; `git fetch origin {printable_name}` may bring it, as a shallow clone has only one"
                ),
            }
        }
        let commit = String::from_utf8_lossy(&found.stdout).trim().to_owned();
        Ok(Revision {
            name: name.to_owned(),
            commit,
            folder: folder.to_owned(),
            shown: shown.to_owned(),
        })
    }

    /// What is at a path, if anything.
    pub(crate) fn entry(&self, path: &str) -> Result<Option<Entry>> {
        let object = format!("{}:./{path}", self.commit);
        let kind = git(&self.folder, &["cat-file", "-t", &object])?;
        if !kind.status.success() {
            return Ok(None);
        }
        if kind.stdout.starts_with(b"tree") {
            let listed = self.answer(&["ls-tree", "-z", "--name-only", &object])?;
            let names = listed.split(|byte| *byte == 0).map(String::from_utf8_lossy);
            return Ok(Some(Entry::Folder(
                names
                    .filter(|name| !name.is_empty())
                    .map(String::from)
                    .collect(),
            )));
        }
        let size = self.answer(&["cat-file", "-s", &object])?;
        let size: usize = String::from_utf8_lossy(&size)
            .trim()
            .parse()
            .unwrap_or(usize::MAX);
        if size > MAX_FILE_BYTES {
            bail!(
                "{}: the file has {size} bytes; at most {MAX_FILE_BYTES} are read",
                self.shown(path)
            );
        }
        Ok(Some(Entry::File(
            self.answer(&["cat-file", "blob", &object])?,
        )))
    }

    /// A file, if it is there.
    pub(crate) fn file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self.entry(path)? {
            Some(Entry::File(bytes)) => Ok(Some(bytes)),
            Some(Entry::Folder(_)) | None => Ok(None),
        }
    }

    /// How a path of it is written.
    pub(crate) fn shown(&self, path: &str) -> String {
        format!(
            "git:{}:{}",
            printable(&self.name),
            printable(&self.shown.join(path).display().to_string())
        )
    }

    fn answer(&self, args: &[&str]) -> Result<Vec<u8>> {
        let output = git(&self.folder, args)?;
        if !output.status.success() {
            bail!(
                "git {} failed: {}",
                args.join(" "),
                printable(String::from_utf8_lossy(&output.stderr).trim())
            );
        }
        Ok(output.stdout)
    }
}

fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_unprintable(c) { '?' } else { c })
        .collect()
}

fn git(folder: &Path, args: &[&str]) -> Result<Output> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    // What it says is read here, so that it has to be in one language; and no revision may bring a program to run.
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(["--no-pager", "-c", "core.fsmonitor=false"])
        .args(args.iter().map(OsStr::new));
    command
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(std::process::Stdio::null());
    command
        .output()
        .context("git cannot be run; it reads what `git:REV` names")
}
