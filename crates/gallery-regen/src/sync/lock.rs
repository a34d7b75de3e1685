//! The lock that only one run at a time may hold.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use gallery_spec::config;

use super::error::at;

/// A lock on the workspace. It is released when the value is dropped.
#[derive(Debug)]
pub struct Exclusive {
    _file: File,
}

/// Locks the workspace. Calls `waiting` before it waits for another run.
///
/// The lock is on the file `specs/gallery.toml`, which must exist and is not changed.
pub fn exclusive(root: &Path, waiting: impl FnOnce()) -> io::Result<Exclusive> {
    let path = config::PATH;
    let mut waiting = Some(waiting);
    loop {
        let file = File::open(root.join(path)).map_err(|error| at(error, path))?;
        if fs4::FileExt::try_lock(&file).is_err() {
            if let Some(waiting) = waiting.take() {
                waiting();
            }
            fs4::FileExt::lock(&file).map_err(|error| at(error, path))?;
        }
        // The other run may have replaced the file.
        if is_same(&file, &root.join(path)) {
            return Ok(Exclusive { _file: file });
        }
    }
}

#[cfg(unix)]
fn is_same(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), fs::metadata(path)) {
        (Ok(locked), Ok(current)) => identity(locked) == identity(current),
        _ => false,
    }
}

/// Other systems do not replace files that are open.
#[cfg(not(unix))]
fn is_same(_file: &File, _path: &Path) -> bool {
    true
}
