//! The table's format, and the small listing that an entry makes.

use gallery_draft::{FileSet, RawFile};
use gallery_listings::COMBINED;
use serde::Deserialize;
use serde_yaml::{Mapping, Value};

/// The summary that marks the checked operation in the canonical document.
pub(crate) const MARK: &str = "The operation that is checked";

/// A path with nothing wrong: stays when the checked operation is dropped.
pub(crate) const COMPANION: &str = "/wire-companion";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    pub(crate) entry: Vec<Entry>,
}

/// One entry; the head of `wire.toml` explains the keys.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    pub(crate) class: String,
    #[serde(default)]
    pub(crate) made: bool,
    pub(crate) listing: String,
    pub(crate) file: String,
    pub(crate) host: Option<String>,
    #[serde(rename = "basePath")]
    pub(crate) base_path: Option<String>,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) operation: String,
    #[serde(default)]
    pub(crate) beside: Vec<Listed>,
    pub(crate) index: Option<IndexEntry>,
    #[serde(default)]
    pub(crate) arguments: Vec<String>,
    pub(crate) server: Option<String>,
    #[serde(default)]
    pub(crate) given: bool,
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
    pub(crate) unknowable: Option<String>,
    pub(crate) may_drop: Option<String>,
    pub(crate) open: Option<String>,
    pub(crate) count: Option<usize>,
    pub(crate) document_server: Option<String>,
    #[serde(rename = "why")]
    _why: Option<String>,
}

/// One operation as listed.
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
    /// True if it describes the same endpoint as the checked one.
    #[serde(default)]
    copy: bool,
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
    /// The judged operation, then what stands beside it.
    pub(crate) fn listed(&self) -> Vec<Listed> {
        let judged = Listed {
            file: self.file.clone(),
            host: self.host.clone(),
            base_path: self.base_path.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            operation: self.operation.clone(),
            copy: true,
        };
        std::iter::once(judged)
            .chain(self.beside.iter().cloned())
            .collect()
    }

    /// Makes a listing of these operations, with a companion if the checked one must be dropped.
    pub(crate) fn small_listing(&self) -> FileSet {
        let mut operations = self.listed();
        if self.unknowable.is_some() {
            let operation = "{responses: {200: {description: OK}}}".to_owned();
            let (method, path) = ("get".to_owned(), COMPANION.to_owned());
            operations.push(Listed {
                method,
                path,
                operation,
                copy: false,
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

/// Puts marker lines around a file, as the gallery does except in the combined document.
fn with_markers(text: &str) -> Vec<u8> {
    format!("---\r\n{text}---\r\n").into_bytes()
}

fn document<'a>(head: &Listed, operations: impl Iterator<Item = &'a Listed>) -> String {
    let mut paths = Mapping::new();
    for listed in operations {
        let mut operation: Value =
            serde_yaml::from_str(&listed.operation).expect("an operation in YAML");
        if let (Value::Mapping(map), true) = (&mut operation, listed.copy) {
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
