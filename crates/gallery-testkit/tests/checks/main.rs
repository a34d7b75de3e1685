//! Tests of the checks: a correct client passes all of them, a client with one fault fails the
//! check for it.

#![expect(clippy::unwrap_used, reason = "a test")]

mod client;
mod documentation;
mod faulty_middleware;
mod source;

use std::collections::BTreeSet;

use client::{Client, adapters, builder, following, presumptuous, rootless, schemas, unreading};
use faulty_middleware::{
    brief, content, counting, disguised, doubling, eager, hasty, impatient, lossy, revealing,
    talkative, thorough,
};
use gallery_runtime::ClientBuilder;
use gallery_testkit::conformance::{CHECKS, CheckResult, Suite, run_checks};
use source::SOURCE;

fn suite(fault: &'static str, builder: Make, source: &'static str) -> Suite<Client> {
    Suite {
        document: include_str!("library.json"),
        sources: Vec::from([source]).leak(),
        builder,
        adapters: adapters(fault),
        schemas: schemas(fault),
        disabled_features: Vec::new(),
        expected_failures: "",
    }
}

fn faults(results: Vec<CheckResult>) -> Vec<(String, String)> {
    results
        .into_iter()
        .filter_map(|result| Some((result.name, result.failure?)))
        .collect()
}

#[test]
fn a_correct_client_passes() {
    let results = run_checks(suite("", builder, SOURCE), |_| true).unwrap();
    assert!(results.len() > 100, "{}", results.len());
    assert_eq!(faults(results), []);
}

/// Faults of a client, and the check that must fail.
const FAULTS: &[(&str, &str)] = &[
    ("sends another method", "get_book::request"),
    ("swaps the path arguments", "get_book::request"),
    (
        "passes another operation to middleware",
        "get_book::operation",
    ),
    ("encodes path arguments twice", "get_book::path-arguments"),
    (
        "fills in an empty path argument",
        "get_book::path-rejections",
    ),
    ("invents a required argument", "get_book::required"),
    ("narrows an integer argument", "get_book::scalars"),
    ("swallows what does not fit", "get_book::scalars"),
    ("swallows what does not fit", "get_book::scalars"),
    ("joins a list with commas", "get_book::lists"),
    ("sends null properties", "get_book::objects"),
    ("loses an object with null", "get_book::objects"),
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
    (
        "confuses the variants of statuses",
        "get_book::errors-typed",
    ),
    ("follows no redirect", "get_book::redirect-following"),
    (
        "reports a timeout as another error",
        "get_book::no-response",
    ),
    (
        "takes half an answer for one",
        "get_book::truncated-response",
    ),
    ("sends the body as text", "put_book::body"),
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
    ("fills in a required field", "client::schemas"),
    ("has no type for a schema", "client::schemas"),
    ("requires what is only read", "client::schemas"),
    ("knows no server but one", "get_cover::operation-server"),
    ("sends no credential", "get_cover::credentials"),
    ("never retries", "get_book::retries"),
    ("retries what changes something", "get_cover::retries"),
    ("follows redirects for ever", "get_book::redirect-limit"),
    ("reads a body of any size", "get_book::body-limit"),
    (
        "keeps the whole body of an error",
        "get_book::error-excerpts",
    ),
    ("calls every error retryable", "get_book::errors"),
    ("hides the operation in messages", "get_book::errors"),
    ("sends at most a hundred items", "get_book::lists"),
    (
        "leaves out an item that came before",
        "list_books::pagination",
    ),
    ("reads only the start of a file", "get_cover::download"),
    ("reads events as texts", "watch_books::events"),
    ("leaves out null", "put_book::body"),
    (
        "reports a refused connection as a lost one",
        "get_book::no-response",
    ),
    (
        "calls no failed connection retryable",
        "get_book::no-response",
    ),
    (
        "calls no failed connection retryable",
        "get_book::truncated-response",
    ),
    (
        "follows a redirect to another scheme",
        "get_book::redirects",
    ),
    ("repeats the body in messages", "get_book::secrets"),
    ("shows the headers of an error", "get_book::secrets"),
    (
        "sends credentials to the base URL only",
        "get_cover::credentials",
    ),
];

