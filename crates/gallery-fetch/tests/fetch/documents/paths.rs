//! Paths in the snapshot.

use gallery_spec::draft::is_plain_file_name;

use super::{BEDS, Garden, SEEDS, document, index, index_of, paths, serve};

#[tokio::test]
async fn names_that_are_not_plain_get_plain_paths() {
    let names = [
        "v1:beds.yml",
        "V1:beds.yml",
        "seeds.yml",
        "Seeds.yml",
        "nul.yml",
        "a%20b.yml",
    ];
    let mut files = vec![("/apis.json".to_owned(), index_of(&names))];
    for name in names {
        files.push((format!("/{name}"), format!("openapi: 3.1.0\nx: {name}\n")));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let server = serve(&files);
    let mut garden = Garden::new();
    let fetched = garden
        .fetch(&index(&server, "/apis.json", &[]))
        .await
        .unwrap();
    assert_eq!(
        fetched.files.len(),
        names.len() + 1,
        "{:?}",
        fetched.notices
    );
    let mut lower: Vec<_> = paths(&fetched)
        .iter()
        .map(|path| path.to_lowercase())
        .collect();
    assert!(paths(&fetched).iter().all(|path| is_plain_file_name(path)));
    lower.sort();
    lower.dedup();
    assert_eq!(lower.len(), names.len() + 1);
    let contents = garden.contents(&fetched);
    for file in &fetched.files {
        let name = file.locked.url.rsplit('/').next().unwrap();
        let text = &contents[&file.locked.path];
        assert!(
            name == "apis.json" || text.contains(&format!("x: {name}\n")),
            "{name}: {text}"
        );
    }
}

#[tokio::test]
async fn the_index_has_a_fixed_path() {
    for (name, path) in [
        ("index.yaml", "apis.yml"),
        ("list", "apis.yml"),
        ("apis.yaml", "apis.yaml"),
    ] {
        let text = index_of(&["apis.yml", "apis.yaml", "beds.yml"]);
        let server = serve(&[
            ("/apis.yml", SEEDS),
            ("/apis.yaml", SEEDS),
            ("/beds.yml", BEDS),
            (&format!("/{name}"), &text),
        ]);
        let mut garden = Garden::new();
        let source = index(&server, &format!("/{name}"), &[]);
        let fetched = garden.fetch(&source).await.unwrap();
        let contents = garden.contents(&fetched);
        assert_eq!(contents[path], text);
        let indexes = contents
            .keys()
            .filter(|path| ["apis.yml", "apis.yaml"].contains(&path.as_str()));
        assert_eq!(indexes.count(), 1, "{:?}", contents.keys());
    }
}

#[tokio::test]
async fn a_file_and_a_folder_can_have_one_name() {
    let server = serve(&[
        ("/api", "openapi: 3.1.0\na: {$ref: api/common}\n"),
        ("/api/common", "a: 1\n"),
    ]);
    let fetched = Garden::new()
        .fetch(&document(&server, "/api"))
        .await
        .unwrap();
    let paths = paths(&fetched);
    assert_eq!(paths[1], "api/common");
    assert!(paths[0].starts_with("api-"), "{paths:?}");
}
