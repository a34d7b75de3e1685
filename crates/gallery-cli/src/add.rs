//! The command `add`: generates a client crate from a listing.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_spec::command::recommend;
use gallery_spec::config::{self, ClientConfig, Config, PACKAGE_NAME, is_package_name};
use gallery_spec::draft::Choices;
use gallery_spec::edit;
use gallery_spec::listings::{Documents, ListingRef};
use gallery_spec::source::{ListingsSource, Source};
use gallery_spec::workspace::Workspace;

use crate::exit::Exit;
use crate::generated_crates::refuse_hand_written;
use crate::hosts::refuse_other_hosts;
use crate::list::cache;
use crate::regen::{generated, print_result};
use crate::resolve::resolve;
use crate::snapshots::{fetch_snapshots, read_lock};
use crate::start::start;
use crate::sync::{self, Staging};
use crate::upstream::{SourceArgs, Upstream};

/// Generate a client crate from a listing, or from several listings of one provider
///
/// Adds a client to specs/gallery.toml, fetches its listings, and generates the crate. If a step
/// fails, nothing is written.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// PROVIDER, PROVIDER@REPOSITORY (a topic or an organization), OWNER/REPOSITORY/PROVIDER, or
    /// the URL of the listing
    #[arg(value_name = "LISTING")]
    pub listing: String,
    /// Another listing of the same provider, merged into the first; can be repeated
    #[arg(long = "with", value_name = "LISTING")]
    pub with: Vec<String>,
    /// Merge listings even if their hosts differ. The client sends its credentials to all of them
    #[arg(long, requires = "with")]
    pub force: bool,
    /// Name of the crate [default: gallery-PROVIDER]
    #[arg(long = "crate", value_name = "NAME")]
    pub package: Option<String>,
    /// Check upstream for a newer catalogue before using the cached one
    #[arg(long)]
    pub refresh: bool,
    /// The source of listings.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// The version of a new crate.
const FIRST_VERSION: &str = "0.1.0";

pub(crate) fn add(
    root: &Path,
    args: &AddArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let run = start(root, out)?;
    if args.package.is_none() {
        refuse_existing(&run.config, &args.listing)?;
    }
    let upstream = Upstream::open(&run.config, &args.source)?;
    let cache = cache(root, args.refresh);
    let resolve = |text: &String| resolve(text, &run.config, &upstream, &cache);
    let further: Result<Vec<ListingRef>> = args.with.iter().map(resolve).collect();
    let client = new_client(
        &run.config,
        resolve(&args.listing)?,
        further?,
        args.package.as_deref(),
    )?;
    let text = fs::read_to_string(root.join(config::PATH)).context(config::PATH)?;
    let text = edit::add(&text, &client)?;
    let config = config::parse(&text)?;

    let staging = Staging::new(root)?;
    let lock = read_lock(root, false, out)?;
    let clients = std::slice::from_ref(&client);
    let snapshots = match fetch_snapshots(root, clients, lock, &upstream, &staging, out, err)? {
        Ok(snapshots) => snapshots,
        Err(exit) => return Ok(exit),
    };
    let files = snapshots.files(root, &client)?;
    let Source::Listings(listings) = &client.source;
    if !args.force {
        refuse_other_hosts(listings, &files)?;
    }
    let workspace = Workspace::new(root, config, snapshots.lock)?;
    refuse_hand_written(root, &client)?;
    let inputs = workspace.inputs_of(&client, files)?;
    let Some(generated) = generated(&[inputs], verbose, out, err)? else {
        return Ok(Exit::Failed);
    };
    let mut desired = snapshots.desired;
    desired.insert(config::PATH, text);
    desired.extend(generated.outputs);
    let stale = sync::compare(&desired, root)?;
    staging.write(&stale, &desired)?;
    print_result(&stale, &desired, out)?;
    writeln!(
        out,
        "review specs/{}/openapi.json and report.json; `cargo test --package {}` builds and checks the client",
        client.name, client.package
    )?;
    Ok(Exit::Fine)
}

/// Returns an error if the name of a provider is the name of a client, which needs no catalogue.
fn refuse_existing(config: &Config, listing: &str) -> Result<()> {
    let Some(client) = config
        .clients
        .iter()
        .find(|client| client.name.eq_ignore_ascii_case(listing))
    else {
        return Ok(());
    };
    bail!(
        "the client `{}` exists, generated from {}; {} updates it, and --crate adds another client \
         for the provider",
        client.name,
        client.source,
        recommend(&format!("regen --fetch {}", client.name))
    );
}

/// Returns the client to add, or an error if another client has its name, crate or listings.
fn new_client(
    config: &Config,
    listing: ListingRef,
    further_listings: Vec<ListingRef>,
    package: Option<&str>,
) -> Result<ClientConfig> {
    let user_of = |listing: &ListingRef| {
        config.clients.iter().find(|client| {
            let Source::Listings(listings) = &client.source;
            listings.all().any(|used| used == listing)
        })
    };
    if let Some((user, listing)) = std::iter::once(&listing)
        .chain(&further_listings)
        .find_map(|listing| Some((user_of(listing)?, listing)))
    {
        bail!(
            "the client `{}` already uses {listing}; {} updates it",
            user.name,
            recommend(&format!("regen --fetch {}", user.name))
        );
    }
    let package = match package {
        Some(package) if is_package_name(package) => package.to_owned(),
        Some(package) => bail!(
            "invalid crate name `{}`: {PACKAGE_NAME}",
            package.escape_debug()
        ),
        None => default_package(&listing.provider)?,
    };
    let name = package
        .strip_prefix("gallery-")
        .filter(|name| is_package_name(name))
        .unwrap_or(&package)
        .to_owned();
    if let Some(existing) = config
        .clients
        .iter()
        .find(|existing| existing.name == name || existing.package == package)
    {
        bail!(
            "the client `{}` already has the crate {}, generated from {}; choose another name with --crate",
            existing.name,
            existing.package,
            existing.source
        );
    }
    Ok(ClientConfig {
        name,
        package,
        version: FIRST_VERSION.to_owned(),
        source: Source::Listings(ListingsSource {
            first: listing,
            further: further_listings,
            documents: Documents::default(),
        }),
        choices: Choices::new(),
        crates: config.crates.clone(),
    })
}

/// Returns the default crate name for a provider.
///
/// The provider becomes lowercase, and each run of characters other than ASCII letters and digits
/// becomes a `-`.
fn default_package(provider: &str) -> Result<String> {
    let words = provider.to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let package = format!("gallery-{}", words.join("-"));
    if words.is_empty() || !is_package_name(&package) {
        bail!("cannot derive a crate name from `{provider}`; choose one with --crate");
    }
    Ok(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derives_names_from_the_provider_or_the_crate() {
        let config = config::parse("").unwrap();
        let names = |provider: &str, package| {
            let listing = ListingRef::parse(&format!("o/r/{provider}")).unwrap();
            new_client(&config, listing, Vec::new(), package)
                .map(|client| format!("{} {}", client.name, client.package))
        };
        assert_eq!(
            names("Sensr.Net", None).unwrap(),
            "sensr-net gallery-sensr-net"
        );
        assert_eq!(
            names("3scale", None).unwrap(),
            "gallery-3scale gallery-3scale"
        );
        assert_eq!(names("p", Some("chat")).unwrap(), "chat chat");
        assert_eq!(
            names("p", Some("gallery-chat")).unwrap(),
            "chat gallery-chat"
        );
        assert!(names("---", None).is_err() && names("p", Some("Chat")).is_err());
    }
}
