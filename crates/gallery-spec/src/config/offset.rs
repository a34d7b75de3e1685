//! Errors and places at byte offsets of `gallery.toml`.

use openapi_text::{Location, line_column};

/// The path of the file, relative to the workspace root.
pub const PATH: &str = "specs/gallery.toml";

/// A byte offset and a message.
pub(super) type OffsetError = (usize, String);

/// Returns the place at a byte offset.
pub(super) fn location(text: &str, offset: usize) -> Location {
    let (line, column) = line_column(text, offset);
    Location::line(PATH, line, column)
}
