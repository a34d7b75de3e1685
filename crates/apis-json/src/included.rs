//! Indexes that an index includes.

use std::collections::{BTreeSet, VecDeque};
use std::fmt;

/// The maximum number of steps from the first index to an included one.
const MAX_DEPTH: usize = 8;

/// The maximum number of indexes of a source.
const MAX_INDEXES: usize = 200;

/// The indexes to read: the first one, and those that it includes. Each is read once. `L` is a
/// location, such as a path or a URL.
#[derive(Clone, Debug)]
pub struct IndexQueue<L> {
    seen: BTreeSet<L>,
    queue: VecDeque<(L, usize)>,
    depth: usize,
}

/// The reason why an included index is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotIncluded {
    /// It was included before. It may include the index that includes it.
    Repeated,
    /// The chain of indexes is too long.
    TooDeep,
    /// There are too many indexes.
    TooMany,
}

impl<L: Clone + Ord> IndexQueue<L> {
    /// Creates a queue that has one index.
    pub fn new(first: L) -> IndexQueue<L> {
        IndexQueue {
            seen: BTreeSet::from([first.clone()]),
            queue: VecDeque::from([(first, 0)]),
            depth: 0,
        }
    }

    /// Returns the location of the next index. The calls of [`push`](IndexQueue::push) that follow
    /// are for the indexes that it includes.
    pub fn pop(&mut self) -> Option<L> {
        let (location, depth) = self.queue.pop_front()?;
        self.depth = depth;
        Some(location)
    }

    /// Adds an included index.
    ///
    /// # Errors
    ///
    /// The index is not to be read.
    pub fn push(&mut self, location: L) -> Result<(), NotIncluded> {
        if self.seen.contains(&location) {
            return Err(NotIncluded::Repeated);
        }
        if self.depth >= MAX_DEPTH {
            return Err(NotIncluded::TooDeep);
        }
        if self.seen.len() >= MAX_INDEXES {
            return Err(NotIncluded::TooMany);
        }
        self.seen.insert(location.clone());
        self.queue.push_back((location, self.depth + 1));
        Ok(())
    }
}

impl fmt::Display for NotIncluded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotIncluded::Repeated => f.write_str("it was included before"),
            NotIncluded::TooDeep => write!(f, "more than {MAX_DEPTH} indexes include each other"),
            NotIncluded::TooMany => write!(f, "there are more than {MAX_INDEXES} indexes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_each_index_once_and_stops_at_the_limits() {
        let mut queue = IndexQueue::new(0);
        assert_eq!(queue.pop(), Some(0));
        assert_eq!(queue.push(0), Err(NotIncluded::Repeated));
        assert_eq!(queue.push(1), Ok(()));
        assert_eq!(queue.push(1), Err(NotIncluded::Repeated));
        for depth in 1..MAX_DEPTH {
            assert_eq!(queue.pop(), Some(depth));
            assert_eq!(queue.push(depth + 1), Ok(()));
        }
        assert_eq!(queue.pop(), Some(MAX_DEPTH));
        assert_eq!(queue.push(99), Err(NotIncluded::TooDeep));
        assert_eq!(queue.pop(), None);

        let mut queue = IndexQueue::new(0);
        assert_eq!(queue.pop(), Some(0));
        let pushed = (1..1000).filter(|number| queue.push(*number).is_ok());
        assert_eq!(pushed.count(), MAX_INDEXES - 1);
        assert_eq!(queue.push(1000), Err(NotIncluded::TooMany));
    }
}
