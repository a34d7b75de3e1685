//! `regen --pending`: upstream removed something that an overlay, a choice or a name refers to.
//!
//! The client is generated without it, and the report lists the entries that need an edit by hand.

use expect_test::expect;

use crate::drift::without_roles;
use crate::network::Network;
use crate::server::Reply;
use crate::workspace::{CRATE, LISTING, NAMES, OVERLAY, json};

/// Returns a network in which upstream has removed the endpoint for roles.
fn network() -> Network {
    let network = Network::new();
    network
        .workspace
        .replace("specs/gallery.toml", "documents = \"all\"\n", "");
    assert_eq!(network.run(&["regen", "--fetch"]).code, Some(0));
    for name in ["apis.md", "openapi.md"] {
        let text = network.workspace.read(&format!("{LISTING}/{name}"));
        network.put(name, Reply::file(without_roles(&text)));
    }
    network
}

#[test]
fn removes_an_endpoint_and_reports_pending_overlay_actions() {
    let network = network();
    let before = network.workspace.tree_ignoring_root_mtime();
    let rejected = network.run(&["regen", "--fetch"]);
    expect![[r#"
        error[overlay]: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
          --> specs/mattermost/overlay.yaml:58:5
        error[overlay]: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
          --> specs/mattermost/overlay.yaml:79:5
        2 errors; nothing was written
    "#]].assert_eq(&rejected.stderr);
    assert_eq!(rejected.code, Some(100));
    assert!(network.workspace.tree_ignoring_root_mtime() == before);

    let overlay = network.workspace.read(OVERLAY);
    let output = network.run(&["regen", "--fetch", "--pending"]);
    expect![[r#"
        exit 4
        -- out --
        mattermost: 2 files of streamdata-gallery-topics/memberships/mattermost from http://127.0.0.1:PORT/, 15122 bytes, 15122 of them downloaded
        mattermost (streamdata-gallery-topics/memberships/mattermost)
          index      12 entries, 6 of them duplicates
          documents  1 with 6 operation entries: 6 endpoints, 0 duplicates, 0 dropped
          overlay    17 actions on 44 places
          repaired   2 dangling-reference, 8 optional-path-parameter
          assumed    2 untyped-body, 12 untyped-parameter, 6 untyped-response
          names      6 given, 1 retired
          crate      crates/gallery-mattermost
         changed  crates/gallery-mattermost/README.md
         changed  crates/gallery-mattermost/openapi.json
         changed  crates/gallery-mattermost/src/generated.rs
         changed  crates/gallery-mattermost/src/mock.rs
         changed  crates/gallery-mattermost/tests/adapters.rs
         changed  specs/gallery.lock
         changed  specs/mattermost/listing/apis.md
         changed  specs/mattermost/listing/openapi.md
         changed  specs/mattermost/names.toml
         changed  specs/mattermost/openapi.json
         changed  specs/mattermost/report.json
        11 files written
        pending[overlay]: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
          --> specs/mattermost/overlay.yaml:58:5
        pending[overlay]: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
          --> specs/mattermost/overlay.yaml:79:5
        2 pending entries to fix or remove; until then `gallery regen` fails
    "#]].assert_eq(&network.shown(&output));
    assert_eq!(
        network.workspace.read(OVERLAY),
        overlay,
        "the overlay was changed"
    );
    let names = network.workspace.read(NAMES);
    assert!(
        names.ends_with(
            "[retired]\n\"PUT /teams/{}/members/{}/roles\" = \"update_team_member_roles\"\n"
        ),
        "{names}"
    );
    let document = json!(network.workspace, "specs/mattermost/openapi.json");
    assert!(
        document["paths"]
            .get("/teams/{team_id}/members/{user_id}/roles")
            .is_none()
    );
    assert!(
        !network
            .workspace
            .read(&format!("{CRATE}/src/generated.rs"))
            .contains("update_team_member_roles")
    );

    // A second run writes nothing and reports the same. Without `--pending` it fails.
    let second = network.run(&["regen", "--pending"]);
    assert_eq!(second.code, Some(4));
    assert!(second.stdout.contains("nothing to write"), "{second:?}");
    assert_eq!(network.run(&["regen", "--check"]).code, Some(100));
}

#[test]
fn reports_a_pending_choice() {
    let network = network();
    network.workspace.append(
        "specs/gallery.toml",
        "\n[clients.mattermost.choices]\n\"PUT /teams/{}/members/{}/roles\" = \"openapi.md\"\n",
    );
    let output = network.run(&["regen", "--fetch", "--pending"]);
    assert_eq!(output.code, Some(4), "{output:?}");
    let lines: Vec<&str> = output
        .stdout
        .lines()
        .filter(|line| line.starts_with("pending"))
        .collect();
    expect![[r#"
        pending[idle-choice]: the choice for `PUT /teams/{}/members/{}/roles` matches no endpoint; remove it, or write the endpoint as names.toml does
        pending[overlay]: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.requestBody` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`
        pending[overlay]: `$.paths['/teams/{team_id}/members/{user_id}/roles'].put.responses['200'].content['application/json']` matches nothing; the nearest match is `$.paths['/teams/{team_id}/members/{user_id}']`"#]].assert_eq(&lines.join("\n"));
}

#[test]
fn reports_pagination_of_a_removed_parameter_as_pending() {
    let network = network();
    let text = network.workspace.read(&format!("{LISTING}/openapi.md"));
    network.put(
        "apis.md",
        Reply::file(network.workspace.read(&format!("{LISTING}/apis.md"))),
    );
    network.put(
        "openapi.md",
        Reply::file(text.replace("name: per_page", "name: size")),
    );
    let output = network.run(&["regen", "--fetch", "--pending"]);
    assert_eq!(output.code, Some(4), "{output:?}");
    let lines: Vec<&str> = output
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("pending"))
        .collect();
    expect![[r#"
        pending[overlay]: `$.paths.*.*.parameters[?@.in == 'query' && @.name == 'per_page']` matches nothing; the longest matching prefix is `$.paths.*.*.parameters`
          --> specs/mattermost/overlay.yaml:36:5
        pending[pages]: the operation has no query parameter `per_page`; it has ["page", "size"] (`#/paths/~1channels~1{channel_id}~1members/get/x-gallery-pages/per_page`)
          --> specs/mattermost/overlay.yaml:42:5
        pending[pages]: the operation has no query parameter `per_page`; it has ["page", "size"] (`#/paths/~1teams~1{team_id}~1members/get/x-gallery-pages/per_page`)
          --> specs/mattermost/overlay.yaml:42:5
        3 pending entries to fix or remove; until then `gallery regen` fails"#]].assert_eq(&lines.join("\n"));
    assert!(
        !network
            .workspace
            .read(&format!("{CRATE}/src/generated.rs"))
            .contains("fn stream")
    );
}

#[test]
fn pending_succeeds_without_pending_entries_and_conflicts_with_check() {
    let network = Network::fetched();
    assert_eq!(network.run(&["regen", "--pending"]).code, Some(0));
    assert_eq!(
        network.run(&["regen", "--pending", "--check"]).code,
        Some(2)
    );
}
