//! Fetches with files on disk.

use super::{BEDS, Garden, document, garden, index, index_of, paths, serve};
use crate::server::Reply;

#[tokio::test]
async fn unchanged_files_are_not_downloaded() {
    let (server, mut garden) = (garden(), Garden::new());
    server.put(
        "/garden/seeds.yml",
        Reply::file("openapi: 3.1.0\na: {$ref: common.yml}\n"),
    );
    server.put("/garden/common.yml", Reply::file("a: 1\n"));
    let source = index(&server, "/garden/apis.yml", &[]);
    let first = garden.fetch(&source).await.unwrap();
    garden.keep(&first);
    server.seen();

    let second = garden.fetch(&source).await.unwrap();
    assert_eq!(second.downloaded, 0);
    assert!(second.files.iter().all(|file| file.staged.is_none()));
    assert_eq!(second.snapshot(), first.snapshot());
    assert!(server.seen().iter().all(|seen| seen.status == 304));
    assert_eq!(garden.contents(&second)["openapi/beds.yml"], BEDS);

    server.put("/garden/common.yml", Reply::file("a: 2\n"));
    let third = garden.fetch(&source).await.unwrap();
    let staged = third.files.iter().filter(|file| file.staged.is_some());
    let staged: Vec<_> = staged.map(|file| file.locked.path.as_str()).collect();
    assert_eq!((staged, third.downloaded), (vec!["common.yml"], 5));
}

#[tokio::test]
async fn removed_documents_are_skipped() {
    let (server, mut garden) = (garden(), Garden::new());
    let source = index(&server, "/garden/apis.yml", &[]);
    let first = garden.fetch(&source).await.unwrap();
    garden.keep(&first);
    server.remove("/garden/seeds.yml");
    let second = garden.fetch(&source).await.unwrap();
    assert_eq!(paths(&second), ["apis.yml", "openapi/beds.yml"]);
    assert_eq!(second.skipped.len(), 1);
}

#[tokio::test]
async fn an_unchanged_file_moves_if_its_path_changes() {
    let server = serve(&[("/apis.yml", &index_of(&["Beds.yml"])), ("/Beds.yml", BEDS)]);
    let mut garden = Garden::new();
    let source = index(&server, "/apis.yml", &[]);
    let first = garden.fetch(&source).await.unwrap();
    assert_eq!(paths(&first), ["Beds.yml", "apis.yml"]);
    garden.keep(&first);
    server.put(
        "/apis.yml",
        Reply::file(index_of(&["Beds.yml", "beds.yml"])),
    );
    server.put("/beds.yml", Reply::file("openapi: 3.1.0\n"));
    let second = garden.fetch(&source).await.unwrap();
    let contents = garden.contents(&second);
    assert_eq!(contents["beds.yml"], "openapi: 3.1.0\n");
    let moved = contents.keys().find(|path| path.starts_with("Beds-"));
    assert_eq!(contents[moved.unwrap()], BEDS);
    assert_eq!(contents.len(), 3);
}

#[tokio::test]
async fn a_query_has_no_conditional_request() {
    let server = serve(&[("/a.yml?v=1", BEDS)]);
    // The same tag, as servers that ignore the query send it.
    server.put("/a.yml?v=2", Reply::file(BEDS));
    let mut garden = Garden::new();
    let first = garden
        .fetch(&document(&server, "/a.yml?v=1"))
        .await
        .unwrap();
    garden.keep(&first);
    let second = garden
        .fetch(&document(&server, "/a.yml?v=2"))
        .await
        .unwrap();
    assert!(second.downloaded > 0 && second.files[0].staged.is_none());
    let seen = server.seen();
    assert!(
        seen.iter()
            .all(|seen| !seen.headers.contains_key("if-none-match"))
    );
}
