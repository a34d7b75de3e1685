//! Which documents of a listing have to be read.
//!
//! The combined `openapi.md` has nearly every endpoint, and the documents of single endpoints
//! duplicate them. So only the combined document is needed, and those of the endpoints that it
//! lacks: about one document in eighty. Documents of endpoints for which the index has another host
//! or none are also needed, because the combined document has one host for all endpoints.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use super::files::{COMBINED, INDEX, is_document, own_slug};
use super::index::Index;
use super::server::normalize;
use super::server_index::ServerIndex;
use super::swagger2::Server;

/// The selection of documents that are read.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Documents {
    /// The combined document, and those of the endpoints that it lacks or whose host it may not
    /// have.
    #[default]
    Needed,
    /// Every document that the index names or the folder has.
    All,
}

impl Documents {
    /// Returns the files of single endpoints to read, each once, in the order of the index.
    /// `combined` is the parsed combined document, if it can be read.
    pub fn select<'a>(self, index: &'a Index, combined: Option<&Value>) -> Vec<&'a str> {
        let covered = self.covered(index, combined);
        index
            .document_files()
            .into_iter()
            .filter(|name| *name != COMBINED && is_needed(name, &covered))
            .collect()
    }

    /// Returns the files of single endpoints to read in a folder with these files: those that the
    /// index names, and documents that it does not name.
    pub fn select_existing<'a>(
        self,
        existing: &'a [String],
        index: &Index,
        combined: Option<&Value>,
    ) -> Vec<&'a str> {
        let covered = self.covered(index, combined);
        let named: BTreeSet<&str> = index.document_files().into_iter().collect();
        existing
            .iter()
            .map(String::as_str)
            .filter(|name| named.contains(name) || is_document(name))
            .filter(|name| ![INDEX, COMBINED].contains(name) && is_needed(name, &covered))
            .collect()
    }

    /// Returns the slugs whose own documents need not be read.
    fn covered<'a>(self, index: &Index, combined: Option<&'a Value>) -> BTreeSet<&'a str> {
        match (self, combined) {
            (Documents::Needed, Some(combined)) => {
                let text = |key| match combined.get(key) {
                    Some(Value::String(text)) => Some(text.clone()),
                    Some(value @ (Value::Number(_) | Value::Bool(_))) => Some(value.to_string()),
                    _ => None,
                };
                let server = Server {
                    host: text("host").filter(|host| !host.trim().is_empty()),
                    base_path: text("basePath").unwrap_or_default(),
                    schemes: Vec::new(),
                };
                covered(slugs(combined), &server, &ServerIndex::new(index))
            }
            _ => BTreeSet::new(),
        }
    }
}

/// Returns the slugs of a combined document whose own documents need not be read. `server` is that
/// of the combined document, as listed.
pub(crate) fn covered<'a>(
    slugs: impl IntoIterator<Item = &'a str>,
    server: &Server,
    servers: &ServerIndex,
) -> BTreeSet<&'a str> {
    let host = normalize(server).server.host;
    slugs
        .into_iter()
        .filter(|slug| {
            !host
                .as_deref()
                .is_some_and(|host| servers.contradicts(slug, host))
        })
        .collect()
}

/// Returns true if a document has to be read besides the combined one, which covers some slugs.
pub(crate) fn is_needed(file_name: &str, covered: &BTreeSet<&str>) -> bool {
    own_slug(file_name).is_none_or(|slug| !covered.contains(slug))
}

/// Returns the slugs of a document's operations (`x-api-path-slug`), after which the documents of
/// single endpoints are named.
fn slugs(document: &Value) -> BTreeSet<&str> {
    let paths = document.get("paths").and_then(Value::as_object);
    let operations = paths
        .into_iter()
        .flat_map(|paths| paths.values())
        .filter_map(Value::as_object);
    operations
        .flat_map(|item| item.values())
        .filter_map(|operation| operation.get("x-api-path-slug")?.as_str())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use openapi_text::Diagnostics;
    use serde_json::json;

    fn read(value: &Value) -> Index {
        Index::read("apis.md", value, &mut Diagnostics::default()).unwrap()
    }

    #[test]
    fn skips_documents_that_the_combined_one_covers() {
        let entry = |file: &str| {
            let link = json!([{"type": "x-openapi-spec", "url": format!("https://host/{file}")}]);
            json!({"name": "A", "properties": link})
        };
        let files = [
            "a-openapi.md",
            "b-openapi.md",
            "openapi.md",
            "a-openapi.md",
            "old.md",
        ];
        let index = read(&json!({"name": "P", "apis": files.map(entry)}));
        let combined = json!({"paths": {"/a": {"get": {"x-api-path-slug": "a"}, "parameters": []}, "/odd": null}});
        assert_eq!(
            Documents::Needed.select(&index, Some(&combined)),
            ["b-openapi.md", "old.md"]
        );
        assert_eq!(
            Documents::All.select(&index, Some(&combined)),
            ["a-openapi.md", "b-openapi.md", "old.md"]
        );
        for unusable in [None, Some(json!([])), Some(json!({"paths": 1}))] {
            assert_eq!(Documents::Needed.select(&index, unusable.as_ref()).len(), 3);
        }
    }

    #[test]
    fn reads_documents_that_the_index_does_not_name() {
        let link = json!([{"type": "x-openapi-spec", "url": "https://host/a-openapi.md"}]);
        let index = read(&json!({"name": "P", "apis": [{"name": "A", "properties": link}]}));
        let combined = json!({"paths": {"/b": {"get": {"x-api-path-slug": "b"}}}});
        let files = [
            "a-openapi.md",
            "apis.md",
            "b-openapi.md",
            "c-openapi.md",
            "notes.txt",
            "openapi.md",
        ];
        let files = files.map(str::to_owned);
        assert_eq!(
            Documents::Needed.select_existing(&files, &index, Some(&combined)),
            ["a-openapi.md", "c-openapi.md"]
        );
        assert_eq!(
            Documents::All.select_existing(&files, &index, Some(&combined)),
            ["a-openapi.md", "b-openapi.md", "c-openapi.md"]
        );
    }

    #[test]
    fn reads_own_documents_of_endpoints_that_have_another_host_in_the_index() {
        let entry = |slug: &str, url: &str| {
            let link = json!([{"type": "x-openapi-spec", "url": format!("https://host/{slug}-openapi.md")}]);
            json!({"name": slug, "x-api-slug": slug, "baseURL": url, "properties": link})
        };
        let apis = [
            entry("a", "https://c.io//v1"),
            entry("b", ":///"),
            entry("c", "https://a.io//v1"),
        ];
        let index = read(&json!({"name": "P", "apis": apis}));
        let mut combined = json!({"host": "c.io", "paths": {"/a": {"get": {"x-api-path-slug": "a"}, "put": {"x-api-path-slug": "b"}, "post": {"x-api-path-slug": "c"}}}});
        assert_eq!(
            Documents::Needed.select(&index, Some(&combined)),
            ["b-openapi.md", "c-openapi.md"]
        );
        combined["host"] = json!(" ");
        assert_eq!(
            Documents::Needed.select(&index, Some(&combined)),
            Vec::<&str>::new()
        );
    }
}
