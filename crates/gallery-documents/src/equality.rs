//! Finds parts that are equal as graphs: references count as what they lead to.

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use crate::components::{Components, MAX_ALIASES, Target};
use crate::fingerprint::{Hashes, Part, combine, hash};
use crate::partition::{Vertex, classes};

/// The classes of parts. Equal parts have equal hashes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Classes {
    pub(crate) components: Vec<Hashes>,
    pub(crate) operations: Vec<Hashes>,
}

/// The result for a part.
#[derive(Clone, Copy, Debug)]
enum Value {
    /// It leads to no cycle.
    Acyclic(Hashes),
    /// The vertex of a part that leads to a cycle.
    Cyclic(usize),
}

struct Evaluation<'a> {
    components: &'a Components,
    parts: &'a [Part],
    values: Vec<Option<Value>>,
    vertices: Vec<(Hashes, Vec<usize>)>,
}

/// Finds the classes of components, whose parts are given, and of operations.
pub(crate) fn find(components: &Components, parts: &[Part], operations: &[Part]) -> Classes {
    let mut graph: DiGraph<(), (), usize> = DiGraph::with_capacity(parts.len(), parts.len());
    for _ in parts {
        graph.add_node(());
    }
    let mut evaluation = Evaluation {
        components,
        parts,
        values: vec![None; parts.len()],
        vertices: Vec::new(),
    };
    for (number, part) in parts.iter().enumerate() {
        evaluation.each_target(part, &mut |target| {
            graph.add_edge(NodeIndex::new(number), NodeIndex::new(target), ());
        });
    }
    for group in kosaraju_scc(&graph) {
        let is_cycle = match group.as_slice() {
            [one] => graph.contains_edge(*one, *one),
            _ => true,
        };
        if is_cycle {
            for &member in &group {
                let vertex = evaluation.vertices.len();
                evaluation.vertices.push((Hashes::default(), Vec::new()));
                evaluation.values[member.index()] = Some(Value::Cyclic(vertex));
            }
        }
        for member in group {
            let part = &parts[member.index()];
            match evaluation.values[member.index()] {
                Some(Value::Cyclic(vertex)) => evaluation.fill(vertex, part),
                _ => {
                    let value = evaluation.evaluate(part);
                    evaluation.values[member.index()] = Some(value);
                }
            }
        }
    }
    let operations: Vec<Value> = operations
        .iter()
        .map(|part| evaluation.evaluate(part))
        .collect();
    evaluation.classes(&operations)
}

impl Evaluation<'_> {
    /// Calls a function for each component that a part refers to.
    fn each_target(&self, part: &Part, visit: &mut dyn FnMut(usize)) {
        match part {
            Part::Leaf(_) => {}
            Part::Reference(target) => {
                if let Some(target) = self.follow(*target) {
                    visit(target);
                }
            }
            Part::Node { children, .. } => {
                for (_, child) in children {
                    self.each_target(child, visit);
                }
            }
        }
    }

    /// Follows components that are references themselves.
    fn follow(&self, target: Target) -> Option<usize> {
        let mut target = target;
        for _ in 0..MAX_ALIASES {
            let number = match target {
                Target::Component(number) => number,
                Target::Dangling(dangling) => *self.components.replacements.get(&dangling)?,
            };
            match &self.parts[number] {
                Part::Reference(next) => target = *next,
                _ => return Some(number),
            }
        }
        None
    }

    fn evaluate(&mut self, part: &Part) -> Value {
        match part {
            Part::Leaf(hashes) => Value::Acyclic(*hashes),
            Part::Reference(target) => match self.follow(*target) {
                Some(number) => self.values[number].unwrap_or(Value::Acyclic(Hashes::default())),
                None => Value::Acyclic(self.dangling(*target)),
            },
            Part::Node { prose, children } => {
                let values = self.children(children);
                let hashes: Option<Vec<(u128, Hashes)>> = values
                    .iter()
                    .map(|(label, value)| match value {
                        Value::Acyclic(hashes) => Some((*label, *hashes)),
                        Value::Cyclic(_) => None,
                    })
                    .collect();
                match hashes {
                    Some(hashes) => Value::Acyclic(combine(*prose, &hashes)),
                    None => {
                        let vertex = self.vertices.len();
                        self.vertices.push(vertex_of(*prose, &values));
                        Value::Cyclic(vertex)
                    }
                }
            }
        }
    }

    /// Computes the vertex of a component on a cycle.
    fn fill(&mut self, vertex: usize, part: &Part) {
        if let Part::Node { prose, children } = part {
            let values = self.children(children);
            self.vertices[vertex] = vertex_of(*prose, &values);
        }
    }

    fn children(&mut self, children: &[(u128, Part)]) -> Vec<(u128, Value)> {
        children
            .iter()
            .map(|(label, child)| (*label, self.evaluate(child)))
            .collect()
    }

    /// Returns hashes for a reference that leads nowhere: by kind and text.
    fn dangling(&self, target: Target) -> Hashes {
        let hash = match target {
            Target::Dangling(dangling) => {
                let dangling = &self.components.dangling[dangling];
                hash(&("dangling", dangling.kind, &dangling.text))
            }
            Target::Component(_) => hash(&"a cycle of references only"),
        };
        Hashes {
            wire: hash,
            exact: hash,
        }
    }

    /// Partitions the vertices, and returns the classes of components and operations.
    fn classes(self, operations: &[Value]) -> Classes {
        let mut vertices: Vec<Vertex> = self
            .vertices
            .iter()
            .map(|(hashes, edges)| Vertex {
                color: hashes.wire,
                edges: edges.clone(),
            })
            .collect();
        let wire = classes(&vertices);
        for ((vertex, (hashes, _)), class) in vertices.iter_mut().zip(&self.vertices).zip(&wire) {
            vertex.color = hash(&(class, hashes.exact));
        }
        let exact = classes(&vertices);
        let class = |value: &Value| match value {
            Value::Acyclic(hashes) => *hashes,
            Value::Cyclic(vertex) => Hashes {
                wire: hash(&("cyclic", wire[*vertex])),
                exact: hash(&("cyclic", exact[*vertex])),
            },
        };
        let component = |number: usize| {
            let target = self.follow(Target::Component(number));
            match target.and_then(|target| self.values[target]) {
                Some(value) => class(&value),
                None => self.dangling(Target::Component(number)),
            }
        };
        Classes {
            components: (0..self.parts.len()).map(component).collect(),
            operations: operations.iter().map(class).collect(),
        }
    }
}

fn vertex_of(prose: u128, values: &[(u128, Value)]) -> (Hashes, Vec<usize>) {
    let mut edges = Vec::new();
    let colors: Vec<(u128, Hashes)> = values
        .iter()
        .map(|(label, value)| match value {
            Value::Acyclic(hashes) => (*label, *hashes),
            Value::Cyclic(vertex) => {
                edges.push(*vertex);
                (*label, Hashes::default())
            }
        })
        .collect();
    (combine(prose, &colors), edges)
}
