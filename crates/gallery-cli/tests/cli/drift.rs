//! `drift` against folders and git revisions: differences, output formats and exit statuses.
//! `drift` does not change any file.

use std::path::Path;
use std::process::Command;

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::mirror::mirror;
use crate::workspace::{LISTING, OVERLAY, Output, Workspace, skipped};

/// Path of the folder with the upstream listing, from the root.
pub(crate) const UPSTREAM: &str = "theirs";

/// Creates a workspace whose snapshot has only the needed documents. [`UPSTREAM`] has a copy of the
/// listing, with `change` applied to its files.
pub(crate) fn with_upstream(change: impl Fn(&str) -> String) -> Workspace {
    let workspace = Workspace::generated();
    workspace.replace("specs/gallery.toml", "documents = \"all\"\n", "");
    for name in ["apis.md", "openapi.md"] {
        let text = workspace.read(&format!("{LISTING}/{name}"));
        workspace.write(&format!("{UPSTREAM}/{name}"), change(&text));
    }
    workspace
}

/// Changes a description of the listing.
pub(crate) fn reworded(text: &str) -> String {
    text.replace(
        "One page of the members of a team",
        "A page of the members of a team",
    )
}

/// Removes the role-update endpoint from the listing.
pub(crate) fn without_roles(text: &str) -> String {
    let (separator, is_removed): (&str, fn(&str) -> bool) = if text.contains("\napis:\n") {
        ("\n- name: ", |part| part.contains("idroles-put"))
    } else {
        ("\n  /", |part| {
            part.starts_with("teams/{team_id}/members/{user_id}/roles")
        })
    };
    let parts: Vec<&str> = text
        .split(separator)
        .filter(|part| !is_removed(part))
        .collect();
    parts.join(separator)
}

fn drift(workspace: &Workspace, args: &[&str]) -> Output {
    let before = workspace.tree();
    let output = workspace.gallery(
        &[
            &["drift", "--against", UPSTREAM, "--today", "2026-06-01"],
            args,
        ]
        .concat(),
    );
    assert!(workspace.tree() == before, "drift must not change files");
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap()
}

/// Asserts that a document matches a JSON schema.
pub(crate) fn validate(schema: &str, document: &Value) {
    const URL: &str = "https://schemas.test/schema.json";
    let mut compiler = boon::Compiler::new();
    compiler.enable_format_assertions();
    let schema = serde_json::from_str(schema).unwrap();
    compiler.add_resource(URL, schema).unwrap();
    let mut schemas = boon::Schemas::new();
    let index = compiler.compile(URL, &mut schemas).unwrap();
    if let Err(error) = schemas.validate(document, index) {
        panic!("{error:#}");
    }
}

const DRIFT_SCHEMA: &str = include_str!("../../../../docs/drift.schema.json");
const SARIF_SCHEMA: &str = include_str!("sarif.schema.json");

