//! The judge, judged: a client that is right passes every check, and one that is wrong in one way fails the check for it.

#![expect(clippy::unwrap_used, reason = "a test")]

mod client;
mod source;

use std::collections::BTreeSet;

use client::{
    Client, adapters, builder, following, hasty, presumptuous, rootless, schemas, unreading,
};
use gallery_runtime::ClientBuilder;
use gallery_testkit::conformance::{CHECKS, CheckResult, Suite, run_checks};
use source::SOURCE;

fn suite(fault: &'static str, builder: Make, source: &'static str) -> Suite<Client> {
    Suite {
        document: include_str!("library.json"),
        source,
        builder,
        adapters: adapters(fault),
        schemas: schemas(fault),
        expected_failures: "",
    }
}

fn faults(verdicts: Vec<CheckResult>) -> Vec<(String, String)> {
    verdicts
        .into_iter()
        .filter_map(|verdict| Some((verdict.name, verdict.failure?)))
        .collect()
}

#[test]
fn a_right_client_passes() {
    let verdicts = run_checks(suite("", builder, SOURCE), |_| true).unwrap();
    assert!(verdicts.len() > 100, "{}", verdicts.len());
    assert_eq!(faults(verdicts), []);
}

/// What is wrong with a client, and the check that must see it.
const FAULTS: &[(&str, &str)] = &[
    ("sends another method", "get_book::request"),
    ("swaps the path arguments", "get_book::request"),
    ("tells hooks of another operation", "get_book::operation"),
    ("encodes path arguments twice", "get_book::path-arguments"),
    (
        "fills in an empty path argument",
        "get_book::path-rejections",
    ),
    ("invents a required argument", "get_book::required"),
    ("narrows an integer argument", "get_book::scalars"),
    ("swallows what does not fit", "get_book::scalars"),
    ("swallows what does not fit", "get_book::conversions"),
    ("joins a list with commas", "get_book::lists"),
    ("misspells a query parameter", "get_book::query"),
    ("forgets a query parameter", "get_book::query"),
    ("trims query values", "get_book::query-values"),
    ("adds a default", "get_book::no-query"),
    ("adds a default", "get_book::query"),
    ("adds a query parameter", "get_book::no-query"),
    ("forgets a header argument", "get_book::header-arguments"),
    ("changes the case of a header", "get_book::header-values"),
    ("always sends a cookie", "get_book::cookies"),
    ("adds a header", "get_book::headers"),
    ("accepts anything", "get_book::accept"),
    ("shares arguments among calls", "get_book::concurrent-calls"),
    ("sends every credential", "get_book::credentials"),
    ("sends no credential", "get_book::credentials"),
    ("sends no credential", "get_book::token-refresh"),
    ("requires an optional field", "get_book::response-typed"),
    ("knows no unknown fields", "get_book::response-typed"),
    (
        "narrows an integer of the answer",
        "get_book::response-typed",
    ),
    ("loses headers that come twice", "get_book::response-typed"),
    ("loses the headers of a success", "get_book::response-typed"),
    (
        "takes any shape for the right one",
        "get_book::response-invalid",
    ),
    ("wants a Content-Type", "get_book::response-lenience"),
    (
        "takes any 2xx for the documented success",
        "get_book::response-undocumented",
    ),
    ("loses the status of a 500", "get_book::errors"),
    ("sends twice after a 503", "get_book::errors"),
    ("takes a 404 for a success", "get_book::errors-typed"),
    ("loses the headers of a 409", "get_book::errors-typed"),
    ("follows no redirect", "get_book::redirect-following"),
    ("tells a timeout as something else", "get_book::no-response"),
    (
        "takes half an answer for one",
        "get_book::truncated-response",
    ),
    ("sends the body as text", "put_book::body"),
    ("sets nothing by a builder", "put_book::body"),
    ("sets nothing by a builder", "add_note::body"),
    ("sends the body as a text in JSON", "put_book::body"),
    ("sends null for what is absent", "put_book::body"),
    ("leaves out empty lists", "put_book::body"),
    ("turns lists round", "put_book::body"),
    ("sends null for no body", "add_note::no-body"),
    ("reads everything as text", "add_note::response-untyped"),
    ("begins at page one", "list_books::pagination"),
    ("does not know the most of a page", "list_books::pagination"),
    ("forgets the most of a page", "list_books::pagination"),
    ("forgets the size of a page", "list_books::pagination"),
    ("requires an optional field", "client::schemas"),
    ("narrows an integer of the answer", "client::schemas"),
    ("leaves out empty lists", "client::schemas"),
    ("builds without a field", "client::schemas"),
    ("fills in a required field", "client::schemas"),
    ("has no type for a schema", "client::schemas"),
    ("requires what is only read", "client::schemas"),
    ("knows no server but one", "get_cover::operation-server"),
];

/// How a client is made.
type Make = fn(&str) -> ClientBuilder<Client>;

