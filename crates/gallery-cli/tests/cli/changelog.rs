//! `changelog`: entries for the differences from a git revision, and the versions of clients.
//! `regen` copies changelogs and license files to the crates.

use expect_test::{Expect, expect};

use crate::drift::{commit, under_git};
use crate::workspace::{CRATE, OVERLAY, Output, Workspace};

const CHANGELOG: &str = "specs/mattermost/CHANGELOG.md";

fn changelog(workspace: &Workspace, args: &[&str]) -> Output {
    workspace.gallery(&[&["changelog", "--today", "2026-06-01"], args].concat())
}

/// Creates a workspace under git, and then changes the type of a property.
fn changed() -> Option<Workspace> {
    let workspace = Workspace::generated();
    workspace.write(CHANGELOG, "# Ours\n\n## 0.1.0\n\n- First version.\n");
    under_git(&workspace)?;
    workspace.replace(
        OVERLAY,
        "request_id: { type: string,",
        "request_id: { type: integer,",
    );
    Some(workspace)
}

fn check(workspace: &Workspace, expected: Expect) {
    let version = workspace.read("specs/gallery.toml");
    let version = version.lines().find(|line| line.starts_with("version"));
    let text = workspace.read(CHANGELOG);
    expected.assert_eq(&format!("{}\n\n{text}", version.unwrap()));
}

