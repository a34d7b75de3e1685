//! Drafts of the repositories of today's gallery, where `GALLERY_LIVING` is a folder of them.
//!
//! The expected numbers are counted here in the raw documents, without code of the crate. Large
//! repositories take minutes in debug builds, so that their tests are ignored; `long.yml` runs
//! them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use gallery_documents::{ComponentNames, Settings, draft};
use gallery_draft::{Choices, Draft, FileSet, RawFile, check_document};
use openapi_text::{Diagnostics, Severity};
use openapiv3::{ReferenceOr, Response, StatusCode};
use serde_yaml::Value;

const METHODS: &[&str] = &[
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

fn add_files(folder: &Path, root: &Path, files: &mut Vec<RawFile>) {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            add_files(&path, root, files);
        } else {
            let name = path.strip_prefix(root).expect("a path below the root");
            let bytes = std::fs::read(&path).expect("a file");
            files.push(RawFile::new(name.to_string_lossy(), bytes));
        }
    }
}

/// The number of bytes of a small repository.
const SMALL: usize = 1_500_000;

/// A size of repositories.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Size {
    Small,
    Large,
}

/// Returns the sources of the mirror of this size.
fn sources(size: Size) -> Vec<FileSet> {
    let Some(root) = std::env::var_os("GALLERY_LIVING").map(PathBuf::from) else {
        // Bypasses the output capture of the test harness.
        let _ = writeln!(
            std::io::stderr().lock(),
            "skipped: GALLERY_LIVING is not set"
        );
        return Vec::new();
    };
    let entries = std::fs::read_dir(&root).expect("a mirror");
    let mut folders: Vec<PathBuf> = entries.map(|it| it.expect("an entry").path()).collect();
    folders.sort();
    let source = |folder: &PathBuf| {
        let mut set = FileSet::default();
        add_files(folder, &root, &mut set.files);
        set
    };
    let is_of_size = |set: &FileSet| {
        let bytes: usize = set.files.iter().map(|file| file.bytes.len()).sum();
        (bytes <= SMALL) == (size == Size::Small)
    };
    folders.iter().map(source).filter(is_of_size).collect()
}

fn try_draft(set: &FileSet) -> (Option<Draft>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let known = ComponentNames::new();
    let draft = draft(
        set,
        &Settings::default(),
        &Choices::new(),
        &known,
        &mut diagnostics,
    );
    (draft, diagnostics)
}

fn get<'a>(value: &'a Value, key: &str) -> Option<&'a Value> {
    let found = value
        .as_mapping()?
        .iter()
        .find(|(name, _)| text(name).as_deref() == Some(key));
    found.map(|(_, value)| value)
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn entries(value: Option<&Value>) -> Vec<(String, &Value)> {
    let map = value.and_then(Value::as_mapping).into_iter().flatten();
    map.filter_map(|(key, value)| Some((text(key)?, value)))
        .collect()
}

/// Returns the documents of a source, with the base URL that the index has for each.
fn documents(set: &FileSet) -> Vec<(Value, Option<String>)> {
    let mut bases: BTreeMap<String, Option<String>> = BTreeMap::new();
    let index = set.files.iter().find(|file| {
        ["apis.yml", "apis.yaml", "apis.json"].contains(&file.name())
            && file.path.matches('/').count() == 1
    });
    let index = index.and_then(|file| serde_yaml::from_slice::<Value>(&file.bytes).ok());
    let apis = index.as_ref().and_then(|index| get(index, "apis"));
    for api in apis.and_then(Value::as_sequence).into_iter().flatten() {
        let base = get(api, "baseURL").and_then(text);
        let base = base.filter(|base| base.starts_with("http"));
        let properties = get(api, "properties").and_then(Value::as_sequence);
        for property in properties.into_iter().flatten() {
            if let Some(url) = get(property, "url").and_then(text) {
                bases.entry(url).or_insert_with(|| base.clone());
            }
        }
    }
    let mut documents = Vec::new();
    for file in &set.files {
        let is_text = |key: &str| {
            file.bytes
                .windows(key.len())
                .any(|part| part == key.as_bytes())
        };
        if !is_text("openapi") && !is_text("swagger") {
            continue;
        }
        let Ok(value) = serde_yaml::from_slice::<Value>(&file.bytes) else {
            continue;
        };
        if get(&value, "openapi").is_some() || get(&value, "swagger").is_some() {
            let (_, path) = file.path.split_once('/').expect("a folder");
            documents.push((value, bases.get(path).cloned().flatten()));
        }
    }
    documents
}

