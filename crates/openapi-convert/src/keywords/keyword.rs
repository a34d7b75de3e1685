//! A row of the table.

use crate::note::NoteKind;
use crate::version::Version;

/// A keyword that OpenAPI 3.0.3 lacks, or that it writes differently.
#[derive(Clone, Copy, Debug)]
pub struct Keyword {
    /// The keyword, or a short name of the construct. [`Note::code`](crate::Note::code) has it.
    pub name: &'static str,
    /// The versions that have the keyword.
    pub versions: &'static [Version],
    /// The part of a document that it belongs to.
    pub part: Part,
    /// The note for the example, or nothing if OpenAPI 3.0.3 has an equivalent.
    pub note: Option<NoteKind>,
    /// The conversion.
    pub becomes: &'static str,
    /// An example in YAML: a schema, or some fields of a document.
    pub from: &'static str,
    /// The converted example.
    pub to: &'static str,
}

/// A part of documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A schema.
    Schema,
    /// Another object.
    Document,
    /// A document of version 2.0.
    Swagger,
}

/// Versions that share keywords.
pub(super) mod versions {
    use crate::version::Version::{self, V2_0, V3_0, V3_1, V3_2};

    pub(in super::super) const ANY: &[Version] = &[V2_0, V3_0, V3_1, V3_2];
    pub(in super::super) const OPENAPI: &[Version] = &[V3_0, V3_1, V3_2];
    pub(in super::super) const OLD: &[Version] = &[V2_0, V3_0];
    pub(in super::super) const SWAGGER: &[Version] = &[V2_0];
    pub(in super::super) const V30: &[Version] = &[V3_0];
    pub(in super::super) const MODERN: &[Version] = &[V3_1, V3_2];
    pub(in super::super) const V32: &[Version] = &[V3_2];
}

/// A keyword that has an equivalent.
pub(super) const fn exact(
    name: &'static str,
    versions: &'static [Version],
    becomes: &'static str,
    from: &'static str,
    to: &'static str,
) -> Keyword {
    Keyword {
        name,
        versions,
        part: Part::Schema,
        note: None,
        becomes,
        from,
        to,
    }
}

impl Keyword {
    /// The keyword is kept in an extension.
    pub(super) const fn kept(self) -> Keyword {
        self.noted(NoteKind::Kept)
    }

    /// The keyword is not expressed.
    pub(super) const fn not_expressed(self) -> Keyword {
        self.noted(NoteKind::NotExpressed)
    }

    /// The keyword is wrong in every version.
    pub(super) const fn repaired(self) -> Keyword {
        self.noted(NoteKind::Repaired)
    }

    const fn noted(mut self, note: NoteKind) -> Keyword {
        self.note = Some(note);
        self
    }

    /// The keyword is one of another object than a schema.
    pub(super) const fn of(mut self, part: Part) -> Keyword {
        self.part = part;
        self
    }
}