#[test]
fn reports_an_identical_upstream() {
    let workspace = with_upstream(str::to_owned);
    expect![[r#"
        exit 0
        -- out --
        mattermost: specs/mattermost/openapi.json → theirs
          no differences
    "#]]
    .assert_eq(&drift(&workspace, &["--fail-on", "any"]).shown());
    expect![[r#"
        exit 0
        -- out --
        No differences.

        | | over the wire | in source | docs | | next version |
        |---|---|---|---|---|---|
        | `mattermost` | 0 | 0 | 0 | no differences | 0.1.0 stays |
    "#]]
    .assert_eq(&drift(&workspace, &["--format", "markdown"]).shown());
    let report = json(&drift(&workspace, &["--format", "json"]));
    validate(DRIFT_SCHEMA, &report);
    assert_eq!(
        (&report["identical"], &report["wire"], &report["docs"]),
        (&true.into(), &"none".into(), &false.into())
    );
    validate(
        SARIF_SCHEMA,
        &json(&drift(&workspace, &["--format", "sarif"])),
    );
}

#[test]
fn reports_a_removed_endpoint_and_the_overlay_actions_that_match_nothing() {
    let workspace = with_upstream(|text| without_roles(&reworded(text)));
    expect![[r#"
        exit 4
        -- out --
        mattermost: specs/mattermost/openapi.json → theirs
          2 differences
          wire: 1 breaking, 1 none; source: 1 breaking, 1 none; docs: 2

          PUT /teams/{team_id}/members/{user_id}/roles
            endpoint-removed  wire breaking, source breaking, docs  fails
              at PUT /teams/{team_id}/members/{user_id}/roles
              removed the endpoint `PUT /teams/{team_id}/members/{user_id}/roles`: the server rejects calls to it; stop calling it; the client loses the method
              specs/mattermost/openapi.json:441:7  fingerprint 0cef81e11c985b6f

          GET /teams/{team_id}/members
            description-changed  wire none, source none, docs
              at GET /teams/{team_id}/members#description
              changed the description of the operation `GET /teams/{team_id}/members` (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): check it for requirements that the schema does not express
              specs/mattermost/openapi.json:235:9  fingerprint b0c676b47f865f97

          matches nothing upstream
            `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
              specs/mattermost/overlay.yaml:58:5
            `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
              specs/mattermost/overlay.yaml:79:5

          gallery-mattermost goes from 0.1.0 to 0.2.0
            ## 0.2.0

            ### Removed

            - **Breaking, over the wire and in source:** `PUT /teams/{team_id}/members/{user_id}/roles`: removed the endpoint `PUT /teams/{team_id}/members/{user_id}/roles`: the server rejects calls to it; stop calling it; the client loses the method.
    "#]].assert_eq(&drift(&workspace, &[]).shown());
}

#[test]
fn reports_differences_as_markdown_annotations_json_and_sarif() {
    let workspace = with_upstream(|text| without_roles(&reworded(text)));
    expect![[r#"
        exit 4
        -- out --
        | | over the wire | in source | docs | | next version |
        |---|---|---|---|---|---|
        | `mattermost` | **1 breaking, 1 none** | **1 breaking, 1 none** | 2 | 2 differences, **2 overlay actions or choices match nothing** | 0.1.0 → 0.2.0 (minor) |

        ## `mattermost`

        From `specs/mattermost/openapi.json` to `theirs`.

        | over the wire | in source | location | difference |
        |---|---|---|---|
        | **breaking** | **breaking** | `PUT /teams/{team_id}/members/{user_id}/roles` | `endpoint-removed`: removed the endpoint `PUT /teams/{team_id}/members/{user_id}/roles`: the server rejects calls to it; stop calling it; the client loses the method (`0cef81e11c985b6f`) |

        ### Matches nothing upstream

        - `specs/mattermost/overlay.yaml:58:5`: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        - `specs/mattermost/overlay.yaml:79:5`: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`

        <details><summary>1 difference in documentation only</summary>

        | location | difference |
        |---|---|
        | `GET /teams/{team_id}/members#description` | `description-changed`: changed the description of the operation `GET /teams/{team_id}/members` (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): check it for requirements that the schema does not express |

        </details>

        <details><summary>Changelog entry</summary>

        ```markdown
        ## 0.2.0

        ### Removed

        - **Breaking, over the wire and in source:** `PUT /teams/{team_id}/members/{user_id}/roles`: removed the endpoint `PUT /teams/{team_id}/members/{user_id}/roles`: the server rejects calls to it; stop calling it; the client loses the method.
        ```

        </details>
    "#]].assert_eq(&drift(&workspace, &["--format", "markdown"]).shown());
    expect![[r#"
        exit 4
        -- out --
        ::error file=specs/mattermost/openapi.json,line=441,col=7,title=endpoint-removed%3A wire breaking%2C source breaking::PUT /teams/{team_id}/members/{user_id}/roles: removed the endpoint `PUT /teams/{team_id}/members/{user_id}/roles`: the server rejects calls to it; stop calling it; the client loses the method (fingerprint 0cef81e11c985b6f)
        ::notice file=specs/mattermost/openapi.json,line=235,col=9,title=description-changed%3A wire none%2C source none::GET /teams/{team_id}/members#description: changed the description of the operation `GET /teams/{team_id}/members` (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): check it for requirements that the schema does not express (fingerprint b0c676b47f865f97)
        ::error file=specs/mattermost/overlay.yaml,line=58,col=5,title=matches nothing upstream::`$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        ::error file=specs/mattermost/overlay.yaml,line=79,col=5,title=matches nothing upstream::`$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        compared mattermost: 2 differences; wire: 1 breaking, 1 none; source: 1 breaking, 1 none; docs: 2
    "#]].assert_eq(&drift(&workspace, &["--format", "github"]).shown());

    let report = json(&drift(&workspace, &["--format", "json"]));
    validate(DRIFT_SCHEMA, &report);
    let top = ["wire", "source", "docs", "identical", "fails"]
        .map(|key| report[key].to_string())
        .join(" ");
    assert_eq!(top, r#""breaking" "breaking" true false true"#);
    let changes = report["changes"].as_array().unwrap();
    assert_eq!(changes[0]["rule"], "endpoint-removed");
    assert_eq!(changes[0]["base"]["file"], "specs/mattermost/openapi.json");
    let line = changes[0]["base"]["line"].as_u64().unwrap();
    let document = workspace.read("specs/mattermost/openapi.json");
    assert_eq!(
        document.lines().nth(line as usize - 1).unwrap().trim(),
        "\"put\": {"
    );
    assert!(changes[0]["before"].is_object() || changes[0]["before"].is_string());
    assert!(changes[0].get("after").is_none());
    assert_eq!(report["comparisons"][0]["advice"]["next"], "0.2.0");

    let sarif = json(&drift(&workspace, &["--format", "sarif"]));
    validate(SARIF_SCHEMA, &sarif);
    let run = &sarif["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}

#[test]
fn fail_on_selects_the_differences_that_fail() {
    let exit_codes = |workspace: &Workspace| {
        ["wire", "source", "docs", "any", "never"]
            .map(|level| drift(workspace, &["--fail-on", level]).code.unwrap())
    };
    assert_eq!(exit_codes(&with_upstream(reworded)), [0, 0, 4, 4, 0]);
    assert_eq!(exit_codes(&with_upstream(without_roles)), [4, 4, 4, 4, 0]);
    // Renaming a path parameter changes neither the URL nor calls of the client.
    let renamed = with_upstream(|text| text.replace("channel_id", "channel"));
    renamed.remove(OVERLAY);
    let report = json(&drift(&renamed, &["--format", "json", "--fail-on", "wire"]));
    assert_eq!(
        (&report["wire"], &report["source"]),
        (&"none".into(), &"none".into())
    );
}

#[test]
fn the_config_sets_the_severity_of_a_rule() {
    let workspace = with_upstream(reworded);
    workspace.write(
        "specs/gallery.toml",
        format!(
            "{}\n[drift.severity]\ndescription-changed = \"wire\"\n",
            workspace.read("specs/gallery.toml")
        ),
    );
    assert_eq!(drift(&workspace, &[]).code, Some(4));
    workspace.replace("specs/gallery.toml", "\"wire\"", "\"never\"");
    assert_eq!(drift(&workspace, &["--fail-on", "any"]).code, Some(0));
    workspace.replace(
        "specs/gallery.toml",
        "description-changed",
        "description-change",
    );
    expect![[r#"
        exit 100
        -- err --
        error: unknown rule `description-change`; did you mean `description-changed`?
          --> specs/gallery.toml:24:1
    "#]]
    .assert_eq(&drift(&workspace, &[]).shown());
}

#[test]
fn colors_the_output_only_on_request_without_a_terminal() {
    let workspace = with_upstream(reworded);
    let escapes = |args: &[&str]| drift(&workspace, args).stdout.matches('\u{1b}').count();
    assert_eq!(escapes(&[]), 0);
    assert_eq!(escapes(&["--color", "never"]), 0);
    assert!(escapes(&["--color", "always"]) > 10);
}

/// Returns the fingerprint of the first difference with this rule.
fn fingerprint(workspace: &Workspace, rule: &str) -> String {
    let report = json(&drift(workspace, &["--format", "json"]));
    let change = report["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["rule"] == rule)
        .unwrap()
        .clone();
    change["fingerprint"].as_str().unwrap().to_owned()
}

fn approve(workspace: &Workspace, args: &[&str]) -> Output {
    workspace.gallery(
        &[
            &[
                "drift",
                "approve",
                "--against",
                UPSTREAM,
                "--today",
                "2026-06-01",
            ],
            args,
        ]
        .concat(),
    )
}

const APPROVALS: &str = "specs/mattermost/drift.toml";

#[test]
fn an_approved_difference_passes_until_it_expires() {
    let workspace = with_upstream(without_roles);
    workspace.remove(OVERLAY);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let report = json(&drift(&workspace, &["--format", "json"]));
    for change in report["changes"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|change| change["fails"] == true)
    {
        let output = approve(
            &workspace,
            &[
                change["fingerprint"].as_str().unwrap(),
                "--reason",
                "nobody names it",
                "--until",
                "2026-12-31",
            ],
        );
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    let approved = workspace.read(APPROVALS);
    assert!(
        approved.contains("reason = \"nobody names it\"\nuntil = 2026-12-31\n"),
        "{approved}"
    );
    let output = drift(&workspace, &[]);
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), ""),
        "{output:?}"
    );
    assert!(
        output
            .stdout
            .contains("approved until 2026-12-31: nobody names it"),
        "{output:?}"
    );
    validate(
        DRIFT_SCHEMA,
        &json(&drift(&workspace, &["--format", "json"])),
    );
    validate(
        SARIF_SCHEMA,
        &json(&drift(&workspace, &["--format", "sarif"])),
    );

    let expired = workspace.gallery(&["drift", "--against", UPSTREAM, "--today", "2027-01-01"]);
    assert_eq!(expired.code, Some(4));
    assert!(
        expired.stderr.contains("expired on 2026-12-31"),
        "{expired:?}"
    );
}

#[test]
fn approve_writes_the_approval_and_reports_the_file() {
    let workspace = with_upstream(without_roles);
    let removed = fingerprint(&workspace, "endpoint-removed");
    expect![[r#"
        exit 0
        -- out --
        mattermost: endpoint-removed is approved in specs/mattermost/drift.toml
    "#]]
    .assert_eq(
        &approve(
            &workspace,
            &[&removed, "--reason", "our users have no roles"],
        )
        .shown()
        .replace(&removed, "FINGERPRINT"),
    );
    expect![[r##"
        # Approved differences between upstream and the snapshot. `drift approve` adds them, `regen` removes
        # those that it applies, and `drift` reports those that are no longer needed.

        [[approved]]
        rule = "endpoint-removed"
        place = "PUT /teams/{team_id}/members/{user_id}/roles"
        fingerprint = "FINGERPRINT"
        reason = "our users have no roles"
    "##]].assert_eq(&workspace.read(APPROVALS).replace(&removed, "FINGERPRINT"));
    // A second approval replaces the first one.
    approve(&workspace, &[&removed, "--reason", "another"]);
    assert_eq!(workspace.read(APPROVALS).matches("[[approved]]").count(), 1);
}

#[test]
fn approve_rejects_invalid_arguments() {
    let workspace = with_upstream(reworded);
    let before = workspace.tree();
    let assert_rejected =
        |args: &[&str], expected: Expect| expected.assert_eq(&approve(&workspace, args).shown());
    assert_rejected(
        &["0123456789abcdef", "--reason", "x"],
        expect![[r#"
            exit 100
            -- err --
            error: no difference has the fingerprint 0123456789abcdef; `gallery drift` shows all 1 difference
        "#]],
    );
    assert_rejected(
        &["x", "--reason", "x"],
        expect![[r#"
        exit 100
        -- err --
        error: invalid fingerprint `x`: expected 16 lowercase hexadecimal digits
    "#]],
    );
    assert_rejected(
        &["0123456789abcdef", "--reason", " "],
        expect![[r#"
        exit 100
        -- err --
        error: the reason is empty; explain why the difference is acceptable
    "#]],
    );
    assert_rejected(
        &["0123456789abcdef", "--reason", "x", "--until", "2026-05-31"],
        expect![[r#"
        exit 100
        -- err --
        error: 2026-05-31 is in the past: today is 2026-06-01
    "#]],
    );
    assert_rejected(
        &["0123456789abcdef", "--reason", "x", "--until", "soon"],
        expect![[r#"
        exit 2
        -- err --
        error: invalid value 'soon' for '--until <DATE>': invalid date `soon`; write YYYY-MM-DD

        For more information, try '--help'.
    "#]],
    );
    assert!(workspace.tree() == before);
}

#[test]
fn warns_about_an_approval_that_is_no_longer_needed() {
    let workspace = with_upstream(reworded);
    workspace.write(
        APPROVALS,
        "[[approved]]\nrule = \"endpoint-removed\"\nplace = \"GET /a\"\nfingerprint = \"0123456789abcdef\"\nreason = \"x\"\n",
    );
    expect![[r#"
        exit 0
        -- out --
        ::notice file=specs/mattermost/openapi.json,line=235,col=9,title=description-changed%3A wire none%2C source none::GET /teams/{team_id}/members#description: changed the description of the operation `GET /teams/{team_id}/members` (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): check it for requirements that the schema does not express (fingerprint b0c676b47f865f97)
        ::warning file=specs/mattermost/drift.toml,line=1,col=1,title=approval expired or not needed::no difference needs the approval of `0123456789abcdef` (endpoint-removed of GET /a); remove it
        compared mattermost: 1 difference; wire: 1 none; source: 1 none; docs: 1
        -- err --
        warning: no difference needs the approval of `0123456789abcdef` (endpoint-removed of GET /a); remove it
          --> specs/mattermost/drift.toml:1:1
    "#]].assert_eq(&drift(&workspace, &["--format", "github"]).shown());
}

#[test]
fn the_committed_snapshot_differs_from_the_gallery_only_in_prose() {
    let Some(mirror) = mirror() else { return };
    let workspace = Workspace::fresh();
    let output = workspace.gallery(&[
        "drift",
        "--against",
        mirror.to_str().unwrap(),
        "--format",
        "json",
    ]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let report = json(&output);
    validate(DRIFT_SCHEMA, &report);
    let levels = ["wire", "source", "docs", "identical"]
        .map(|key| report[key].to_string())
        .join(" ");
    assert_eq!(levels, r#""none" "none" true false"#);
    assert_eq!(report["pending"], serde_json::json!([]));
    let is_prose = |change: &Value| {
        ["description-changed", "summary-changed"].contains(&change["rule"].as_str().unwrap())
    };
    assert!(
        report["changes"].as_array().unwrap().iter().all(is_prose),
        "{output:?}"
    );
}

/// Creates a git repository in the workspace. Returns `None` if git is missing.
pub(crate) fn under_git(workspace: &Workspace) -> Option<()> {
    if Command::new("git").arg("--version").output().is_err() {
        skipped("git is not installed");
        return None;
    }
    git(
        &workspace.root(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    commit(&workspace.root());
    Some(())
}

/// Commits all files.
pub(crate) fn commit(root: &Path) {
    git(root, &["add", "--all"]);
    git(root, &["commit", "--quiet", "--message", "all"]);
}

fn git(root: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(root)
        .args([
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.org",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn compares_with_a_git_revision_without_network() {
    let workspace = Workspace::generated();
    // Requests to this source would fail.
    workspace.write(
        "specs/gallery.toml",
        format!(
            "source = \"http://127.0.0.1:1/\"\n{}",
            workspace.read("specs/gallery.toml")
        ),
    );
    let Some(()) = under_git(&workspace) else {
        return;
    };
    workspace.replace(
        OVERLAY,
        "{ type: integer, default: 60 }",
        "{ type: string }",
    );
    workspace.replace(
        OVERLAY,
        "    update:\n      x-gallery-pages: { page: page, per_page: per_page, first: 0, default: 60, max: 200 }\n",
        "    update: { x-mine: 1 }\n",
    );
    let against = |revision: &str, args: &[&str]| {
        workspace.gallery(
            &[
                &["drift", "--against", revision, "--format", "github"],
                args,
            ]
            .concat(),
        )
    };
    expect![[r#"
        exit 4
        -- out --
        ::error file=specs/mattermost/openapi.json,line=54,col=15,title=type-changed%3A wire breaking%2C source breaking::GET /channels/{channel_id}/members#parameters/query:per_page/schema/type: changed the type of the query parameter `per_page` (`integer` → `string`): the server rejects values of the old type; the Rust type changes (fingerprint bbd570d48684b689)
        ::error file=specs/mattermost/openapi.json,line=246,col=15,title=type-changed%3A wire breaking%2C source breaking::GET /teams/{team_id}/members#parameters/query:per_page/schema/type: changed the type of the query parameter `per_page` (`integer` → `string`): the server rejects values of the old type; the Rust type changes (fingerprint 2f3746473279304e)
        ::error file=specs/mattermost/openapi.json,line=21,col=7,title=pages-changed%3A wire none%2C source breaking::GET /channels/{channel_id}/members#x-gallery-pages: changed the pagination of the operation `GET /channels/{channel_id}/members` (`{"default":60,"first":0,"max":200,"page":"page","per_page":"…` → nothing): requests and responses are the same; the methods `stream` and `pages` of the call depend on it (fingerprint 5138bd7ac2baa4b3)
        ::error file=specs/mattermost/openapi.json,line=223,col=7,title=pages-changed%3A wire none%2C source breaking::GET /teams/{team_id}/members#x-gallery-pages: changed the pagination of the operation `GET /teams/{team_id}/members` (`{"default":60,"first":0,"max":200,"page":"page","per_page":"…` → nothing): requests and responses are the same; the methods `stream` and `pages` of the call depend on it (fingerprint c2bc9f00fe785704)
        ::notice file=specs/mattermost/openapi.json,line=90,col=9,title=extension-changed%3A wire none%2C source none::GET /channels/{channel_id}/members#x-mine: changed the extension `x-mine` of the operation `GET /channels/{channel_id}/members` (nothing → `1`): its meaning depends on its author (fingerprint 3e2abe3854f4efee)
        ::notice file=specs/mattermost/openapi.json,line=295,col=9,title=extension-changed%3A wire none%2C source none::GET /teams/{team_id}/members#x-mine: changed the extension `x-mine` of the operation `GET /teams/{team_id}/members` (nothing → `1`): its meaning depends on its author (fingerprint a7f893a18fd81ca1)
        compared mattermost: 6 differences; wire: 2 breaking, 4 none; source: 4 breaking, 2 none; docs: 4
    "#]].assert_eq(&against("git:main", &[]).shown());
    expect![[r#"
        exit 100
        -- err --
        error: git has no revision `no-such`; in a shallow clone, `git fetch origin no-such` may add it
    "#]]
    .assert_eq(&against("git:no-such", &[]).shown());
    expect![[r#"
        exit 100
        -- err --
        error: git has no revision `--help`: names of revisions do not begin with `-`
    "#]]
    .assert_eq(&against("git:--help", &[]).shown());
}

#[test]
fn approvals_of_the_git_revision_apply() {
    let workspace = with_upstream(without_roles);
    let removed = fingerprint(&workspace, "endpoint-removed");
    approve(
        &workspace,
        &[&removed, "--reason", "our users have no roles"],
    );
    let Some(()) = under_git(&workspace) else {
        return;
    };
    // Apply the difference as `regen --fetch` does, which also removes the approval.
    workspace.remove(APPROVALS);
    for name in ["apis.md", "openapi.md"] {
        workspace.write(
            &format!("{LISTING}/{name}"),
            workspace.read(&format!("{UPSTREAM}/{name}")),
        );
    }
    for entry in std::fs::read_dir(workspace.path(LISTING)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name != "apis.md" && name != "openapi.md" {
            workspace.remove(&format!("{LISTING}/{name}"));
        }
    }
    workspace.relock("mattermost");
    let report = json(&workspace.gallery(&["drift", "--against", "git:main", "--format", "json"]));
    let change = report["changes"]
        .as_array()
        .unwrap()
        .iter()
        .find(|change| change["fingerprint"] == removed.as_str())
        .cloned();
    assert_eq!(
        change.unwrap()["approved"]["reason"],
        "our users have no roles"
    );
}

#[test]
fn skips_a_client_that_the_git_revision_does_not_have() {
    let workspace = Workspace::generated();
    workspace.remove("specs/mattermost/openapi.json");
    let Some(()) = under_git(&workspace) else {
        return;
    };
    expect![[r#"
        exit 0
        -- out --
        mattermost: not compared
        -- err --
        mattermost: git:main:specs/mattermost/openapi.json does not exist: the client was added later
        not compared: mattermost
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["drift", "--against", "git:main"])
            .shown(),
    );
}

#[test]
fn rejects_a_git_revision_outside_of_a_repository() {
    let workspace = Workspace::generated();
    expect![[r#"
        exit 100
        -- err --
        error: cannot read git:main: the directory is not in a git repository
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["drift", "--against", "git:main"])
            .shown(),
    );
}

#[test]
fn rejects_a_client_without_a_snapshot() {
    let workspace = Workspace::generated();
    workspace.remove("specs/gallery.lock");
    expect![[r#"
        exit 100
        -- out --
        mattermost: not compared
        -- err --
        error[no-snapshot]: the client `mattermost` has no snapshot; download one with `gallery fetch mattermost`
          --> specs/gallery.lock
        not compared: mattermost
    "#]]
    .assert_eq(&drift_against(&workspace, "nothing-there").shown());
    let workspace = with_upstream(str::to_owned);
    workspace.remove("specs/gallery.lock");
    expect![[r#"
        exit 100
        -- out --
        mattermost: not compared
        -- err --
        error[no-snapshot]: the client `mattermost` has no snapshot; download one with `gallery fetch mattermost`
          --> specs/gallery.lock
        not compared: mattermost
    "#]]
    .assert_eq(&drift_against(&workspace, UPSTREAM).shown());
}

fn drift_against(workspace: &Workspace, against: &str) -> Output {
    workspace.gallery(&["drift", "--against", against])
}

#[test]
fn rejects_an_upstream_without_a_valid_document() {
    let workspace = with_upstream(str::to_owned);
    workspace.write(&format!("{UPSTREAM}/openapi.md"), "openapi: 3.1.0\n");
    expect![[r#"
        exit 100
        -- out --
        mattermost: not compared
        -- err --
        error[missing-document]: the index names the document `teamsteam-idmembers-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `teamsteam-idmembersids-post-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `channelschannel-idmembers-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `channelschannel-idmembersids-post-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `teamsteam-idmembersuser-id-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `teamsteam-idmembersuser-idroles-put-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `channelschannel-idmembersuser-id-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[not-swagger]: this is an OpenAPI 3 document; documents of a listing have `swagger: "2.0"`
          --> theirs/openapi.md#
        error[no-endpoints]: the listing has no usable endpoint
          --> streamdata-gallery-topics/memberships/mattermost
        not compared: mattermost
    "#]].assert_eq(&drift_against(&workspace, UPSTREAM).shown());
    workspace.remove(&format!("{UPSTREAM}/openapi.md"));
    expect![[r#"
        exit 100
        -- out --
        mattermost: not compared
        -- err --
        error[missing-document]: the index names the document `teamsteam-idmembers-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `teamsteam-idmembersids-post-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `channelschannel-idmembers-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `channelschannel-idmembersids-post-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `teamsteam-idmembersuser-id-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `teamsteam-idmembersuser-idroles-put-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[missing-document]: the index names the document `channelschannel-idmembersuser-id-get-openapi.md`, which the snapshot does not have; fetch the client again
          --> theirs/apis.md
        error[no-endpoints]: the listing has no usable endpoint
          --> streamdata-gallery-topics/memberships/mattermost
        not compared: mattermost
    "#]].assert_eq(&drift_against(&workspace, UPSTREAM).shown());
    expect![[r#"
        exit 100
        -- out --
        mattermost: not compared
        -- err --
        error: mattermost: no-such-folder/streamdata-gallery-topics__memberships/_listings/mattermost is not a directory (symlinks are not followed); a mirror has the listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER: check the path of the mirror and the name of the listing
        not compared: mattermost
    "#]].assert_eq(&drift_against(&workspace, "no-such-folder").shown());
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `matermost`; specs/gallery.toml has: mattermost
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["drift", "--client", "matermost", "--against", UPSTREAM])
            .shown(),
    );
}

#[test]
fn drift_and_regen_reject_invalid_approvals() {
    let workspace = with_upstream(str::to_owned);
    workspace.write(APPROVALS, "[[approved]]\nrule = \"endpoint-remove\"\n");
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- err --
        error: unknown rule `endpoint-remove`; did you mean `endpoint-removed`?
          --> specs/mattermost/drift.toml:2:8
    "#]]
    .assert_eq(&drift(&workspace, &[]).shown());
    for args in [&["--check"][..], &[]] {
        let output = workspace.regen(args);
        assert_eq!(output.code, Some(100), "{output:?}");
        assert!(
            output.stderr.contains("unknown rule `endpoint-remove`"),
            "{output:?}"
        );
    }
    assert!(workspace.tree() == before);
}

#[test]
fn reports_other_clients_if_one_cannot_be_compared() {
    let workspace = with_upstream(without_roles);
    workspace.append(
        "specs/gallery.toml",
        "\n[clients.other]\ncrate = \"gallery-other\"\nversion = \"1.0.0\"\nlisting = \"o/r/p\"\n",
    );
    let output = drift(&workspace, &["--format", "json"]);
    assert_eq!(output.code, Some(100), "{output:?}");
    let report = json(&output);
    validate(DRIFT_SCHEMA, &report);
    assert_eq!(report["not_compared"], serde_json::json!(["other"]));
    assert_eq!(report["changes"][0]["client"], "mattermost");
    let markdown = drift(&workspace, &["--format", "markdown"]).stdout;
    assert!(
        markdown.starts_with("Not compared: `other`.\n\n| | over the wire"),
        "{markdown}"
    );
    assert_eq!(drift(&workspace, &["--client", "mattermost"]).code, Some(4));
}
