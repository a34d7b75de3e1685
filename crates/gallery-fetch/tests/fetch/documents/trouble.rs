//! Sources that cannot be used, or not completely, with the messages that users see.

use std::time::Duration;

use expect_test::{Expect, expect};
use gallery_fetch::{DocumentsSource, FetchError};

use super::{
    BEDS, Garden, SEEDS, catalog, document, garden, index, index_of, notices, paths, serve, url,
};
use crate::server::{Reply, Server, gzip_of};

async fn check_error(server: &Server, source: &DocumentsSource, message: Expect) -> FetchError {
    check_error_of(Garden::new(), server, source, message).await
}

async fn check_error_of(
    mut garden: Garden,
    server: &Server,
    source: &DocumentsSource,
    message: Expect,
) -> FetchError {
    let error = garden.fetch(source).await.unwrap_err();
    message.assert_eq(&error.to_string().replace(&server.root, "SERVER"));
    error
}

async fn check_index(text: &str, apis: &[&str], message: Expect) {
    let server = serve(&[("/apis.yml", text)]);
    check_error(&server, &index(&server, "/apis.yml", apis), message).await;
}

#[tokio::test]
async fn reports_unusable_indexes() {
    check_index("<!doctype html>", &[], expect!["SERVER/apis.yml is HTML, not a document; use the URL of the raw file, and check whether it needs a login"]).await;
    check_index(
        "apis: [\n",
        &[],
        expect![[r#"
        the index cannot be read; report it to the source:
        error[yaml-syntax]: invalid YAML: did not find expected node content
          --> SERVER/apis.yml:2:1"#]],
    )
    .await;
    check_index(
        "name: x\n",
        &[],
        expect![[r#"
        the index cannot be read; report it to the source:
        error[not-an-index]: this is not an APIs.json index: it has no list `apis`
          --> SERVER/apis.yml#"#]],
    )
    .await;
    check_index(
        SEEDS,
        &[],
        expect![[r#"
        the index cannot be read; report it to the source:
        error[not-an-index]: this is not an APIs.json index: it is an OpenAPI document
          --> SERVER/apis.yml#"#]],
    )
    .await;
    check_index(
        "apis: []\n",
        &[],
        expect!["SERVER/apis.yml names no OpenAPI document: there is nothing to make a client of"],
    )
    .await;
    check_index(
        "apis: [{properties: [{type: Documentation, url: x}]}]\n",
        &[],
        expect!["SERVER/apis.yml names no OpenAPI document: there is nothing to make a client of"],
    )
    .await;
    let server = serve(&[]);
    check_error(
        &server,
        &index(&server, "/apis.yml", &[]),
        expect!["SERVER/apis.yml does not exist; check the URL"],
    )
    .await;
    let server = serve(&[("/c", "{\"linkset\": [{\"anchor\": \"a\"}]}")]);
    check_error(
        &server,
        &catalog(&server, "/c", &[]),
        expect!["SERVER/c names no OpenAPI document: there is nothing to make a client of"],
    )
    .await;
}

#[tokio::test]
async fn reports_selections_without_documents() {
    let mut text = index_of(&["a.yml", "b.yml"]);
    text.push_str("- {aid: 'garden:tools', properties: []}\n");
    check_index(
        &text,
        &["garden:x"],
        expect!["SERVER/apis.yml: no API matches `garden:x` (nearest: garden:0)"],
    )
    .await;
    check_index(&text, &["*:tools"], expect!["the selected APIs of SERVER/apis.yml have no OpenAPI document; these have: garden:0, garden:1"]).await;
    check_index(
        &text,
        &["["],
        expect!["SERVER/apis.yml: invalid glob `[`: unclosed character class; missing ']'"],
    )
    .await;
}

#[tokio::test]
async fn skips_documents_that_cannot_be_used() {
    let other = serve(&[("/x.yml", BEDS)]);
    let server = garden();
    let documents = [
        "seeds.yml",
        "missing.yml",
        "page.yml",
        "apis.yml",
        "../garden/apis.yml#/apis",
        "../outside.yml",
        "away.yml",
        "large.yml",
        "forbidden.yml",
        "file:///etc/passwd",
        "http://[",
        "https://user:secret@example.com/x.yml?token=secret",
        &format!("{}/x.yml", other.root),
        "seeds.yml",
    ];
    server.put("/garden/apis.yml", Reply::file(index_of(&documents)));
    server.put("/outside.yml", Reply::file(BEDS));
    server.put("/garden/page.yml", Reply::file("<html>"));
    server.put(
        "/garden/away.yml",
        Reply::redirect(format!("{}/x.yml", other.root)),
    );
    server.put("/garden/forbidden.yml", Reply::status(403));
    let bomb = Reply {
        headers: vec![("content-encoding", "gzip".to_owned())],
        ..Reply::file(gzip_of(b' ', 100 << 20))
    };
    server.put("/garden/large.yml", bomb);
    let source = index(&server, "/garden/apis.yml", &[]);
    let fetched = Garden::new().fetch(&source).await.unwrap();
    assert_eq!(paths(&fetched), ["apis.yml", "seeds.yml"]);
    assert!(other.seen().is_empty());
    assert_eq!(fetched.skipped.len(), 12);
    let found = notices(&fetched, &server).replace(&other.root, "OTHER");
    assert!(!found.contains("secret"));
    expect![[r#"
        warning[document-skipped]: `apis.yml`: the index names itself as a document; the document is left out
          --> SERVER/garden/apis.yml#/apis/3 (garden:3)
        warning[document-skipped]: `../garden/apis.yml`: the index names itself as a document; the document is left out
          --> SERVER/garden/apis.yml#/apis/4 (garden:4)
        warning[document-skipped]: `../outside.yml`: it is not below SERVER/garden/; the document is left out
          --> SERVER/garden/apis.yml#/apis/5 (garden:5)
        warning[document-skipped]: `file:///etc/passwd`: the scheme is neither https nor http; the document is left out
          --> SERVER/garden/apis.yml#/apis/9 (garden:9)
        warning[document-skipped]: `http://[`: invalid URL: invalid IPv6 address; the document is left out
          --> SERVER/garden/apis.yml#/apis/10 (garden:10)
        warning[document-skipped]: `https://example.com/x.yml`: add the host to `hosts` in specs/gallery.toml to allow it; the document is left out
          --> SERVER/garden/apis.yml#/apis/11 (garden:11)
        warning[document-skipped]: `OTHER/x.yml`: add the host to `hosts` in specs/gallery.toml to allow it; the document is left out
          --> SERVER/garden/apis.yml#/apis/12 (garden:12)
        warning[document-skipped]: SERVER/garden/missing.yml does not exist; check the URL; the document is left out
          --> SERVER/garden/apis.yml#/apis/1 (garden:1)
        warning[document-skipped]: SERVER/garden/page.yml is HTML, not a document; use the URL of the raw file, and check whether it needs a login; the document is left out
          --> SERVER/garden/apis.yml#/apis/2 (garden:2)
        warning[document-skipped]: SERVER/garden/away.yml redirects to OTHER/x.yml, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it; the document is left out
          --> SERVER/garden/apis.yml#/apis/6 (garden:6)
        warning[document-skipped]: SERVER/garden/large.yml is larger than 33554432 bytes, the maximum for a file; check the source; the document is left out
          --> SERVER/garden/apis.yml#/apis/7 (garden:7)
        warning[document-skipped]: SERVER/garden/forbidden.yml returned `403 Forbidden`; check the URL; the document is left out
          --> SERVER/garden/apis.yml#/apis/8 (garden:8)"#]].assert_eq(&found);
}

#[tokio::test]
async fn allows_other_hosts_of_the_configuration() {
    let other = serve(&[
        ("/dir/x.yml", "openapi: 3.1.0\na: {$ref: y.yml}\n"),
        ("/dir/y.yml", "a: 1\n"),
    ]);
    let server = serve(&[(
        "/apis.yml",
        &index_of(&[&format!("{}/dir/x.yml", other.root)]),
    )]);
    let mut garden = Garden::new();
    let host = other.root.replace("http://", "");
    garden.hosts = vec![host.clone()];
    let fetched = garden
        .fetch(&index(&server, "/apis.yml", &[]))
        .await
        .unwrap();
    let folder = host.replace(':', "_");
    assert_eq!(
        paths(&fetched),
        [
            &format!("{folder}/dir/x.yml"),
            &format!("{folder}/dir/y.yml"),
            "apis.yml"
        ]
    );
}

#[tokio::test]
async fn fails_if_no_document_is_left() {
    check_index(
        &index_of(&["a.yml", "b.yml"]),
        &[],
        expect![[r#"
        none of the 2 documents that SERVER/apis.yml names can be downloaded:
          SERVER/apis.yml#/apis/0 (garden:0): SERVER/a.yml does not exist; check the URL
          SERVER/apis.yml#/apis/1 (garden:1): SERVER/b.yml does not exist; check the URL"#]],
    )
    .await;
    check_index(
        &index_of(&["apis.yml"]),
        &[],
        expect![[r#"
        none of the 1 documents that SERVER/apis.yml names can be downloaded:
          SERVER/apis.yml#/apis/0 (garden:0): the index names itself as a document"#]],
    )
    .await;
}

#[tokio::test]
async fn limits_documents_and_bytes() {
    let names: Vec<String> = (0..6_000).map(|number| format!("{number}.yml")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    check_index(&index_of(&names), &[], expect!["SERVER/apis.yml names 6000 documents; the maximum is 5000; select some of its APIs with --api"]).await;

    let server = garden();
    let mut garden = Garden::new();
    garden.settings.max_listing_bytes = 300;
    server.put("/garden/seeds.yml", Reply::file("#".repeat(200)));
    let source = index(&server, "/garden/apis.yml", &[]);
    check_error_of(garden, &server, &source, expect!["the files of SERVER/garden/apis.yml are larger than 300 bytes, the maximum for a source; select some of its APIs with --api"]).await;

    let mut garden = Garden::new();
    garden.settings.max_file_bytes = 100;
    let source = document(&server, "/garden/seeds.yml");
    check_error_of(garden, &server, &source, expect!["SERVER/garden/seeds.yml is larger than 100 bytes, the maximum for a file; check the source"]).await;
}

#[tokio::test]
async fn each_given_document_must_exist() {
    let server = serve(&[("/a.yml", BEDS), ("/page", "<html>")]);
    let source = DocumentsSource::Documents(vec![url(&server, "/a.yml"), url(&server, "/b.yml")]);
    check_error(
        &server,
        &source,
        expect!["SERVER/b.yml does not exist; check the URL"],
    )
    .await;
    check_error(&server, &document(&server, "/page"), expect!["SERVER/page is HTML, not a document; use the URL of the raw file, and check whether it needs a login"]).await;
    for unsafe_url in ["http://example.com/a.yml", "file:///etc/passwd"] {
        let source = DocumentsSource::Documents(vec![unsafe_url.parse().unwrap()]);
        let error = Garden::new().fetch(&source).await.unwrap_err();
        assert!(matches!(error, FetchError::UnsafeUrl { .. }), "{error}");
    }
}

#[tokio::test]
async fn an_outage_fails_the_whole_fetch() {
    let server = garden();
    server.put("/garden/seeds.yml", Reply::status(503));
    let source = index(&server, "/garden/apis.yml", &[]);
    let error = check_error(&server, &source, expect!["SERVER/garden/seeds.yml returned `503 Service Unavailable` (3 attempts); try again later"]).await;
    assert!(error.is_unreachable());
    let late = Reply {
        after: Duration::from_millis(300),
        ..Reply::file(SEEDS)
    };
    server.put("/garden/seeds.yml", late);
    let mut garden = Garden::new();
    garden.settings.overall_timeout = Duration::from_millis(200);
    let error = check_error_of(
        garden,
        &server,
        &source,
        expect!["SERVER/garden/apis.yml was not complete after 200ms; try again later"],
    )
    .await;
    assert!(error.is_unreachable());
}
