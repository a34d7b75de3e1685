//! The command `search`: finds APIs in the catalogues of both galleries.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;
use gallery_fetch::{ApisIoProvider, Catalog, Provider, Repository, search as search_apis_io};
use gallery_spec::command::recommend;
use gallery_spec::workspace;
use serde_json::json;

use crate::exit::Exit;
use crate::list::{CatalogueArgs, Format, cache, catalogue, json, say_unread};
use crate::similar::similar;
use crate::table::table;
use crate::text::counted;
use crate::upstream::{Upstream, exit_of};

/// Find APIs by the names and descriptions of their providers
///
/// Searches the listings of api.gallery and the providers of APIs.io. Every word must occur in the
/// name of the provider or of the repository, or in the description. Case is ignored. The first
/// search downloads the catalogues, which takes a while, and caches them.
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
    match args.catalogue.format {
        Format::Json => {
            let object = |(repository, provider): &(&Repository, &Provider)| {
                json!({
                    "provider": provider.slug, "name": provider.name, "kind": repository.kind, "repository": repository.slug,
                    "title": repository.label, "listing": repository.listing(&provider.slug).to_string(),
                })
            };
            let provider = |provider: &&ApisIoProvider| {
                json!({
                    "provider": provider.slug, "name": provider.title,
                    "description": provider.description, "documents": provider.documents,
                    "index": format!("{}@apis.io", provider.slug),
                })
            };
            let listings = found.iter().map(object);
            let all = listings.chain(found_in_apis_io.iter().map(provider));
            json(&all.collect(), out)?;
        }
        Format::Text if found.is_empty() && found_in_apis_io.is_empty() => {}
        Format::Text => {
            let row = |(repository, provider): &(&Repository, &Provider)| {
                [
                    repository.listing(&provider.slug).to_string(),
                    provider.name.clone(),
                    repository.label.clone(),
                ]
            };
            let provider_row = |provider: &&ApisIoProvider| {
                [
                    format!("{}@apis.io", provider.slug),
                    provider.title.clone(),
                    described(provider),
                ]
            };
            let rows = found.iter().map(row);
            let rows: Vec<_> = rows
                .chain(found_in_apis_io.iter().map(provider_row))
                .collect();
            table(["SOURCE", "PROVIDER", "TITLE"], &rows, out)?;
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

/// The number of characters of a description that a table shows.
const MAX_DESCRIPTION: usize = 60;

/// Returns the number of documents of a provider, and the start of its description.
fn described(provider: &ApisIoProvider) -> String {
    let documents = counted(provider.documents, "document");
    let description: String = provider.description.chars().take(MAX_DESCRIPTION).collect();
    let is_cut = description.len() < provider.description.len();
    match description.as_str() {
        "" => documents,
        text => format!(
            "{documents}: {}{}",
            text.trim_end(),
            if is_cut { "…" } else { "" }
        ),
    }
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
