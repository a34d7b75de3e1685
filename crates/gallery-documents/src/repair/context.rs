//! The context of repairs.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::components::Components;
use crate::model::Kind;
use gallery_draft::Change;
use openapi_text::Severity;
use openapi_text::pointer::unescape;

/// The context of a repair, and the changes that were made.
pub(crate) struct RepairContext<'a> {
    pub(super) components: &'a Components,
    pub(super) unit: usize,
    /// The names of the schemas of the document, for repairs of parts.
    pub(super) schemas: BTreeSet<String>,
    /// The pointer of the part that is repaired.
    pub(super) pointer: String,
    severity: Severity,
    code: &'static str,
    reduces: bool,
    pub(super) changes: Vec<Change>,
}

impl<'a> RepairContext<'a> {
    pub(crate) fn new(components: &'a Components, unit: usize) -> RepairContext<'a> {
        RepairContext {
            components,
            unit,
            schemas: BTreeSet::new(),
            pointer: String::new(),
            severity: Severity::Repaired,
            code: "",
            reduces: false,
            changes: Vec::new(),
        }
    }

    /// Starts a repair.
    pub(super) fn start(&mut self, severity: Severity, code: &'static str, reduces: bool) {
        (self.severity, self.code, self.reduces) = (severity, code, reduces);
    }

    /// Records a change of the part.
    pub(super) fn record(&mut self, message: impl Into<String>) {
        self.changes.push(Change {
            severity: self.severity,
            code: self.code,
            pointer: self.pointer.clone(),
            message: message.into(),
            reduces: self.reduces,
        });
    }

    /// Returns true if a text of a mapping leads to a schema: the name of one, or a reference.
    pub(super) fn is_schema(&self, text: &str) -> bool {
        match text.split_once('#') {
            // The linker has resolved the references to other files.
            Some((file, _)) if !file.is_empty() => true,
            Some((_, pointer)) => pointer
                .strip_prefix("/components/schemas/")
                .is_some_and(|name| self.schemas.contains(&unescape(name))),
            None => self.schemas.contains(text),
        }
    }

    /// Returns the parameter that a value is or refers to, if it can be read.
    pub(super) fn parameter<'v>(&'v self, value: &'v Value) -> Option<&'v Map<String, Value>> {
        let (_, value) = self
            .components
            .resolved(self.unit, Kind::Parameter, value)?;
        value.as_object()
    }

    pub(crate) fn into_changes(self) -> Vec<Change> {
        self.changes
    }
}

/// Returns the parameters of an operation.
pub(super) fn parameters(operation: &mut Value) -> Option<&mut Vec<Value>> {
    operation.get_mut("parameters")?.as_array_mut()
}
