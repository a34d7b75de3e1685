//! `gallery serve`: the mock server of a client.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};

use expect_test::expect;
use gallery_testkit::{MockServer, Reply};

use crate::workspace::Workspace;

/// Sends a request, with a token unless it ends with ` without a token`, and returns the response's
/// status.
fn send(base_url: &str, request: &str) -> String {
    let (address, path) = base_url
        .trim_start_matches("http://")
        .split_once('/')
        .unwrap();
    let mut stream = TcpStream::connect(address).unwrap();
    let (request, authorization) = match request.strip_suffix(" without a token") {
        Some(request) => (request, ""),
        None => (request, "Authorization: Bearer t\r\n"),
    };
    let (method, target) = request.split_once(' ').unwrap();
    write!(
        stream,
        "{method} /{path}{target} HTTP/1.1\r\nHost: x\r\n{authorization}Connection: close\r\n\r\n"
    )
    .unwrap();
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    response.split(' ').nth(1).unwrap().to_owned()
}

/// Starts `gallery serve`. Returns it with its base URL and its output.
fn start(workspace: &Workspace, args: &[&str]) -> (Child, String, String, BufReader<ChildStdout>) {
    let mut run = workspace
        .command(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(run.stdout.take().unwrap());
    let mut shown = String::new();
    while !shown.ends_with("press Ctrl-C to stop\n") {
        assert_ne!(out.read_line(&mut shown).unwrap(), 0, "{shown}");
    }
    let line = shown.lines().next().unwrap();
    let base_url = line.rsplit(' ').next().unwrap().to_owned();
    (run, base_url, shown, out)
}

/// Sends the signal of Ctrl-C, and waits for the end.
fn interrupt(run: &mut Child) {
    let id = run.id().to_string();
    assert!(
        Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(run.wait().unwrap().code(), Some(0));
}

#[test]
fn records_an_api_and_replays_it() {
    let workspace = Workspace::fresh();
    let document = workspace.read("specs/mattermost/openapi.json");
    let api = MockServer::start(&document).unwrap();
    api.respond("get_team_members", |_| Reply::new(418));
    let url = api.base_url();
    let (mut run, base_url, ..) = start(
        &workspace,
        &["serve", "--record", &url, "--recording", "r.json"],
    );
    assert_eq!(send(&base_url, "GET /teams/t/members"), "418");
    interrupt(&mut run);
    drop(api);
    assert!(!workspace.read("r.json").contains("Bearer"));
    let (mut run, base_url, ..) = start(&workspace, &["serve", "--recording", "r.json"]);
    assert_eq!(send(&base_url, "GET /teams/t/members"), "418");
    assert_eq!(send(&base_url, "GET /teams/u/members"), "400");
    interrupt(&mut run);
    let refused = workspace.gallery(&["serve", "--recording", "missing.json"]);
    assert!(refused.shown().contains("error: cannot read missing.json"));
}

#[test]
fn reports_invalid_requests_until_it_is_interrupted() {
    let workspace = Workspace::fresh();
    let (mut run, base_url, mut shown, mut out) = start(&workspace, &["serve"]);
    let requests = [
        "GET /teams/t/members?page=1",
        "GET /teams/t/members without a token",
        "GET /teams/t/members?page=one&size=3",
        "DELETE /teams/t/members",
        "GET /",
    ];
    assert_eq!(
        requests.map(|request| send(&base_url, request)),
        ["200", "401", "400", "405", "404"]
    );
    // Send the signal of Ctrl-C.
    assert!(
        Command::new("kill")
            .args(["-INT", &run.id().to_string()])
            .status()
            .unwrap()
            .success()
    );
    out.read_to_string(&mut shown).unwrap();
    assert_eq!(run.wait().unwrap().code(), Some(0));
    let address = base_url
        .trim_start_matches("http://")
        .split('/')
        .next()
        .unwrap();
    expect![[r#"
        mattermost: 7 operations of specs/mattermost/openapi.json at http://ADDRESS/api/v4
          curl 'http://ADDRESS/api/v4/channels/channel_id-1/members' -H 'authorization: Bearer TOKEN'
          curl -X POST 'http://ADDRESS/api/v4/channels/channel_id-1/members/ids' -H 'authorization: Bearer TOKEN' -H 'content-type: application/json' -d '["text"]'
          curl -X PUT 'http://ADDRESS/api/v4/teams/team_id-1/members/user_id-1/roles' -H 'authorization: Bearer TOKEN' -H 'content-type: application/json' -d '{"roles":"roles"}'
        press Ctrl-C to stop
        200  GET /api/v4/teams/t/members?page=1  get_team_members
        401  GET /api/v4/teams/t/members  get_team_members
             the credential is missing; the operation requires the header `Authorization: Bearer …`
        400  GET /api/v4/teams/t/members?page=one&size=3  get_team_members
             the query parameter `page` is "one", not an integer
             the query parameter `size` is not declared; the operation declares: page, per_page
        405  DELETE /api/v4/teams/t/members  not in the document
        404  GET /api/v4/  not in the document
    "#]]
    .assert_eq(&shown.replace(address, "ADDRESS"));
}

#[test]
fn a_lenient_server_responds_to_invalid_requests() {
    let workspace = Workspace::fresh();
    let mut run = workspace
        .command(&["serve", "--lenient"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(run.stdout.take().unwrap());
    let mut first = String::new();
    out.read_line(&mut first).unwrap();
    let base_url = first.trim_end().rsplit(' ').next().unwrap().to_owned();
    let status = send(&base_url, "GET /teams/t/members?page=one without a token");
    run.kill().unwrap();
    run.wait().unwrap();
    assert_eq!(status, "200");
}

#[test]
fn reports_an_unknown_client_and_a_missing_document() {
    let workspace = Workspace::fresh();
    let output = |args: &[&str]| workspace.gallery(args).shown();
    expect![[r#"
        exit 100
        -- err --
        error: there is no client `matermost`; specs/gallery.toml has: mattermost
    "#]]
    .assert_eq(&output(&["serve", "matermost"]));
    workspace.remove("specs/mattermost/openapi.json");
    expect![[r#"
        exit 100
        -- err --
        error: cannot read specs/mattermost/openapi.json; `gallery regen mattermost` generates it: No such file or directory (os error 2)
    "#]]
    .assert_eq(&output(&["serve", "mattermost"]));
}
