//! Merges listings and documents: identical paths, conflicting duplicates, and choices.

use expect_test::{Expect, expect};
use gallery_draft::{Choice, Choices, FileSet, RawFile};
use gallery_listings::Documents;
use gallery_spec::names::Names;
use gallery_spec::pipeline::Output;
use openapi_text::{Diagnostics, Location};
use serde_json::Value;

use crate::support;

fn listing(name: &str, files: &[(&str, &str)]) -> FileSet {
    let head =
        "swagger: '2.0'\ninfo: {title: T, version: 1}\nhost: p.io\nschemes: [http]\npaths:\n";
    let mut all = vec![RawFile::new("apis.md".to_owned(), b"name: P\n".to_vec())];
    all.extend(files.iter().map(|(path, paths)| {
        RawFile::new((*path).to_owned(), format!("{head}{paths}").into_bytes())
    }));
    FileSet {
        name: name.to_owned(),
        files: all,
    }
}

fn run(listings: &[FileSet], choices: &Choices) -> (Option<Output>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let output = support::run(
        listings,
        Documents::default(),
        choices,
        &mut Names::empty(),
        &mut diagnostics,
    );
    (output, diagnostics)
}

/// Returns the method, path, operationId and parameter names of each operation.
fn operations(output: &Output) -> String {
    let document: Value = serde_json::from_str(&output.canonical.render().unwrap()).unwrap();
    let mut text = String::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names: Vec<&str> = parameters
                .filter_map(|parameter| parameter["name"].as_str())
                .collect();
            text.push_str(&format!(
                "{method} {path} {} {names:?}\n",
                operation["operationId"].as_str().unwrap()
            ));
        }
    }
    text
}

fn check(paths: &str, after: Expect) {
    let (output, _) = run(
        &[listing("o/r/p", &[("openapi.md", paths)])],
        &Choices::new(),
    );
    after.assert_eq(&operations(&output.unwrap()));
}

