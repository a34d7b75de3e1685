//! Sources that are OpenAPI documents, or an index of them.

use std::fmt;
use std::path::{Component, Path};

use gallery_draft::is_plain_file_name;
use url::Url;

/// OpenAPI documents of any version, or an APIs.json index or API catalog that names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DocumentsSource {
    /// An index, and the APIs of it.
    Index {
        /// The location of the index.
        place: Place,
        /// Patterns of the identifiers of APIs. Empty means all.
        apis: Vec<String>,
    },
    /// Documents that become one. All are on disk, or all are remote.
    Documents(Vec<Place>),
}

/// The end of the name of a provider of APIs.io.
const APIS_IO: &str = "@apis.io";

/// The location of a document or of an index.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A URL of the scheme http or https.
    Url(Url),
    /// The index of a provider of APIs.io, `NAME@apis.io`.
    Provider(String),
    /// A path relative to the workspace root, with `/` between the names. A directory stands for
    /// the documents in it.
    Path(String),
}

impl Place {
    /// Parses a URL, the name of a provider of APIs.io, or a path below the workspace root.
    ///
    /// # Errors
    ///
    /// The URL is not valid, has another scheme, a user or a password, or the path leads out of the
    /// workspace.
    pub fn parse(text: &str) -> Result<Place, String> {
        if text.contains("://") {
            let url = Url::parse(text).map_err(|error| format!("invalid URL: {error}"))?;
            return match url.scheme() {
                "http" | "https" if url.username().is_empty() && url.password().is_none() => {
                    Ok(Place::Url(url))
                }
                "http" | "https" => Err(
                    "the URL has a user or a password, which every reader of gallery.toml would \
                     see; remove them"
                        .to_owned(),
                ),
                scheme => Err(format!(
                    "the scheme `{scheme}` is not supported; use https, or a path of the workspace"
                )),
            };
        }
        if let Some(name) = text.strip_suffix(APIS_IO) {
            return match is_plain_file_name(name) {
                true => Ok(Place::Provider(name.to_owned())),
                false => Err(
                    "the name of a provider has only letters, digits, `.`, `_` and `-`".to_owned(),
                ),
            };
        }
        let outside = || {
            "the path is not one of the workspace; write it relative to the workspace's root, \
             without `..`"
                .to_owned()
        };
        let mut names = Vec::new();
        for component in Path::new(text).components() {
            match component {
                Component::Normal(name) => names.push(name.to_str().ok_or_else(outside)?),
                Component::CurDir => {}
                _ => return Err(outside()),
            }
        }
        if names.is_empty() || text.contains(['\\', '\0']) {
            return Err(outside());
        }
        Ok(Place::Path(names.join("/")))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Url(url) => f.write_str(&openapi_text::redact::url(url)),
            Place::Provider(name) => write!(f, "{name}{APIS_IO}"),
            Place::Path(path) => f.write_str(path),
        }
    }
}

/// Leaves out parts of URLs that may be secret.
impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Place {
    /// Returns the text of the location in `gallery.toml`.
    pub fn text(&self) -> String {
        match self {
            Place::Url(url) => url.to_string(),
            Place::Provider(_) | Place::Path(_) => self.to_string(),
        }
    }
}

impl DocumentsSource {
    /// Returns the locations, in order.
    pub fn places(&self) -> &[Place] {
        match self {
            DocumentsSource::Index { place, .. } => std::slice::from_ref(place),
            DocumentsSource::Documents(places) => places,
        }
    }

    /// Returns the patterns that select the APIs of an index.
    pub fn apis(&self) -> &[String] {
        match self {
            DocumentsSource::Index { apis, .. } => apis,
            DocumentsSource::Documents(_) => &[],
        }
    }

    /// Returns the URLs and paths of the documents and directories. Empty for an index, which names
    /// its documents.
    pub fn document_places(&self) -> Vec<String> {
        match self {
            DocumentsSource::Index { .. } => Vec::new(),
            DocumentsSource::Documents(places) => places.iter().map(ToString::to_string).collect(),
        }
    }

    /// Returns the path of an index in the workspace. A remote index is at the root of its
    /// snapshot.
    pub fn index_path(&self) -> Option<&str> {
        match self {
            DocumentsSource::Index {
                place: Place::Path(path),
                ..
            } => Some(path),
            _ => None,
        }
    }

    /// Returns the source after its files were moved into `directory`. URLs stay as they are.
    pub fn moved_to(&self, directory: &str) -> DocumentsSource {
        let moved = |place: &Place| match place {
            Place::Url(_) | Place::Provider(_) => place.clone(),
            Place::Path(path) => Place::Path(format!("{directory}/{path}")),
        };
        match self {
            DocumentsSource::Index { place, apis } => DocumentsSource::Index {
                place: moved(place),
                apis: apis.clone(),
            },
            DocumentsSource::Documents(places) => {
                DocumentsSource::Documents(places.iter().map(moved).collect())
            }
        }
    }

    /// Returns true if the files are in the workspace.
    pub fn is_local(&self) -> bool {
        self.places()
            .iter()
            .all(|place| matches!(place, Place::Path(_)))
    }
}

impl fmt::Display for DocumentsSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places: Vec<String> = self.places().iter().map(ToString::to_string).collect();
        f.write_str(&places.join(", "))?;
        match self.apis() {
            [] => Ok(()),
            apis => write!(f, " ({})", apis.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_urls_and_paths_of_the_workspace() {
        let shown = |text: &str| match Place::parse(text) {
            Ok(place) => place.to_string(),
            Err(message) => format!("error: {message}"),
        };
        assert_eq!(shown("apis/./a.yaml"), "apis/a.yaml");
        assert_eq!(shown("https://host/a.yaml"), "https://host/a.yaml");
        assert_eq!(shown("stripe@apis.io"), "stripe@apis.io");
        for (text, reason) in [
            ("../a.yaml", "not one of the workspace"),
            ("/etc/passwd", "not one of the workspace"),
            ("", "not one of the workspace"),
            ("file:///etc/passwd", "the scheme `file`"),
            ("https://user:secret@host/a", "user or a password"),
            ("https://", "invalid URL"),
            ("../a@apis.io", "the name of a provider"),
        ] {
            let shown = shown(text);
            assert!(
                shown.contains(reason) && !shown.contains("secret"),
                "{shown}"
            );
        }
    }
}
