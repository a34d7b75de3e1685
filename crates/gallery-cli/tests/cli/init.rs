//! Workspaces made by `gallery init`, and the options that every command has.

use std::path::{Path, PathBuf};
use std::process::Command;

use expect_test::{Expect, expect};

use crate::workspace::{LISTING, Workspace, copy};

/// The listing that the fixture mirror contains.
const MATTERMOST: &str = "streamdata-gallery-topics/memberships/mattermost";

fn check(workspace: &Workspace, args: &[&str], expected: Expect) {
    expected.assert_eq(&workspace.gallery(args).shown());
}

/// The folder of the runtime crates in this checkout.
fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .canonicalize()
        .unwrap()
}

/// Runs `init` with the runtime crates of this checkout, and adds a client from a mirror.
fn with_a_client() -> Workspace {
    let workspace = Workspace::empty();
    let runtime = crates();
    let made = workspace.gallery(&["init", "--runtime-path", runtime.to_str().unwrap()]);
    assert_eq!(made.code, Some(0), "{made:?}");
    let mirror = tempfile::tempdir().unwrap();
    copy(
        &runtime.join("..").join(LISTING),
        &mirror
            .path()
            .join("streamdata-gallery-topics__memberships/_listings/mattermost"),
    );
    let mirror = mirror.path().to_str().unwrap();
    let added = workspace.gallery(&["add", MATTERMOST, "--mirror", mirror]);
    assert_eq!(added.code, Some(0), "{added:?}");
    workspace
}

#[test]
fn makes_a_workspace_once() {
    let workspace = Workspace::empty();
    check(
        &workspace,
        &["init", "clients"],
        expect![[r#"
            exit 0
            -- out --
                 new  Cargo.toml
                 new  .gitignore
                 new  README.md
                 new  specs/gallery.toml
            clients is ready; `gallery search WORDS` finds an API, `gallery add LISTING` makes its client
        "#]],
    );
    expect![[r#"
        # The client crates of this workspace, and the listing that each is generated from.
        # `gallery add` adds one; `gallery regen` generates everything from this file.
    "#]]
    .assert_eq(&workspace.read("clients/specs/gallery.toml"));
    let before = workspace.tree();
    check(
        &workspace,
        &["init", "clients"],
        expect![[r#"
            exit 100
            -- err --
            error: clients is already a workspace: specs/gallery.toml exists
        "#]],
    );
    assert_eq!(workspace.tree(), before);
}

#[test]
fn keeps_existing_files() {
    let workspace = Workspace::empty();
    workspace.write("Cargo.toml", "[workspace]\nmembers = [\"app\"]\n");
    workspace.write("README.md", "ours");
    check(
        &workspace,
        &["init"],
        expect![[r#"
            exit 0
            -- out --
                kept  Cargo.toml
                 new  .gitignore
                kept  README.md
                 new  specs/gallery.toml
            add `crates/*` to the members of the workspace in Cargo.toml
            . is ready; `gallery search WORDS` finds an API, `gallery add LISTING` makes its client
        "#]],
    );
    assert_eq!(workspace.read("README.md"), "ours");
}

#[test]
fn rejects_a_runtime_path_without_the_runtime() {
    let workspace = Workspace::empty();
    check(
        &workspace,
        &["init", "--runtime-path", "nowhere"],
        expect![[r#"
            exit 100
            -- err --
            error: nowhere does not contain the crate gallery-runtime; give the directory `crates` of a checkout
        "#]],
    );
    assert!(!workspace.path("Cargo.toml").exists());
}

#[test]
fn recommends_init_outside_of_a_workspace() {
    check(
        &Workspace::empty(),
        &["regen"],
        expect![[r#"
            exit 100
            -- err --
            error: no specs/gallery.toml here or in a parent directory; `gallery init` makes a workspace
        "#]],
    );
}

#[test]
#[ignore = "it compiles a client"]
fn the_crate_of_a_new_workspace_passes_its_tests() {
    let workspace = with_a_client();
    let lock = crates().join("../Cargo.lock");
    std::fs::copy(lock, workspace.path("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["test", "--offline"])
        .current_dir(workspace.root())
        .env(
            "CARGO_TARGET_DIR",
            Path::new(env!("CARGO_TARGET_TMPDIR")).join("added"),
        )
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn quiet_prints_errors_only() {
    let workspace = Workspace::fresh();
    check(&workspace, &["regen", "--quiet"], expect!["exit 0\n"]);
    workspace.remove(LISTING);
    let failed = workspace.regen(&["--quiet"]);
    assert_eq!(failed.code, Some(100));
    assert!(failed.stdout.is_empty() && failed.stderr.contains("error[snapshot-missing]"));
}

#[test]
fn color_applies_to_errors_of_every_command() {
    let workspace = Workspace::empty();
    for (color, expected) in [
        ("always", "\u{1b}[1m\u{1b}[31merror:\u{1b}[0m no specs"),
        ("never", "error: no specs"),
        ("auto", "error: no specs"),
    ] {
        let stderr = workspace.gallery(&["regen", "--color", color]).stderr;
        assert!(stderr.starts_with(expected), "{color}: {stderr:?}");
    }
    let usage = workspace.gallery(&["--color=always", "regne"]).stderr;
    assert!(usage.contains("\u{1b}["), "{usage:?}");
}

#[test]
fn prints_the_version_and_completions() {
    let workspace = Workspace::empty();
    let version = workspace.gallery(&["--version"]).stdout;
    assert!(
        version.starts_with(concat!("gallery ", env!("CARGO_PKG_VERSION"))),
        "{version}"
    );
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = workspace.gallery(&["completions", shell]);
        assert_eq!(script.code, Some(0), "{script:?}");
        assert!(
            script.stdout.contains("gallery") && script.stdout.contains("drift"),
            "{shell}"
        );
    }
}
