//! Suggestions for misspelled names.

/// Returns the name that is most similar to `wanted`, if the similarity is at least `least`, from 0
/// to 1 (equal). Of equally similar names, returns the first in alphabetical order.
pub fn closest<'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a str>,
    least: f64,
) -> Option<&'a str> {
    let scored = names.map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), name));
    let best = scored.max_by(|(a, first), (b, second)| a.total_cmp(b).then(second.cmp(first)))?;
    (best.0 >= least).then_some(best.1)
}
