//! `gallery fetch` against a local HTTP server.
//!
//! Failures are reported and change no file. The tests of gallery-fetch cover more kinds of server
//! behavior.

use std::fs;

use expect_test::{Expect, expect};

use crate::server::{Reply, Server, Stop, certificate, gzip_of};
use crate::workspace::{LISTING, Output, Workspace};

const PATH: &str = "/streamdata-gallery-topics/memberships/master/_listings/mattermost";
const SINGLE: &str = "teamsteam-idmembers-get-openapi.md";

/// A workspace, and a server with the listing of the workspace's snapshot.
pub(crate) struct Network {
    pub(crate) workspace: Workspace,
    pub(crate) server: Server,
}

impl Network {
    pub(crate) fn new() -> Network {
        Network::with(Server::start())
    }

    fn with(server: Server) -> Network {
        let workspace = Workspace::generated();
        let network = Network { workspace, server };
        for entry in fs::read_dir(network.workspace.path(LISTING)).unwrap() {
            let path = entry.unwrap().path();
            network.put(
                path.file_name().unwrap().to_str().unwrap(),
                Reply::file(fs::read(&path).unwrap()),
            );
        }
        let config = network.workspace.read("specs/gallery.toml");
        network.workspace.write(
            "specs/gallery.toml",
            format!("source = \"{}\"\n{config}", network.server.root),
        );
        network
    }

    /// Returns a network whose snapshot was fetched from the server.
    pub(crate) fn fetched() -> Network {
        let network = Network::new();
        let output = network.run(&["regen", "--fetch"]);
        assert_eq!(output.code, Some(0), "{output:?}");
        network.server.seen();
        network
    }

    /// Sets the server's response for a file of the listing.
    pub(crate) fn put(&self, name: &str, reply: Reply) {
        self.server.put(&format!("{PATH}/{name}"), reply);
    }

    /// Serves a file of the snapshot with `from` replaced by `to`.
    pub(crate) fn reword(&self, name: &str, from: &str, to: &str) {
        let text = self.workspace.read(&format!("{LISTING}/{name}"));
        assert!(text.contains(from), "{name} has no {from:?}");
        self.put(name, Reply::file(text.replace(from, to)));
    }

    pub(crate) fn run(&self, args: &[&str]) -> Output {
        self.workspace.gallery(args)
    }

    /// Returns the output with the server's port replaced.
    pub(crate) fn shown(&self, output: &Output) -> String {
        output
            .shown()
            .replace(&self.server.root, "http://127.0.0.1:PORT")
    }
}

