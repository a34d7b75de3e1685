use std::collections::BTreeSet;
use std::fmt::Write as _;

use expect_test::{expect, expect_file};
use gallery_codegen::CodeSettings;
use gallery_codegen::generate::code;
use gallery_spec::canonical::Canonical;
use openapi_text::Diagnostics;

use super::*;

/// Returns the code of a client that uses everything a document can have.
fn typed_client() -> String {
    let document = include_str!("../../gallery-codegen/fixtures/typed-client/openapi.json");
    let canonical = Canonical::parse(document).unwrap();
    let settings = CodeSettings::default();
    let code = code(
        "openapi.json",
        &canonical,
        &settings,
        &mut Diagnostics::default(),
    )
    .unwrap();
    let code = code.client;
    format!("// Code of a test.\n\n{}", code.text())
}

const MATTERMOST: &str = include_str!("../../gallery-mattermost/src/generated.rs");

#[test]
fn operators_make_the_documented_change() {
    let source = typed_client();
    let mutants = mutants(&[("a.rs", &source)]).unwrap();
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
        let mutants = mutants(&[("a.rs", source)]).unwrap();
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
    for mutant in mutants(&[("a.rs", MATTERMOST)]).unwrap() {
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
    assert_eq!(
        mutants(&[("a.rs", MATTERMOST)]).unwrap(),
        mutants(&[("a.rs", MATTERMOST)]).unwrap()
    );
}

#[test]
fn rejects_code_that_the_generator_did_not_write() {
    let error = |text: &str| mutants(&[("a.rs", text)]).unwrap_err().to_string();
    assert_eq!(
        error("fn"),
        "a.rs: cannot parse the client's code: unexpected end of input, expected identifier"
    );
    assert_eq!(
        error("pub struct Client;"),
        "the client's code has no operations"
    );
}

/// A file of a runtime with a place for each operator.
const RUNTIME: &str = r#"const NOT_MUTATED: bool = true;
impl Policy {
    async fn allows(&self, attempt: u32) -> bool {
        if attempt < 3 && self.is_safe {
            self.count(attempt + 1);
        }
        matches!(attempt, 1)
    }
    fn delay(&self, name: &str) -> Option<Duration> {
        match self.delay {
            Some(delay) if name != "none" => Some(delay.min(self.most)),
            _ => self.other(true),
        }
    }
    const fn not_mutated() -> u32 {
        1
    }
}
#[cfg(test)]
mod tests {
    fn not_mutated() -> bool {
        true
    }
}
"#;

fn runtime() -> Runtime {
    Runtime::read(vec![("src/retry.rs".to_owned(), RUNTIME.to_owned())]).unwrap()
}

#[test]
fn finds_the_mutants_of_the_runtime() {
    let runtime = runtime();
    let mut shown = String::new();
    for mutant in runtime.mutants() {
        let RuntimeMutant {
            line,
            column,
            id,
            what,
            ..
        } = mutant;
        writeln!(shown, "{line}:{column} {id}: {what}").unwrap();
    }
    expect![[r#"
        3:14 return-replaced:Policy::allows:retry: `Policy::allows` returns `true`
        3:14 return-replaced:Policy::allows:retry#2: `Policy::allows` returns `false`
        4:27 condition-negated:Policy::allows:retry: `self.is_safe` is negated
        4:24 and-or-swapped:Policy::allows:retry: `&&` is `||`
        4:20 comparison-changed:Policy::allows:retry: `<` is `<=`
        4:22 integer-incremented:Policy::allows:retry: `3` is `4`
        5:13 statement-dropped:Policy::allows:retry: `self.count(attempt + 1);` is missing
        5:32 arithmetic-changed:Policy::allows:retry: `+` is `-`
        5:34 integer-incremented:Policy::allows:retry#2: `1` is `2`
        9:8 return-replaced:Policy::delay:retry: `Policy::delay` returns `None`
        11:33 comparison-changed:Policy::delay:retry: `!=` is `==`
        11:36 string-emptied:Policy::delay:retry: `"none"` is `""`
        11:46 option-emptied:Policy::delay:retry: `Some(delay.min(self.most))` is `None`
        11:57 limit-swapped:Policy::delay:retry: `min` is `max`
        12:29 boolean-flipped:Policy::delay:retry: `true` is `false`
    "#]]
    .assert_eq(&shown);
    let found: BTreeSet<_> = runtime
        .mutants()
        .iter()
        .map(|mutant| mutant.operator)
        .collect();
    assert_eq!(found, RUNTIME_OPERATORS.iter().copied().collect());
}

#[test]
fn writes_all_mutants_of_the_runtime_into_one_code() {
    let runtime = runtime();
    let [file] = runtime.instrumented(|_| true).try_into().unwrap();
    expect![[r#"
        const NOT_MUTATED: bool = true;
        impl Policy {
            async fn allows(&self, attempt: u32) -> bool { if crate::mutant::on(0) { return true; } if crate::mutant::on(1) { return false; }
                if (if crate::mutant::on(3) { attempt < 3 || self.is_safe } else { (if crate::mutant::on(4) { attempt <= 3 } else { attempt < (if crate::mutant::on(5) { 4 } else { 3 }) }) && (if crate::mutant::on(2) { !(self.is_safe) } else { self.is_safe }) }) {
                    if !crate::mutant::on(6) { self.count((if crate::mutant::on(7) { attempt - 1 } else { attempt + (if crate::mutant::on(8) { 2 } else { 1 }) })); }
                }
                matches!(attempt, 1)
            }
            fn delay(&self, name: &str) -> Option<Duration> { if crate::mutant::on(9) { return None; }
                match self.delay {
                    Some(delay) if (if crate::mutant::on(10) { name == "none" } else { name != (if crate::mutant::on(11) { "" } else { "none" }) }) => (if crate::mutant::on(12) { None } else { Some((if crate::mutant::on(13) { delay.max(self.most) } else { delay.min(self.most) })) }),
                    _ => self.other((if crate::mutant::on(14) { false } else { true })),
                }
            }
            const fn not_mutated() -> u32 {
                1
            }
        }
        #[cfg(test)]
        mod tests {
            fn not_mutated() -> bool {
                true
            }
        }
    "#]].assert_eq(&file.code);
    syn::parse_file(&file.code).unwrap();
    let inner = file.code.find("4 } else").unwrap();
    let number = file.mutant_at(inner).unwrap();
    assert_eq!(runtime.mutants()[number].operator, "integer-incremented");
    assert_eq!(file.mutant_at(0), None);
    let part = "delay.min(self.most) })) })";
    let end = file.code.find(part).unwrap() + part.len();
    let start = file.code.find("(if crate::mutant::on(12)").unwrap();
    assert_eq!(file.mutants_in(&(start..end)), [13, 12]);
    assert_eq!(file.mutants_in(&(start + 1..end)), [13]);
    assert_eq!(runtime.instrumented(|_| false)[0].code, RUNTIME);
}

#[test]
fn rejects_a_source_of_the_runtime_that_is_not_rust() {
    let error = Runtime::read(vec![(
        "src/a.rs".to_owned(),
        "fn a() {\n    +\n}".to_owned(),
    )]);
    assert_eq!(
        error.unwrap_err().to_string(),
        "src/a.rs:2:5: cannot parse the code: expected an expression"
    );
}
