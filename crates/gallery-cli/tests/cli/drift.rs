//! `drift` against folders and git revisions: what it finds, how it is told, and when it ends with 4. Nothing in the tree changes.

use std::path::Path;
use std::process::Command;

use expect_test::{Expect, expect};
use serde_json::Value;

use crate::mirror::mirror;
use crate::workspace::{LISTING, OVERLAY, Output, Workspace, skipped};

/// The folder of a listing as upstream might have it, from the root.
pub(crate) const UPSTREAM: &str = "theirs";

/// A workspace of which only what is needed is fetched, and beside it the listing as upstream has it, changed.
pub(crate) fn with_upstream(change: impl Fn(&str) -> String) -> Workspace {
    let workspace = Workspace::generated();
    workspace.replace("specs/gallery.toml", "documents = \"all\"\n", "");
    for name in ["apis.md", "openapi.md"] {
        let text = workspace.read(&format!("{LISTING}/{name}"));
        workspace.write(&format!("{UPSTREAM}/{name}"), change(&text));
    }
    workspace
}

/// A text of the listing in which people read something else.
pub(crate) fn reworded(text: &str) -> String {
    text.replace(
        "One page of the members of a team",
        "A page of the members of a team",
    )
}

/// The listing without the endpoint that sets roles.
pub(crate) fn without_roles(text: &str) -> String {
    let is_gone = |part: &str| part.contains("idroles-put");
    let (separator, keep): (&str, fn(&str) -> bool) = if text.contains("\napis:\n") {
        ("\n- name: ", |_| true)
    } else {
        ("\n  /", |part| {
            !part.starts_with("teams/{team_id}/members/{user_id}/roles")
        })
    };
    let parts: Vec<&str> = text
        .split(separator)
        .filter(|part| keep(part) && (separator == "\n  /" || !is_gone(part)))
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
    assert!(workspace.tree() == before, "nothing in the tree changes");
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap()
}

/// Whether a document is what a schema describes.
pub(crate) fn validate(schema: &str, document: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap();
    let errors: Vec<String> = validator
        .iter_errors(document)
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
}

const DRIFT_SCHEMA: &str = include_str!("../../../../docs/drift.schema.json");
const SARIF_SCHEMA: &str = include_str!("sarif.schema.json");

#[test]
fn an_upstream_that_is_the_same() {
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
        | `mattermost` | none | none | no | 0 differences | 0.1.0 stays |
    "#]]
    .assert_eq(&drift(&workspace, &["--format", "markdown"]).shown());
    let found = json(&drift(&workspace, &["--format", "json"]));
    validate(DRIFT_SCHEMA, &found);
    assert_eq!(
        (&found["identical"], &found["wire"], &found["docs"]),
        (&true.into(), &"none".into(), &false.into())
    );
    validate(
        SARIF_SCHEMA,
        &json(&drift(&workspace, &["--format", "sarif"])),
    );
}

