//! Where a reference leads.

use openapi_convert::Version;

use super::form::{component, fits, swagger_section, target_kind};
use super::linker::{Action, Linker, Task};
use crate::model::Kind;
use crate::sources::is_document;
use openapi_text::Diagnostics;
use openapi_text::pointer::{escape, of_reference, unescape};

impl Linker<'_, '_> {
    /// Returns the action for a reference of a kind in a part.
    pub(super) fn resolve(
        &mut self,
        task: &Task,
        kind: Kind,
        text: &str,
        diagnostics: &mut Diagnostics,
    ) -> Action {
        let is_name = kind == Kind::SchemaName;
        let kind = target_kind(kind);
        let (location, fragment) = match text.split_once('#') {
            Some((location, fragment)) => (location, Some(fragment)),
            None => (text, None),
        };
        let file = match location {
            "" => Some(task.file),
            location => self.sources.find(task.file, location),
        };
        let Some(file) = file else {
            // A mapping may have names of components in place of references.
            return Action::Keep;
        };
        if is_name && !text.contains('#') && self.units[task.unit].file == file {
            return Action::Keep;
        }
        let fragment = format!("#{}", fragment.unwrap_or_default());
        let pointer = of_reference(&fragment);
        let (Some(pointer), true) = (pointer, self.sources.value(file, diagnostics).is_some())
        else {
            return Action::Keep;
        };
        match self.existing(file, kind, &pointer) {
            Some((pointer, kind_of_target)) => self.lead(task, kind, file, pointer, kind_of_target),
            None => self.ask_siblings(task, kind, file, &pointer),
        }
    }

    /// Returns the pointer of a part that exists in a file, and its kind.
    fn existing(&self, file: usize, kind: Kind, pointer: &str) -> Option<(String, Kind)> {
        let root = self.sources.parsed(file)?;
        if pointer.is_empty() && is_document(root) {
            return None;
        }
        let exists = |pointer: &str, kind| root.pointer(pointer).is_some_and(|it| fits(kind, it));
        let of_section = component(pointer);
        match of_section {
            Some((other, _)) if other != kind => {
                let schema = format!("{pointer}/schema");
                if kind == Kind::Schema && exists(&schema, kind) {
                    return Some((schema, kind));
                }
                let may_wrap = matches!(kind, Kind::Response | Kind::Body) && other == Kind::Schema;
                (may_wrap && exists(pointer, other)).then(|| (pointer.to_owned(), other))
            }
            _ if exists(pointer, kind) => Some((pointer.to_owned(), kind)),
            // The section of another version.
            Some((kind, name)) => {
                let sections = [
                    kind.section()
                        .map(|section| format!("/components/{section}/{name}")),
                    swagger_section(kind).map(|section| format!("/{section}/{name}")),
                ];
                sections
                    .into_iter()
                    .flatten()
                    .find(|other| exists(other, kind))
                    .map(|other| (other, kind))
            }
            None => None,
        }
    }

    /// Returns the action for a reference to an existing part.
    fn lead(
        &mut self,
        task: &Task,
        kind: Kind,
        file: usize,
        pointer: String,
        kind_of_target: Kind,
    ) -> Action {
        let version = self.units[task.unit].version;
        let target = self.unit_of(file, version);
        // A parameter of Swagger 2.0 may be a body, which only its own document tells.
        let is_swagger = [version, self.units[target].version].contains(&Version::V2_0);
        let is_inline = match kind {
            Kind::PathItem => true,
            Kind::Parameter => is_swagger && target != task.unit,
            _ => false,
        };
        if is_inline {
            self.search(task.unit, file, pointer.clone(), kind);
            return Action::Inline(file, pointer);
        }
        let name = match component(&pointer) {
            Some((_, name)) if self.units[target].is_document => unescape(name),
            _ => self.hoist(target, file, &pointer, kind_of_target),
        };
        let section = match target == task.unit && version == Version::V2_0 {
            true => swagger_section(kind_of_target).map(str::to_owned),
            false => kind_of_target
                .section()
                .map(|section| format!("components/{section}")),
        };
        let Some(section) = section else {
            return Action::Keep;
        };
        let document = match target == task.unit {
            true => String::new(),
            false => format!("unit:{target}"),
        };
        let text = format!("{document}#/{section}/{}", escape(&name));
        match kind_of_target == kind {
            true => Action::Replace(text),
            false => Action::Wrap(text),
        }
    }

    /// Returns the action for a part that does not exist. If sibling documents have it, they get a
    /// component for it.
    fn ask_siblings(&mut self, task: &Task, kind: Kind, file: usize, pointer: &str) -> Action {
        let is_own = self.units[task.unit].file == file && self.units[task.unit].is_document;
        let Some(section) = kind.section().filter(|_| is_own) else {
            return Action::Keep;
        };
        if kind == Kind::PathItem || component(pointer).is_some() {
            return Action::Keep;
        }
        let mut names = Vec::new();
        for unit in 0..self.units.len() {
            let other = self.units[unit].file;
            if unit != task.unit
                && self.units[unit].is_document
                && self.existing(other, kind, pointer).is_some()
            {
                names.push(self.hoist(unit, other, pointer, kind));
            }
        }
        match names.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => {
                Action::Replace(format!("#/components/{section}/{}", escape(first)))
            }
            _ => Action::Keep,
        }
    }
}
