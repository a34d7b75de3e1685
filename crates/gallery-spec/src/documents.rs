//! Which documents of a listing have to be read.
//!
//! The combined `openapi.md` nearly always has every endpoint, and the documents of single endpoints hold copies of it. So what is
//! needed is the combined document, and of the others those whose endpoint it lacks: about an eightieth of the whole. Besides those of
//! endpoints for which it has a host and the index has none: it has one host for all, and their own documents know better.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::Value;

use crate::index::Index;
use crate::server::Known;
use crate::store::COMBINED;

/// How much of a listing is read.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Documents {
    /// The combined document, and those of the endpoints that it lacks or has at a host of which nobody can be sure.
    #[default]
    Needed,
    /// Everything that the index names.
    All,
}

impl Documents {
    /// The files of single endpoints that are wanted, each once, in the order of the index. `combined` is the parsed combined document, if
    /// there is one that can be read.
    pub fn of<'a>(self, index: &'a Index, combined: Option<&Value>) -> Vec<&'a str> {
        let known = match (self, combined) {
            (Documents::Needed, Some(combined)) => {
                let has_host = match combined.get("host") {
                    Some(Value::String(host)) => !host.trim().is_empty(),
                    host => host.is_some_and(|host| host.is_number() || host.is_boolean()),
                };
                settled(slugs(combined), has_host, &Known::of(index))
            }
            _ => BTreeSet::new(),
        };
        index
            .document_files()
            .into_iter()
            .filter(|name| *name != COMBINED && is_needed(name, &known))
            .collect()
    }
}

/// Of a combined document's slugs those whose own documents need not be read.
pub fn settled<'a>(
    slugs: impl IntoIterator<Item = &'a str>,
    has_host: bool,
    known: &Known,
) -> BTreeSet<&'a str> {
    slugs
        .into_iter()
        .filter(|slug| !(has_host && known.lacks_host(slug)))
        .collect()
}

/// Whether a document need be read when the combined one is: it is not named after a slug that this settles.
pub fn is_needed(file_name: &str, settled: &BTreeSet<&str>) -> bool {
    file_name
        .strip_suffix("-openapi.md")
        .is_none_or(|slug| !settled.contains(slug))
}

/// The slugs of a document's operations (`x-api-path-slug`), after which the documents of single endpoints are named.
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

    fn index(files: &[&str]) -> Index {
        let entry = |file: &&str| json!({"name": "A", "properties": [{"type": "x-openapi-spec", "url": format!("https://host/{file}")}]});
        let value = json!({"name": "P", "apis": files.iter().map(entry).collect::<Vec<_>>()});
        crate::index::read("apis.md", &value, &mut Diagnostics::default()).unwrap()
    }

    #[test]
    fn what_the_combined_document_has_is_not_needed_again() {
        let index = index(&[
            "a-openapi.md",
            "b-openapi.md",
            "openapi.md",
            "a-openapi.md",
            "old.md",
        ]);
        let combined = json!({"paths": {"/a": {"get": {"x-api-path-slug": "a"}, "parameters": []}, "/odd": null}});
        assert_eq!(
            Documents::Needed.of(&index, Some(&combined)),
            ["b-openapi.md", "old.md"]
        );
        assert_eq!(
            Documents::All.of(&index, Some(&combined)),
            ["a-openapi.md", "b-openapi.md", "old.md"]
        );
        for unusable in [None, Some(json!([])), Some(json!({"paths": 1}))] {
            assert_eq!(Documents::Needed.of(&index, unusable.as_ref()).len(), 3);
        }
    }

    #[test]
    fn an_endpoints_own_document_says_where_it_answers_when_the_index_does_not() {
        let entry = |slug: &str, url: &str| {
            let link = json!([{"type": "x-openapi-spec", "url": format!("https://host/{slug}-openapi.md")}]);
            json!({"name": slug, "x-api-slug": slug, "baseURL": url, "properties": link})
        };
        let value =
            json!({"name": "P", "apis": [entry("a", "https://a.io//v1"), entry("b", ":///")]});
        let index = crate::index::read("apis.md", &value, &mut Diagnostics::default()).unwrap();
        let mut combined = json!({"host": "c.io", "paths": {"/a": {"get": {"x-api-path-slug": "a"}, "put": {"x-api-path-slug": "b"}}}});
        assert_eq!(
            Documents::Needed.of(&index, Some(&combined)),
            ["b-openapi.md"]
        );
        combined["host"] = json!(" ");
        assert_eq!(
            Documents::Needed.of(&index, Some(&combined)),
            Vec::<&str>::new()
        );
    }
}
