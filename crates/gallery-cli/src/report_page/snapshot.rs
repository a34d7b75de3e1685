//! Reads the copies of an endpoint from the files of the snapshot.

use std::collections::HashMap;

use gallery_spec::draft::{FileSet, RawFile};
use openapi_text::Diagnostics;
use openapi_text::pointer::unescape;
use serde_json::{Map, Value, json};

/// The files of a snapshot, by path.
pub(super) struct Snapshot<'a> {
    files: HashMap<&'a str, &'a RawFile>,
}

/// A copy of an endpoint in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct DocumentCopy {
    /// The operation with its path, and the defaults of its document, as YAML.
    pub(super) text: String,
    /// The server that the document names.
    pub(super) server: String,
}

/// The fields of a document that are defaults for its operations.
const DEFAULTS: [&str; 2] = ["consumes", "produces"];

impl<'a> Snapshot<'a> {
    pub(super) fn new(sets: &'a [FileSet]) -> Snapshot<'a> {
        let files = sets.iter().flat_map(|set| &set.files);
        Snapshot {
            files: files.map(|file| (file.path.as_str(), file)).collect(),
        }
    }

    /// Reads the copy at a location of the report.
    pub(super) fn copy(&self, source: &str) -> DocumentCopy {
        let (file, pointer) = split(source);
        let document = self
            .files
            .get(file)
            .and_then(|file| file.value(&mut Diagnostics::default()));
        document
            .and_then(|document| copy(document, pointer))
            .unwrap_or_default()
    }
}

/// Returns the path of the file and the JSON pointer of a location of the report, which begins with
/// the name of a listing if there are several.
pub(super) fn split(source: &str) -> (&str, &str) {
    let (file, pointer) = source.split_once('#').unwrap_or((source, ""));
    let file = file.rsplit_once(' ').map_or(file, |(_, file)| file);
    (file, pointer)
}

fn copy(document: &Value, pointer: &str) -> Option<DocumentCopy> {
    let operation = document.pointer(pointer)?;
    let (parent, method) = pointer.rsplit_once('/')?;
    let (_, path) = parent.rsplit_once('/')?;
    let mut item = Map::new();
    item.extend(field(document.pointer(parent)?, "parameters"));
    item.insert(unescape(method), operation.clone());
    let mut excerpt = Map::new();
    excerpt.extend(DEFAULTS.iter().filter_map(|key| field(document, key)));
    excerpt.insert("paths".to_owned(), json!({ unescape(path): item }));
    Some(DocumentCopy {
        text: serde_yaml::to_string(&excerpt).ok()?,
        server: server(document),
    })
}

/// Returns a field of an object with its key.
fn field(object: &Value, key: &str) -> Option<(String, Value)> {
    Some((key.to_owned(), object.get(key)?.clone()))
}

/// Returns the server that a document names, with all of its schemes, or all of its servers.
fn server(document: &Value) -> String {
    let text = |value: &Value, key: &str| {
        let text = value.get(key).and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    let list = |key: &str| document.get(key).and_then(Value::as_array);
    if let Some(servers) = list("servers") {
        let urls: Vec<String> = servers.iter().map(|server| text(server, "url")).collect();
        return urls.join(", ");
    }
    let schemes: Vec<&str> = list("schemes")
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let scheme = match schemes.is_empty() {
        true => String::new(),
        false => format!("{}:", schemes.join("|")),
    };
    let host = match text(document, "host") {
        host if host.is_empty() => "(no host)".to_owned(),
        host => host,
    };
    format!("{scheme}//{host}{}", text(document, "basePath"))
}

#[cfg(test)]
mod tests {
    use expect_test::expect;

    use super::*;

    #[test]
    fn reads_an_operation_with_what_applies_to_it() {
        let yaml = "swagger: '2.0'\nhost: h\nbasePath: /v1\nschemes: [http, https]\nproduces: [text/csv]\npaths:\n  /a/{id}:\n    parameters: [{in: path, name: id}]\n    get: {summary: One}\n    put: {}\n";
        let set = FileSet {
            name: "o/r/p".to_owned(),
            files: vec![RawFile::new("specs/a/listing/openapi.md", yaml)],
        };
        let snapshot = Snapshot::new(std::slice::from_ref(&set));
        let copy = snapshot.copy("o/r/p specs/a/listing/openapi.md#/paths/~1a~1{id}/get");
        expect![[r#"
            http|https://h/v1
            paths:
              /a/{id}:
                get:
                  summary: One
                parameters:
                - in: path
                  name: id
            produces:
            - text/csv
        "#]]
        .assert_eq(&format!("{}\n{}", copy.server, copy.text));
        assert_eq!(
            snapshot.copy("other.md#/paths/~1a/get"),
            DocumentCopy::default()
        );
    }
}
