//! The text files of the repository.

use std::path::{Path, PathBuf};
use std::{fs, io};

/// Directories that hold build output or documents written by others.
const SKIPPED: &[&str] = &[".git", "target", "listing"];

/// A text file of the repository.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// The path from the root, with `/` between segments.
    pub path: String,
    /// The content.
    pub text: String,
}

/// Returns the root of the repository.
#[must_use]
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns all text files below the root, sorted by path.
///
/// # Errors
///
/// An error from reading a directory or a file.
pub fn files() -> io::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    collect(&root(), "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(directory: &Path, prefix: &str, files: &mut Vec<SourceFile>) -> io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = format!("{prefix}{name}");
        let kind = entry.file_type()?;
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else if kind.is_file()
            && let Ok(text) = String::from_utf8(fs::read(entry.path())?)
        {
            files.push(SourceFile { path, text });
        }
    }
    Ok(())
}
