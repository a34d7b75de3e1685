//! Parsers for the output of cargo and of test programs.

use std::collections::BTreeMap;

use anyhow::{Result, bail};
use serde_json::Value;

/// The result of compiling the tests of a package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum TestBuild {
    /// The path of the test program.
    Program(String),
    /// Compilation failed with this error.
    Failed(String),
}

/// Parses cargo's JSON messages. Returns the result of each package, by the name of its folder.
pub(super) fn parse_builds(stdout: &str) -> Result<BTreeMap<String, TestBuild>> {
    let mut builds = BTreeMap::new();
    for line in stdout.lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else {
            continue;
        };
        let text = |pointer: &str| message.pointer(pointer).and_then(Value::as_str);
        let Some(package) = text("/manifest_path").and_then(|path| path.rsplit(['/', '\\']).nth(1))
        else {
            continue;
        };
        match text("/reason") {
            Some("compiler-artifact") => {
                let Some(program) = text("/executable") else {
                    continue;
                };
                if message.pointer("/fresh") == Some(&Value::Bool(true)) {
                    bail!("cargo did not rebuild {package}, so its tests would run old code");
                }
                builds.insert(package.to_owned(), TestBuild::Program(program.to_owned()));
            }
            Some("compiler-message") if text("/message/level") == Some("error") => {
                let code = text("/message/code/code")
                    .or_else(|| text("/message/message"))
                    .unwrap_or("an error")
                    .to_owned();
                // Later errors are often consequences of the first one.
                builds
                    .entry(package.to_owned())
                    .or_insert(TestBuild::Failed(code));
            }
            _ => {}
        }
    }
    Ok(builds)
}

/// Returns the name of the test if this line of a test program reports a failure.
pub(super) fn parse_failed_test(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    (outcome.trim() == "FAILED").then(|| name.trim())
}

/// Parses the number of passed tests from the last line: `test result: ok. 129 passed; …`.
pub(super) fn parse_passed_count(line: &str) -> Option<usize> {
    let (number, _) = line
        .strip_prefix("test result: ok. ")?
        .split_once(" passed;")?;
    number.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_cargo_messages() {
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
                TestBuild::Program("/t/conformance-1".to_owned()),
            ),
            ("mutant-1".to_owned(), TestBuild::Failed("E0308".to_owned())),
        ];
        assert_eq!(
            parse_builds(&lines.join("\n")).unwrap(),
            BTreeMap::from(expected)
        );
    }

    #[test]
    fn rejects_a_program_that_cargo_did_not_rebuild() {
        let fresh = r#"{"reason":"compiler-artifact","manifest_path":"/w/mutant-0/Cargo.toml","executable":"/t/c","fresh":true}"#;
        let error = parse_builds(fresh).unwrap_err();
        assert!(error.to_string().contains("mutant-0"));
    }

    #[test]
    fn parses_the_output_of_test_programs() {
        assert_eq!(
            parse_failed_test("test get_team::query               ... FAILED"),
            Some("get_team::query")
        );
        assert_eq!(
            parse_failed_test("test get_team::query               ... ok"),
            None
        );
        assert_eq!(parse_failed_test("---- get_team::query ----"), None);
        assert_eq!(
            parse_passed_count("test result: ok. 129 passed; 0 failed; 0 ignored"),
            Some(129)
        );
        assert_eq!(
            parse_passed_count("test result: FAILED. 128 passed; 1 failed"),
            None
        );
    }
}
