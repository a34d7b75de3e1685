//! Indexes that include further indexes.

use expect_test::expect;

use super::{BEDS, Garden, SEEDS, index, index_of, notices, paths, serve};
use crate::server::{Reply, Server};

/// Returns an index that includes others.
fn including(documents: &[&str], others: &[&str]) -> String {
    let mut text = index_of(documents);
    text.push_str("include:\n");
    for other in others {
        text.push_str(&format!("- {{name: Other, url: '{other}'}}\n"));
    }
    text
}

fn garden(others: &[&str]) -> Server {
    serve(&[
        ("/garden/apis.yml", &including(&["beds.yml"], others)),
        ("/garden/beds.yml", BEDS),
        (
            "/garden/shop/apis.yml",
            &including(&["seeds.yml"], &["../apis.yml"]),
        ),
        ("/garden/shop/seeds.yml", SEEDS),
        ("/other/apis.yml", &index_of(&["seeds.yml"])),
    ])
}

#[tokio::test]
async fn follows_included_indexes_once() {
    let server = garden(&["shop/apis.yml", "shop/apis.yml"]);
    let fetched = Garden::new()
        .fetch(&index(&server, "/garden/apis.yml", &[]))
        .await
        .unwrap();
    assert_eq!(
        paths(&fetched),
        ["apis.yml", "beds.yml", "shop/apis.yml", "shop/seeds.yml"]
    );
    expect![[r#"
        warning[included-index]: the included index `shop/apis.yml` is not read: it was included before
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `../apis.yml` is not read: it was included before
          --> SERVER/garden/shop/apis.yml"#]].assert_eq(&notices(&fetched, &server));
    assert_eq!(server.seen().len(), 4);
}

#[tokio::test]
async fn included_indexes_stay_below_the_root() {
    let server = garden(&[
        "../other/apis.yml",
        "https://example.com/apis.yml",
        "file:///etc/apis.yml",
        "beds.yml",
        "no.yml",
        "moved.yml",
        "page.yml",
    ]);
    server.put("/garden/moved.yml", Reply::redirect("http://127.0.0.2:1/"));
    server.put("/garden/page.yml", Reply::file("<html>"));
    let fetched = Garden::new()
        .fetch(&index(&server, "/garden/apis.yml", &[]))
        .await
        .unwrap();
    assert_eq!(paths(&fetched), ["apis.yml", "beds.yml"]);
    expect![[r#"
        warning[included-index]: the included index `../other/apis.yml` is not read: it is not below SERVER/garden/
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `https://example.com/apis.yml` is not read: it is on another host
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `file:///etc/apis.yml` is not read: the scheme is neither https nor http
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `SERVER/garden/beds.yml` is not read: this is not an APIs.json index: it is an OpenAPI document
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `SERVER/garden/no.yml` is not read: SERVER/garden/no.yml does not exist; check the URL
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `SERVER/garden/moved.yml` is not read: SERVER/garden/moved.yml redirects to http://127.0.0.2:1/, which is not allowed: add the host to `hosts` in specs/gallery.toml to allow it
          --> SERVER/garden/apis.yml
        warning[included-index]: the included index `SERVER/garden/page.yml` is not read: SERVER/garden/page.yml is HTML, not a document; use the URL of the raw file, and check whether it needs a login
          --> SERVER/garden/apis.yml"#]].assert_eq(&notices(&fetched, &server));
}

#[tokio::test]
async fn chains_of_indexes_have_a_maximum() {
    let server = Server::start();
    for number in 0..20 {
        let next = format!("{}.yml", number + 1);
        let text = including(&["beds.yml"], &[&next]);
        server.put(&format!("/garden/{number}.yml"), Reply::file(text));
    }
    server.put("/garden/beds.yml", Reply::file(BEDS));
    let fetched = Garden::new()
        .fetch(&index(&server, "/garden/0.yml", &[]))
        .await
        .unwrap();
    assert_eq!(paths(&fetched).len(), 10);
    expect![[r#"
        warning[included-index]: the included index `9.yml` is not read: more than 8 indexes include each other
          --> SERVER/garden/8.yml"#]].assert_eq(&notices(&fetched, &server));
}

#[tokio::test]
async fn selects_apis_of_included_indexes() {
    let server = garden(&["shop/apis.yml"]);
    let shop = index_of(&["seeds.yml"]).replace("garden:0", "shop:0");
    server.put("/garden/shop/apis.yml", Reply::file(shop));
    let fetched = Garden::new()
        .fetch(&index(&server, "/garden/apis.yml", &["shop:*"]))
        .await
        .unwrap();
    assert_eq!(
        paths(&fetched),
        ["apis.yml", "shop/apis.yml", "shop/seeds.yml"]
    );
}
