//! APIs.json indexes of every version.

use std::collections::{BTreeMap, BTreeSet};

use openapi_text::{Diagnostics, Node, Severity};
use serde_json::Value;

use crate::kind::{Kind, kind_of};
use crate::select::{SelectError, positions};

/// An APIs.json index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The version of the specification, as written (`specificationVersion`).
    pub version: Option<String>,
    /// The identifier.
    pub aid: Option<String>,
    /// The name.
    pub name: Option<String>,
    /// The description.
    pub description: Option<String>,
    /// The URL of the index according to itself. It is often wrong.
    pub url: Option<String>,
    /// The day of the last change, as written.
    pub modified: Option<String>,
    /// The names of the maintainers.
    pub maintainers: Vec<String>,
    /// The APIs, in order, duplicates included.
    pub apis: Vec<Api>,
    /// Links of all APIs (`common`, in version 0.14 `x-common`): type and URL.
    pub links: Vec<(String, String)>,
    /// URLs of further indexes (`include` and `network`).
    pub includes: Vec<String>,
}

/// An API of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Api {
    /// The identifier, such as `stripe:stripe-charges-api`. Version 0.14 has none.
    pub aid: Option<String>,
    /// The name, or the identifier if there is no name.
    pub name: String,
    /// Other texts that select the API: the anchor and the title of an entry of a catalog.
    pub aliases: Vec<String>,
    /// The description.
    pub description: Option<String>,
    /// The URL of the documentation for people.
    pub human_url: Option<String>,
    /// The base URL of the API. It can be a placeholder.
    pub base_url: Option<String>,
    /// The tags.
    pub tags: Vec<String>,
    /// The URLs of the OpenAPI documents, as written, each once.
    pub documents: Vec<String>,
    /// The other properties: type and URL.
    pub links: Vec<(String, String)>,
    /// The JSON pointer of the API in the index.
    pub pointer: String,
}

impl Api {
    /// Returns the identifier, or the name of an API without an identifier.
    pub fn id(&self) -> &str {
        self.aid.as_deref().unwrap_or(&self.name)
    }
}

impl Index {
    /// Returns the APIs with an identifier that matches one of the globs, in order. Without globs,
    /// returns all APIs. An API without an identifier is matched by its name.
    ///
    /// # Errors
    ///
    /// A glob is invalid or matches nothing.
    pub fn select(&self, globs: &[String]) -> Result<Vec<&Api>, SelectError> {
        let positions = self.positions(globs)?;
        Ok(positions.into_iter().map(|at| &self.apis[at]).collect())
    }

    /// Returns the positions of the APIs that [`select`](Index::select) returns.
    ///
    /// # Errors
    ///
    /// A glob is invalid or matches nothing.
    pub fn positions(&self, globs: &[String]) -> Result<Vec<usize>, SelectError> {
        positions(&self.apis, globs, |api| {
            let aliases = api.aliases.iter().map(String::as_str);
            std::iter::once(api.id()).chain(aliases).collect()
        })
    }
}

/// Returns true if a property of this type is an OpenAPI document: `OpenAPI`, `Swagger`,
/// `x-openapi-spec`, `x-openapi` and the like, in any letter case.
pub fn is_openapi_type(kind: &str) -> bool {
    let letters: String = kind
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    let name = letters.strip_prefix('x').unwrap_or(&letters);
    matches!(
        name,
        "openapi"
            | "openapispec"
            | "openapispecification"
            | "swagger"
            | "swaggerspec"
            | "swaggerspecification"
    )
}

/// Parses an index in JSON or YAML. `file` is its path, used in messages.
///
/// Values of the wrong type become warnings. Returns `None` with an error if the file is not an
/// index.
pub fn parse(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Index> {
    let value = crate::value(file, bytes, diagnostics)?;
    of_value(file, &value, diagnostics)
}

/// Reads an index that was parsed.
pub(crate) fn of_value(file: &str, value: &Value, diagnostics: &mut Diagnostics) -> Option<Index> {
    let root = Node::root(file, value);
    if let Some(reason) = not_an_index(value) {
        let message = format!("this is not an APIs.json index: {reason}");
        diagnostics.push(Severity::Error, "not-an-index", root.location(), message);
        return None;
    }
    let index = Index {
        version: text(&root, &["specificationVersion"], diagnostics),
        aid: text(&root, &["aid"], diagnostics),
        name: text(&root, &["name"], diagnostics),
        description: text(&root, &["description"], diagnostics),
        url: text(&root, &["url"], diagnostics),
        modified: text(&root, &["modified"], diagnostics),
        maintainers: maintainers(&root, diagnostics),
        apis: items(&root, "apis", diagnostics)
            .iter()
            .filter_map(|node| api(node, diagnostics))
            .collect(),
        links: ["common", "x-common"]
            .iter()
            .flat_map(|key| items(&root, key, diagnostics))
            .collect::<Vec<_>>()
            .iter()
            .filter_map(|node| link(node, diagnostics))
            .collect(),
        includes: ["include", "network"]
            .iter()
            .flat_map(|key| items(&root, key, diagnostics))
            .collect::<Vec<_>>()
            .iter()
            .filter_map(|node| url(node, diagnostics))
            .collect(),
    };
    warn_of_duplicates(file, &index, diagnostics);
    Some(index)
}

/// Returns the reason why a value is not an index, if there is one.
fn not_an_index(value: &Value) -> Option<&'static str> {
    match kind_of(value) {
        Some(Kind::Index) => None,
        Some(Kind::OpenApi) => Some("it is an OpenAPI document"),
        Some(Kind::Catalog) => Some("it is an API catalog (RFC 9727)"),
        None if value.is_object() => Some("it has no list `apis`"),
        None => Some("it is not a map"),
    }
}