/// Faults of how a client is made.
const BUILDERS: &[(Make, &str)] = &[
    (following, "put_book::redirects"),
    (following, "get_book::cross-host-redirects"),
    (rootless, "get_book::base-url"),
    (unreading, "get_book::compression"),
    (presumptuous, "get_book::no-credentials"),
    (hasty, "get_book::slow-response"),
];

/// Changes of a client's source.
const SOURCES: &[(&str, &str, &str)] = &[
    ("pub fn add_note(", "pub fn put_note(", "client::surface"),
    ("pub fn limit(", "pub fn limits(", "get_book::setters"),
    ("pub fn stream(", "fn stream(", "list_books::setters"),
];

fn must_fail(what: &str, check: &str, suite: Suite<Client>) {
    let verdicts = run_checks(suite, |name| name == check).unwrap();
    assert_eq!(verdicts.len(), 1, "there is no {check}");
    assert!(
        verdicts[0].failure.is_some(),
        "a client that {what} passes {check}"
    );
}

#[test]
fn a_client_with_a_fault_fails_the_check_for_it() {
    for (fault, check) in FAULTS {
        must_fail(fault, check, suite(fault, builder, SOURCE));
    }
    for (builder, check) in BUILDERS {
        must_fail("is made wrong", check, suite("", *builder, SOURCE));
    }
    for (from, to, check) in SOURCES {
        let source = SOURCE.replace(from, to);
        assert_ne!(source, SOURCE);
        must_fail(
            &format!("has `{to}` for `{from}`"),
            check,
            suite("", builder, source.leak()),
        );
    }
}

/// What no client over the runtime can be made to fail by hand: nothing but the runtime sees the credentials.
const OF_THE_RUNTIME: &[&str] = &["secrets"];

#[test]
fn every_check_has_been_failed() {
    let of = |name: &str| name.split_once("::").unwrap().1.to_owned();
    let names = FAULTS.iter().map(|(_, name)| *name);
    let names = names
        .chain(BUILDERS.iter().map(|(_, name)| *name))
        .chain(SOURCES.iter().map(|(.., name)| *name));
    let failed: BTreeSet<String> = names.map(of).collect();
    let never: Vec<&str> = CHECKS
        .iter()
        .map(|check| check.id)
        .filter(|id| !failed.contains(*id))
        .collect();
    assert_eq!(never, OF_THE_RUNTIME);
}

#[test]
fn a_fault_is_said_with_what_was_expected() {
    let verdicts = run_checks(suite("adds a default", builder, SOURCE), |name| {
        name == "get_book::no-query"
    })
    .unwrap();
    expect_test::expect![[r#"
        in the query Some("limit=20") there is [("limit", "20")], but what must be there is []
          expected: nothing is in the query that the document does not declare"#]]
    .assert_eq(verdicts[0].failure.as_deref().unwrap());
}

/// The verdicts on a client with a fault, where a failure is expected.
fn with_expected(
    fault: &'static str,
    expected: &'static str,
) -> Result<Vec<(String, String)>, String> {
    let suite = Suite {
        expected_failures: expected,
        ..suite(fault, builder, SOURCE)
    };
    run_checks(suite, |name| {
        name == "get_book::accept" || name == "client::surface"
    })
    .map(faults)
}

#[test]
fn an_expected_failure_must_fail() {
    let listed = "[[failure]]\nendpoint = \"get_book\"\ncheck = \"accept\"\nreason = \"the proxy wants */*\"\n";
    assert_eq!(with_expected("accepts anything", listed), Ok(Vec::new()));
    let passes = "the check passes, but is listed as an expected failure (the proxy wants */*): take it out of the list";
    assert_eq!(
        with_expected("", listed),
        Ok(vec![("get_book::accept".to_owned(), passes.to_owned())])
    );
}

#[test]
fn an_expected_failure_that_names_nothing_is_an_error() {
    let said = |endpoint: &str, check: &str, reason: &str| {
        let text = format!(
            "[[failure]]\nendpoint = {endpoint:?}\ncheck = {check:?}\nreason = {reason:?}\n"
        );
        with_expected("", text.leak()).unwrap_err()
    };
    expect_test::expect![[r#"
        expected failure 1 (`accept` of `get_boots`): the document has no such operation
        expected failure 1 (`excerpt` of `get_book`): there is no such check; docs/conformance.md lists them
        expected failure 1 (`pagination` of `get_book`): the check does not apply to the operation, only with `x-gallery-pages`
        expected failure 1 (`accept` of `get_book`): there is no reason
        expected failure 1 (`accept` of `client`): the client as a whole has no such check"#]]
    .assert_eq(
        &[
            said("get_boots", "accept", "r"),
            said("get_book", "excerpt", "r"),
            said("get_book", "pagination", "r"),
            said("get_book", "accept", " "),
            said("client", "accept", "r"),
        ]
        .join("\n"),
    );
    assert!(
        with_expected("", "[[failures]]\n")
            .unwrap_err()
            .starts_with("the expected failures cannot be read: ")
    );
}
