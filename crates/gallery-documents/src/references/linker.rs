//! The parts and references that are linked.

use std::collections::{HashMap, HashSet};

use openapi_convert::Version;
use serde_json::Value;

use super::form::has_component;
use super::names;
use crate::model::Kind;
use crate::sources::Sources;

/// A document, or the parts of other files that documents refer to.
pub(crate) struct Unit {
    /// The position of its file.
    pub(crate) file: usize,
    /// The version in which it is written.
    pub(crate) version: Version,
    /// True if its file is a document.
    pub(crate) is_document: bool,
}

/// The change of a reference.
#[derive(Clone, Debug)]
pub(super) enum Action {
    Keep,
    /// Refer to something else.
    Replace(String),
    /// Use the part itself.
    Inline(usize, String),
    /// Use a response or body with the schema that is referred to.
    Wrap(String),
}

/// A part that has to be searched for references.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Task {
    pub(super) unit: usize,
    pub(super) file: usize,
    pub(super) pointer: String,
    pub(super) kind: Kind,
}

/// A part that becomes a component.
pub(super) struct Hoist {
    pub(super) file: usize,
    pub(super) pointer: String,
    pub(super) kind: Kind,
    pub(super) name: String,
}

/// The state of linking.
pub(super) struct Linker<'s, 'a> {
    pub(super) sources: &'s mut Sources<'a>,
    pub(super) units: Vec<Unit>,
    pub(super) unit_of_document: HashMap<usize, usize>,
    pub(super) unit_of_fragment: HashMap<(usize, Version), usize>,
    pub(super) actions: HashMap<(usize, usize, Kind, String), Action>,
    pub(super) hoists: Vec<Vec<Hoist>>,
    pub(super) hoist_names: HashMap<(usize, usize, String, Kind), String>,
    pub(super) taken: HashSet<(usize, &'static str, String)>,
    pub(super) open: Vec<Task>,
    pub(super) seen: HashSet<Task>,
    pub(super) inlined: usize,
}

impl Linker<'_, '_> {
    /// Has a part searched for references.
    pub(super) fn search(&mut self, unit: usize, file: usize, pointer: String, kind: Kind) {
        let task = Task {
            unit,
            file,
            pointer,
            kind,
        };
        if self.seen.insert(task.clone()) {
            self.open.push(task);
        }
    }

    /// Makes a part a component of a unit. Returns its name.
    pub(super) fn hoist(&mut self, unit: usize, file: usize, pointer: &str, kind: Kind) -> String {
        let key = (unit, file, pointer.to_owned(), kind);
        if let Some(name) = self.hoist_names.get(&key) {
            return name.clone();
        }
        let section = kind.section().unwrap_or_default();
        let wanted = names::of_pointer(pointer, self.sources.relative_path(file));
        let root = self
            .sources
            .parsed(self.units[unit].file)
            .filter(|_| self.units[unit].is_document);
        let mut name = wanted.clone();
        let mut number = 2;
        while root.is_some_and(|root| has_component(root, kind, &name))
            || !self.taken.insert((unit, section, name.clone()))
        {
            name = format!("{wanted}_{number}");
            number += 1;
        }
        self.hoists[unit].push(Hoist {
            file,
            pointer: pointer.to_owned(),
            kind,
            name: name.clone(),
        });
        self.hoist_names.insert(key, name.clone());
        self.search(unit, file, pointer.to_owned(), kind);
        name
    }

    /// Returns the unit of a file: that of the document, or one for a fragment in a version.
    pub(super) fn unit_of(&mut self, file: usize, version: Version) -> usize {
        if let Some(unit) = self.unit_of_document.get(&file) {
            return *unit;
        }
        let next = self.units.len();
        let unit = *self.unit_of_fragment.entry((file, version)).or_insert(next);
        if unit == next {
            self.units.push(Unit {
                file,
                version,
                is_document: false,
            });
            self.hoists.push(Vec::new());
        }
        unit
    }

    /// Returns a copy of a part of a file.
    pub(super) fn copy(&self, file: usize, pointer: &str) -> Value {
        let part = self
            .sources
            .parsed(file)
            .and_then(|root| root.pointer(pointer));
        part.cloned().unwrap_or_default()
    }
}
