use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::expect_file;
use gallery_codegen::bindings;
use gallery_codegen::client;
use gallery_codegen::docs;
use gallery_codegen::lower;
use gallery_codegen::rust;
use gallery_spec::canonical::Canonical;
use openapi_text::Diagnostics;

use super::*;

/// Returns the code of a client that uses everything a document can have.
fn typed_client() -> String {
    let document = include_str!("../../gallery-codegen/fixtures/typed-client/openapi.json");
    let canonical = Canonical::parse(document).unwrap();
    let bindings = bindings(&canonical);
    let mut diagnostics = Diagnostics::default();
    let lowered = lower("openapi.json", &canonical, &bindings, &mut diagnostics).unwrap();
    let docs = docs(&canonical, &bindings);
    let code = client(&lowered, &docs).unwrap();
    rust("Code of a test.", &code)
}

const MATTERMOST: &str = include_str!("../../gallery-mattermost/src/generated.rs");

#[test]
fn operators_make_the_documented_change() {
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
fn mutants_have_unique_ids_and_differ_from_the_source() {
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
    // In committed code, `line` is the line of the file.
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
fn returns_the_same_mutants_each_time() {
    assert_eq!(mutants(MATTERMOST).unwrap(), mutants(MATTERMOST).unwrap());
}

#[test]
fn rejects_code_that_the_generator_did_not_write() {
    let error = |text: &str| mutants(text).unwrap_err().to_string();
    assert_eq!(
        error("fn"),
        "cannot parse the client's code: unexpected end of input, expected identifier"
    );
    assert_eq!(
        error("pub struct Client;"),
        "the client's code has no operations"
    );
    // Line breaks within a function do not matter; a type is always written the same way.
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
        error(&edited),
        "`pub struct Roles {` is not written the way the generator writes it"
    );
}
