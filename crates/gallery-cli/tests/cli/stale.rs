//! Whatever happens to a generated file, `--check` says which one and how, and a run brings it back byte for byte.

use crate::workspace::{CRATE, GENERATED, Workspace};

/// Does something to a file, and shows that it is found and mended.
fn check(workspace: &Workspace, said: &str, harm: impl FnOnce()) {
    let sound = workspace.contents();
    harm();
    let harmed = workspace.tree();
    let checked = workspace.regen(&["--check"]);
    assert_eq!(
        (checked.code, checked.stale()),
        (Some(4), vec![said.to_owned()])
    );
    assert_eq!(workspace.tree(), harmed, "--check writes nothing");
    let mended = workspace.regen(&[]);
    assert_eq!(
        (mended.code, mended.stderr.as_str()),
        (Some(0), ""),
        "{said}"
    );
    assert!(workspace.contents() == sound, "{said}");
}

#[test]
fn files_that_are_gone_are_missing() {
    let workspace = Workspace::generated();
    for path in GENERATED {
        check(&workspace, &format!("missing {path}"), || {
            workspace.remove(path);
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn files_that_are_longer_are_changed() {
    let workspace = Workspace::generated();
    // Names may be edited; see `names`.
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
fn files_that_are_empty_are_changed() {
    let workspace = Workspace::generated();
    // An empty manifest may be a person's; see `bad_input`.
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
fn files_with_another_byte_are_changed() {
    let workspace = Workspace::generated();
    for path in [
        "specs/mattermost/openapi.json",
        "crates/gallery-mattermost/src/generated.rs",
    ] {
        check(&workspace, &format!("changed {path}"), || {
            workspace.replace(path, "page", "Page");
        });
        // Line ends that a tool turned around.
        check(&workspace, &format!("changed {path}"), || {
            workspace.replace(path, "\n", "\r\n");
        });
    }
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn files_that_are_not_generated_are_orphans() {
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
fn a_link_in_place_of_a_file_is_changed_and_not_written_through() {
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
fn files_behind_a_link_to_a_folder_are_not_removed() {
    let workspace = Workspace::generated();
    workspace.write("elsewhere/precious.rs", "by hand\n");
    workspace.remove(&format!("{CRATE}/src"));
    std::os::unix::fs::symlink("../../elsewhere", workspace.path(&format!("{CRATE}/src"))).unwrap();
    workspace.regen(&[]);
    assert_eq!(workspace.read("elsewhere/precious.rs"), "by hand\n");
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_name_is_no_text_is_refused() {
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
fn no_empty_folders_are_left_behind() {
    let workspace = Workspace::generated();
    workspace.write(&format!("{CRATE}/src/deep/er.rs"), "");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(!workspace.path(&format!("{CRATE}/src/deep")).exists());
}

#[test]
fn a_generated_crate_that_no_client_has_any_more_is_told() {
    let workspace = Workspace::generated();
    workspace.replace(
        "specs/gallery.toml",
        "\"gallery-mattermost\"",
        "\"gallery-renamed\"",
    );
    let said = workspace.regen(&[]).stdout;
    let left = workspace.path(&format!("{CRATE}/Cargo.toml")).exists();
    assert!(
        !left
            || said
                .lines()
                .any(|line| line.contains("crates/gallery-mattermost")),
        "{said}"
    );
}

#[test]
fn staleness_is_told_by_the_exit_status_even_when_nobody_reads() {
    let workspace = Workspace::generated();
    workspace.remove(&format!("{CRATE}/src/lib.rs"));
    assert_eq!(unread(&workspace, &["regen", "--check"]), Some(4));
}

#[test]
fn a_run_is_complete_even_when_nobody_reads() {
    let workspace = Workspace::generated();
    workspace.remove(&format!("{CRATE}/src/lib.rs"));
    assert_eq!(unread(&workspace, &["regen"]), Some(0));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

/// Runs with an output whose reader is gone, as behind `| true`.
fn unread(workspace: &Workspace, args: &[&str]) -> Option<i32> {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    workspace
        .command(args)
        .stdout(writer)
        .status()
        .unwrap()
        .code()
}
