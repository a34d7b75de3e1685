//! Failed fetches over HTTP, with the messages that users see.

use std::time::{Duration, Instant};

use expect_test::{Expect, expect};
use futures::FutureExt;
use gallery_fetch::{Event, FetchError, RetryPolicy, Settings, Source};
use url::Url;

use crate::listing::{self, Fetch, index_of, path, serve, settings};
use crate::server::{Reply, Server, Stop, certificate, gzip_of};

/// Changes the server, fetches the listing, and checks the error, in which the port is `PORT`.
async fn check_error(change: impl FnOnce(&Server), message: Expect) -> FetchError {
    check_error_with(settings(), change, message).await
}

async fn check_error_with(
    settings: Settings,
    change: impl FnOnce(&Server),
    message: Expect,
) -> FetchError {
    let server = serve("");
    change(&server);
    let fetch = Fetch {
        settings,
        ..Fetch::url(&server.root)
    };
    let error = fetch.garden().await.unwrap_err();
    message.assert_eq(
        &error
            .to_string()
            .replace(&server.root, "http://127.0.0.1:PORT"),
    );
    error
}

/// Returns a change of one file.
fn with(name: &'static str, reply: Reply) -> impl FnOnce(&Server) {
    move |server| server.put(&path("", name), reply)
}

const BEDS: &str = "beds-get-openapi.md";

