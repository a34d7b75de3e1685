//! The account of everything that a source read: nothing of it may be lost silently.

/// Everything that was read to make a draft, apart from the endpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The names of the file sets, in order.
    pub sets: Vec<String>,
    /// The entries of all indexes, in order.
    pub index: Vec<IndexEntry>,
    /// The documents, in order.
    pub documents: Vec<DocumentAccount>,
    /// The files that are neither index nor document.
    pub unread_files: Vec<String>,
}

/// An entry of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// The entry's name.
    pub name: String,
    /// The entry's slug.
    pub slug: Option<String>,
    /// The URLs of the entry's documents.
    pub documents: Vec<String>,
    /// The position, from 0, of the earlier entry that this one duplicates.
    pub duplicate_of: Option<usize>,
}

/// A document that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentAccount {
    /// The name of the file set that the document belongs to.
    pub set: String,
    /// The file.
    pub file: String,
    /// The number of operation entries, unreadable ones included.
    pub entries: usize,
    /// True if an index entry refers to the document.
    pub in_index: bool,
}
