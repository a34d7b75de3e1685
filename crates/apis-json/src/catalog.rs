//! API catalogs (RFC 9727): link sets in JSON (RFC 9264).

use std::collections::BTreeMap;

use crate::index::{Api, Index};
use openapi_text::pointer::percent_decode;
use openapi_text::{Diagnostics, Node, Severity};
use serde_json::Value;

/// The link relation of documents for machines.
const RELATION: &str = "service-desc";

/// An API catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// The entries, one for each anchor, in order.
    pub entries: Vec<Entry>,
}

/// An entry of a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The URL that the links are about, or an empty text if it is missing.
    pub anchor: String,
    /// The last segment of the anchor's path, or its host if there is no path.
    pub slug: String,
    /// The title.
    pub title: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The documents that can be OpenAPI, by media type (links `service-desc`).
    pub documents: Vec<Document>,
    /// The JSON pointer of the entry in the catalog.
    pub pointer: String,
}

/// A link to a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The URL, as written.
    pub url: String,
    /// The media type.
    pub media_type: Option<String>,
    /// The title.
    pub title: Option<String>,
}

/// The anchors and titles of entries select their APIs as well.
impl From<Catalog> for Index {
    fn from(catalog: Catalog) -> Index {
        Index {
            apis: catalog.entries.into_iter().map(Api::from).collect(),
            ..Index::default()
        }
    }
}

impl From<Entry> for Api {
    fn from(entry: Entry) -> Api {
        let aliases = std::iter::once(entry.anchor.clone()).chain(entry.title.clone());
        let urls = entry.documents.into_iter().map(|document| document.url);
        Api {
            name: entry.title.unwrap_or_else(|| entry.slug.clone()),
            aliases: aliases.filter(|alias| !alias.is_empty()).collect(),
            aid: Some(entry.slug).filter(|slug| !slug.is_empty()),
            description: entry.description,
            documents: urls.collect(),
            pointer: entry.pointer,
            ..Api::default()
        }
    }
}

/// Parses a catalog. `file` is its path, used in messages.
///
/// Values of the wrong type become warnings. Returns `None` with an error if the file is not a
/// link set.
pub fn catalog(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Catalog> {
    let value = crate::value(file, bytes, diagnostics)?;
    of_value(file, &value, diagnostics)
}

/// Reads a catalog that was parsed.
pub(crate) fn of_value(
    file: &str,
    value: &Value,
    diagnostics: &mut Diagnostics,
) -> Option<Catalog> {
    let root = Node::root(file, value);
    let Some(sets) = root.get("linkset") else {
        diagnostics.push(
            Severity::Error,
            "not-a-catalog",
            root.location(),
            "this is not an API catalog (RFC 9727): it has no list `linkset`",
        );
        return None;
    };
    let mut catalog = Catalog::default();
    let mut positions: BTreeMap<String, usize> = BTreeMap::new();
    for node in sets.items(diagnostics) {
        if !node.value.is_object() {
            node.unexpected("a map with `anchor` and links", diagnostics);
            continue;
        }
        let new = entry(&node, diagnostics);
        let next = catalog.entries.len();
        match *positions.entry(new.anchor.clone()).or_insert(next) {
            at if at == next => catalog.entries.push(new),
            at => merge(&mut catalog.entries[at], new),
        }
    }
    Some(catalog)
}

fn entry(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Entry {
    let anchor = text(node, "anchor", diagnostics).unwrap_or_default();
    let mut documents = Vec::new();
    if let Some(links) = node.get(RELATION) {
        for link in links.items(diagnostics) {
            let Some(url) = text(&link, "href", diagnostics) else {
                link.unexpected("a link with `href`", diagnostics);
                continue;
            };
            let media_type = text(&link, "type", diagnostics);
            if media_type.as_deref().is_none_or(can_be_openapi) {
                documents.push(Document {
                    url,
                    media_type,
                    title: text(&link, "title", diagnostics),
                });
            }
        }
    }
    Entry {
        slug: slug(&anchor),
        title: text(node, "title", diagnostics),
        description: text(node, "description", diagnostics),
        documents,
        pointer: node.pointer.clone(),
        anchor,
    }
}

/// Adds what another entry with the same anchor has.
fn merge(entry: &mut Entry, other: Entry) {
    entry.title = entry.title.take().or(other.title);
    entry.description = entry.description.take().or(other.description);
    for document in other.documents {
        if entry
            .documents
            .iter()
            .all(|known| known.url != document.url)
        {
            entry.documents.push(document);
        }
    }
}

/// Returns true if a document of this media type can be OpenAPI.
fn can_be_openapi(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let essence = essence.to_ascii_lowercase();
    essence.contains("openapi")
        || essence.contains("swagger")
        || matches!(
            essence.as_str(),
            "application/json"
                | "application/yaml"
                | "application/x-yaml"
                | "application/octet-stream"
                | "text/json"
                | "text/yaml"
                | "text/x-yaml"
                | "text/plain"
        )
}

/// Returns the last segment of a URL's path, or its host.
fn slug(anchor: &str) -> String {
    let path = anchor.split(['?', '#']).next().unwrap_or_default();
    let path = path.trim_end_matches('/');
    percent_decode(path.rsplit('/').next().unwrap_or_default())
}

fn text(node: &Node<'_>, key: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let text = node.text(key, diagnostics)?.trim().to_owned();
    (!text.is_empty()).then_some(text)
}
