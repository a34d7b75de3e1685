//! Sources that are wrong as a whole, or hostile.

use super::common::{codes, document, read, source, try_read};
use gallery_documents::{ComponentNames, Settings, draft};
use gallery_draft::{Choices, FileSet, RawFile};
use openapi_text::Diagnostics;

fn failure(files: &[(&str, &str)]) -> Vec<String> {
    let (draft, diagnostics) = try_read(&source(files), &ComponentNames::new());
    assert!(draft.is_none());
    codes(&diagnostics)
}

#[test]
fn a_source_without_documents_is_an_error() {
    let index = |url: &str| {
        format!(
            "name: G\napis: [{{name: A, aid: 'g:a', properties: [{{type: OpenAPI, url: '{url}'}}]}}]\n"
        )
    };
    assert_eq!(
        failure(&[("apis.yml", &index("none.yml"))]),
        [
            "warning missing-document s/apis.yml#/apis/0",
            "error no-documents s/apis.yml"
        ]
    );
    assert_eq!(
        failure(&[("apis.yml", &index("apis.yml"))]),
        [
            "warning missing-document s/apis.yml#/apis/0",
            "error no-documents s/apis.yml"
        ]
    );
    assert_eq!(
        failure(&[
            ("apis.yml", &index("a.html")),
            ("a.html", "<html>openapi: no</html>")
        ])
        .last()
        .map(String::as_str),
        Some("error html s/a.html")
    );
    assert_eq!(
        failure(&[("apis.yml", "name: G\napis: []\n")]),
        ["error no-documents s/apis.yml"]
    );
    assert_eq!(
        failure(&[("a.yml", "openapi: 4.0.0\npaths: {}\n")]),
        ["error unknown-version s/a.yml"]
    );
    assert_eq!(
        failure(&[(
            "a.yml",
            "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nwebhooks: {}\n"
        )]),
        ["error no-endpoints s/a.yml"]
    );
}

#[test]
fn a_document_that_cannot_be_read_does_not_cost_the_others() {
    let good = document(
        "{/a: {get: {responses: {default: {description: ''}}}}}",
        "{}",
    );
    let (draft, diagnostics) = read(&[
        ("a.yml", &good),
        ("b.yml", "openapi: 3.0.0\npaths: {"),
        ("c.txt", "x"),
    ]);
    assert_eq!(draft.endpoints.len(), 1);
    assert_eq!(draft.account.unread_files, ["s/b.yml", "s/c.txt"]);
    let found = codes(&diagnostics);
    assert!(
        found.len() == 1 && found[0].starts_with("warning yaml-syntax s/b.yml:3"),
        "{found:?}"
    );
}

#[test]
fn globs_select_apis_of_the_index() {
    let index = "name: G\napis:\n- {name: A, aid: 'g:a', properties: [{type: OpenAPI, url: a.yml}]}\n- {name: B, aid: 'g:b', baseURL: 'https://base.io/v1', properties: [{type: OpenAPI, url: 'https://raw.host/main/sub/b.yml'}]}\n";
    let a = document(
        "{/a: {get: {responses: {default: {description: ''}}}}}",
        "{}",
    );
    let b = a
        .replace("/a:", "/b:")
        .replace("servers: [{url: 'https://g.io'}]\n", "");
    let set = source(&[("apis.yml", index), ("a.yml", &a), ("sub/b.yml", &b)]);
    let read = |globs: &[String]| {
        let mut diagnostics = Diagnostics::default();
        let settings = Settings {
            apis: globs,
            ..Settings::default()
        };
        let draft = draft(
            &set,
            &settings,
            &Choices::new(),
            &ComponentNames::new(),
            &mut diagnostics,
        );
        let keys = draft.map(|draft| {
            draft
                .endpoints
                .iter()
                .map(|it| format!("{} {}", it.key, it.server.url))
                .collect::<Vec<_>>()
        });
        (keys, codes(&diagnostics))
    };
    let (all, _) = read(&[]);
    assert_eq!(
        all.as_deref(),
        Some(
            &[
                "GET /a https://g.io".to_owned(),
                "GET /b https://base.io/v1".to_owned()
            ][..]
        )
    );
    let (one, _) = read(&["*:b".to_owned()]);
    assert_eq!(
        one.as_deref(),
        Some(&["GET /b https://base.io/v1".to_owned()][..])
    );
    let (none, found) = read(&["g:c".to_owned()]);
    assert_eq!(none, None);
    assert_eq!(found[0], "error idle-api s/apis.yml");
}

#[test]
fn operations_that_openapi_3_0_lacks_are_dropped_with_a_reason() {
    let text = "openapi: 3.2.0\ninfo: {title: T, version: '1'}\npaths:\n  /a: {get: {responses: {default: {description: ''}}}, query: {responses: {default: {description: ''}}}, additionalOperations: {COPY: {responses: {}}}}\n  /a/../b: {get: {responses: {}}}\n";
    let (draft, diagnostics) = read(&[("a.yml", text)]);
    assert_eq!(draft.endpoints.len(), 1);
    assert_eq!(draft.account.documents[0].entries, 4);
    let dropped: Vec<String> = codes(&diagnostics)
        .into_iter()
        .filter(|it| it.starts_with("dropped"))
        .collect();
    assert_eq!(dropped.len(), 3, "{dropped:?}");
}

#[test]
fn files_whose_names_differ_only_in_case_are_different() {
    let a = document(
        "{/a: {get: {responses: {default: {description: ''}}}}}",
        "{}",
    );
    let (draft, _) = read(&[("A.yml", &a), ("a.yml", &a.replace("/a:", "/b:"))]);
    assert_eq!(draft.endpoints.len(), 2);
}

#[test]
fn many_components_in_a_chain_take_linear_time() {
    let count = 4_000;
    let schemas: Vec<String> = (0..count)
        .map(|at| format!("S{at}: {{type: object, properties: {{next: {{$ref: '#/components/schemas/S{}'}}}}}}", (at + 1) % count))
        .collect();
    let text = document(
        "{/a: {get: {responses: {'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/S0'}}}}}}}}",
        &format!("{{{}}}", schemas.join(", ")),
    );
    let (draft, _) = read(&[("a.yml", &text), ("b.yml", &text)]);
    let components = draft.document.components.map(|all| all.schemas.len());
    assert_eq!(components, Some(count));
    assert_eq!(draft.endpoints[0].sources.len(), 2);
}

#[test]
fn a_file_that_the_settings_name_must_be_a_document() {
    for (bytes, expected) in [
        (b"a: 1".as_slice(), "error no-document s/a.yml"),
        (b"".as_slice(), "error unreadable-file s/a.yml"),
        (b"\xFF\xFEo\0".as_slice(), "error unreadable-file s/a.yml"),
    ] {
        let set = FileSet {
            name: "garden".to_owned(),
            files: vec![RawFile::new("s/a.yml", bytes)],
        };
        let documents = ["s/a.yml".to_owned()];
        let settings = Settings {
            documents: &documents,
            ..Settings::default()
        };
        let (choices, names) = (Choices::new(), ComponentNames::new());
        let mut diagnostics = Diagnostics::default();
        let draft = draft(&set, &settings, &choices, &names, &mut diagnostics);
        assert!(draft.is_none());
        assert_eq!(codes(&diagnostics), [expected]);
    }
}
