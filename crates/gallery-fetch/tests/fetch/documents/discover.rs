//! Finds the kind of source at a URL.

use expect_test::expect;
use gallery_fetch::DocumentsSource;

use super::{BEDS, Garden, catalog, document, index, index_of, serve, url};

#[tokio::test]
async fn finds_the_kind_of_source() {
    let server = serve(&[
        ("/list.yml", &index_of(&["a.yml"])),
        ("/links", "{\"linkset\": []}"),
        ("/beds", BEDS),
        ("/.well-known/api-catalog", "{\"linkset\": []}"),
    ]);
    let garden = Garden::new();
    let apis = ["a*".to_owned()];
    let discover = async |path: &str, apis: &[String]| -> DocumentsSource {
        let url = url(&server, path);
        garden.fetcher().discover(&url, apis, &[]).await.unwrap()
    };
    assert_eq!(
        discover("/list.yml", &apis).await,
        index(&server, "/list.yml", &["a*"])
    );
    assert_eq!(
        discover("/links", &apis).await,
        catalog(&server, "/links", &["a*"])
    );
    assert_eq!(
        discover("/beds#/paths", &[]).await,
        document(&server, "/beds")
    );
    let well_known = catalog(&server, "/.well-known/api-catalog", &[]);
    assert_eq!(discover("", &[]).await, well_known);
    server.seen();
    // The name is enough.
    assert_eq!(discover("/.well-known/api-catalog", &[]).await, well_known);
    assert_eq!(
        discover("/x/apis.json", &[]).await,
        index(&server, "/x/apis.json", &[])
    );
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn reports_files_of_no_known_kind() {
    let server = serve(&[
        ("/beds", BEDS),
        ("/x", "a: 1\n"),
        ("/y", "a: [\n"),
        ("/", "<html>"),
    ]);
    let garden = Garden::new();
    let fail = async |path: &str| {
        let apis = ["a".to_owned()];
        let error = garden
            .fetcher()
            .discover(&url(&server, path), &apis, &[])
            .await
            .unwrap_err();
        error.to_string().replace(&server.root, "SERVER")
    };
    expect![
        "SERVER/beds is an OpenAPI document, which has no APIs to select from; leave out --api"
    ]
    .assert_eq(&fail("/beds").await);
    expect![
        "SERVER/x is neither an OpenAPI document, an APIs.json index nor an API catalog (RFC 9727)"
    ]
    .assert_eq(&fail("/x").await);
    expect![[r#"
        SERVER/y is neither an OpenAPI document, an APIs.json index nor an API catalog (RFC 9727):
        error[yaml-syntax]: invalid YAML: did not find expected node content
          --> SERVER/y:2:1"#]]
    .assert_eq(&fail("/y").await);
    expect!["SERVER/z does not exist; check the URL"].assert_eq(&fail("/z").await);
    expect!["SERVER/ is HTML, not a document; use the URL of the raw file, and check whether it needs a login"].assert_eq(&fail("/").await);
}