#[tokio::test]
async fn reports_all_missing_documents_at_once() {
    let error = check_error(
        |server| {
            ["seeds-get-openapi.md", BEDS]
                .iter()
                .for_each(|name| server.remove(&path("", name)))
        },
        expect![[r#"
            the index names documents that are not there; without them the listing is not complete:
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/seeds-get-openapi.md"#]],
    )
    .await;
    assert!(!error.is_unreachable());
    check_error(
        |server| {
            server.put(&path("", "apis.md"), Reply::file(index_of(&["openapi.md"])));
            server.remove(&path("", "openapi.md"));
        },
        expect![[r#"
            the index names documents that are not there; without them the listing is not complete:
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md"#]],
    )
    .await;
    let error = check_error(|server| server.remove(&path("", "apis.md")), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md is not there; check the name of the listing `owner/topic/garden` and the source"]).await;
    assert!(!error.is_unreachable());
    check_error(
        |server| {
            server.put(&path("", "apis.md"), Reply::file("name: Garden\n"));
            server.remove(&path("", "openapi.md"));
        },
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names no documents, and there is no openapi.md beside it; the listing has nothing to make a client from"],
    )
    .await;
}

#[tokio::test]
async fn rejects_responses_that_are_not_files() {
    let error = check_error(with("apis.md", Reply::status(403)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md was answered with `403 Forbidden`; look at what the source wants, or take a mirror"]).await;
    assert!(!error.is_unreachable());
    // There is no local file that could be unchanged.
    check_error(with("apis.md", Reply::status(304)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md was answered with `304 Not Modified`; look at what the source wants, or take a mirror"]).await;
    check_error(with("openapi.md", Reply::file("\u{feff}\n<!DOCTYPE html><title>Sign in</title>")), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md is HTML, not a file of a listing; look whether the source asks for a login or shows an error page"]).await;
    let headers = vec![("content-encoding", "br".to_owned())];
    check_error(with(BEDS, Reply { headers, ..Reply::file("packed") }), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md is packed as `br`, which was not asked for; look at what the source has there"]).await;
}

#[tokio::test]
async fn retries_transient_failures() {
    for (status, tried) in [(500, 3), (503, 3), (429, 3), (408, 3), (403, 1), (501, 3)] {
        let server = serve("");
        server.put(&path("", BEDS), Reply::status(status));
        let fetch = Fetch::url(&server.root);
        let error = fetch.garden().await.unwrap_err();
        assert_eq!(error.is_unreachable(), tried > 1, "{error}");
        assert_eq!(
            server
                .requests()
                .iter()
                .filter(|name| *name == BEDS)
                .count(),
            tried,
            "{status}"
        );
        assert_eq!(
            fetch
                .events()
                .iter()
                .filter(|event| matches!(event, Event::Waiting { .. }))
                .count(),
            tried - 1
        );
    }
    let server = serve("");
    server.script(
        &path("", BEDS),
        [
            Reply::status(500),
            Reply::status(500),
            Reply::file(listing::BEDS),
        ],
    );
    server.script(
        &path("", "apis.md"),
        [
            Reply {
                stop: Some((10, Stop::HangUp)),
                ..Reply::file(listing::index())
            },
            Reply::file(listing::index()),
        ],
    );
    let fetched = Fetch::url(&server.root).garden().await.unwrap();
    // Bytes of a broken connection are not counted twice.
    assert_eq!(
        fetched.downloaded,
        listing::files()
            .iter()
            .map(|(_, text)| text.len() as u64)
            .sum::<u64>()
    );
    check_error(with(BEDS, Reply::status(500)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with `500 Internal Server Error` (3 attempts); the source is out of order: try again later, or take a mirror"]).await;
}

#[tokio::test]
async fn respects_retry_after() {
    let busy = |wait: &str| Reply {
        headers: vec![("retry-after", wait.to_owned())],
        ..Reply::status(429)
    };
    let server = serve("");
    server.script(&path("", BEDS), [busy("1"), Reply::file(listing::BEDS)]);
    let fetch = Fetch::url(&server.root);
    let start = Instant::now();
    fetch.garden().await.unwrap();
    assert!(start.elapsed() >= Duration::from_secs(1));
    let waits: Vec<_> = fetch
        .events()
        .into_iter()
        .filter(|event| matches!(event, Event::Waiting { .. }))
        .collect();
    let at = format!("{}{}", server.root, path("", BEDS));
    assert_eq!(
        waits,
        [Event::Waiting {
            at,
            reason: "429 Too Many Requests".to_owned(),
            wait: Duration::from_secs(1)
        }]
    );

    let error = check_error(with(BEDS, busy("3600")), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with `429 Too Many Requests` and the wish to be left alone for 3600s; try again later, or take a mirror"]).await;
    assert!(error.is_unreachable());
}

#[tokio::test]
async fn rejects_redirects_to_other_hosts() {
    let to = |location: &str| with(BEDS, Reply::redirect(location));
    check_error(to("https://user:secret@example.com/beds?token=secret"), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with a redirect to https://example.com/beds, which is not followed: its host is neither the source's nor one of the `hosts` of specs/gallery.toml"]).await;
    check_error(to("http://127.0.0.1:1/"), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with a redirect to http://127.0.0.1:1/, which is not followed: its host is neither the source's nor one of the `hosts` of specs/gallery.toml"]).await;
    check_error(to("file:///etc/passwd"), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with a redirect to file:///etc/passwd, which is not followed: it is neither https nor http"]).await;
    check_error(with(BEDS, Reply::status(301)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with a redirect to nowhere, which is not followed: it says not where to"]).await;
    check_error(to(BEDS), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with more than 5 redirects, one after the other; look at what the source has there"]).await;
}

#[tokio::test]
async fn enforces_size_limits() {
    let large = Reply::file("a: 1\n".repeat(200));
    let small_file = || Settings {
        max_file_bytes: 999,
        ..settings()
    };
    check_error_with(small_file(), with("openapi.md", large.clone()), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md has more than 999 bytes, the most that is taken of one file; look at what the source has there"]).await;
    check_error_with(small_file(), with("openapi.md", Reply { length: None, ..large.clone() }), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md has more than 999 bytes, the most that is taken of one file; look at what the source has there"]).await;
    let small_listing = || Settings {
        max_listing_bytes: 1000,
        ..settings()
    };
    check_error_with(
        small_listing(),
        with("openapi.md", large.clone()),
        expect!["the files of the listing `owner/topic/garden` have more than 1000 bytes together, the most that is taken"],
    )
    .await;
    check_error_with(
        small_listing(),
        with("openapi.md", Reply { length: None, ..large.clone() }),
        expect!["the files of the listing `owner/topic/garden` have more than 1000 bytes together, the most that is taken"],
    )
    .await;
    for length in [Some(1000), None] {
        let server = serve("");
        server.put(
            &path("", "openapi.md"),
            Reply {
                length,
                ..large.clone()
            },
        );
        let fetch = Fetch {
            settings: Settings {
                max_file_bytes: 1000,
                ..settings()
            },
            ..Fetch::url(&server.root)
        };
        assert!(fetch.garden().await.is_ok());
    }
}

#[tokio::test]
async fn rejects_decompression_bombs() {
    let headers = vec![("content-encoding", "gzip".to_owned())];
    let bomb = Reply {
        headers,
        ..Reply::file(gzip_of(b' ', 200 << 20))
    };
    assert!(bomb.body.len() < 1 << 20);
    let error = check_error(with(BEDS, bomb), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md has more than 33554432 bytes, the most that is taken of one file; look at what the source has there"]).await;
    assert!(!error.is_unreachable());
}

#[tokio::test]
async fn silent_server_is_unreachable() {
    let impatient = || Settings {
        idle_timeout: Duration::from_millis(150),
        retries: RetryPolicy {
            attempts: 2,
            ..settings().retries
        },
        ..settings()
    };
    let late = Reply {
        after: Duration::from_secs(3),
        ..Reply::file("")
    };
    let stalled = Reply {
        stop: Some((10, Stop::Stall)),
        ..Reply::file(listing::BEDS)
    };
    let error = check_error_with(impatient(), with(BEDS, late), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached (2 attempts): silent for 150ms, or not complete after 5s; try again later, or take a mirror"]).await;
    assert!(error.is_unreachable());
    let error = check_error_with(impatient(), with(BEDS, stalled), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached (2 attempts): silent for 150ms, or not complete after 5s; try again later, or take a mirror"]).await;
    assert!(error.is_unreachable());
    // Each file is in time, but the listing is too slow.
    let slow = Reply {
        after: Duration::from_millis(300),
        ..Reply::file(listing::BEDS)
    };
    let error = check_error_with(
        Settings { overall_timeout: Duration::from_millis(200), ..settings() },
        with(BEDS, slow),
        expect!["the listing `owner/topic/garden` was not complete after 200ms; try again later, or take a mirror"],
    )
    .await;
    assert!(error.is_unreachable());
}

#[tokio::test]
async fn incomplete_body_is_unreachable() {
    let cut = Reply {
        stop: Some((10, Stop::HangUp)),
        ..Reply::file(listing::BEDS)
    };
    let error = check_error(with(BEDS, cut), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached (3 attempts): end of file before message length reached; try again later, or take a mirror"]).await;
    assert!(error.is_unreachable());
    let pieces = Reply {
        stop: Some((10, Stop::HangUp)),
        length: None,
        ..Reply::file(listing::BEDS)
    };
    check_error(with(BEDS, pieces), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached (3 attempts): unexpected EOF during chunk size line; try again later, or take a mirror"]).await;
    let short = Reply {
        length: Some(1000),
        stop: Some((1000, Stop::HangUp)),
        ..Reply::file(listing::BEDS)
    };
    check_error(with(BEDS, short), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached (3 attempts): end of file before message length reached; try again later, or take a mirror"]).await;
    let headers = vec![("content-encoding", "gzip".to_owned())];
    check_error(with(BEDS, Reply { headers, ..Reply::file("no gzip") }), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached (3 attempts): Invalid gzip header; try again later, or take a mirror"]).await;
}

#[tokio::test]
async fn refused_connection_is_unreachable() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let error = Fetch::url(&format!("http://user:secret@127.0.0.1:{port}/"))
        .garden()
        .await
        .unwrap_err();
    assert!(error.is_unreachable());
    let message = error.to_string();
    assert!(
        message.starts_with(&format!("http://127.0.0.1:{port}/owner/")),
        "{message}"
    );
    assert!(
        message.contains(" cannot be reached (3 attempts): ") && !message.contains("secret"),
        "{message}"
    );
}

#[tokio::test]
async fn rejects_invalid_certificates_without_retry() {
    let (_, config) = certificate();
    let server = Server::start_tls(config);
    let fetch = Fetch::url(&server.root);
    let error = fetch.garden().await.unwrap_err();
    expect!["the certificate of https://localhost:PORT/owner/topic/master/_listings/garden/apis.md is refused: invalid peer certificate: UnknownIssuer; if the server is your own, name a file with its authority in SSL_CERT_FILE"].assert_eq(&error.to_string().replace(&server.root, "https://localhost:PORT"));
    assert!(!error.is_unreachable() && fetch.events().is_empty() && server.seen().is_empty());
}

#[tokio::test]
async fn reports_invalid_indexes_with_their_location() {
    for (index, message) in [
        (
            "name: [\n",
            expect![[r#"
        the index of the listing cannot be used; it has to be mended at the source:
        error[yaml-syntax]: the YAML cannot be read: did not find expected node content
          --> http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md:2:1"#]],
        ),
        (
            "just: a map\n",
            expect![[r#"
        the index of the listing cannot be used; it has to be mended at the source:
        error[not-an-index]: this is not an APIs.json index: it has no `name`
          --> http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md#"#]],
        ),
    ] {
        check_error(with("apis.md", Reply::file(index)), message).await;
    }
}

#[tokio::test]
async fn reports_empty_indexes() {
    for index in ["", "---\r\n\r\n---"] {
        let server = serve("");
        server.put(&path("", "apis.md"), Reply::file(index));
        let fetched = Fetch::url(&server.root).garden().await.unwrap();
        assert!(
            fetched.notices[0].contains("empty-index"),
            "{:?}",
            fetched.notices
        );
        assert_eq!(server.requests(), ["apis.md", "openapi.md"]);
    }
}

#[tokio::test]
async fn rejects_indexes_that_point_elsewhere() {
    for (url, message) in [
        (
            "https://user:secret@127.0.0.1:1/owner/topic/master/_listings/garden/a.md?token=secret",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names a document elsewhere, https://127.0.0.1:1/owner/topic/master/_listings/garden/a.md: its host is neither the source's nor one of the `hosts` of specs/gallery.toml; the index has to be mended at the source"
            ],
        ),
        (
            "https://raw.githubusercontent.com/owner/topic/master/_listings/other/a.md",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names a document elsewhere, https://raw.githubusercontent.com/owner/topic/master/_listings/other/a.md: it has to end in owner/topic/master/_listings/garden/ and a file name; the index has to be mended at the source"
            ],
        ),
        (
            "file:///owner/topic/master/_listings/garden/a.md",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names a document elsewhere, file:///owner/topic/master/_listings/garden/a.md: it is neither https nor http; the index has to be mended at the source"
            ],
        ),
        (
            "../other/a.md",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names a document elsewhere, ../other/a.md: it is no URL (relative URL without a base); the index has to be mended at the source"
            ],
        ),
    ] {
        let server = serve("");
        server.put(&path("", "apis.md"), Reply::file(index_of(&[url])));
        let error = Fetch::url(&server.root).garden().await.unwrap_err();
        message.assert_eq(
            &error
                .to_string()
                .replace(&server.root, "http://127.0.0.1:PORT"),
        );
        assert_eq!(server.requests(), ["apis.md"]);
    }
}

#[tokio::test]
async fn does_not_request_invalid_file_names() {
    for name in [
        "..%2Fa.md",
        "..",
        ".git",
        "a\\\\b",
        "",
        "nul.md",
        "a%00.md",
        "a.md.",
        &"x".repeat(300),
    ] {
        let server = serve("");
        let url = format!(
            "\"https://raw.githubusercontent.com/{}/{name}\"",
            listing::PATH
        );
        server.put(&path("", "apis.md"), Reply::file(index_of(&[url])));
        let fetched = Fetch::url(&server.root).garden().await.unwrap();
        assert_eq!(fetched.notices.len(), 1);
        assert!(
            fetched.notices[0].contains("does not end in a plain file name"),
            "{:?}",
            fetched.notices
        );
        assert_eq!(server.requests(), ["apis.md", "openapi.md"]);
    }
    check_error(with("apis.md", Reply::file(index_of(&["a-openapi.md", "A-openapi.md"]))), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names the documents a-openapi.md and A-openapi.md, which differ only by case; the index has to be mended at the source"]).await;
}

#[tokio::test]
async fn rejects_unsafe_sources_without_connecting() {
    let check_error = |url: &str, message: Expect| {
        let fetch = Fetch::from(Source::Http {
            base: Url::parse(url).unwrap(),
            hosts: Vec::new(),
        });
        // A future that is ready on the first poll did not connect.
        let answer = fetch.garden().now_or_never();
        message.assert_eq(&answer.unwrap().unwrap_err().to_string());
    };
    check_error(
        "http://user:secret@example.com/?token=secret",
        expect![
            "the source http://example.com/ is refused: http lets anyone on the way change what is fetched; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
        ],
    );
    check_error(
        "file:///etc/",
        expect![
            "the source file:///etc/ is refused: it is neither https nor http; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
        ],
    );
    check_error(
        "https://example.com/?token=secret",
        expect![
            "the source https://example.com/ is refused: a base URL has no query and no fragment, since file names are put behind its path; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
        ],
    );
}