#[test]
fn merges_paths_that_differ_only_in_variable_names() {
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
fn letter_case_and_trailing_slashes_distinguish_endpoints() {
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
fn merges_several_listings_into_one_document() {
    let topic = |name: &str, paths: &str| listing(name, &[("openapi.md", paths)]);
    let one = topic("o/one/p", "  /a: {get: {summary: A}}\n  /b: {get: {}}\n");
    let two = topic("o/two/p", "  /b: {get: {}}\n  /c: {get: {}}\n");
    let (output, _) = run(&[one, two], &Choices::new());
    let output = output.unwrap();
    assert_eq!(
        output.canonical.provenance().unwrap().further_sources,
        ["o/two/p"]
    );
    let sources: Vec<_> = output
        .report
        .endpoints
        .iter()
        .map(|endpoint| endpoint.sources.join(", "))
        .collect();
    expect![[r#"
        o/one/p openapi.md#/paths/~1a/get
        o/one/p openapi.md#/paths/~1b/get, o/two/p openapi.md#/paths/~1b/get
        o/two/p openapi.md#/paths/~1c/get"#]]
    .assert_eq(&sources.join("\n"));
}

/// Returns the chosen entry of the first endpoint, and the diagnostics about choices.
fn chosen(listings: &[FileSet], choices: &[(&str, &str)]) -> String {
    let choice = |file: &str| Choice {
        file: file.to_owned(),
        place: Location::line("gallery.toml", 1, 1),
    };
    let choices = choices
        .iter()
        .map(|(endpoint, file)| ((*endpoint).to_owned(), choice(file)))
        .collect();
    let (output, diagnostics) = run(listings, &choices);
    let mut result: Vec<String> = output
        .into_iter()
        .map(|output| output.report.endpoints[0].chosen.clone())
        .collect();
    result.extend(
        diagnostics
            .iter()
            .filter(|it| it.code.ends_with("-choice"))
            .map(ToString::to_string),
    );
    result.join("\n")
}

#[test]
fn a_choice_resolves_conflicting_duplicates() {
    let (ok, created) = (
        "  /a: {get: {responses: {200: {}}}}\n",
        "  /a: {get: {responses: {201: {}}}}\n",
    );
    let files = [listing(
        "o/r/p",
        &[("a-openapi.md", ok), ("b-openapi.md", created)],
    )];
    let check =
        |choices: &[(&str, &str)], expected: Expect| expected.assert_eq(&chosen(&files, choices));
    check(&[], expect!["a-openapi.md#/paths/~1a/get"]);
    check(
        &[("GET /a", "b-openapi.md")],
        expect!["b-openapi.md#/paths/~1a/get"],
    );
    check(
        &[("PUT /channels", "b-openapi.md")],
        expect![[r#"
            error[idle-choice]: the choice for `PUT /channels` matches no endpoint; remove it, or write the endpoint as names.toml does
              --> gallery.toml:1:1"#]],
    );
    check(
        &[("GET /a", "openapi.md")],
        expect![[r#"
            error[idle-choice]: the choice for `GET /a` names `openapi.md`, which does not exist or lacks the endpoint; choose one of `o/r/p/a-openapi.md`, `o/r/p/b-openapi.md` (`documents = "all"` fetches every document of an index)
              --> gallery.toml:1:1"#]],
    );
}

#[test]
fn a_choice_must_name_the_listing_if_several_have_the_file() {
    let of = |name: &str, status: &str| {
        let paths = format!("  /a: {{get: {{responses: {{{status}: {{}}}}}}}}\n");
        listing(name, &[("openapi.md", &paths)])
    };
    let (one, two) = (of("o/one/p", "200"), of("o/two/p", "201"));
    let both = [one.clone(), two.clone()];
    let check = |listings: &[FileSet], choices: &[(&str, &str)], expected: Expect| {
        expected.assert_eq(&chosen(listings, choices));
    };
    check(&both, &[], expect!["o/one/p openapi.md#/paths/~1a/get"]);
    // The first listing in the given order wins.
    check(
        &[two, one.clone()],
        &[],
        expect!["o/two/p openapi.md#/paths/~1a/get"],
    );
    check(
        &both,
        &[("GET /a", "o/two/p/openapi.md")],
        expect!["o/two/p openapi.md#/paths/~1a/get"],
    );
    check(
        &both,
        &[("GET /a", "openapi.md")],
        expect![[r#"
            error[idle-choice]: the choice for `GET /a` names `openapi.md`, which several sources have; choose one of `o/one/p/openapi.md`, `o/two/p/openapi.md`
              --> gallery.toml:1:1"#]],
    );
    // A choice between equal entries is obsolete.
    check(
        &[one, of("o/two/p", "200")],
        &[("GET /a", "openapi.md")],
        expect![[r#"
            o/one/p openapi.md#/paths/~1a/get
            warning[needless-choice]: the entries of `GET /a` agree; the choice has no effect and can be removed
              --> gallery.toml:1:1"#]],
    );
}

#[test]
fn a_broken_document_that_the_index_does_not_name_is_a_warning() {
    let paths = "  /a: {get: {responses: {200: {description: OK}}}}\n";
    let more = "  /b: {get: {responses: {200: {description: OK}}}}\n";
    let mut files = listing("o/r/p", &[("openapi.md", paths), ("more-openapi.md", more)]);
    let broken = RawFile::new("broken-openapi.md".to_owned(), b"not a document".to_vec());
    files.files.push(broken);
    let (output, diagnostics) = run(&[files], &Choices::new());
    assert_eq!(
        operations(&output.unwrap()),
        "get /a get_a []\nget /b get_b []\n"
    );
    let warnings: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
    expect![[r#"
        assumed[untyped-response]: the response 200 has no schema; assumed to be any content
          --> openapi.md#/paths/~1a/get/responses/200
        assumed[untyped-response]: the response 200 has no schema; assumed to be any content
          --> more-openapi.md#/paths/~1b/get/responses/200
        warning[not-swagger]: this is not a Swagger document; documents of a listing have `swagger: "2.0"`; the index does not name this file as a document, so it is not read
          --> broken-openapi.md#"#]].assert_eq(&warnings.join("\n"));
}

/// Returns a listing whose index has these slugs and base URLs, and whose documents have one
/// operation for each `(file, host, [slug])`.
fn served(index: &[(&str, &str)], documents: &[(&str, &str, &[&str])]) -> FileSet {
    let mut text = "name: P\napis:\n".to_owned();
    for (slug, url) in index {
        text.push_str(&format!(
            "- {{name: A, x-api-slug: {slug}, baseURL: '{url}'}}\n"
        ));
    }
    let mut files = vec![RawFile::new("apis.md", text)];
    for (file, host, slugs) in documents {
        let mut text = format!("swagger: '2.0'\nhost: '{host}'\nschemes: [http]\npaths:\n");
        for slug in *slugs {
            text.push_str(&format!(
                "  /{slug}: {{get: {{x-api-path-slug: {slug}}}}}\n"
            ));
        }
        files.push(RawFile::new(*file, text));
    }
    FileSet {
        name: "o/r/p".to_owned(),
        files,
    }
}

/// Returns the server of each path, and the warnings about servers and choices.
fn servers(listing: FileSet, choices: &[(&str, &str)]) -> String {
    let choice = |file: &str| Choice {
        file: file.to_owned(),
        place: Location::line("gallery.toml", 1, 1),
    };
    let choices: Choices = choices
        .iter()
        .map(|(endpoint, file)| ((*endpoint).to_owned(), choice(file)))
        .collect();
    let (output, diagnostics) = run(&[listing], &choices);
    let mut lines = Vec::new();
    if let Some(output) = output {
        let document: Value = serde_json::from_str(&output.canonical.render().unwrap()).unwrap();
        for (path, item) in document["paths"].as_object().unwrap() {
            let server = item["get"]["servers"]
                .get(0)
                .unwrap_or(&document["servers"][0]);
            lines.push(format!("{path} {}", server["url"].as_str().unwrap()));
        }
    }
    let is_shown = |code: &str| ["disputed-server", "idle-choice"].contains(&code);
    lines.extend(
        diagnostics
            .iter()
            .filter(|it| is_shown(it.code))
            .map(ToString::to_string),
    );
    lines.join("\n")
}

fn with_an_unrelated_base_url() -> FileSet {
    served(
        &[("a", "https://check.io//"), ("b", "https://p.io//")],
        &[
            ("a-openapi.md", "p.io", &["a"]),
            ("b-openapi.md", "p.io", &["b"]),
            ("openapi.md", "p.io", &["a", "b"]),
        ],
    )
}

#[test]
fn the_host_of_most_documents_and_entries_wins() {
    expect![[r#"
        /a https://p.io
        /b https://p.io
        warning[disputed-server]: index and documents name several servers for `GET /a`: `https://p.io` is used, which most entries and documents name, not `https://check.io`; write the server as the choice of an endpoint to select another
          --> a-openapi.md#/paths/~1a/get"#]]
    .assert_eq(&servers(with_an_unrelated_base_url(), &[]));
    // Documents of endpoints with another host do not contradict the index.
    let listing = served(
        &[("a", "https://files.io//"), ("b", "https://p.io//")],
        &[
            ("a-openapi.md", "files.io", &["a"]),
            ("b-openapi.md", "p.io", &["b", "a"]),
            ("openapi.md", "p.io", &["a", "b"]),
        ],
    );
    assert_eq!(
        servers(listing, &[]),
        "/a https://files.io\n/b https://p.io"
    );
}

#[test]
fn a_choice_selects_a_server() {
    let with = |server| servers(with_an_unrelated_base_url(), &[("GET /a", server)]);
    assert_eq!(
        with("https://check.io"),
        "/a https://check.io\n/b https://p.io"
    );
    assert_eq!(with("https://p.io/"), "/a https://p.io\n/b https://p.io");
    expect![[r#"
        error[idle-choice]: the choice for `GET /a` names `https://x.io`, which neither the index nor a document names for it; choose one of `https://check.io`, `https://p.io`
          --> gallery.toml:1:1"#]]
    .assert_eq(&with("https://x.io"));
}

#[test]
fn the_base_url_that_is_like_the_document_wins() {
    let listing = served(
        &[
            ("a", "https://old.io//v1"),
            ("a", "https://p.io//v1"),
            ("a", "https://p.io//"),
        ],
        &[("openapi.md", "p.io", &["a"])],
    );
    expect![[r#"
        /a https://p.io
        warning[disputed-server]: index and documents name several servers for `GET /a`: `https://p.io` is used, which most entries and documents name, not `https://old.io/v1` or `https://p.io/v1`; write the server as the choice of an endpoint to select another
          --> openapi.md#/paths/~1a/get"#]]
    .assert_eq(&servers(listing, &[]));
}

#[test]
fn an_endpoint_without_a_host_does_not_get_that_of_another_document() {
    let documents: &[(&str, &str, &[&str])] = &[
        ("b-openapi.md", "", &["b"]),
        ("openapi.md", "other.io", &["a", "b"]),
    ];
    let listing = served(&[("a", ":///"), ("b", ":///")], documents);
    assert_eq!(
        servers(listing, &[]),
        "/a https://{host}\n/b https://{host}"
    );
    // If all name the same host, it is that of the endpoint.
    let listing = served(
        &[("a", ":///"), ("b", "https://other.io")],
        &[
            ("b-openapi.md", "other.io", &["b"]),
            ("openapi.md", "other.io", &["a", "b"]),
        ],
    );
    assert_eq!(
        servers(listing, &[]),
        "/a https://other.io\n/b https://other.io"
    );
}
