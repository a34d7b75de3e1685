use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::expect_file;

use super::*;

/// The code of the client of our own document, which has all that a document can have.
fn typed_client() -> String {
    let document = include_str!("../../fixtures/typed-client/openapi.json");
    let canonical = gallery_spec::canonical::Canonical::parse(document).unwrap();
    let mut diagnostics = gallery_spec::diagnostic::Diagnostics::default();
    let (_, code) = crate::generate::code("openapi.json", &canonical, &mut diagnostics).unwrap();
    crate::package::rust("Code of a test.", &code)
}

const MATTERMOST: &str = include_str!("../../../gallery-mattermost/src/generated.rs");

#[test]
fn every_operator_does_what_it_says() {
    let source = typed_client();
    let mutants = mutants(&source).unwrap();
    let mut shown = String::new();
    for operator in OPERATORS {
        let own: Vec<_> = mutants
            .iter()
            .filter(|mutant| mutant.operator == operator.id)
            .collect();
        writeln!(
            shown,
            "# {}: {}; {} mutants",
            operator.id,
            operator.fault,
            own.len()
        )
        .unwrap();
        if let Some(first) = own.first() {
            writeln!(
                shown,
                "{} (line {}): {}\n{}",
                first.id,
                first.line,
                first.what,
                first.diff()
            )
            .unwrap();
        }
    }
    expect_file!["mutants.txt"].assert_eq(&shown);
}

#[test]
fn ids_are_unique_and_every_mutant_is_other_code() {
    let typed = typed_client();
    for source in [MATTERMOST, typed.as_str()] {
        let mutants = mutants(source).unwrap();
        let ids: BTreeSet<_> = mutants.iter().map(|mutant| &mutant.id).collect();
        assert_eq!(ids.len(), mutants.len());
        for mutant in &mutants {
            assert!(
                mutant.apply(source) != source && !mutant.diff().is_empty(),
                "{}",
                mutant.id
            );
        }
    }
    // Of committed code, the line is that of the file.
    for mutant in mutants(MATTERMOST).unwrap() {
        let text = mutant.apply(MATTERMOST);
        let same = MATTERMOST
            .lines()
            .zip(text.lines())
            .take_while(|(one, other)| one == other)
            .count();
        assert_eq!(same + 1, mutant.line, "{}", mutant.id);
    }
}

#[test]
fn two_readings_give_the_same_mutants() {
    assert_eq!(mutants(MATTERMOST).unwrap(), mutants(MATTERMOST).unwrap());
}

#[test]
fn what_is_no_code_of_a_generated_client_is_refused() {
    let said = |text: &str| mutants(text).unwrap_err().to_string();
    assert_eq!(
        said("fn"),
        "the client's code cannot be parsed: unexpected end of input, expected identifier"
    );
    assert_eq!(
        said("pub struct Client;"),
        "the client's code has no operation"
    );
    // Another line break in a function is no matter; a type has none to break.
    assert!(
        mutants(&MATTERMOST.replacen(
            "request.literal(\"/members\");",
            "request . literal(\"/members\");",
            1
        ))
        .is_ok()
    );
    let edited = MATTERMOST.replacen("pub struct Roles {", "pub struct  Roles {", 1);
    assert_eq!(
        said(&edited),
        "`pub struct Roles {` does not stand in the client's code as the generator writes it; run `cargo xtask regen`"
    );
}
