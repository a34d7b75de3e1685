//! Finds the operations that use a component.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::sync::Arc;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use serde_json::Value;

use crate::document::Document;
use crate::inheritance::{self, Inheritance};
use crate::location::{self, Variables};
use crate::references;
use openapi_text::METHODS;
use openapi_text::pointer::escape;

/// The users of the components of a document, computed on first use.
pub(crate) struct Users<'d> {
    document: &'d Document,
    graph: OnceCell<Graph>,
    inheritance: OnceCell<Inheritance<'d>>,
}

/// The references between operations and components.
#[derive(Default)]
struct Graph {
    units: Vec<Unit>,
    /// The index of each unit, by JSON pointer.
    index: HashMap<String, usize>,
    /// References from a unit to a JSON pointer, until they are resolved.
    references: Vec<(usize, String)>,
    /// The group of each unit.
    groups: Vec<usize>,
}

/// A part of the document that can refer to components.
struct Unit {
    kind: Kind,
    /// The units that refer to it.
    referrers: Vec<usize>,
}

enum Kind {
    /// An operation, with its name.
    Operation(Arc<str>),
    /// The fields of a path item that apply to all of its operations.
    Path,
    Component,
}

impl Unit {
    fn operation(&self) -> Option<Arc<str>> {
        match &self.kind {
            Kind::Operation(name) => Some(Arc::clone(name)),
            Kind::Path | Kind::Component => None,
        }
    }
}

impl<'d> Users<'d> {
    pub(crate) fn new(document: &'d Document) -> Users<'d> {
        Users {
            document,
            graph: OnceCell::new(),
            inheritance: OnceCell::new(),
        }
    }

    /// Returns the inheritance between the schemas of the document.
    pub(crate) fn inheritance(&self) -> &Inheritance<'d> {
        self.inheritance
            .get_or_init(|| Inheritance::new(self.document))
    }

    /// Returns the names of the operations that use a component, in document order.
    pub(crate) fn of(&self, component: &str) -> Arc<[Arc<str>]> {
        self.referrers_of(component, |_| false)
            .filter_map(Unit::operation)
            .collect()
    }

    /// Returns the group of a component. Components that refer to each other are in one group, and
    /// the same operations use them.
    pub(crate) fn group(&self, component: &str) -> Option<usize> {
        let graph = self.graph();
        let unit = graph.index.get(component)?;
        graph.groups.get(*unit).copied()
    }

    fn graph(&self) -> &Graph {
        self.graph
            .get_or_init(|| Graph::of(self.document, self.inheritance()))
    }

    /// Returns true if any operation uses a component.
    pub(crate) fn is_used(&self, pointer: &str) -> bool {
        let is_path = |unit: &Unit| !matches!(unit.kind, Kind::Component);
        self.referrers_of(pointer, is_path).any(is_path)
    }

    /// Returns the units that refer to a component, directly or through others. Stops at the first
    /// unit that satisfies the predicate.
    fn referrers_of(
        &self,
        pointer: &str,
        is_last: impl Fn(&Unit) -> bool,
    ) -> impl Iterator<Item = &Unit> {
        let graph = self.graph();
        let mut found = vec![false; graph.units.len()];
        let mut queue: Vec<usize> = graph
            .index
            .get(unit_of(pointer))
            .copied()
            .into_iter()
            .collect();
        'units: while let Some(unit) = queue.pop() {
            for at in &graph.units[unit].referrers {
                if std::mem::replace(&mut found[*at], true) {
                    continue;
                }
                if is_last(&graph.units[*at]) {
                    break 'units;
                }
                queue.push(*at);
            }
        }
        graph
            .units
            .iter()
            .zip(found)
            .filter_map(|(unit, found)| found.then_some(unit))
    }
}

