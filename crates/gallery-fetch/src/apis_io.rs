//! Today's gallery, APIs.io: one repository for each provider, and a catalog of all providers.

use std::collections::BTreeMap;

use gallery_spec::draft::is_plain_file_name;
use openapi_text::{Diagnostics, redact};
use url::Url;

use crate::cache::Cache;
use crate::catalog::{ApisIoProvider, apis_io_of_mirror};
use crate::documents::{DocumentsSource, below, owner};
use crate::error::FetchError;
use crate::fetcher::{Access, Fetcher};
use crate::http::Web;

/// The location of APIs.io.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApisIo {
    /// The base URL. The repository of a provider is at `SLUG/refs/heads/main` below it.
    pub base: Url,
}

impl ApisIo {
    /// Creates a location from a base URL.
    pub fn new(base: Url) -> ApisIo {
        ApisIo { base }
    }

    /// Returns the source of a provider. `apis` has globs of identifiers of APIs.
    pub fn provider(&self, slug: &str, apis: &[String]) -> DocumentsSource {
        DocumentsSource::Provider {
            base: self.base.clone(),
            slug: slug.to_owned(),
            apis: apis.to_vec(),
        }
    }

    /// Returns the owner of the repositories. A mirror has the repository of a provider at
    /// `OWNER__PROVIDER`.
    pub fn owner(&self) -> &str {
        owner(&self.base)
    }

    /// Returns the URL of the catalog.
    fn catalog(&self) -> Url {
        below(&self.base, "providers", ".well-known/api-catalog.json")
    }
}

impl Fetcher {
    /// Returns the providers of APIs.io, sorted by slug. The catalog has several megabytes, and is
    /// read from `cache` if it is there. In a mirror, each repository with an index is a provider.
    ///
    /// # Errors
    ///
    /// The catalog cannot be downloaded or read, or the mirror cannot be read.
    pub async fn apis_io_providers(
        &self,
        gallery: &ApisIo,
        hosts: &[String],
        cache: &Cache,
    ) -> Result<Vec<ApisIoProvider>, FetchError> {
        if let Access::Mirror(root) = &self.source {
            return apis_io_of_mirror(root, gallery.owner());
        }
        let url = gallery.catalog();
        let web = Web::for_document(&url, hosts, &self.settings)?;
        let at = redact::url(&url);
        match cache.file(self, &web, &url).await? {
            Some(bytes) => providers(&at, &bytes),
            None => Err(FetchError::Catalog {
                at,
                reason: "the catalog of APIs.io does not exist".to_owned(),
            }),
        }
    }
}

/// Reads the providers in the catalog.
fn providers(at: &str, bytes: &[u8]) -> Result<Vec<ApisIoProvider>, FetchError> {
    let mut diagnostics = Diagnostics::default();
    let Some(catalog) = apis_json::catalog(at, bytes, &mut diagnostics) else {
        let error = diagnostics.iter().next();
        return Err(FetchError::Catalog {
            at: at.to_owned(),
            reason: error.map_or_else(String::new, |error| error.message.clone()),
        });
    };
    let mut providers: BTreeMap<String, ApisIoProvider> = BTreeMap::new();
    let plain = catalog
        .entries
        .into_iter()
        .filter(|entry| is_plain_file_name(&entry.slug));
    for entry in plain {
        let provider = providers.entry(entry.slug.clone()).or_default();
        if provider.title.is_empty() {
            provider.title = entry.title.unwrap_or_else(|| entry.slug.clone());
        }
        if provider.description.is_empty() {
            provider.description = entry.description.unwrap_or_default();
        }
        provider.slug = entry.slug;
        provider.documents += entry.documents.len();
    }
    Ok(providers.into_values().collect())
}

/// Returns the providers with all words in their slug, title or description. Case is ignored. Those
/// with a word as their slug or title come first, then those with all words in them.
pub fn search<'a>(providers: &'a [ApisIoProvider], words: &[String]) -> Vec<&'a ApisIoProvider> {
    let words: Vec<String> = words
        .iter()
        .flat_map(|words| words.split_whitespace())
        .map(str::to_lowercase)
        .collect();
    let mut found: Vec<(u8, &ApisIoProvider)> = providers
        .iter()
        .filter_map(|provider| Some((rank(provider, &words)?, provider)))
        .collect();
    found.sort_by_key(|(rank, provider)| (*rank, &provider.slug));
    found.into_iter().map(|(_, provider)| provider).collect()
}

/// Returns how well a provider matches, from 0 (best), or `None` if a word is missing.
fn rank(provider: &ApisIoProvider, words: &[String]) -> Option<u8> {
    let (slug, title) = (provider.slug.to_lowercase(), provider.title.to_lowercase());
    if words.iter().any(|word| *word == slug || *word == title) || words.join(" ") == title {
        let all = format!("{slug}\n{title}\n{}", provider.description.to_lowercase());
        return words.iter().all(|word| all.contains(word)).then_some(0);
    }
    let names = format!("{slug}\n{title}");
    if words.iter().all(|word| names.contains(word)) {
        return Some(1);
    }
    let description = provider.description.to_lowercase();
    words
        .iter()
        .all(|word| names.contains(word) || description.contains(word))
        .then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_names_and_descriptions() {
        let provider = |slug: &str, title: &str, description: &str| ApisIoProvider {
            slug: slug.into(),
            title: title.into(),
            description: description.into(),
            documents: 1,
        };
        let all = [
            provider("a", "Plants", "Sells seeds for beds"),
            provider("beds", "Beds", ""),
            provider("flower-beds", "Flower Beds", ""),
        ];
        let slugs = |words: &[&str]| {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let found = search(&all, &words);
            found
                .into_iter()
                .map(|provider| provider.slug.as_str())
                .collect::<Vec<_>>()
        };
        assert_eq!(slugs(&["BEDS"]), ["beds", "flower-beds", "a"]);
        assert_eq!(slugs(&["seeds", "plants"]), ["a"]);
        assert_eq!(slugs(&["flower beds"]), ["flower-beds"]);
        assert_eq!(slugs(&["beds", "trees"]), Vec::<&str>::new());
    }
}
