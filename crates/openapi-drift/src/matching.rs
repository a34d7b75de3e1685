//! Pairs the parts of two lists or maps.

use serde_json::Value;

use crate::tree::Pair;

/// Pairs the items of two lists by key, and items with equal keys by order. Items without a key are
/// not paired.
pub(crate) fn match_items<K: PartialEq>(
    pair: Pair<'_>,
    key: impl Fn(&Value) -> K,
) -> Vec<(Option<usize>, Option<usize>)> {
    let revision: Vec<K> = pair.revision.items().iter().map(&key).collect();
    let mut taken = vec![false; revision.len()];
    let mut pairs: Vec<(Option<usize>, Option<usize>)> = Vec::new();
    for (at, item) in pair.base.items().iter().enumerate() {
        let own = key(item);
        let partner = (0..revision.len()).find(|other| !taken[*other] && revision[*other] == own);
        partner.iter().for_each(|other| taken[*other] = true);
        pairs.push((Some(at), partner));
    }
    pairs.extend(
        (0..revision.len())
            .filter(|at| !taken[*at])
            .map(|at| (None, Some(at))),
    );
    pairs
}

/// Pairs the keys of two maps that are equal after normalization.
pub(crate) fn match_keys<'d>(
    maps: Pair<'d>,
    normalize: impl Fn(&str) -> String,
) -> Vec<(Option<&'d str>, Option<&'d str>)> {
    let mut revision: Vec<&str> = maps.revision.keys().collect();
    let mut pairs: Vec<(Option<&str>, Option<&str>)> = Vec::new();
    for key in maps.base.keys() {
        let partner = revision
            .iter()
            .position(|other| normalize(other) == normalize(key));
        pairs.push((Some(key), partner.map(|at| revision.remove(at))));
    }
    pairs.extend(revision.into_iter().map(|key| (None, Some(key))));
    pairs
}
