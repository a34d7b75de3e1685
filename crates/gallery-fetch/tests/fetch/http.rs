//! Over HTTP.

use std::time::Duration;

use expect_test::{Expect, expect};
use futures::FutureExt;
use gallery_fetch::{FetchError, Fetched, Settings, Source, fetch};
use gallery_spec::lock::{Origin, sha256};
use tokio::net::TcpListener;
use url::Url;

use crate::listing::{self, garden, index_of, names, settings};
use crate::server::{self, AfterBytes, Reply, Server};

async fn get(server: &Server, settings: &Settings) -> Result<Fetched, FetchError> {
    fetch(&garden(), &Source::Http(server.url("")), settings).await
}

/// Fetches the listing with some files changed, and compares the message, in which the port is `PORT`.
async fn refused(changes: &[(&str, Option<Reply>)], message: Expect) -> FetchError {
    refused_with(changes, &settings(), message).await
}

async fn refused_with(changes: &[(&str, Option<Reply>)], settings: &Settings, message: Expect) -> FetchError {
    let server = Server::garden("", changes).await;
    let error = get(&server, settings).await.unwrap_err();
    message.assert_eq(&error.to_string().replace(&server.root, "http://127.0.0.1:PORT"));
    error
}

fn garbled_index(index: String) -> [(&'static str, Option<Reply>); 1] {
    [("apis.md", Some(Reply::ok(index)))]
}

#[tokio::test]
async fn a_listing_comes_whole_and_the_lock_knows_it() {
    let server = Server::garden("", &[]).await;
    let fetched = get(&server, &settings()).await.unwrap();
    assert_eq!(names(&fetched), ["apis.md", "beds-get-openapi.md", "openapi.md", "seeds-get-openapi.md"]);
    assert_eq!(fetched.files[1].bytes, listing::BEDS.as_bytes());

    let snapshot = fetched.snapshot();
    assert_eq!(snapshot.origin, Origin::Fetched);
    let locked = &snapshot.files[3];
    assert_eq!(locked.path, "seeds-get-openapi.md");
    assert_eq!(locked.url, format!("{}/{}/seeds-get-openapi.md", server.root, listing::PATH));
    assert_eq!(locked.size, listing::SEEDS.len() as u64);
    assert_eq!(locked.sha256, sha256(listing::SEEDS.as_bytes()));
    assert_eq!(locked.etag.as_deref(), Some("W/\"seeds-get-openapi.md\""));

    // The index repeats an entry; its document was asked for once.
    assert_eq!(server.asked(), ["apis.md", "beds-get-openapi.md", "openapi.md", "seeds-get-openapi.md"]);
    let agent = format!("gallery-fetch/{} (+cargo xtask fetch)", env!("CARGO_PKG_VERSION"));
    assert!(server.seen.lock().unwrap().user_agents.iter().all(|seen| *seen == agent));
}

#[tokio::test]
async fn the_base_url_may_have_a_path() {
    let server = Server::garden("/copies/2", &[]).await;
    for prefix in ["/copies/2", "/copies/2/"] {
        let mut base = server.url("");
        base.set_path(prefix);
        let fetched = fetch(&garden(), &Source::Http(base), &settings()).await.unwrap();
        assert_eq!(fetched.files[0].url, format!("{}/copies/2/{}/apis.md", server.root, listing::PATH));
        assert_eq!(fetched.files.len(), 4);
    }
}

#[tokio::test]
async fn the_combined_document_is_needed_only_when_there_is_no_other() {
    let server = Server::garden("", &[("openapi.md", None)]).await;
    let fetched = get(&server, &settings()).await.unwrap();
    assert_eq!(names(&fetched), ["apis.md", "beds-get-openapi.md", "seeds-get-openapi.md"]);

    let no_entries = ("apis.md", Some(Reply::ok("name: Garden\n")));
    let server = Server::garden("", std::slice::from_ref(&no_entries)).await;
    assert_eq!(names(&get(&server, &settings()).await.unwrap()), ["apis.md", "openapi.md"]);

    refused(
        &[no_entries, ("openapi.md", None)],
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names no documents, and there is no openapi.md beside it; the listing has nothing to make a client from"],
    )
    .await;
}

#[tokio::test]
async fn all_missing_documents_are_told_at_once() {
    let error = refused(
        &[("seeds-get-openapi.md", None), ("beds-get-openapi.md", None)],
        expect![[r#"
            the index names documents that are not there; without them the listing is not complete:
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/seeds-get-openapi.md"#]],
    )
    .await;
    assert!(!error.is_unreachable());

    let named = index_of(&[format!("https://host/{}/openapi.md", listing::PATH)]);
    refused(
        &[("apis.md", Some(Reply::ok(named))), ("openapi.md", None)],
        expect![[r#"
            the index names documents that are not there; without them the listing is not complete:
              http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md"#]],
    )
    .await;
    let error = refused(
        &[("apis.md", None)],
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md is not there; check the name of the listing `owner/topic/garden` and the source"],
    )
    .await;
    assert!(!error.is_unreachable());
}

#[tokio::test]
async fn answers_that_are_no_file_are_refused() {
    let error = refused(
        &[("apis.md", Some(Reply::status(403)))],
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md was answered with `403 Forbidden`; look at what the source wants, or take a mirror"],
    )
    .await;
    assert!(!error.is_unreachable());

    let error = refused(
        &[("beds-get-openapi.md", Some(Reply::status(500))), ("seeds-get-openapi.md", None)],
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with `500 Internal Server Error`; the source is out of order: try again later, or take a mirror"],
    )
    .await;
    assert!(error.is_unreachable());

    refused(
        &[("openapi.md", Some(Reply::ok("\u{feff}\n<!DOCTYPE html><title>Sign in</title>")))],
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md is HTML, not a file of a listing; look whether the source asks for a login or shows an error page"],
    )
    .await;
}

#[tokio::test]
async fn redirects_are_told_and_not_followed() {
    let to = |location: &str| {
        let headers = vec![("location", location.to_owned())];
        [("beds-get-openapi.md", Some(Reply { headers, ..Reply::status(302) }))]
    };
    refused(
        &to("https://user:secret@example.com/beds?token=secret"),
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md was answered with a redirect to https://example.com/beds; redirects are not followed: if that is right, make its base URL the source"],
    )
    .await;
    let server = Server::garden("", &to("openapi.md")).await;
    let error = get(&server, &settings()).await.unwrap_err();
    assert!(error.to_string().contains("_listings/garden/openapi.md;"), "{error}");
    assert_eq!(server.asked().iter().filter(|name| *name == "openapi.md").count(), 1);

    let nowhere = [("beds-get-openapi.md", Some(Reply::status(301)))];
    let error = get(&Server::garden("", &nowhere).await, &settings()).await.unwrap_err();
    assert!(error.to_string().contains("a redirect to nowhere;"), "{error}");
}

#[tokio::test]
async fn sizes_have_limits_with_and_without_a_length_in_the_answer() {
    let large = "a: 1\n".repeat(200);
    for chunked in [false, true] {
        let change = [("openapi.md", Some(Reply { chunked, ..Reply::ok(&large) }))];
        refused_with(
            &change,
            &Settings { max_file_bytes: 999, ..settings() },
            expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/openapi.md has more than 999 bytes, the most that is taken of one file; look at what the source has there"],
        )
        .await;
        refused_with(
            &change,
            &Settings { max_listing_bytes: 1000, ..settings() },
            expect!["the files of the listing `owner/topic/garden` have more than 1000 bytes together, the most that is taken"],
        )
        .await;
        let server = Server::garden("", &change).await;
        assert!(get(&server, &Settings { max_file_bytes: 1000, ..settings() }).await.is_ok());
    }
}

#[tokio::test]
async fn a_source_that_does_not_answer_is_unreachable() {
    let stalled = [("beds-get-openapi.md", Some(Reply { after: Duration::from_secs(3), ..Reply::ok("") }))];
    let error = refused_with(
        &stalled,
        &Settings { request_timeout: Duration::from_millis(300), ..settings() },
        expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/beds-get-openapi.md cannot be reached: the file was not here after 300ms; try again later, or take a mirror"],
    )
    .await;
    assert!(error.is_unreachable());

    // A port that was free a moment ago, with nobody behind it.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let base = Url::parse(&format!("http://user:secret@127.0.0.1:{port}/")).unwrap();
    let error = fetch(&garden(), &Source::Http(base), &settings()).await.unwrap_err();
    assert!(error.is_unreachable());
    let message = error.to_string();
    assert!(message.starts_with(&format!("http://127.0.0.1:{port}/owner/")), "{message}");
    assert!(message.contains(" cannot be reached: ") && !message.contains("secret"), "{message}");
}

#[tokio::test]
async fn a_body_that_stops_halfway_is_unreachable() {
    let half = "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nname: Gar";
    let impatient = Settings { request_timeout: Duration::from_millis(150), ..settings() };
    for (after, settings, said) in [
        (AfterBytes::HangUp, settings(), "end of file before message length reached"),
        (AfterBytes::Stall, impatient, "the file was not here after 150ms"),
    ] {
        let base = server::raw(half, after).await;
        let error = fetch(&garden(), &Source::Http(base), &settings).await.unwrap_err();
        assert!(error.is_unreachable());
        let message = error.to_string();
        assert!(message.contains("/apis.md cannot be reached: ") && message.contains(said), "{message}");
    }
}

#[tokio::test]
async fn an_index_that_cannot_be_read_is_told_with_its_place() {
    refused(
        &garbled_index("name: [\n".to_owned()),
        expect![[r#"
            the index of the listing cannot be used; it has to be mended at the source:
            error[yaml-syntax]: the YAML cannot be read: did not find expected node content
              --> http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md:2:1"#]],
    )
    .await;
    refused(
        &garbled_index(String::new()),
        expect![[r#"
            the index of the listing cannot be used; it has to be mended at the source:
            error[unreadable-file]: the file is empty
              --> http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md"#]],
    )
    .await;
    refused(
        &garbled_index("just: a map\n".to_owned()),
        expect![[r#"
            the index of the listing cannot be used; it has to be mended at the source:
            error[not-an-index]: this is no APIs.json index: it has no `name`
              --> http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md#"#]],
    )
    .await;
}

#[tokio::test]
async fn an_index_cannot_send_a_fetch_elsewhere() {
    let changes = garbled_index(index_of(&["https://user:secret@host/owner/topic/master/_listings/other/a.md?token=secret"]));
    let server = Server::garden("", &changes).await;
    let error = get(&server, &settings()).await.unwrap_err();
    expect!["http://127.0.0.1:PORT/owner/topic/master/_listings/garden/apis.md names a document outside of the listing's folder, https://host/owner/topic/master/_listings/other/a.md; it has to end in /owner/topic/master/_listings/garden/ and a file name"]
        .assert_eq(&error.to_string().replace(&server.root, "http://127.0.0.1:PORT"));
    assert_eq!(server.asked(), ["apis.md"]);

    for name in ["..%2Fa.md", "..", ".git", "a\\\\b", ""] {
        let changes = garbled_index(index_of(&[format!("\"https://host/{}/{name}\"", listing::PATH)]));
        let server = Server::garden("", &changes).await;
        let error = get(&server, &settings()).await.unwrap_err();
        assert!(error.to_string().contains("does not end in a plain file name"), "{name}: {error}");
        assert_eq!(server.asked(), ["apis.md"]);
    }
}

#[tokio::test]
async fn sources_that_are_not_safe_are_refused_without_a_connection() {
    let refused = |url: &str, message: Expect| {
        // A future that is done when first polled has waited for nothing, so for no connection either.
        let source = Source::Http(Url::parse(url).unwrap());
        let answer = fetch(&garden(), &source, &settings()).now_or_never();
        message.assert_eq(&answer.unwrap().unwrap_err().to_string());
    };
    refused(
        "http://user:secret@example.com/?token=secret",
        expect![
            "the source http://example.com/ is refused: http lets anyone on the way change what is fetched; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
        ],
    );
    refused(
        "file:///etc/",
        expect![
            "the source file:///etc/ is refused: it is neither https nor http; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
        ],
    );
    refused(
        "https://example.com/?token=secret",
        expect![
            "the source https://example.com/ is refused: a base URL has no query and no fragment, since file names are put behind its path; give a base URL with https (http is for this machine's own addresses), or a mirror's folder"
        ],
    );
}

#[tokio::test]
async fn a_password_goes_to_the_server_and_not_into_the_lock() {
    let server = Server::garden("", &[]).await;
    let base = server.url("").as_str().replace("http://", "http://user:secret@");
    let fetched = fetch(&garden(), &Source::Http(Url::parse(&base).unwrap()), &settings()).await.unwrap();
    assert!(fetched.files.iter().all(|file| file.url.starts_with(&server.root)));
    assert_eq!(server.seen.lock().unwrap().authorized, 4);
}

#[tokio::test]
async fn so_many_files_at_a_time_and_no_more() {
    let slugs: Vec<_> = (0..12).map(|number| format!("p{number}-openapi.md")).collect();
    let urls: Vec<_> = slugs.iter().map(|name| format!("https://host/{}/{name}", listing::PATH)).collect();
    let slow = Reply { after: Duration::from_millis(15), ..Reply::ok("a: 1\n") };
    let mut changes: Vec<_> = slugs.iter().map(|name| (name.as_str(), Some(slow.clone()))).collect();
    changes.push(("apis.md", Some(Reply::ok(index_of(&urls)))));

    for (concurrency, limit) in [(0, 1), (1, 1), (3, 3)] {
        let server = Server::garden("", &changes).await;
        let fetched = get(&server, &Settings { concurrency, ..settings() }).await.unwrap();
        assert_eq!(fetched.files.len(), 14);
        let most = server.seen.lock().unwrap().most;
        assert!(most <= limit && (limit == 1 || most > 1), "{most} at a time with {concurrency}");
    }
}

#[tokio::test]
async fn a_fetch_can_move_between_threads() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let server = Server::garden("", &[]).await;
    let source = Source::Http(server.url(""));
    assert!(is_send(fetch(&garden(), &source, &settings())).await.is_ok());
}
