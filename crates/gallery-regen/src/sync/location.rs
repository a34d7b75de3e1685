//! Decides which paths a journal may name. A journal can come with a repository that somebody else
//! wrote.

use std::fs;
use std::io;
use std::path::{Component, Path};

use gallery_codegen::is_generated;

use super::error::{at, in_the_way, is_absent};

/// The journal's directory, relative to the workspace root.
pub(super) const JOURNAL: &str = ".gallery-journal";

/// Returns an error if something prevents the write of a file: a symlink, which may lead to files
/// of others, or a file where a directory should be.
pub(super) fn refuse_obstacle(root: &Path, path: &str) -> io::Result<()> {
    refuse_outside(path)?;
    refuse_links(root, path)?;
    match fs::symlink_metadata(root.join(path)) {
        Ok(metadata) if metadata.is_dir() => {
            Err(in_the_way(path, "a directory is where a file should be"))
        }
        _ => Ok(()),
    }
}

/// Returns an error if a path of a journal is not one that a run writes: below `specs`, or in a
/// crate that is generated.
pub(super) fn refuse_foreign(root: &Path, path: &str) -> io::Result<()> {
    refuse_obstacle(root, path)?;
    let mut parts = path.split('/');
    let is_ours = match (parts.next(), parts.next(), parts.next()) {
        (Some("specs"), Some(_), _) => true,
        (Some("crates"), Some(name), Some(_)) => {
            match fs::read_to_string(root.join("crates").join(name).join("Cargo.toml")) {
                Ok(manifest) => is_generated(&manifest),
                Err(error) if is_absent(&error) => true,
                Err(error) => return Err(at(error, path)),
            }
        }
        _ => false,
    };
    match is_ours {
        true => Ok(()),
        false => Err(invalid(path, "is not a path that a run writes")),
    }
}

/// Returns an error if a path of a journal is not that of a staged file. The file may be absent,
/// because it was moved already.
pub(super) fn refuse_unstaged(root: &Path, path: &str) -> io::Result<()> {
    refuse_outside(path)?;
    if !path.starts_with(&format!("{JOURNAL}/")) {
        return Err(invalid(path, "is not a staged file"));
    }
    refuse_links(root, path)?;
    match fs::symlink_metadata(root.join(path)) {
        Ok(metadata) if !metadata.is_file() => Err(invalid(path, "is not a regular file")),
        Err(error) if !is_absent(&error) => Err(at(error, path)),
        _ => Ok(()),
    }
}

fn refuse_outside(path: &str) -> io::Result<()> {
    let is_plain = |part| matches!(part, Component::Normal(_));
    match !path.contains('\\') && Path::new(path).components().all(is_plain) {
        true => Ok(()),
        false => Err(invalid(path, "leads out of the workspace")),
    }
}

/// Returns an error if a directory of the path is a symlink or a file.
fn refuse_links(root: &Path, path: &str) -> io::Result<()> {
    for (end, _) in path.match_indices('/') {
        let folder = &path[..end];
        match fs::symlink_metadata(root.join(folder)) {
            Ok(metadata) if !metadata.is_dir() => {
                let reason = "a file or symlink is where a directory should be";
                return Err(in_the_way(folder, reason));
            }
            _ => {}
        }
    }
    Ok(())
}

fn invalid(path: &str, reason: &str) -> io::Error {
    let path = openapi_text::printable(path);
    io::Error::new(
        io::ErrorKind::InvalidData,
        format!("{JOURNAL}: `{path}` {reason}; remove the directory {JOURNAL}"),
    )
}
