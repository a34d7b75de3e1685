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
    text.replace("One page of the members of a team", "A page of the members of a team")
}

/// The listing without the endpoint that sets roles.
pub(crate) fn without_roles(text: &str) -> String {
    let is_gone = |part: &str| part.contains("idroles-put");
    let (separator, keep): (&str, fn(&str) -> bool) = if text.contains("\napis:\n") {
        ("\n- name: ", |_| true)
    } else {
        ("\n  /", |part| !part.starts_with("teams/{team_id}/members/{user_id}/roles"))
    };
    let parts: Vec<&str> = text.split(separator).filter(|part| keep(part) && (separator == "\n  /" || !is_gone(part))).collect();
    parts.join(separator)
}

fn drift(workspace: &Workspace, args: &[&str]) -> Output {
    let before = workspace.tree();
    let output = workspace.xtask(&[&["drift", "--against", UPSTREAM, "--today", "2026-06-01"], args].concat());
    assert!(workspace.tree() == before, "nothing in the tree changes");
    output
}

fn json(output: &Output) -> Value {
    serde_json::from_str(&output.stdout).unwrap()
}

/// Whether a document is what a schema describes.
pub(crate) fn validate(schema: &str, document: &Value) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}

const DRIFT_SCHEMA: &str = include_str!("../../../docs/drift.schema.json");
const SARIF_SCHEMA: &str = include_str!("sarif.schema.json");

