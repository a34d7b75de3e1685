//! The command `search`: finds APIs in the catalogues of both galleries.

mod facts;
mod found;

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;
use gallery_fetch::{Catalog, Provider, Repository, Source, search as search_apis_io};
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;
use gallery_spec::command::recommend;
use gallery_spec::workspace;

use self::facts::facts;
use self::found::Match;
use crate::list::{CatalogueArgs, Format, cache, catalogue, json, say_unread};
use crate::similar::similar;
use crate::survey::Outcome;
use crate::table::table;
use crate::upstream::{Upstream, exit_of};

/// Find APIs by the names and descriptions of their providers
///
/// Searches the listings of api.gallery and the providers of APIs.io. Every word must occur in the
/// name of the provider or of the repository, or in the description. Case is ignored. The first
/// search downloads the catalogues, which takes a while, and caches them.
///
/// PATHS is the number of paths of an organization, and DOCUMENTS that of the OpenAPI documents,
/// according to the catalogues. For a mirror, the documents are read: VERSIONS lists their versions
/// of OpenAPI, and TYPED counts the responses for success that have a schema, of those that have
/// content.
#[derive(Args, Clone, Debug)]
pub struct SearchArgs {
    /// Words to search for
    #[arg(required = true, value_name = "WORDS")]
    pub words: Vec<String>,
    /// Options for reading and printing the catalogue.
    #[command(flatten)]
    pub catalogue: CatalogueArgs,
}

pub(crate) fn search(
    root: &Path,
    args: &SearchArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let upstream = Upstream::open(&workspace::config(root)?, &args.catalogue.source)?;
    let cache = cache(root, args.catalogue.refresh);
    let apis_io = match upstream.apis_io_providers(&cache) {
        Ok(providers) => providers,
        // The other gallery can still have an answer.
        Err(error) if exit_of(&error) == Exit::Unreachable => {
            writeln!(err, "warning: APIs.io is not searched: {error}")?;
            Vec::new()
        }
        Err(error) => return Err(error.into()),
    };
    let catalogue = catalogue(&upstream, &cache)?;
    say_unread(&catalogue.unread, verbose, err)?;
    let words: Vec<String> = args
        .words
        .iter()
        .flat_map(|words| words.split_whitespace())
        .map(str::to_lowercase)
        .collect();
    let found = matching(&catalogue, &words);
    let found_in_apis_io = search_apis_io(&apis_io, &words);
    let listings = found.iter().map(|found| Match::Listing(found.0, found.1));
    let of_apis_io = found_in_apis_io.iter().copied().map(Match::Provider);
    let matches: Vec<Match<'_>> = listings.chain(of_apis_io).collect();
    let facts = match &upstream.source {
        Source::Mirror(mirror) => facts(&matches, mirror, upstream.apis_io_owner())?,
        Source::Http { .. } => matches.iter().map(|_| None).collect(),
    };
    for row in facts.iter().flatten() {
        if row.outcome == Outcome::Failed {
            writeln!(err, "warning: {} cannot be read", row.listing)?;
            row.messages
                .iter()
                .try_for_each(|message| writeln!(err, "{message}"))?;
        }
    }
    match args.catalogue.format {
        Format::Json => {
            let objects = matches.iter().zip(&facts);
            json(&objects.map(|(it, facts)| it.object(facts)).collect(), out)?;
        }
        Format::Text if matches.is_empty() => {}
        Format::Text => {
            match &upstream.source {
                Source::Mirror(_) => {
                    let rows: Vec<_> = matches
                        .iter()
                        .zip(&facts)
                        .map(|(it, facts)| it.row_of_mirror(facts.as_ref()))
                        .collect();
                    let header = [
                        "SOURCE",
                        "PROVIDER",
                        "DOCUMENTS",
                        "VERSIONS",
                        "ENDPOINTS",
                        "TYPED",
                        "TITLE",
                    ];
                    table(header, &rows, out)?;
                }
                Source::Http { .. } => {
                    let rows: Vec<_> = matches.iter().map(Match::row).collect();
                    let header = ["SOURCE", "PROVIDER", "PATHS", "DOCUMENTS", "TITLE"];
                    table(header, &rows, out)?;
                }
            }
            let listings = counted(found.len(), "listing");
            let count = match found_in_apis_io.len() {
                0 => listings,
                providers => format!("{listings}, {} of APIs.io", counted(providers, "provider")),
            };
            writeln!(
                out,
                "{count}; {} generates a client from one",
                recommend("add SOURCE")
            )?;
        }
    }
    if found.is_empty() && found_in_apis_io.is_empty() {
        let names = providers(&catalogue)
            .flat_map(|(_, provider)| [provider.slug.as_str(), provider.name.as_str()]);
        let of_apis_io = apis_io
            .iter()
            .flat_map(|provider| [provider.slug.as_str(), provider.title.as_str()]);
        let names = names.chain(of_apis_io);
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
