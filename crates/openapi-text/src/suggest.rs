//! What a person may have meant by a name that is not there.

/// The name that is most like the wanted one, if it is like it at least so much; 1 is equal. Of equals the first in order.
pub fn closest<'a>(
    wanted: &str,
    names: impl Iterator<Item = &'a str>,
    least: f64,
) -> Option<&'a str> {
    let scored = names.map(|name| (strsim::normalized_damerau_levenshtein(wanted, name), name));
    let best = scored.max_by(|(a, first), (b, second)| a.total_cmp(b).then(second.cmp(first)))?;
    (best.0 >= least).then_some(best.1)
}
