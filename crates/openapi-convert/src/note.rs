//! Notes about parts of a document.

use std::fmt;

/// A part of a source document that OpenAPI 3.0.3 expresses differently, or not at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The kind of note.
    pub kind: NoteKind,
    /// The keyword, as in the table of keywords.
    pub code: &'static str,
    /// The JSON pointer of the part in the source document.
    pub pointer: String,
    /// A description.
    pub message: String,
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]", self.pointer, self.message, self.code)
    }
}

/// A kind of note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoteKind {
    /// The part is kept in an extension.
    Kept,
    /// The document no longer expresses the part.
    NotExpressed,
    /// The part was invalid in the version of the document, and was read as intended.
    Repaired,
}
