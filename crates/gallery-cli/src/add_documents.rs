//! The sources of `add` that are documents or an index: what a URL or path on the command line
//! means, and the name of its client.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use apis_json::{INDEX_NAMES, Kind};
use gallery_spec::local;
use gallery_spec::source::{DocumentsSource, Place};
use openapi_text::front_matter::MAX_FILE_BYTES;
use openapi_text::{Diagnostics, redact};
use url::Url;

use crate::drift::listing::is_listing;

/// Words that do not name an API.
const GENERIC: [&str; 15] = [
    "api",
    "catalog",
    "apis",
    "openapi",
    "swagger",
    "spec",
    "specification",
    "schema",
    "index",
    "docs",
    "main",
    "www",
    "reference",
    "well",
    "known",
];

/// Returns the place that a URL, or a provider of APIs.io, names.
pub(crate) fn of_url(text: &str) -> Result<Place> {
    Place::parse(&raw_file(text))
        .map_err(|reason| anyhow::anyhow!("{}: {reason}", redact::text(text)))
}

/// Returns the source of a path, and the directory that its place is relative to: the workspace, or
/// the parent directory of a path outside of it.
pub(crate) fn of_path(
    text: &str,
    apis: &[String],
    root: &Path,
) -> Result<(DocumentsSource, PathBuf)> {
    let path = match Path::new(text).canonicalize() {
        Err(error) if error.kind() == ErrorKind::NotFound => bail!("{text}: file not found"),
        path => path.with_context(|| text.to_owned())?,
    };
    if is_listing(&path) {
        bail!(
            "{text}: the directory of a listing; name the listing as OWNER/REPOSITORY/PROVIDER, and \
             read it from a mirror with --mirror"
        );
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if path.is_file() && !local::is_document_name(&name) && !is_catalog(&path) {
        bail!(
            "{text}: not an OpenAPI document: the name of a document ends in .json, .yaml or .yml"
        );
    }
    let root = root.canonicalize()?;
    let (base, relative) = match (path.strip_prefix(&root), path.parent(), path.file_name()) {
        (Ok(relative), _, _) if relative != Path::new("") => (root.clone(), relative.to_owned()),
        (Err(_), Some(parent), Some(name)) => (parent.to_owned(), PathBuf::from(name)),
        _ => bail!(
            "{text}: the workspace itself cannot be a source; name a file or a directory of it"
        ),
    };
    let names: Option<Vec<&str>> = relative.iter().map(|name| name.to_str()).collect();
    let Some(names) = names else {
        bail!("{text}: the path is not UTF-8");
    };
    let mut relative = names.join("/");
    if path.is_dir()
        && let Some(index) = INDEX_NAMES.iter().find(|name| path.join(name).is_file())
    {
        relative = format!("{relative}/{index}");
    }
    let place = Place::parse(&relative).map_err(|reason| anyhow::anyhow!("{text}: {reason}"))?;
    let is_catalog = is_catalog(&path);
    Ok((source(place, apis, is_catalog)?, base))
}

/// Returns true if a file is an API catalog (RFC 9727), which can have any name.
fn is_catalog(path: &Path) -> bool {
    let is_small = |it: fs::Metadata| it.is_file() && it.len() <= MAX_FILE_BYTES as u64;
    if !fs::metadata(path).is_ok_and(is_small) {
        return false;
    }
    // Most documents need not be parsed for this.
    let bytes = fs::read(path).unwrap_or_default();
    let has_links = bytes.windows(LINK_SET.len()).any(|part| part == LINK_SET);
    has_links && apis_json::kind("", &bytes, &mut Diagnostics::default()) == Some(Kind::Catalog)
}

/// The key of every API catalog.
const LINK_SET: &[u8] = b"linkset";

fn source(place: Place, apis: &[String], is_catalog: bool) -> Result<DocumentsSource> {
    let name = segments(&place).next_back().unwrap_or_default();
    let is_index = INDEX_NAMES
        .iter()
        .any(|index| name.eq_ignore_ascii_case(index));
    if is_index || is_catalog {
        return Ok(DocumentsSource::Index {
            place,
            apis: apis.to_vec(),
        });
    }
    if !apis.is_empty() {
        bail!(
            "--api selects APIs of an index, but {place} is a document; an index has one of the names {}",
            INDEX_NAMES.join(", ")
        );
    }
    Ok(DocumentsSource::Documents(vec![place]))
}

/// Returns the URL of the file that a page of github.com shows, or the text itself.
fn raw_file(text: &str) -> String {
    let Some(path) = text.strip_prefix("https://github.com/") else {
        return text.to_owned();
    };
    let parts: Vec<&str> = path.splitn(4, '/').collect();
    match parts[..] {
        [owner, repository, "blob" | "raw", file] => {
            format!("https://raw.githubusercontent.com/{owner}/{repository}/{file}")
        }
        _ => text.to_owned(),
    }
}

fn segments(place: &Place) -> impl DoubleEndedIterator<Item = &str> {
    let path = match place {
        Place::Url(url) => url.path(),
        Place::Provider(name) => name,
        Place::Path(path) => path,
    };
    path.split('/').filter(|segment| !segment.is_empty())
}

/// Returns a name for the client of a source: the file name of the document, or the directory or
/// host of a file with a generic name such as `openapi.yaml`.
pub(crate) fn provider(source: &DocumentsSource) -> String {
    let Some(place) = source.places().first() else {
        return String::new();
    };
    let is_name = |text: &&str| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let is_generic = |word: &str| {
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
            word.is_empty()
                || GENERIC
                    .iter()
                    .any(|generic| word.eq_ignore_ascii_case(generic))
                || word.eq_ignore_ascii_case("v")
        };
        !words.filter(|word| !word.is_empty()).all(is_generic)
    };
    let stem = |name| match name {
        name if Some(name) == segments(place).next_back() => stem(name),
        name => name,
    };
    let named = segments(place).rev().map(stem).find(is_name);
    match (named, place) {
        (Some(name), _) => name.to_owned(),
        (None, Place::Url(url)) => host_name(url),
        (None, Place::Provider(name)) => name.clone(),
        (None, Place::Path(path)) => stem(path).to_owned(),
    }
}

