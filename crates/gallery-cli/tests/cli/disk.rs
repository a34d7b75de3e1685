//! A disk that refuses: a run ends with 100 and says which path it is about. Once the obstacle is gone, the next run mends
//! everything.

use std::fs;
use std::process::Command;

use expect_test::{Expect, expect};

use crate::workspace::{CRATE, LISTING, Workspace, skipped};

/// Puts something in the way of a run and shows what it says; takes it away again, and the next run is complete.
fn obstructed(harm: impl FnOnce(&Workspace), said: Expect, relief: impl FnOnce(&Workspace)) {
    let workspace = Workspace::generated();
    let sound = workspace.contents();
    harm(&workspace);
    let output = workspace.regen(&[]);
    assert_eq!(output.code, Some(100), "{output:?}");
    said.assert_eq(&output.stderr);
    relief(&workspace);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(workspace.contents() == sound);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

fn a_file_for_the_journal(workspace: &Workspace) {
    workspace.write(".gallery-journal", "");
}

fn a_file_for_the_crates(workspace: &Workspace) {
    workspace.remove("crates");
    workspace.write("crates", "");
}

fn a_file_for_src(workspace: &Workspace) {
    workspace.remove(&format!("{CRATE}/src"));
    workspace.write(&format!("{CRATE}/src"), "");
}

fn a_folder_for_lib(workspace: &Workspace) {
    workspace.remove(&format!("{CRATE}/src/lib.rs"));
    fs::create_dir(workspace.path(&format!("{CRATE}/src/lib.rs"))).unwrap();
}

fn a_folder_for_the_names(workspace: &Workspace) {
    workspace.remove("specs/mattermost/names.toml");
    fs::create_dir(workspace.path("specs/mattermost/names.toml")).unwrap();
}

#[test]
fn a_file_where_the_journal_should_be() {
    obstructed(
        |workspace| {
            a_file_for_the_journal(workspace);
            workspace.remove("specs/mattermost/report.json");
        },
        expect![[r#"
            error: .gallery-journal: the journal needs this path; move it away and run this again
        "#]],
        |workspace| workspace.remove(".gallery-journal"),
    );
}

#[test]
fn a_file_where_the_crates_should_be() {
    obstructed(
        a_file_for_the_crates,
        expect![[r#"
            error: crates: a file or symlink is where a directory should be; move it away and run this again
        "#]],
        |workspace| workspace.remove("crates"),
    );
}

#[test]
fn a_file_where_src_should_be() {
    obstructed(
        a_file_for_src,
        expect![[r#"
            error: crates/gallery-mattermost/src: a file or symlink is where a directory should be; move it away and run this again
        "#]],
        |workspace| workspace.remove(&format!("{CRATE}/src")),
    );
}

#[test]
fn a_folder_where_a_generated_file_should_be() {
    obstructed(
        a_folder_for_lib,
        expect![[r#"
            error: crates/gallery-mattermost/src/lib.rs: a directory is where a file should be; move it away and run this again
        "#]],
        |workspace| workspace.remove(&format!("{CRATE}/src/lib.rs")),
    );
}

#[test]
fn a_folder_where_the_names_should_be() {
    obstructed(
        a_folder_for_the_names,
        expect![[r#"
            error: specs/mattermost/names.toml: a directory is where a file should be; move it away and run this again
        "#]],
        |workspace| workspace.remove("specs/mattermost/names.toml"),
    );
}

#[test]
fn a_folder_where_a_document_should_be() {
    let document = format!("{LISTING}/openapi.md");
    let sound = Workspace::generated().read(&document);
    obstructed(
        |workspace| {
            workspace.remove(&document);
            fs::create_dir(workspace.path(&document)).unwrap();
        },
        expect![[r#"
            error[snapshot-not-a-file]: a file of the snapshot is a link or a folder; bring it back with git or `gallery fetch --client mattermost`
              --> specs/mattermost/listing/openapi.md
            1 error; nothing was written
        "#]],
        |workspace| {
            workspace.remove(&document);
            workspace.write(&document, &sound);
        },
    );
}

/// Everything that a refused run may leave behind, shown for all obstacles.
fn each_obstacle(show: impl Fn(&Workspace)) {
    for harm in [
        a_file_for_the_journal,
        a_file_for_the_crates,
        a_file_for_src,
        a_folder_for_lib,
        a_folder_for_the_names,
    ] {
        let workspace = Workspace::generated();
        // Something to write beside the file that cannot be written.
        workspace.remove("specs/mattermost/report.json");
        harm(&workspace);
        show(&workspace);
    }
}

#[test]
fn a_refused_run_changes_nothing() {
    each_obstacle(|workspace| {
        let before = workspace.contents();
        assert_eq!(workspace.regen(&[]).code, Some(100));
        assert!(workspace.contents() == before);
    });
}

#[test]
fn a_refused_run_says_what_to_do() {
    each_obstacle(|workspace| {
        let said = workspace.regen(&[]).stderr;
        assert!(
            ["remove", "move", "rename"]
                .iter()
                .any(|advice| said.contains(advice)),
            "{said}"
        );
    });
}

#[test]
fn trouble_is_told_once() {
    each_obstacle(|workspace| {
        let said = workspace.regen(&[]).stderr;
        assert!(
            said.matches("(os error").count() <= 1 && said.lines().count() == 1,
            "{said}"
        );
    });
}

#[test]
fn a_file_for_the_journal_is_no_interrupted_run() {
    let workspace = Workspace::generated();
    a_file_for_the_journal(&workspace);
    let said = workspace.regen(&["--check"]).stdout;
    assert!(!said.contains("interrupted"), "{said}");
}

/// Runs in a filesystem of memory that has less and less room, in a namespace of its own that ends with the script.
const FULL_DISK: &str = r#"
set -eu
outer=$1 program=$2
mkdir "$outer/disk"
mount -t tmpfs -o size=4m none "$outer/disk" 2>/dev/null || { echo "no tmpfs can be mounted here"; exit 77; }
cp -R "$outer/workspace/." "$outer/disk"
cd "$outer/disk"
for spare in $3; do
    # Room for what is there and little more. Pages are what a tmpfs counts.
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
fn a_full_disk_changes_nothing() {
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
            let said = String::from_utf8_lossy(&output.stderr).into_owned()
                + &String::from_utf8_lossy(&output.stdout);
            // A script that had its filesystem must run to its end.
            assert!(!outer.join("status.0").exists(), "{said}");
            return skipped(&format!(
                "a full disk cannot be made on this machine: {}",
                said.trim()
            ));
        }
        Err(error) => {
            return skipped(&format!(
                "a full disk cannot be made on this machine: unshare: {error}"
            ));
        }
    };
    assert!(output.stderr.is_empty(), "{output:?}");

    let mut refusals = 0;
    for spare in spares
        .iter()
        .filter(|spare| outer.join(format!("status.{spare}")).exists())
    {
        let text = |name: &str| fs::read_to_string(outer.join(format!("{name}.{spare}"))).unwrap();
        let after = below(&workspace, &format!("after.{spare}/"));
        match text("status").trim() {
            "0" => assert!(after == new),
            "100" => {
                refusals += 1;
                assert!(
                    text("err").contains("No space left on device"),
                    "{}",
                    text("err")
                );
                assert!(
                    after == before,
                    "a run without room for all writes nothing: {:?}",
                    after.keys()
                );
            }
            other => panic!("exit {other} with {spare} KiB: {}", text("err")),
        }
    }
    assert!(refusals >= 2, "the disk was never full");
    assert!(
        below(&workspace, "after.room/") == new,
        "with room the next run is complete"
    );
}

/// The files of a folder beside the workspace.
fn below(workspace: &Workspace, folder: &str) -> std::collections::BTreeMap<String, Vec<u8>> {
    let tree = workspace.tree();
    let files = tree.into_iter().filter_map(|(path, entry)| match entry {
        crate::workspace::Entry::File { bytes, .. } => {
            Some((path.strip_prefix(folder)?.to_owned(), bytes))
        }
        _ => None,
    });
    files.collect()
}
