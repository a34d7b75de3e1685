//! Which operations use a component: who reads that a shared schema changed wants to know which calls that concerns.

use std::cell::OnceCell;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use super::document::Document;
use super::paths::METHODS;
use super::{place, references};
use crate::yaml::escape;

/// The users of one document's components. What refers to what is found when it is first asked.
pub(super) struct Users<'d> {
    document: &'d Document,
    graph: OnceCell<Graph>,
}

/// Operations and components, and which of them refer to which.
#[derive(Default)]
struct Graph {
    units: Vec<Unit>,
    /// The units that refer to the one at a pointer.
    referrers: HashMap<String, Vec<usize>>,
}

/// What refers to others as a whole.
struct Unit {
    pointer: String,
    kind: Kind,
}

enum Kind {
    /// An operation, with its name.
    Operation(String),
    /// What a path says for all its operations.
    Path,
    Component,
}

impl Unit {
    fn operation(&self) -> Option<&str> {
        match &self.kind {
            Kind::Operation(name) => Some(name),
            Kind::Path | Kind::Component => None,
        }
    }
}

impl<'d> Users<'d> {
    pub(super) fn new(document: &'d Document) -> Users<'d> {
        Users { document, graph: OnceCell::new() }
    }

    /// The names of the operations that lead to a component, in the document's order.
    pub(super) fn of(&self, component: Option<&str>) -> Vec<&str> {
        component.into_iter().flat_map(|pointer| self.leading_to(pointer, |_| false)).filter_map(Unit::operation).collect()
    }

    /// Whether any path leads to a component.
    pub(super) fn are_there(&self, pointer: &str) -> bool {
        let is_path = |unit: &Unit| !matches!(unit.kind, Kind::Component);
        self.leading_to(pointer, is_path).any(is_path)
    }

    /// The units that lead to a component, as far as the first that is enough.
    fn leading_to(&self, pointer: &str, is_enough: impl Fn(&Unit) -> bool) -> impl Iterator<Item = &Unit> {
        let graph = self.graph.get_or_init(|| Graph::of(self.document));
        let mut found = BTreeSet::new();
        let mut open = vec![unit_of(pointer)];
        'units: while let Some(unit) = open.pop() {
            for at in graph.referrers.get(unit).into_iter().flatten().filter(|at| found.insert(**at)) {
                if is_enough(&graph.units[*at]) {
                    break 'units;
                }
                open.push(&graph.units[*at].pointer);
            }
        }
        found.into_iter().map(|at| &graph.units[at])
    }
}

impl Graph {
    fn of(document: &Document) -> Graph {
        let mut graph = Graph::default();
        let root = document.value();
        for (path, item) in root.get("paths").and_then(Value::as_object).into_iter().flatten() {
            let of_all = format!("/paths/{}", escape(path));
            let unit = graph.add(&of_all, Kind::Path);
            let item = references::resolved(root, item);
            for (_, shared) in item.as_object().into_iter().flatten().filter(|(key, _)| !METHODS.contains(&key.as_str())) {
                graph.refers(unit, shared);
            }
            for method in METHODS {
                let Some(operation) = item.get(*method) else { continue };
                let pointer = format!("{of_all}/{method}");
                let unit = graph.add(&pointer, Kind::Operation(place::stable(document, &pointer)));
                graph.edge(unit, of_all.clone());
                graph.refers(unit, operation);
                let security = operation.get("security").or_else(|| root.get("security")).and_then(Value::as_array);
                let schemes = security.into_iter().flatten().filter_map(Value::as_object).flat_map(|all| all.keys());
                schemes.for_each(|name| graph.edge(unit, format!("/components/securitySchemes/{}", escape(name))));
            }
        }
        for (kind, all) in root.get("components").and_then(Value::as_object).into_iter().flatten() {
            for (name, component) in all.as_object().into_iter().flatten() {
                let unit = graph.add(&format!("/components/{}/{}", escape(kind), escape(name)), Kind::Component);
                graph.refers(unit, component);
            }
        }
        graph
    }

    fn add(&mut self, pointer: &str, kind: Kind) -> usize {
        self.units.push(Unit { pointer: pointer.to_owned(), kind });
        self.units.len() - 1
    }

    fn refers(&mut self, unit: usize, value: &Value) {
        references::each(value, &mut |reference| self.edge(unit, unit_of(&references::pointer(reference)).to_owned()));
    }

    fn edge(&mut self, unit: usize, to: String) {
        let referrers = self.referrers.entry(to).or_default();
        // Each unit is gone through once, from its beginning to its end.
        if referrers.last() != Some(&unit) {
            referrers.push(unit);
        }
    }
}

/// The component in which a pointer is.
pub(super) fn component_of(pointer: &str) -> Option<&str> {
    pointer.starts_with("/components/").then(|| unit_of(pointer))
}

/// The component or the operation in which a pointer is.
fn unit_of(pointer: &str) -> &str {
    let end = pointer.match_indices('/').nth(3).map_or(pointer.len(), |(at, _)| at);
    &pointer[..end]
}
