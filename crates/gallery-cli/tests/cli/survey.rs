//! `gallery survey`: the result of the pipeline for each listing of a mirror.
//!
//! Most tests use a small mirror that they create. One test uses the mirror of the gallery in
//! `GALLERY_MIRROR`.

use std::fs::{File, Permissions};
use std::process::Command;

use expect_test::{Expect, expect};

use crate::mirror::mirror;
use crate::workspace::{LISTING, OVERLAY, Workspace, copy, skipped};

const HEAD: &str = "swagger: '2.0'\ninfo: {title: T, version: '1'}\nhost: api.garden.example.io\n";

/// Returns a workspace with a mirror in the directory `mirror`.
///
/// The mirror has two listings with valid operations, one without operations, and one whose only
/// operation is dropped.
fn workspace() -> Workspace {
    let workspace = Workspace::generated();
    copy(
        &workspace.path(LISTING),
        &workspace.path("mirror/topics__chat/_listings/mattermost"),
    );
    let put = |listing: &str, paths: &str| {
        workspace.write(
            &format!("mirror/topics__garden/_listings/{listing}/apis.md"),
            format!("name: {listing}\n"),
        );
        workspace.write(
            &format!("mirror/topics__garden/_listings/{listing}/openapi.md"),
            format!("{HEAD}{paths}"),
        );
    };
    put(
        "beds",
        "paths:\n  /beds/{id}:\n    get: {responses: {200: {description: OK}}}\n    '': {}\n",
    );
    put("empty", "paths: {}\n");
    put("lost", "paths:\n  /lost:\n    '': {}\n");
    workspace
}

/// Checks the output of `gallery survey mirror`.
fn check(workspace: &Workspace, args: &[&str], expected: Expect) {
    expected.assert_eq(
        &workspace
            .gallery(&[&["survey", "mirror"], args].concat())
            .shown(),
    );
}