#[test]
fn adds_an_entry_and_raises_the_version_once() {
    let Some(workspace) = changed() else {
        return;
    };
    let before = workspace.read("specs/gallery.toml");
    let args = ["--against", "git:main"];
    expect![[r#"
        exit 0
        -- out --
        mattermost: 0.1.0 → 0.2.0
         changed  specs/gallery.toml
         changed  specs/mattermost/CHANGELOG.md
        2 files written; review the entry, then run `gallery regen`
    "#]]
    .assert_eq(&changelog(&workspace, &args).shown());
    check(
        &workspace,
        expect![[r#"
        version = "0.2.0"

        # Ours

        ## 0.2.0 - 2026-06-01

        ### Changed

        - **Breaking, over the wire and in source:** `#components/schemas/AppError/properties/request_id/type`: changed the type of the response property `request_id` (`string` → `integer`): clients cannot parse values of the new type; the Rust type changes.

        ## 0.1.0

        - First version.
    "#]],
    );
    assert_eq!(
        workspace.read("specs/gallery.toml"),
        before.replace("version = \"0.1.0\"", "version = \"0.2.0\"")
    );
    expect![[r#"
        exit 0
        -- out --
        mattermost: 0.1.0 → 0.2.0
        nothing to write
    "#]]
    .assert_eq(&changelog(&workspace, &["mattermost", "--against", "git:main"]).shown());
    // The crate has a copy.
    expect![[r#"
        changed crates/gallery-mattermost/CHANGELOG.md
        changed crates/gallery-mattermost/Cargo.toml
        changed crates/gallery-mattermost/openapi.json
        changed crates/gallery-mattermost/src/generated.rs
        changed specs/mattermost/openapi.json"#]]
    .assert_eq(&workspace.regen(&["--check"]).stale().join("\n"));
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(
        workspace.read(CHANGELOG),
        workspace.read(&format!("{CRATE}/CHANGELOG.md"))
    );
    // The base of the suggestion is the version at the revision.
    let report = workspace.gallery(&["drift", "--against", "git:main", "--format", "markdown"]);
    assert!(
        report.stdout.contains("| 0.1.0 → 0.2.0 (minor) |"),
        "{report:?}"
    );
    commit(&workspace.root());
    expect![[r#"
        exit 0
        -- out --
        mattermost: no differences; the version stays 0.2.0
        nothing to write
    "#]]
    .assert_eq(&changelog(&workspace, &args).shown());
}

#[test]
fn keeps_the_version_and_the_text_that_people_wrote() {
    let Some(workspace) = changed() else {
        return;
    };
    workspace.replace("specs/gallery.toml", "\"0.1.0\"", "\"0.3.0-rc.1\"");
    let text = workspace.read(CHANGELOG);
    let own = "## Unreleased\n\n### Changed\n\n- New examples.\n- `#components/schemas/AppError/properties/request_id/type` is a number now.\n\n## 0.1.0";
    workspace.write(CHANGELOG, text.replace("## 0.1.0", own));
    expect![[r#"
        exit 0
        -- out --
        mattermost: 0.1.0 → 0.3.0-rc.1
          not added, because the entry names the location: - **Breaking, over the wire and in source:** `#components/schemas/AppError/properties/request_id/type`: changed the type of the response property `request_id` (`string` → `integer`): clients cannot parse values of the new type; the Rust type changes.
         changed  specs/mattermost/CHANGELOG.md
        1 file written; review the entry, then run `gallery regen`
    "#]]
    .assert_eq(&changelog(&workspace, &["--against", "git:main"]).shown());
    check(
        &workspace,
        expect![[r#"
            version = "0.3.0-rc.1"

            # Ours

            ## 0.3.0-rc.1 - 2026-06-01

            ### Changed

            - New examples.
            - `#components/schemas/AppError/properties/request_id/type` is a number now.

            ## 0.1.0

            - First version.
        "#]],
    );
}

#[test]
fn changes_without_an_effect_on_code_have_an_entry_too() {
    let Some(workspace) = changed() else {
        return;
    };
    assert_eq!(workspace.regen(&[]).code, Some(0));
    commit(&workspace.root());
    let args = ["--against", "git:main"];
    expect![[r#"
        exit 0
        -- out --
        mattermost: no differences; the version stays 0.1.0
        nothing to write
    "#]]
    .assert_eq(&changelog(&workspace, &args).shown());
    workspace.replace(OVERLAY, "The number of the page, from 0.", "From 0.");
    expect![[r#"
        exit 0
        -- out --
        mattermost: 0.1.0 → 0.1.1
         changed  specs/gallery.toml
         changed  specs/mattermost/CHANGELOG.md
        2 files written; review the entry, then run `gallery regen`
    "#]]
    .assert_eq(&changelog(&workspace, &args).shown());
    check(
        &workspace,
        expect![[r#"
            version = "0.1.1"

            # Ours

            ## 0.1.1 - 2026-06-01

            - The documentation of the API changed.

            ## 0.1.0

            - First version.
        "#]],
    );
}

#[test]
fn rejects_other_bases_and_documents_with_errors() {
    let Some(workspace) = changed() else {
        return;
    };
    let failed = |base| changelog(&workspace, &["--against", base]).shown();
    expect![[r#"
        exit 2
        -- err --
        error: invalid value 'upstream' for '--against <git:REV>': expected git:REV

        For more information, try '--help'.
    "#]]
    .assert_eq(&failed("upstream"));
    expect![[r#"
        exit 100
        -- err --
        error: git has no revision `none`; in a shallow clone, `git fetch origin none` may add it
    "#]]
    .assert_eq(&failed("git:none"));
    workspace.append(OVERLAY, "  - target: $.none\n    remove: true\n");
    let before = workspace.read(CHANGELOG);
    expect![[r#"
        exit 100
        -- err --
        error[overlay]: the action has no `x-reason`: state why the listing is wrong or incomplete, here or once for the overlay
          --> specs/mattermost/overlay.yaml:208:5
        error[overlay]: the action has no `x-source`: state the source of the correction, here or once for the overlay
          --> specs/mattermost/overlay.yaml:208:5
        not compared: mattermost
    "#]].assert_eq(&changelog(&workspace, &["--against", "git:main"]).shown());
    assert_eq!(workspace.read(CHANGELOG), before);
}

#[test]
fn regen_creates_a_changelog_and_warns_of_a_missing_entry() {
    let workspace = Workspace::generated();
    workspace.remove(CHANGELOG);
    // An earlier version did not write this file.
    workspace.write(&format!("{CRATE}/CHANGELOG.md"), "# By hand\n");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.read(CHANGELOG), "# By hand\n");
    workspace.remove(CHANGELOG);
    workspace.remove(&format!("{CRATE}/CHANGELOG.md"));
    assert_eq!(workspace.regen(&[]).code, Some(0));
    expect![[r#"
        # Changelog of `gallery-mattermost`

        ## 0.1.0

        - First version.
    "#]]
    .assert_eq(&workspace.read(CHANGELOG));
    workspace.replace("specs/gallery.toml", "\"0.1.0\"", "\"0.2.0\"");
    let output = workspace.regen(&["--check"]);
    let warnings = output
        .stdout
        .lines()
        .filter(|line| line.contains("changelog"));
    expect!["warning[changelog-entry]: the changelog has no entry for version 0.2.0; `gallery changelog mattermost --against git:REV` adds one, with the differences from the revision of the last release"].assert_eq(&warnings.collect::<Vec<_>>().join("\n"));
}

#[test]
fn crates_have_the_licenses_of_the_workspace() {
    let workspace = Workspace::generated();
    workspace.write("LICENSE-MIT", "MIT\n");
    let copy = format!("{CRATE}/LICENSE-MIT");
    let output = workspace.regen(&["--check"]);
    assert_eq!(output.stale(), [format!("missing {copy}")]);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.read(&copy), "MIT\n");
    assert_eq!(workspace.gallery(&["remove", "mattermost"]).code, Some(0));
    assert!(!workspace.path(&copy).exists());
}
