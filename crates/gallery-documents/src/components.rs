//! The components of all units, and where references to them lead.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Value, json};

use crate::model::{Kind, SECTIONS, reference};
use openapi_text::pointer::{of_reference, unescape};

/// A component of a unit.
#[derive(Debug)]
pub(crate) struct Component {
    pub(crate) unit: usize,
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) value: Value,
    /// The file and the pointer where it is written.
    pub(crate) file: usize,
    pub(crate) pointer: String,
}

impl Component {
    pub(crate) fn section(&self) -> &'static str {
        self.kind.section().unwrap_or_default()
    }
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Component(usize),
    /// The position of a reference that leads nowhere in [`Components::dangling`].
    Dangling(usize),
}

/// A reference that leads nowhere within its unit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Dangling {
    pub(crate) unit: usize,
    pub(crate) kind: Kind,
    pub(crate) text: String,
}

impl Dangling {
    /// Returns the name of the component that a local reference names.
    pub(crate) fn name(&self) -> Option<String> {
        let pointer = of_reference(&self.text)?;
        let rest = pointer.strip_prefix("/components/")?;
        let name = rest.strip_prefix(self.kind.section()?)?.strip_prefix('/')?;
        (!name.is_empty() && !name.contains('/')).then(|| unescape(name))
    }
}

/// The components of all units.
#[derive(Debug, Default)]
pub(crate) struct Components {
    pub(crate) all: Vec<Component>,
    by_name: HashMap<(usize, Kind), HashMap<String, usize>>,
    pub(crate) dangling: Vec<Dangling>,
    by_reference: HashMap<Dangling, usize>,
    /// The file and the pointer of the first of such references, and how many there are.
    pub(crate) places: Vec<(usize, String, usize)>,
    units: usize,
    /// The components of sibling documents that replace missing ones.
    pub(crate) replacements: BTreeMap<usize, usize>,
    /// The replaced references whose components refer to different ones in sibling documents.
    pub(crate) partly_equal: BTreeSet<usize>,
}

impl Components {
    pub(crate) fn add(&mut self, component: Component) {
        self.by_name
            .entry((component.unit, component.kind))
            .or_default()
            .insert(component.name.clone(), self.all.len());
        self.all.push(component);
    }

