//! The index of a listing: an APIs.json document, as the gallery bends it.
//!
//! Takes the parsed `apis.md`, gives what a client crate can say of its provider and which documents there are. Entries repeat;
//! they are kept in order, and [`Index::repeat_of`] tells which is which.

use serde_json::Value;

use crate::store::RawFile;
use openapi_text::Node;
use openapi_text::front_matter::{self, FrontMatterError};
use openapi_text::redact;
use openapi_text::{Diagnostics, Location, Severity};

/// The file name of the index in every listing.
pub const FILE_NAME: &str = "apis.md";

/// What the index knows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The provider's name.
    pub name: String,
    /// The provider, in prose.
    pub description: Option<String>,
    /// Where the index says it lives.
    pub url: Option<String>,
    /// The day of the last change, as written.
    pub modified: Option<String>,
    /// The entries, repeats included.
    pub entries: Vec<Entry>,
    /// Links about the provider (`x-common`).
    pub links: Vec<Link>,
    /// Who keeps the listing.
    pub maintainers: Vec<Maintainer>,
}

/// One API of an index, which in the gallery is one endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The name, usually the provider's and the operation's.
    pub name: String,
    /// The slug that the endpoint's document is named after.
    pub slug: Option<String>,
    /// Where the API is said to answer.
    pub base_url: Option<String>,
    /// Where a person reads about the API.
    pub human_url: Option<String>,
    /// URLs of the entry's Swagger documents (`x-openapi-spec`).
    pub documents: Vec<String>,
}

/// A link about the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// What is behind it, such as `x-website`.
    pub kind: String,
    /// Where it goes.
    pub url: String,
}

/// Who keeps the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintainer {
    /// The full name.
    pub name: String,
    /// The address that the listing gives.
    pub email: Option<String>,
}

impl Index {
    /// The first entry that the entry at `position` repeats: the same documents under the same slug.
    pub fn repeat_of(&self, position: usize) -> Option<usize> {
        let entry = self.entries.get(position)?;
        self.entries[..position]
            .iter()
            .position(|earlier| earlier.slug == entry.slug && earlier.documents == entry.documents)
    }

    /// The file names of the documents that the entries point at, each once, in order.
    pub fn document_files(&self) -> Vec<&str> {
        let mut files = Vec::new();
        for file in self
            .entries
            .iter()
            .flat_map(|entry| &entry.documents)
            .filter_map(|url| file_name(url))
        {
            if !files.contains(&file) {
                files.push(file);
            }
        }
        files
    }
}

/// The last segment of a document's URL; nothing when that is no plain file name.
pub fn file_name(url: &str) -> Option<&str> {
    let path = url.split(['?', '#']).next().unwrap_or(url);
    let name = path.rsplit('/').next()?;
    is_plain_file_name(name).then_some(name)
}

/// Whether a name can be a file of a snapshot, on every system: only ASCII letters, digits, `.`, `_`, `-`, not hidden, at most
/// 200 bytes, and no device of Windows.
pub fn is_plain_file_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && !name.ends_with('.')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'))
        && !is_device(name)
}

/// `nul`, `com1.md` and the like, which on Windows are devices whatever the folder.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).to_ascii_lowercase();
    let numbered = |of: &str| {
        stem.strip_prefix(of)
            .is_some_and(|number| matches!(number.as_bytes(), [b'0'..=b'9']))
    };
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

/// Reads an index from the bytes of `file`. One that is empty knows nothing, and is called after the listing's folder.
pub fn parse(file: &RawFile, folder: &str, diagnostics: &mut Diagnostics) -> Option<Index> {
    if matches!(
        front_matter::body(&file.bytes),
        Err(FrontMatterError::Empty | FrontMatterError::OnlyMarkers)
    ) {
        let message = "the index is empty; the provider is called after the listing's folder";
        diagnostics.push(
            Severity::Warning,
            "empty-index",
            Location::file(&file.path),
            message,
        );
        return Some(Index {
            name: folder.to_owned(),
            ..Index::default()
        });
    }
    read(&file.path, file.value(diagnostics)?, diagnostics)
}