#[test]
fn fetches_files_and_then_uses_conditional_requests() {
    let network = Network::new();
    network.reword(SINGLE, "One page of the members", "A page of the members");
    let output = network.run(&["fetch"]);
    expect![[r#"
        exit 0
        -- out --
        mattermost: 9 files of streamdata-gallery-topics/memberships/mattermost from http://127.0.0.1:PORT/, 60809 bytes, 60809 of them downloaded
          the snapshot was transcribed: the gallery's prose replaces this project's
         changed  specs/gallery.lock
         changed  specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
        2 files written; run `gallery regen`
    "#]].assert_eq(&network.shown(&output));
    let lock = network.workspace.read("specs/gallery.lock");
    assert_eq!(lock.matches("etag = ").count(), 9);
    assert_eq!(network.workspace.regen(&[]).code, Some(0));
    network.server.seen();

    let before = network.workspace.tree();
    let output = network.run(&["fetch"]);
    expect![[r#"
        exit 0
        -- out --
        mattermost: 9 files of streamdata-gallery-topics/memberships/mattermost from http://127.0.0.1:PORT/, 60809 bytes, 0 of them downloaded
        nothing to write: the snapshots are up to date
    "#]].assert_eq(&network.shown(&output));
    let seen = network.server.seen();
    assert_eq!(seen.len(), 9);
    assert!(
        seen.iter().all(|seen| (seen.status, seen.sent) == (304, 0)),
        "{seen:?}"
    );
    assert!(network.workspace.tree() == before);
}

#[test]
fn fetches_only_needed_documents_by_default() {
    let network = Network::new();
    network
        .workspace
        .replace("specs/gallery.toml", "documents = \"all\"\n", "");
    let output = network.run(&["regen", "--fetch"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    assert_eq!(network.server.requests(), ["apis.md", "openapi.md"]);
    assert_eq!(
        fs::read_dir(network.workspace.path(LISTING))
            .unwrap()
            .count(),
        2
    );
    assert_eq!(network.workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn a_new_entity_tag_alone_does_not_change_the_lock() {
    let network = Network::fetched();
    let before = network.workspace.tree();
    // Serve the same bytes with another entity tag.
    let body = network.workspace.read(&format!("{LISTING}/{SINGLE}"));
    network.put(
        SINGLE,
        Reply {
            headers: vec![("etag", "\"other\"".to_owned())],
            ..Reply::file(body)
        },
    );
    let output = network.run(&["fetch"]);
    assert!(
        output
            .stdout
            .ends_with("nothing to write: the snapshots are up to date\n"),
        "{output:?}"
    );
    assert!(network.workspace.tree() == before);
}

#[test]
fn locked_compares_and_writes_nothing() {
    let network = Network::fetched();
    let before = network.workspace.tree();
    let same = network.run(&["fetch", "--locked"]);
    expect![[r#"
        exit 0
        -- out --
        mattermost: the snapshot of streamdata-gallery-topics/memberships/mattermost is up to date with http://127.0.0.1:PORT/ (9 files)
    "#]]
    .assert_eq(&network.shown(&same));

    network.reword(
        "openapi.md",
        "One page of the members",
        "A page of the members",
    );
    network.server.remove(&format!("{PATH}/{SINGLE}"));
    let index = network
        .workspace
        .read(&format!("{LISTING}/apis.md"))
        .replace(SINGLE, "new-openapi.md");
    network.put("apis.md", Reply::file(index));
    network.put("new-openapi.md", Reply::file("swagger: '2.0'\n"));
    let different = network.run(&["fetch", "--locked"]);
    expect![[r#"
        exit 4
        -- out --
        mattermost: the snapshot of streamdata-gallery-topics/memberships/mattermost differs from http://127.0.0.1:PORT/
         changed  specs/mattermost/listing/apis.md
             new  specs/mattermost/listing/new-openapi.md
         changed  specs/mattermost/listing/openapi.md
            gone  specs/mattermost/listing/teamsteam-idmembers-get-openapi.md
        4 files differ; `gallery regen --fetch mattermost` updates the snapshot
    "#]]
    .assert_eq(&network.shown(&different));

    network.put("apis.md", Reply::status(503));
    let unreachable = network.run(&["fetch", "--locked", "--retries", "0"]);
    expect![[r#"
        exit 75
        -- err --
        error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/apis.md returned `503 Service Unavailable`; try again later, or use --mirror
        not compared: mattermost
    "#]].assert_eq(&network.shown(&unreachable));

    network.put("apis.md", Reply::status(403));
    let failed = network.run(&["fetch", "--locked"]);
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/apis.md returned `403 Forbidden`; check the source, or use --mirror
        not compared: mattermost
    "#]].assert_eq(&network.shown(&failed));
    assert!(network.workspace.tree() == before);
}

/// Runs `fetch` with a bad response for one file, and checks the exit code and the messages.
///
/// Also checks that no file changes.
fn rejects(reply: Reply, code: i32, expected: Expect) {
    let network = Network::fetched();
    network.reword(
        "openapi.md",
        "One page of the members",
        "A page of the members",
    );
    network.put(SINGLE, reply);
    let before = network.workspace.tree_ignoring_root_mtime();
    let output = network.run(&["fetch", "--retries", "1", "--timeout", "1"]);
    assert_eq!(output.code, Some(code), "{output:?}");
    // The delay before a retry varies.
    let stderr = output
        .stderr
        .lines()
        .filter(|line| !line.contains("; retry in "))
        .collect::<Vec<_>>()
        .join("\n");
    expected.assert_eq(&stderr.replace(&network.server.root, "http://127.0.0.1:PORT"));
    assert!(
        network.workspace.tree_ignoring_root_mtime() == before,
        "a file was written"
    );
    assert_eq!(network.workspace.regen(&["--check"]).code, Some(0));
}

#[test]
fn reports_a_missing_document() {
    rejects(
        Reply::status(404),
        100,
        expect![[r#"
            error: mattermost: the index names documents that do not exist:
              http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md
            nothing was written"#]],
    );
}

#[test]
fn reports_a_forbidden_document() {
    rejects(
        Reply::status(403),
        100,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md returned `403 Forbidden`; check the source, or use --mirror
            nothing was written"#]],
    );
}

#[test]
fn reports_a_server_error() {
    rejects(
        Reply::status(500),
        75,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md returned `500 Internal Server Error` (2 attempts); try again later, or use --mirror
            nothing was written"#]],
    );
}

#[test]
fn reports_a_long_retry_after() {
    let headers = vec![("retry-after", "86400".to_owned())];
    rejects(
        Reply {
            headers,
            ..Reply::status(429)
        },
        75,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md returned `429 Too Many Requests` with a Retry-After of 86400s; try again later, or use --mirror
            nothing was written"#]],
    );
}

#[test]
fn reports_a_stalled_body() {
    rejects(
        Reply {
            stop: Some((10, Stop::Stall)),
            ..Reply::file("a: 1\n".repeat(10))
        },
        75,
        expect![[r#"
            error: mattermost: cannot reach http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md (2 attempts): no data for 1s, or not complete after 120s; try again later, or use --mirror
            nothing was written"#]],
    );
}

#[test]
fn reports_a_truncated_body() {
    rejects(
        Reply {
            stop: Some((10, Stop::HangUp)),
            ..Reply::file("a: 1\n".repeat(10))
        },
        75,
        expect![[r#"
            error: mattermost: cannot reach http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md (2 attempts): end of file before message length reached; try again later, or use --mirror
            nothing was written"#]],
    );
}

#[test]
fn reports_a_wrong_content_length() {
    rejects(
        Reply {
            length: Some(100),
            stop: Some((100, Stop::HangUp)),
            ..Reply::file("a: 1\n")
        },
        75,
        expect![[r#"
            error: mattermost: cannot reach http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md (2 attempts): end of file before message length reached; try again later, or use --mirror
            nothing was written"#]],
    );
}

#[test]
fn rejects_a_web_page() {
    rejects(
        Reply::file("<!doctype html><title>Sign in</title>"),
        100,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md is HTML, not a file of a listing; check whether the source returns a login or error page
            nothing was written"#]],
    );
}

#[test]
fn rejects_a_decompression_bomb() {
    let headers = vec![("content-encoding", "gzip".to_owned())];
    rejects(
        Reply {
            headers,
            ..Reply::file(gzip_of(b' ', 200 << 20))
        },
        100,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md is larger than 33554432 bytes, the maximum for a file; check the source
            nothing was written"#]],
    );
}

#[test]
fn reports_a_redirect_loop() {
    rejects(
        Reply::redirect(SINGLE),
        100,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md redirects more than 5 times; check the source
            nothing was written"#]],
    );
}

#[test]
fn rejects_a_redirect_to_another_host() {
    rejects(
        Reply::redirect("https://user:secret@example.com/x?token=secret"),
        100,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md redirects to https://example.com/x, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it
            nothing was written"#]],
    );
}

#[test]
fn rejects_a_redirect_to_a_file() {
    rejects(
        Reply::redirect("file:///etc/passwd"),
        100,
        expect![[r#"
            error: mattermost: http://127.0.0.1:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/teamsteam-idmembers-get-openapi.md redirects to file:///etc/passwd, which is not allowed: the scheme is neither https nor http
            nothing was written"#]],
    );
}

#[test]
fn retries_after_two_failures() {
    let network = Network::fetched();
    let text = network.workspace.read(&format!("{LISTING}/{SINGLE}"));
    network.server.script(
        &format!("{PATH}/{SINGLE}"),
        [Reply::status(500), Reply::status(500), Reply::file(text)],
    );
    let output = network.run(&["fetch"]);
    assert_eq!(output.code, Some(0), "{output:?}");
    let retries: Vec<_> = output
        .stderr
        .lines()
        .filter(|line| line.contains("500 Internal Server Error; retry in "))
        .collect();
    assert_eq!(retries.len(), 2, "{output:?}");
}

#[test]
fn rejects_a_file_source_before_any_request() {
    let network = Network::new();
    network
        .workspace
        .replace("specs/gallery.toml", &network.server.root, "file:///etc");
    let before = network.workspace.tree();
    let output = network.run(&["fetch"]);
    expect![[r#"
        exit 100
        -- err --
        error: unsafe source file:///etc/: the scheme is neither https nor http; use a base URL with https (http only for loopback), or a mirror
    "#]].assert_eq(&network.shown(&output));
    assert!(network.server.seen().is_empty());
    assert!(network.workspace.tree() == before);
}

#[test]
fn rejects_an_untrusted_certificate() {
    let (certificate, config) = certificate();
    let network = Network::with(Server::start_tls(config));
    let before = network.workspace.tree();
    let output = network.run(&["fetch"]);
    expect![[r#"
        exit 100
        -- err --
        error: mattermost: invalid certificate of https://localhost:PORT/streamdata-gallery-topics/memberships/master/_listings/mattermost/apis.md: invalid peer certificate: UnknownIssuer; for a server of your own, set SSL_CERT_FILE to a file with its authority
        nothing was written
    "#]].assert_eq(&output.shown().replace(&network.server.root, "https://localhost:PORT"));
    assert!(network.workspace.tree() == before);

    network.workspace.write("authority.pem", certificate);
    let mut command = network.workspace.command(&["fetch"]);
    let output = command
        .env("SSL_CERT_FILE", network.workspace.path("authority.pem"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(network.server.seen().len(), 9);
}

#[test]
fn prints_progress_for_many_files() {
    let network = Network::new();
    network
        .workspace
        .replace("specs/gallery.toml", "documents = \"all\"\n", "");
    let entry = |number: usize| {
        format!(
            "- name: A\n  properties:\n  - {{type: x-openapi-spec, url: p{number}-openapi.md}}\n"
        )
    };
    network.put(
        "apis.md",
        Reply::file(format!(
            "name: P\napis:\n{}",
            (0..250).map(entry).collect::<String>()
        )),
    );
    (0..250).for_each(|number| {
        network.put(
            &format!("p{number}-openapi.md"),
            Reply::file("swagger: '2.0'\n"),
        );
    });
    let output = network.run(&["fetch"]);
    assert_eq!(
        (output.code, output.stderr.as_str()),
        (Some(0), "100 of 252 files\n200 of 252 files\n")
    );
}

#[cfg(unix)]
#[test]
fn replaces_a_symlink_without_following_it() {
    let network = Network::fetched();
    let path = network.workspace.path(&format!("{LISTING}/{SINGLE}"));
    fs::rename(&path, network.workspace.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(network.workspace.path("elsewhere"), &path).unwrap();
    network.reword(SINGLE, "One page of the members", "A page of the members");
    let elsewhere = network.workspace.read("elsewhere");
    assert_eq!(network.run(&["fetch"]).code, Some(0));
    assert!(fs::symlink_metadata(&path).unwrap().is_file());
    assert_eq!(network.workspace.read("elsewhere"), elsewhere);

    let folder = network.workspace.path(LISTING);
    fs::rename(&folder, network.workspace.path("folder")).unwrap();
    std::os::unix::fs::symlink(network.workspace.path("folder"), &folder).unwrap();
    network.put("openapi.md", Reply::file("swagger: '2.0'\n"));
    let output = network.run(&["fetch"]);
    expect![[r#"
        exit 100
        -- out --
        mattermost: 9 files of streamdata-gallery-topics/memberships/mattermost from http://127.0.0.1:PORT/, 55225 bytes, 15 of them downloaded
        -- err --
        error: specs/mattermost/listing: a file or symlink is where a directory should be; move it away and run this again
    "#]].assert_eq(&network.shown(&output));
}

#[test]
fn a_listing_without_operations_changes_nothing() {
    let network = Network::fetched();
    network.put("apis.md", Reply::file("name: Mattermost\n"));
    network.put(
        "openapi.md",
        Reply::file("swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: []\n"),
    );
    let before = network.workspace.tree_ignoring_root_mtime();
    let output = network.run(&["regen", "--fetch"]);
    assert_eq!(output.code, Some(100), "{output:?}");
    assert!(
        output.stderr.ends_with("nothing was written\n"),
        "{output:?}"
    );
    assert!(network.workspace.tree_ignoring_root_mtime() == before);
}

#[test]
fn external_references_are_not_followed() {
    let network = Network::fetched();
    let document = |target: &str| {
        format!(
            "swagger: '2.0'\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    $ref: '{target}'\n    post:\n      \
             parameters:\n      - $ref: '{target}'\n      - {{in: body, name: body, schema: {{$ref: '{target}'}}}}\n      \
             responses: {{200: {{$ref: '{target}'}}}}\n"
        )
    };
    network.put("apis.md", Reply::file("name: Mattermost\n"));
    let url = format!("{}/leak.json", network.server.root);
    let leak = network.workspace.path("leak.json");
    network.workspace.write(
        "leak.json",
        "{\"type\": \"string\", \"description\": \"leaked\"}",
    );
    network.server.put(
        "/leak.json",
        Reply::file("{\"type\": \"string\", \"description\": \"leaked\"}"),
    );
    for target in [
        url,
        leak.display().to_string(),
        format!("file://{}", leak.display()),
        "../../../leak.json".to_owned(),
    ] {
        network.put("openapi.md", Reply::file(document(&target)));
        network.server.seen();
        let output = network.run(&["regen", "--fetch"]);
        assert!(!format!("{output:?}").contains("leaked"), "{output:?}");
        assert_eq!(network.server.requests(), ["apis.md", "openapi.md"]);
        let files = network.workspace.contents();
        assert!(files.iter().all(|(path, bytes)| path == "leak.json"
            || !String::from_utf8_lossy(bytes).contains("leaked")));
    }
}
