//! The commands `list` and `search`: print the catalogue of the gallery.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};
use gallery_fetch::{Cache, Catalog, Kind, Provider, Repository, Unread};
use gallery_spec::command::recommend;
use gallery_spec::workspace;
use serde_json::json;

use crate::exit::Exit;
use crate::similar::similar;
use crate::table::table;
use crate::text::counted;
use crate::upstream::{SourceArgs, Upstream};

/// List the repositories of the gallery: topics and organizations
///
/// A topic contains listings of many providers about one subject. An organization contains all
/// listings of one provider.
#[derive(Args, Clone, Debug)]
pub struct ListArgs {
    /// Only repositories of this kind
    pub kind: Option<Kinds>,
    /// Options for reading and printing the catalogue.
    #[command(flatten)]
    pub catalogue: CatalogueArgs,
}

/// Find listings by the names of their providers and repositories
///
/// Every word must occur in the name of the provider or of the repository. Case is ignored. The
/// first search downloads the contents of all repositories, which takes a while, and caches them.
#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    /// Words to search for
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
    /// Options for reading and printing the catalogue.
    #[command(flatten)]
    pub catalogue: CatalogueArgs,
}

/// Options of commands that read and print the catalogue.
#[derive(Args, Clone, Debug, Default)]
pub struct CatalogueArgs {
    /// Check upstream for a newer catalogue before using the cached one
    #[arg(long)]
    pub refresh: bool,
    /// Output format
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// The source of the catalogue.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A table
    #[default]
    Text,
    /// JSON
    Json,
}

/// A kind of repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Kinds {
    /// Listings of many providers about one subject
    Topics,
    /// Listings of one provider
    Organizations,
}

impl From<Kinds> for Kind {
    fn from(kinds: Kinds) -> Kind {
        match kinds {
            Kinds::Topics => Kind::Topic,
            Kinds::Organizations => Kind::Organization,
        }
    }
}

/// Returns the cache of the catalogue in the target directory.
pub(crate) fn cache(root: &Path, refresh: bool) -> Cache {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), Into::into);
    Cache::new(target.join("gallery-cache"), refresh)
}

/// Returns the repositories of these kinds, and the unreadable parts of the catalogue.
pub(crate) fn repositories(
    upstream: &Upstream,
    kinds: &[Kind],
    cache: &Cache,
) -> Result<(Vec<Repository>, Vec<Unread>)> {
    let (mut repositories, mut unread) = (Vec::new(), Vec::new());
    for kind in kinds {
        let (readable, unreadable) = upstream.wait(upstream.fetcher.repositories(*kind, cache))?;
        repositories.extend(readable);
        unread.extend(unreadable);
    }
    Ok((repositories, unread))
}

/// Returns all repositories with their providers.
pub(crate) fn catalogue(upstream: &Upstream, cache: &Cache) -> Result<Catalog> {
    let (repositories, unread) = repositories(upstream, &Kind::ALL, cache)?;
    let mut catalogue = upstream.wait(upstream.fetcher.providers(repositories, cache))?;
    catalogue.unread.splice(0..0, unread);
    Ok(catalogue)
}

pub(crate) fn list(
    root: &Path,
    args: &ListArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let upstream = Upstream::open(&workspace::config(root)?, &args.catalogue.source)?;
    let kinds = args
        .kind
        .map_or(Kind::ALL.to_vec(), |kind| vec![kind.into()]);
    let (repositories, unread) =
        repositories(&upstream, &kinds, &cache(root, args.catalogue.refresh))?;
    say_unread(&unread, verbose, err)?;
    match args.catalogue.format {
        Format::Json => json(&serde_json::to_value(&repositories)?, out)?,
        Format::Text => {
            let row = |repository: &Repository| {
                let paths = repository
                    .paths
                    .map(|paths| paths.to_string())
                    .unwrap_or_default();
                [
                    repository.slug.clone(),
                    repository.kind.to_string(),
                    paths,
                    repository.label.clone(),
                ]
            };
            table(
                ["NAME", "KIND", "PATHS", "TITLE"],
                &repositories.iter().map(row).collect::<Vec<_>>(),
                out,
            )?;
            let count = |kind| {
                counted(
                    repositories.iter().filter(|of| of.kind == kind).count(),
                    &kind.to_string(),
                )
            };
            writeln!(
                out,
                "{}",
                kinds.into_iter().map(count).collect::<Vec<_>>().join(", ")
            )?;
        }
    }
    Ok(Exit::Fine)
}

