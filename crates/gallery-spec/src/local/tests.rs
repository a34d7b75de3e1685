use super::*;

/// Reads a source in a directory with these files. Returns the paths of the files, and the
/// diagnostics.
fn paths(files: &[(&str, &str)], source: &DocumentsSource) -> Vec<String> {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let mut diagnostics = Diagnostics::default();
    let set = read(root.path(), source, &mut diagnostics).unwrap();
    let mut paths: Vec<String> = set.files.into_iter().map(|file| file.path).collect();
    paths.extend(diagnostics.iter().map(ToString::to_string));
    paths
}

fn place(path: &str) -> Place {
    Place::parse(path).unwrap()
}

const INDEX: &str = "name: P\napis:\n  - {aid: 'p:a', name: A, properties: [{type: OpenAPI, url: openapi/a.yml}]}\n  - {aid: 'p:b', name: B, properties: [{type: OpenAPI, url: openapi/b.yml}]}\n";

#[test]
fn reads_the_documents_of_an_index_and_those_beside_them() {
    let files = [
        ("x/apis.yml", INDEX),
        ("x/openapi/a.yml", "{}"),
        ("x/openapi/b.yml", "{}"),
        ("x/openapi/c.yml", "{}"),
        ("x/openapi/notes.md", ""),
        ("x/other/d.yml", "{}"),
    ];
    let index = |apis: &[&str]| DocumentsSource::Index {
        place: place("x/apis.yml"),
        apis: apis.iter().map(|&api| api.to_owned()).collect(),
    };
    assert_eq!(
        paths(&files, &index(&[])),
        [
            "x/apis.yml",
            "x/openapi/a.yml",
            "x/openapi/b.yml",
            "x/openapi/c.yml"
        ]
    );
    assert_eq!(
        paths(&files, &index(&["p:b"])),
        ["x/apis.yml", "x/openapi/b.yml"]
    );
}

#[test]
fn follows_references_within_the_root() {
    let files = [
        (
            "api/a.yml",
            "x: {$ref: '../common/b.yml#/components/schemas/B'}\ny: {$ref: '../../outside.yml'}",
        ),
        (
            "common/b.yml",
            "x: {$ref: '../api/a.yml#/x'}\ny: {$ref: 'https://host/c.yml'}",
        ),
    ];
    let source = DocumentsSource::Documents(vec![place("api/a.yml")]);
    assert_eq!(paths(&files, &source), ["api/a.yml", "common/b.yml"]);
}

#[test]
fn reads_the_documents_of_a_directory() {
    let files = [
        ("api/v1/a.json", "{}"),
        ("api/b.YAML", "{}"),
        ("api/readme.md", ""),
        ("api/.hidden/c.yml", "{}"),
    ];
    let source = DocumentsSource::Documents(vec![place("api")]);
    assert_eq!(paths(&files, &source), ["api/b.YAML", "api/v1/a.json"]);
}

#[test]
fn reports_documents_that_do_not_exist() {
    let source = DocumentsSource::Documents(vec![place("api/a.yml")]);
    assert_eq!(
        paths(&[], &source),
        [
            "error[missing-document]: the file does not exist; correct its path in specs/gallery.toml\n  --> api/a.yml"
        ]
    );
}

#[test]
fn reads_included_indexes_once() {
    let index = |document: &str, includes: &str| {
        format!(
            "name: P\napis: [{{aid: '{document}', properties: [{{type: OpenAPI, url: {document}.yml}}]}}]\ninclude: [{includes}]\n"
        )
    };
    let first = index(
        "a",
        "'b/apis.yml', '../outside.yml', 'https://host/apis.yml'",
    );
    let files = [
        ("x/apis.yml", first.as_str()),
        ("x/a.yml", "{}"),
        ("x/b/apis.yml", &index("b", "'../apis.yml'")),
        ("x/b/b.yml", "{}"),
        ("x/b/c.yml", "{}"),
    ];
    let source = |apis: &[&str]| DocumentsSource::Index {
        place: place("x/apis.yml"),
        apis: apis.iter().map(|&api| api.to_owned()).collect(),
    };
    assert_eq!(
        paths(&files, &source(&[])),
        [
            "x/a.yml",
            "x/apis.yml",
            "x/b/apis.yml",
            "x/b/b.yml",
            "x/b/c.yml"
        ]
    );
    assert_eq!(
        paths(&files, &source(&["b"])),
        ["x/apis.yml", "x/b/apis.yml", "x/b/b.yml"]
    );
}

#[test]
fn reads_the_documents_of_a_catalog() {
    let catalog = r#"{"linkset": [
        {"anchor": "https://h/store/beds/", "service-desc": [{"href": "beds.yml"}]},
        {"anchor": "https://h/store/seeds/", "service-desc": [{"href": "https://h/seeds.yml"}]}
    ]}"#;
    let files = [
        ("x/api-catalog.json", catalog),
        ("x/beds.yml", "{}"),
        ("x/other.yml", "{}"),
    ];
    let source = DocumentsSource::Index {
        place: place("x/api-catalog.json"),
        apis: Vec::new(),
    };
    assert_eq!(paths(&files, &source), ["x/api-catalog.json", "x/beds.yml"]);
}
