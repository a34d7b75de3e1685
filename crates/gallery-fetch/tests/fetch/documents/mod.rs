//! Sources of documents: an index with two documents, a catalog, and single documents.

mod apis_io;
mod conditional;
mod discover;
mod included;
mod paths;
mod references;
mod trouble;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use gallery_fetch::{
    DocumentsRequest, DocumentsSource, Event, FetchError, Fetched, Fetcher, LocalFiles, Settings,
    Source,
};
use gallery_spec::lock::Snapshot;
use tempfile::TempDir;
use url::Url;

use crate::listing::settings;
use crate::server::{Reply, Server};

pub(crate) const BEDS: &str = "openapi: 3.1.0\npaths: {/beds: {get: {}}}\n";
pub(crate) const SEEDS: &str = "openapi: 3.1.0\npaths: {/seeds: {get: {}}}\n";

/// Returns an index of the documents at these URLs, each in an API of its own.
pub(crate) fn index_of(documents: &[&str]) -> String {
    let mut index =
        String::from("aid: garden\nname: Garden\nspecificationVersion: '0.23'\napis:\n");
    for (number, document) in documents.iter().enumerate() {
        index.push_str(&format!(
            "- aid: garden:{number}\n  properties:\n  - {{type: OpenAPI, url: '{document}'}}\n"
        ));
    }
    index
}

/// Starts a server with these files.
pub(crate) fn serve(files: &[(&str, &str)]) -> Server {
    let server = Server::start();
    for (path, text) in files {
        server.put(path, Reply::file(*text));
    }
    server
}

/// Starts a server with an index of two documents.
pub(crate) fn garden() -> Server {
    serve(&[
        (
            "/garden/apis.yml",
            &index_of(&["openapi/beds.yml", "seeds.yml"]),
        ),
        ("/garden/openapi/beds.yml", BEDS),
        ("/garden/seeds.yml", SEEDS),
    ])
}

pub(crate) fn index(server: &Server, path: &str, apis: &[&str]) -> DocumentsSource {
    DocumentsSource::Index {
        url: url(server, path),
        apis: apis.iter().map(|api| (*api).to_owned()).collect(),
    }
}

pub(crate) fn catalog(server: &Server, path: &str, apis: &[&str]) -> DocumentsSource {
    DocumentsSource::Index {
        url: url(server, path),
        apis: apis.iter().map(|api| (*api).to_owned()).collect(),
    }
}

pub(crate) fn document(server: &Server, path: &str) -> DocumentsSource {
    DocumentsSource::Documents(vec![url(server, path)])
}

pub(crate) fn url(server: &Server, path: &str) -> Url {
    Url::parse(&server.root).unwrap().join(path).unwrap()
}

/// A workspace that fetches a source.
pub(crate) struct Garden {
    pub(crate) settings: Settings,
    pub(crate) hosts: Vec<String>,
    /// The source of listings, which can be a mirror of APIs.io as well.
    pub(crate) source: Source,
    folder: TempDir,
    snapshot: Option<Snapshot>,
    runs: usize,
    events: Arc<Mutex<Vec<Event>>>,
}

impl Garden {
    pub(crate) fn new() -> Garden {
        Garden {
            settings: settings(),
            hosts: Vec::new(),
            source: Source::Http {
                base: Url::parse("https://listings.invalid/").unwrap(),
                hosts: Vec::new(),
            },
            folder: TempDir::new().unwrap(),
            snapshot: None,
            runs: 0,
            events: Arc::default(),
        }
    }

    pub(crate) fn fetcher(&self) -> Fetcher {
        let events = Arc::clone(&self.events);
        let on = move |event| events.lock().unwrap().push(event);
        Fetcher::new(&self.source, self.settings.clone(), on).unwrap()
    }

    /// Fetches a source.
    pub(crate) async fn fetch(&mut self, source: &DocumentsSource) -> Result<Fetched, FetchError> {
        let snapshot = self.snapshot.clone();
        let local = snapshot
            .map(|snapshot| LocalFiles::read(&self.snapshot_folder(), &snapshot))
            .unwrap_or_default();
        self.runs += 1;
        let request = DocumentsRequest {
            source,
            hosts: &self.hosts,
            local: &local,
            into: &self.folder.path().join(self.runs.to_string()),
        };
        self.fetcher().documents(request).await
    }

