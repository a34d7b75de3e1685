//! Selection of mutants.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Result, bail};
use gallery_spec::command::recommend;
use gallery_spec::lock::sha256;

use super::args::MutantsArgs;

/// Returns the operator and the id of a mutant.
pub(super) type Key<M> = fn(&M) -> (&str, &str);

/// Returns the mutants that the options select.
pub(super) fn selected<M>(mutants: Vec<M>, key: Key<M>, args: &MutantsArgs) -> Result<Vec<M>> {
    let is_wanted = |mutant: &M| {
        args.only.is_empty() || args.only.iter().any(|text| key(mutant).1.contains(text))
    };
    let wanted = mutants.into_iter().filter(is_wanted).collect();
    let sampled = stratified(wanted, key, args.sample, args.seed);
    if sampled.is_empty() {
        let command = match args.runtime {
            true => "mutants --runtime --list",
            false => "mutants --list",
        };
        bail!("no mutant matches; {} lists all", recommend(command));
    }
    Ok(sampled)
}

/// Returns a sample of `count` mutants, or all of them, in their original order.
///
/// The sample takes one mutant of each operator in turn, so operators with few mutants are
/// represented. The same seed selects the same mutants.
fn stratified<M>(mutants: Vec<M>, key: Key<M>, count: Option<usize>, seed: u64) -> Vec<M> {
    let Some(count) = count else { return mutants };
    let hash = |text: &str| sha256(format!("{seed} {text}").as_bytes());
    let mut by_operator: BTreeMap<String, Vec<(String, &str)>> = BTreeMap::new();
    for mutant in &mutants {
        let (operator, id) = key(mutant);
        by_operator
            .entry(hash(operator))
            .or_default()
            .push((hash(id), id));
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
        .filter(|mutant| sampled.contains(key(mutant).1))
        .collect()
}

#[cfg(test)]
mod tests {
    use gallery_mutants::Mutant;

    use super::*;

    const CODE: &str = include_str!("../../../gallery-mattermost/src/generated.rs");

    fn sample(count: impl Into<Option<usize>>, seed: u64) -> Vec<Mutant> {
        let mutants = gallery_mutants::mutants(&[("", CODE)]).unwrap();
        let key: Key<Mutant> = |mutant| (mutant.operator, &mutant.id);
        stratified(mutants, key, count.into(), seed)
    }

    #[test]
    fn samples_all_operators_and_depends_only_on_the_seed() {
        let operators: BTreeSet<_> = gallery_mutants::mutants(&[("", CODE)])
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
        assert_eq!(sample(100_000, 1), sample(None, 1));
    }
}
