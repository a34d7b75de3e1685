//! Sampling of mutants.

use std::collections::{BTreeMap, BTreeSet};

use gallery_mutants::Mutant;
use gallery_spec::lock::sha256;

/// Returns a sample of `count` mutants, or all of them, in their original order.
///
/// The sample takes one mutant of each operator in turn, so operators with few mutants are
/// represented. The same seed selects the same mutants.
pub(super) fn stratified(mutants: Vec<Mutant>, count: Option<usize>, seed: u64) -> Vec<Mutant> {
    let Some(count) = count else { return mutants };
    let hash = |text: &str| sha256(format!("{seed} {text}").as_bytes());
    let mut by_operator: BTreeMap<String, Vec<(String, &str)>> = BTreeMap::new();
    for mutant in &mutants {
        by_operator
            .entry(hash(mutant.operator))
            .or_default()
            .push((hash(&mutant.id), &mutant.id));
    }
    by_operator.values_mut().for_each(|mutants| mutants.sort());
    let longest = by_operator.values().map(Vec::len).max().unwrap_or_default();
    let turns = (0..longest).flat_map(|turn| {
        by_operator
            .values()
            .filter_map(move |mutants| mutants.get(turn))
    });
    let sampled: BTreeSet<String> = turns.take(count).map(|(_, id)| (*id).to_owned()).collect();
    mutants
        .into_iter()
        .filter(|mutant| sampled.contains(&mutant.id))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CODE: &str = include_str!("../../../gallery-mattermost/src/generated.rs");

    fn sample(count: usize, seed: u64) -> Vec<Mutant> {
        stratified(gallery_mutants::mutants(CODE).unwrap(), Some(count), seed)
    }

    #[test]
    fn samples_all_operators_and_depends_only_on_the_seed() {
        let operators: BTreeSet<_> = gallery_mutants::mutants(CODE)
            .unwrap()
            .iter()
            .map(|mutant| mutant.operator)
            .collect();
        let one_of_each = sample(operators.len(), 1);
        assert_eq!(
            one_of_each
                .iter()
                .map(|mutant| mutant.operator)
                .collect::<BTreeSet<_>>(),
            operators
        );
        assert_eq!(sample(20, 1), sample(20, 1));
        assert_ne!(sample(20, 1), sample(20, 2));
        assert_eq!(sample(20, 1).len(), 20);
        assert_eq!(
            sample(100_000, 1),
            stratified(gallery_mutants::mutants(CODE).unwrap(), None, 1)
        );
    }
}
