//! The folder in the target folder in which mutants are compiled.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// A folder with a Cargo workspace and build artifacts.
pub(super) struct BuildFolder {
    /// The root of the Cargo workspace.
    pub(super) root: PathBuf,
    target: PathBuf,
    /// The lock file of the original workspace.
    lock_file: PathBuf,
    /// Prevents concurrent runs in the same folder.
    _lock: File,
}

impl BuildFolder {
    /// Creates an empty Cargo workspace with this name, and removes the one of an earlier run.
    /// Build artifacts are reused.
    pub(super) fn new(workspace: &Path, name: &str) -> Result<BuildFolder> {
        let target = std::env::var_os("CARGO_TARGET_DIR")
            .map_or_else(|| workspace.join("target"), PathBuf::from);
        let folder = workspace.join(target).join("mutants");
        fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        let lock =
            File::create(folder.join("lock")).context("the lock file of the mutants folder")?;
        if fs4::FileExt::try_lock(&lock).is_err() {
            bail!(
                "another run uses {}; wait until it has finished",
                folder.display()
            );
        }
        let root = folder.join(name);
        if root.exists() {
            fs::remove_dir_all(&root).with_context(|| root.display().to_string())?;
        }
        Ok(BuildFolder {
            root,
            target: folder.join("target"),
            lock_file: workspace.join("Cargo.lock"),
            _lock: lock,
        })
    }

    /// Writes a file. The path is relative to the root.
    pub(super) fn write(&self, path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
        let path = self.root.join(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
        }
        fs::write(&path, bytes).with_context(|| path.display().to_string())
    }

    /// Writes the manifest and the lock file of the workspace.
    pub(super) fn write_manifest(&self, mut manifest: toml::Table) -> Result<()> {
        // Dependencies are compiled once and run often. Mutants are compiled often and run once.
        manifest.insert(
            "profile".to_owned(),
            toml::toml! { dev = { debug = 0, package = { "*" = { opt-level = 1 } } } }.into(),
        );
        self.write("Cargo.toml", manifest.to_string().as_bytes())?;
        // With the same lock file, the build needs no network.
        fs::copy(&self.lock_file, self.root.join("Cargo.lock")).context("Cargo.lock")?;
        Ok(())
    }

    /// Returns a command that compiles conformance tests and prints JSON messages.
    pub(super) fn build_command(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command
            .args(["build", "--offline", "--quiet", "--message-format", "json"])
            .args(["--test", "conformance"])
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", &self.target)
            .stdin(Stdio::null());
        command
    }
}