fn server(value: &Value) -> Option<String> {
    let servers = get(value, "servers")?.as_sequence()?;
    let url = text(get(servers.first()?, "url")?)?;
    Some(url.trim_end_matches('/').to_owned())
}

fn nameless(path: &str) -> String {
    let mut result = String::new();
    let mut is_inside = false;
    for c in path.chars() {
        match c {
            '{' => is_inside = true,
            '}' => is_inside = false,
            _ if is_inside => continue,
            _ => {}
        }
        result.push(c);
    }
    result
}

/// An endpoint in the raw documents: method, nameless path, server.
type Endpoint = (String, String, String);

/// Returns the endpoints, each with the success statuses for which a copy has a schema.
fn endpoints(documents: &[(Value, Option<String>)]) -> BTreeMap<Endpoint, BTreeSet<String>> {
    let mut found: Vec<(String, String, Option<String>, BTreeSet<String>)> = Vec::new();
    for (document, base) in documents {
        let base = base
            .as_ref()
            .map(|base| base.trim_end_matches('/').to_owned());
        let own = server(document).or(base);
        for (path, item) in entries(get(document, "paths")) {
            let own = server(item).or(own.clone());
            for (method, operation) in entries(Some(item)) {
                if METHODS.contains(&method.as_str()) {
                    let server = server(operation).or(own.clone());
                    let typed = typed_successes(document, operation);
                    found.push((method, nameless(&path), server, typed));
                }
            }
        }
    }
    let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
    for server in found.iter().filter_map(|(_, _, server, _)| server.as_ref()) {
        *counts.entry(server).or_insert(0) += 1;
    }
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    let most = most.map_or("/".to_owned(), |(server, _)| server.clone());
    let mut endpoints: BTreeMap<Endpoint, BTreeSet<String>> = BTreeMap::new();
    for (method, path, server, typed) in found {
        let server = server.unwrap_or_else(|| most.clone());
        endpoints
            .entry((method, path, server))
            .or_default()
            .extend(typed);
    }
    endpoints
}

/// Returns the success statuses whose response has a schema that exists in the document.
fn typed_successes(document: &Value, operation: &Value) -> BTreeSet<String> {
    let responses = entries(get(operation, "responses"));
    let is_typed = |response: &Value| {
        let response = match get(response, "$ref").and_then(text) {
            Some(reference) => match target(document, &reference) {
                Some(response) => response,
                None => return false,
            },
            None => response,
        };
        entries(get(response, "content"))
            .iter()
            .any(|(_, media_type)| {
                let schema = get(media_type, "schema");
                let exists = schema.map(|it| match get(it, "$ref").and_then(text) {
                    Some(reference) => target(document, &reference).is_some(),
                    None => it.as_mapping().is_some_and(|map| !map.is_empty()),
                });
                exists.unwrap_or(false)
            })
    };
    responses
        .into_iter()
        .filter(|(status, response)| status.starts_with('2') && is_typed(response))
        .map(|(status, _)| status)
        .collect()
}

fn target<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix("#/")?;
    let mut segments = pointer.split('/');
    segments.try_fold(document, |value, segment| {
        let key = segment.replace("~1", "/").replace("~0", "~");
        match value {
            Value::Sequence(items) => items.get(key.parse::<usize>().ok()?),
            value => get(value, &key),
        }
    })
}

/// Returns true if a response of a draft has a schema that says something.
fn keeps_schema(draft: &Draft, response: &ReferenceOr<Response>) -> bool {
    let components = draft.document.components.as_ref();
    let response = match response {
        ReferenceOr::Item(response) => response,
        ReferenceOr::Reference { reference } => {
            let name = reference.rsplit('/').next().unwrap_or_default();
            let found = components.and_then(|all| all.responses.get(name)?.as_item());
            match found {
                Some(response) => response,
                None => return false,
            }
        }
    };
    response
        .content
        .values()
        .any(|media_type| match &media_type.schema {
            None => false,
            Some(ReferenceOr::Reference { .. }) => true,
            Some(schema) => {
                serde_json::to_value(schema).is_ok_and(|it| it != serde_json::json!({}))
            }
        })
}

#[test]
fn small_repositories_are_complete() {
    check_complete(sources(Size::Small));
}

