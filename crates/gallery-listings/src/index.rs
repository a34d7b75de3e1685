//! The index of a listing: an APIs.json document as the gallery writes it.
//!
//! The index names the provider and the documents. Entries repeat; they are kept in order, and
//! [`Index::duplicate_of`] identifies the duplicates.

use serde_json::Value;

use super::files::file_name;
use gallery_draft::RawFile;
use openapi_text::Node;
use openapi_text::front_matter::{self, FrontMatterError};
use openapi_text::redact;
use openapi_text::{Diagnostics, Location, Severity};

/// The content of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// The provider's name.
    pub name: String,
    /// A description of the provider.
    pub description: Option<String>,
    /// The index's own URL.
    pub url: Option<String>,
    /// The day of the last change, as written.
    pub modified: Option<String>,
    /// The entries, duplicates included.
    pub entries: Vec<Entry>,
    /// Links about the provider (`x-common`).
    pub links: Vec<Link>,
    /// The maintainers of the listing.
    pub maintainers: Vec<Maintainer>,
}

/// One API of an index. In the gallery it is usually one endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// The name, usually the provider's followed by the operation's.
    pub name: String,
    /// The slug that the endpoint's document is named after.
    pub slug: Option<String>,
    /// The base URL of the API.
    pub base_url: Option<String>,
    /// The URL of the API's documentation for people.
    pub human_url: Option<String>,
    /// URLs of the entry's Swagger documents (`x-openapi-spec`).
    pub documents: Vec<String>,
}

/// A link about the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// The kind, such as `x-website`.
    pub kind: String,
    /// The URL.
    pub url: String,
}

/// A maintainer of the listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Maintainer {
    /// The full name.
    pub name: String,
    /// The email address in the listing.
    pub email: Option<String>,
}

impl Index {
    /// Returns the first entry that the entry at `position` duplicates: one with the same slug and
    /// documents.
    pub fn duplicate_of(&self, position: usize) -> Option<usize> {
        let entry = self.entries.get(position)?;
        self.entries[..position]
            .iter()
            .position(|earlier| earlier.slug == entry.slug && earlier.documents == entry.documents)
    }

    /// Returns the file names of the documents that the entries refer to, each once, in order.
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

    /// Returns the URL of the first link of a kind.
    pub(crate) fn link(&self, kind: &str) -> Option<&str> {
        let link = self.links.iter().find(|link| link.kind == kind)?;
        Some(&link.url)
    }

    /// Adds what the index of a further listing has and this one lacks.
    pub(crate) fn extend(&mut self, further: Index) {
        self.entries.extend(further.entries);
        if self.description.is_none() {
            self.description = further.description;
        }
        for link in further.links {
            if !self.links.contains(&link) {
                self.links.push(link);
            }
        }
        for maintainer in further.maintainers {
            if !self.maintainers.contains(&maintainer) {
                self.maintainers.push(maintainer);
            }
        }
    }

    /// Parses an index. An empty one yields an index without entries that has the name of the
    /// listing's folder.
    pub fn parse(file: &RawFile, folder: &str, diagnostics: &mut Diagnostics) -> Option<Index> {
        if matches!(
            front_matter::body(&file.bytes),
            Err(FrontMatterError::Empty | FrontMatterError::OnlyMarkers)
        ) {
            let message = "the index is empty; the provider gets the name of the listing's folder";
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
        Index::read(&file.path, file.value(diagnostics)?, diagnostics)
    }

    /// Reads an index from the parsed content of `file`.
    pub fn read(file: &str, value: &Value, diagnostics: &mut Diagnostics) -> Option<Index> {
        let root = Node::root(file, value);
        if !value.is_object() {
            diagnostics.push(
                Severity::Error,
                "not-an-index",
                root.location(),
                "this is not an APIs.json index: it is not a map",
            );
            return None;
        }
        let Some(name) = root.text("name", diagnostics) else {
            diagnostics.push(
                Severity::Error,
                "not-an-index",
                root.location(),
                "this is not an APIs.json index: it has no `name`",
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
    fn entries_with_the_same_document_are_duplicates() {
        let spec = |slug: &str| {
            json!({"name": slug, "x-api-slug": slug, "properties": [
                {"type": "x-openapi-spec", "url": format!("https://host/{slug}-openapi.md")},
                {"type": "x-postman-collection", "url": format!("https://host/{slug}-postman.md")},
            ]})
        };
        let value = json!({"name": "P", "apis": [spec("a"), spec("b"), spec("a")], "x-common": [{"type": "x-website", "url": "https://p"}]});
        let mut diagnostics = Diagnostics::default();
        let index = Index::read("apis.md", &value, &mut diagnostics).unwrap();
        assert_eq!(
            (0..3)
                .map(|position| index.duplicate_of(position))
                .collect::<Vec<_>>(),
            [None, None, Some(0)]
        );
        assert_eq!(index.document_files(), ["a-openapi.md", "b-openapi.md"]);
        assert_eq!(index.links.len(), 1);
        assert_eq!(diagnostics.iter().count(), 0);
    }

    #[test]
    fn refuses_values_that_are_not_an_index() {
        for value in [json!([]), json!({"apis": []}), json!("x")] {
            let mut diagnostics = Diagnostics::default();
            assert_eq!(Index::read("apis.md", &value, &mut diagnostics), None);
            assert!(diagnostics.has_errors());
        }
    }
}
