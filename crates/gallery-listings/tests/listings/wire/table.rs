//! The format of `wire.toml`, and the conversion of an entry to a small listing.

use gallery_draft::{FileSet, RawFile};
use gallery_listings::COMBINED;
use serde::Deserialize;
use serde_yaml::{Mapping, Value};

/// The summary that marks the checked operation in the canonical document.
pub(crate) const MARK: &str = "The operation that is checked";

/// A path without defects, which must be kept if the checked operation is dropped.
pub(crate) const COMPANION: &str = "/wire-companion";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) entry: Vec<Entry>,
}

/// An entry of the table. The comment at the top of `wire.toml` documents the keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) class: String,
    #[serde(default)]
    pub(crate) invented: bool,
    pub(crate) listing: String,
    pub(crate) file: String,
    pub(crate) host: Option<String>,
    #[serde(rename = "basePath")]
    pub(crate) base_path: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) operation: String,
    #[serde(default)]
    pub(crate) others: Vec<Listed>,
    pub(crate) index: Option<IndexEntry>,
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    pub(crate) server: Option<String>,
    #[serde(default)]
    pub(crate) server_set_by_caller: bool,
    pub(crate) request: Option<String>,
    #[serde(default)]
    pub(crate) headers: Vec<String>,
    pub(crate) form: Option<String>,
    #[serde(default)]
    pub(crate) multipart: bool,
    #[serde(default)]
    pub(crate) or_query: bool,
    pub(crate) body: Option<String>,
    #[serde(default)]
    pub(crate) unsendable: Vec<String>,
    pub(crate) ambiguous: Option<String>,
    pub(crate) may_drop: Option<String>,
    pub(crate) known_failure: Option<String>,
    pub(crate) count: Option<usize>,
    pub(crate) document_server: Option<String>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

/// An operation of a listing.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Listed {
    pub(crate) file: String,
    pub(crate) host: Option<String>,
    #[serde(rename = "basePath")]
    pub(crate) base_path: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) operation: String,
    /// True if this operation describes the same endpoint as the checked one.
    #[serde(default)]
    same_endpoint: bool,
}

/// The index entry of the checked operation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IndexEntry {
    slug: String,
    document: String,
    base_url: Option<String>,
}

impl Entry {
    /// Returns the checked operation, followed by the other operations of the entry.
    pub(crate) fn listed(&self) -> Vec<Listed> {
        let checked = Listed {
            file: self.file.clone(),
            host: self.host.clone(),
            base_path: self.base_path.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            operation: self.operation.clone(),
            same_endpoint: true,
        };
        std::iter::once(checked)
            .chain(self.others.iter().cloned())
            .collect()
    }

    /// Builds a listing of these operations.
    ///
    /// If the checked operation must be dropped, the listing also has the companion.
    pub(crate) fn small_listing(&self) -> FileSet {
        let mut operations = self.listed();
        if self.ambiguous.is_some() {
            let operation = "{responses: {200: {description: OK}}}".to_owned();
            let (method, path) = ("get".to_owned(), COMPANION.to_owned());
            operations.push(Listed {
                method,
                path,
                operation,
                same_endpoint: false,
                ..operations[0].clone()
            });
        }
        let mut names: Vec<&str> = operations
            .iter()
            .map(|listed| listed.file.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let mut files = vec![RawFile::new(
            "apis.md".to_owned(),
            with_markers(&self.apis()),
        )];
        for name in names {
            let of_file = || operations.iter().filter(|listed| listed.file == name);
            let Some(first) = of_file().next() else {
                continue;
            };
            let text = document(first, of_file());
            let bytes = if name == COMBINED {
                text.into_bytes()
            } else {
                with_markers(&text)
            };
            files.push(RawFile::new(name.to_owned(), bytes));
        }
        FileSet {
            name: self.listing.clone(),
            files,
        }
    }

    fn apis(&self) -> String {
        let mut text = "name: Provider\n".to_owned();
        if let Some(IndexEntry {
            slug,
            document,
            base_url,
        }) = &self.index
        {
            text += &format!("apis:\n- name: Endpoint\n  x-api-slug: {slug}\n");
            if let Some(url) = base_url {
                text += &format!("  baseURL: '{url}'\n");
            }
            text += &format!(
                "  properties:\n  - type: x-openapi-spec\n    url: https://gallery.invalid/{document}\n"
            );
        }
        text
    }
}

/// Adds front matter markers around a file, as in all files but the combined document.
fn with_markers(text: &str) -> Vec<u8> {
    format!("---\r\n{text}---\r\n").into_bytes()
}

fn document<'a>(head: &Listed, operations: impl Iterator<Item = &'a Listed>) -> String {
    let mut paths = Mapping::new();
    for listed in operations {
        let mut operation: Value =
            serde_yaml::from_str(&listed.operation).expect("an operation in YAML");
        if let (Value::Mapping(map), true) = (&mut operation, listed.same_endpoint) {
            map.insert("summary".into(), MARK.into());
        }
        let item = paths
            .entry(listed.path.as_str().into())
            .or_insert_with(|| Value::Mapping(Mapping::new()));
        let item = item.as_mapping_mut().expect("a path is a map");
        let before = item.insert(listed.method.as_str().into(), operation);
        assert!(
            before.is_none(),
            "{} {} occurs twice in the entry",
            listed.method,
            listed.path
        );
    }
    let mut root: Mapping = serde_yaml::from_str(
        "{swagger: '2.0', info: {title: T, version: 1.0.0}, schemes: [http], produces: [application/json], consumes: [application/json]}",
    )
    .expect("YAML");
    let facts = [("host", &head.host), ("basePath", &head.base_path)];
    for (key, value) in facts
        .into_iter()
        .filter_map(|(key, value)| value.as_ref().map(|value| (key, value)))
    {
        root.insert(key.into(), value.as_str().into());
    }
    root.insert("paths".into(), Value::Mapping(paths));
    serde_yaml::to_string(&root).expect("YAML")
}
