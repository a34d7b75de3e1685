//! `diff` of any two documents: files, listings and git revisions, and what it says of those that are none.

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
fn two_files() {
    let workspace = workspace(&BASE.replace("name: q", "name: query"));
    expect![[r#"
        exit 4
        -- out --
        base.yaml → revision.yaml
          2 differences; at worst wire risky, source breaking, docs

          GET /a/{}
            optional-parameter-removed  wire risky, source breaking, docs  fails
              at GET /a/{}#parameters/query:q
              a parameter that may be left out was removed (`{"in":"query","name":"q","schema":{"type":"string"}}` → nothing): calls with it are refused or answered as if it were not there, and the setter is gone
              revision.yaml:9:9  fingerprint ad1779379cc481b0
            optional-parameter-added  wire safe, source safe, docs
              at GET /a/{}#parameters/query:query
              a parameter that may be left out was added (nothing → `{"in":"query","name":"query","schema":{"type":"string"}}`): calls without it are as before, and the builder gets a setter
              revision.yaml:9:9  fingerprint b21839a4ab3942aa
    "#]].assert_eq(&diff(&workspace, "base.yaml", "revision.yaml", &[]).shown());
    assert_eq!(
        diff(&workspace, "base.yaml", "base.yaml", &["--fail-on", "any"]).code,
        Some(0)
    );
    let found = diff(
        &workspace,
        "base.yaml",
        "revision.yaml",
        &["--format", "json"],
    );
    validate(
        include_str!("../../../../docs/drift.schema.json"),
        &serde_json::from_str::<Value>(&found.stdout).unwrap(),
    );
}

#[test]
fn json_and_yaml_are_the_same() {
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
fn swagger_is_lifted_and_it_is_said_what_that_took() {
    let workspace = workspace(&SWAGGER.replace("getA", "readA"));
    workspace.write("base.yaml", SWAGGER);
    expect![[r#"
        exit 4
        -- out --
        base.yaml → revision.yaml
          base.yaml is Swagger 2.0, lifted to OpenAPI 3.0: repaired 1 dangling-reference, 1 optional-path-parameter; assumed 1 untyped-response
          base.yaml#/definitions: not compared: unknown key `definitions`; it is ignored
          revision.yaml is Swagger 2.0, lifted to OpenAPI 3.0: repaired 1 dangling-reference, 1 optional-path-parameter; assumed 1 untyped-response
          revision.yaml#/definitions: not compared: unknown key `definitions`; it is ignored
          1 difference; at worst wire none, source breaking, docs

          GET /a/{}
            operation-id-renamed  wire none, source breaking, docs  fails
              at GET /a/{}#operationId
              an operation has another id (`getA` → `readA`): the client's method and builder are called by it
              fingerprint a064a6d49c4e712b
    "#]].assert_eq(&diff(&workspace, "base.yaml", "revision.yaml", &[]).shown());
}

#[test]
fn listings_are_lifted_too() {
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
        ::error title=optional-parameter-removed%3A wire risky%2C source breaking::GET /channels/{}/members#parameters/query:page: a parameter that may be left out was removed (`{"description":"Number of the page","in":"query","name":"pag…` → nothing): calls with it are refused or answered as if it were not there, and the setter is gone (fingerprint 8a9d315686cd4cf5)
        ::error title=optional-parameter-removed%3A wire risky%2C source breaking::GET /teams/{}/members#parameters/query:page: a parameter that may be left out was removed (`{"description":"Number of the page","in":"query","name":"pag…` → nothing): calls with it are refused or answered as if it were not there, and the setter is gone (fingerprint f0e0082a507d48fe)
        ::notice title=optional-parameter-added%3A wire safe%2C source safe::GET /channels/{}/members#parameters/query:number: a parameter that may be left out was added (nothing → `{"description":"Number of the page","in":"query","name":"num…`): calls without it are as before, and the builder gets a setter (fingerprint 6987a884f29c090a)
        ::notice title=optional-parameter-added%3A wire safe%2C source safe::GET /teams/{}/members#parameters/query:number: a parameter that may be left out was added (nothing → `{"description":"Number of the page","in":"query","name":"num…`): calls without it are as before, and the builder gets a setter (fingerprint 092bd062076bbd4b)
        compared: 4 differences; wire risky, source breaking
    "#]].assert_eq(&output.shown());
}

#[test]
fn git_revisions() {
    let workspace = workspace(BASE);
    let Some(()) = under_git(&workspace) else {
        return;
    };
    workspace.write("base.yaml", BASE.replace("name: q", "name: query"));
    workspace.write("folder/apis.md", "name: P\napis: []\n");
    commit(&workspace.root());
    let rules = |base: &str, revision: &str| {
        let output = diff(&workspace, base, revision, &["--format", "json"]);
        let found: Value =
            serde_json::from_str(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        let rules = found["changes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|change| change["rule"].as_str().unwrap().to_owned());
        let comparison = &found["comparisons"][0];
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
    let refused = |base: &str, revision: &str, said: Expect| {
        said.assert_eq(&diff(&workspace, base, revision, &[]).shown());
    };
    refused(
        "git:HEAD",
        "git:HEAD~1",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD has no path, and neither has the other document; write git:HEAD:PATH
    "#]],
    );
    refused(
        "git:no-such",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git has no revision `no-such`; `git fetch origin no-such` may bring it, as a shallow clone has only one
    "#]],
    );
    refused(
        "git:HEAD:no-such.yaml",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD:no-such.yaml: the revision has nothing there
    "#]],
    );
    refused(
        "git:HEAD:folder",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD:folder: no document can be made of it
        error[no-endpoints]: the listing has no usable endpoint
          --> owner/repository/provider
    "#]],
    );
    refused(
        "git:HEAD:specs",
        "base.yaml",
        expect![[r#"
        exit 100
        -- err --
        error: git:HEAD:specs is a folder, and no listing: it has no `apis.md`; name a document, or the folder of a listing
    "#]],
    );
}

/// What is said of a document that cannot be compared, as base and as revision.
fn refused(text: impl AsRef<[u8]>, said: Expect) {
    let workspace = workspace(BASE);
    workspace.write("bad.yaml", text);
    let output = diff(&workspace, "base.yaml", "bad.yaml", &[]);
    said.assert_eq(&output.shown());
    assert_eq!(
        diff(&workspace, "bad.yaml", "base.yaml", &[]).shown(),
        output.shown()
    );
}

#[test]
fn what_is_no_document() {
    refused(
        "",
        expect![[r#"
        exit 100
        -- err --
        error: bad.yaml: the file is empty
    "#]],
    );
    refused(
        "just text\n",
        expect![[r#"
        exit 100
        -- err --
        error: an OpenAPI document is a map, and this is none
          --> bad.yaml:1:1
    "#]],
    );
    refused(
        "a: 1\n",
        expect![[r#"
        exit 100
        -- err --
        error: it is no OpenAPI document: `openapi`, which says the version, is missing
          --> bad.yaml:1:1
    "#]],
    );
    refused(
        "a: [\n",
        expect![[r#"
        exit 100
        -- err --
        error: invalid YAML: did not find expected node content
          --> bad.yaml:2:1
    "#]],
    );
    refused(
        b"openapi: 3.0.3 \xff\n",
        expect![[r#"
        exit 100
        -- err --
        error: bad.yaml: the file is not UTF-8 text: invalid byte at offset 15
    "#]],
    );
    refused(
        b"openapi: \0\n",
        expect![[r#"
        exit 100
        -- err --
        error: bad.yaml: the file is binary: NUL byte at offset 9
    "#]],
    );
}

#[test]
fn other_versions() {
    refused(
        "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n",
        expect![[r#"
        exit 100
        -- err --
        error: it is OpenAPI 3.1.0: only documents of OpenAPI 3.0 are compared
          --> bad.yaml:1:1#/openapi
    "#]],
    );
    refused(
        "swagger: '1.2'\n",
        expect![[r#"
            exit 100
            -- err --
            error: bad.yaml: no document can be made of it
            error[no-paths]: `paths` is missing or not a map
              --> bad.yaml
        "#]],
    );
    refused(
        "swagger: '2.0'\n",
        expect![[r#"
        exit 100
        -- err --
        error: bad.yaml: no document can be made of it
        error[no-paths]: `paths` is missing or not a map
          --> bad.yaml
    "#]],
    );
}

#[test]
fn references_that_lead_nowhere() {
    let with = |reference: &str| {
        BASE.replace(
            "{type: string}}\n      responses",
            &format!("{{$ref: '{reference}'}}}}\n      responses"),
        )
    };
    refused(
        with("#/components/schemas/A"),
        expect![[r#"
        exit 100
        -- err --
        error: `#/components/schemas/A` refers to nothing in this document: add what it names, or refer to what is there
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
    refused(
        with("other.yaml#/A"),
        expect![[r#"
        exit 100
        -- err --
        error: `other.yaml#/A` refers to another document: put what it names into this one, since one document is compared at a time
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
    refused(
        with("https://example.org/a.json"),
        expect![[r#"
        exit 100
        -- err --
        error: `https://example.org/a.json` refers to another document: put what it names into this one, since one document is compared at a time
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
    let cycle = format!(
        "{}components:\n  schemas:\n    A: {{$ref: '#/components/schemas/B'}}\n    B: {{$ref: '#/components/schemas/A'}}\n",
        with("#/components/schemas/A")
    );
    refused(
        cycle,
        expect![[r#"
        exit 100
        -- err --
        error: `#/components/schemas/B` refers to itself through other references: say what it is
          --> bad.yaml:13:9#/components/schemas/A/$ref
        `#/components/schemas/A` refers to itself through other references: say what it is
          --> bad.yaml:14:9#/components/schemas/B/$ref
        `#/components/schemas/A` refers to itself through other references: say what it is
          --> bad.yaml:9:39#/paths/~1a~1{id}/get/parameters/1/schema/$ref
    "#]],
    );
}

#[test]
fn cycles_through_properties_are_no_trouble() {
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
fn keys_that_are_there_twice() {
    refused(
        format!("{BASE}info: {{title: U, version: '1'}}\n"),
        expect![[r#"
        exit 100
        -- err --
        error: invalid YAML: duplicate entry with key "info"
          --> bad.yaml:1:1
    "#]],
    );
    refused(
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
fn a_file_of_50_mb() {
    refused(
        format!("{BASE}# {}\n", "x".repeat(50_000_000)),
        expect![[r#"
            exit 100
            -- err --
            error: bad.yaml: the file has 50000257 bytes; the limit is 33554432
        "#]],
    );
}

#[test]
fn what_is_nested_without_end() {
    refused(
        "[".repeat(100_000),
        expect![[r#"
            exit 100
            -- err --
            error: more than 1000 nested brackets; reduce the depth of the document
              --> bad.yaml:1:1001
        "#]],
    );
    let deep = format!("{}1{}", "{\"a\":".repeat(5_000), "}".repeat(5_000));
    refused(
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
fn what_is_not_there() {
    let workspace = workspace(BASE);
    expect![[r#"
        exit 100
        -- err --
        error: no-such.yaml: there is no such file
    "#]]
    .assert_eq(&diff(&workspace, "base.yaml", "no-such.yaml", &[]).shown());
    expect![[r#"
        exit 100
        -- err --
        error: specs is a folder, and no listing: it has no `apis.md`; name a document, or the folder of a listing
    "#]]
    .assert_eq(&diff(&workspace, "base.yaml", "specs", &[]).shown());
}

#[test]
fn the_workspace_around_says_what_rules_weigh() {
    let workspace = workspace(&BASE.replace("name: q", "name: query"));
    let severity = |text: &str| {
        workspace.write("specs/gallery.toml", format!("[drift.severity]\n{text}\n"));
        diff(&workspace, "base.yaml", "revision.yaml", &[])
    };
    assert_eq!(
        severity("optional-parameter-removed = \"docs\"").code,
        Some(0)
    );
    assert_eq!(
        severity("optional-parameter-added = \"wire\"\noptional-parameter-removed = \"docs\"").code,
        Some(4)
    );
    let wrong = severity("optional-parameter-gone = \"docs\"");
    assert_eq!(wrong.code, Some(100));
    assert!(
        wrong
            .stderr
            .contains("did you mean `optional-parameter-added`?"),
        "{wrong:?}"
    );
}
