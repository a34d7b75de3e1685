//! `diff` of documents from URLs and standard input, and outside of a workspace.

use std::fs::File;
use std::net::TcpListener;
use std::process::Stdio;

use expect_test::{Expect, expect};

use crate::server::{Reply, Server};
use crate::workspace::{Output, Workspace};

const BASE: &str = "openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /a:
    get:
      operationId: a
      parameters:
      - {in: query, name: q, schema: {type: string}}
      responses: {}
";

/// Creates a directory that is not a workspace.
fn folder() -> Workspace {
    let folder = Workspace::empty();
    folder.write("base.yaml", BASE);
    folder.write(
        "revision.yaml",
        BASE.replace("type: string", "type: integer"),
    );
    folder
}

/// Runs `diff` with a file as standard input.
fn with_stdin(folder: &Workspace, file: &str, args: &[&str]) -> Output {
    let input = File::open(folder.path(file)).unwrap();
    let mut command = folder.command(&[&["diff"], args].concat());
    folder.output(command.stdin(Stdio::from(input)))
}

/// Checks the output for a URL of the server, both as the base and as the revision.
fn check_url(server: &Server, url: &str, expected: Expect) {
    let folder = folder();
    let url = url.replace("ROOT", server.root.strip_prefix("http://").unwrap());
    let output = folder.gallery(&["diff", "base.yaml", &url]);
    let port = server.root.rsplit(':').next().unwrap();
    expected.assert_eq(&output.shown().replace(port, "PORT"));
    let swapped = folder.gallery(&["diff", &url, "base.yaml"]);
    assert_eq!((swapped.code, swapped.stderr), (output.code, output.stderr));
}

