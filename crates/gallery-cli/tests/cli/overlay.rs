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
        mattermost: 19 actions in specs/mattermost/overlay.yaml
          line   12   4 locations  $.paths.*.*.parameters[?@.in == 'path' && @.name == 'team_id']
          line   18   3 locations  $.paths.*.*.parameters[?@.in == 'path' && @.name == 'channel_id']
          line   24   3 locations  $.paths.*.*.parameters[?@.in == 'path' && @.name == 'user_id']
          line   30   2 locations  $.paths.*.*.parameters[?@.in == 'query' && @.name == 'page']
          line   36   2 locations  $.paths.*.*.parameters[?@.in == 'query' && @.name == 'per_page']
          line   42   2 locations  $.paths['/teams/{team_id}/members', '/channels/{channel_id}/members'].get
          line   49   2 locations  $.paths['/teams/{team_id}/members/ids', '/channels/{channel_id}/members/ids'].post.requestBody
          line   58    1 location  $.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody
          line   69   2 locations  $.paths['/teams/{team_id}/members', '/teams/{team_id}/members/ids'].*.responses['200'].content['application/json']
          line   74    1 location  $.paths['/teams/{team_id}/members/{user_id}'].get.responses['200'].content['application/json']
          line   79    1 location  $.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']
          line   84   2 locations  $.paths['/channels/{channel_id}/members', '/channels/{channel_id}/members/ids'].*.responses['200'].content['application/json']
          line   89    1 location  $.paths['/channels/{channel_id}/members/{user_id}'].get.responses['200'].content['application/json']
          line   96   7 locations  $.paths.*.*.responses
          line  103   4 locations  $.paths['/teams/{team_id}/members', '/teams/{team_id}/members/{user_id}', '/teams/{team_id}/members/{user_id}/roles', '/channels/{channel_id}/members/ids'].*.responses
          line  110   7 locations  $.paths.*.*.tags
          line  114   4 locations  $.paths['/teams/{team_id}/members', '/teams/{team_id}/members/ids', '/teams/{team_id}/members/{user_id}', '/teams/{team_id}/members/{user_id}/roles'].*
          line  118   3 locations  $.paths['/channels/{channel_id}/members', '/channels/{channel_id}/members/ids', '/channels/{channel_id}/members/{user_id}'].*
          line  124    1 location  $
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
        error[overlay]: the action has no `x-reason`: state why the listing is wrong or incomplete, here or once for the overlay
          --> specs/mattermost/overlay.yaml:6:5
        error[overlay]: the action has no `x-source`: state the source of the correction, here or once for the overlay
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
    expect![[r#"
        exit 100
        -- err --
        error[pages]: the operation does not return an array with a schema (`#/paths/~1teams~1{team_id}~1members/get/x-gallery-pages`)
          --> specs/mattermost/overlay.yaml:6:5
        specs/mattermost/overlay.yaml has 1 error
    "#]]
    .assert_eq(&rejected(&workspace));
}

#[test]
fn checks_the_resulting_document() {
    let workspace = with_actions(
        r#"  - target: $.paths['/teams/{team_id}/members'].get.responses['200'].content[*]
    update: { schema: { type: array, items: { $ref: '#/components/schemas/Member' } } }
    x-reason: The listing has no type.
    x-source: the provider
"#,
    );
    expect![[r#"
        exit 100
        -- err --
        error[overlay]: `$ref` to `#/components/schemas/Member`, which does not exist (`#/paths/~1teams~1{team_id}~1members/get/responses/200/content/application~1json/schema/items/$ref`)
          --> specs/mattermost/overlay.yaml:6:5
        specs/mattermost/overlay.yaml has 1 error
    "#]]
    .assert_eq(&rejected(&workspace));
}

#[test]
fn apply_prints_any_document_outside_of_a_workspace() {
    let workspace = Workspace::empty();
    workspace.write(
        "api.json",
        r#"{"openapi": "3.1.0", "info": {"title": "T"}}"#,
    );
    workspace.write("api.yaml", "openapi: 3.1.0\ninfo:\n  title: T\n");
    workspace.write(
        "overlay.yaml",
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\nactions:\n  - {target: $.info, update: {version: '2'}}\n  - {target: $.none, remove: true}\n",
    );
    let apply = |document: &str| {
        workspace
            .gallery(&["overlay", "apply", document, "overlay.yaml"])
            .shown()
    };
    expect![[r#"
        exit 0
        -- out --
        {
          "info": {
            "title": "T",
            "version": "2"
          },
          "openapi": "3.1.0"
        }
        -- err --
        warning: overlay.yaml:5:6: `$.none` matches nothing

        exit 0
        -- out --
        info:
          title: T
          version: '2'
        openapi: 3.1.0
        -- err --
        warning: overlay.yaml:5:6: `$.none` matches nothing

        exit 100
        -- err --
        error: none.yaml: No such file or directory (os error 2)
    "#]]
    .assert_eq(&[apply("api.json"), apply("api.yaml"), apply("none.yaml")].join("\n"));
}

#[test]
fn draft_has_an_action_for_each_incomplete_location() {
    let workspace = Workspace::fresh();
    let before = workspace.tree();
    expect![[r#"
        exit 0
        -- err --
        nothing to draft: no part of `mattermost` lacks a type, and no list has plain pages
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
    let actions: Vec<&str> = draft
        .stdout
        .split_inclusive("update: {\"schema\":{}}\n")
        .collect();
    expect![[r##"
        # A draft: fill in the types that you know, and delete the other actions. `x-reason` and
        # `x-source` apply to each action that has none of its own.
        overlay: 1.1.0
        info:
          title: "Types of the Mattermost API"
          version: 1.0.0
        x-reason: ""
        x-source: ""
        actions:
          # GET /channels/{channel_id}/members: the path parameter channel_id has no type
          - target: "$.paths['/channels/{channel_id}/members'].get.parameters[?@.in == 'path' && @.name == 'channel_id']"
            update: {"schema":{}}
    "##]]
    .assert_eq(actions[0]);
    assert_eq!(actions.len(), 14 + 3 + 7);

    // A shell truncates the overlay before the draft is printed to it.
    workspace.write(OVERLAY, "");
    let redirected = workspace.gallery(&["overlay", "draft", "mattermost"]);
    assert_eq!(
        (redirected.code, &redirected.stdout),
        (Some(0), &draft.stdout)
    );

    // A draft with blanks is valid, and the blanks are counted.
    workspace.write(OVERLAY, &draft.stdout);
    let check = workspace.gallery(&["overlay", "check"]);
    assert_eq!(check.code, Some(0));
    expect![[r#"
        warning[overlay-blanks]: the overlay has 26 blanks: empty reasons, sources or schemas
          --> specs/mattermost/overlay.yaml
    "#]]
    .assert_eq(&check.stderr);
    let filled = draft
        .stdout
        .replace("{\"schema\":{}}", "{schema: {type: string}}")
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
         removed  crates/gallery-mattermost/CHANGELOG.md
         removed  crates/gallery-mattermost/src/generated.rs
         removed  crates/gallery-mattermost/src/lib.rs
         removed  crates/gallery-mattermost/src/mock.rs
         removed  crates/gallery-mattermost/tests/adapters.rs
         removed  crates/gallery-mattermost/tests/conformance.rs
            kept  specs/mattermost/CHANGELOG.md
            kept  specs/mattermost/overlay.yaml
        removed the client `mattermost`: 21 files deleted
        the kept files are not generated; move or delete them
    "#]]
    .assert_eq(&workspace.gallery(&["remove", "mattermost"]).shown());
    assert_eq!(workspace.read(OVERLAY), written);
}
