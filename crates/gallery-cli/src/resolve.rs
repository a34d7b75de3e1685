//! Resolves the name or URL of a listing on the command line.

use std::path::{Component, Path};

use anyhow::{Result, bail};
use gallery_fetch::{Cache, Catalog, Kind, Repository};
use gallery_spec::config::{Config, DEFAULT_SOURCE};
use gallery_spec::listings::ListingRef;
use openapi_text::redact;
use url::Url;

use crate::list::{catalogue, repositories};
use crate::similar::{similar, suggest};
use crate::upstream::Upstream;

/// Resolves the name of a listing.
///
/// Accepts `OWNER/REPOSITORY/PROVIDER`, the URL of a listing, `PROVIDER`, and
/// `PROVIDER@REPOSITORY`.
pub(crate) fn resolve(
    text: &str,
    config: &Config,
    upstream: &Upstream,
    cache: &Cache,
) -> Result<ListingRef> {
    if text.contains("://") {
        return parse_url(text, config);
    }
    if is_path(text) {
        bail!(
            "`{}` is a path, not a listing; name one as PROVIDER, PROVIDER@REPOSITORY, \
             OWNER/REPOSITORY/PROVIDER or by its URL, and read it from a directory with --mirror",
            text.escape_debug()
        );
    }
    if let Some(listing) = ListingRef::parse(text) {
        return Ok(listing);
    }
    match text.split_once('@') {
        Some((provider, repository)) => find_in_repository(provider, repository, upstream, cache),
        None => find_provider(text, &catalogue(upstream, cache)?),
    }
}

/// Returns true if a text names a file or directory rather than a listing. A single word is only
/// a path if it is a file or has the extension of a document.
pub(crate) fn is_path(text: &str) -> bool {
    let path = Path::new(text);
    let is_document = path.extension().is_some_and(|extension| {
        ["json", "yaml", "yml", "toml", "md"]
            .iter()
            .any(|document| extension.eq_ignore_ascii_case(document))
    });
    let is_explicit = path.has_root()
        || matches!(
            path.components().next(),
            Some(Component::CurDir | Component::ParentDir | Component::Prefix(_))
        );
    is_explicit || is_document || path.is_file() || (text.contains(['/', '\\']) && path.exists())
}

/// Returns true if a URL can be that of a listing: it is below the configured source or a web page
/// of GitHub, and its path has `_listings`.
pub(crate) fn is_gallery_url(text: &str, config: &Config) -> bool {
    let is_below = |base: &str| text.starts_with(base);
    (is_below(config.source.as_str()) || is_below("https://github.com/"))
        && text.contains("/_listings/")
}

/// Parses the URL of a listing's directory, or of a file in it.
///
/// The URL must be below the configured source. URLs of GitHub's web pages are accepted as well if
/// the source is the default one.
fn parse_url(text: &str, config: &Config) -> Result<ListingRef> {
    let error = |reason: &str| {
        anyhow::anyhow!(
            "{} is not a listing of {}: {reason}",
            redact::text(text),
            redact::url(&config.source)
        )
    };
    let url = Url::parse(text).map_err(|invalid| error(&invalid.to_string()))?;
    let below = |base: &str| url.as_str().strip_prefix(base).map(str::to_owned);
    let is_gallery = config.source.as_str() == DEFAULT_SOURCE;
    let pages = is_gallery.then(|| {
        below("https://github.com/")
            .map(|path| path.replacen("/tree/", "/", 1).replacen("/blob/", "/", 1))
    });
    let Some(path) = below(config.source.as_str()).or(pages.flatten()) else {
        return Err(error(
            "it is not below the source, which `source` in specs/gallery.toml sets",
        ));
    };
    let parts: Vec<&str> = path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .split('/')
        .collect();
    match parts[..] {
        [owner, repository, "master", "_listings", provider, ..] => {
            ListingRef::parse(&format!("{owner}/{repository}/{provider}"))
        }
        _ => None,
    }
    .ok_or_else(|| error("the path must be OWNER/REPOSITORY/master/_listings/PROVIDER"))
}

/// Finds the listing of a provider in a repository.
///
/// `repository_name` is a slug, with or without the kind of the repository before it, as in
/// `topics/NAME`.
fn find_in_repository(
    provider: &str,
    repository_name: &str,
    upstream: &Upstream,
    cache: &Cache,
) -> Result<ListingRef> {
    let (kinds, slug) = match repository_name.split_once('/') {
        Some((kind_name, slug)) => (
            Kind::ALL
                .into_iter()
                .filter(|kind| kind.plural() == kind_name)
                .collect(),
            slug,
        ),
        None => (Kind::ALL.to_vec(), repository_name),
    };
    let (repositories, _) = repositories(upstream, &kinds, cache)?;
    let matching: Vec<&Repository> = repositories
        .iter()
        .filter(|repository| repository.slug.eq_ignore_ascii_case(slug))
        .collect();
    let repository = match matching[..] {
        [one] => one,
        [] => bail!(
            "there is no topic or organization `{repository_name}`{}",
            suggest(slug, repositories.iter().map(|it| it.slug.as_str()))
        ),
        _ => bail!(
            "`{slug}` is both a topic and an organization; use {provider}@topics/{slug} or {provider}@organizations/{slug}"
        ),
    };
    let contents = upstream.wait(upstream.fetcher.providers(vec![repository.clone()], cache))?;
    let slugs: Vec<&str> = contents
        .repositories
        .iter()
        .flat_map(|(_, providers)| providers)
        .map(|provider| provider.slug.as_str())
        .collect();
    let Some(slug) = slugs
        .iter()
        .find(|slug| slug.eq_ignore_ascii_case(provider))
    else {
        // A repository may contain listings that its contents page lacks. Without a similar name,
        // assume that the listing exists; otherwise fetching it fails.
        let listing = ListingRef::parse(&repository.listing(provider).to_string());
        match listing.filter(|_| similar(provider, slugs.iter().copied()).is_empty()) {
            Some(listing) => return Ok(listing),
            None => bail!(
                "{repository_name} has no provider `{provider}`{}",
                suggest(provider, slugs.into_iter())
            ),
        }
    };
    Ok(repository.listing(slug))
}

