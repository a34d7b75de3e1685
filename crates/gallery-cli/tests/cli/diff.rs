//! `diff` of two documents: files, listings and git revisions. Also tests the errors for documents
//! that cannot be compared.

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::drift::{commit, under_git, validate};
use crate::workspace::{LISTING, Output, Workspace};

const BASE: &str = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a/{id}:
    get:
      operationId: a
      parameters:
      - {in: path, name: id, required: true, schema: {type: string}}
      - {in: query, name: q, schema: {type: string}}
      responses: {}
";

fn workspace(revision: &str) -> Workspace {
    let workspace = Workspace::empty();
    workspace.write("specs/gallery.toml", "");
    workspace.write("base.yaml", BASE);
    workspace.write("revision.yaml", revision);
    workspace
}

fn diff(workspace: &Workspace, base: &str, revision: &str, args: &[&str]) -> Output {
    workspace.gallery(&[&["diff", base, revision], args].concat())
}

#[test]
fn compares_two_files() {
    let workspace = workspace(&BASE.replace("name: q", "name: query"));
    expect![[r#"
        exit 4
        -- out --
        base.yaml → revision.yaml
          2 differences
          wire: 1 risky, 1 safe; source: 1 breaking, 1 safe; docs: 2

          GET /a/{id}
            optional-parameter-removed  wire risky, source breaking, docs  fails
              at GET /a/{id}#parameters/query:q
              removed the optional query parameter `q` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone
              revision.yaml:9:9  fingerprint ad1779379cc481b0
            optional-parameter-added  wire safe, source safe, docs
              at GET /a/{id}#parameters/query:query
              added the optional query parameter `query` (`{"type":"string"}`): calls without it still work; the builder gets a setter
              revision.yaml:9:9  fingerprint b21839a4ab3942aa
    "#]].assert_eq(&diff(&workspace, "base.yaml", "revision.yaml", &[]).shown());
    assert_eq!(
        diff(&workspace, "base.yaml", "base.yaml", &["--fail-on", "any"]).code,
        Some(0)
    );
    let output = diff(
        &workspace,
        "base.yaml",
        "revision.yaml",
        &["--format", "json"],
    );
    validate(
        include_str!("../../../../docs/drift.schema.json"),
        &serde_json::from_str::<Value>(&output.stdout).unwrap(),
    );
}

#[test]
fn json_and_yaml_documents_can_be_equal() {
    let json = r#"{"openapi": "3.0.3", "info": {"version": "1", "title": "T\u00e9"}, "paths": {}}"#;
    let workspace = workspace("openapi: 3.0.3\ninfo: {title: Té, version: '1'}\npaths: {}\n");
    workspace.write("base.json", json);
    assert_eq!(
        diff(
            &workspace,
            "base.json",
            "revision.yaml",
            &["--fail-on", "any"]
        )
        .code,
        Some(0)
    );
}

const SWAGGER: &str = "swagger: '2.0'
info: {title: T, version: '1'}
host: api.example.org
paths:
  /a/{id}:
    get:
      operationId: getA
      parameters:
      - {in: path, name: id, type: string}
      responses: {200: {description: OK, schema: {$ref: '#/definitions/A'}}}
definitions: {A: {type: object}}
";

#[test]
fn converts_swagger_and_reports_the_repairs() {
    let workspace = workspace(&SWAGGER.replace("getA", "readA"));
    workspace.write("base.yaml", SWAGGER);
    expect![[r#"
        exit 0
        -- out --
        base.yaml → revision.yaml
          base.yaml: converted from OpenAPI 2.0 to OpenAPI 3.0: repaired nothing; assumed nothing
          revision.yaml: converted from OpenAPI 2.0 to OpenAPI 3.0: repaired nothing; assumed nothing
          1 difference
          wire: 1 none; source: 1 breaking; docs: 1

          GET /a/{id}
            operation-id-renamed  wire none, source breaking, docs
              at GET /a/{id}#operationId
              changed the id of the operation `GET /a/{id}` (`getA` → `readA`): requests and responses are the same; the client's method and builder are named after it
              fingerprint a064a6d49c4e712b
    "#]].assert_eq(&diff(&workspace, "base.yaml", "revision.yaml", &[]).shown());
}

/// OpenAPI 3.0 has no method `query`.
const WITH_QUERY: &str = "openapi: 3.2.0
info: {title: T, version: '1'}
paths:
  /a:
    get: {responses: {'200': {description: OK}}}
    query: {responses: {'200': {description: OK}}}
";

#[test]
fn parts_that_were_not_compared_do_not_look_equal() {
    let document = WITH_QUERY;
    let workspace = workspace(document);
    workspace.write("base.yaml", document);
    let diff = |args: &[&str]| diff(&workspace, "base.yaml", "revision.yaml", args);
    assert_eq!(diff(&[]).code, Some(0));
    let failing = |format| diff(&["--fail-on", "any", "--format", format]);
    let text = failing("text");
    assert_eq!(text.code, Some(4));
    assert!(text.stdout.contains("no differences in the compared parts"));
    let json: Value = serde_json::from_str(&failing("json").stdout).unwrap();
    validate(include_str!("../../../../docs/drift.schema.json"), &json);
    assert_eq!(
        (&json["identical"], &json["fails"]),
        (&false.into(), &true.into())
    );
    assert_eq!(
        json["comparisons"][0]["not_compared"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let markdown = failing("markdown").stdout;
    assert!(!markdown.contains("No differences.") && markdown.contains("### Not compared"));
    let github = failing("github").stdout;
    assert!(
        github.contains("::error title=not compared::base.yaml#/paths/~1a/query"),
        "{github}"
    );
    let sarif: Value = serde_json::from_str(&failing("sarif").stdout).unwrap();
    let run = &sarif["runs"][0];
    assert_eq!(run["results"][0]["ruleId"], "not-compared");
    assert_eq!(run["invocations"][0]["executionSuccessful"], false);
    assert_eq!(run["properties"]["identical"], false);
    let junit = failing("junit").stdout;
    let report = quick_junit::Report::deserialize_from_str(&junit).unwrap();
    assert_eq!((report.tests, report.failures), (2, 2), "{junit}");
    assert!(
        junit.contains(r#"<property name="identical" value="false"/>"#),
        "{junit}"
    );
    let html = failing("html").stdout;
    assert!(
        !html.contains("No differences.") && html.contains("<h3>Not compared</h3>"),
        "{html}"
    );
    // Without `--fail-on any`, they are not a success either.
    let junit = diff(&["--format", "junit"]).stdout;
    let report = quick_junit::Report::deserialize_from_str(&junit).unwrap();
    assert_eq!((report.tests, report.skipped), (2, 2), "{junit}");
}

#[test]
fn only_breaking_calls_fail_by_default() {
    let workspace = workspace(&BASE.replace("operationId: a", "operationId: b"));
    let code = |args: &[&str]| diff(&workspace, "base.yaml", "revision.yaml", args).code;
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--fail-on", "source"]), Some(4));
}

#[test]
fn converts_listings() {
    let workspace = Workspace::fresh();
    workspace.write(
        "other/apis.md",
        workspace.read(&format!("{LISTING}/apis.md")),
    );
    let text = workspace
        .read(&format!("{LISTING}/openapi.md"))
        .replace("name: page\n", "name: number\n");
    workspace.write("other/openapi.md", text);
    let output = diff(&workspace, LISTING, "other", &["--format", "github"]);
    expect![[r#"
        exit 4
        -- out --
        ::error title=optional-parameter-removed%3A wire risky%2C source breaking::GET /channels/{channel_id}/members#parameters/query:page: removed the optional query parameter `page` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone (fingerprint 8a9d315686cd4cf5)
        ::error title=optional-parameter-removed%3A wire risky%2C source breaking::GET /teams/{team_id}/members#parameters/query:page: removed the optional query parameter `page` (`{"type":"string"}`): the server may reject or ignore it; stop sending it; its setter is gone (fingerprint f0e0082a507d48fe)
        ::notice title=optional-parameter-added%3A wire safe%2C source safe::GET /channels/{channel_id}/members#parameters/query:number: added the optional query parameter `number` (`{"type":"string"}`): calls without it still work; the builder gets a setter (fingerprint 6987a884f29c090a)
        ::notice title=optional-parameter-added%3A wire safe%2C source safe::GET /teams/{team_id}/members#parameters/query:number: added the optional query parameter `number` (`{"type":"string"}`): calls without it still work; the builder gets a setter (fingerprint 092bd062076bbd4b)
        compared: 4 differences; wire: 2 risky, 2 safe; source: 2 breaking, 2 safe; docs: 4
    "#]].assert_eq(&output.shown());
}

#[test]
fn compares_git_revisions() {
    let workspace = workspace(BASE);
    let Some(()) = under_git(&workspace) else {
        return;
    };
    workspace.write("base.yaml", BASE.replace("name: q", "name: query"));
    commit(&workspace.root());
    let rules = |base: &str, revision: &str| {
        let output = diff(&workspace, base, revision, &["--format", "json"]);
        let report: Value =
            serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        let rules = report["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["rule"].as_str().unwrap().to_owned());
        let comparison = &report["comparisons"][0];
        format!(
            "{} {}: {}",
            comparison["base"],
            comparison["revision"],
            rules.collect::<Vec<_>>().join(" ")
        )
    };
    expect![[
        r#""git:HEAD~1:base.yaml" "base.yaml": optional-parameter-removed optional-parameter-added"#
    ]]
    .assert_eq(&rules("git:HEAD~1", "base.yaml"));
    expect![[
        r#""base.yaml" "git:HEAD~1:base.yaml": optional-parameter-removed optional-parameter-added"#
    ]]
    .assert_eq(&rules("base.yaml", "git:HEAD~1"));
    expect![[r#""git:HEAD~1:base.yaml" "git:HEAD:base.yaml": optional-parameter-removed optional-parameter-added"#]]
        .assert_eq(&rules("git:HEAD~1", "git:HEAD:base.yaml"));
    expect![[r#""git:HEAD:base.yaml" "git:HEAD:revision.yaml": optional-parameter-removed optional-parameter-added"#]]
        .assert_eq(&rules("git:HEAD:base.yaml", "git:HEAD:revision.yaml"));
}

#[test]
fn rejects_invalid_git_revisions() {
    let workspace = workspace(BASE);
    let Some(()) = under_git(&workspace) else {
        return;
    };
    workspace.write("folder/apis.md", "name: P\napis: []\n");
    commit(&workspace.root());
    let assert_revision_rejected = |base: &str, revision: &str, expected: Expect| {
        expected.assert_eq(&diff(&workspace, base, revision, &[]).shown());
    };
    assert_revision_rejected(
        "git:HEAD",
        "git:HEAD~1",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD needs a path, because the other document has none; use git:HEAD:PATH
    "#]],
    );
    assert_revision_rejected(
        "git:no-such",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git has no revision `no-such`; in a shallow clone, `git fetch origin no-such` may add it
    "#]],
    );
    assert_revision_rejected(
        "git:HEAD:no-such.yaml",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD:no-such.yaml: path not found in the revision
    "#]],
    );
    assert_revision_rejected(
        "git:HEAD:folder",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD:folder: cannot convert the document to OpenAPI 3.0
        error[no-endpoints]: the listing has no usable endpoint
          --> owner/repository/provider
    "#]],
    );
    assert_revision_rejected(
        "git:HEAD:specs",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD:specs is not a listing: the directory has no `apis.md`; use a document or the directory of a listing
    "#]],
    );
}

/// Checks that a document is rejected with this output, both as the base and as the revision.
fn assert_rejected(text: impl AsRef<[u8]>, expected: Expect) {
    let workspace = workspace(BASE);
    workspace.write("bad.yaml", text);
    let output = diff(&workspace, "base.yaml", "bad.yaml", &[]);
    expected.assert_eq(&output.shown());
    assert_eq!(
        diff(&workspace, "bad.yaml", "base.yaml", &[]).shown(),
        output.shown()
    );
}

#[test]
fn rejects_files_that_are_not_openapi_documents() {
    assert_rejected(
        "",
        expect![[r#"
        exit 100
        -- err --
        error: bad.yaml: the file is empty
    "#]],
    );
    assert_rejected(
        "just text\n",
        expect![[r#"
        exit 100
        -- err --
        error: an OpenAPI document must be a map
          --> bad.yaml:1:1
    "#]],
    );
    assert_rejected(
        "a: 1\n",
        expect![[r#"
        exit 100
        -- err --
        error: not an OpenAPI document: `openapi` is missing
          --> bad.yaml:1:1
    "#]],
    );
    assert_rejected(
        "a: [\n",
        expect![[r#"
        exit 100
        -- err --
        error: invalid YAML: did not find expected node content
          --> bad.yaml:2:1
    "#]],
    );
    assert_rejected(
        b"openapi: 3.0.3 \xff\n",
        expect![[r#"
            exit 100
            -- err --
            error: the file is not UTF-8 text: invalid byte at offset 15
              --> bad.yaml:1:16
        "#]],
    );
    assert_rejected(
        b"openapi: \0\n",
        expect![[r#"
            exit 100
            -- err --
            error: the file is binary: NUL byte at offset 9
              --> bad.yaml:1:10
        "#]],
    );
}

#[test]
fn rejects_other_openapi_versions() {
    assert_rejected(
        "openapi: 4.0.0\ninfo: {title: T, version: '1'}\n",
        expect![[r#"
            exit 100
            -- err --
            error: unsupported version OpenAPI 4.0.0: only OpenAPI 3.0 documents can be compared
              --> bad.yaml:1:1#/openapi
        "#]],
    );
    assert_rejected(
        "swagger: '1.2'\n",
        expect![[r#"
            exit 100
            -- err --
            error: unsupported version Swagger 1.2: convert the document to OpenAPI 3.0 first
              --> bad.yaml:1:1#/swagger
        "#]],
    );
    assert_rejected(
        "swagger: '2.0'\n",
        expect![[r#"
        exit 100
        -- err --
        error: `paths` is missing or not a map
          --> bad.yaml#/paths
    "#]],
    );
    assert_rejected(
        "openapi: 3.1.0\n",
        expect![[r#"
        exit 100
        -- err --
        error: `paths` is missing or not a map
          --> bad.yaml#/paths
    "#]],
    );
}

#[test]
fn rejects_unresolvable_references() {
    let with_reference = |reference: &str| {
        BASE.replace(
            "{type: string}}\n      responses",
            &format!("{{$ref: '{reference}'}}}}\n      responses"),
        )
    };
    assert_rejected(
        with_reference("#/components/schemas/A"),
        expect![[r#"
        exit 100
        -- err --
        error: `#/components/schemas/A` does not exist in this document
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
    assert_rejected(
        with_reference("other.yaml#/A"),
        expect![[r#"
        exit 100
        -- err --
        error: `other.yaml#/A` refers to another document: move its target into this document
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
    assert_rejected(
        with_reference("https://example.org/a.json"),
        expect![[r#"
        exit 100
        -- err --
        error: `https://example.org/a.json` refers to another document: move its target into this document
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
    let cycle = format!(
        "{}components:\n  schemas:\n    A: {{$ref: '#/components/schemas/B'}}\n    B: {{$ref: '#/components/schemas/A'}}\n",
        with_reference("#/components/schemas/A")
    );
    assert_rejected(
        cycle,
        expect![[r#"
        exit 100
        -- err --
        error: `#/components/schemas/B` is a chain of references that never reaches a value
          --> bad.yaml:13:9#/components/schemas/A/$ref
        `#/components/schemas/A` is a chain of references that never reaches a value
          --> bad.yaml:14:9#/components/schemas/B/$ref
        `#/components/schemas/A` is a chain of references that never reaches a value
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
}

#[test]
fn accepts_cycles_through_properties() {
    let cycle = format!(
        "{BASE}components:\n  schemas:\n    A: {{type: object, properties: {{a: {{$ref: '#/components/schemas/A'}}}}}}\n"
    );
    let workspace = workspace(&cycle.replace(
        "q, schema: {type: string}",
        "q, schema: {$ref: '#/components/schemas/A'}",
    ));
    workspace.write("base.yaml", cycle);
    assert_eq!(
        diff(&workspace, "base.yaml", "revision.yaml", &[]).code,
        Some(4)
    );
}

#[test]
fn rejects_duplicate_keys() {
    assert_rejected(
        format!("{BASE}info: {{title: U, version: '1'}}\n"),
        expect![[r#"
        exit 100
        -- err --
        error: invalid YAML: duplicate entry with key "info"
          --> bad.yaml:1:1
    "#]],
    );
    assert_rejected(
        r#"{"openapi": "3.0.3", "paths": {}, "paths": {}}"#,
        expect![[r#"
            exit 100
            -- err --
            error: duplicate key `paths`: keep one of them
              --> bad.yaml:1:46
        "#]],
    );
}

#[test]
fn rejects_a_file_of_50_mb() {
    assert_rejected(
        format!("{BASE}# {}\n", "x".repeat(50_000_000)),
        expect![[r#"
            exit 100
            -- err --
            error: bad.yaml: the file has 50000257 bytes; the limit is 33554432
        "#]],
    );
}

#[test]
fn rejects_deep_nesting() {
    assert_rejected(
        "[".repeat(100_000),
        expect![[r#"
            exit 100
            -- err --
            error: more than 1000 nested brackets; reduce the depth of the document
              --> bad.yaml:1:1001
        "#]],
    );
    let deep = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    assert_rejected(
        format!("{{\"openapi\":\"3.0.3\",\"paths\":{{}},\"x-a\":{deep}}}"),
        expect![[r#"
            exit 100
            -- err --
            error: more than 1000 nested brackets; reduce the depth of the document
              --> bad.yaml:1:5032
        "#]],
    );
}

#[test]
fn rejects_missing_files_and_folders_without_a_listing() {
    let workspace = workspace(BASE);
    expect![[r#"
        exit 100
        -- err --
        error: no-such.yaml: file not found
    "#]]
    .assert_eq(&diff(&workspace, "base.yaml", "no-such.yaml", &[]).shown());
    expect![[r#"
        exit 100
        -- err --
        error: specs is not a listing: the directory has no `apis.md`; use a document or the directory of a listing
    "#]]
    .assert_eq(&diff(&workspace, "base.yaml", "specs", &[]).shown());
}

#[test]
fn uses_the_severities_of_the_workspace() {
    let workspace = workspace(&BASE.replace("name: q", "name: query"));
    let diff_with_severity = |text: &str| {
        workspace.write("specs/gallery.toml", format!("[drift.severity]\n{text}\n"));
        diff(&workspace, "base.yaml", "revision.yaml", &[])
    };
    assert_eq!(
        diff_with_severity("optional-parameter-removed = \"docs\"").code,
        Some(0)
    );
    assert_eq!(
        diff_with_severity(
            "optional-parameter-added = \"wire\"\noptional-parameter-removed = \"docs\""
        )
        .code,
        Some(4)
    );
    let output = diff_with_severity("optional-parameter-gone = \"docs\"");
    assert_eq!(output.code, Some(100));
    assert!(
        output
            .stderr
            .contains("did you mean `optional-parameter-added`?"),
        "{output:?}"
    );
}