fn api(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<Api> {
    if !node.value.is_object() {
        node.unexpected("an API with `name` and `properties`", diagnostics);
        return None;
    }
    let aid = text(node, &["aid"], diagnostics);
    let name = text(node, &["name"], diagnostics).or_else(|| aid.clone());
    let mut api = Api {
        name: name.unwrap_or_default(),
        aid,
        description: text(node, &["description"], diagnostics),
        human_url: text(node, &["humanURL", "humanUrl"], diagnostics),
        base_url: text(node, &["baseURL", "baseUrl"], diagnostics),
        tags: tags(node, diagnostics),
        pointer: node.pointer.clone(),
        ..Api::default()
    };
    let mut seen = BTreeSet::new();
    for property in items(node, "properties", diagnostics) {
        let Some((kind, url)) = link(&property, diagnostics) else {
            continue;
        };
        if !is_openapi_type(&kind) {
            api.links.push((kind, url));
        } else if seen.insert(url.clone()) {
            api.documents.push(url);
        }
    }
    Some(api)
}

/// Returns the type and the URL of a property.
fn link(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<(String, String)> {
    let kind = text(node, &["type"], diagnostics);
    if kind.as_deref().is_some_and(is_openapi_type)
        && node.get("url").is_none()
        && node.get("data").is_some()
    {
        diagnostics.push(
            Severity::Warning,
            "inline-document",
            node.location(),
            "an OpenAPI document within the index is not read; move it to a file of its own",
        );
        return None;
    }
    match (kind, text(node, &["url"], diagnostics)) {
        (Some(kind), Some(url)) => Some((kind, url)),
        // Properties of other types can have values in place of URLs.
        (Some(kind), None) if !is_openapi_type(&kind) => None,
        _ => {
            node.unexpected("a property with `type` and `url`", diagnostics);
            None
        }
    }
}

fn url(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Option<String> {
    let url = match node.value {
        Value::String(url) => Some(url.clone()),
        _ => text(node, &["url"], diagnostics),
    };
    if url.is_none() {
        node.unexpected("an index with `name` and `url`", diagnostics);
    }
    url
}

fn maintainers(root: &Node<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    items(root, "maintainers", diagnostics)
        .iter()
        .filter_map(|node| match node.value {
            Value::String(name) => Some(name.clone()),
            _ => text(node, &["FN", "fn", "name", "org"], diagnostics),
        })
        .collect()
}

fn tags(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Vec<String> {
    match node.value.get("tags") {
        Some(Value::String(tag)) => vec![tag.clone()],
        _ => node.texts("tags", diagnostics),
    }
}

/// Returns the items of the list under a key.
fn items<'a>(node: &Node<'a>, key: &str, diagnostics: &mut Diagnostics) -> Vec<Node<'a>> {
    match node.get(key) {
        Some(list) => list.items(diagnostics),
        None => Vec::new(),
    }
}

/// Returns the text under the first key that has one, without surrounding white space.
fn text(node: &Node<'_>, keys: &[&str], diagnostics: &mut Diagnostics) -> Option<String> {
    keys.iter()
        .filter_map(|key| node.text(key, diagnostics))
        .map(|text| text.trim().to_owned())
        .find(|text| !text.is_empty())
}

/// Warns about each API with the identifier of an earlier one.
fn warn_of_duplicates(file: &str, index: &Index, diagnostics: &mut Diagnostics) {
    let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
    for api in &index.apis {
        let Some(aid) = &api.aid else { continue };
        if let Some(first) = seen.get(aid.as_str()) {
            let message = format!(
                "the API `{aid}` has the identifier of the API at {first}; `{aid}` selects both"
            );
            let location = openapi_text::Location::pointer(file, api.pointer.as_str());
            diagnostics.push(Severity::Warning, "duplicate-api", location, message);
        } else {
            seen.insert(aid, &api.pointer);
        }
    }
}
