//! What became of a mutant, from what cargo and the tests print.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;

/// What became of a mutant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The compiler refused it, with this error.
    Compiler(String),
    /// This test failed: `operation::check`.
    Check(String),
    /// The tests did not end.
    Timeout,
    /// The tests ended without a verdict.
    Crash(String),
    /// All tests passed.
    Survived,
}

impl Verdict {
    /// Whether anything noticed.
    pub(super) fn is_killed(&self) -> bool {
        *self != Verdict::Survived
    }

    /// The kind, for reports.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Verdict::Compiler(_) => "compiler",
            Verdict::Check(_) => "check",
            Verdict::Timeout => "timeout",
            Verdict::Crash(_) => "crash",
            Verdict::Survived => "survived",
        }
    }

    /// What noticed.
    pub(super) fn by(&self) -> Option<&str> {
        match self {
            Verdict::Compiler(by) | Verdict::Check(by) | Verdict::Crash(by) => Some(by),
            Verdict::Timeout | Verdict::Survived => None,
        }
    }
}

/// What the compiler made of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Built {
    /// A test program.
    Program(String),
    /// Nothing, because of this error.
    Refused(String),
}

/// What cargo says of each package, by its folder's name.
pub(super) fn built(stdout: &str) -> Result<BTreeMap<String, Built>> {
    let mut built = BTreeMap::new();
    for line in stdout.lines() {
        let Ok(value) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
        let Some(package) = text("/manifest_path").and_then(|path| path.rsplit(['/', '\\']).nth(1))
        else {
            continue;
        };
        match text("/reason") {
            Some("compiler-artifact") => {
                let Some(program) = text("/executable") else {
                    continue;
                };
                if value.pointer("/fresh") == Some(&Value::Bool(true)) {
                    bail!(
                        "cargo took {package} for up to date: its code would not be that of the mutant"
                    );
                }
                built.insert(package.to_owned(), Built::Program(program.to_owned()));
            }
            Some("compiler-message") if text("/message/level") == Some("error") => {
                let code = text("/message/code/code")
                    .or_else(|| text("/message/message"))
                    .unwrap_or("an error")
                    .to_owned();
                // The first error of the library comes before what follows from it.
                built
                    .entry(package.to_owned())
                    .or_insert(Built::Refused(code));
            }
            _ => {}
        }
    }
    Ok(built)
}

/// The test that a line of a test program says has failed.
pub(super) fn failed(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    (outcome.trim() == "FAILED").then(|| name.trim())
}

/// How many tests a line says have passed: `test result: ok. 129 passed; …`.
pub(super) fn passed(line: &str) -> Option<usize> {
    let (number, _) = line
        .strip_prefix("test result: ok. ")?
        .split_once(" passed;")?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cargo_says_is_read() {
        let lines = [
            r#"{"reason":"compiler-artifact","manifest_path":"/w/mutant-0/Cargo.toml","executable":null,"fresh":true}"#,
            r#"{"reason":"compiler-artifact","manifest_path":"/w/mutant-0/Cargo.toml","executable":"/t/conformance-1","fresh":false}"#,
            r#"{"reason":"compiler-message","manifest_path":"/w/mutant-1/Cargo.toml","message":{"level":"warning","message":"unused"}}"#,
            r#"{"reason":"compiler-message","manifest_path":"/w/mutant-1/Cargo.toml","message":{"level":"error","code":{"code":"E0308"}}}"#,
            r#"{"reason":"compiler-message","manifest_path":"/w/mutant-1/Cargo.toml","message":{"level":"error","code":null,"message":"aborting"}}"#,
            r#"{"reason":"build-finished","success":false}"#,
        ];
        let expected = [
            (
                "mutant-0".to_owned(),
                Built::Program("/t/conformance-1".to_owned()),
            ),
            ("mutant-1".to_owned(), Built::Refused("E0308".to_owned())),
        ];
        assert_eq!(built(&lines.join("\n")).unwrap(), BTreeMap::from(expected));
        let stale = r#"{"reason":"compiler-artifact","manifest_path":"/w/mutant-0/Cargo.toml","executable":"/t/c","fresh":true}"#;
        assert!(built(stale).unwrap_err().to_string().contains("mutant-0"));
    }

    #[test]
    fn what_tests_say_is_read() {
        assert_eq!(
            failed("test get_team::query               ... FAILED"),
            Some("get_team::query")
        );
        assert_eq!(failed("test get_team::query               ... ok"), None);
        assert_eq!(failed("---- get_team::query ----"), None);
        assert_eq!(
            passed("test result: ok. 129 passed; 0 failed; 0 ignored"),
            Some(129)
        );
        assert_eq!(passed("test result: FAILED. 128 passed; 1 failed"), None);
    }
}