    /// Moves the files of a fetch into the snapshot, as the command does.
    pub(crate) fn keep(&mut self, fetched: &Fetched) {
        let folder = self.snapshot_folder();
        for file in &fetched.files {
            if let Some(staged) = &file.staged {
                let path = folder.join(&file.locked.path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::rename(staged, path).unwrap();
            }
        }
        self.snapshot = Some(fetched.snapshot());
    }

    /// Returns the contents of the files, by path.
    pub(crate) fn contents(&self, fetched: &Fetched) -> BTreeMap<String, String> {
        let set = fetched.read("garden", &self.snapshot_folder(), |file| file.path.clone());
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let files = set.unwrap().files.into_iter();
        files.map(|file| (file.path, text(file.bytes))).collect()
    }

    fn snapshot_folder(&self) -> PathBuf {
        self.folder.path().join("snapshot")
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        std::mem::take(&mut self.events.lock().unwrap())
    }
}

/// Returns the paths of the files.
pub(crate) fn paths(fetched: &Fetched) -> Vec<&str> {
    let files = fetched.files.iter();
    files.map(|file| file.locked.path.as_str()).collect()
}

/// Returns the notices, in which the server is `SERVER`.
pub(crate) fn notices(fetched: &Fetched, server: &Server) -> String {
    fetched.notices.join("\n").replace(&server.root, "SERVER")
}

#[tokio::test]
async fn fetches_the_documents_of_an_index() {
    let (server, mut garden) = (garden(), Garden::new());
    let source = index(&server, "/garden/apis.yml", &[]);
    let fetched = garden.fetch(&source).await.unwrap();
    assert_eq!(
        paths(&fetched),
        ["apis.yml", "openapi/beds.yml", "seeds.yml"]
    );
    assert_eq!((fetched.notices.len(), fetched.skipped.len()), (0, 0));
    let contents = garden.contents(&fetched);
    assert_eq!(contents["openapi/beds.yml"], BEDS);
    let size: u64 = fetched.files.iter().map(|file| file.locked.size).sum();
    assert_eq!(fetched.downloaded, size);
    let locked = &fetched.files[1].locked;
    assert_eq!(
        locked.url,
        format!("{}/garden/openapi/beds.yml", server.root)
    );
    assert!(locked.etag.is_some());
    let set = fetched.read("garden", garden.folder(), |file| file.path.clone());
    let urls: Vec<_> = set
        .unwrap()
        .files
        .into_iter()
        .map(|file| file.url)
        .collect();
    assert_eq!(urls[1].as_ref(), Some(&locked.url));
    let events = garden.events();
    assert_eq!(
        events.iter().filter(|event| **event == Event::File).count(),
        3
    );
    assert!(events.contains(&Event::Planned(3)));
}

#[tokio::test]
async fn fetches_only_selected_apis() {
    let (server, mut garden) = (garden(), Garden::new());
    let source = index(&server, "/garden/apis.yml", &["*:1"]);
    let fetched = garden.fetch(&source).await.unwrap();
    assert_eq!(paths(&fetched), ["apis.yml", "seeds.yml"]);
    assert_eq!(server.requests(), ["apis.yml", "seeds.yml"]);
}

#[tokio::test]
async fn fetches_documents_at_urls() {
    let server = serve(&[("/a/beds.yml", BEDS), ("/b/c/seeds.json", SEEDS)]);
    let other = serve(&[("/tools", SEEDS)]);
    let urls = [
        url(&server, "/a/beds.yml?token=secret#/x"),
        url(&server, "/b/c/seeds.json"),
        url(&other, "/tools"),
    ];
    server.put("/a/beds.yml?token=secret", Reply::file(BEDS));
    let mut garden = Garden::new();
    let source = DocumentsSource::Documents(urls.to_vec());
    let fetched = garden.fetch(&source).await.unwrap();
    let host = |server: &Server| server.root.replace("http://", "").replace(':', "_");
    let expected = [
        format!("{}/b/c/seeds.json", host(&server)),
        format!("{}/tools", host(&other)),
        "beds.yml".to_owned(),
    ];
    let mut found = paths(&fetched);
    found.sort_unstable();
    let mut expected: Vec<&str> = expected.iter().map(String::as_str).collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(
        fetched
            .files
            .iter()
            .all(|file| !file.locked.url.contains("secret"))
    );
}

#[tokio::test]
async fn fetches_the_documents_of_a_catalog() {
    let text = |root: &str| {
        format!(
            "{{\"linkset\": [{{\"anchor\": \"{root}/store/beds/\", \"service-desc\": [
                {{\"href\": \"{root}/openapi/beds.yml\", \"type\": \"application/vnd.oai.openapi\"}}]}},
                {{\"anchor\": \"{root}/store/seeds/\", \"service-desc\": [{{\"href\": \"../seeds.yml\"}}]}}]}}"
        )
    };
    let server = serve(&[("/openapi/beds.yml", BEDS), ("/seeds.yml", SEEDS)]);
    server.put("/.well-known/api-catalog", Reply::file(text(&server.root)));
    let mut garden = Garden::new();
    let source = catalog(&server, "/.well-known/api-catalog", &[]);
    let fetched = garden.fetch(&source).await.unwrap();
    // The catalog is about the whole host.
    assert_eq!(
        paths(&fetched),
        ["api-catalog.json", "openapi/beds.yml", "seeds.yml"]
    );
    assert!(fetched.notices.is_empty());
    let source = catalog(&server, "/.well-known/api-catalog", &["be*"]);
    let fetched = garden.fetch(&source).await.unwrap();
    assert_eq!(fetched.files.len(), 2);
}