/// Returns a file name without its extension.
fn stem(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Returns the label of a host that names its owner: `stripe` for `api.stripe.com`.
fn host_name(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let labels: Vec<&str> = host.split('.').collect();
    match labels.iter().rev().skip(1).find(|label| label.len() > 3) {
        Some(label) => (*label).to_owned(),
        None => labels.first().map_or(host, |label| *label).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_file_that_a_page_of_github_shows() {
        let shown = |text: &str| match of_url(text) {
            Ok(place) => place.to_string(),
            Err(error) => format!("{error:#}"),
        };
        assert_eq!(
            shown("https://github.com/o/r/blob/main/api/openapi.yaml"),
            "https://raw.githubusercontent.com/o/r/main/api/openapi.yaml"
        );
        assert_eq!(shown("https://host/api.yaml"), "https://host/api.yaml");
        let refused = shown("https://user:secret@host/a.yaml");
        assert!(refused.contains("user or a password") && !refused.contains("secret"));
    }

    #[test]
    fn tells_indexes_on_disk_from_documents_by_name() {
        let root = tempfile::tempdir().unwrap();
        for name in ["apis.yml", "api.yaml"] {
            std::fs::write(root.path().join(name), "").unwrap();
        }
        let source = |name: &str, apis: &[String]| {
            let path = root.path().join(name);
            of_path(path.to_str().unwrap(), apis, root.path()).map(|(source, _)| source)
        };
        let apis = ["a".to_owned()];
        assert!(matches!(
            source("apis.yml", &apis).unwrap(),
            DocumentsSource::Index { .. }
        ));
        assert!(matches!(
            source("api.yaml", &[]).unwrap(),
            DocumentsSource::Documents(_)
        ));
        let error = source("api.yaml", &apis).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("--api selects APIs of an index")
        );
    }

    #[test]
    fn names_clients_after_files_directories_or_hosts() {
        let name = |text: &str| {
            let place = Place::parse(text).unwrap();
            provider(&DocumentsSource::Documents(vec![place]))
        };
        assert_eq!(name("apis/petstore.yaml"), "petstore");
        assert_eq!(name("apis/pets/openapi.v1.yaml"), "pets");
        assert_eq!(name("openapi.yaml"), "openapi");
        assert_eq!(name("garden/api-catalog.json"), "garden");
        assert_eq!(
            name("https://garden.example.org/.well-known/api-catalog"),
            "example"
        );
        assert_eq!(name("https://api.stripe.com/v1/openapi.json"), "stripe");
        assert_eq!(name("https://stripe.com/spec3.json"), "stripe");
        assert_eq!(
            name("https://host.example.org/bookshelf/apis.yml"),
            "bookshelf"
        );
        assert_eq!(name("https://example.co.uk/openapi.json"), "example");
        assert_eq!(
            name("https://raw.githubusercontent.com/o/the-api/main/openapi.yaml"),
            "the-api"
        );
    }
}
