//! Reads files and directories of a git revision through `git`, without a checkout.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};
use openapi_text::front_matter::MAX_FILE_BYTES;
use openapi_text::is_unprintable;

/// A revision of a git repository.
pub(crate) struct Revision {
    /// The name on the command line.
    pub(crate) name: String,
    commit: String,
    /// The directory that paths are relative to.
    dir: PathBuf,
    /// The prefix of paths in messages.
    display_prefix: PathBuf,
}

/// The entry at a path of a revision.
pub(crate) enum Entry {
    File(Vec<u8>),
    /// The names of the entries in a directory.
    Directory(Vec<String>),
}

impl Revision {
    /// Finds a revision in the repository that contains `dir`.
    ///
    /// Paths are relative to `dir`. Messages print them relative to `display_prefix`.
    pub(crate) fn find(dir: &Path, display_prefix: &Path, name: &str) -> Result<Revision> {
        let printable_name = printable(name);
        let output = git(
            dir,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &format!("{name}^{{commit}}"),
            ],
        )?;
        if !output.status.success() {
            let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
            match message.lines().next() {
                // With `--quiet`, git prints no message about an unknown revision.
                Some(line) if line.contains("not a git repository") => {
                    bail!(
                        "cannot read git:{printable_name}: the directory is not in a git repository"
                    )
                }
                _ if name.starts_with('-') => {
                    bail!(
                        "git has no revision `{printable_name}`: names of revisions do not begin with `-`"
                    )
                }
                _ => bail!(
                    "git has no revision `{printable_name}`; in a shallow clone, `git fetch origin {printable_name}` may add it"
                ),
            }
        }
        let commit = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        Ok(Revision {
            name: name.to_owned(),
            commit,
            dir: dir.to_owned(),
            display_prefix: display_prefix.to_owned(),
        })
    }

    /// Returns the entry at a path, if there is one.
    pub(crate) fn entry(&self, path: &str) -> Result<Option<Entry>> {
        let object = format!("{}:./{path}", self.commit);
        let kind = git(&self.dir, &["cat-file", "-t", &object])?;
        if !kind.status.success() {
            return Ok(None);
        }
        if kind.stdout.starts_with(b"tree") {
            let listed = self.git_stdout(&["ls-tree", "-z", "--name-only", &object])?;
            let names = listed.split(|byte| *byte == 0).map(String::from_utf8_lossy);
            return Ok(Some(Entry::Directory(
                names
                    .filter(|name| !name.is_empty())
                    .map(String::from)
                    .collect(),
            )));
        }
        let size = self.git_stdout(&["cat-file", "-s", &object])?;
        let size: usize = String::from_utf8_lossy(&size)
            .trim()
            .parse()
            .unwrap_or(usize::MAX);
        if size > MAX_FILE_BYTES {
            bail!(
                "{}: the file has {size} bytes; at most {MAX_FILE_BYTES} are read",
                self.display_path(path)
            );
        }
        Ok(Some(Entry::File(
            self.git_stdout(&["cat-file", "blob", &object])?,
        )))
    }

    /// Returns the contents of a file, if it exists.
    pub(crate) fn file(&self, path: &str) -> Result<Option<Vec<u8>>> {
        match self.entry(path)? {
            Some(Entry::File(bytes)) => Ok(Some(bytes)),
            Some(Entry::Directory(_)) | None => Ok(None),
        }
    }

    /// Returns a path of the revision as `git:REV:PATH`.
    pub(crate) fn display_path(&self, path: &str) -> String {
        format!(
            "git:{}:{}",
            printable(&self.name),
            printable(&self.display_prefix.join(path).display().to_string())
        )
    }

    /// Runs git and returns its standard output, or an error with its message.
    fn git_stdout(&self, args: &[&str]) -> Result<Vec<u8>> {
        let output = git(&self.dir, args)?;
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

/// Replaces unprintable characters with `?`.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if is_unprintable(c) { '?' } else { c })
        .collect()
}

fn git(dir: &Path, args: &[&str]) -> Result<Output> {
    let dir = if dir.as_os_str().is_empty() {
        Path::new(".")
    } else {
        dir
    };
    // `LC_ALL=C`: messages are parsed above. `core.fsmonitor=false`: the configuration of the
    // repository must not start programs.
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(dir)
        .args(["--no-pager", "-c", "core.fsmonitor=false"])
        .args(args.iter().map(OsStr::new));
    command
        .env("LC_ALL", "C")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(std::process::Stdio::null());
    command
        .output()
        .context("cannot run git, which `git:REV` needs")
}
