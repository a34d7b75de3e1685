//! The state of a conversion.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::budget::Budget;
use crate::note::{Note, NoteKind};
use crate::targets::Targets;
use crate::version::Version;

/// The extension of schemas with the keywords that OpenAPI 3.0.3 lacks.
pub(crate) const JSON_SCHEMA: &str = "x-json-schema";

/// The state of a conversion.
pub(crate) struct Context {
    /// The version of the document.
    pub(crate) version: Version,
    /// Where references lead.
    pub(crate) targets: Targets,
    /// Schemas that become components.
    pub(crate) schemas: Map<String, Value>,
    /// The types of the security schemes.
    pub(crate) scheme_types: BTreeMap<String, String>,
    /// The media types of the components, and true for those that references lead to.
    pub(crate) media_types: BTreeMap<String, (Value, bool)>,
    /// The limit for copies.
    pub(crate) budget: Budget,
    /// The notes.
    pub(crate) notes: Vec<Note>,
}

impl Context {
    /// Returns the state before a conversion.
    pub(crate) fn new(
        version: Version,
        targets: Targets,
        scheme_types: BTreeMap<String, String>,
        budget: Budget,
    ) -> Self {
        Context {
            version,
            targets,
            schemas: Map::new(),
            scheme_types,
            media_types: BTreeMap::new(),
            budget,
            notes: Vec::new(),
        }
    }

    /// Adds a note.
    pub(crate) fn note(
        &mut self,
        kind: NoteKind,
        code: &'static str,
        pointer: String,
        message: impl Into<String>,
    ) {
        self.notes.push(Note {
            kind,
            code,
            pointer,
            message: message.into(),
        });
    }

    /// Adds a note for a keyword that the version of the document does not have, if `is_valid` is
    /// false.
    pub(crate) fn repaired_unless(
        &mut self,
        is_valid: bool,
        code: &'static str,
        pointer: impl FnOnce() -> String,
        message: &str,
    ) {
        if !is_valid {
            let message = format!("{message} is not part of OpenAPI {}", self.version);
            self.note(NoteKind::Repaired, code, pointer(), message);
        }
    }

    /// Returns true for versions with JSON Schema 2020-12.
    pub(crate) fn is_modern(&self) -> bool {
        self.version >= Version::V3_1
    }
}

/// Moves a field to the extension with its name. Returns true if there was one.
pub(crate) fn to_extension(map: &mut Map<String, Value>, key: &str) -> bool {
    match map.remove(key) {
        Some(value) => {
            map.entry(format!("x-{key}")).or_insert(value);
            true
        }
        None => false,
    }
}