/// Creates a client.
type Make = fn(&str) -> ClientBuilder<Client>;

/// Faults in the creation of a client.
const BUILDERS: &[(Make, &str)] = &[
    (following, "put_book::redirects"),
    (following, "get_book::cross-host-redirects"),
    (rootless, "get_book::base-url"),
    (unreading, "get_book::compression"),
    (presumptuous, "get_book::no-credentials"),
    (hasty, "get_book::slow-response"),
    (hasty, "get_book::framing"),
    (brief, "get_book::framing"),
    (thorough, "get_book::error-excerpts"),
    (lossy, "get_book::response-invalid"),
    (content, "get_book::interrupted-response"),
    (eager, "add_note::retries"),
    (impatient, "get_book::retries"),
    (counting, "get_book::retries"),
    (disguised, "get_book::headers"),
    (doubling, "get_book::operation"),
    (talkative, "get_book::secrets"),
    (revealing, "get_book::secrets"),
];

/// Changes of the source of a client.
const SOURCES: &[(&str, &str, &str)] = &[
    ("pub fn add_note(", "pub fn put_note(", "client::surface"),
    ("pub fn limit(", "pub fn limits(", "get_book::setters"),
    ("pub fn stream(", "fn stream(", "list_books::setters"),
];

fn must_fail(what: &str, check: &str, suite: Suite<Client>) {
    let results = run_checks(suite, |name| name == check).unwrap();
    assert_eq!(results.len(), 1, "{check} does not exist");
    assert!(
        results[0].failure.is_some(),
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

#[test]
fn every_check_fails_for_some_fault() {
    let of = |name: &str| name.split_once("::").unwrap().1.to_owned();
    let names = FAULTS.iter().map(|(_, name)| *name);
    let names = names
        .chain(BUILDERS.iter().map(|(_, name)| *name))
        .chain(SOURCES.iter().map(|(.., name)| *name));
    let failed: BTreeSet<String> = names.map(of).collect();
    for check in CHECKS {
        assert!(failed.contains(check.id), "no fault fails {}", check.id);
    }
}

#[test]
fn a_failure_names_the_expected_property() {
    let results = run_checks(suite("adds a default", builder, SOURCE), |name| {
        name == "get_book::no-query"
    })
    .unwrap();
    expect_test::expect![[r#"
        query Some("limit=20"): expected [], received [("limit", "20")]
          expected: the query has no undeclared parameters"#]]
    .assert_eq(results[0].failure.as_deref().unwrap());
}

/// Runs two checks with a list of expected failures.
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
    let passes = "the check passes, but is listed as an expected failure (the proxy wants */*): remove the entry";
    assert_eq!(
        with_expected("", listed),
        Ok(vec![("get_book::accept".to_owned(), passes.to_owned())])
    );
}

#[test]
fn rejects_expected_failures_without_a_check() {
    let message = |endpoint: &str, check: &str, reason: &str| {
        let text = format!(
            "[[failure]]\nendpoint = {endpoint:?}\ncheck = {check:?}\nreason = {reason:?}\n"
        );
        with_expected("", text.leak()).unwrap_err()
    };
    expect_test::expect![[r#"
        expected failure 1 (`accept` of `get_boots`): the document has no such operation
        expected failure 1 (`excerpt` of `get_book`): there is no such check; docs/conformance.md lists them
        expected failure 1 (`pagination` of `get_book`): the check does not apply; it applies if the operation has `x-gallery-pages`
        expected failure 1 (`accept` of `get_book`): the reason is missing
        expected failure 1 (`accept` of `client`): there is no such check of a client as a whole"#]]
    .assert_eq(
        &[
            message("get_boots", "accept", "r"),
            message("get_book", "excerpt", "r"),
            message("get_book", "pagination", "r"),
            message("get_book", "accept", " "),
            message("client", "accept", "r"),
        ]
        .join("\n"),
    );
    assert!(
        with_expected("", "[[failures]]\n")
            .unwrap_err()
            .starts_with("invalid list of expected failures: ")
    );
}
