//! The account of everything that a source read: nothing of it may be lost silently.

use openapi_text::{Diagnostic, Diagnostics, Severity};

/// Everything that was read to make a draft, apart from the endpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Account {
    /// The names of the file sets, in order.
    pub sets: Vec<String>,
    /// The entries of all indexes, in order.
    pub index: Vec<IndexEntry>,
    /// The documents, in order.
    pub documents: Vec<DocumentAccount>,
    /// The files that are neither index nor document, and that no reference leads to.
    pub unread_files: Vec<String>,
    /// The files that are read only because references lead to them.
    pub referenced_files: Vec<String>,
    /// The repairs and assumptions that concern no single endpoint, such as those of components.
    pub changes: Vec<Diagnostic>,
}

impl Account {
    /// Adds the repairs and assumptions among the findings of a stage.
    pub fn add_changes(&mut self, findings: &Diagnostics) {
        for severity in [Severity::Repaired, Severity::Assumed] {
            self.changes.extend(findings.of(severity).cloned());
        }
    }
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
    /// The version of OpenAPI: `2.0`, `3.0`, `3.1` or `3.2`.
    pub version: String,
    /// The number of operation entries, unreadable ones included.
    pub entries: usize,
    /// True if an index entry refers to the document.
    pub in_index: bool,
}
