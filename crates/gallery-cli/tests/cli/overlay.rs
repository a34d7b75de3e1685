//! Overlays: `regen` applies them, `overlay check` checks them and `overlay draft` drafts them.
//!
//! No command changes an existing overlay.

use expect_test::expect;

use crate::workspace::{OVERLAY, Workspace};

/// Returns a workspace with an overlay that consists of `actions`.
fn with_actions(actions: &str) -> Workspace {
    let workspace = Workspace::fresh();
    workspace.write(
        OVERLAY,
        format!("overlay: 1.1.0\ninfo:\n  title: T\n  version: 1.0.0\nactions:\n{actions}"),
    );
    workspace
}

/// Returns the output of `overlay check` for an invalid overlay.
///
/// Checks that `regen` reports the same errors and that both commands write nothing.
fn rejected(workspace: &Workspace) -> String {
    let before = workspace.tree_ignoring_root_mtime();
    let (regen, check) = (
        workspace.regen(&[]),
        workspace.gallery(&["overlay", "check"]),
    );
    assert_eq!((regen.code, check.code), (Some(100), Some(100)));
    assert_eq!(
        workspace
            .contents()
            .keys()
            .filter(|path| path.starts_with("crates/"))
            .count(),
        0
    );
    let after = workspace.tree_ignoring_root_mtime();
    assert!(
        before
            .iter()
            .all(|(path, entry)| after.get(path) == Some(entry)),
        "an existing file was changed"
    );
    let errors: Vec<&str> = check.stderr.split("\n\n").collect();
    assert!(
        errors.iter().all(|error| regen
            .stderr
            .contains(error.lines().next().unwrap_or_default())),
        "{}",
        regen.stderr
    );
    check.shown()
}