pub(crate) fn search(
    root: &Path,
    args: &SearchArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let upstream = Upstream::open(&workspace::config(root)?, &args.catalogue.source)?;
    let catalogue = catalogue(&upstream, &cache(root, args.catalogue.refresh))?;
    say_unread(&catalogue.unread, verbose, err)?;
    let words: Vec<String> = args
        .words
        .iter()
        .flat_map(|words| words.split_whitespace())
        .map(str::to_lowercase)
        .collect();
    let found = matching(&catalogue, &words);
    match args.catalogue.format {
        Format::Json => {
            let object = |(repository, provider): &(&Repository, &Provider)| {
                json!({
                    "provider": provider.slug, "name": provider.name, "kind": repository.kind, "repository": repository.slug,
                    "title": repository.label, "listing": repository.listing(&provider.slug).to_string(),
                })
            };
            json(&found.iter().map(object).collect(), out)?;
        }
        Format::Text if found.is_empty() => {}
        Format::Text => {
            let row = |(repository, provider): &(&Repository, &Provider)| {
                [
                    repository.listing(&provider.slug).to_string(),
                    provider.name.clone(),
                    repository.label.clone(),
                ]
            };
            table(
                ["LISTING", "PROVIDER", "TITLE"],
                &found.iter().map(row).collect::<Vec<_>>(),
                out,
            )?;
            writeln!(
                out,
                "{}; {} generates a client from one",
                counted(found.len(), "listing"),
                recommend("add LISTING")
            )?;
        }
    }
    if found.is_empty() {
        let names = providers(&catalogue)
            .flat_map(|(_, provider)| [provider.slug.as_str(), provider.name.as_str()]);
        let text = args.words.join(" ");
        let advice = match &similar(&text, names)[..] {
            [] => format!("{} shows all repositories", recommend("list")),
            names => format!("did you mean {}?", names.join(", ")),
        };
        writeln!(err, "error: no listing matches `{text}`; {advice}")?;
        return Ok(Exit::Failed);
    }
    Ok(Exit::Fine)
}

/// Returns all providers, with their repositories.
fn providers(catalogue: &Catalog) -> impl Iterator<Item = (&Repository, &Provider)> {
    catalogue
        .repositories
        .iter()
        .flat_map(|(repository, providers)| {
            providers.iter().map(move |provider| (repository, provider))
        })
}

/// Returns the listings whose names contain all words. Exact matches come first.
fn matching<'a>(catalogue: &'a Catalog, words: &[String]) -> Vec<(&'a Repository, &'a Provider)> {
    let mut found: Vec<_> = providers(catalogue)
        .filter(|(repository, provider)| {
            let text = [
                &provider.slug,
                &provider.name,
                &repository.slug,
                &repository.label,
            ]
            .map(|text| text.to_lowercase())
            .join("\n");
            words.iter().all(|word| text.contains(word.as_str()))
        })
        .collect();
    let is_exact = |(repository, provider): &(&Repository, &Provider)| {
        let names =
            [&provider.slug, &provider.name, &repository.slug].map(|name| name.to_lowercase());
        words.iter().any(|word| names.contains(word))
    };
    found
        .sort_by_cached_key(|found| (!is_exact(found), found.1.slug.clone(), found.0.slug.clone()));
    found
}

/// Prints the unreadable parts of the catalogue, or only their number unless `verbose` is set.
pub(crate) fn say_unread(unread: &[Unread], verbose: bool, err: &mut dyn Write) -> Result<()> {
    if verbose {
        for Unread { at, reason } in unread {
            writeln!(err, "cannot read {at}: {reason}")?;
        }
    } else if !unread.is_empty() {
        writeln!(
            err,
            "cannot read {} of the catalogue; --verbose prints the reasons",
            counted(unread.len(), "part")
        )?;
    }
    Ok(())
}

fn json(value: &serde_json::Value, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(value)?)?;
    Ok(())
}
