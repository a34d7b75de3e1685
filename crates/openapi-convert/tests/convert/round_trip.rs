//! Random OpenAPI 3.0 documents, rewritten as 3.1, 3.2 or 2.0, are the same after the conversion.
//! The rewriting shares no code with the conversion.

mod as_modern;
mod as_swagger;
mod random;

use openapi_convert::{NoteKind, convert};
use proptest::prelude::*;
use serde_json::Value;

use random::{Random, Subset};

/// Converts a document, and returns it and the kinds of the notes.
fn converted(document: Value) -> (Value, Vec<NoteKind>) {
    let converted = convert(document).unwrap();
    let kinds = converted.notes.iter().map(|note| note.kind).collect();
    (converted.document, kinds)
}

fn pretty(document: &Value) -> String {
    serde_json::to_string_pretty(document).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn documents_of_version_3_0_stay_as_they_are(seed in any::<u64>()) {
        let document = Random::new(seed, Subset::Modern).document();
        let (result, kinds) = converted(document.clone());
        prop_assert_eq!(pretty(&result), pretty(&document));
        prop_assert_eq!(kinds, vec![]);
    }

    #[test]
    fn documents_written_in_newer_versions_come_back(seed in any::<u64>()) {
        let document = Random::new(seed, Subset::Modern).document();
        for version in ["3.1.0", "3.2.0"] {
            let rewritten = as_modern::rewrite(document.clone(), version, &mut Random::new(seed, Subset::Modern));
            let source = pretty(&rewritten);
            let (result, kinds) = converted(rewritten);
            prop_assert_eq!(pretty(&result), pretty(&document), "{}", source);
            prop_assert!(!kinds.contains(&NoteKind::Repaired), "{:?}: {}", kinds, source);
            prop_assert!(!kinds.contains(&NoteKind::NotExpressed), "{:?}: {}", kinds, source);
        }
    }

    #[test]
    fn documents_written_in_version_2_0_come_back(seed in any::<u64>()) {
        let document = Random::new(seed, Subset::Swagger).document();
        let rewritten = as_swagger::rewrite(document.clone());
        let source = pretty(&rewritten);
        let (result, kinds) = converted(rewritten);
        prop_assert_eq!(pretty(&result), pretty(&document), "{}", source);
        prop_assert_eq!(kinds, vec![], "{}", source);
    }
}