#[test]
fn check_reports_the_matches_of_each_action() {
    let workspace = Workspace::fresh();
    let before = workspace.tree();
    expect![[r#"
        exit 0
        -- out --
        mattermost: 20 actions in specs/mattermost/overlay.yaml
          line   12   4 locations  $.paths.*.*.parameters[?@.in == 'path' && @.name == 'team_id']
          line   18   3 locations  $.paths.*.*.parameters[?@.in == 'path' && @.name == 'channel_id']
          line   24   3 locations  $.paths.*.*.parameters[?@.in == 'path' && @.name == 'user_id']
          line   30  10 locations  $.paths.*.*.parameters[?@.in == 'path']['x-gallery-assumed']
          line   34   2 locations  $.paths.*.*.parameters[?@.in == 'query' && @.name == 'page']
          line   40   2 locations  $.paths.*.*.parameters[?@.in == 'query' && @.name == 'per_page']
          line   46   2 locations  $.paths['/teams/{team_id}/members', '/channels/{channel_id}/members'].get
          line   53   2 locations  $.paths['/teams/{team_id}/members/ids', '/channels/{channel_id}/members/ids'].post.requestBody
          line   62    1 location  $.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody
          line   73   2 locations  $.paths['/teams/{team_id}/members', '/teams/{team_id}/members/ids'].*.responses['200'].content['application/json']
          line   78    1 location  $.paths['/teams/{team_id}/members/{user_id}'].get.responses['200'].content['application/json']
          line   83    1 location  $.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']
          line   88   2 locations  $.paths['/channels/{channel_id}/members', '/channels/{channel_id}/members/ids'].*.responses['200'].content['application/json']
          line   93    1 location  $.paths['/channels/{channel_id}/members/{user_id}'].get.responses['200'].content['application/json']
          line  100   7 locations  $.paths.*.*.responses
          line  107   4 locations  $.paths['/teams/{team_id}/members', '/teams/{team_id}/members/{user_id}', '/teams/{team_id}/members/{user_id}/roles', '/channels/{channel_id}/members/ids'].*.responses
          line  114   7 locations  $.paths.*.*.tags
          line  118   4 locations  $.paths['/teams/{team_id}/members', '/teams/{team_id}/members/ids', '/teams/{team_id}/members/{user_id}', '/teams/{team_id}/members/{user_id}/roles'].*
          line  122   3 locations  $.paths['/channels/{channel_id}/members', '/channels/{channel_id}/members/ids', '/channels/{channel_id}/members/{user_id}'].*
          line  128    1 location  $
    "#]].assert_eq(&workspace.gallery(&["overlay", "check"]).shown());
    assert_eq!(workspace.tree(), before);
}

#[test]
fn reports_the_nearest_location_for_an_action_that_matches_nothing() {
    let workspace = with_actions(
        r#"  - target: $.paths['/teams/{team_id}/member'].get
    update: { summary: Members }
    x-reason: The listing has none.
    x-source: the provider
  - target: $.paths['/teams/{team_id}/members'].get.parameters[?@.name == 'pages']
    remove: true
    x-reason: There is no such parameter.
    x-source: the provider
"#,
    );
    expect![[r#"
        exit 100
        -- err --
        error[overlay]: `$.paths['/teams/{team_id}/member'].get` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members']`
          --> specs/mattermost/overlay.yaml:6:5
        error[overlay]: `$.paths['/teams/{team_id}/members'].get.parameters[?@.name == 'pages']` matches nothing; the longest matching prefix is `$.paths['/teams/{team_id}/members'].get.parameters`
          --> specs/mattermost/overlay.yaml:10:5
        specs/mattermost/overlay.yaml has 2 errors
    "#]].assert_eq(&rejected(&workspace));
}

#[test]
fn rejects_an_invalid_overlay_document() {
    expect![[r#"
        exit 100
        -- err --
        error[yaml-syntax]: invalid YAML: did not find expected node content
          --> specs/mattermost/overlay.yaml:7:1
        specs/mattermost/overlay.yaml has 1 error
    "#]]
    .assert_eq(&rejected(&with_actions("  - target: [\n")));
    expect![[r#"
        exit 100
        -- err --
        error[overlay]: `$.paths[` is not a JSONPath (RFC 9535): at position 7, parser error
          --> specs/mattermost/overlay.yaml:6:5
        error[overlay]: `target` is missing
          --> specs/mattermost/overlay.yaml:8:5
        specs/mattermost/overlay.yaml has 2 errors
    "#]]
    .assert_eq(&rejected(&with_actions(
        "  - target: $.paths[\n    remove: true\n  - update: {}\n",
    )));
}

#[test]
fn requires_a_reason_and_a_source_for_each_action() {
    let workspace = with_actions("  - target: $.info\n    update: { description: D }\n");
    expect![[r#"
        exit 100
        -- err --
        error[overlay]: the action has no `x-reason`: state why the listing is wrong or incomplete
          --> specs/mattermost/overlay.yaml:6:5
        error[overlay]: the action has no `x-source`: state the source of the correction
          --> specs/mattermost/overlay.yaml:6:5
        specs/mattermost/overlay.yaml has 2 errors
    "#]]
    .assert_eq(&rejected(&workspace));
}

#[test]
fn rejects_pagination_that_names_an_unknown_parameter() {
    let workspace = with_actions(
        r#"  - target: $.paths['/teams/{team_id}/members'].get
    update: { x-gallery-pages: { page: side, per_page: per_page, first: 0, default: 60 } }
    x-reason: It comes in pages.
    x-source: the provider
"#,
    );
    let before = workspace.contents();
    expect![[r#"
        exit 100
        -- out --
        mattermost (streamdata-gallery-topics/memberships/mattermost, transcribed: prose in this project's own words)
        -- err --
        error[pages]: the operation has no query parameter `side`; it has ["page", "per_page"]
          --> specs/mattermost/openapi.json#/paths/~1teams~1{team_id}~1members/get/x-gallery-pages/page
        1 error; nothing was written
    "#]]
    .assert_eq(&workspace.regen(&[]).shown());
    assert!(
        before
            .iter()
            .all(|(path, bytes)| workspace.contents().get(path) == Some(bytes))
    );
}

#[test]
fn draft_has_an_action_for_each_incomplete_location() {
    let workspace = Workspace::fresh();
    let before = workspace.tree();
    expect![[r#"
        exit 0
        -- out --
        # A draft: fill in the types that you know, and delete the other actions. `x-reason` and
        # `x-source` are required.
        overlay: 1.1.0
        info:
          title: "Types of the Mattermost API"
          version: 1.0.0
        actions: []
    "#]]
    .assert_eq(
        &workspace
            .gallery(&["overlay", "draft", "mattermost"])
            .shown(),
    );
    assert_eq!(workspace.tree(), before);

    workspace.remove(OVERLAY);
    expect![[r#"
        exit 0
        -- out --
        mattermost: no overlay; `gallery overlay draft mattermost` prints a draft
    "#]]
    .assert_eq(&workspace.gallery(&["overlay", "check"]).shown());
    let draft = workspace.gallery(&["overlay", "draft", "mattermost"]);
    assert_eq!(draft.code, Some(0));
    let actions: Vec<&str> = draft.stdout.split_inclusive("x-source: \"\"\n").collect();
    expect![[r##"
        # A draft: fill in the types that you know, and delete the other actions. `x-reason` and
        # `x-source` are required.
        overlay: 1.1.0
        info:
          title: "Types of the Mattermost API"
          version: 1.0.0
        actions:
          # GET /channels/{channel_id}/members: the path parameter channel_id has no type
          - target: "$.paths['/channels/{channel_id}/members'].get.parameters[?@.in == 'path' && @.name == 'channel_id']"
            update: {"schema":{"type":"string"}}
            x-reason: ""
            x-source: ""
    "##]]
    .assert_eq(actions[0]);
    assert_eq!(actions.len(), 14 + 3 + 7);

    // The draft is rejected until each action has a reason and a source.
    workspace.write(OVERLAY, &draft.stdout);
    assert_eq!(workspace.gallery(&["overlay", "check"]).code, Some(100));
    let filled = draft
        .stdout
        .replace("x-reason: \"\"", "x-reason: It is so.")
        .replace("x-source: \"\"", "x-source: the provider");
    workspace.write(OVERLAY, filled);
    let check = workspace.gallery(&["overlay", "check"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        check.stdout.matches("    1 location  ").count(),
        actions.len()
    );
}

#[test]
fn draft_rejects_an_unknown_client() {
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `mattermots`; specs/gallery.toml has: mattermost
    "#]]
    .assert_eq(
        &Workspace::fresh()
            .gallery(&["overlay", "draft", "mattermots"])
            .shown(),
    );
}

#[test]
fn remove_keeps_the_overlay() {
    let workspace = Workspace::generated();
    let written = workspace.read(OVERLAY);
    expect![[r#"
        exit 0
        -- out --
         changed  specs/gallery.lock
         changed  specs/gallery.toml
         removed  specs/mattermost/listing/apis.md
         removed  specs/mattermost/listing/channelschannel-idmembers-get-openapi.md
         removed  specs/mattermost/listing/channelschannel-idmembersids-post-openapi.md
         removed  specs/mattermost/listing/channelschannel-idmembersuser-id-get-openapi.md
         removed  specs/mattermost/listing/openapi.md
         removed  specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
         removed  specs/mattermost/listing/teamsteam-idmembersids-post-openapi.md
         removed  specs/mattermost/listing/teamsteam-idmembersuser-id-get-openapi.md
         removed  specs/mattermost/listing/teamsteam-idmembersuser-idroles-put-openapi.md
         removed  specs/mattermost/names.toml
         removed  specs/mattermost/openapi.json
         removed  specs/mattermost/report.json
         removed  crates/gallery-mattermost/Cargo.toml
         removed  crates/gallery-mattermost/README.md
         removed  crates/gallery-mattermost/openapi.json
         removed  crates/gallery-mattermost/src/generated.rs
         removed  crates/gallery-mattermost/src/lib.rs
         removed  crates/gallery-mattermost/src/mock.rs
         removed  crates/gallery-mattermost/tests/adapters.rs
         removed  crates/gallery-mattermost/tests/conformance.rs
            kept  specs/mattermost/overlay.yaml
        removed the client `mattermost`: 20 files deleted
        the kept files are not generated; move or delete them
    "#]]
    .assert_eq(&workspace.gallery(&["remove", "mattermost"]).shown());
    assert_eq!(workspace.read(OVERLAY), written);
}
