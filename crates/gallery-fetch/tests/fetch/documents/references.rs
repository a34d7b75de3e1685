//! References to other files.

use expect_test::expect;
use gallery_fetch::DocumentsSource;

use super::{Garden, document, garden, index, index_of, notices, paths, serve, url};
use crate::server::{Reply, Server};

#[tokio::test]
async fn follows_references_across_files() {
    let server = serve(&[
        (
            "/a/openapi.yml",
            "openapi: 3.1.0\npaths: {/x: {$ref: 'paths/x.yml'}}\nc: {$ref: '#/paths'}\n",
        ),
        (
            "/a/paths/x.yml",
            "get: {$ref: '../schemas/a%20b:c.json#/A'}\nd: {$ref: 'x.yml'}\n",
        ),
        // A cycle, an absolute URL, and a discriminator.
        ("/a/schemas/a%20b:c.json", ""),
        ("/a/schemas/d.yml", "a: 1\n"),
        ("/a/schemas/e.yml", "a: 1\n"),
    ]);
    let text = format!(
        "{{\"$ref\": \"../openapi.yml#/paths\", \"a\": {{\"$ref\": \"{}/a/schemas/d.yml#/D\"}},
            \"discriminator\": {{\"mapping\": {{\"e\": \"e.yml\"}}}}}}",
        server.root
    );
    server.put("/a/schemas/a%20b:c.json", Reply::file(text));
    let mut garden = Garden::new();
    let fetched = garden
        .fetch(&document(&server, "/a/openapi.yml"))
        .await
        .unwrap();
    expect![[r#"
        openapi.yml
        paths/x.yml
        schemas/a_b_c-a5dba95a.json
        schemas/d.yml
        schemas/e.yml"#]]
    .assert_eq(&paths(&fetched).join("\n"));
    assert_eq!(notices(&fetched, &server), "");
    assert_eq!(server.seen().len(), 5);
}

#[tokio::test]
async fn documents_of_an_index_share_files() {
    let reference = "openapi: 3.1.0\na: {$ref: '../common.yml'}\nb: {$ref: '../openapi/b.yml'}\n";
    let server = serve(&[
        ("/apis.yml", &index_of(&["openapi/a.yml", "openapi/b.yml"])),
        ("/openapi/a.yml", reference),
        ("/openapi/b.yml", reference),
        ("/common.yml", "a: 1\n"),
    ]);
    let fetched = Garden::new()
        .fetch(&index(&server, "/apis.yml", &[]))
        .await
        .unwrap();
    assert_eq!(
        paths(&fetched),
        ["apis.yml", "common.yml", "openapi/a.yml", "openapi/b.yml"]
    );
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn does_not_follow_unsafe_references() {
    let other = serve(&[("/x.yml", "a: 1\n")]);
    let server = Server::start();
    let references = [
        "file:///etc/passwd",
        "../outside.yml",
        "/outside.yml",
        "%2e%2e/outside.yml",
        "..%2foutside.yml",
        "https://example.com/x.yml",
        "http://localhost:1/x.yml",
        "http://[::1]:1/x.yml",
        "//user:secret@127.0.0.1:1/x.yml?token=secret",
        &format!("{}/x.yml", other.root),
        "ftp://127.0.0.1/x.yml",
        "http://[/x.yml",
        "missing.yml",
        "page.yml",
        "away.yml",
        "loop.yml",
    ];
    let mut text = String::from("openapi: 3.1.0\nrefs:\n");
    for reference in references {
        text.push_str(&format!("- {{$ref: '{reference}#/x'}}\n"));
    }
    server.put("/a/openapi.yml", Reply::file(text));
    server.put("/outside.yml", Reply::file("a: 1\n"));
    server.put("/a/page.yml", Reply::file("<html>"));
    server.put(
        "/a/away.yml",
        Reply::redirect(format!("{}/x.yml", other.root)),
    );
    server.put("/a/loop.yml", Reply::redirect("loop.yml"));
    let fetched = Garden::new()
        .fetch(&document(&server, "/a/openapi.yml"))
        .await
        .unwrap();
    assert_eq!(paths(&fetched), ["openapi.yml"]);
    assert!(other.seen().is_empty());
    let mut requested: Vec<_> = server.seen().into_iter().map(|seen| seen.path).collect();
    requested.dedup();
    assert_eq!(
        requested
            .iter()
            .filter(|path| path.contains("outside"))
            .count(),
        0,
        "{requested:?}"
    );
    let found = notices(&fetched, &server).replace(&other.root, "OTHER");
    assert!(!found.contains("secret"));
    expect![[r#"
        warning[reference-not-followed]: `file:///etc/passwd`: the scheme is neither https nor http; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `../outside.yml`: it is not below SERVER/a/; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `..%2foutside.yml`: the path has an encoded slash or NUL; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `https://example.com/x.yml`: it is on another host; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `http://localhost:1/x.yml`: it is on another host; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `http://[::1]:1/x.yml`: it is on another host; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `127.0.0.1:1/x.yml`: it is on another host; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `OTHER/x.yml`: it is on another host; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `ftp://127.0.0.1/x.yml`: the scheme is neither https nor http; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: `http://[/x.yml`: invalid URL: invalid IPv6 address; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: SERVER/a/missing.yml does not exist; check the URL; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: SERVER/a/page.yml is HTML, not a document; use the URL of the raw file, and check whether it needs a login; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: SERVER/a/away.yml redirects to OTHER/x.yml, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it; what it refers to has no type
          --> SERVER/a/openapi.yml
        warning[reference-not-followed]: SERVER/a/loop.yml redirects more than 5 times; check the source; what it refers to has no type
          --> SERVER/a/openapi.yml"#]].assert_eq(&found);
}

#[tokio::test]
async fn a_reference_that_one_document_may_not_follow_is_followed_for_another() {
    let server = serve(&[]);
    let inner = format!("{}/a/b/inner.yml", server.root);
    // Both refer to the same file, which is below the directory of the second one only. The first
    // one also refers to the second one, which is a document of the source.
    let first = "openapi: 3.1.0\na: {$ref: ../common.yml}\nb: {$ref: ../outer.yml}\n";
    server.put("/a/b/inner.yml", Reply::file(first));
    server.put(
        "/a/outer.yml",
        Reply::file("openapi: 3.1.0\na: {$ref: common.yml}\n"),
    );
    server.put("/a/common.yml", Reply::file("a: 1\n"));
    let urls = vec![inner.parse().unwrap(), url(&server, "/a/outer.yml")];
    let source = DocumentsSource::Documents(urls);
    let fetched = Garden::new().fetch(&source).await.unwrap();
    assert_eq!(fetched.files.len(), 3);
    assert_eq!(fetched.notices.len(), 1, "{:?}", fetched.notices);
}

#[tokio::test]
async fn limits_files_and_notices() {
    let mut text = String::from("openapi: 3.1.0\nrefs:\n");
    for number in 0..60 {
        text.push_str(&format!("- {{$ref: '{number}.yml'}}\n"));
    }
    let server = serve(&[("/a/openapi.yml", &text)]);
    let mut garden = Garden::new();
    let source = document(&server, "/a/openapi.yml");
    let fetched = garden.fetch(&source).await.unwrap();
    assert_eq!(fetched.notices.len(), 51);
    assert_eq!(
        fetched.notices[50],
        "warning[reference-not-followed]: 10 more references lead nowhere"
    );
    garden.settings.max_files = 60;
    let error = garden.fetch(&source).await.unwrap_err();
    expect!["SERVER/a/openapi.yml has a reference to a further file, but 60 files are the maximum for a source"].assert_eq(&error.to_string().replace(&server.root, "SERVER"));
}

#[tokio::test]
async fn a_chain_of_files_is_limited() {
    let server = Server::start();
    for number in 0..40 {
        let text = format!("openapi: 3.1.0\na: {{$ref: '{}.yml'}}\n", number + 1);
        server.put(&format!("/{number}.yml"), Reply::file(text));
    }
    let mut garden = Garden::new();
    garden.settings.max_files = 20;
    let error = garden
        .fetch(&document(&server, "/0.yml"))
        .await
        .unwrap_err();
    expect![
        "SERVER/19.yml has a reference to a further file, but 20 files are the maximum for a source"
    ]
    .assert_eq(&error.to_string().replace(&server.root, "SERVER"));
    assert_eq!(server.seen().len(), 20);
}

#[tokio::test]
async fn follows_no_references_of_an_index() {
    let server = garden();
    let text = format!("{}x: {{$ref: other.yml}}\n", index_of(&["seeds.yml"]));
    server.put("/garden/apis.yml", Reply::file(text));
    let source = index(&server, "/garden/apis.yml", &[]);
    let fetched = Garden::new().fetch(&source).await.unwrap();
    assert_eq!(paths(&fetched), ["apis.yml", "seeds.yml"]);
}
