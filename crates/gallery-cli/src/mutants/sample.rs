//! Some of many mutants: evenly of all operators, the same ones for the same number.

use std::collections::{BTreeMap, BTreeSet};

use gallery_mutants::Mutant;
use gallery_spec::lock::sha256;

/// So many of the mutants, in their order. Operators take turns, so that one with few places is not left out for one with many.
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
    by_operator.values_mut().for_each(|own| own.sort());
    let longest = by_operator.values().map(Vec::len).max().unwrap_or_default();
    let turns =
        (0..longest).flat_map(|turn| by_operator.values().filter_map(move |own| own.get(turn)));
    let taken: BTreeSet<String> = turns.take(count).map(|(_, id)| (*id).to_owned()).collect();
    mutants
        .into_iter()
        .filter(|mutant| taken.contains(&mutant.id))
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
    fn operators_take_turns_and_the_seed_decides() {
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
