//! Errors of the disk with the path at which they occurred.

use std::io;

/// Adds a path to an error.
pub(super) fn at(error: io::Error, path: &str) -> io::Error {
    io::Error::new(error.kind(), format!("{path}: {error}"))
}

/// Returns an error for a file or directory that prevents a write.
pub(super) fn in_the_way(path: &str, reason: &str) -> io::Error {
    io::Error::other(format!("{path}: {reason}; move it away and run this again"))
}

/// Returns true if a file does not exist, or if one of its directories is a file.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