#[test]
fn works_outside_of_a_workspace() {
    let folder = folder();
    assert!(!folder.path("specs").exists());
    let output = folder.gallery(&["diff", "base.yaml", "revision.yaml"]);
    expect![[r#"
        exit 4
        -- out --
        base.yaml → revision.yaml
          1 difference
          wire: 1 breaking; source: 1 breaking; docs: 1

          GET /a
            type-changed  wire breaking, source breaking, docs  fails
              at GET /a#parameters/query:q/schema/type
              changed the type of the query parameter `q` (`string` → `integer`): the server rejects values of the old type; the Rust type changes
              revision.yaml:8:39  fingerprint 177ee927c831b8a1
    "#]].assert_eq(&output.shown());
    assert_eq!(folder.contents().len(), 2);
}

#[test]
fn downloads_documents() {
    let server = Server::start();
    server.put("/v1/api.yaml", Reply::file(BASE));
    server.put("/latest?token=secret", Reply::redirect("/v1/api.yaml"));
    let folder = folder();
    let url = |path: &str| {
        let host = server.root.strip_prefix("http://").unwrap();
        format!("http://user:secret@{host}{path}")
    };
    let output = folder.gallery(&["diff", &url("/latest?token=secret"), "revision.yaml"]);
    let port = server.root.rsplit(':').next().unwrap();
    expect![[r#"
        exit 4
        -- out --
        http://127.0.0.1:PORT/latest → revision.yaml
          1 difference
          wire: 1 breaking; source: 1 breaking; docs: 1

          GET /a
            type-changed  wire breaking, source breaking, docs  fails
              at GET /a#parameters/query:q/schema/type
              changed the type of the query parameter `q` (`string` → `integer`): the server rejects values of the old type; the Rust type changes
              revision.yaml:8:39  fingerprint 177ee927c831b8a1
    "#]]
    .assert_eq(&output.shown().replace(port, "PORT"));
    let seen = server.seen();
    // The server chooses the target of a redirect, so the target gets no credentials.
    let authorized: Vec<_> = seen
        .iter()
        .map(|seen| {
            (
                seen.path.as_str(),
                seen.headers.contains_key("authorization"),
            )
        })
        .collect();
    assert_eq!(
        authorized,
        [("/latest?token=secret", true), ("/v1/api.yaml", false)]
    );
    let same = folder.gallery(&[
        "diff",
        &url("/v1/api.yaml"),
        &url("/v1/api.yaml"),
        "--fail-on",
        "any",
    ]);
    assert_eq!(same.code, Some(0), "{same:?}");
}

#[test]
fn rejects_documents_that_cannot_be_downloaded() {
    let server = Server::start();
    server.put("/login", Reply::file("<!doctype html>"));
    server.put(
        "/elsewhere",
        Reply::redirect("https://user:secret@example.com/a.yaml?token=secret"),
    );
    server.put("/forbidden", Reply::status(403));
    server.put("/bad.yaml", Reply::file("openapi: 3.0.3\npaths: [\n"));
    server.put("/large", Reply::file(vec![b'a'; (32 << 20) + 1]));
    check_url(
        &server,
        "http://user:secret@ROOT/missing.yaml?token=secret",
        expect![[r#"
            exit 100
            -- err --
            error: http://127.0.0.1:PORT/missing.yaml does not exist; check the URL
        "#]],
    );
    check_url(
        &server,
        "http://user:secret@ROOT/login",
        expect![[r#"
        exit 100
        -- err --
        error: http://127.0.0.1:PORT/login is HTML, not a document; use the URL of the raw file, and check whether it needs a login
    "#]],
    );
    check_url(
        &server,
        "http://user:secret@ROOT/elsewhere",
        expect![[r#"
            exit 100
            -- err --
            error: http://127.0.0.1:PORT/elsewhere redirects to https://example.com/a.yaml, which is not allowed: use that URL, or add its host to `hosts` in specs/gallery.toml
        "#]],
    );
    check_url(
        &server,
        "http://user:secret@ROOT/forbidden",
        expect![[r#"
            exit 100
            -- err --
            error: http://127.0.0.1:PORT/forbidden returned `403 Forbidden`; check the URL
        "#]],
    );
    check_url(
        &server,
        "http://user:secret@ROOT/bad.yaml",
        expect![[r#"
            exit 100
            -- err --
            error: invalid YAML: did not find expected node content
              --> http://127.0.0.1:PORT/bad.yaml:3:1
        "#]],
    );
    check_url(
        &server,
        "http://user:secret@ROOT/large",
        expect![[r#"
        exit 100
        -- err --
        error: http://127.0.0.1:PORT/large is larger than 33554432 bytes, the maximum for a file; check the source
    "#]],
    );
    check_url(
        &server,
        "http://user:secret@example.com/a.yaml?token=secret",
        expect![[r#"
            exit 100
            -- err --
            error: unsafe URL http://example.com/a.yaml: http can be modified in transit; use https (http only for loopback)
        "#]],
    );
    check_url(
        &server,
        "https://user:secret@host:port/a.yaml?token=secret",
        expect![[r#"
            exit 100
            -- err --
            error: invalid URL `host:port/a.yaml`: invalid port number
        "#]],
    );
}

#[test]
fn exits_75_if_a_url_cannot_be_reached() {
    // The port is free again when the listener is dropped.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let folder = folder();
    let url = format!("http://user:secret@127.0.0.1:{port}/a.yaml");
    let output = folder.gallery(&["diff", "base.yaml", &url]);
    assert_eq!(output.code, Some(75), "{output:?}");
    let error = output.stderr.lines().last().unwrap();
    assert!(
        error.starts_with(&format!(
            "error: cannot reach http://127.0.0.1:{port}/a.yaml (4 attempts): "
        )) && error.ends_with("; try again later"),
        "{output:?}"
    );
    assert!(!output.stderr.contains("secret"), "{output:?}");
    let output = folder.gallery(&[
        "diff",
        "--retries",
        "0",
        "--timeout",
        "1",
        "base.yaml",
        &url,
    ]);
    assert_eq!(output.code, Some(75), "{output:?}");
    assert!(!output.stderr.contains("attempts"), "{output:?}");
}

#[test]
fn reads_one_document_from_standard_input() {
    let folder = folder();
    let output = with_stdin(&folder, "revision.yaml", &["base.yaml", "-"]);
    expect![[r#"
        exit 4
        -- out --
        base.yaml → <stdin>
          1 difference
          wire: 1 breaking; source: 1 breaking; docs: 1

          GET /a
            type-changed  wire breaking, source breaking, docs  fails
              at GET /a#parameters/query:q/schema/type
              changed the type of the query parameter `q` (`string` → `integer`): the server rejects values of the old type; the Rust type changes
              base.yaml:8:39  fingerprint 177ee927c831b8a1
    "#]].assert_eq(&output.shown());
    let output = with_stdin(&folder, "base.yaml", &["-", "revision.yaml"]);
    assert_eq!(output.code, Some(4), "{output:?}");
    let output = with_stdin(&folder, "base.yaml", &["-", "-"]);
    expect![[r#"
        exit 100
        -- err --
        error: `-` is standard input, which can be only one of the two documents
    "#]]
    .assert_eq(&output.shown());
}

#[test]
fn rejects_invalid_standard_input() {
    let folder = folder();
    let check = |bytes: &[u8], expected: Expect| {
        folder.write("in", bytes);
        expected.assert_eq(&with_stdin(&folder, "in", &["base.yaml", "-"]).shown());
    };
    check(
        b"",
        expect![[r#"
        exit 100
        -- err --
        error: <stdin>: the file is empty
    "#]],
    );
    check(
        b"openapi: 3.0.3\npaths: [\n",
        expect![[r#"
        exit 100
        -- err --
        error: invalid YAML: did not find expected node content
          --> <stdin>:3:1
    "#]],
    );
    check(
        b"openapi: 3.0.3\ninfo: \xff\n",
        expect![[r#"
        exit 100
        -- err --
        error: the file is not UTF-8 text: invalid byte at offset 21
          --> <stdin>:2:7
    "#]],
    );
    check(
        &vec![b'a'; (32 << 20) + 1],
        expect![[r#"
        exit 100
        -- err --
        error: <stdin>: more than 33554432 bytes, which is the limit
    "#]],
    );
}
