//! Reads the index of every repository below `GALLERY_LIVING`, if it is set.

use std::fs;
use std::path::Path;

use openapi_text::{Diagnostics, yaml};
use serde_json::Value;

/// Counts the properties with an OpenAPI document, without the code under test.
fn count(value: &Value) -> usize {
    let properties = value["apis"].as_array().unwrap().iter().map(|api| {
        let types = ["OpenAPI", "Swagger", "x-openapi", "x-openapi-spec"];
        let mut urls: Vec<&str> = api["properties"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|property| types.contains(&property["type"].as_str().unwrap_or_default()))
            .map(|property| property["url"].as_str().unwrap())
            .collect();
        urls.sort_unstable();
        urls.dedup();
        urls.len()
    });
    properties.sum()
}

fn index(repository: &Path) -> (String, Vec<u8>) {
    ["apis.yml", "apis.yaml", "apis.json"]
        .iter()
        .map(|name| repository.join(name))
        .find(|path| path.exists())
        .map(|path| (path.display().to_string(), fs::read(path).unwrap()))
        .unwrap()
}

#[test]
fn reads_the_index_of_every_repository() {
    let Some(root) = std::env::var_os("GALLERY_LIVING") else {
        return;
    };
    let (mut repositories, mut documents) = (0, 0);
    for repository in fs::read_dir(root).unwrap() {
        let (file, bytes) = index(&repository.unwrap().path());
        let mut diagnostics = Diagnostics::default();
        let index = apis_json::parse(&file, &bytes, &mut diagnostics).unwrap();
        assert!(!diagnostics.has_errors(), "{file}");
        let value = yaml::parse(&file, &bytes, &mut Diagnostics::default()).unwrap();
        let found: usize = index.apis.iter().map(|api| api.documents.len()).sum();
        assert_eq!(found, count(&value), "{file}");
        assert_eq!(index.apis.len(), value["apis"].as_array().unwrap().len());
        for api in &index.apis {
            let selected = index.select(&[api.id().to_owned()]).unwrap();
            assert!(selected.contains(&api), "{file}: {}", api.id());
        }
        repositories += 1;
        documents += found;
    }
    assert!(repositories > 0);
    println!("{repositories} repositories, {documents} documents");
}
