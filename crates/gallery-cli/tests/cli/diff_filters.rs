//! `diff` with filters: differences that they hide are counted, and do not fail.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::drift::validate;
use crate::workspace::{Output, Workspace};

const BASE: &str = "openapi: 3.0.3
info: {title: T, version: '1'}
servers: [{url: 'https://a.example.org'}]
paths:
  /users/{id}:
    get:
      operationId: user
      summary: Returns a user
      parameters:
      - {in: path, name: id, required: true, schema: {type: string}}
      responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/User'}}}}}
  /teams:
    get:
      operationId: teams
      parameters:
      - {in: query, name: q, schema: {type: string}}
      responses: {}
components:
  schemas:
    User: {type: object, properties: {name: {type: string}}}
    Unused: {type: object, properties: {name: {type: string}}}
";

/// Changes the summary and the response of one path, a parameter of the other, the servers, and an
/// unused schema.
fn folder() -> Workspace {
    let folder = Workspace::empty();
    folder.write("base.yaml", BASE);
    let revision = BASE
        .replace("Returns a user", "Gets a user")
        .replace("{name: {type: string}}", "{name: {type: integer}}")
        .replace("name: q", "name: query")
        .replace("a.example.org", "b.example.org");
    folder.write("revision.yaml", revision);
    folder
}

fn diff(folder: &Workspace, args: &[&str]) -> Output {
    folder.gallery(&[&["diff", "base.yaml", "revision.yaml"], args].concat())
}

/// Checks the exit status, the tally, and the rule and the location of each shown difference.
fn check(args: &[&str], expected: Expect) {
    let output = diff(&folder(), &[args, &["--format", "json"]].concat());
    let report: Value =
        serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
    validate(include_str!("../../../../docs/drift.schema.json"), &report);
    let mut shown = format!(
        "exit {}, hidden {}\n",
        output.code.unwrap(),
        report["hidden"]
    );
    for change in report["changes"].as_array().unwrap() {
        let text = |key: &str| change[key].as_str().unwrap().to_owned();
        shown.push_str(&format!("{} {}\n", text("rule"), text("place")));
    }
    shown.push_str(&output.stderr);
    expected.assert_eq(&shown);
}

