//! Suggestions for unknown names.

use gallery_spec::command::recommend;

/// Minimum similarity of a suggested name, where 1 means equal.
const MIN_SIMILARITY: f64 = 0.75;

/// Returns a suggestion to append to an error about an unknown name.
pub(crate) fn suggest<'a>(unknown: &str, names: impl Iterator<Item = &'a str>) -> String {
    match &similar(unknown, names)[..] {
        [] => format!("; {} finds listings by name", recommend("search WORDS")),
        names => format!("; did you mean {}?", names.join(", ")),
    }
}

/// Returns up to three names similar to `unknown`, the most similar first.
pub(crate) fn similar<'a>(unknown: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let unknown = unknown.to_lowercase();
    let score =
        |name: &&str| strsim::normalized_damerau_levenshtein(&unknown, &name.to_lowercase());
    let mut similar: Vec<_> = names.filter(|name| score(name) >= MIN_SIMILARITY).collect();
    similar.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
    // Names that differ only in case are the slug and the label of one provider.
    similar.dedup_by(|slug, label| {
        let is_same = slug.eq_ignore_ascii_case(label);
        if is_same {
            *label = slug;
        }
        is_same
    });
    similar.truncate(3);
    similar
}
