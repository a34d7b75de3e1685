//! Makes every reference one to a component: of the own document, or of another one.
//!
//! - A reference to any other part becomes one to a component with a copy of that part.
//! - A reference to a file that is not a document becomes one to a component of a unit that is made
//!   for this file.
//! - References to other documents are written as `unit:NUMBER#/components/…`.
//! - References to path items are replaced by the path items.
//!
//! References that lead nowhere are kept if they name a component, because a sibling document may
//! have it.

mod edit;
mod form;
mod linker;
mod names;
mod target;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};

use self::edit::{insert, set_reference, skeleton, united, wrapped};
use self::form::is_component;
use self::linker::{Action, Hoist, Linker, Task};
use crate::model::{Kind, reference, walk, walk_mut};
use crate::sources::Sources;
use openapi_text::{Diagnostics, Location, Severity};

pub(crate) use self::linker::Unit;

/// A unit whose references lead to components.
pub(crate) struct Linked {
    pub(crate) unit: Unit,
    pub(crate) document: Value,
    /// Where each component is that was a part of something else, by section and name.
    pub(crate) origins: BTreeMap<(&'static str, String), (usize, String)>,
}

/// The maximum length of a chain of references between path items.
const MAX_CHAIN: usize = 16;

/// The maximum number of parts that replace references, so that small files cannot make big
/// documents.
const MAX_INLINED: usize = 20_000;

/// Links documents. Their files have been parsed.
pub(crate) fn link(
    documents: Vec<Unit>,
    sources: &mut Sources<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Linked> {
    let mut linker = Linker {
        sources,
        unit_of_document: documents
            .iter()
            .enumerate()
            .map(|(number, unit)| (unit.file, number))
            .collect(),
        unit_of_fragment: HashMap::new(),
        actions: HashMap::new(),
        hoists: documents.iter().map(|_| Vec::new()).collect(),
        hoist_names: HashMap::new(),
        taken: HashSet::new(),
        open: Vec::new(),
        seen: HashSet::new(),
        inlined: 0,
        units: documents,
    };
    for unit in (0..linker.units.len()).rev() {
        linker.search(unit, linker.units[unit].file, String::new(), Kind::Document);
    }
    while let Some(task) = linker.open.pop() {
        linker.resolve_all(&task, diagnostics);
    }
    linker.finish(diagnostics)
}

impl Linker<'_, '_> {
    fn resolve_all(&mut self, task: &Task, diagnostics: &mut Diagnostics) {
        let Some(root) = self.sources.parsed(task.file) else {
            return;
        };
        let Some(part) = root.pointer(&task.pointer) else {
            return;
        };
        let is_own = self.units[task.unit].file == task.file && self.units[task.unit].is_document;
        let mut found: BTreeSet<(Kind, String)> = BTreeSet::new();
        walk(
            task.kind,
            part,
            &mut task.pointer.clone(),
            &mut |kind, value, _| {
                if let Some(text) = reference(kind, value) {
                    let is_plain = is_own && is_component(root, kind, text);
                    if !is_plain {
                        found.insert((kind, text.to_owned()));
                    }
                    // Path items and schemas may have more besides the reference.
                    return matches!(kind, Kind::PathItem | Kind::Schema);
                }
                true
            },
        );
        for (kind, text) in found {
            let key = (task.unit, task.file, kind, text);
            if self.actions.contains_key(&key) {
                continue;
            }
            let action = self.resolve(task, kind, &key.3, diagnostics);
            self.actions.insert(key, action);
        }
    }

    fn finish(mut self, diagnostics: &mut Diagnostics) -> Vec<Linked> {
        let hoists = std::mem::take(&mut self.hoists);
        let mut copies: Vec<Vec<(Hoist, Value)>> = Vec::new();
        for (unit, hoists) in hoists.into_iter().enumerate() {
            let mut own = Vec::new();
            for hoist in hoists {
                let part = self.copy(hoist.file, &hoist.pointer);
                let part = self.rewrite(unit, hoist.file, hoist.kind, part, 0);
                own.push((hoist, part));
            }
            copies.push(own);
        }
        let inlined = self.actions.values().filter_map(|action| match action {
            Action::Inline(file, _) => Some(*file),
            _ => None,
        });
        let inlined: HashSet<usize> = inlined.collect();
        let mut documents: Vec<Value> = Vec::new();
        for unit in 0..self.units.len() {
            let document = match self.units[unit].is_document {
                true => self.rewrite_document(unit, &inlined),
                false => skeleton(self.units[unit].version),
            };
            documents.push(document);
        }
        if self.inlined > MAX_INLINED {
            let message = format!(
                "more than {MAX_INLINED} references to path items; those beyond are left out"
            );
            let file = self
                .units
                .first()
                .map_or("", |unit| &self.sources.file(unit.file).path);
            diagnostics.push(
                Severity::Warning,
                "inlined-references",
                Location::file(file),
                message,
            );
        }
        let mut all = Vec::new();
        for ((unit, mut document), copies) in self.units.into_iter().zip(documents).zip(copies) {
            let mut origins = BTreeMap::new();
            for (hoist, part) in copies {
                let section = hoist.kind.section().unwrap_or_default();
                origins.insert((section, hoist.name.clone()), (hoist.file, hoist.pointer));
                insert(&mut document, unit.version, hoist.kind, hoist.name, part);
            }
            all.push(Linked {
                unit,
                document,
                origins,
            });
        }
        all
    }

    /// Rewrites the references of a document. Its file is then empty, unless parts of it replace
    /// references.
    fn rewrite_document(&mut self, unit: usize, inlined: &HashSet<usize>) -> Value {
        let file = self.units[unit].file;
        let document = match inlined.contains(&file) {
            true => self.copy(file, ""),
            false => self.sources.take(file).unwrap_or_default(),
        };
        self.rewrite(unit, file, Kind::Document, document, 0)
    }

    /// Applies the actions to the references of a part.
    fn rewrite(
        &mut self,
        unit: usize,
        file: usize,
        kind: Kind,
        mut part: Value,
        depth: usize,
    ) -> Value {
        let mut inlined = self.inlined;
        walk_mut(
            kind,
            &mut part,
            &mut String::new(),
            &mut |kind, value, _| {
                let Some(text) = reference(kind, value) else {
                    return true;
                };
                let action = self.actions.get(&(unit, file, kind, text.to_owned()));
                match action.cloned() {
                    None | Some(Action::Keep) => {}
                    Some(Action::Replace(other)) => set_reference(kind, value, other),
                    Some(Action::Wrap(schema)) => *value = wrapped(&schema),
                    Some(Action::Inline(other, pointer)) => {
                        inlined += 1;
                        let target = match depth < MAX_CHAIN && inlined <= MAX_INLINED {
                            true => self.copy(other, &pointer),
                            false => json!({}),
                        };
                        self.inlined = inlined;
                        let target = self.rewrite(unit, other, kind, target, depth + 1);
                        let mut own = value.take();
                        own.as_object_mut().map(|own| own.remove("$ref"));
                        let own = self.rewrite(unit, file, kind, own, depth + 1);
                        inlined = self.inlined;
                        *value = united(own, target);
                        return false;
                    }
                }
                matches!(kind, Kind::PathItem | Kind::Schema)
            },
        );
        self.inlined = inlined;
        part
    }
}