#[test]
fn shows_everything_by_default() {
    check(
        &[],
        expect![[r#"
            exit 4, hidden 0
            type-changed #components/schemas/User/properties/name/type
            server-changed #servers/https:~1~1a.example.org
            optional-parameter-removed GET /teams#parameters/query:q
            type-changed #components/schemas/Unused/properties/name/type
            optional-parameter-added GET /teams#parameters/query:query
            summary-changed GET /users/{id}#summary
        "#]],
    );
}

#[test]
fn filters_by_level() {
    check(
        &["--level", "wire"],
        expect![[r#"
        exit 4, hidden 3
        type-changed #components/schemas/User/properties/name/type
        server-changed #servers/https:~1~1a.example.org
        optional-parameter-removed GET /teams#parameters/query:q
    "#]],
    );
    check(
        &["--level", "source"],
        expect![[r#"
        exit 4, hidden 2
        type-changed #components/schemas/User/properties/name/type
        server-changed #servers/https:~1~1a.example.org
        optional-parameter-removed GET /teams#parameters/query:q
        type-changed #components/schemas/Unused/properties/name/type
    "#]],
    );
    check(
        &["--level", "docs"],
        expect![[r#"
            exit 4, hidden 0
            type-changed #components/schemas/User/properties/name/type
            server-changed #servers/https:~1~1a.example.org
            optional-parameter-removed GET /teams#parameters/query:q
            type-changed #components/schemas/Unused/properties/name/type
            optional-parameter-added GET /teams#parameters/query:query
            summary-changed GET /users/{id}#summary
        "#]],
    );
}

#[test]
fn excludes_severities_and_rules() {
    check(
        &["--exclude", "docs", "--exclude", "any"],
        expect![[r#"
        exit 4, hidden 2
        type-changed #components/schemas/User/properties/name/type
        server-changed #servers/https:~1~1a.example.org
        optional-parameter-removed GET /teams#parameters/query:q
        type-changed #components/schemas/Unused/properties/name/type
    "#]],
    );
    check(
        &["--exclude", "wire", "--exclude", "summary-changed"],
        expect![[r#"
            exit 0, hidden 4
            type-changed #components/schemas/Unused/properties/name/type
            optional-parameter-added GET /teams#parameters/query:query
        "#]],
    );
    let output = diff(&folder(), &["--exclude", "summary-change"]);
    expect![[r#"
        exit 2
        -- err --
        error: invalid value 'summary-change' for '--exclude <SEVERITY|RULE>': unknown rule `summary-change`; did you mean `summary-changed`?

        For more information, try '--help'.
    "#]].assert_eq(&output.shown());
}

#[test]
fn filters_by_path() {
    // The schema of users belongs to the path that uses it. The servers belong to all paths.
    check(
        &["--path", "/users/*"],
        expect![[r#"
            exit 4, hidden 3
            type-changed #components/schemas/User/properties/name/type
            server-changed #servers/https:~1~1a.example.org
            summary-changed GET /users/{id}#summary
        "#]],
    );
    check(
        &["--path", "/users/{userId}", "--path", "/teams"],
        expect![[r#"
            exit 4, hidden 1
            type-changed #components/schemas/User/properties/name/type
            server-changed #servers/https:~1~1a.example.org
            optional-parameter-removed GET /teams#parameters/query:q
            optional-parameter-added GET /teams#parameters/query:query
            summary-changed GET /users/{id}#summary
        "#]],
    );
    check(
        &["--exclude-path", "/users/**"],
        expect![[r#"
        exit 4, hidden 2
        server-changed #servers/https:~1~1a.example.org
        optional-parameter-removed GET /teams#parameters/query:q
        type-changed #components/schemas/Unused/properties/name/type
        optional-parameter-added GET /teams#parameters/query:query
    "#]],
    );
    check(
        &["--path", "/**", "--exclude-path", "/teams"],
        expect![[r#"
            exit 4, hidden 3
            type-changed #components/schemas/User/properties/name/type
            server-changed #servers/https:~1~1a.example.org
            summary-changed GET /users/{id}#summary
        "#]],
    );
}

#[test]
fn warns_about_patterns_that_match_nothing() {
    check(
        &["--path", "/user", "--exclude-path", "/\u{1b}K"],
        expect![[r#"
            exit 4, hidden 5
            server-changed #servers/https:~1~1a.example.org
            warning: --path /user matches no path of the compared documents
            warning: --exclude-path /\u{1b}K matches no path of the compared documents
        "#]],
    );
    let output = diff(&folder(), &["--path", "/a/["]);
    expect![[r#"
        exit 2
        -- err --
        error: invalid value '/a/[' for '--path <GLOB>': error parsing glob '/a/[': unclosed character class; missing ']'

        For more information, try '--help'.
    "#]].assert_eq(&output.shown());
}

#[test]
fn uses_the_severities_of_the_workspace() {
    let folder = folder();
    folder.write(
        "specs/gallery.toml",
        "[drift.severity]\nsummary-changed = \"wire\"\n",
    );
    let shown = diff(&folder, &["--level", "wire"]).stdout;
    assert!(shown.contains("summary-changed"), "{shown}");
}

#[test]
fn every_format_mentions_hidden_differences() {
    let folder = folder();
    for (format, mention) in [
        (
            "text",
            "no differences shown, 6 differences hidden by filters",
        ),
        ("json", "\"hidden\": 6"),
        (
            "markdown",
            "no differences shown, 6 differences hidden by filters",
        ),
        (
            "github",
            "compared: no differences shown, 6 differences hidden by filters",
        ),
        ("sarif", "\"hidden\": 6"),
        ("junit", "<property name=\"hidden\" value=\"6\"/>"),
        (
            "html",
            "no differences shown, 6 differences hidden by filters",
        ),
    ] {
        let args = [
            "--exclude=wire",
            "--exclude=source",
            "--exclude=docs",
            "--exclude=any",
        ];
        let output = diff(
            &folder,
            &[&args[..], &["--fail-on", "any", "--format", format]].concat(),
        );
        assert_eq!(output.code, Some(0), "{output:?}");
        assert!(output.stdout.contains(mention), "{format}: {output:?}");
        assert!(
            !output.stdout.contains("No differences.")
                && !output.stdout.contains("\"identical\": true"),
            "{format}: {output:?}"
        );
    }
}