#[test]
fn prints_a_row_for_each_listing() {
    let workspace = workspace();
    let before = workspace.tree();
    check(
        &workspace,
        &[],
        expect![[r#"
            exit 0
            -- out --
            SOURCE                  VERSIONS  TYPED  ENTRIES  ENDPOINTS  DUPLICATES  CONFLICTS  REPAIRED  ASSUMED  SIBLING  DANGLING  RENAMED  REDUCED  DROPPED
            topics/chat/mattermost  2.0       0/7    7        7          0           0          13        24       0        0         0        0        0
            topics/garden/beds      2.0       0/1    2        1          0           0          1         2        0        0         0        0        1
            topics/garden/lost                0/0    1        0          0           0          0         0        0        0         0        0        1
            total                   2.0       0/8    10       8          0           0          14        26       0        0         0        0        2
            4 sources: 2 made, 1 without an operation, 1 without a usable operation, 0 failed; 4 documents read, 7 not needed
            -- err --
            topics/garden/lost:
            dropped[unreadable-method]: `` under the path `/lost` is not an HTTP method
              --> topics__garden/_listings/lost/openapi.md#/paths/~1lost/
            error[no-endpoints]: the listing has no usable endpoint
              --> topics/garden/lost
        "#]],
    );
    assert!(workspace.tree() == before, "a file was written");
    check(
        &workspace,
        &["--all-documents", "--verbose"],
        expect![[r#"
            exit 0
            -- out --
            SOURCE                  VERSIONS  TYPED  ENTRIES  ENDPOINTS  DUPLICATES  CONFLICTS  REPAIRED  ASSUMED  SIBLING  DANGLING  RENAMED  REDUCED  DROPPED
            topics/chat/mattermost  2.0       0/7    56       7          49          0          13        24       0        0         0        0        0
            topics/garden/beds      2.0       0/1    2        1          0           0          1         2        0        0         0        0        1
            topics/garden/lost                0/0    1        0          0           0          0         0        0        0         0        0        1
            total                   2.0       0/8    59       8          49          0          14        26       0        0         0        0        2
            4 sources: 2 made, 1 without an operation, 1 without a usable operation, 0 failed; 11 documents read, 0 not needed
            -- err --
            topics/garden/beds:
            dropped[unreadable-method]: `` under the path `/beds/{id}` is not an HTTP method
              --> topics__garden/_listings/beds/openapi.md#/paths/~1beds~1{id}/
            topics/garden/empty:
            error[no-endpoints]: the listing has no usable endpoint
              --> topics/garden/empty
            topics/garden/lost:
            dropped[unreadable-method]: `` under the path `/lost` is not an HTTP method
              --> topics__garden/_listings/lost/openapi.md#/paths/~1lost/
            error[no-endpoints]: the listing has no usable endpoint
              --> topics/garden/lost
        "#]],
    );
}

#[test]
fn out_writes_the_canonical_documents() {
    let workspace = workspace();
    assert_eq!(
        workspace
            .gallery(&["survey", "mirror", "--out", "kept"])
            .code,
        Some(0)
    );
    let kept = workspace.read("kept/topics__chat__mattermost.json");
    // A survey applies no overlays.
    workspace.remove(OVERLAY);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let generated = workspace.read("specs/mattermost/openapi.json");
    let comparable = |text: &str| {
        text.lines()
            .filter(|line| !line.contains("\"listing\": "))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(comparable(&kept), comparable(&generated));
    assert_eq!(
        workspace
            .read("kept/topics__garden__beds.json")
            .matches("\"operationId\"")
            .count(),
        1
    );
}

#[test]
fn partitions_cover_all_listings() {
    let workspace = workspace();
    let rows = |args: &[&str]| {
        let output = workspace.gallery(&[&["survey", "mirror", "--format", "json"], args].concat());
        let listed = output
            .stdout
            .lines()
            .filter(|line| line.trim_start().starts_with("\"listing\": "));
        listed.map(str::to_owned).collect::<Vec<_>>()
    };
    let mut parts = [rows(&["--partition", "1/2"]), rows(&["--partition", "2/2"])].concat();
    parts.sort();
    assert_eq!(parts, rows(&[]));
    assert_eq!(
        workspace
            .gallery(&["survey", "mirror", "--partition", "3/2"])
            .code,
        Some(2)
    );
}

#[test]
fn reports_unreadable_listings_as_failed() {
    let workspace = workspace();
    workspace.write(
        "mirror/topics__garden/_listings/binary/apis.md",
        [0xff, 0xfe, 0],
    );
    workspace.write("mirror/notes.txt", "no listing");
    check(
        &workspace,
        &[],
        expect![[r#"
            exit 4
            -- out --
            SOURCE                  VERSIONS  TYPED  ENTRIES  ENDPOINTS  DUPLICATES  CONFLICTS  REPAIRED  ASSUMED  SIBLING  DANGLING  RENAMED  REDUCED  DROPPED
            topics/chat/mattermost  2.0       0/7    7        7          0           0          13        24       0        0         0        0        0
            topics/garden/beds      2.0       0/1    2        1          0           0          1         2        0        0         0        0        1
            topics/garden/lost                0/0    1        0          0           0          0         0        0        0         0        0        1
            total                   2.0       0/8    10       8          0           0          14        26       0        0         0        0        2
            5 sources: 2 made, 1 without an operation, 1 without a usable operation, 1 failed; 4 documents read, 7 not needed
            -- err --
            not a source: notes.txt: not a directory OWNER__REPOSITORY
            topics/garden/binary:
            error[unreadable-file]: the file is UTF-16 text; save it as UTF-8
              --> topics__garden/_listings/binary/apis.md
            topics/garden/lost:
            dropped[unreadable-method]: `` under the path `/lost` is not an HTTP method
              --> topics__garden/_listings/lost/openapi.md#/paths/~1lost/
            error[no-endpoints]: the listing has no usable endpoint
              --> topics/garden/lost
        "#]],
    );
    workspace.write("nothing/notes.txt", "no listing");
    expect![[r#"
        exit 100
        -- err --
        not a source: notes.txt: not a directory OWNER__REPOSITORY
        error: there is no listing or index in nothing
    "#]]
    .assert_eq(&workspace.gallery(&["survey", "nothing"]).shown());
    assert_eq!(workspace.gallery(&["survey", "no/such"]).code, Some(100));
}

#[test]
fn continues_after_a_bad_listing() {
    let workspace = workspace();
    let garden = |path: &str| format!("mirror/topics__garden/_listings/{path}");
    workspace.write("mirror/topics__none/notes.txt", "no listings");
    workspace.write(&garden("bare/notes.txt"), "no index");
    workspace.write(&garden("folder/apis.md"), "name: folder\n");
    workspace.write(
        &garden("folder/openapi.md/file"),
        "the document is a directory",
    );
    workspace.write(&garden("huge/apis.md"), "name: huge\n");
    workspace.write(&garden("huge/openapi.md"), HEAD);
    let huge = File::options()
        .write(true)
        .open(workspace.path(&garden("huge/openapi.md")))
        .unwrap();
    huge.set_len(300 << 20).unwrap();
    workspace.write(&garden("many/apis.md"), "name: many\n");
    workspace.write(
        &garden("many/openapi.md"),
        format!("{HEAD}paths: {{/many: {{get: {{responses: {{}}}}}}}}\n"),
    );
    // Files that the index does not name cost only themselves.
    std::fs::create_dir(workspace.path(&garden("many/folder-openapi.md"))).unwrap();
    for number in 0..10_000 {
        std::fs::write(
            workspace.path(&garden(&format!("many/e{number}-openapi.md"))),
            HEAD,
        )
        .unwrap();
    }
    check(
        &workspace,
        &[],
        expect![[r#"
            exit 4
            -- out --
            SOURCE                  VERSIONS  TYPED  ENTRIES  ENDPOINTS  DUPLICATES  CONFLICTS  REPAIRED  ASSUMED  SIBLING  DANGLING  RENAMED  REDUCED  DROPPED
            topics/chat/mattermost  2.0       0/7    7        7          0           0          13        24       0        0         0        0        0
            topics/garden/beds      2.0       0/1    2        1          0           0          1         2        0        0         0        0        1
            topics/garden/lost                0/0    1        0          0           0          0         0        0        0         0        0        1
            topics/garden/many      2.0       0/0    1        1          0           0          1         2        0        0         0        0        0
            total                   2.0       0/8    11       9          0           0          15        28       0        0         0        0        2
            8 sources: 3 made, 1 without an operation, 1 without a usable operation, 3 failed; 10005 documents read, 8 not needed
            -- err --
            not a source: topics__none: the directory has no `_listings`, no index such as `apis.yml`, and no directory `openapi`
            topics/garden/bare:
            error[no-index]: the listing has no index `apis.md`
              --> topics/garden/bare
            topics/garden/folder:
            error[unreadable-file]: openapi.md: not a regular file
            topics/garden/huge:
            error[unreadable-file]: openapi.md: the file has 314572800 bytes; the limit is 33554432
            topics/garden/lost:
            dropped[unreadable-method]: `` under the path `/lost` is not an HTTP method
              --> topics__garden/_listings/lost/openapi.md#/paths/~1lost/
            error[no-endpoints]: the listing has no usable endpoint
              --> topics/garden/lost
        "#]],
    );
}

#[test]
fn needs_no_workspace() {
    let workspace = workspace();
    for (mirror, directory) in [(".", "mirror"), ("..", "mirror/topics__garden")] {
        let outside = tempfile::tempdir().unwrap();
        copy(&workspace.path("mirror"), &outside.path().join("mirror"));
        let output = workspace
            .command(&["survey", mirror, "--format", "json"])
            .current_dir(outside.path().join(directory))
            .output()
            .unwrap();
        let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(value["totals"]["made"], 2, "{output:?}");
        assert_eq!(output.status.code(), Some(0));
    }
    let output = workspace.gallery(&["survey", "mirror", "--compile"]);
    assert_eq!(output.code, Some(100));
    assert!(
        output
            .stderr
            .contains("there is no crate crates/gallery-runtime;"),
        "{}",
        output.stderr
    );
}

/// `--compile` starts the program in the environment variable `CARGO`.
#[cfg(unix)]
#[test]
fn json_includes_the_result_of_compiling() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = workspace();
    for name in ["gallery-derive", "gallery-runtime", "gallery-testkit"] {
        workspace.write(&format!("crates/{name}/Cargo.toml"), "");
    }
    workspace.write("Cargo.toml", "[workspace]\n");
    workspace.write("Cargo.lock", "");
    workspace.write("cargo.sh", "#!/bin/sh\n[ \"$1\" = check ]\n");
    let cargo = workspace.path("cargo.sh");
    std::fs::set_permissions(&cargo, Permissions::from_mode(0o755)).unwrap();
    let survey = |options: &[&str]| {
        let args = [
            &["survey", "mirror", "--compile", "--conform", "1"],
            options,
        ]
        .concat();
        workspace
            .command(&args)
            .env("CARGO", &cargo)
            .output()
            .unwrap()
    };
    let output = survey(&["--format", "json"]);
    let value: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    expect![[r#"{"clients":2,"errors":0,"failed":0,"warnings":0}"#]]
        .assert_eq(&value["compiled"].to_string());
    expect![[r#"{"clients":1,"failed":1}"#]].assert_eq(&value["tested"].to_string());
    assert_eq!(output.status.code(), Some(4));
    let text = String::from_utf8(survey(&[]).stdout).unwrap();
    expect![[r#"
        2 clients compiled: 0 errors, 0 warnings
        1 client tested: 1 failed"#]]
    .assert_eq(
        &text
            .lines()
            .rev()
            .take(2)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect::<Vec<_>>()
            .join("\n"),
    );
}

#[cfg(unix)]
#[test]
fn reports_a_file_without_read_permission() {
    use std::os::unix::fs::PermissionsExt;

    let workspace = workspace();
    let path = workspace.path("mirror/topics__garden/_listings/beds/openapi.md");
    std::fs::set_permissions(&path, Permissions::from_mode(0o000)).unwrap();
    let survey = workspace.command(&["survey", "mirror"]);
    let output = match std::fs::read(&path) {
        Err(_) => { survey }.output(),
        // A privileged user can read any file. A new user namespace drops that privilege.
        Ok(_) => Command::new("unshare")
            .arg("--user")
            .arg(survey.get_program())
            .args(survey.get_args())
            .current_dir(workspace.root())
            .output(),
    };
    let output = output.unwrap();
    let (stderr, stdout) = (
        String::from_utf8_lossy(&output.stderr),
        String::from_utf8_lossy(&output.stdout),
    );
    if stderr.starts_with("unshare: ") {
        return skipped(&format!(
            "a file without permissions can be read by this user: {stderr}"
        ));
    }
    assert_eq!(output.status.code(), Some(4), "{stderr}");
    assert!(
        stderr.contains("error[unreadable-file]: openapi.md: "),
        "{stderr}"
    );
    assert!(stdout.contains(
        "4 sources: 1 made, 1 without an operation, 1 without a usable operation, 1 failed;"
    ));
}

#[test]
fn every_listing_of_the_gallery_succeeds_or_is_empty() {
    let Some(mirror) = mirror() else { return };
    let workspace = Workspace::generated();
    let output = workspace.gallery(&["survey", mirror.to_str().unwrap()]);
    assert_eq!(output.code, Some(0), "{}", output.stderr);
    assert!(
        output
            .stdout
            .lines()
            .last()
            .unwrap()
            .contains(" 0 failed; "),
        "{}",
        output.stdout
    );
}
