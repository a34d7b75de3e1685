//! Obstacles on disk and full disks: `regen` exits 100 and reports the path. After the obstacle is
//! removed, the next run repairs everything.

use std::fs;
use std::process::Command;

use expect_test::{Expect, expect};

use crate::workspace::{CRATE, LISTING, Workspace, skipped};

/// Creates an obstacle and checks that `regen` fails with this output. Then removes the obstacle
/// and checks that `regen` succeeds.
fn assert_obstacle_reported(
    create: impl FnOnce(&Workspace),
    expected: Expect,
    remove: impl FnOnce(&Workspace),
) {
    let workspace = Workspace::generated();
    let original = workspace.contents();
    create(&workspace);
    let output = workspace.regen(&[]);
    assert_eq!(output.code, Some(100), "{output:?}");
    expected.assert_eq(&output.stderr);
    remove(&workspace);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(workspace.contents() == original);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

fn replace_journal_with_file(workspace: &Workspace) {
    workspace.write(".gallery-journal", "");
}

fn replace_crates_with_file(workspace: &Workspace) {
    workspace.remove("crates");
    workspace.write("crates", "");
}

fn replace_src_with_file(workspace: &Workspace) {
    workspace.remove(&format!("{CRATE}/src"));
    workspace.write(&format!("{CRATE}/src"), "");
}

fn replace_lib_with_folder(workspace: &Workspace) {
    workspace.remove(&format!("{CRATE}/src/lib.rs"));
    fs::create_dir(workspace.path(&format!("{CRATE}/src/lib.rs"))).unwrap();
}

fn replace_names_with_folder(workspace: &Workspace) {
    workspace.remove("specs/mattermost/names.toml");
    fs::create_dir(workspace.path("specs/mattermost/names.toml")).unwrap();
}

#[test]
fn reports_a_file_in_place_of_the_journal() {
    assert_obstacle_reported(
        |workspace| {
            replace_journal_with_file(workspace);
            workspace.remove("specs/mattermost/report.json");
        },
        expect![[r#"
            error: .gallery-journal: the journal needs this path; move it away and run this again
        "#]],
        |workspace| workspace.remove(".gallery-journal"),
    );
}

#[test]
fn reports_a_file_in_place_of_the_crates_folder() {
    assert_obstacle_reported(
        replace_crates_with_file,
        expect![[r#"
            error: crates: a file or symlink is where a directory should be; move it away and run this again
        "#]],
        |workspace| workspace.remove("crates"),
    );
}

#[test]
fn reports_a_file_in_place_of_a_crate_folder() {
    assert_obstacle_reported(
        replace_src_with_file,
        expect![[r#"
            error: crates/gallery-mattermost/src: a file or symlink is where a directory should be; move it away and run this again
        "#]],
        |workspace| workspace.remove(&format!("{CRATE}/src")),
    );
}

#[test]
fn reports_a_folder_in_place_of_a_generated_file() {
    assert_obstacle_reported(
        replace_lib_with_folder,
        expect![[r#"
            error: crates/gallery-mattermost/src/lib.rs: a directory is where a file should be; move it away and run this again
        "#]],
        |workspace| workspace.remove(&format!("{CRATE}/src/lib.rs")),
    );
}

#[test]
fn reports_a_folder_in_place_of_the_names_file() {
    assert_obstacle_reported(
        replace_names_with_folder,
        expect![[r#"
            error: specs/mattermost/names.toml: a directory is where a file should be; move it away and run this again
        "#]],
        |workspace| workspace.remove("specs/mattermost/names.toml"),
    );
}

#[test]
fn reports_a_folder_in_place_of_a_document() {
    let document = format!("{LISTING}/openapi.md");
    let original = Workspace::generated().read(&document);
    assert_obstacle_reported(
        |workspace| {
            workspace.remove(&document);
            fs::create_dir(workspace.path(&document)).unwrap();
        },
        expect![[r#"
            error[snapshot-not-a-file]: the snapshot file is a symlink or a directory; restore it with git or `gallery fetch mattermost`
              --> specs/mattermost/listing/openapi.md
            1 error; nothing was written
        "#]],
        |workspace| {
            workspace.remove(&document);
            workspace.write(&document, &original);
        },
    );
}

/// Calls `check` with a workspace for each obstacle.
fn for_each_obstacle(check: impl Fn(&Workspace)) {
    for create in [
        replace_journal_with_file,
        replace_crates_with_file,
        replace_src_with_file,
        replace_lib_with_folder,
        replace_names_with_folder,
    ] {
        let workspace = Workspace::generated();
        // Another generated file is missing, so a partial run would be noticed.
        workspace.remove("specs/mattermost/report.json");
        create(&workspace);
        check(&workspace);
    }
}

#[test]
fn a_failed_run_changes_nothing() {
    for_each_obstacle(|workspace| {
        let before = workspace.contents();
        assert_eq!(workspace.regen(&[]).code, Some(100));
        assert!(workspace.contents() == before);
    });
}

#[test]
fn error_messages_suggest_a_fix() {
    for_each_obstacle(|workspace| {
        let stderr = workspace.regen(&[]).stderr;
        assert!(
            ["remove", "move", "rename"]
                .iter()
                .any(|advice| stderr.contains(advice)),
            "{stderr}"
        );
    });
}

#[test]
fn reports_each_obstacle_in_one_line() {
    for_each_obstacle(|workspace| {
        let stderr = workspace.regen(&[]).stderr;
        assert!(
            stderr.matches("(os error").count() <= 1 && stderr.lines().count() == 1,
            "{stderr}"
        );
    });
}

#[test]
fn a_file_in_place_of_the_journal_is_not_an_interrupted_run() {
    let workspace = Workspace::generated();
    replace_journal_with_file(&workspace);
    let stdout = workspace.regen(&["--check"]).stdout;
    assert!(!stdout.contains("interrupted"), "{stdout}");
}

/// Runs `regen` on a tmpfs, first without free space and then with more each time. The tmpfs is
/// in a mount namespace that ends with the script.
const FULL_DISK: &str = r#"
set -eu
outer=$1 program=$2
mkdir "$outer/disk"
mount -t tmpfs -o size=4m none "$outer/disk" 2>/dev/null || { echo "no tmpfs can be mounted here"; exit 77; }
cp -R "$outer/workspace/." "$outer/disk"
cd "$outer/disk"
for spare in $3; do
    # Leave `spare` KiB of free space. A tmpfs counts whole pages.
    used=$(df -k --output=used . | tail -n 1)
    mount -o remount,size=$((used + spare))k "$outer/disk"
    status=0
    "$program" regen >"$outer/out.$spare" 2>"$outer/err.$spare" || status=$?
    echo $status >"$outer/status.$spare"
    mkdir "$outer/after.$spare"
    cp -R ./. "$outer/after.$spare"
    if [ $status = 0 ]; then break; fi
done
mount -o remount,size=4m "$outer/disk"
"$program" regen >"$outer/out.room" 2>"$outer/err.room" || status=$?
mkdir "$outer/after.room"
cp -R ./. "$outer/after.room"
"#;

#[test]
fn a_run_on_a_full_disk_changes_nothing() {
    let workspace = Workspace::generated();
    let (old, new) = (workspace.contents(), {
        workspace.replace(
            &format!("{LISTING}/openapi.md"),
            "Get the team members\n",
            "Get the members of the team\n",
        );
        workspace.relock("mattermost");
        let changed = workspace.contents();
        assert_eq!(workspace.regen(&[]).code, Some(0));
        let new = workspace.contents();
        changed
            .iter()
            .for_each(|(path, bytes)| workspace.write(path, bytes));
        new
    });
    let before = workspace.contents();
    assert!(before != old && before != new);

    let outer = workspace.root().parent().unwrap().to_owned();
    let spares = ["0", "4", "12", "28", "60", "92"];
    let program = [
        "--mount",
        "--propagation",
        "private",
        "sh",
        "-c",
        FULL_DISK,
        "sh",
    ];
    let mut script = Command::new("unshare");
    script
        .args(program)
        .arg(&outer)
        .arg(env!("CARGO_BIN_EXE_gallery"))
        .arg(spares.join(" "))
        .env_remove("CARGO_MANIFEST_DIR");
    let output = match script.output() {
        Ok(output) if output.status.success() => output,
        Ok(output) => {
            let reason = String::from_utf8_lossy(&output.stderr).into_owned()
                + &String::from_utf8_lossy(&output.stdout);
            // If the tmpfs was mounted, the script must not fail.
            assert!(!outer.join("status.0").exists(), "{reason}");
            return skipped(&format!(
                "this machine cannot simulate a full disk: {}",
                reason.trim()
            ));
        }
        Err(error) => {
            return skipped(&format!(
                "this machine cannot simulate a full disk: unshare: {error}"
            ));
        }
    };
    assert!(output.stderr.is_empty(), "{output:?}");

    let mut failures = 0;
    for spare in spares
        .iter()
        .filter(|spare| outer.join(format!("status.{spare}")).exists())
    {
        let text = |name: &str| fs::read_to_string(outer.join(format!("{name}.{spare}"))).unwrap();
        let after = files_below(&workspace, &format!("after.{spare}/"));
        match text("status").trim() {
            "0" => assert!(after == new),
            "100" => {
                failures += 1;
                assert!(
                    text("err").contains("No space left on device"),
                    "{}",
                    text("err")
                );
                assert!(
                    after == before,
                    "a run on a full disk must write nothing: {:?}",
                    after.keys()
                );
            }
            other => panic!("exit {other} with {spare} KiB: {}", text("err")),
        }
    }
    assert!(failures >= 2, "the disk was not full often enough");
    assert!(
        files_below(&workspace, "after.room/") == new,
        "a run with enough space must be complete"
    );
}

/// Returns the files of a folder beside the workspace, with their contents.
fn files_below(workspace: &Workspace, folder: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let tree = workspace.tree();
    let files = tree.into_iter().filter_map(|(path, entry)| match entry {
        crate::workspace::Entry::File { bytes, .. } => {
            Some((path.strip_prefix(folder)?.to_owned(), bytes))
        }
        _ => None,
    });
    files.collect()
}
