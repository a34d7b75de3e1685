//! Successful fetches over HTTP.

use std::fs;
use std::time::Duration;

use gallery_fetch::{Event, LocalFiles, Source};
use gallery_spec::listings::Documents;
use gallery_spec::lock::{Origin, sha256};
use url::Url;

use crate::listing::{self, Fetch, contents, index_of, names, path, serve};
use crate::server::{Reply, gzip};

#[tokio::test]
async fn fetches_a_complete_listing() {
    let server = serve("");
    let fetch = Fetch::url(&server.root);
    let fetched = fetch.garden().await.unwrap();
    assert_eq!(
        names(&fetched),
        [
            "apis.md",
            "beds-get-openapi.md",
            "openapi.md",
            "seeds-get-openapi.md"
        ]
    );
    let mut files: Vec<_> = listing::files()
        .into_iter()
        .map(|(name, text)| (name.to_owned(), text))
        .collect();
    files.sort();
    assert_eq!(contents(&fetch.staged_files()), files);
    assert_eq!(
        fetched.downloaded,
        files.iter().map(|(_, text)| text.len() as u64).sum::<u64>()
    );

    let snapshot = fetched.snapshot();
    assert_eq!(snapshot.origin, Origin::Fetched);
    let locked = &snapshot.files[3];
    assert_eq!(locked.path, "seeds-get-openapi.md");
    assert_eq!(
        locked.url,
        format!("{}/{}/seeds-get-openapi.md", server.root, listing::PATH)
    );
    assert_eq!(
        (locked.size, &locked.sha256),
        (
            listing::SEEDS.len() as u64,
            &sha256(listing::SEEDS.as_bytes())
        )
    );
    assert!(locked.etag.is_some());

    // The index has a duplicate entry; its document was requested once.
    let seen = server.seen();
    assert_eq!(seen.len(), 4);
    let agent = format!(
        "gallery-fetch/{} (+gallery fetch)",
        env!("CARGO_PKG_VERSION")
    );
    assert!(seen.iter().all(
        |seen| seen.headers["user-agent"] == agent && seen.headers["accept-encoding"] == "gzip"
    ));
    let events = fetch.events();
    assert_eq!(
        events.iter().filter(|event| **event == Event::File).count(),
        4
    );
    assert!(events.contains(&Event::Planned(4)));
}