#[test]
fn an_endpoint_that_upstream_took_away_and_the_actions_of_the_overlay_that_were_about_it() {
    let workspace = with_upstream(|text| without_roles(&reworded(text)));
    expect![[r#"
        exit 4
        -- out --
        mattermost: specs/mattermost/openapi.json → theirs
          2 differences; at worst wire breaking, source breaking, docs

          PUT /teams/{}/members/{}/roles
            endpoint-removed  wire breaking, source breaking, docs  fails
              at PUT /teams/{}/members/{}/roles
              an endpoint was removed (`PUT /teams/{}/members/{}/roles` → nothing): calls of it are refused, and the client's method is gone
              specs/mattermost/openapi.json:441:7  fingerprint 0cef81e11c985b6f

          GET /teams/{}/members
            description-changed  wire none, source none, docs
              at GET /teams/{}/members#description
              a description changed (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): people read something else; the rules may have changed with it
              specs/mattermost/openapi.json:235:9  fingerprint b0c676b47f865f97

          applies to nothing upstream any more
            `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
              specs/mattermost/overlay.yaml:62:5
            `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
              specs/mattermost/overlay.yaml:83:5

          gallery-mattermost goes from 0.1.0 to 0.2.0
            ## [0.2.0]

            ### Removed

            - **Breaking, over the wire and in source:** `PUT /teams/{}/members/{}/roles`: an endpoint was removed (`PUT /teams/{}/members/{}/roles` → nothing): calls of it are refused, and the client's method is gone.
    "#]].assert_eq(&drift(&workspace, &[]).shown());
}

#[test]
fn the_same_for_a_pull_request_for_annotations_and_for_programs() {
    let workspace = with_upstream(|text| without_roles(&reworded(text)));
    expect![[r#"
        exit 4
        -- out --
        | | over the wire | in source | docs | | next version |
        |---|---|---|---|---|---|
        | `mattermost` | **breaking** | **breaking** | yes | 2 differences, **2 places of ours apply to nothing** | 0.1.0 → 0.2.0 (minor) |

        ## `mattermost`

        From `specs/mattermost/openapi.json` to `theirs`.

        | over the wire | in source | where | what |
        |---|---|---|---|
        | **breaking** | **breaking** | `PUT /teams/{}/members/{}/roles` | `endpoint-removed`: an endpoint was removed (`PUT /teams/{}/members/{}/roles` → nothing): calls of it are refused, and the client's method is gone (`0cef81e11c985b6f`) |

        ### Applies to nothing upstream any more

        - `specs/mattermost/overlay.yaml:62:5`: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        - `specs/mattermost/overlay.yaml:83:5`: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`

        <details><summary>1 difference that only people who read notice</summary>

        | where | what |
        |---|---|
        | `GET /teams/{}/members#description` | `description-changed`: a description changed (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): people read something else; the rules may have changed with it |

        </details>

        <details><summary>Entry for the changelog</summary>

        ```markdown
        ## [0.2.0]

        ### Removed

        - **Breaking, over the wire and in source:** `PUT /teams/{}/members/{}/roles`: an endpoint was removed (`PUT /teams/{}/members/{}/roles` → nothing): calls of it are refused, and the client's method is gone.
        ```

        </details>
    "#]].assert_eq(&drift(&workspace, &["--format", "markdown"]).shown());
    expect![[r#"
        exit 4
        -- out --
        ::error file=specs/mattermost/openapi.json,line=441,col=7,title=endpoint-removed%3A wire breaking%2C source breaking::PUT /teams/{}/members/{}/roles: an endpoint was removed (`PUT /teams/{}/members/{}/roles` → nothing): calls of it are refused, and the client's method is gone (fingerprint 0cef81e11c985b6f)
        ::notice file=specs/mattermost/openapi.json,line=235,col=9,title=description-changed%3A wire none%2C source none::GET /teams/{}/members#description: a description changed (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): people read something else; the rules may have changed with it (fingerprint b0c676b47f865f97)
        ::error file=specs/mattermost/overlay.yaml,line=62,col=5,title=applies to nothing upstream any more::`$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        ::error file=specs/mattermost/overlay.yaml,line=83,col=5,title=applies to nothing upstream any more::`$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        compared of mattermost: 2 differences; wire breaking, source breaking
    "#]].assert_eq(&drift(&workspace, &["--format", "github"]).shown());

    let found = json(&drift(&workspace, &["--format", "json"]));
    validate(DRIFT_SCHEMA, &found);
    let top = ["wire", "source", "docs", "identical", "fails"]
        .map(|key| found[key].to_string())
        .join(" ");
    assert_eq!(top, r#""breaking" "breaking" true false true"#);
    let changes = found["changes"].as_array().unwrap();
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
    assert_eq!(found["comparisons"][0]["advice"]["next"], "0.2.0");

    let sarif = json(&drift(&workspace, &["--format", "sarif"]));
    validate(SARIF_SCHEMA, &sarif);
    let run = &sarif["runs"][0];
    for result in run["results"].as_array().unwrap() {
        let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
        assert_eq!(rule["id"], result["ruleId"]);
    }
}

#[test]
fn what_fails_a_run_is_said_by_fail_on() {
    let codes = |workspace: &Workspace| {
        ["wire", "source", "docs", "any", "never"]
            .map(|level| drift(workspace, &["--fail-on", level]).code.unwrap())
    };
    assert_eq!(codes(&with_upstream(reworded)), [0, 0, 4, 4, 0]);
    assert_eq!(codes(&with_upstream(without_roles)), [4, 4, 4, 4, 0]);
    // A variable of a path has another name: the URL is the same, and the client's setter is not.
    let renamed = with_upstream(|text| text.replace("channel_id", "channel"));
    renamed.remove(OVERLAY);
    let found = json(&drift(&renamed, &["--format", "json", "--fail-on", "wire"]));
    assert_eq!(
        (&found["wire"], &found["source"]),
        (&"none".into(), &"breaking".into())
    );
}

#[test]
fn a_rule_can_weigh_otherwise() {
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
        error: no rule is called `description-change`; did you mean `description-changed`?
          --> specs/gallery.toml:24:1
    "#]]
    .assert_eq(&drift(&workspace, &[]).shown());
}

#[test]
fn colours_are_for_terminals_or_for_who_wants_them() {
    let workspace = with_upstream(reworded);
    let escapes = |args: &[&str]| drift(&workspace, args).stdout.matches('\u{1b}').count();
    assert_eq!(escapes(&[]), 0);
    assert_eq!(escapes(&["--color", "never"]), 0);
    assert!(escapes(&["--color", "always"]) > 10);
}

/// The fingerprint of the first difference of that rule.
fn fingerprint(workspace: &Workspace, rule: &str) -> String {
    let found = json(&drift(workspace, &["--format", "json"]));
    let change = found["changes"]
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
fn an_approved_difference_passes_until_its_last_day() {
    let workspace = with_upstream(|text| {
        text.replace("channel_id", "channel").replace(
            "/channels/{channel}/members/ids",
            "/channels/{channel_id}/members/ids",
        )
    });
    workspace.remove(OVERLAY);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let found = json(&drift(&workspace, &["--format", "json"]));
    for change in found["changes"]
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
    let passes = drift(&workspace, &[]);
    assert_eq!(
        (passes.code, passes.stderr.as_str()),
        (Some(0), ""),
        "{passes:?}"
    );
    assert!(
        passes
            .stdout
            .contains("approved until 2026-12-31: nobody names it"),
        "{passes:?}"
    );
    validate(
        DRIFT_SCHEMA,
        &json(&drift(&workspace, &["--format", "json"])),
    );
    validate(
        SARIF_SCHEMA,
        &json(&drift(&workspace, &["--format", "sarif"])),
    );

    let over = workspace.gallery(&["drift", "--against", UPSTREAM, "--today", "2027-01-01"]);
    assert_eq!(over.code, Some(4));
    assert!(over.stderr.contains("ended on 2026-12-31"), "{over:?}");
}

#[test]
fn approve_says_what_it_wrote_and_where() {
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
        place = "PUT /teams/{}/members/{}/roles"
        fingerprint = "FINGERPRINT"
        reason = "our users have no roles"
    "##]].assert_eq(&workspace.read(APPROVALS).replace(&removed, "FINGERPRINT"));
    // Once more, with another reason: still one approval.
    approve(&workspace, &[&removed, "--reason", "another"]);
    assert_eq!(workspace.read(APPROVALS).matches("[[approved]]").count(), 1);
}

#[test]
fn only_what_is_there_can_be_approved() {
    let workspace = with_upstream(reworded);
    let before = workspace.tree();
    let refused = |args: &[&str], said: Expect| said.assert_eq(&approve(&workspace, args).shown());
    refused(
        &["0123456789abcdef", "--reason", "x"],
        expect![[r#"
            exit 100
            -- err --
            error: no difference has the fingerprint 0123456789abcdef; `gallery drift` shows all 1 difference
        "#]],
    );
    refused(
        &["x", "--reason", "x"],
        expect![[r#"
        exit 100
        -- err --
        error: invalid fingerprint `x`: it has 16 lowercase hexadecimal digits
    "#]],
    );
    refused(
        &["0123456789abcdef", "--reason", " "],
        expect![[r#"
        exit 100
        -- err --
        error: the reason is empty; say why the difference is acceptable
    "#]],
    );
    refused(
        &["0123456789abcdef", "--reason", "x", "--until", "2026-05-31"],
        expect![[r#"
        exit 100
        -- err --
        error: 2026-05-31 is in the past: today is 2026-06-01
    "#]],
    );
    refused(
        &["0123456789abcdef", "--reason", "x", "--until", "soon"],
        expect![[r#"
        exit 2
        -- err --
        error: invalid value 'soon' for '--until <DATE>': `soon` is no day of the calendar; it is written YYYY-MM-DD

        For more information, try '--help'.
    "#]],
    );
    assert!(workspace.tree() == before);
}

#[test]
fn an_approval_that_nothing_needs_is_told() {
    let workspace = with_upstream(reworded);
    workspace.write(
        APPROVALS,
        "[[approved]]\nrule = \"endpoint-removed\"\nplace = \"GET /a\"\nfingerprint = \"0123456789abcdef\"\nreason = \"x\"\n",
    );
    expect![[r#"
        exit 0
        -- out --
        ::notice file=specs/mattermost/openapi.json,line=235,col=9,title=description-changed%3A wire none%2C source none::GET /teams/{}/members#description: a description changed (`One page of the members of a team, chosen by page number and…` → `A page of the members of a team, chosen by page number and p…`): people read something else; the rules may have changed with it (fingerprint b0c676b47f865f97)
        ::warning file=specs/mattermost/drift.toml,line=1,col=1,title=approval not needed or over::upstream does not differ any more as `0123456789abcdef` approves (endpoint-removed of GET /a); remove it
        compared of mattermost: 1 difference; wire none, source none
        -- err --
        warning: upstream does not differ any more as `0123456789abcdef` approves (endpoint-removed of GET /a); remove it
          --> specs/mattermost/drift.toml:1:1
    "#]].assert_eq(&drift(&workspace, &["--format", "github"]).shown());
}

#[test]
fn the_mirror_of_the_gallery_differs_from_the_committed_snapshot_in_prose_alone() {
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
    let found = json(&output);
    validate(DRIFT_SCHEMA, &found);
    let levels = ["wire", "source", "docs", "identical"]
        .map(|key| found[key].to_string())
        .join(" ");
    assert_eq!(levels, r#""none" "none" true false"#);
    assert_eq!(found["pending"], serde_json::json!([]));
    let only_prose = |change: &Value| {
        ["description-changed", "summary-changed"].contains(&change["rule"].as_str().unwrap())
    };
    assert!(
        found["changes"].as_array().unwrap().iter().all(only_prose),
        "{output:?}"
    );
}

/// A workspace under git, if there is git.
pub(crate) fn under_git(workspace: &Workspace) -> Option<()> {
    if Command::new("git").arg("--version").output().is_err() {
        skipped("a git revision wants git");
        return None;
    }
    git(
        &workspace.root(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    commit(&workspace.root());
    Some(())
}

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
fn a_git_revision_is_what_was_before_and_nobody_is_asked() {
    let workspace = Workspace::generated();
    // Whoever asked would find nobody.
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
        ::error file=specs/mattermost/openapi.json,line=54,col=15,title=type-changed%3A wire breaking%2C source breaking::GET /channels/{}/members#parameters/query:per_page/schema/type: a value has another type (`integer` → `string`): no value is of both (fingerprint bbd570d48684b689)
        ::error file=specs/mattermost/openapi.json,line=249,col=15,title=type-changed%3A wire breaking%2C source breaking::GET /teams/{}/members#parameters/query:per_page/schema/type: a value has another type (`integer` → `string`): no value is of both (fingerprint 2f3746473279304e)
        ::error file=specs/mattermost/openapi.json,line=21,col=7,title=pages-changed%3A wire none%2C source breaking::GET /channels/{}/members#x-gallery-pages: how a list comes in pages changed (`{"default":60,"first":0,"max":200,"page":"page","per_page":"…` → nothing): the builder has a `stream` by it (fingerprint 5138bd7ac2baa4b3)
        ::error file=specs/mattermost/openapi.json,line=226,col=7,title=pages-changed%3A wire none%2C source breaking::GET /teams/{}/members#x-gallery-pages: how a list comes in pages changed (`{"default":60,"first":0,"max":200,"page":"page","per_page":"…` → nothing): the builder has a `stream` by it (fingerprint c2bc9f00fe785704)
        ::notice file=specs/mattermost/openapi.json,line=56,col=13,title=provenance-changed%3A wire none%2C source none::GET /channels/{}/members#parameters/query:per_page/x-gallery-assumed: what is said of the origin of a part changed (nothing → `["type"]`): the documentation names its listing, its sources, and what was assumed (fingerprint ecfc272b21113e0c)
        ::notice file=specs/mattermost/openapi.json,line=251,col=13,title=provenance-changed%3A wire none%2C source none::GET /teams/{}/members#parameters/query:per_page/x-gallery-assumed: what is said of the origin of a part changed (nothing → `["type"]`): the documentation names its listing, its sources, and what was assumed (fingerprint e91f1e3baa72712e)
        ::notice file=specs/mattermost/openapi.json,line=93,col=9,title=extension-changed%3A wire none%2C source none::GET /channels/{}/members#x-mine: an extension changed (nothing → `1`): what it means is for those who defined it (fingerprint 3e2abe3854f4efee)
        ::notice file=specs/mattermost/openapi.json,line=301,col=9,title=extension-changed%3A wire none%2C source none::GET /teams/{}/members#x-mine: an extension changed (nothing → `1`): what it means is for those who defined it (fingerprint a7f893a18fd81ca1)
        compared of mattermost: 8 differences; wire breaking, source breaking
    "#]].assert_eq(&against("git:main", &[]).shown());
    expect![[r#"
        exit 100
        -- err --
        error: git has no revision `no-such`; `git fetch origin no-such` may bring it, as a shallow clone has only one
    "#]]
    .assert_eq(&against("git:no-such", &[]).shown());
    expect![[r#"
        exit 100
        -- err --
        error: git has no revision `--help`; `git fetch origin --help` may bring it, as a shallow clone has only one
    "#]]
    .assert_eq(&against("git:--help", &[]).shown());
}

#[test]
fn approvals_of_the_revision_count_as_well() {
    let workspace = with_upstream(without_roles);
    let removed = fingerprint(&workspace, "endpoint-removed");
    approve(
        &workspace,
        &[&removed, "--reason", "our users have no roles"],
    );
    let Some(()) = under_git(&workspace) else {
        return;
    };
    // What a run does that takes the difference over: the approval goes with it.
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
    let found = json(&workspace.gallery(&["drift", "--against", "git:main", "--format", "json"]));
    let change = found["changes"]
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
fn a_client_that_the_revision_has_not_yet_is_passed_over() {
    let workspace = Workspace::generated();
    workspace.remove("specs/mattermost/openapi.json");
    let Some(()) = under_git(&workspace) else {
        return;
    };
    expect![[r#"
        exit 0
        -- err --
        mattermost: git:main:specs/mattermost/openapi.json is not there: the client came later
        not compared: mattermost
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["drift", "--against", "git:main"])
            .shown(),
    );
}

#[test]
fn a_workspace_outside_of_git() {
    let workspace = Workspace::generated();
    expect![[r#"
        exit 100
        -- err --
        error: git:main cannot be read: the folder is in no git repository
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["drift", "--against", "git:main"])
            .shown(),
    );
}

#[test]
fn a_client_without_a_snapshot() {
    let workspace = Workspace::generated();
    workspace.remove("specs/gallery.lock");
    expect![[r#"
        exit 100
        -- err --
        error[no-snapshot]: the client `mattermost` has no snapshot; bring one with `gallery fetch --client mattermost`
          --> specs/gallery.lock
        not compared: mattermost
    "#]]
    .assert_eq(&drift_of(&workspace, "nothing-there").shown());
    let workspace = with_upstream(str::to_owned);
    workspace.remove("specs/gallery.lock");
    expect![[r#"
        exit 100
        -- err --
        error[no-snapshot]: the client `mattermost` has no snapshot; bring one with `gallery fetch --client mattermost`
          --> specs/gallery.lock
        not compared: mattermost
    "#]]
    .assert_eq(&drift_of(&workspace, UPSTREAM).shown());
}

fn drift_of(workspace: &Workspace, against: &str) -> Output {
    workspace.gallery(&["drift", "--against", against])
}

#[test]
fn an_upstream_of_which_no_document_can_be_made() {
    let workspace = with_upstream(str::to_owned);
    workspace.write(&format!("{UPSTREAM}/openapi.md"), "openapi: 3.1.0\n");
    expect![[r#"
        exit 100
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
    "#]].assert_eq(&drift_of(&workspace, UPSTREAM).shown());
    workspace.remove(&format!("{UPSTREAM}/openapi.md"));
    expect![[r#"
        exit 100
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
    "#]].assert_eq(&drift_of(&workspace, UPSTREAM).shown());
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: no-such-folder/streamdata-gallery-topics__memberships/_listings/mattermost is not a directory (symlinks are not followed); a mirror has the listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER: check the path of the mirror and the name of the listing
        not compared: mattermost
    "#]].assert_eq(&drift_of(&workspace, "no-such-folder").shown());
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
fn approvals_that_cannot_be_read_are_refused_by_drift_and_by_regen() {
    let workspace = with_upstream(str::to_owned);
    workspace.write(APPROVALS, "[[approved]]\nrule = \"endpoint-remove\"\n");
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- err --
        error: no rule is called `endpoint-remove`; did you mean `endpoint-removed`?
          --> specs/mattermost/drift.toml:2:8
    "#]]
    .assert_eq(&drift(&workspace, &[]).shown());
    for args in [&["--check"][..], &[]] {
        let output = workspace.regen(args);
        assert_eq!(output.code, Some(100), "{output:?}");
        assert!(
            output
                .stderr
                .contains("no rule is called `endpoint-remove`"),
            "{output:?}"
        );
    }
    assert!(workspace.tree() == before);
}

#[test]
fn clients_that_cannot_be_compared_hide_none_of_the_others() {
    let workspace = with_upstream(without_roles);
    workspace.append(
        "specs/gallery.toml",
        "\n[clients.other]\ncrate = \"gallery-other\"\nversion = \"1.0.0\"\nlisting = \"o/r/p\"\n",
    );
    let output = drift(&workspace, &["--format", "json"]);
    assert_eq!(output.code, Some(100), "{output:?}");
    let found = json(&output);
    validate(DRIFT_SCHEMA, &found);
    assert_eq!(found["not_compared"], serde_json::json!(["other"]));
    assert_eq!(found["changes"][0]["client"], "mattermost");
    let markdown = drift(&workspace, &["--format", "markdown"]).stdout;
    assert!(
        markdown.starts_with("Not compared: `other`.\n\n| | over the wire"),
        "{markdown}"
    );
    assert_eq!(drift(&workspace, &["--client", "mattermost"]).code, Some(4));
}
