//! Several listings, several servers and several spellings of one path in one document.
#![allow(clippy::unwrap_used, reason = "tests")]

use expect_test::{Expect, expect};
use gallery_spec::diagnostic::{Diagnostics, Severity};
use gallery_spec::merge::Choices;
use gallery_spec::names::Names;
use gallery_spec::pipeline::{Input, Made, run};
use gallery_spec::store::{Listing, RawFile};
use serde_json::Value;

fn listing(files: &[(&str, &str)]) -> Listing {
    let head = "swagger: '2.0'\ninfo: {title: T, version: 1}\nhost: p.io\nschemes: [http]\npaths:\n";
    let mut all = vec![RawFile { path: "apis.md".to_owned(), bytes: b"name: P\n".to_vec() }];
    all.extend(
        files.iter().map(|(path, paths)| RawFile { path: (*path).to_owned(), bytes: format!("{head}{paths}").into_bytes() }),
    );
    Listing { files: all, ..Listing::default() }
}

fn make(listings: &[(&str, Listing)], choices: &Choices) -> (Option<Made>, Diagnostics) {
    let inputs: Vec<Input<'_>> = listings.iter().map(|(listing, files)| Input { listing, files }).collect();
    let mut diagnostics = Diagnostics::default();
    let made = run(&inputs, choices, &mut Names::empty(), &mut diagnostics);
    (made, diagnostics)
}

/// Method, path and path parameters of each operation.
fn operations(made: &Made) -> String {
    let document: Value = serde_json::from_str(&made.canonical.render().unwrap()).unwrap();
    let mut text = String::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names: Vec<&str> = parameters.filter_map(|parameter| parameter["name"].as_str()).collect();
            text.push_str(&format!("{method} {path} {} {names:?}\n", operation["operationId"].as_str().unwrap()));
        }
    }
    text
}

fn check(paths: &str, after: Expect) {
    let (made, _) = make(&[("o/r/p", listing(&[("openapi.md", paths)]))], &Choices::new());
    after.assert_eq(&operations(&made.unwrap()));
}

#[test]
fn paths_that_openapi_calls_identical_are_one_item() {
    check(
        "  '/a/{x}/{y}': {get: {}}\n  '/a/{y}/{z}': {put: {}}\n  '/b/{id}': {get: {}}\n  '/b/{name}': {get: {}}\n",
        expect![[r#"
            get /a/{x}/{y} get_a_x_y ["x", "y"]
            put /a/{x}/{y} put_a_x_y ["x", "y"]
            get /b/{id} get_b_id ["id"]
        "#]],
    );
}

#[test]
fn letter_case_and_a_slash_at_the_end_tell_endpoints_apart() {
    check(
        "  /a: {get: {}}\n  /a/: {get: {}}\n  /A: {get: {}}\n",
        expect![[r#"
            get /A get_a []
            get /a get_a_v2 []
            get /a/ get_a_v3 []
        "#]],
    );
}

#[test]
fn listings_of_one_provider_feed_one_client() {
    let topic = |paths: &str| listing(&[("openapi.md", paths)]);
    let one = ("o/one/p", topic("  /a: {get: {summary: A}}\n  /b: {get: {}}\n"));
    let two = ("o/two/p", topic("  /b: {get: {}}\n  /c: {get: {}}\n"));
    let (made, _) = make(&[one, two], &Choices::new());
    let made = made.unwrap();
    assert_eq!(made.canonical.provenance().unwrap().further_listings, ["o/two/p"]);
    let sources: Vec<_> = made.report.endpoints.iter().map(|endpoint| endpoint.sources.join(", ")).collect();
    expect![[r#"
        o/one/p openapi.md#/paths/~1a/get
        o/one/p openapi.md#/paths/~1b/get, o/two/p openapi.md#/paths/~1b/get
        o/two/p openapi.md#/paths/~1c/get"#]]
    .assert_eq(&sources.join("\n"));
}

#[test]
fn a_choice_settles_what_copies_differ_in() {
    let files = listing(&[
        ("a-openapi.md", "  /a: {get: {responses: {200: {}}}}\n"),
        ("b-openapi.md", "  /a: {get: {responses: {201: {}}}}\n"),
    ]);
    let chosen = |choices: &[(&str, &str)]| {
        let choices = choices.iter().map(|(endpoint, file)| ((*endpoint).to_owned(), (*file).to_owned())).collect();
        let (made, diagnostics) = make(&[("o/r/p", files.clone())], &choices);
        made.map(|made| made.report.endpoints[0].chosen.clone())
            .unwrap_or_else(|| diagnostics.of(Severity::Error).map(|said| said.message.clone()).collect())
    };
    assert_eq!(chosen(&[]), "a-openapi.md#/paths/~1a/get");
    assert_eq!(chosen(&[("GET /a", "b-openapi.md")]), "b-openapi.md#/paths/~1a/get");
    expect!["the choice for `GET /b` applies to no endpoint; remove it, or write it as names.toml does"]
        .assert_eq(&chosen(&[("GET /b", "b-openapi.md")]));
}
