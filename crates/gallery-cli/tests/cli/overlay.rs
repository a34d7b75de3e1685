//! What people know of an API: applied by `regen`, checked and drafted by `overlay`, and never touched.

use expect_test::expect;

use crate::workspace::{OVERLAY, Workspace};

/// A workspace whose overlay has these actions alone.
fn with_actions(actions: &str) -> Workspace {
    let workspace = Workspace::fresh();
    workspace.write(
        OVERLAY,
        format!("overlay: 1.1.0\ninfo:\n  title: T\n  version: 1.0.0\nactions:\n{actions}"),
    );
    workspace
}

/// Both `regen` and `overlay check` say the same of what is wrong, and write nothing.
fn refused(workspace: &Workspace) -> String {
    let before = workspace.settled();
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
    let after = workspace.settled();
    assert!(
        before
            .iter()
            .all(|(path, entry)| after.get(path) == Some(entry)),
        "what was there is as it was"
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
fn check_shows_what_each_action_met() {
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
fn an_action_that_matches_nothing_is_an_error_that_names_the_nearest_place() {
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
    "#]].assert_eq(&refused(&workspace));
}

#[test]
fn what_is_no_overlay_is_an_error() {
    expect![[r#"
        exit 100
        -- err --
        error[yaml-syntax]: invalid YAML: did not find expected node content
          --> specs/mattermost/overlay.yaml:7:1
        specs/mattermost/overlay.yaml has 1 error
    "#]]
    .assert_eq(&refused(&with_actions("  - target: [\n")));
    expect![[r#"
        exit 100
        -- err --
        error[overlay]: `$.paths[` is not a JSONPath (RFC 9535): at position 7, parser error
          --> specs/mattermost/overlay.yaml:6:5
        error[overlay]: `target` is missing
          --> specs/mattermost/overlay.yaml:8:5
        specs/mattermost/overlay.yaml has 2 errors
    "#]]
    .assert_eq(&refused(&with_actions(
        "  - target: $.paths[\n    remove: true\n  - update: {}\n",
    )));
}

#[test]
fn an_action_says_why_and_on_whose_word() {
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
    .assert_eq(&refused(&workspace));
}

#[test]
fn an_overlay_says_no_more_than_openapi_and_the_generator_can_take() {
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
fn a_draft_has_an_action_for_each_place_that_says_nothing() {
    let workspace = Workspace::fresh();
    let before = workspace.tree();
    expect![[r#"
        exit 0
        -- out --
        # A skeleton: fill in what you know, take out what you do not. `x-reason` and `x-source` are required.
        overlay: 1.1.0
        info:
          title: "Types of the Mattermost API"
          version: 1.0.0
        actions: []
    "#]]
    .assert_eq(&workspace.gallery(&["overlay", "draft", "mattermost"]).shown());
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
        # A skeleton: fill in what you know, take out what you do not. `x-reason` and `x-source` are required.
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

    // As it stands it is refused: nobody has said why yet. With reasons it is an overlay.
    workspace.write(OVERLAY, &draft.stdout);
    assert_eq!(workspace.gallery(&["overlay", "check"]).code, Some(100));
    let filled = draft
        .stdout
        .replace("x-reason: \"\"", "x-reason: It is so.")
        .replace("x-source: \"\"", "x-source: the provider");
    workspace.write(OVERLAY, filled);
    let check = workspace.gallery(&["overlay", "check"]);
    assert_eq!((check.code, check.stderr.as_str()), (Some(0), ""));
    assert_eq!(check.stdout.matches("    1 place  ").count(), actions.len());
}

#[test]
fn a_draft_is_of_a_client_that_there_is() {
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
fn what_people_wrote_stays_when_the_client_goes() {
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
        removed the client `mattermost`; 22 files written
        the files that were kept were not generated; move them away, because cargo treats every folder in crates/ as a crate
    "#]]
    .assert_eq(&workspace.gallery(&["remove", "mattermost"]).shown());
    assert_eq!(workspace.read(OVERLAY), written);
}
