//! Method names are stable: they survive edits of `names.toml` and the removal of endpoints.

use std::fs;

use expect_test::expect;

use crate::workspace::{CRATE, LISTING, NAMES, OVERLAY, Workspace};

const REMOVED: &str = "/channels/{channel_id}/members/{user_id}";
const REMOVED_SLUG: &str = "channelschannel-idmembersuser-id-get";

fn has_method(workspace: &Workspace, name: &str) -> bool {
    workspace
        .read(&format!("{CRATE}/src/generated.rs"))
        .contains(&format!("pub fn {name}("))
}

/// Returns a generated workspace without an overlay.
///
/// With the overlay, removing an endpoint would cause errors: its actions would match nothing.
fn generated() -> Workspace {
    let workspace = Workspace::generated();
    workspace.remove(OVERLAY);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    workspace
}

/// Removes an endpoint from the index and all documents of a listing.
///
/// Also deletes the document that is named after the endpoint.
fn remove_endpoint(workspace: &Workspace) {
    workspace.remove(&format!("{LISTING}/{REMOVED_SLUG}-openapi.md"));
    for entry in fs::read_dir(workspace.path(LISTING)).unwrap() {
        let path = format!(
            "{LISTING}/{}",
            entry.unwrap().file_name().into_string().unwrap()
        );
        let text = workspace.read(&path);
        let rest = if path.ends_with("/apis.md") {
            without(
                &text,
                |line| line.starts_with("- name: "),
                |line| line.starts_with(['-', 'x']),
                REMOVED_SLUG,
            )
        } else {
            without(
                &text,
                |line| line.starts_with("  /"),
                |line| !line.starts_with("    "),
                &format!("{REMOVED}:\n"),
            )
        };
        assert!(rest.len() < text.len(), "{path}");
        workspace.write(&path, rest);
    }
    workspace.relock("mattermost");
}

/// Removes the blocks that contain `word` from a text.
///
/// A block begins at a line that `begins` accepts, and ends before a line that `ends` accepts.
fn without(
    text: &str,
    begins: impl Fn(&str) -> bool,
    ends: impl Fn(&str) -> bool,
    word: &str,
) -> String {
    let mut chunks = vec![(false, String::new())];
    for line in text.split_inclusive('\n') {
        if begins(line) || (chunks.last().unwrap().0 && ends(line)) {
            chunks.push((begins(line), String::new()));
        }
        chunks.last_mut().unwrap().1.push_str(line);
    }
    chunks
        .into_iter()
        .filter(|(block, chunk)| !block || !chunk.contains(word))
        .map(|(_, chunk)| chunk)
        .collect()
}