#[test]
#[ignore = "large; long.yml runs it"]
fn large_repositories_are_complete() {
    check_complete(sources(Size::Large));
}

fn check_complete(sources: Vec<FileSet>) {
    let (mut kept, mut typed) = (0, 0);
    for set in sources {
        let documents = documents(&set);
        let (draft, diagnostics) = try_draft(&set);
        let name = set.files[0].path.clone();
        if documents.is_empty() {
            assert!(draft.is_none(), "{name}");
            let errors: Vec<&str> = diagnostics.of(Severity::Error).map(|it| it.code).collect();
            assert_eq!(errors, ["no-documents"], "{name}");
            continue;
        }
        let errors: Vec<String> = diagnostics
            .of(Severity::Error)
            .map(ToString::to_string)
            .collect();
        let draft = draft.unwrap_or_else(|| unreachable!("{name}: {errors:?}"));
        let document = serde_json::to_value(draft.assemble(|_| Some("id"))).expect("JSON");
        assert_eq!(check_document(&document), Ok(()), "{name}");
        let expected = endpoints(&documents);
        let dropped = diagnostics.of(Severity::Dropped).count();
        assert!(
            dropped * 1000 <= expected.len() * 3,
            "{name}: {dropped} dropped"
        );
        assert_eq!(draft.endpoints.len() + dropped, expected.len(), "{name}");
        let entries: usize = draft.account.documents.iter().map(|it| it.entries).sum();
        let sources: usize = draft.endpoints.iter().map(|it| it.sources.len()).sum();
        assert_eq!(entries, sources + dropped, "{name}");
        for endpoint in &draft.endpoints {
            let key = (
                endpoint.key.method.key().to_owned(),
                endpoint.key.path.clone(),
                endpoint.server.url.clone(),
            );
            let responses = &endpoint.operation.responses.responses;
            for status in expected.get(&key).into_iter().flatten() {
                typed += 1;
                let code = status.parse().map(StatusCode::Code);
                let code = code.unwrap_or(StatusCode::Range(2));
                let response = responses.get(&code);
                kept += usize::from(response.is_some_and(|it| keeps_schema(&draft, it)));
            }
        }
    }
    assert!(
        kept * 100 >= typed * 98,
        "{kept} of {typed} responses keep their schema"
    );
}

#[test]
fn names_of_small_repositories_do_not_depend_on_the_order_or_number_of_documents() {
    check_names(sources(Size::Small));
}

#[test]
#[ignore = "large; long.yml runs it"]
fn names_of_large_repositories_do_not_depend_on_the_order_or_number_of_documents() {
    check_names(sources(Size::Large));
}

fn check_names(sources: Vec<FileSet>) {
    for mut set in sources {
        let (Some(first), _) = try_draft(&set) else {
            continue;
        };
        set.files.reverse();
        let (second, _) = try_draft(&set);
        let second = second.expect("a draft");
        assert_eq!(first.component_names, second.component_names);
        assert_eq!(first.document, second.document);
        // A new document, which comes first, has other variants of three components.
        let schemas: Vec<&str> = first
            .component_names
            .keys()
            .map(String::as_str)
            .filter(|name| !name.contains('/'))
            .take(3)
            .collect();
        if schemas.is_empty() {
            continue;
        }
        let properties: Vec<String> = schemas
            .iter()
            .map(|name| format!("{name}: {{$ref: '#/components/schemas/{name}'}}"))
            .collect();
        let components: Vec<String> = schemas
            .iter()
            .map(|name| format!("{name}: {{type: string, maxLength: 12345}}"))
            .collect();
        let text = format!(
            "openapi: 3.0.0\ninfo: {{title: A, version: '1'}}\npaths: {{/added: {{get: {{responses: {{'200': {{description: '', content: {{application/json: {{schema: {{type: object, properties: {{{}}}}}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{{}}}}}\n",
            properties.join(", "),
            components.join(", "),
        );
        let folder = set.files[0]
            .path
            .split('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        set.files
            .push(RawFile::new(format!("{folder}/openapi/0-added.yml"), text));
        let mut diagnostics = Diagnostics::default();
        let known = &first.component_names;
        let third = draft(
            &set,
            &Settings::default(),
            &Choices::new(),
            known,
            &mut diagnostics,
        );
        let third = third.expect("a draft");
        for (name, location) in known {
            assert_eq!(third.component_names.get(name), Some(location), "{name}");
        }
    }
}
