//! `docs/conformance.md` lists the checks. `UPDATE_EXPECT=1 cargo test` updates it.

use expect_test::expect_file;
use gallery_testkit::conformance::{CHECKS, CLIENT_CHECKS, FETCH_LIMITS};

/// Replaces the lines between a comment and the end of its list.
fn with_list(text: &str, name: &str, list: &str) -> String {
    let (before, rest) = text.split_once(&format!("<!-- {name} -->\n")).unwrap();
    let (_, after) = rest.split_once("<!-- end -->\n").unwrap();
    format!("{before}<!-- {name} -->\n{list}<!-- end -->\n{after}")
}

#[test]
fn lists_every_check() {
    let text = std::fs::read_to_string(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../docs/conformance.md"
    ))
    .unwrap();
    let row = |id: &str, meaning: &str, when: &str| format!("| `{id}` | {meaning} | {when} |\n");
    let mut checks = "| check | property | applies if |\n|---|---|---|\n".to_owned();
    checks.extend(
        CHECKS
            .iter()
            .map(|check| row(check.id, check.meaning, check.when())),
    );
    let mut of_client = "| check | property |\n|---|---|\n".to_owned();
    of_client.extend(
        CLIENT_CHECKS
            .iter()
            .map(|(id, meaning)| format!("| `{id}` | {meaning} |\n")),
    );
    let mut limits = "| property | reason | checks |\n|---|---|---|\n".to_owned();
    limits.extend(FETCH_LIMITS.iter().map(|limit| {
        let checks: Vec<_> = limit.checks.iter().map(|id| format!("`{id}`")).collect();
        let checks = checks.join(", ");
        format!("| {} | {} | {checks} |\n", limit.property, limit.reason)
    }));
    let text = with_list(&with_list(&text, "checks", &checks), "client", &of_client);
    let text = with_list(&text, "fetch", &limits);
    expect_file!["../../../../docs/conformance.md"].assert_eq(&text);
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    let mut ids: Vec<&str> = CHECKS
        .iter()
        .map(|check| check.id)
        .chain(CLIENT_CHECKS.iter().map(|(id, _)| *id))
        .collect();
    assert!(
        ids.iter().all(|id| id
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'-')),
        "{ids:?}"
    );
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
}

#[test]
fn limits_of_fetch_name_checks() {
    for id in FETCH_LIMITS.iter().flat_map(|limit| limit.checks) {
        assert!(CHECKS.iter().any(|check| check.id == *id), "{id}");
    }
}
