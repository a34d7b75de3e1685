//! Providers of APIs.io.

use expect_test::expect;
use gallery_fetch::{ApisIo, Cache, search};

use super::{BEDS, Garden, index_of, paths, serve, url};
use crate::server::{Reply, Server};

const BRANCH: &str = "refs/heads/main";

fn gallery(server: &Server) -> ApisIo {
    ApisIo::new(url(server, "/owner"))
}

#[tokio::test]
async fn fetches_the_index_of_a_provider() {
    for name in ["apis.yml", "apis.json"] {
        let server = serve(&[
            (
                &format!("/owner/garden/{BRANCH}/{name}"),
                &index_of(&["beds.yml", "no.yml"]),
            ),
            (&format!("/owner/garden/{BRANCH}/beds.yml"), BEDS),
        ]);
        let source = gallery(&server).provider("garden", &["garden:0".to_owned()]);
        let fetched = Garden::new().fetch(&source).await.unwrap();
        assert_eq!(paths(&fetched), [name, "beds.yml"]);
    }
}

#[tokio::test]
async fn reports_unknown_providers() {
    let server = serve(&[]);
    let source = gallery(&server).provider("garden", &[]);
    let error = Garden::new().fetch(&source).await.unwrap_err();
    expect!["APIs.io has no provider `garden`; find providers with `search`; looked for SERVER/owner/garden/refs/heads/main/apis.yml, SERVER/owner/garden/refs/heads/main/apis.json"].assert_eq(&error.to_string().replace(&server.root, "SERVER"));
    let source = gallery(&server).provider("../x\u{1b}", &[]);
    let error = Garden::new().fetch(&source).await.unwrap_err();
    expect![[r#"`../x\u{1b}` is not the name of a provider; write NAME@apis.io"#]]
        .assert_eq(&error.to_string());
    assert_eq!(server.seen().len(), 2);
}

#[tokio::test]
async fn lists_providers_from_the_cached_catalog() {
    let text = r#"{"linkset": [
        {"anchor": "https://h/store/garden/", "title": "Garden", "description": "Sells seeds.",
            "service-desc": [{"href": "a"}, {"href": "b", "type": "application/vnd.oai.openapi"}]},
        {"anchor": "https://h/store/garden", "service-desc": [{"href": "c"}]},
        {"anchor": "https://h/store/beds/"},
        {"anchor": "https://h/store/%2e%2e%2fbeds/"},
        {"title": "No anchor"}
    ]}"#;
    let path = format!("/owner/providers/{BRANCH}/.well-known/api-catalog.json");
    let server = serve(&[(&path, text)]);
    let garden = Garden::new();
    let cache = |refresh| Cache::new(garden.folder().join("cache"), refresh);
    let list = async |cache: Cache| {
        garden
            .fetcher()
            .apis_io_providers(&gallery(&server), &[], &cache)
            .await
    };
    let providers = list(cache(false)).await.unwrap();
    let shown: Vec<_> = providers
        .iter()
        .map(|one| {
            format!(
                "{} {} {} {}",
                one.slug, one.title, one.description, one.documents
            )
        })
        .collect();
    assert_eq!(shown, ["beds beds  0", "garden Garden Sells seeds. 3"]);
    assert_eq!(search(&providers, &["SEEDS".to_owned()])[0].slug, "garden");
    assert_eq!(list(cache(false)).await.unwrap(), providers);
    assert_eq!(server.seen().len(), 1);
    assert_eq!(list(cache(true)).await.unwrap(), providers);
    assert_eq!(server.seen()[0].status, 304);

    server.put(&path, Reply::file("[]"));
    let error = list(cache(true)).await.unwrap_err();
    expect!["invalid catalog SERVER/owner/providers/refs/heads/main/.well-known/api-catalog.json: this is not an API catalog (RFC 9727): it has no list `linkset`; report it to the source"].assert_eq(&error.to_string().replace(&server.root, "SERVER"));
    server.remove(&path);
    let error = list(cache(true)).await.unwrap_err();
    expect!["invalid catalog SERVER/owner/providers/refs/heads/main/.well-known/api-catalog.json: the catalog of APIs.io does not exist; report it to the source"].assert_eq(&error.to_string().replace(&server.root, "SERVER"));
}
