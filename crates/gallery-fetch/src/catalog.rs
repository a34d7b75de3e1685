//! The catalog: repositories for topics and organizations, and the providers in each.
//!
//! Over the network, two files of the master repository list the repositories, and the `apis.json`
//! of a repository lists its providers. In a mirror, both are directories.

use std::collections::BTreeSet;
use std::path::Path;

use futures::{StreamExt, stream};
use gallery_spec::draft::is_plain_file_name;
use gallery_spec::listings::INDEX;
use gallery_spec::listings::ListingRef;
use openapi_text::redact;
use openapi_text::yaml;
use openapi_text::{Diagnostics, Severity};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::budget::Budget;
use crate::cache::Cache;
use crate::error::FetchError;
use crate::http::{FileResponse, Web};
use crate::listing::below;
use crate::{Access, Event, Fetcher};

/// The directory of the files that list the repositories.
const MASTER: &str = "streamdata-gallery-master/gallery/master/_data";

/// The kind of a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// APIs of many providers on one subject.
    Topic,
    /// All APIs of one provider.
    Organization,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Kind; 2] = [Kind::Topic, Kind::Organization];

    /// Returns the owner of the repositories of this kind.
    pub fn owner(self) -> &'static str {
        match self {
            Kind::Topic => "streamdata-gallery-topics",
            Kind::Organization => "streamdata-gallery-organizations",
        }
    }

    /// Returns `topics` or `organizations`, the name of the file in the master repository.
    pub fn plural(self) -> &'static str {
        match self {
            Kind::Topic => "topics",
            Kind::Organization => "organizations",
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Kind::Topic => "topic",
            Kind::Organization => "organization",
        })
    }
}

/// A repository of the gallery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Repository {
    /// Its kind.
    pub kind: Kind,
    /// Its name.
    pub slug: String,
    /// Its title.
    pub label: String,
    /// Its description.
    pub description: String,
    /// Number of paths, according to the gallery.
    pub paths: Option<u64>,
}

impl Repository {
    /// Returns the listing of a provider.
    pub fn listing(&self, provider: &str) -> ListingRef {
        ListingRef {
            owner: self.kind.owner().to_owned(),
            repository: self.slug.clone(),
            provider: provider.to_owned(),
        }
    }
}

/// A provider in a repository, that is, a listing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Provider {
    /// The directory of its listing.
    pub slug: String,
    /// Its name.
    pub name: String,
}

/// Repositories with their providers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// In the order of the request.
    pub repositories: Vec<(Repository, Vec<Provider>)>,
    /// Entries that could not be read.
    pub unread: Vec<Unread>,
}

/// An entry of the catalog that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The URL or the path of the entry.
    pub at: String,
    /// The reason.
    pub reason: String,
}

impl Fetcher {
    /// Returns the repositories of one kind, sorted by slug, and the invalid rows.
    pub async fn repositories(
        &self,
        kind: Kind,
        cache: &Cache,
    ) -> Result<(Vec<Repository>, Vec<Unread>), FetchError> {
        match &self.source {
            Access::Web { web, base } => {
                let url = below(base, &format!("{MASTER}/{}.yaml", kind.plural()));
                let at = redact::url(&url);
                let Some(bytes) = self.cached(web, &url, cache).await? else {
                    let reason = "the list of repositories does not exist".to_owned();
                    return Err(FetchError::Catalog { at, reason });
                };
                rows(kind, &at, &bytes)
            }
            Access::Mirror(root) => folders(kind, root),
        }
    }

