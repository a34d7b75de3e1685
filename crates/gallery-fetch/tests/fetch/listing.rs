//! The listing `owner/topic/garden`: an index with a duplicate entry, two documents, and the
//! combined one, which covers one of the two.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use gallery_fetch::{
    Event, FetchError, Fetched, Fetcher, LocalFiles, Request, RetryPolicy, Settings, Source,
};
use gallery_spec::listings::Documents;
use gallery_spec::listings::ListingRef;
use tempfile::TempDir;
use url::Url;

use crate::server::{Reply, Server};

pub(crate) const PATH: &str = "owner/topic/master/_listings/garden";
pub(crate) const COMBINED: &str =
    "swagger: \"2.0\"\npaths:\n  /beds:\n    get: {x-api-path-slug: beds-get}\n";
pub(crate) const BEDS: &str = "---\r\nswagger: \"2.0\"\npaths:\n  /beds: {}\r\n---";
pub(crate) const SEEDS: &str = "---\r\nswagger: \"2.0\"\npaths:\n  /seeds: {}\r\n---";

pub(crate) fn garden() -> ListingRef {
    ListingRef::parse("owner/topic/garden").unwrap()
}

/// Returns an index of `beds-get-openapi.md`, `seeds-get-openapi.md`, and the first one again.
pub(crate) fn index() -> String {
    let document =
        |slug: &str| format!("https://raw.githubusercontent.com/{PATH}/{slug}-openapi.md");
    index_of(&[
        document("seeds-get"),
        document("beds-get"),
        document("seeds-get"),
    ])
}

pub(crate) fn index_of(documents: &[impl AsRef<str>]) -> String {
    let mut index = String::from("---\r\nname: Garden\napis:\n");
    for document in documents {
        let document = document.as_ref();
        index.push_str(&format!(
            "- name: A\n  properties:\n  - type: x-openapi-spec\n    url: {document}\n"
        ));
    }
    index.push_str("\r\n---");
    index
}

/// The files of the listing.
pub(crate) fn files() -> [(&'static str, String); 4] {
    [
        ("apis.md", index()),
        ("openapi.md", COMBINED.to_owned()),
        ("beds-get-openapi.md", BEDS.to_owned()),
        ("seeds-get-openapi.md", SEEDS.to_owned()),
    ]
}

/// Starts a server with the listing below `prefix`.
pub(crate) fn serve(prefix: &str) -> Server {
    let server = Server::start();
    files()
        .into_iter()
        .for_each(|(name, body)| server.put(&path(prefix, name), Reply::file(body)));
    server
}

pub(crate) fn path(prefix: &str, name: &str) -> String {
    format!("{prefix}/{PATH}/{name}")
}

/// Returns settings with short timeouts.
pub(crate) fn settings() -> Settings {
    Settings {
        request_timeout: Duration::from_secs(5),
        connect_timeout: Duration::from_secs(5),
        retries: RetryPolicy {
            attempts: 3,
            delay: Duration::from_millis(1),
            max_delay: Duration::from_secs(1),
        },
        ..Settings::default()
    }
}

/// A fetch, with a directory for its files.
pub(crate) struct Fetch {
    pub(crate) source: Source,
    pub(crate) settings: Settings,
    pub(crate) documents: Documents,
    pub(crate) local: LocalFiles,
    pub(crate) folder: TempDir,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
}

impl Fetch {
    pub(crate) fn from(source: Source) -> Fetch {
        Fetch {
            source,
            settings: settings(),
            documents: Documents::All,
            local: LocalFiles::default(),
            folder: TempDir::new().unwrap(),
            events: Arc::default(),
        }
    }

    /// Creates a fetch from a base URL.
    pub(crate) fn url(base: &str) -> Fetch {
        Fetch::from(Source::Http {
            base: Url::parse(base).unwrap(),
            hosts: Vec::new(),
        })
    }

    /// Fetches the listing.
    pub(crate) async fn garden(&self) -> Result<Fetched, FetchError> {
        let events = Arc::clone(&self.events);
        let fetcher = Fetcher::new(&self.source, self.settings.clone(), move |event| {
            events.lock().unwrap().push(event);
        })?;
        let request = Request {
            listing: &garden(),
            documents: self.documents,
            local: &self.local,
            into: &self.staged_files(),
        };
        fetcher.listing(request).await
    }

    /// Returns the directory of new files.
    pub(crate) fn staged_files(&self) -> std::path::PathBuf {
        self.folder.path().join("new")
    }

    /// Returns the events since the last call.
    pub(crate) fn events(&self) -> Vec<Event> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

pub(crate) fn names(fetched: &Fetched) -> Vec<&str> {
    fetched
        .files
        .iter()
        .map(|file| file.locked.path.as_str())
        .collect()
}

/// Returns the content of a directory, by file name.
pub(crate) fn contents(folder: &Path) -> Vec<(String, String)> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut files: Vec<_> = entries
        .map(|entry| {
            let path = entry.unwrap().path();
            (
                path.file_name().unwrap().to_str().unwrap().to_owned(),
                std::fs::read_to_string(path).unwrap(),
            )
        })
        .collect();
    files.sort();
    files
}
