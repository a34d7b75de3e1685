//! The catalog over HTTP, with a cache.

use gallery_fetch::{Cache, Catalog, FetchError, Fetcher, Kind, Settings, Source};
use url::Url;

use crate::server::{Reply, Server};

const ROWS: &str = "- {label: Chat, slug: chat, paths: 3}\n- {label: Gone, slug: gone}\n- {label: Odd, slug: odd}\n";

fn apis(owner: &str, slug: &str, providers: &[&str]) -> Reply {
    let entry = |provider: &&str| {
        format!(
            "{{\"name\": \"The {provider}\", \"url\": \"https://host/{owner}/{slug}/master/_listings/{provider}/openapi.md\"}}"
        )
    };
    Reply::file(format!(
        "{{\"apis\": [{}]}}",
        providers.iter().map(entry).collect::<Vec<_>>().join(", ")
    ))
}

fn serve() -> Server {
    let server = Server::start();
    server.put(
        "/streamdata-gallery-master/gallery/master/_data/topics.yaml",
        Reply::file(ROWS),
    );
    server.put(
        "/streamdata-gallery-topics/chat/master/apis.json",
        apis(
            "streamdata-gallery-topics",
            "chat",
            &["slack", "mattermost"],
        ),
    );
    server.put(
        "/streamdata-gallery-topics/odd/master/apis.json",
        Reply::file("[1]"),
    );
    server
}

async fn catalogue(server: &Server, cache: &Cache) -> Result<Catalog, FetchError> {
    let source = Source::Http {
        base: Url::parse(&server.root).unwrap(),
        hosts: Vec::new(),
    };
    let fetcher = Fetcher::new(&source, Settings::default(), |_| ())?;
    let (repositories, _) = fetcher.repositories(Kind::Topic, cache).await?;
    fetcher.providers(repositories, cache).await
}

#[tokio::test]
async fn lists_repositories_and_providers() {
    let (server, folder) = (serve(), tempfile::tempdir().unwrap());
    let catalogue = catalogue(&server, &Cache::new(folder.path(), false))
        .await
        .unwrap();
    let providers = catalogue
        .repositories
        .iter()
        .flat_map(|(repository, providers)| {
            providers
                .iter()
                .map(|provider| format!("{} {}", repository.listing(&provider.slug), provider.name))
        });
    let providers: Vec<_> = providers.collect();
    assert_eq!(
        providers,
        [
            "streamdata-gallery-topics/chat/mattermost The mattermost",
            "streamdata-gallery-topics/chat/slack The slack"
        ]
    );
    let unread: Vec<_> = catalogue
        .unread
        .iter()
        .map(|unread| unread.reason.as_str())
        .collect();
    assert_eq!(
        unread,
        [
            "the index of the repository does not exist",
            "the list `apis` is missing"
        ]
    );
}

#[tokio::test]
async fn revalidates_the_cache_only_on_request() {
    let (server, folder) = (serve(), tempfile::tempdir().unwrap());
    let first = catalogue(&server, &Cache::new(folder.path(), false))
        .await
        .unwrap();
    assert_eq!(server.seen().len(), 4);
    assert_eq!(
        catalogue(&server, &Cache::new(folder.path(), false))
            .await
            .unwrap(),
        first
    );
    assert!(server.seen().is_empty());

    server.put(
        "/streamdata-gallery-topics/chat/master/apis.json",
        apis("streamdata-gallery-topics", "chat", &["zulip"]),
    );
    let again = catalogue(&server, &Cache::new(folder.path(), true))
        .await
        .unwrap();
    assert_eq!(again.repositories[0].1[0].slug, "zulip");
    let mut statuses: Vec<_> = server.seen().iter().map(|seen| seen.status).collect();
    statuses.sort();
    assert_eq!(statuses, [200, 304, 304, 404]);
}

#[tokio::test]
async fn fails_without_the_master_repository() {
    let (server, folder) = (Server::start(), tempfile::tempdir().unwrap());
    let error = catalogue(&server, &Cache::new(folder.path(), false))
        .await
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("/_data/topics.yaml: the list of repositories does not exist"),
        "{error}"
    );
}