    /// Returns the providers of each repository. A repository that cannot be read goes to
    /// [`Catalog::unread`].
    ///
    /// # Errors
    ///
    /// The source does not respond.
    pub async fn providers(
        &self,
        repositories: Vec<Repository>,
        cache: &Cache,
    ) -> Result<Catalog, FetchError> {
        (self.on)(Event::Planned(repositories.len()));
        let mut responses = stream::iter(repositories)
            .map(|repository| async move {
                let providers = self.providers_of(&repository, cache).await;
                (self.on)(Event::File);
                (repository, providers)
            })
            .buffered(self.settings.concurrency.max(1));
        let mut catalog = Catalog::default();
        while let Some((repository, response)) = responses.next().await {
            match response {
                Ok((providers, unread)) => {
                    catalog.repositories.push((repository, providers));
                    catalog.unread.extend(unread);
                }
                Err(FetchError::Catalog { at, reason }) => {
                    catalog.unread.push(Unread { at, reason });
                }
                Err(error) => return Err(error),
            }
        }
        Ok(catalog)
    }

    /// Returns the providers of one repository, sorted by slug, and the invalid entries.
    async fn providers_of(
        &self,
        repository: &Repository,
        cache: &Cache,
    ) -> Result<(Vec<Provider>, Vec<Unread>), FetchError> {
        match &self.source {
            Access::Web { web, base } => {
                let url = below(
                    base,
                    &format!(
                        "{}/{}/master/apis.json",
                        repository.kind.owner(),
                        repository.slug
                    ),
                );
                let at = redact::url(&url);
                let Some(bytes) = self.cached(web, &url, cache).await? else {
                    return Err(FetchError::Catalog {
                        at,
                        reason: "the index of the repository does not exist".to_owned(),
                    });
                };
                listed(&at, &bytes)
            }
            Access::Mirror(root) => {
                let folder = root.join(format!(
                    "{}__{}/_listings",
                    repository.kind.owner(),
                    repository.slug
                ));
                let names = sub_folders(&folder)?;
                let has_index = |name: &String| folder.join(name).join(INDEX).is_file();
                let (providers, others): (Vec<_>, Vec<_>) = names.into_iter().partition(has_index);
                let unread = |name| Unread {
                    at: folder.join(name).display().to_string(),
                    reason: format!("the directory has no {INDEX}"),
                };
                let provider = |slug: String| Provider {
                    name: slug.clone(),
                    slug,
                };
                Ok((
                    providers.into_iter().map(provider).collect(),
                    others.into_iter().map(unread).collect(),
                ))
            }
        }
    }

    /// Returns a file of the catalog, from the cache or from the source.
    async fn cached(
        &self,
        web: &Web,
        url: &Url,
        cache: &Cache,
    ) -> Result<Option<Vec<u8>>, FetchError> {
        let key = redact::url(url);
        let cached = match cache.get(&key) {
            Some((head, body)) if !cache.revalidates() => return Ok(head.found.then_some(body)),
            cached => cached,
        };
        let etag = cached.as_ref().and_then(|(head, _)| head.etag.as_deref());
        let budget = Budget::new(key.clone(), &self.settings);
        let disk = |error| FetchError::Disk {
            at: "the catalog cache".to_owned(),
            error,
        };
        match web.get(url, etag, &budget, &self.on).await? {
            FileResponse::Unchanged => Ok(cached.map(|(_, body)| body)),
            FileResponse::Absent => {
                cache.put(&key, None, None).map_err(disk)?;
                Ok(None)
            }
            FileResponse::File { bytes, etag } => {
                cache
                    .put(&key, etag.as_deref(), Some(&bytes))
                    .map_err(disk)?;
                Ok(Some(bytes))
            }
        }
    }
}

fn parsed(at: &str, bytes: &[u8]) -> Result<Value, FetchError> {
    // JSON is YAML, and most files named `.json` are JSON.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut diagnostics = Diagnostics::default();
    yaml::parse(at, bytes, &mut diagnostics).ok_or_else(|| {
        let reason = diagnostics
            .of(Severity::Error)
            .next()
            .map(|said| said.message.clone())
            .unwrap_or_default();
        FetchError::Catalog {
            at: at.to_owned(),
            reason,
        }
    })
}