    /// Moves the components of a unit's document here.
    pub(crate) fn extract(
        &mut self,
        unit: usize,
        document: &mut Value,
        location: impl Fn(&'static str, &str) -> (usize, String),
    ) {
        let sections = document
            .get_mut("components")
            .map(Value::take)
            .unwrap_or_default();
        let Value::Object(mut sections) = sections else {
            return;
        };
        for (section, kind) in SECTIONS {
            let Some(Value::Object(map)) = sections.remove(*section) else {
                continue;
            };
            for (name, value) in map {
                let (file, pointer) = location(section, &name);
                self.add(Component {
                    unit,
                    kind: *kind,
                    name,
                    value,
                    file,
                    pointer,
                });
            }
        }
    }

    /// Returns the component with a name in a unit.
    pub(crate) fn find(&self, unit: usize, kind: Kind, name: &str) -> Option<usize> {
        self.by_name.get(&(unit, kind))?.get(name).copied()
    }

    /// Returns the component that a reference in a unit names.
    fn find_reference(&self, unit: usize, kind: Kind, text: &str) -> Option<usize> {
        let (unit, fragment) = match text.strip_prefix("unit:") {
            Some(rest) => {
                let (number, _) = rest.split_once('#')?;
                (number.parse().ok()?, &rest[number.len()..])
            }
            None => (unit, text),
        };
        let section = kind.section()?;
        let pointer = of_reference(fragment)?;
        let name = pointer
            .strip_prefix("/components/")?
            .strip_prefix(section)?
            .strip_prefix('/')?;
        self.find(unit, kind, name)
            .or_else(|| self.find(unit, kind, &unescape(name)))
    }

    /// Returns where a reference leads, or nothing if the value is not a reference. Names of a
    /// discriminator's mapping are plain text unless they are components.
    pub(crate) fn target(&self, unit: usize, kind: Kind, value: &Value) -> Option<Target> {
        let text = reference(kind, value)?;
        if kind == Kind::SchemaName {
            let found = self.find(unit, Kind::Schema, text);
            let found = found.or_else(|| self.find_reference(unit, Kind::Schema, text));
            return found.map(Target::Component);
        }
        if let Some(found) = self.find_reference(unit, kind, text) {
            return Some(Target::Component(found));
        }
        let dangling = Dangling {
            unit,
            kind,
            text: text.to_owned(),
        };
        let position = *self.by_reference.get(&dangling)?;
        match self.replacements.get(&position) {
            Some(component) => Some(Target::Component(*component)),
            None => Some(Target::Dangling(position)),
        }
    }

    /// Returns true if a value is a reference that leads nowhere within its unit.
    pub(crate) fn is_dangling(&self, unit: usize, kind: Kind, value: &Value) -> bool {
        kind != Kind::SchemaName
            && reference(kind, value)
                .is_some_and(|text| self.find_reference(unit, kind, text).is_none())
    }

    /// Records a reference that leads nowhere, and where it is.
    pub(crate) fn add_dangling(
        &mut self,
        unit: usize,
        kind: Kind,
        value: &Value,
        place: (usize, String),
    ) {
        let Some(text) = reference(kind, value) else {
            return;
        };
        let dangling = Dangling {
            unit,
            kind,
            text: text.to_owned(),
        };
        let next = self.dangling.len();
        let position = *self.by_reference.entry(dangling.clone()).or_insert(next);
        if position == next {
            self.dangling.push(dangling);
            self.places.push((place.0, place.1, 0));
        }
        self.places[position].2 += 1;
    }

    /// Makes components untyped that are references which only lead to each other. Returns them.
    pub(crate) fn break_cycles(&mut self) -> Vec<usize> {
        let next: Vec<Option<usize>> = self
            .all
            .iter()
            .map(|it| match self.target(it.unit, it.kind, &it.value) {
                Some(Target::Component(target)) => Some(target),
                _ => None,
            })
            .collect();
        // The number of the chain in which a component was visited.
        let mut visited = vec![usize::MAX; next.len()];
        let mut broken = Vec::new();
        for start in 0..next.len() {
            let mut at = start;
            while visited[at] == usize::MAX {
                visited[at] = start;
                match next[at] {
                    Some(target) => at = target,
                    None => break,
                }
            }
            if next[at].is_some() && visited[at] == start {
                broken.push(at);
            }
        }
        for &number in &broken {
            self.all[number].value = untyped(self.all[number].kind);
        }
        broken
    }

    /// Returns the number of a new unit.
    pub(crate) fn next_unit(&mut self) -> usize {
        self.units += 1;
        self.units - 1
    }

    /// Returns the part that a value is or refers to, and its unit.
    pub(crate) fn resolved<'v>(
        &'v self,
        mut unit: usize,
        kind: Kind,
        mut value: &'v Value,
    ) -> Option<(usize, &'v Value)> {
        for _ in 0..MAX_ALIASES {
            match self.target(unit, kind, value) {
                None => return Some((unit, value)),
                Some(Target::Component(number)) => {
                    let component = &self.all[number];
                    (unit, value) = (component.unit, &component.value);
                }
                Some(Target::Dangling(_)) => return None,
            }
        }
        None
    }
}

/// Returns a part that says nothing.
pub(crate) fn untyped(kind: Kind) -> Value {
    match kind {
        Kind::Response => json!({"description": ""}),
        Kind::Body => json!({"content": {"application/json": {"schema": {}}}}),
        Kind::Header => json!({"schema": {}}),
        _ => json!({}),
    }
}

/// The maximum length of a chain of references.
pub(crate) const MAX_ALIASES: usize = 64;
