//! `gallery call`: calls of an API from the command line.

use expect_test::{Expect, expect};
use gallery_testkit::{MockServer, RecordedRequest, Reply};
use serde_json::json;

use crate::workspace::Workspace;

/// A client's document and a mock server for it.
struct Api {
    workspace: Workspace,
    server: MockServer,
}

impl Api {
    fn mattermost() -> Api {
        Api::of(&Workspace::fresh().read("specs/mattermost/openapi.json"))
    }

    /// An API with this document of its client.
    fn of(document: &str) -> Api {
        let workspace = Workspace::fresh();
        workspace.write("crates/gallery-mattermost/openapi.json", document);
        let server = MockServer::start(document).unwrap();
        Api { workspace, server }
    }

    /// An API with a list, forms and an array parameter.
    fn shop() -> Api {
        let document = json!({
            "openapi": "3.0.3", "info": {"title": "Shop", "version": "1"},
            "paths": {
                "/orders": {"get": {
                    "operationId": "listOrders",
                    "parameters": [
                        {"in": "query", "name": "tag", "schema": {"type": "array", "items": {"type": "integer"}}},
                        {"in": "query", "name": "open", "schema": {"type": "boolean"}},
                        {"in": "header", "name": "X-Trace", "schema": {"type": "string"}},
                    ],
                    "security": [{"key": []}],
                    "responses": {"200": {"description": "", "content": {"application/json": {"schema": {}}}}},
                }},
                "/files": {"post": {
                    "operationId": "addFile",
                    "requestBody": {"required": true, "content": {"multipart/form-data": {"schema": {
                        "type": "object", "properties": {
                            "file": {"type": "string", "format": "binary"},
                            "note": {"type": "string"},
                        },
                    }}}},
                    "responses": {"201": {"description": ""}},
                }},
            },
            "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}}},
        });
        Api::of(&document.to_string())
    }

    /// Runs `gallery call --base-url URL OPTIONS mattermost ARGUMENTS`.
    fn call(&self, options: &[&str], arguments: &[&str]) -> String {
        let base_url = self.server.base_url();
        let mut args = vec!["call", "--base-url", &base_url];
        args.extend(options);
        args.push("mattermost");
        args.extend(arguments);
        let mut command = self.workspace.command(&args);
        command
            .env("GALLERY_TOKEN", "secret-token")
            .env("GALLERY_API_KEY", "secret-key");
        self.workspace.output(&mut command).shown()
    }

    fn requests(&self) -> Vec<RecordedRequest> {
        self.server.requests()
    }
}

fn check(shown: &str, expected: Expect) {
    expected.assert_eq(shown);
}