/// Reads an index from the parsed YAML of `file`.
pub fn read(file: &str, value: &Value, diagnostics: &mut Diagnostics) -> Option<Index> {
    let root = Node::root(file, value);
    if !value.is_object() {
        diagnostics.push(
            Severity::Error,
            "not-an-index",
            root.location(),
            "this is no APIs.json index: it is not a map",
        );
        return None;
    }
    let Some(name) = root.text("name", diagnostics) else {
        diagnostics.push(
            Severity::Error,
            "not-an-index",
            root.location(),
            "this is no APIs.json index: it has no `name`",
        );
        return None;
    };
    let mut index = Index {
        name,
        description: root.text("description", diagnostics),
        url: root.text("url", diagnostics),
        modified: root.text("modified", diagnostics),
        ..Index::default()
    };
    if let Some(entries) = root.get("apis") {
        for node in entries.items(diagnostics) {
            index.entries.push(entry(&node, diagnostics));
        }
    }
    if let Some(links) = root.get("x-common") {
        for node in links.items(diagnostics) {
            match (
                node.text("type", diagnostics),
                node.text("url", diagnostics),
            ) {
                (Some(kind), Some(url)) => index.links.push(Link { kind, url }),
                _ => node.unexpected("a link with `type` and `url`", diagnostics),
            }
        }
    }
    if let Some(maintainers) = root.get("maintainers") {
        for node in maintainers.items(diagnostics) {
            match node.text("FN", diagnostics) {
                Some(name) => index.maintainers.push(Maintainer {
                    name,
                    email: node.text("email", diagnostics),
                }),
                None => node.unexpected("a maintainer with a name `FN`", diagnostics),
            }
        }
    }
    Some(index)
}

fn entry(node: &Node<'_>, diagnostics: &mut Diagnostics) -> Entry {
    let mut documents = Vec::new();
    if let Some(properties) = node.get("properties") {
        for property in properties.items(diagnostics) {
            let kind = property.text("type", diagnostics);
            let url = property.text("url", diagnostics);
            if let (Some("x-openapi-spec"), Some(url)) = (kind.as_deref(), url) {
                if file_name(&url).is_none() {
                    let message = format!(
                        "`{}` does not end in a plain file name; the document is not read",
                        redact::text(&url)
                    );
                    diagnostics.push(
                        Severity::Warning,
                        "document-url",
                        property.location(),
                        message,
                    );
                }
                documents.push(url);
            }
        }
    }
    Entry {
        name: node.text("name", diagnostics).unwrap_or_default(),
        slug: node.text("x-api-slug", diagnostics),
        base_url: node.text("baseURL", diagnostics),
        human_url: node.text("humanURL", diagnostics),
        documents,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_second_entry_for_the_same_document_is_a_repeat() {
        let spec = |slug: &str| {
            json!({"name": slug, "x-api-slug": slug, "properties": [
                {"type": "x-openapi-spec", "url": format!("https://host/{slug}-openapi.md")},
                {"type": "x-postman-collection", "url": format!("https://host/{slug}-postman.md")},
            ]})
        };
        let value = json!({"name": "P", "apis": [spec("a"), spec("b"), spec("a")], "x-common": [{"type": "x-website", "url": "https://p"}]});
        let mut diagnostics = Diagnostics::default();
        let index = read("apis.md", &value, &mut diagnostics).unwrap();
        assert_eq!(
            (0..3).map(|at| index.repeat_of(at)).collect::<Vec<_>>(),
            [None, None, Some(0)]
        );
        assert_eq!(index.document_files(), ["a-openapi.md", "b-openapi.md"]);
        assert_eq!(index.links.len(), 1);
        assert_eq!(diagnostics.iter().count(), 0);
    }

    #[test]
    fn file_names_cannot_leave_the_folder() {
        assert_eq!(
            file_name("https://host/x/a-openapi.md?raw=1"),
            Some("a-openapi.md")
        );
        for url in [
            "https://host/..",
            "https://host/",
            "https://host/a%2F..%2Fb",
            "https://host/a\\b",
            "https://host/.git",
            "https://host/ü.md",
            "https://host/a.md.",
            "https://host/NUL.md",
            "https://host/com1",
        ] {
            assert_eq!(file_name(url), None, "{url}");
        }
        assert!(is_plain_file_name("console-openapi.md") && is_plain_file_name("com10.md"));
        assert!(is_plain_file_name(&"a".repeat(200)) && !is_plain_file_name(&"a".repeat(300)));
    }

    #[test]
    fn what_is_no_index_is_an_error() {
        for value in [json!([]), json!({"apis": []}), json!("x")] {
            let mut diagnostics = Diagnostics::default();
            assert_eq!(read("apis.md", &value, &mut diagnostics), None);
            assert!(diagnostics.has_errors());
        }
    }
}
