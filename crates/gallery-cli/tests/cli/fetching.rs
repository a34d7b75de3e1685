//! `fetch` updates a snapshot completely or not at all. These tests check the files on disk. The
//! tests of gallery-fetch cover downloads and their errors.

use expect_test::expect;

use crate::workspace::{LISTING, Workspace, copy};

const MIRRORED: &str = "streamdata-gallery-topics__memberships/_listings/mattermost";

/// Copies the snapshot of the workspace into a mirror in the folder `mirror`.
fn create_mirror(workspace: &Workspace) {
    copy(
        &workspace.path(LISTING),
        &workspace.path("mirror").join(MIRRORED),
    );
}

#[test]
fn exits_75_if_the_source_is_unreachable() {
    let workspace = Workspace::generated();
    workspace.write(
        "specs/gallery.toml",
        format!(
            "source = \"http://127.0.0.1:1/\"\n{}",
            workspace.read("specs/gallery.toml")
        ),
    );
    let before = workspace.tree();
    let output = workspace.gallery(&["fetch", "--retries", "0"]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(75), ""));
    // The rest of the message depends on the operating system.
    let url = "http://127.0.0.1:1/streamdata-gallery-topics/memberships/master/_listings/mattermost/apis.md";
    assert!(
        output
            .stderr
            .starts_with(&format!("error: mattermost: cannot reach {url}: ")),
        "{output:?}"
    );
    assert!(
        output.stderr.ends_with("\nnothing was written\n"),
        "{output:?}"
    );
    assert!(workspace.tree() == before);
}

#[test]
fn rejects_a_source_without_https() {
    let workspace = Workspace::generated();
    workspace.write(
        "specs/gallery.toml",
        format!(
            "source = \"http://example.com/\"\n{}",
            workspace.read("specs/gallery.toml")
        ),
    );
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- err --
        error: unsafe source http://example.com/: http can be modified in transit; use a base URL with https (http only for loopback), or a mirror
    "#]].assert_eq(&workspace.gallery(&["fetch"]).shown());
    assert!(workspace.tree() == before);
}

#[test]
fn rejects_a_missing_mirror() {
    let workspace = Workspace::generated();
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: no/such/streamdata-gallery-topics__memberships/_listings/mattermost is not a directory (symlinks are not followed); a mirror has the listing OWNER/REPOSITORY/PROVIDER in OWNER__REPOSITORY/_listings/PROVIDER: check the path of the mirror and the name of the listing
        nothing was written
    "#]].assert_eq(&workspace.gallery(&["fetch", "--mirror", "no/such"]).shown());
    assert!(workspace.tree() == before);
    workspace.write("file", "");
    assert_eq!(
        workspace.gallery(&["fetch", "--mirror", "file"]).code,
        Some(100)
    );
}

#[test]
fn rejects_an_unknown_client() {
    let workspace = Workspace::generated();
    let before = workspace.tree();
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `nobody`; specs/gallery.toml has: mattermost
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["fetch", "--client", "nobody", "--mirror", "."])
            .shown(),
    );
    assert!(workspace.tree() == before);
}

#[test]
fn copies_the_mirror_and_then_finds_nothing_to_write() {
    let workspace = Workspace::generated();
    create_mirror(&workspace);
    let single = "teamsteam-idmembers-get-openapi.md";
    let mirrored = format!("mirror/{MIRRORED}/{single}");
    workspace.replace(
        &mirrored,
        "One page of the members",
        "A page of the members",
    );
    // This file exists only in the snapshot.
    workspace.write(&format!("{LISTING}/old-openapi.md"), "swagger: '2.0'\n");

    expect![[r#"
        exit 0
        -- out --
        mattermost: 9 files of streamdata-gallery-topics/memberships/mattermost from the mirror mirror, 60809 bytes
          the snapshot was transcribed: the gallery's prose replaces this project's
         changed  specs/gallery.lock
         removed  specs/mattermost/listing/old-openapi.md
         changed  specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
        3 files written; run `gallery regen`
    "#]]
    .assert_eq(&workspace.gallery(&["fetch", "--mirror", "mirror"]).shown());
    assert_eq!(
        workspace.read(&format!("{LISTING}/{single}")),
        workspace.read(&mirrored)
    );

    let before = workspace.tree();
    expect![[r#"
        exit 0
        -- out --
        mattermost: 9 files of streamdata-gallery-topics/memberships/mattermost from the mirror mirror, 60809 bytes
        nothing to write: the snapshots are up to date
    "#]]
    .assert_eq(&workspace.gallery(&["fetch", "--mirror", "mirror"]).shown());
    assert!(workspace.tree() == before);
    assert_eq!(workspace.regen(&[]).code, Some(0));
}

#[test]
fn repairs_an_altered_snapshot() {
    let workspace = Workspace::generated();
    create_mirror(&workspace);
    let original = workspace.contents();
    workspace.append(&format!("{LISTING}/openapi.md"), "# by hand\n");
    workspace.remove(&format!("{LISTING}/apis.md"));
    assert_eq!(workspace.regen(&[]).code, Some(100));
    assert_eq!(
        workspace.gallery(&["fetch", "--mirror", "mirror"]).code,
        Some(0)
    );
    let mut repaired = workspace.contents();
    // The lock file now has the origin `fetched`.
    assert!(repaired["specs/gallery.lock"] != original["specs/gallery.lock"]);
    repaired.insert(
        "specs/gallery.lock".to_owned(),
        original["specs/gallery.lock"].clone(),
    );
    assert!(repaired == original);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn an_incomplete_listing_changes_nothing() {
    let workspace = Workspace::generated();
    create_mirror(&workspace);
    workspace.append(&format!("mirror/{MIRRORED}/openapi.md"), "# changed\n");
    workspace.remove(&format!(
        "mirror/{MIRRORED}/teamsteam-idmembers-get-openapi.md"
    ));
    let before = workspace.tree_ignoring_root_mtime();
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: the index names documents that do not exist:
          mirror/streamdata-gallery-topics__memberships/_listings/mattermost/teamsteam-idmembers-get-openapi.md
        nothing was written
    "#]]
    .assert_eq(&workspace.gallery(&["fetch", "--mirror", "mirror"]).shown());
    assert!(workspace.tree_ignoring_root_mtime() == before);
}

#[test]
fn recreates_a_missing_lock_file() {
    let workspace = Workspace::generated();
    create_mirror(&workspace);
    workspace.remove("specs/gallery.lock");
    assert_eq!(workspace.regen(&["--check"]).code, Some(100));
    assert_eq!(
        workspace.gallery(&["fetch", "--mirror", "mirror"]).code,
        Some(0)
    );
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn the_fix_for_an_invalid_lock_file_works() {
    let workspace = Workspace::generated();
    create_mirror(&workspace);
    workspace.replace(
        "specs/gallery.lock",
        "path = \"openapi.md\"",
        "path = \"../x\"",
    );
    let stderr = workspace.regen(&[]).stderr;
    assert!(stderr.contains("run `gallery fetch`"), "{stderr}");
    assert_eq!(
        workspace.gallery(&["fetch", "--mirror", "mirror"]).code,
        Some(0)
    );
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}
