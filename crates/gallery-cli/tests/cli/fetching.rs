//! `fetch` brings a snapshot whole or not at all. What it takes and refuses is shown in gallery-fetch; here: what is on disk.

use expect_test::expect;

use crate::workspace::{LISTING, Workspace, copy};

const MIRRORED: &str = "streamdata-gallery-topics__memberships/_listings/mattermost";

/// A mirror, beside the workspace's own folders, of the workspace's own snapshot.
fn mirror(workspace: &Workspace) {
    copy(
        &workspace.path(LISTING),
        &workspace.path("mirror").join(MIRRORED),
    );
}

#[test]
fn a_source_that_is_not_there_ends_with_75() {
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
    // The system's own words for a refused connection are not compared.
    let at = "http://127.0.0.1:1/streamdata-gallery-topics/memberships/master/_listings/mattermost/apis.md";
    assert!(
        output
            .stderr
            .starts_with(&format!("error: mattermost: cannot reach {at}: ")),
        "{output:?}"
    );
    assert!(
        output.stderr.ends_with("\nnothing was written\n"),
        "{output:?}"
    );
    assert!(workspace.tree() == before);
}

#[test]
fn a_source_without_https_is_refused() {
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
fn a_mirror_that_is_not_there_is_an_error() {
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
fn the_clients_of_a_fetch_must_exist() {
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
fn a_fetch_takes_the_mirrors_bytes_and_a_second_one_nothing() {
    let workspace = Workspace::generated();
    mirror(&workspace);
    let single = "teamsteam-idmembers-get-openapi.md";
    let mirrored = format!("mirror/{MIRRORED}/{single}");
    workspace.replace(
        &mirrored,
        "One page of the members",
        "A page of the members",
    );
    // Gone upstream, and in the snapshot still.
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
        nothing to write: the snapshots are as upstream has them
    "#]]
    .assert_eq(&workspace.gallery(&["fetch", "--mirror", "mirror"]).shown());
    assert!(workspace.tree() == before);
    assert_eq!(workspace.regen(&[]).code, Some(0));
}

#[test]
fn a_fetch_mends_a_snapshot_that_was_altered() {
    let workspace = Workspace::generated();
    mirror(&workspace);
    let sound = workspace.contents();
    workspace.append(&format!("{LISTING}/openapi.md"), "# by hand\n");
    workspace.remove(&format!("{LISTING}/apis.md"));
    assert_eq!(workspace.regen(&[]).code, Some(100));
    assert_eq!(
        workspace.gallery(&["fetch", "--mirror", "mirror"]).code,
        Some(0)
    );
    let mut mended = workspace.contents();
    // Now the snapshot is what a fetch gave, and the lock says so.
    assert!(mended["specs/gallery.lock"] != sound["specs/gallery.lock"]);
    mended.insert(
        "specs/gallery.lock".to_owned(),
        sound["specs/gallery.lock"].clone(),
    );
    assert!(mended == sound);
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn a_listing_that_is_not_complete_changes_nothing() {
    let workspace = Workspace::generated();
    mirror(&workspace);
    workspace.append(&format!("mirror/{MIRRORED}/openapi.md"), "# changed\n");
    workspace.remove(&format!(
        "mirror/{MIRRORED}/teamsteam-idmembers-get-openapi.md"
    ));
    let before = workspace.settled();
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: the index names documents that do not exist:
          mirror/streamdata-gallery-topics__memberships/_listings/mattermost/teamsteam-idmembers-get-openapi.md
        nothing was written
    "#]]
    .assert_eq(&workspace.gallery(&["fetch", "--mirror", "mirror"]).shown());
    assert!(workspace.settled() == before);
}

#[test]
fn a_lock_that_is_gone_is_written_anew() {
    let workspace = Workspace::generated();
    mirror(&workspace);
    workspace.remove("specs/gallery.lock");
    assert_eq!(workspace.regen(&["--check"]).code, Some(100));
    assert_eq!(
        workspace.gallery(&["fetch", "--mirror", "mirror"]).code,
        Some(0)
    );
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn a_broken_lock_can_be_mended_as_its_message_says() {
    let workspace = Workspace::generated();
    mirror(&workspace);
    workspace.replace(
        "specs/gallery.lock",
        "path = \"openapi.md\"",
        "path = \"../x\"",
    );
    let said = workspace.regen(&[]).stderr;
    if said.contains("run `fetch`") {
        assert_eq!(
            workspace.gallery(&["fetch", "--mirror", "mirror"]).code,
            Some(0)
        );
        assert_eq!(workspace.regen(&["--check"]).code, Some(0));
    }
}
