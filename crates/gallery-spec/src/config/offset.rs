//! Errors at byte offsets of `gallery.toml`.

/// A byte offset and a message.
pub(super) type OffsetError = (usize, String);
