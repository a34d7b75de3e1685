//! Providers of APIs.io.

use expect_test::expect;
use gallery_fetch::{ApisIo, Cache, Source, search};

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

/// Returns a garden with a mirror of APIs.io, and the directory of its only provider.
fn mirrored() -> (Garden, std::path::PathBuf) {
    let mut garden = Garden::new();
    let root = garden.folder().join("mirror");
    let folder = root.join("owner__garden");
    std::fs::create_dir_all(folder.join("openapi")).unwrap();
    let index = index_of(&["openapi/v1:beds.yml", "openapi/no.yml", "other/link.yml"]);
    std::fs::write(folder.join("apis.yml"), index).unwrap();
    std::fs::write(folder.join("openapi/v1:beds.yml"), BEDS).unwrap();
    garden.source = Source::Mirror(root);
    (garden, folder)
}

fn owner() -> ApisIo {
    ApisIo::new("https://host.invalid/owner/".parse().unwrap())
}

#[cfg(unix)]
#[tokio::test]
async fn reads_a_provider_from_a_mirror() {
    let (mut garden, folder) = mirrored();
    std::os::unix::fs::symlink(folder.join("openapi"), folder.join("other")).unwrap();
    let fetched = garden
        .fetch(&owner().provider("garden", &[]))
        .await
        .unwrap();
    assert_eq!(
        paths(&fetched),
        ["apis.yml", "openapi/v1_beds-a9cd377d.yml"]
    );
    assert_eq!(
        fetched.files[1].locked.url,
        "https://host.invalid/owner/garden/refs/heads/main/openapi/v1:beds.yml"
    );
    let root = folder.parent().unwrap().display().to_string();
    expect![[r#"
        warning[document-skipped]: MIRROR/owner__garden/openapi/no.yml is not in the mirror, which has only files of the provider's repository; the document is left out
          --> https://host.invalid/owner/garden/refs/heads/main/apis.yml#/apis/1 (garden:1)
        warning[document-skipped]: MIRROR/owner__garden/other/link.yml is a symlink, a directory or a device; replace it by a regular file; the document is left out
          --> https://host.invalid/owner/garden/refs/heads/main/apis.yml#/apis/2 (garden:2)"#]].assert_eq(&fetched.notices.join("\n").replace(&root, "MIRROR"));
    garden.keep(&fetched);
    let again = garden
        .fetch(&owner().provider("garden", &[]))
        .await
        .unwrap();
    assert!(again.files.iter().all(|file| file.staged.is_none()));
    std::os::unix::fs::symlink(&folder, folder.with_file_name("owner__linked")).unwrap();
    let linked = garden
        .fetch(&owner().provider("linked", &[]))
        .await
        .unwrap();
    assert_eq!(paths(&linked), paths(&fetched));
    let error = garden
        .fetch(&owner().provider("nobody", &[]))
        .await
        .unwrap_err();
    expect!["APIs.io has no provider `nobody`; find providers with `search`; looked for MIRROR/owner__nobody/apis.yml, MIRROR/owner__nobody/apis.json"].assert_eq(&error.to_string().replace(&root, "MIRROR"));
}

#[tokio::test]
async fn lists_the_providers_of_a_mirror() {
    let (garden, folder) = mirrored();
    for name in ["owner__broken", "owner__empty", "other__garden"] {
        std::fs::create_dir(folder.with_file_name(name)).unwrap();
    }
    std::fs::write(
        folder.with_file_name("owner__broken").join("apis.json"),
        "{",
    )
    .unwrap();
    let cache = Cache::new(garden.folder().join("cache"), false);
    let fetcher = garden.fetcher();
    let providers = fetcher.apis_io_providers(&owner(), &[], &cache).await;
    let shown = providers.unwrap().into_iter().map(|one| {
        let (slug, title, documents) = (one.slug, one.title, one.documents);
        format!("{slug} {title} {documents}")
    });
    assert_eq!(
        shown.collect::<Vec<_>>(),
        ["broken broken 0", "garden Garden 3"]
    );
}
