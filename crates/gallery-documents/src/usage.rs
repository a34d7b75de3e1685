//! The references of components and operations, and measures of their content.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use serde_json::Value;

use crate::components::{Components, Target};
use crate::model::{Kind, walk};

/// A measure of a part, with everything that it refers to. Parts that are reached in several ways
/// count several times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Weight {
    /// The number of references that lead nowhere.
    pub(crate) dangling: u64,
    /// The number of typed schemas.
    pub(crate) typed: u64,
}

impl Weight {
    fn add(&mut self, other: Weight) {
        self.dangling = self.dangling.saturating_add(other.dangling);
        self.typed = self.typed.saturating_add(other.typed);
    }
}

/// The components that a part refers to, and its own weight.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    pub(crate) targets: Vec<usize>,
    own: Weight,
}

/// Keys that make a schema typed.
const TYPED: &[&str] = &["type", "enum", "properties", "oneOf", "anyOf", "allOf"];

/// Returns what a part of a unit uses.
pub(crate) fn of(components: &Components, unit: usize, kind: Kind, value: &Value) -> Usage {
    let mut usage = Usage::default();
    if kind == Kind::Operation {
        usage.own.typed += u64::from(value.get("security").is_some());
        usage.targets.extend(schemes(components, unit, value));
    }
    walk(kind, value, &mut String::new(), &mut |kind, value, _| {
        match components.target(unit, kind, value) {
            Some(Target::Component(target)) => {
                usage.targets.push(target);
                return false;
            }
            Some(Target::Dangling(_)) => {
                usage.own.dangling += 1;
                return false;
            }
            None => {}
        }
        let is_typed = match kind {
            Kind::Schema => TYPED.iter().any(|key| value.get(key).is_some()),
            Kind::Parameter | Kind::Header | Kind::Body | Kind::Response => true,
            _ => false,
        };
        usage.own.typed += u64::from(is_typed);
        true
    });
    usage.targets.sort_unstable();
    usage.targets.dedup();
    usage
}

/// Returns the security schemes that an operation requires.
fn schemes<'a>(
    components: &'a Components,
    unit: usize,
    operation: &'a Value,
) -> impl Iterator<Item = usize> + 'a {
    let alternatives = operation.get("security").and_then(Value::as_array);
    let schemes = alternatives
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flat_map(|schemes| schemes.keys());
    schemes.filter_map(move |name| components.find(unit, Kind::SecurityScheme, name))
}

/// Returns the weights of operations, with all components that they reach.
pub(crate) fn weights(components: &[Usage], operations: &[Usage]) -> Vec<Weight> {
    let mut graph: DiGraph<(), (), usize> = DiGraph::with_capacity(components.len(), 0);
    for _ in components {
        graph.add_node(());
    }
    for (number, usage) in components.iter().enumerate() {
        for &target in &usage.targets {
            graph.add_edge(NodeIndex::new(number), NodeIndex::new(target), ());
        }
    }
    let mut totals = vec![Weight::default(); components.len()];
    let mut groups = vec![usize::MAX; components.len()];
    // Groups come after those that they refer to.
    for (group, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        let mut total = Weight::default();
        for member in &members {
            groups[member.index()] = group;
        }
        for member in &members {
            let usage = &components[member.index()];
            total.add(usage.own);
            for &target in usage.targets.iter().filter(|it| groups[**it] != group) {
                total.add(totals[target]);
            }
        }
        for member in members {
            totals[member.index()] = total;
        }
    }
    let total = |usage: &Usage| {
        let mut total = usage.own;
        for &target in &usage.targets {
            total.add(totals[target]);
        }
        total
    };
    operations.iter().map(total).collect()
}