/// The rows of a file of the master repository, each slug once.
fn rows(kind: Kind, at: &str, bytes: &[u8]) -> Result<(Vec<Repository>, Vec<Unread>), FetchError> {
    let value = parsed(at, bytes)?;
    let Some(rows) = value.as_array() else {
        return Err(FetchError::Catalog {
            at: at.to_owned(),
            reason: "the value is not a list".to_owned(),
        });
    };
    let (mut repositories, mut unread, mut seen) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, row) in rows.iter().enumerate() {
        let slug = text(row, "slug");
        if !is_plain_file_name(&slug) {
            let reason = format!("invalid repository name `{}`", slug.escape_debug());
            unread.push(Unread {
                at: format!("{at}#/{number}/slug"),
                reason,
            });
        } else if seen.insert(slug.clone()) {
            let label = Some(text(row, "label"))
                .filter(|label| !label.is_empty())
                .unwrap_or_else(|| slug.clone());
            let paths = row.get("paths").and_then(|paths| {
                paths
                    .as_u64()
                    .or_else(|| paths.as_str()?.trim().parse().ok())
            });
            repositories.push(Repository {
                kind,
                slug,
                label,
                description: text(row, "description"),
                paths,
            });
        }
    }
    repositories.sort_by(|a, b| a.slug.cmp(&b.slug));
    Ok((repositories, unread))
}

fn text(row: &Value, key: &str) -> String {
    match row.get(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        // YAML reads a slug such as `360` as a number.
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    }
}

/// Returns the providers in the `apis.json` of a repository. Each entry has, somewhere, a URL in
/// the directory of the listing.
fn listed(at: &str, bytes: &[u8]) -> Result<(Vec<Provider>, Vec<Unread>), FetchError> {
    let value = parsed(at, bytes)?;
    let Some(entries) = value.get("apis").and_then(Value::as_array) else {
        return Err(FetchError::Catalog {
            at: at.to_owned(),
            reason: "the list `apis` is missing".to_owned(),
        });
    };
    let (mut providers, mut unread): (Vec<Provider>, Vec<Unread>) = (Vec::new(), Vec::new());
    for (number, entry) in entries.iter().enumerate() {
        let Some(slug) = folder_in(entry).filter(|slug| is_plain_file_name(slug)) else {
            unread.push(Unread {
                at: format!("{at}#/apis/{number}"),
                reason: "the entry does not refer to a listing".to_owned(),
            });
            continue;
        };
        let name = Some(text(entry, "name"))
            .filter(|name| !name.is_empty())
            .unwrap_or_else(|| slug.to_owned());
        providers.push(Provider {
            slug: slug.to_owned(),
            name,
        });
    }
    providers.sort_by(|a, b| a.slug.cmp(&b.slug));
    providers.dedup_by(|a, b| a.slug == b.slug);
    Ok((providers, unread))
}

/// Returns the directory below `_listings` in the first URL that has one.
fn folder_in(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => text
            .split_once("/_listings/")?
            .1
            .split_once('/')
            .map(|(folder, _)| folder),
        Value::Array(items) => items.iter().find_map(folder_in),
        Value::Object(map) => map.values().find_map(folder_in),
        _ => None,
    }
}

/// Returns the repositories of one kind in a mirror.
fn folders(kind: Kind, root: &Path) -> Result<(Vec<Repository>, Vec<Unread>), FetchError> {
    let prefix = format!("{}__", kind.owner());
    let names = sub_folders(root)?;
    let slugs = names.iter().filter_map(|name| name.strip_prefix(&prefix));
    let repository = |slug: &str| Repository {
        kind,
        slug: slug.to_owned(),
        label: slug.to_owned(),
        description: String::new(),
        paths: None,
    };
    Ok((slugs.map(repository).collect(), Vec::new()))
}

fn sub_folders(folder: &Path) -> Result<Vec<String>, FetchError> {
    let disk = |error| FetchError::Disk {
        at: folder.display().to_string(),
        error,
    };
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(disk)? {
        let entry = entry.map_err(disk)?;
        if let Some(name) = entry
            .file_name()
            .to_str()
            .filter(|name| is_plain_file_name(name) && entry.path().is_dir())
        {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests;
