//! Resolves the name of a listing, as users type it.

use gallery_fetch::{Cache, Catalog, Kind, Repository};
use gallery_spec::command::recommend;
use gallery_spec::config::{Config, DEFAULT_SOURCE};
use gallery_spec::listings::ListingRef;
use openapi_text::redact;

use anyhow::{Result, bail};
use url::Url;

use crate::list::{catalogue, repositories};
use crate::upstream::Upstream;

/// The least similarity of a suggested name; 1 is equal.
const ALIKE: f64 = 0.75;

/// Finds the listing that is meant: `OWNER/REPOSITORY/PROVIDER`, the URL of a listing, `PROVIDER`, or `PROVIDER@REPOSITORY`.
pub(crate) fn resolve(
    wanted: &str,
    config: &Config,
    upstream: &Upstream,
    cache: &Cache,
) -> Result<ListingRef> {
    if wanted.contains("://") {
        return of_url(wanted, config);
    }
    if let Some(listing) = ListingRef::parse(wanted) {
        return Ok(listing);
    }
    match wanted.split_once('@') {
        Some((provider, repository)) => in_repository(provider, repository, upstream, cache),
        None => anywhere(wanted, &catalogue(upstream, cache)?),
    }
}

/// The listing whose folder, or a file in it, is at a URL: as the source has it, or as its web pages show it.
fn of_url(text: &str, config: &Config) -> Result<ListingRef> {
    let refuse = |why: &str| {
        anyhow::anyhow!(
            "{} is not a listing of {}: {why}",
            redact::text(text),
            redact::url(&config.source)
        )
    };
    let url = Url::parse(text).map_err(|error| refuse(&error.to_string()))?;
    let below = |base: &str| url.as_str().strip_prefix(base).map(str::to_owned);
    let is_gallery = config.source.as_str() == DEFAULT_SOURCE;
    let pages = is_gallery.then(|| {
        below("https://github.com/")
            .map(|path| path.replacen("/tree/", "/", 1).replacen("/blob/", "/", 1))
    });
    let Some(path) = below(config.source.as_str()).or(pages.flatten()) else {
        return Err(refuse(
            "it is not below the source; `source` in specs/gallery.toml says where listings come from",
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
    .ok_or_else(|| refuse("the path must be OWNER/REPOSITORY/master/_listings/PROVIDER"))
}

/// The listing of a provider in a repository, which may be written with its kind: `topics/NAME`.
fn in_repository(
    provider: &str,
    wanted: &str,
    upstream: &Upstream,
    cache: &Cache,
) -> Result<ListingRef> {
    let (kinds, slug) = match wanted.split_once('/') {
        Some((kind, slug)) => (
            Kind::ALL
                .into_iter()
                .filter(|known| known.plural() == kind)
                .collect(),
            slug,
        ),
        None => (Kind::ALL.to_vec(), wanted),
    };
    let (repositories, _) = repositories(upstream, &kinds, cache)?;
    let same: Vec<&Repository> = repositories
        .iter()
        .filter(|known| known.slug.eq_ignore_ascii_case(slug))
        .collect();
    let repository = match same[..] {
        [one] => one,
        [] => bail!(
            "there is no topic or organization `{wanted}`{}",
            nearest(slug, repositories.iter().map(|known| known.slug.as_str()))
        ),
        _ => bail!(
            "`{slug}` is a topic and an organization; write {provider}@topics/{slug} or {provider}@organizations/{slug}"
        ),
    };
    // The repository need not list all that it has, so that only the fetch can tell whether it is there.
    let known = upstream.wait(upstream.fetcher.providers(vec![repository.clone()], cache))?;
    let known: Vec<&str> = known
        .repositories
        .iter()
        .flat_map(|(_, providers)| providers)
        .map(|known| known.slug.as_str())
        .collect();
    let Some(slug) = known
        .iter()
        .find(|known| known.eq_ignore_ascii_case(provider))
    else {
        let listing = ListingRef::parse(&repository.listing(provider).to_string());
        match listing.filter(|_| alike(provider, known.iter().copied()).is_empty()) {
            Some(listing) => return Ok(listing),
            None => bail!(
                "{wanted} has no provider `{provider}`{}",
                nearest(provider, known.into_iter())
            ),
        }
    };
    Ok(repository.listing(slug))
}

/// The one listing of a provider that has all: its organization's, or else the only one.
fn anywhere(provider: &str, catalogue: &Catalog) -> Result<ListingRef> {
    let all = || {
        catalogue
            .repositories
            .iter()
            .flat_map(|(repository, providers)| {
                providers.iter().map(move |provider| (repository, provider))
            })
    };
    let same: Vec<_> = all()
        .filter(|(_, known)| {
            known.slug.eq_ignore_ascii_case(provider) || known.name.eq_ignore_ascii_case(provider)
        })
        .collect();
    let organizations: Vec<_> = same
        .iter()
        .filter(|(repository, _)| repository.kind == Kind::Organization)
        .collect();
    match (&same[..], &organizations[..]) {
        ([(repository, provider)], _) | (_, [(repository, provider)]) => {
            Ok(repository.listing(&provider.slug))
        }
        ([], _) => {
            let names = all().flat_map(|(_, known)| [known.slug.as_str(), known.name.as_str()]);
            bail!(
                "there is no provider `{provider}`{}",
                nearest(provider, names)
            )
        }
        _ => {
            let each: Vec<String> = same
                .iter()
                .map(|(of, known)| format!("{}@{}/{}", known.slug, of.kind.plural(), of.slug))
                .collect();
            bail!(
                "`{provider}` has several listings; choose one of {}",
                each.join(", ")
            )
        }
    }
}

fn nearest<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> String {
    match &alike(wanted, names)[..] {
        [] => format!("; {} finds listings by name", recommend("search WORDS")),
        names => format!("; did you mean {}?", names.join(", ")),
    }
}

/// Up to three names that are like the wanted one, the most alike first.
fn alike<'a>(wanted: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wanted = wanted.to_lowercase();
    let score = |name: &&str| strsim::normalized_damerau_levenshtein(&wanted, &name.to_lowercase());
    let mut alike: Vec<_> = names.filter(|name| score(name) >= ALIKE).collect();
    alike.sort_by(|a, b| score(b).total_cmp(&score(a)).then(a.cmp(b)));
    alike.dedup();
    alike.truncate(3);
    alike
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use gallery_fetch::Provider;
    use gallery_spec::config;

    fn catalogue(listings: &[(Kind, &str, &str)]) -> Catalog {
        let one = |(kind, slug, provider): &(Kind, &str, &str)| {
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
            repositories: listings.iter().map(one).collect(),
            unread: Vec::new(),
        }
    }

    fn said(result: Result<ListingRef>) -> String {
        result.map_or_else(|error| format!("{error:#}"), |listing| listing.to_string())
    }

    #[test]
    fn a_provider_without_more_is_its_organization() {
        use Kind::{Organization, Topic};
        let gallery = catalogue(&[
            (Topic, "chat", "mattermost"),
            (Topic, "teams", "mattermost"),
            (Organization, "mattermost", "mattermost"),
            (Topic, "chat", "slack"),
        ]);
        let check = |provider: &str, expected: Expect| {
            expected.assert_eq(&said(anywhere(provider, &gallery)));
        };
        check(
            "mattermost",
            expect!["streamdata-gallery-organizations/mattermost/mattermost"],
        );
        check("Slack", expect!["streamdata-gallery-topics/chat/slack"]);
        check(
            "matermost",
            expect!["there is no provider `matermost`; did you mean MATTERMOST, mattermost?"],
        );
        check(
            "nothing-like-it",
            expect![
                "there is no provider `nothing-like-it`; `gallery search WORDS` finds listings by name"
            ],
        );
        let topics = catalogue(&[
            (Topic, "chat", "mattermost"),
            (Topic, "teams", "mattermost"),
        ]);
        expect!["`mattermost` has several listings; choose one of mattermost@topics/chat, mattermost@topics/teams"]
            .assert_eq(&said(anywhere("mattermost", &topics)));
    }

    #[test]
    fn a_url_is_below_the_source() {
        let config = |source: &str| config::parse(&format!("source = \"{source}\"\n")).unwrap();
        let gallery = config(DEFAULT_SOURCE);
        for url in [
            "https://raw.githubusercontent.com/o/r/master/_listings/p/apis.md?raw=1",
            "https://raw.githubusercontent.com/o/r/master/_listings/p",
            "https://github.com/o/r/tree/master/_listings/p",
            "https://github.com/o/r/blob/master/_listings/p/openapi.md",
        ] {
            assert_eq!(said(of_url(url, &gallery)), "o/r/p", "{url}");
        }
        let fork = config("https://host/copy");
        assert_eq!(
            said(of_url("https://host/copy/o/r/master/_listings/p/", &fork)),
            "o/r/p"
        );
        expect!["https://github.com/o/r/tree/master/_listings/p is not a listing of https://host/copy/: it is not below the source; `source` in specs/gallery.toml says where listings come from"].assert_eq(&said(of_url("https://user:secret@github.com/o/r/tree/master/_listings/p", &fork)));
        expect!["https://github.com/o/r/issues/1 is not a listing of https://raw.githubusercontent.com/: the path must be OWNER/REPOSITORY/master/_listings/PROVIDER"].assert_eq(&said(of_url("https://github.com/o/r/issues/1", &gallery)));
        expect!["file:///o/r/master/_listings/p is not a listing of https://raw.githubusercontent.com/: it is not below the source; `source` in specs/gallery.toml says where listings come from"].assert_eq(&said(of_url("file:///o/r/master/_listings/p", &gallery)));
    }
}