#[test]
fn lists_operations_and_arguments() {
    let api = Api::mattermost();
    check(
        &api.call(&[], &[]),
        expect![[r#"
        exit 0
        -- out --
        OPERATION                   METHOD  PATH
        get_channel_members         GET     /channels/{channel_id}/members
        get_channel_members_by_ids  POST    /channels/{channel_id}/members/ids
        get_channel_member          GET     /channels/{channel_id}/members/{user_id}
        get_team_members            GET     /teams/{team_id}/members
        get_team_members_by_ids     POST    /teams/{team_id}/members/ids
        get_team_member             GET     /teams/{team_id}/members/{user_id}
        update_team_member_roles    PUT     /teams/{team_id}/members/{user_id}/roles
    "#]],
    );
    check(
        &api.call(&[], &["get_team_members", "--arguments"]),
        expect![[r#"
            exit 0
            -- out --
            GET /teams/{team_id}/members
            ARGUMENT    IN     TYPE
            --page      query  integer
            --per_page  query  integer
            --team_id   path   string   required
        "#]],
    );
    assert_eq!(api.requests().len(), 0);
}

#[test]
fn sends_the_request_of_the_client() {
    let api = Api::mattermost();
    let roles = "{\"roles\": \"team_user\"}";
    let arguments = ["--team-id", "a/b", "--user_id=ü", "--body", roles];
    let arguments = [&["updateTeamMemberRoles"], &arguments[..]].concat();
    check(
        &api.call(&[], &arguments),
        expect![[r#"
        exit 0
        -- out --
        {
          "status": "status"
        }
        -- err --
        200 OK
    "#]],
    );
    let requests = api.requests();
    let request = &requests[0];
    assert_eq!(request.path, "/api/v4/teams/a%2Fb/members/%C3%BC/roles");
    assert_eq!(request.method, "PUT");
    assert_eq!(request.header("authorization"), Some("Bearer secret-token"));
    assert_eq!(request.json().unwrap(), json!({"roles": "team_user"}));
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("gallery/"), "{agent}");
    assert!(request.violations.is_empty());
}

#[test]
fn prints_errors_of_the_api_and_exits_with_100() {
    let api = Api::mattermost();
    api.server.respond("get_team_member", |_| {
        Reply::json(404, json!({"message": "no \u{202e}member"}))
    });
    let arguments = ["get_team_member", "--team_id", "t", "--user_id", "u"];
    check(
        &api.call(&[], &arguments),
        expect![[r#"
        exit 100
        -- out --
        {
          "message": "no \u202emember"
        }
        -- err --
        404 Not Found
    "#]],
    );
}

#[test]
fn rejects_wrong_arguments_before_sending() {
    let api = Api::shop();
    let wrong: [&[&str]; 10] = [
        &["listOrder"],
        &["magic"],
        &["listOrders", "--opem", "true"],
        &["listOrders", "--open", "yes"],
        &["listOrders", "--tag", "1", "--tag", "two"],
        &["listOrders", "--open", "true", "--open", "true"],
        &["listOrders", "true"],
        &["listOrders", "--tag"],
        &["listOrders", "--name", "x"],
        &["addFile"],
    ];
    let shown: String = wrong.iter().map(|own| api.call(&[], own)).collect();
    check(
        &shown,
        expect![[r#"
            exit 100
            -- err --
            error: the API has no operation `listOrder`; did you mean listOrders?
            exit 100
            -- err --
            error: the API has no operation `magic`
            exit 100
            -- err --
            error: `listOrders` has no argument `--opem`; did you mean --open?
            exit 100
            -- err --
            error: `--open` must be true or false, not `yes`
            exit 100
            -- err --
            error: `--tag` must be an integer, not `two`
            exit 100
            -- err --
            error: `--open` is not a list; write it once
            exit 100
            -- err --
            error: unexpected argument `true`; write `--NAME true`
            exit 100
            -- err --
            error: `--tag` needs a value
            exit 100
            -- err --
            error: `listOrders` has no argument `--name`; it has: --tag, --open, --X-Trace
            exit 100
            -- err --
            error: `addFile` needs --body
        "#]],
    );
    assert_eq!(api.requests().len(), 0);
}

#[test]
fn prints_a_list_as_a_table() {
    let api = Api::shop();
    api.server.respond("listOrders", |_| {
        Reply::json(
            200,
            json!({"orders": [
                {"id": 1, "name": "a\nb", "tags": [1, 2]},
                {"id": 22, "state": null},
            ]}),
        )
    });
    let arguments = ["listOrders", "--tag", "1", "--tag", "2", "--open", "true"];
    let arguments = [&arguments[..], &["--x-trace", "t"]].concat();
    check(
        &api.call(&["--table"], &arguments),
        expect![[r#"
        exit 0
        -- out --
        id  name  tags   state
        1   a b   [1,2]
        22
        -- err --
        200 OK
    "#]],
    );
    let requests = api.requests();
    assert_eq!(requests[0].query.as_deref(), Some("tag=1&tag=2&open=true"));
    assert_eq!(requests[0].header("x-trace"), Some("t"));
    assert_eq!(requests[0].header("x-key"), Some("secret-key"));
}

#[test]
fn sends_files_of_a_form() {
    let api = Api::shop();
    api.workspace.write("note.txt", "text of the file");
    let file = api.workspace.path("note.txt");
    let body = json!({"file": format!("@{}", file.display()), "note": "n"}).to_string();
    check(
        &api.call(&[], &["add_file", "--body", &body]),
        expect![[r#"
            exit 0
            -- err --
            201 Created
        "#]],
    );
    let parts = api.requests()[0].parts().unwrap();
    let part = |name: &str| parts.iter().find(|part| part.name == name).unwrap();
    assert_eq!(part("file").content, b"text of the file");
    assert_eq!(part("file").file_name.as_deref(), Some("note.txt"));
    assert_eq!(part("note").content, b"n");
    let body = json!({"file": "@missing.txt"}).to_string();
    let shown = api.call(&[], &["add_file", "--body", &body]);
    assert!(shown.contains("cannot read missing.txt, the file of the field `file`"));
}

#[test]
fn needs_a_complete_base_url() {
    let api = Api::shop();
    let output = api.workspace.gallery(&["call", "mattermost", "listOrders"]);
    check(
        &output.shown(),
        expect![[r#"
            exit 100
            -- err --
            error: crates/gallery-mattermost/openapi.json has no complete URL of a server: set it with --base-url
        "#]],
    );
}

#[test]
fn exits_with_75_without_a_response() {
    let Api { workspace, server } = Api::shop();
    let base_url = server.base_url();
    drop(server);
    let output = workspace.gallery(&[
        "call",
        "--base-url",
        &base_url,
        "mattermost",
        "add_file",
        "--body",
        "{}",
    ]);
    assert_eq!(output.code, Some(75), "{output:?}");
    assert!(output.stderr.starts_with("error: "), "{output:?}");
}
