//! Unique Rust identifiers for names of a document.

use std::collections::BTreeSet;

use heck::ToSnakeCase;
use openapi_text::ascii;

/// The numbers to try as suffixes. A document that needs a higher number is rejected.
const SUFFIXES: std::ops::Range<u32> = 2..10_000;

/// Returns an unused identifier for `name` and adds it to `taken`.
///
/// The candidates are the name in snake case, the name with the suffix `qualifier`, the shortened
/// name, and the shortened name with a number. If they are all taken or unusable, returns an empty
/// string. Lowering rejects such a document.
pub(crate) fn unique_identifier(
    name: &str,
    qualifier: &str,
    taken: &mut BTreeSet<String>,
    is_usable: impl Fn(&str) -> bool,
) -> String {
    let whole = ascii::words(name).to_snake_case();
    let qualified = format!("{whole}_{qualifier}")
        .trim_start_matches('_')
        .to_owned();
    // The stem leaves room for the qualifier and a number.
    let stem = whole
        .get(..gallery_spec::names::MAX_LENGTH - 20)
        .unwrap_or(&whole)
        .trim_matches('_')
        .to_owned();
    let numbered =
        SUFFIXES.map(|number| format!("{qualifier}_{stem}_v{number}").replace("__", "_"));
    let identifier = [whole, qualified, stem.clone()]
        .into_iter()
        .chain(numbered)
        .find(|identifier| is_usable(identifier) && !taken.contains(identifier))
        .unwrap_or_default();
    taken.insert(identifier.clone());
    identifier
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shortens_long_names_and_keeps_them_unique() {
        let mut taken = BTreeSet::new();
        let mut method =
            |id: &str| unique_identifier(id, "get", &mut taken, gallery_spec::names::is_usable);
        let long = "a-sentence-that-goes-on-and-on-until-nobody-remembers-how-it-began-".repeat(2);
        assert_eq!(method(&long), "a_sentence_that_goes_on_and_on_until_nob");
        assert_eq!(
            method(&long),
            "get_a_sentence_that_goes_on_and_on_until_nob_v2"
        );
        assert_eq!(
            method(&long),
            "get_a_sentence_that_goes_on_and_on_until_nob_v3"
        );
        assert_eq!(method("new"), "new_get");
        // A full-width and a Cyrillic letter.
        assert_eq!(method("\u{ff46}ile"), "file");
        assert_eq!(method("\u{430}dmin"), "admin");
    }
}
