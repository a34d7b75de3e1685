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
                .for_each(|name| server.remove(&path("", name)));
        },
        expect![[r#"
            the index names documents that do not exist:
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
            the index names documents that do not exist:
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md"#]],
    )
    .await;
    let error = check_error(|server| server.remove(&path("", "apis.md")), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md does not exist; check the name of the listing `owner/topic/garden` and the source"]).await;
    assert!(!error.is_unreachable());
    check_error(
        |server| {
            server.put(&path("", "apis.md"), Reply::file("name: Garden\n"));
            server.remove(&path("", "openapi.md"));
        },
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names no documents, and there is no openapi.md beside it: a client cannot be made from this listing"],
    )
    .await;
}

#[tokio::test]
async fn rejects_responses_that_are_not_files() {
    let error = check_error(with("apis.md", Reply::status(403)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md returned `403 Forbidden`; check the source, or use --mirror"]).await;
    assert!(!error.is_unreachable());
    // There is no local file that could be unchanged.
    check_error(with("apis.md", Reply::status(304)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md returned `304 Not Modified`; check the source, or use --mirror"]).await;
    check_error(with("openapi.md", Reply::file("\u{feff}\n<!DOCTYPE html><title>Sign in</title>")), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md is HTML, not a file of a listing; check whether the source returns a login or error page"]).await;
    let headers = vec![("content-encoding", "br".to_owned())];
    check_error(with(BEDS, Reply { headers, ..Reply::file("packed") }), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md has the content encoding `br`, which was not requested; check the source"]).await;
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
    check_error(with(BEDS, Reply::status(500)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md returned `500 Internal Server Error` (3 attempts); try again later, or use --mirror"]).await;
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

    let error = check_error(with(BEDS, busy("3600")), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md returned `429 Too Many Requests` with a Retry-After of 3600s; try again later, or use --mirror"]).await;
    assert!(error.is_unreachable());
}

#[tokio::test]
async fn rejects_redirects_to_other_hosts() {
    let to = |location: &str| with(BEDS, Reply::redirect(location));
    check_error(to("https://user:secret@example.com/beds?token=secret"), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md redirects to https://example.com/beds, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it"]).await;
    check_error(to("http://127.0.0.1:1/"), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md redirects to http://127.0.0.1:1/, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it"]).await;
    check_error(to("file:///etc/passwd"), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md redirects to file:///etc/passwd, which is not allowed: the scheme is neither https nor http"]).await;
    check_error(with(BEDS, Reply::status(301)), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md redirects to an unknown location, which is not allowed: the header `Location` is missing or invalid"]).await;
    check_error(to(BEDS), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md redirects more than 5 times; check the source"]).await;
}

#[tokio::test]
async fn enforces_size_limits() {
    let large = Reply::file("a: 1\n".repeat(200));
    let small_file = || Settings {
        max_file_bytes: 999,
        ..settings()
    };
    check_error_with(small_file(), with("openapi.md", large.clone()), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md is larger than 999 bytes, the maximum for a file; check the source"]).await;
    check_error_with(small_file(), with("openapi.md", Reply { length: None, ..large.clone() }), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md is larger than 999 bytes, the maximum for a file; check the source"]).await;
    let small_listing = || Settings {
        max_listing_bytes: 1000,
        ..settings()
    };
    check_error_with(
        small_listing(),
        with("openapi.md", large.clone()),
        expect!["the files of the listing `owner/topic/garden` are larger than 1000 bytes, the maximum for a listing"],
    )
    .await;
    check_error_with(
        small_listing(),
        with("openapi.md", Reply { length: None, ..large.clone() }),
        expect!["the files of the listing `owner/topic/garden` are larger than 1000 bytes, the maximum for a listing"],
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
    let error = check_error(with(BEDS, bomb), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md is larger than 33554432 bytes, the maximum for a file; check the source"]).await;
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
    let error = check_error_with(impatient(), with(BEDS, late), expect!["cannot reach http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md (2 attempts): no data for 150ms, or not complete after 5s; try again later, or use --mirror"]).await;
    assert!(error.is_unreachable());
    let error = check_error_with(impatient(), with(BEDS, stalled), expect!["cannot reach http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md (2 attempts): no data for 150ms, or not complete after 5s; try again later, or use --mirror"]).await;
    assert!(error.is_unreachable());
    // Each file is in time, but the listing is too slow.
    let slow = Reply {
        after: Duration::from_millis(300),
        ..Reply::file(listing::BEDS)
    };
    let error = check_error_with(
        Settings { overall_timeout: Duration::from_millis(200), ..settings() },
        with(BEDS, slow),
        expect!["the listing `owner/topic/garden` was not complete after 200ms; try again later, or use --mirror"],
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
    let error = check_error(with(BEDS, cut), expect!["cannot reach http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md (3 attempts): end of file before message length reached; try again later, or use --mirror"]).await;
    assert!(error.is_unreachable());
    let pieces = Reply {
        stop: Some((10, Stop::HangUp)),
        length: None,
        ..Reply::file(listing::BEDS)
    };
    check_error(with(BEDS, pieces), expect!["cannot reach http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md (3 attempts): unexpected EOF during chunk size line; try again later, or use --mirror"]).await;
    let short = Reply {
        length: Some(1000),
        stop: Some((1000, Stop::HangUp)),
        ..Reply::file(listing::BEDS)
    };
    check_error(with(BEDS, short), expect!["cannot reach http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md (3 attempts): end of file before message length reached; try again later, or use --mirror"]).await;
    let headers = vec![("content-encoding", "gzip".to_owned())];
    check_error(with(BEDS, Reply { headers, ..Reply::file("no gzip") }), expect!["cannot reach http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md (3 attempts): Invalid gzip header; try again later, or use --mirror"]).await;
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
        message.starts_with(&format!("cannot reach http://127.0.0.1:{port}/owner/")),
        "{message}"
    );
    assert!(
        message.contains(" (3 attempts): ") && !message.contains("secret"),
        "{message}"
    );
}

#[tokio::test]
async fn rejects_invalid_certificates_without_retry() {
    let (_, config) = certificate();
    let server = Server::start_tls(config);
    let fetch = Fetch::url(&server.root);
    let error = fetch.garden().await.unwrap_err();
    expect!["invalid certificate of https://localhost:PORT/owner/topic/master/_listings/garden/apis.md: invalid peer certificate: UnknownIssuer; for a server of your own, set SSL_CERT_FILE to a file with its authority"].assert_eq(&error.to_string().replace(&server.root, "https://localhost:PORT"));
    assert!(!error.is_unreachable() && fetch.events().is_empty() && server.seen().is_empty());
}

#[tokio::test]
async fn reports_invalid_indexes_with_their_location() {
    for (index, message) in [
        (
            "name: [\n",
            expect![[r#"
                the index of the listing is invalid; report it to the source:
                error[yaml-syntax]: invalid YAML: did not find expected node content
                  --> http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md:2:1"#]],
        ),
        (
            "just: a map\n",
            expect![[r#"
                the index of the listing is invalid; report it to the source:
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
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names the document https://127.0.0.1:1/owner/topic/master/_listings/garden/a.md, which is not in the listing: add the host to `hosts` in specs/gallery.toml to allow it; report it to the source"
            ],
        ),
        (
            "https://raw.githubusercontent.com/owner/topic/master/_listings/other/a.md",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names the document https://raw.githubusercontent.com/owner/topic/master/_listings/other/a.md, which is not in the listing: it must end in owner/topic/master/_listings/garden/ and a file name; report it to the source"
            ],
        ),
        (
            "file:///owner/topic/master/_listings/garden/a.md",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names the document file:///owner/topic/master/_listings/garden/a.md, which is not in the listing: the scheme is neither https nor http; report it to the source"
            ],
        ),
        (
            "../other/a.md",
            expect![
                "http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names the document ../other/a.md, which is not in the listing: invalid URL: relative URL without a base; report it to the source"
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
    check_error(with("apis.md", Reply::file(index_of(&["a-openapi.md", "A-openapi.md"]))), expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names the documents a-openapi.md and A-openapi.md, which differ only in case; report it to the source"]).await;
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
            "unsafe source http://example.com/: http can be modified in transit; use a base URL with https (http only for loopback), or a mirror"
        ],
    );
    check_error(
        "file:///etc/",
        expect![
            "unsafe source file:///etc/: the scheme is neither https nor http; use a base URL with https (http only for loopback), or a mirror"
        ],
    );
    check_error(
        "https://example.com/?token=secret",
        expect![
            "unsafe source https://example.com/: a base URL must not have a query or a fragment, because file names are appended to it; use a base URL with https (http only for loopback), or a mirror"
        ],
    );
}
