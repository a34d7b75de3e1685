//! Circles of a graph of files.

use std::collections::{BTreeMap, BTreeSet};

/// Imports: from a file, to a file, and an item that is imported.
pub(crate) type Edges = BTreeMap<(String, String), String>;

/// Returns the sets of files that import each other, directly or through others.
pub(crate) fn circles(edges: &Edges) -> Vec<BTreeSet<String>> {
    let nodes: BTreeSet<&str> = edges.keys().map(|(from, _)| from.as_str()).collect();
    let reached: BTreeMap<&str, BTreeSet<&str>> = nodes
        .iter()
        .map(|node| (*node, reach(edges, node)))
        .collect();
    let mut circles: Vec<BTreeSet<String>> = Vec::new();
    for node in &nodes {
        let circle: BTreeSet<String> = reached[node]
            .iter()
            .filter(|other| reached.get(*other).is_some_and(|back| back.contains(node)))
            .map(|other| (*other).to_owned())
            .collect();
        if circle.len() > 1 && !circles.contains(&circle) {
            circles.push(circle);
        }
    }
    circles
}

/// Returns the imports between files of a circle.
pub(crate) fn within<'a>(
    edges: &'a Edges,
    circle: &BTreeSet<String>,
) -> Vec<(&'a str, &'a str, &'a str)> {
    edges
        .iter()
        .filter(|((from, to), _)| circle.contains(from) && circle.contains(to))
        .map(|((from, to), item)| (from.as_str(), to.as_str(), item.as_str()))
        .collect()
}

/// Returns the files that can be reached from a file by at least one import.
fn reach<'a>(edges: &'a Edges, start: &str) -> BTreeSet<&'a str> {
    let mut reached = BTreeSet::new();
    let mut queue = vec![start];
    while let Some(node) = queue.pop() {
        for (from, to) in edges.keys() {
            if from == node && reached.insert(to.as_str()) {
                queue.push(to);
            }
        }
    }
    reached
}

#[test]
fn finds_circles() {
    let edges: Edges = [("a", "b"), ("b", "c"), ("c", "b"), ("d", "a"), ("e", "e")]
        .into_iter()
        .map(|(from, to)| ((from.to_owned(), to.to_owned()), "X".to_owned()))
        .collect();
    let circle = BTreeSet::from(["b".to_owned(), "c".to_owned()]);
    assert_eq!(circles(&edges), std::slice::from_ref(&circle));
    assert_eq!(within(&edges, &circle), [("b", "c", "X"), ("c", "b", "X")]);
}
