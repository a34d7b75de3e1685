//! The catalog: repositories for topics and organizations, and the providers in each.
//!
//! Over the network, two files of the master repository list the repositories, and the `apis.json`
//! of a repository lists its providers. In a mirror, both are directories.

mod directories;
mod entries;
mod parse;

use futures::{StreamExt, stream};
use openapi_text::redact;

pub(crate) use self::directories::apis_io_of_mirror;
pub use self::entries::{ApisIoProvider, Catalog, Kind, Provider, Repository, Unread};
use self::parse::{listed, rows};
use crate::cache::Cache;
use crate::error::FetchError;
use crate::event::Event;
use crate::fetcher::{Access, Fetcher};
use crate::listing::below;

/// The directory of the files that list the repositories.
const MASTER: &str = "streamdata-gallery-master/gallery/master/_data";

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
                let Some(bytes) = cache.file(self, web, &url).await? else {
                    let reason = "the list of repositories does not exist".to_owned();
                    return Err(FetchError::Catalog { at, reason });
                };
                rows(kind, &at, &bytes)
            }
            Access::Mirror(root) => directories::repositories(kind, root),
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
                let Some(bytes) = cache.file(self, web, &url).await? else {
                    return Err(FetchError::Catalog {
                        at,
                        reason: "the index of the repository does not exist".to_owned(),
                    });
                };
                listed(&at, &bytes)
            }
            Access::Mirror(root) => directories::providers(repository, root),
        }
    }
}
