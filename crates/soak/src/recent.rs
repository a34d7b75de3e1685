//! A map that forgets old entries.

use std::collections::HashMap;
use std::hash::Hash;

/// A map of the entries that were used since the rotation before the last.
#[derive(Debug)]
pub(crate) struct Recent<K, V> {
    current: HashMap<K, V>,
    previous: HashMap<K, V>,
}

impl<K: Eq + Hash, V> Recent<K, V> {
    /// Returns the value of a key. Inserts one if the key is new.
    pub(crate) fn entry(&mut self, key: K, value: impl FnOnce() -> V) -> &mut V {
        let known = self.previous.remove(&key);
        self.current
            .entry(key)
            .or_insert_with(|| known.unwrap_or_else(value))
    }

    /// Forgets the entries that were not used since the last rotation.
    pub(crate) fn rotate(&mut self) {
        self.previous = std::mem::take(&mut self.current);
    }
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        Recent {
            current: HashMap::new(),
            previous: HashMap::new(),
        }
    }
}

#[test]
fn forgets_entries_after_two_rotations() {
    let mut recent = Recent::default();
    recent.entry("a", || 1);
    recent.rotate();
    assert_eq!(*recent.entry("a", || 2), 1);
    recent.rotate();
    recent.rotate();
    assert_eq!(*recent.entry("a", || 3), 3);
}
