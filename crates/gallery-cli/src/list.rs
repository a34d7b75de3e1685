//! The command `list`: prints the repositories of the gallery.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::{Args, ValueEnum};
use gallery_fetch::{Cache, Catalog, Kind, Repository, Unread};
use gallery_regen::exit::Exit;
use gallery_regen::text::counted;
use gallery_spec::workspace;

use crate::table::table;
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

pub(crate) fn json(value: &serde_json::Value, out: &mut dyn Write) -> Result<()> {
    writeln!(out, "{}", serde_json::to_string_pretty(value)?)?;
    Ok(())
}