impl Graph {
    /// Builds the graph of a document.
    fn of(document: &Document, inheritance: &Inheritance<'_>) -> Graph {
        let mut graph = Graph::default();
        let root = document.value();
        for (path, item) in root
            .get("paths")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let path_pointer = format!("/paths/{}", escape(path));
            let unit = graph.add(&path_pointer, Kind::Path);
            let item = references::resolved(root, item);
            for (_, shared) in item
                .as_object()
                .into_iter()
                .flatten()
                .filter(|(key, _)| !METHODS.contains(&key.as_str()))
            {
                graph.add_references(unit, shared);
            }
            for method in METHODS {
                let Some(operation) = item.get(*method) else {
                    continue;
                };
                let unit = graph.add(
                    &format!("{path_pointer}/{method}"),
                    Kind::Operation(location::operation(path, method, Variables::Named).into()),
                );
                graph.references.push((unit, path_pointer.clone()));
                graph.add_references(unit, operation);
                let security = operation
                    .get("security")
                    .or_else(|| root.get("security"))
                    .and_then(Value::as_array);
                let schemes = security
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_object)
                    .flat_map(|all| all.keys());
                schemes.for_each(|name| {
                    graph.references.push((
                        unit,
                        format!("/components/securitySchemes/{}", escape(name)),
                    ));
                });
            }
        }
        for (kind, all) in root
            .get("components")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            for (name, component) in all.as_object().into_iter().flatten() {
                let unit = graph.add(
                    &format!("/components/{}/{}", escape(kind), escape(name)),
                    Kind::Component,
                );
                graph.add_references(unit, component);
            }
        }
        graph.add_discriminators(document, inheritance);
        for (unit, to) in std::mem::take(&mut graph.references) {
            if let Some(to) = graph.index.get(&to) {
                graph.units[*to].referrers.push(unit);
            }
        }
        graph.groups = groups(&graph.units);
        graph
    }

    /// Adds the references from schemas with a discriminator to the schemas that it selects.
    fn add_discriminators(&mut self, document: &Document, inheritance: &Inheritance<'_>) {
        for (name, schema) in inheritance::schemas(document.value()) {
            let Some(discriminator) = schema.get("discriminator") else {
                continue;
            };
            let Some(unit) = self.index.get(&schema_pointer(name)).copied() else {
                continue;
            };
            let mapping = discriminator.get("mapping").and_then(Value::as_object);
            let mapped = mapping
                .into_iter()
                .flat_map(|mapping| mapping.values())
                .filter_map(Value::as_str)
                .map(|target| match target.strip_prefix('#') {
                    Some(_) => references::pointer(target),
                    None => schema_pointer(target),
                });
            let selected = inheritance.selected_by(name);
            let inherited = selected.into_iter().map(schema_pointer);
            let all = mapped.chain(inherited).map(|pointer| (unit, pointer));
            self.references.extend(all);
        }
    }

    /// Adds a unit and returns its index.
    fn add(&mut self, pointer: &str, kind: Kind) -> usize {
        let at = self.units.len();
        self.index.insert(pointer.to_owned(), at);
        self.units.push(Unit {
            kind,
            referrers: Vec::new(),
        });
        at
    }

    /// Records all references in a value.
    fn add_references(&mut self, unit: usize, value: &Value) {
        let found = &mut self.references;
        references::each(value, &mut |reference| {
            found.push((unit, unit_of(&references::pointer(reference)).to_owned()));
        });
    }
}

/// Returns the group of each unit: the number of its strongly connected component.
fn groups(units: &[Unit]) -> Vec<usize> {
    let edges = units.iter().enumerate().flat_map(|(unit, own)| {
        let referrers = own.referrers.iter();
        referrers.map(move |referrer| (index(unit), index(*referrer)))
    });
    let mut graph: DiGraph<(), (), usize> = DiGraph::from_edges(edges);
    // Units without references.
    while graph.node_count() < units.len() {
        graph.add_node(());
    }
    let mut groups = vec![0; units.len()];
    // Unlike Tarjan's, this algorithm does not recurse. Chains of references can be long.
    for (group, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        for member in members {
            groups[member.index()] = group;
        }
    }
    groups
}

fn index(unit: usize) -> NodeIndex<usize> {
    NodeIndex::new(unit)
}

/// Returns the pointer of a schema with a name.
fn schema_pointer(name: &str) -> String {
    format!("/components/schemas/{}", escape(name))
}

/// Returns the component that contains a pointer.
pub(crate) fn component_of(pointer: &str) -> Option<&str> {
    pointer
        .starts_with("/components/")
        .then(|| unit_of(pointer))
}

/// Returns the component or operation that contains a pointer.
fn unit_of(pointer: &str) -> &str {
    let end = pointer
        .match_indices('/')
        .nth(3)
        .map_or(pointer.len(), |(at, _)| at);
    &pointer[..end]
}