/// Returns a directory with the fetched files, and the local files in it.
fn kept(fetch: &Fetch, fetched: &gallery_fetch::Fetched) -> (tempfile::TempDir, LocalFiles) {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in contents(&fetch.staged_files()) {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let local = LocalFiles::read(folder.path(), &fetched.snapshot());
    (folder, local)
}

#[tokio::test]
async fn second_fetch_downloads_nothing() {
    let server = serve("");
    let first = Fetch::url(&server.root);
    let fetched = first.garden().await.unwrap();
    let (_folder, local) = kept(&first, &fetched);
    server.seen();

    let second = Fetch {
        local,
        ..Fetch::url(&server.root)
    };
    let again = second.garden().await.unwrap();
    let seen = server.seen();
    assert!(
        seen.iter().all(|seen| (seen.status, seen.sent) == (304, 0)),
        "{seen:?}"
    );
    assert_eq!((seen.len(), again.downloaded), (4, 0));
    assert_eq!(again.snapshot(), fetched.snapshot());
    assert!(
        again.files.iter().all(|file| file.staged.is_none()) && !second.staged_files().exists()
    );
}

#[tokio::test]
async fn stages_only_changed_files() {
    let server = serve("");
    let first = Fetch::url(&server.root);
    let (_folder, local) = kept(&first, &first.garden().await.unwrap());
    server.put(
        &path("", "seeds-get-openapi.md"),
        Reply::file("changed: 1\n"),
    );
    // The same content with another ETag.
    server.put(
        &path("", "beds-get-openapi.md"),
        Reply {
            headers: vec![("etag", "\"new\"".into())],
            ..Reply::file(listing::BEDS)
        },
    );
    let second = Fetch {
        local,
        ..Fetch::url(&server.root)
    };
    let again = second.garden().await.unwrap();
    assert_eq!(
        contents(&second.staged_files()),
        [("seeds-get-openapi.md".to_owned(), "changed: 1\n".to_owned())]
    );
    assert_eq!(again.files[1].locked.etag.as_deref(), Some("\"new\""));
}

#[tokio::test]
async fn downloads_files_that_do_not_match_the_lock() {
    let server = serve("");
    let first = Fetch::url(&server.root);
    let fetched = first.garden().await.unwrap();
    let (folder, _) = kept(&first, &fetched);
    fs::write(folder.path().join("apis.md"), "by hand").unwrap();
    fs::remove_file(folder.path().join("openapi.md")).unwrap();
    let local = LocalFiles::read(folder.path(), &fetched.snapshot());
    server.seen();
    let second = Fetch {
        local,
        ..Fetch::url(&server.root)
    };
    assert_eq!(
        second.garden().await.unwrap().snapshot(),
        fetched.snapshot()
    );
    let new: Vec<_> = contents(&second.staged_files())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(new, ["apis.md", "openapi.md"]);

    // An ETag of one server is not sent to another one.
    let other = serve("");
    let local = LocalFiles::read(folder.path(), &fetched.snapshot());
    let third = Fetch {
        local,
        ..Fetch::url(&other.root)
    };
    third.garden().await.unwrap();
    assert!(
        other
            .seen()
            .iter()
            .all(|seen| seen.status == 200 && !seen.headers.contains_key("if-none-match"))
    );
}

#[tokio::test]
async fn skips_documents_that_the_combined_one_covers() {
    let server = serve("");
    let fetch = Fetch {
        documents: Documents::Needed,
        ..Fetch::url(&server.root)
    };
    assert_eq!(
        names(&fetch.garden().await.unwrap()),
        ["apis.md", "openapi.md", "seeds-get-openapi.md"]
    );
    assert_eq!(
        server.requests(),
        ["apis.md", "openapi.md", "seeds-get-openapi.md"]
    );

    // An unreadable or missing combined document covers nothing.
    for reply in [Some(Reply::file("[")), None] {
        let server = serve("");
        match reply {
            Some(reply) => server.put(&path("", "openapi.md"), reply),
            None => server.remove(&path("", "openapi.md")),
        }
        let fetch = Fetch {
            documents: Documents::Needed,
            ..Fetch::url(&server.root)
        };
        assert!(names(&fetch.garden().await.unwrap()).contains(&"beds-get-openapi.md"));
    }
}

#[tokio::test]
async fn supports_base_urls_with_a_path() {
    let server = serve("/copies/2");
    for prefix in ["/copies/2", "/copies/2/"] {
        let fetched = Fetch::url(&format!("{}{prefix}", server.root))
            .garden()
            .await
            .unwrap();
        assert_eq!(
            fetched.files[0].locked.url,
            format!("{}/copies/2/{}/apis.md", server.root, listing::PATH)
        );
        assert_eq!(fetched.files.len(), 4);
    }
}

#[tokio::test]
async fn requires_the_combined_document_only_without_others() {
    let server = serve("");
    server.remove(&path("", "openapi.md"));
    let fetched = Fetch::url(&server.root).garden().await.unwrap();
    assert_eq!(
        names(&fetched),
        ["apis.md", "beds-get-openapi.md", "seeds-get-openapi.md"]
    );

    let server = serve("");
    server.put(&path("", "apis.md"), Reply::file("name: Garden\n"));
    assert_eq!(
        names(&Fetch::url(&server.root).garden().await.unwrap()),
        ["apis.md", "openapi.md"]
    );
}

#[tokio::test]
async fn reads_compressed_and_chunked_responses() {
    let server = serve("");
    let headers = vec![("content-encoding", "gzip".to_owned())];
    server.put(
        &path("", "beds-get-openapi.md"),
        Reply {
            headers,
            ..Reply::file(gzip(listing::BEDS))
        },
    );
    server.put(
        &path("", "seeds-get-openapi.md"),
        Reply {
            length: None,
            ..Reply::file(listing::SEEDS)
        },
    );
    let fetch = Fetch::url(&server.root);
    let fetched = fetch.garden().await.unwrap();
    assert_eq!(
        fetched.files[1].locked.sha256,
        sha256(listing::BEDS.as_bytes())
    );
    assert_eq!(
        fetched.files[3].locked.sha256,
        sha256(listing::SEEDS.as_bytes())
    );
}

#[tokio::test]
async fn follows_redirects_to_allowed_hosts_only() {
    let (server, other) = (serve(""), serve("/elsewhere"));
    server.put(
        &path("", "beds-get-openapi.md"),
        Reply::redirect(path("", "openapi.md")),
    );
    let there = format!(
        "{}{}",
        other.root,
        path("/elsewhere", "seeds-get-openapi.md")
    );
    server.put(&path("", "seeds-get-openapi.md"), Reply::redirect(there));
    let host = other.root.strip_prefix("http://").unwrap().to_owned();
    let source = Source::Http {
        base: Url::parse(&server.root).unwrap(),
        hosts: vec![host],
    };
    let fetched = Fetch::from(source).garden().await.unwrap();
    assert_eq!(
        fetched.files[1].locked.sha256,
        sha256(listing::COMBINED.as_bytes())
    );
    assert_eq!(
        fetched.files[3].locked.sha256,
        sha256(listing::SEEDS.as_bytes())
    );
    // The lock has the requested URL.
    assert!(fetched.files[3].locked.url.starts_with(&server.root));
    assert_eq!(other.requests(), ["seeds-get-openapi.md"]);
}

#[tokio::test]
async fn sends_a_password_but_does_not_store_it() {
    let server = serve("");
    let base = server.root.replace("http://", "http://user:secret@");
    let fetch = Fetch::url(&base);
    let fetched = fetch.garden().await.unwrap();
    assert!(
        fetched
            .files
            .iter()
            .all(|file| file.locked.url.starts_with(&server.root))
    );
    assert!(
        server
            .seen()
            .iter()
            .all(|seen| seen.headers.contains_key("authorization"))
    );
    assert!(!format!("{:?} {0}", fetch.source).contains("secret"));
}

#[tokio::test]
async fn sends_no_credentials_of_a_redirect() {
    let server = serve("");
    let there = format!(
        "{}{}",
        server.root.replace("http://", "http://user:secret@"),
        path("", "openapi.md")
    );
    server.put(&path("", "beds-get-openapi.md"), Reply::redirect(there));
    Fetch::url(&server.root).garden().await.unwrap();
    let seen = server.seen();
    assert!(seen.len() > 4);
    for seen in seen {
        assert!(!seen.headers.contains_key("authorization"), "{seen:?}");
    }
}

#[tokio::test]
async fn limits_concurrent_downloads() {
    for (concurrency, limit) in [(0, 1), (1, 1), (3, 3)] {
        let server = serve("");
        let files: Vec<_> = (0..12)
            .map(|number| format!("p{number}-openapi.md"))
            .collect();
        let urls: Vec<_> = files
            .iter()
            .map(|name| format!("https://raw.githubusercontent.com/{}/{name}", listing::PATH))
            .collect();
        let slow = Reply {
            after: Duration::from_millis(15),
            ..Reply::file("a: 1\n")
        };
        files
            .iter()
            .for_each(|name| server.put(&path("", name), slow.clone()));
        server.put(&path("", "apis.md"), Reply::file(index_of(&urls)));
        let mut fetch = Fetch::url(&server.root);
        fetch.settings.concurrency = concurrency;
        assert_eq!(fetch.garden().await.unwrap().files.len(), 14);
        assert!(
            server.most() <= limit && (limit == 1 || server.most() > 1),
            "{} at a time with {concurrency}",
            server.most()
        );
        // Connections are reused.
        assert!(server.connections() <= limit, "{}", server.connections());
    }
}

#[tokio::test]
async fn fetch_future_is_send() {
    fn is_send<T: Send>(value: T) -> T {
        value
    }
    let server = serve("");
    let fetch = Fetch::url(&server.root);
    assert!(is_send(fetch.garden()).await.is_ok());
}