#[test]
fn an_upstream_that_is_the_same() {
    let workspace = with_upstream(str::to_owned);
    expect![[r#""#]].assert_eq(&drift(&workspace, &["--fail-on", "any"]).shown());
    expect![[r#""#]].assert_eq(&drift(&workspace, &["--format", "markdown"]).shown());
    let found = json(&drift(&workspace, &["--format", "json"]));
    validate(DRIFT_SCHEMA, &found);
    assert_eq!((&found["identical"], &found["wire"], &found["docs"]), (&true.into(), &"none".into(), &false.into()));
    validate(SARIF_SCHEMA, &json(&drift(&workspace, &["--format", "sarif"])));
}

#[test]
fn an_endpoint_that_upstream_took_away_and_the_actions_of_the_overlay_that_were_about_it() {
    let workspace = with_upstream(|text| without_roles(&reworded(text)));
    expect![[r#""#]].assert_eq(&drift(&workspace, &[]).shown());
}

#[test]
fn the_same_for_a_pull_request_for_annotations_and_for_programs() {
    let workspace = with_upstream(|text| without_roles(&reworded(text)));
    expect![[r#""#]].assert_eq(&drift(&workspace, &["--format", "markdown"]).shown());
    expect![[r#""#]].assert_eq(&drift(&workspace, &["--format", "github"]).shown());

    let found = json(&drift(&workspace, &["--format", "json"]));
    validate(DRIFT_SCHEMA, &found);
    let top = ["wire", "source", "docs", "identical", "fails"].map(|key| found[key].to_string()).join(" ");
    assert_eq!(top, r#""breaking" "breaking" true false true"#);
    let changes = found["changes"].as_array().unwrap();
    assert_eq!(changes[0]["rule"], "endpoint-removed");
    assert_eq!(changes[0]["base"]["file"], "specs/mattermost/openapi.json");
    let line = changes[0]["base"]["line"].as_u64().unwrap();
    let document = workspace.read("specs/mattermost/openapi.json");
    assert_eq!(document.lines().nth(line as usize - 1).unwrap().trim(), "\"put\": {");
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
        ["wire", "source", "docs", "any", "never"].map(|level| drift(workspace, &["--fail-on", level]).code.unwrap())
    };
    assert_eq!(codes(&with_upstream(reworded)), [0, 0, 4, 4, 0]);
    assert_eq!(codes(&with_upstream(without_roles)), [4, 4, 4, 4, 0]);
    // A variable of a path has another name: the URL is the same, and the client's setter is not.
    let renamed = with_upstream(|text| text.replace("channel_id", "channel"));
    let found = json(&drift(&renamed, &["--format", "json", "--fail-on", "wire"]));
    assert_eq!((&found["wire"], &found["source"]), (&"none".into(), &"breaking".into()));
}

#[test]
fn a_rule_can_weigh_otherwise() {
    let workspace = with_upstream(reworded);
    workspace.write(
        "specs/gallery.toml",
        format!("{}\n[drift.severity]\ndescription-changed = \"wire\"\n", workspace.read("specs/gallery.toml")),
    );
    assert_eq!(drift(&workspace, &[]).code, Some(4));
    workspace.replace("specs/gallery.toml", "\"wire\"", "\"never\"");
    assert_eq!(drift(&workspace, &["--fail-on", "any"]).code, Some(0));
    workspace.replace("specs/gallery.toml", "description-changed", "description-change");
    expect![[r#""#]].assert_eq(&drift(&workspace, &[]).shown());
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
    let change = found["changes"].as_array().unwrap().iter().find(|change| change["rule"] == rule).unwrap().clone();
    change["fingerprint"].as_str().unwrap().to_owned()
}

fn approve(workspace: &Workspace, args: &[&str]) -> Output {
    workspace.xtask(&[&["drift", "approve", "--against", UPSTREAM, "--today", "2026-06-01"], args].concat())
}

const APPROVALS: &str = "specs/mattermost/drift.toml";

#[test]
fn an_approved_difference_passes_until_its_last_day() {
    let workspace = with_upstream(|text| {
        text.replace("channel_id", "channel").replace("/channels/{channel}/members/ids", "/channels/{channel_id}/members/ids")
    });
    workspace.remove(OVERLAY);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let found = json(&drift(&workspace, &["--format", "json"]));
    for change in found["changes"].as_array().unwrap().iter().filter(|change| change["fails"] == true) {
        let output = approve(
            &workspace,
            &[change["fingerprint"].as_str().unwrap(), "--reason", "nobody names it", "--until", "2026-12-31"],
        );
        assert_eq!(output.code, Some(0), "{output:?}");
    }
    let approved = workspace.read(APPROVALS);
    assert!(approved.contains("reason = \"nobody names it\"\nuntil = 2026-12-31\n"), "{approved}");
    let passes = drift(&workspace, &[]);
    assert_eq!((passes.code, passes.stderr.as_str()), (Some(0), ""), "{passes:?}");
    assert!(passes.stdout.contains("approved until 2026-12-31: nobody names it"), "{passes:?}");
    validate(DRIFT_SCHEMA, &json(&drift(&workspace, &["--format", "json"])));
    validate(SARIF_SCHEMA, &json(&drift(&workspace, &["--format", "sarif"])));

    let over = workspace.xtask(&["drift", "--against", UPSTREAM, "--today", "2027-01-01"]);
    assert_eq!(over.code, Some(4));
    assert!(over.stderr.contains("ended on 2026-12-31"), "{over:?}");
}

#[test]
fn approve_says_what_it_wrote_and_where() {
    let workspace = with_upstream(without_roles);
    let removed = fingerprint(&workspace, "endpoint-removed");
    expect![[r#""#]].assert_eq(
        &approve(&workspace, &[&removed, "--reason", "our users have no roles"]).shown().replace(&removed, "FINGERPRINT"),
    );
    expect![[r#""#]].assert_eq(&workspace.read(APPROVALS).replace(&removed, "FINGERPRINT"));
    // Once more, with another reason: still one approval.
    approve(&workspace, &[&removed, "--reason", "another"]);
    assert_eq!(workspace.read(APPROVALS).matches("[[approved]]").count(), 1);
}

#[test]
fn only_what_is_there_can_be_approved() {
    let workspace = with_upstream(reworded);
    let before = workspace.tree();
    let refused = |args: &[&str], said: Expect| said.assert_eq(&approve(&workspace, args).shown());
    refused(&["0123456789abcdef", "--reason", "x"], expect![[r#""#]]);
    refused(
        &["x", "--reason", "x"],
        expect![[r#"
        exit 100
        -- err --
        error: `x` is no fingerprint: it has 16 digits of 0 to 9 and a to f
    "#]],
    );
    refused(
        &["0123456789abcdef", "--reason", " "],
        expect![[r#"
        exit 100
        -- err --
        error: the reason says nothing; say why the difference may pass
    "#]],
    );
    refused(
        &["0123456789abcdef", "--reason", "x", "--until", "2026-05-31"],
        expect![[r#"
        exit 100
        -- err --
        error: 2026-05-31 is over: today is 2026-06-01
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
    expect![[r#""#]].assert_eq(&drift(&workspace, &["--format", "github"]).shown());
}

#[test]
fn the_mirror_of_the_gallery_differs_from_the_committed_snapshot_in_prose_alone() {
    let Some(mirror) = mirror() else { return };
    let workspace = Workspace::fresh();
    let output = workspace.xtask(&["drift", "--against", mirror.to_str().unwrap(), "--format", "json"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let found = json(&output);
    validate(DRIFT_SCHEMA, &found);
    let levels = ["wire", "source", "docs", "identical"].map(|key| found[key].to_string()).join(" ");
    assert_eq!(levels, r#""none" "none" true false"#);
    assert_eq!(found["pending"], serde_json::json!([]));
    let only_prose = |change: &Value| ["description-changed", "summary-changed"].contains(&change["rule"].as_str().unwrap());
    assert!(found["changes"].as_array().unwrap().iter().all(only_prose), "{output:?}");
}

/// A workspace under git, if there is git.
pub(crate) fn under_git(workspace: &Workspace) -> Option<()> {
    if Command::new("git").arg("--version").output().is_err() {
        skipped("a git revision wants git");
        return None;
    }
    git(&workspace.root(), &["init", "--quiet", "--initial-branch", "main"]);
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
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(args);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_git_revision_is_what_was_before_and_nobody_is_asked() {
    let workspace = Workspace::generated();
    // Whoever asked would find nobody.
    workspace.write("specs/gallery.toml", format!("source = \"http://127.0.0.1:1/\"\n{}", workspace.read("specs/gallery.toml")));
    let Some(()) = under_git(&workspace) else { return };
    workspace.replace(OVERLAY, "minimum: 0", "minimum: 1");
    let against = |revision: &str, args: &[&str]| {
        workspace.xtask(&[&["drift", "--against", revision, "--format", "github"], args].concat())
    };
    expect![[r#""#]].assert_eq(&against("git:main", &[]).shown());
    expect![[r#""#]].assert_eq(&against("git:no-such", &[]).shown());
    expect![[r#""#]].assert_eq(&against("git:--help", &[]).shown());
}

#[test]
fn approvals_of_the_revision_count_as_well() {
    let workspace = with_upstream(without_roles);
    let removed = fingerprint(&workspace, "endpoint-removed");
    approve(&workspace, &[&removed, "--reason", "our users have no roles"]);
    let Some(()) = under_git(&workspace) else { return };
    // What a run does that takes the difference over: the approval goes with it.
    workspace.remove(APPROVALS);
    for name in ["apis.md", "openapi.md"] {
        workspace.write(&format!("{LISTING}/{name}"), workspace.read(&format!("{UPSTREAM}/{name}")));
    }
    for entry in std::fs::read_dir(workspace.path(LISTING)).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        if name != "apis.md" && name != "openapi.md" {
            workspace.remove(&format!("{LISTING}/{name}"));
        }
    }
    workspace.relock("mattermost");
    let found = json(&workspace.xtask(&["drift", "--against", "git:main", "--format", "json"]));
    let change = found["changes"].as_array().unwrap().iter().find(|change| change["fingerprint"] == removed.as_str()).cloned();
    assert_eq!(change.unwrap()["approved"]["reason"], "our users have no roles");
}

#[test]
fn a_client_that_the_revision_has_not_yet_is_passed_over() {
    let workspace = Workspace::generated();
    workspace.remove("specs/mattermost/openapi.json");
    let Some(()) = under_git(&workspace) else { return };
    expect![[r#"
        exit 0
        -- err --
        mattermost: git:main:specs/mattermost/openapi.json is not there: the client came later
        not compared: mattermost
    "#]]
    .assert_eq(&workspace.xtask(&["drift", "--against", "git:main"]).shown());
}

#[test]
fn a_workspace_outside_of_git() {
    let workspace = Workspace::generated();
    expect![[r#"
        exit 100
        -- err --
        error: git:main cannot be read: the folder is in no git repository
    "#]]
    .assert_eq(&workspace.xtask(&["drift", "--against", "git:main"]).shown());
}

#[test]
fn a_client_without_a_snapshot() {
    let workspace = Workspace::generated();
    workspace.remove("specs/gallery.lock");
    expect![[r#"
        exit 100
        -- err --
        error[no-snapshot]: the client `mattermost` has no snapshot; bring one with `cargo xtask fetch --client mattermost`
          --> specs/gallery.lock
        not compared: mattermost
    "#]]
    .assert_eq(&drift_of(&workspace, "nothing-there").shown());
    let workspace = with_upstream(str::to_owned);
    workspace.remove("specs/gallery.lock");
    expect![[r#"
        exit 100
        -- err --
        error[no-snapshot]: the client `mattermost` has no snapshot; bring one with `cargo xtask fetch --client mattermost`
          --> specs/gallery.lock
        not compared: mattermost
    "#]]
    .assert_eq(&drift_of(&workspace, UPSTREAM).shown());
}

fn drift_of(workspace: &Workspace, against: &str) -> Output {
    workspace.xtask(&["drift", "--against", against])
}

#[test]
fn an_upstream_of_which_no_document_can_be_made() {
    let workspace = with_upstream(str::to_owned);
    workspace.write(&format!("{UPSTREAM}/openapi.md"), "openapi: 3.1.0\n");
    expect![[r#""#]].assert_eq(&drift_of(&workspace, UPSTREAM).shown());
    workspace.remove(&format!("{UPSTREAM}/openapi.md"));
    expect![[r#""#]].assert_eq(&drift_of(&workspace, UPSTREAM).shown());
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: no-such-folder/streamdata-gallery-topics__memberships/_listings/mattermost is no folder (a link is none); a mirror holds a listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER, with its apis.md: check the mirror's path and the listing's name
        not compared: mattermost
    "#]].assert_eq(&drift_of(&workspace, "no-such-folder").shown());
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `matermost`; specs/gallery.toml has: mattermost
    "#]]
    .assert_eq(&workspace.xtask(&["drift", "--client", "matermost", "--against", UPSTREAM]).shown());
}

#[test]
fn approvals_that_cannot_be_read_are_refused_by_drift_and_by_regen() {
    let workspace = with_upstream(str::to_owned);
    workspace.write(APPROVALS, "[[approved]]\nrule = \"endpoint-remove\"\n");
    let before = workspace.tree();
    expect![[r#""#]].assert_eq(&drift(&workspace, &[]).shown());
    for args in [&["--check"][..], &[]] {
        let output = workspace.regen(args);
        assert_eq!(output.code, Some(100), "{output:?}");
        assert!(output.stderr.contains("no rule is called `endpoint-remove`"), "{output:?}");
    }
    assert!(workspace.tree() == before);
}