/// Finds the listing of a provider in any repository.
///
/// With several listings, the one in an organization is preferred.
fn find_provider(provider: &str, catalogue: &Catalog) -> Result<ListingRef> {
    let all = || {
        catalogue
            .repositories
            .iter()
            .flat_map(|(repository, providers)| {
                providers.iter().map(move |provider| (repository, provider))
            })
    };
    let matching: Vec<_> = all()
        .filter(|(_, candidate)| {
            candidate.slug.eq_ignore_ascii_case(provider)
                || candidate.name.eq_ignore_ascii_case(provider)
        })
        .collect();
    let organizations: Vec<_> = matching
        .iter()
        .filter(|(repository, _)| repository.kind == Kind::Organization)
        .collect();
    match (&matching[..], &organizations[..]) {
        ([(repository, provider)], _) | (_, [(repository, provider)]) => {
            Ok(repository.listing(&provider.slug))
        }
        ([], _) => {
            let names = all().flat_map(|(_, other)| [other.slug.as_str(), other.name.as_str()]);
            bail!(
                "there is no provider `{provider}`{}",
                suggest(provider, names)
            )
        }
        _ => {
            let choices: Vec<String> = matching
                .iter()
                .map(|(repository, provider)| repository.listing(&provider.slug).to_string())
                .collect();
            bail!(
                "`{provider}` has several listings; choose one of {}",
                choices.join(", ")
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use gallery_fetch::Provider;
    use gallery_spec::config;

    fn catalog(listings: &[(Kind, &str, &str)]) -> Catalog {
        let entry = |(kind, slug, provider): &(Kind, &str, &str)| {
            let repository = Repository {
                kind: *kind,
                slug: (*slug).to_owned(),
                label: String::new(),
                description: String::new(),
                paths: None,
            };
            (
                repository,
                vec![Provider {
                    slug: (*provider).to_owned(),
                    name: provider.to_uppercase(),
                }],
            )
        };
        Catalog {
            repositories: listings.iter().map(entry).collect(),
            unread: Vec::new(),
        }
    }

    /// Returns the listing or the error as text.
    fn shown(result: Result<ListingRef>) -> String {
        result.map_or_else(|error| format!("{error:#}"), |listing| listing.to_string())
    }

    #[test]
    fn prefers_the_listing_of_an_organization() {
        use Kind::{Organization, Topic};
        let gallery = catalog(&[
            (Topic, "chat", "mattermost"),
            (Topic, "teams", "mattermost"),
            (Organization, "mattermost", "mattermost"),
            (Topic, "chat", "slack"),
        ]);
        let check = |provider: &str, expected: Expect| {
            expected.assert_eq(&shown(find_provider(provider, &gallery)));
        };
        check(
            "mattermost",
            expect!["streamdata-gallery-organizations/mattermost/mattermost"],
        );
        check("Slack", expect!["streamdata-gallery-topics/chat/slack"]);
        check(
            "matermost",
            expect!["there is no provider `matermost`; did you mean mattermost?"],
        );
        check(
            "nothing-like-it",
            expect![
                "there is no provider `nothing-like-it`; `gallery search WORDS` finds listings by name"
            ],
        );
        let topics = catalog(&[
            (Topic, "chat", "mattermost"),
            (Topic, "teams", "mattermost"),
        ]);
        expect!["`mattermost` has several listings; choose one of streamdata-gallery-topics/chat/mattermost, streamdata-gallery-topics/teams/mattermost"]
            .assert_eq(&shown(find_provider("mattermost", &topics)));
    }

    #[test]
    fn accepts_urls_below_the_source() {
        let config = |source: &str| config::parse(&format!("source = \"{source}\"\n")).unwrap();
        let gallery = config(DEFAULT_SOURCE);
        for url in [
            "https://raw.githubusercontent.com/o/r/master/_listings/p/apis.md?raw=1",
            "https://raw.githubusercontent.com/o/r/master/_listings/p",
            "https://github.com/o/r/tree/master/_listings/p",
            "https://github.com/o/r/blob/master/_listings/p/openapi.md",
        ] {
            assert_eq!(shown(parse_url(url, &gallery)), "o/r/p", "{url}");
        }
        let fork = config("https://host/copy");
        assert_eq!(
            shown(parse_url(
                "https://host/copy/o/r/master/_listings/p/",
                &fork
            )),
            "o/r/p"
        );
        expect!["https://github.com/o/r/tree/master/_listings/p is not a listing of https://host/copy/: it is not below the source, which `source` in specs/gallery.toml sets"].assert_eq(&shown(parse_url("https://user:secret@github.com/o/r/tree/master/_listings/p", &fork)));
        expect!["https://github.com/o/r/issues/1 is not a listing of https://raw.githubusercontent.com/: the path must be OWNER/REPOSITORY/master/_listings/PROVIDER"].assert_eq(&shown(parse_url("https://github.com/o/r/issues/1", &gallery)));
        expect!["file:///o/r/master/_listings/p is not a listing of https://raw.githubusercontent.com/: it is not below the source, which `source` in specs/gallery.toml sets"].assert_eq(&shown(parse_url("file:///o/r/master/_listings/p", &gallery)));
    }
}
