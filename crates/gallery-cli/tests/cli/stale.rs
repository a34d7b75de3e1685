//! Stale files: `regen --check` reports each changed, missing or orphaned file.
//!
//! `regen` restores the files byte for byte.

use crate::workspace::{CRATE, GENERATED, Workspace};

/// Modifies a file, and checks that `--check` reports it and that `regen` restores it.
fn check(workspace: &Workspace, expected: &str, modify: impl FnOnce()) {
    let original = workspace.contents();
    modify();
    let modified = workspace.tree();
    let checked = workspace.regen(&["--check"]);
    assert_eq!(
        (checked.code, checked.stale()),
        (Some(4), vec![expected.to_owned()])
    );
    assert_eq!(workspace.tree(), modified, "`--check` must not write");
    let restored = workspace.regen(&[]);
    assert_eq!(
        (restored.code, restored.stderr.as_str()),
        (Some(0), ""),
        "{expected}"
    );
    assert!(workspace.contents() == original, "{expected}");
}

#[test]
fn reports_and_restores_missing_files() {
    let workspace = Workspace::generated();
    for path in GENERATED {
        check(&workspace, &format!("missing {path}"), || {
            workspace.remove(path);
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn reports_and_restores_files_with_an_added_line() {
    let workspace = Workspace::generated();
    // `names.toml` may be edited; see the module `names`.
    for path in GENERATED
        .iter()
        .filter(|path| !path.ends_with("names.toml"))
    {
        check(&workspace, &format!("changed {path}"), || {
            workspace.append(path, "# by hand\n");
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn reports_and_restores_empty_files() {
    let workspace = Workspace::generated();
    // An empty manifest may be written by hand; see the module `bad_input`.
    for path in GENERATED
        .iter()
        .filter(|path| !path.ends_with("Cargo.toml"))
    {
        check(&workspace, &format!("changed {path}"), || {
            workspace.write(path, "");
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn reports_and_restores_files_with_a_changed_byte() {
    let workspace = Workspace::generated();
    for path in [
        "specs/mattermost/openapi.json",
        "crates/gallery-mattermost/src/generated.rs",
    ] {
        check(&workspace, &format!("changed {path}"), || {
            workspace.replace(path, "page", "Page");
        });
        // Line endings that another tool converted.
        check(&workspace, &format!("changed {path}"), || {
            workspace.replace(path, "\n", "\r\n");
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn reports_and_removes_orphaned_files() {
    let workspace = Workspace::generated();
    for path in [
        "src/extra.rs",
        "tests/extra.rs",
        "src/deep/er.rs",
        "src/.hidden",
        "tests/data/a b.json",
    ] {
        let path = format!("{CRATE}/{path}");
        check(&workspace, &format!("orphaned {path}"), || {
            workspace.write(&path, "");
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn replaces_a_symlink_without_writing_to_its_target() {
    let workspace = Workspace::generated();
    let (path, elsewhere) = (format!("{CRATE}/src/lib.rs"), workspace.path("elsewhere"));
    check(&workspace, &format!("changed {path}"), || {
        workspace.remove(&path);
        std::os::unix::fs::symlink(&elsewhere, workspace.path(&path)).unwrap();
    });
    assert!(!elsewhere.exists());
}

#[cfg(unix)]
#[test]
fn keeps_files_in_a_symlinked_directory() {
    let workspace = Workspace::generated();
    workspace.write("elsewhere/precious.rs", "by hand\n");
    workspace.remove(&format!("{CRATE}/src"));
    std::os::unix::fs::symlink("../../elsewhere", workspace.path(&format!("{CRATE}/src"))).unwrap();
    workspace.regen(&[]);
    assert_eq!(workspace.read("elsewhere/precious.rs"), "by hand\n");
}

#[cfg(target_os = "linux")]
#[test]
fn rejects_a_file_name_that_is_not_utf8() {
    use std::os::unix::ffi::OsStrExt;
    let workspace = Workspace::generated();
    let file = workspace
        .path(&format!("{CRATE}/src"))
        .join(std::ffi::OsStr::from_bytes(b"\xff.rs"));
    std::fs::write(&file, "").unwrap();
    for args in [&["--check"][..], &[]] {
        let output = workspace.regen(args);
        assert_eq!(output.code, Some(100));
        assert!(
            output
                .stderr
                .contains(r#"contains "\xFF.rs", whose name is not UTF-8; move it away"#),
            "{}",
            output.stderr
        );
    }
    assert!(file.exists());
}

#[test]
fn removes_empty_directories() {
    let workspace = Workspace::generated();
    workspace.write(&format!("{CRATE}/src/deep/er.rs"), "");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(!workspace.path(&format!("{CRATE}/src/deep")).exists());
}

#[test]
fn reports_a_generated_crate_without_a_client() {
    let workspace = Workspace::generated();
    workspace.replace(
        "specs/gallery.toml",
        "\"gallery-mattermost\"",
        "\"gallery-renamed\"",
    );
    let stdout = workspace.regen(&[]).stdout;
    let exists = workspace.path(&format!("{CRATE}/Cargo.toml")).exists();
    assert!(
        !exists
            || stdout
                .lines()
                .any(|line| line.contains("crates/gallery-mattermost")),
        "{stdout}"
    );
}

#[test]
fn check_exits_4_even_if_the_output_is_closed() {
    let workspace = Workspace::generated();
    workspace.remove(&format!("{CRATE}/src/lib.rs"));
    assert_eq!(
        run_with_closed_output(&workspace, &["regen", "--check"]),
        Some(4)
    );
}

#[test]
fn regen_completes_even_if_the_output_is_closed() {
    let workspace = Workspace::generated();
    workspace.remove(&format!("{CRATE}/src/lib.rs"));
    assert_eq!(run_with_closed_output(&workspace, &["regen"]), Some(0));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

/// Runs a command whose output nobody reads, as in `gallery regen | true`.
fn run_with_closed_output(workspace: &Workspace, args: &[&str]) -> Option<i32> {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    workspace
        .command(args)
        .stdout(writer)
        .status()
        .unwrap()
        .code()
}
