//! Finds equal nodes of a graph by partition refinement (Hopcroft), in `O(e log n)`.
//!
//! Nodes are equal if they have the same color and their edges, in order, lead to equal nodes.

use std::collections::HashMap;

/// A node with a color and ordered edges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Vertex {
    pub(crate) color: u128,
    pub(crate) edges: Vec<usize>,
}

/// The nodes of each block are a range of `order`.
struct Blocks {
    order: Vec<usize>,
    position: Vec<usize>,
    block: Vec<usize>,
    ranges: Vec<(usize, usize)>,
    /// The number of marked nodes at the start of each block's range.
    marked: Vec<usize>,
}

impl Blocks {
    fn new(vertices: &[Vertex]) -> Blocks {
        let mut colors: HashMap<(u128, usize), usize> = HashMap::new();
        let block: Vec<usize> = vertices
            .iter()
            .map(|vertex| {
                let next = colors.len();
                *colors
                    .entry((vertex.color, vertex.edges.len()))
                    .or_insert(next)
            })
            .collect();
        let mut order: Vec<usize> = (0..vertices.len()).collect();
        order.sort_by_key(|&node| (block[node], node));
        let mut position = vec![0; order.len()];
        let mut ranges = vec![(0, 0); colors.len()];
        for (at, &node) in order.iter().enumerate() {
            position[node] = at;
            let range = &mut ranges[block[node]];
            if range.1 == 0 {
                range.0 = at;
            }
            range.1 = at + 1;
        }
        let marked = vec![0; ranges.len()];
        Blocks {
            order,
            position,
            block,
            ranges,
            marked,
        }
    }

    /// Marks a node. Returns its block if it is the first marked node there.
    fn mark(&mut self, node: usize) -> Option<usize> {
        let block = self.block[node];
        let target = self.ranges[block].0 + self.marked[block];
        let at = self.position[node];
        if at < target {
            return None;
        }
        let other = self.order[target];
        self.order.swap(at, target);
        (self.position[node], self.position[other]) = (target, at);
        self.marked[block] += 1;
        (self.marked[block] == 1).then_some(block)
    }

    /// Splits the marked nodes from a block. Returns the smaller part, which becomes a new block.
    fn split(&mut self, block: usize) -> Option<usize> {
        let (start, end) = self.ranges[block];
        let middle = start + std::mem::take(&mut self.marked[block]);
        if middle == end {
            return None;
        }
        let (new, old) = match middle - start <= end - middle {
            true => ((start, middle), (middle, end)),
            false => ((middle, end), (start, middle)),
        };
        let number = self.ranges.len();
        self.ranges[block] = old;
        self.ranges.push(new);
        self.marked.push(0);
        for &node in &self.order[new.0..new.1] {
            self.block[node] = number;
        }
        Some(number)
    }
}

/// Returns the class of each node. Equal nodes have the same class.
pub(crate) fn classes(vertices: &[Vertex]) -> Vec<usize> {
    let mut blocks = Blocks::new(vertices);
    let mut incoming: Vec<Vec<(usize, usize)>> = vec![Vec::new(); vertices.len()];
    for (node, vertex) in vertices.iter().enumerate() {
        for (label, &target) in vertex.edges.iter().enumerate() {
            incoming[target].push((label, node));
        }
    }
    let mut open: Vec<usize> = (0..blocks.ranges.len()).collect();
    while let Some(splitter) = open.pop() {
        let (start, end) = blocks.ranges[splitter];
        let mut sources: Vec<(usize, usize)> = blocks.order[start..end]
            .iter()
            .flat_map(|&node| incoming[node].iter().copied())
            .collect();
        sources.sort_unstable();
        for group in sources.chunk_by(|a, b| a.0 == b.0) {
            let touched: Vec<usize> = group
                .iter()
                .filter_map(|&(_, node)| blocks.mark(node))
                .collect();
            for block in touched {
                // The smaller part suffices: if the block is still open, so is its larger part.
                if let Some(new) = blocks.split(block) {
                    open.push(new);
                }
            }
        }
    }
    blocks.block
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Refines colors until nothing changes, in quadratic time.
    fn slow_classes(vertices: &[Vertex]) -> Vec<usize> {
        let mut classes = vec![0; vertices.len()];
        loop {
            let mut numbers = HashMap::new();
            let next: Vec<usize> = vertices
                .iter()
                .enumerate()
                .map(|(node, vertex)| {
                    let edges: Vec<usize> = vertex.edges.iter().map(|&to| classes[to]).collect();
                    let number = numbers.len();
                    *numbers
                        .entry((classes[node], vertex.color, edges))
                        .or_insert(number)
                })
                .collect();
            if next == classes {
                return classes;
            }
            classes = next;
        }
    }

    fn graph() -> impl Strategy<Value = Vec<Vertex>> {
        (1..40usize).prop_flat_map(|count| {
            let vertex = (0..3u128, prop::collection::vec(0..count, 0..3));
            let vertex = vertex.prop_map(|(color, edges)| Vertex { color, edges });
            prop::collection::vec(vertex, count)
        })
    }

    proptest! {
        #[test]
        fn agrees_with_repeated_refinement(vertices in graph()) {
            let (fast, slow) = (classes(&vertices), slow_classes(&vertices));
            for a in 0..vertices.len() {
                for b in 0..vertices.len() {
                    prop_assert_eq!(fast[a] == fast[b], slow[a] == slow[b]);
                }
            }
        }
    }

    #[test]
    fn long_cycles_do_not_take_quadratic_time() {
        let count = 200_000;
        let vertices: Vec<Vertex> = (0..count)
            .map(|node| Vertex {
                color: u128::from(node == 0),
                edges: vec![(node + 1) % count],
            })
            .collect();
        let classes = classes(&vertices);
        let distinct: std::collections::BTreeSet<usize> = classes.into_iter().collect();
        assert_eq!(distinct.len(), count);
    }
}
