//! `.ci/publish` refuses to release a crate whose changelog has no entry for its version.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test")]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use repo_tests::root;
use tempfile::TempDir;

/// Runs the script in `directory`, with a `cargo` that prints a version and publishes nothing.
fn publish(directory: &Path, version: &str, args: &[&str]) -> Output {
    let programs = TempDir::new().unwrap();
    let cargo = programs.path().join("cargo");
    let script = format!("#!/bin/sh\n[ \"$1\" = publish ] && echo \"$@\" || echo 'a#{version}'\n");
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::var("PATH").unwrap();
    Command::new("sh")
        .arg(root().join(".ci/publish").canonicalize().unwrap())
        .args(args)
        .current_dir(directory)
        .env("PATH", format!("{}:{path}", programs.path().display()))
        .output()
        .unwrap()
}

#[test]
fn requires_an_entry_for_each_published_crate() {
    let workspace = TempDir::new().unwrap();
    let write = |path: &str, text: &str| {
        let path = workspace.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write("crates/private/Cargo.toml", "[package]\npublish = false\n");
    write("crates/a/Cargo.toml", "[package]\nname = \"a\"\n");
    let publish = |args: &[&str]| {
        let output = publish(workspace.path(), "1.2.0", args);
        let text = [output.stdout, output.stderr].concat();
        (output.status.success(), String::from_utf8(text).unwrap())
    };
    let missing = "error: crates/a/CHANGELOG.md has no entry `## 1.2.0`";
    for (text, dry_run, execute) in [
        ("", false, false),
        ("## 1.2\n## 1x2.0\n## 1.2.0-rc.1\n### 1.2.0\n", false, false),
        ("## Unreleased\n", true, false),
        ("## 1.2.0\n", true, true),
        ("# A\n\n## [1.2.0] - 2026-01-01\n", true, true),
        ("## v1.2.0 (x)\n", true, true),
    ] {
        write("crates/a/CHANGELOG.md", text);
        for (args, expected) in [(&[][..], dry_run), (&["--execute"][..], execute)] {
            let (success, output) = publish(args);
            assert_eq!(success, expected, "{text:?} {args:?}: {output}");
            assert_eq!(output.contains(missing), !expected, "{output}");
            let is_dry_run = output.contains("publish --locked --workspace --dry-run");
            assert_eq!(is_dry_run, expected && args.is_empty(), "{output}");
        }
    }
}

#[test]
fn all_published_crates_have_a_changelog() {
    let output = publish(&root(), "0.1.0", &[]);
    assert!(output.status.success(), "{output:?}");
}