#[test]
fn keeps_the_name_of_a_removed_endpoint_as_retired() {
    let workspace = generated();
    workspace.replace(NAMES, "\"get_channel_member\"\n", "\"channel_member_of\"\n");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let (before, names) = (workspace.contents(), workspace.read(NAMES));

    remove_endpoint(&workspace);
    expect![[r#"
        exit 0
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
          index      12 entries, 6 of them duplicates
          documents  7 with 42 operation entries: 6 endpoints, 36 duplicates, 0 dropped
          repaired   3 dangling-reference, 8 optional-path-parameter
          assumed    3 untyped-body, 12 untyped-parameter, 6 untyped-response
          names      6 given, 1 retired
          crate      crates/gallery-mattermost
         changed  crates/gallery-mattermost/README.md
         changed  crates/gallery-mattermost/openapi.json
         changed  crates/gallery-mattermost/src/generated.rs
         changed  crates/gallery-mattermost/src/mock.rs
         changed  crates/gallery-mattermost/tests/adapters.rs
         changed  specs/mattermost/names.toml
         changed  specs/mattermost/openapi.json
         changed  specs/mattermost/report.json
        8 files written
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
    expect![[r##"
        # The operationId of each endpoint, which is also the name of the client's method.
        # `regen` adds names for new endpoints and moves the names of removed endpoints to [retired].
        # It never changes a name. To rename a method, edit its name here and run `regen`.
        # To rename a type, write its name and the new one in a table [types]: Old = "New".

        [names]
        "GET /channels/{}/members" = "get_channel_members"
        "POST /channels/{}/members/ids" = "get_channel_members_by_ids"
        "GET /teams/{}/members" = "get_team_members"
        "POST /teams/{}/members/ids" = "get_team_members_by_ids"
        "GET /teams/{}/members/{}" = "get_team_member"
        "PUT /teams/{}/members/{}/roles" = "update_team_member_roles"

        [retired]
        "GET /channels/{}/members/{}" = "channel_member_of"
    "##]].assert_eq(&workspace.read(NAMES));
    assert!(!has_method(&workspace, "channel_member_of"));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));

    before
        .iter()
        .filter(|(path, _)| path.contains("/listing/"))
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    workspace.write("specs/gallery.lock", &before["specs/gallery.lock"]);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(has_method(&workspace, "channel_member_of"));
    let lines = |text: &str| {
        let mut lines: Vec<String> = text
            .lines()
            .filter(|line| line.contains(" = "))
            .map(str::to_owned)
            .collect();
        lines.sort();
        lines
    };
    assert_eq!(lines(&workspace.read(NAMES)), lines(&names));
    // Only the position of the name in `names.toml` may differ.
    let mut after = workspace.contents();
    after.insert(NAMES.to_owned(), before[NAMES].clone());
    assert!(after == before);
}

#[test]
fn a_restored_name_keeps_its_comment() {
    let workspace = generated();
    workspace.replace(
        NAMES,
        "\"get_channel_member\"\n",
        "\"get_channel_member\" # as in the web client\n",
    );
    let before = workspace.contents();
    remove_endpoint(&workspace);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(workspace.read(NAMES).contains("# as in the web client"));
    before
        .iter()
        .filter(|(path, _)| !path.ends_with("names.toml"))
        .for_each(|(path, bytes)| workspace.write(path, bytes));
    assert_eq!(workspace.regen(&[]).code, Some(0));
    let text = workspace.read(NAMES);
    assert!(
        text.contains("# as in the web client") && !text.contains("\n[retired]"),
        "{text}"
    );
}

#[test]
fn an_edited_name_renames_the_method() {
    let workspace = Workspace::generated();
    workspace.replace(
        NAMES,
        "\"get_team_member\"\n",
        "\"team_member\" # as in the web client\n",
    );
    workspace.replace(NAMES, "[names]\n", "# Sorted by hand.\n[names]\n");
    let edited = workspace.read(NAMES);
    assert_eq!(
        workspace.regen(&["--check"]).stale(),
        [
            "changed crates/gallery-mattermost/README.md",
            "changed crates/gallery-mattermost/openapi.json",
            "changed crates/gallery-mattermost/src/generated.rs",
            "changed crates/gallery-mattermost/src/mock.rs",
            "changed crates/gallery-mattermost/tests/adapters.rs",
            "changed specs/mattermost/openapi.json",
            "changed specs/mattermost/report.json",
        ]
    );
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.read(NAMES), edited);
    assert!(has_method(&workspace, "team_member") && !has_method(&workspace, "get_team_member"));
    assert_eq!(workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn changed_prose_in_a_listing_changes_no_name() {
    let workspace = Workspace::generated();
    let names = workspace.read(NAMES);
    for entry in fs::read_dir(workspace.path(LISTING)).unwrap() {
        let path = format!(
            "{LISTING}/{}",
            entry.unwrap().file_name().into_string().unwrap()
        );
        workspace.write(
            &path,
            workspace
                .read(&path)
                .replace("Get the team members", "List who is in a team"),
        );
    }
    workspace.relock("mattermost");
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert_eq!(workspace.read(NAMES), names);
    assert!(has_method(&workspace, "get_team_members"));
}

#[test]
fn names_are_deterministic() {
    let workspace = Workspace::generated();
    let before = workspace.contents();
    workspace.remove(NAMES);
    assert_eq!(workspace.regen(&[]).code, Some(0));
    assert!(workspace.contents() == before);
}
