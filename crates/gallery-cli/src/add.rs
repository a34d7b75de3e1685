//! The command `add`.

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
use crate::list::cache;
use crate::regen::{generated, print_result};
use crate::resolve::resolve;
use crate::snapshots::{fetch_snapshots, read_lock};
use crate::start::start;
use crate::sync::{self, Staging};
use crate::upstream::{SourceArgs, Upstream};

/// Make a client crate of a listing, or of several listings of one provider
///
/// Adds a client to specs/gallery.toml, fetches its listings, and generates the crate. If a step
/// fails, nothing is written.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// PROVIDER, PROVIDER@REPOSITORY (a topic or an organization), OWNER/REPOSITORY/PROVIDER, or the URL of the listing
    #[arg(value_name = "LISTING")]
    pub listing: String,
    /// Another listing of the same provider, merged into the first; may be given several times
    #[arg(long = "with", value_name = "LISTING")]
    pub with: Vec<String>,
    /// Name of the crate [default: gallery-PROVIDER]
    #[arg(long = "crate", value_name = "NAME")]
    pub package: Option<String>,
    /// Check with upstream whether the cached catalogue is still current
    #[arg(long)]
    pub refresh: bool,
    /// Where listings come from.
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
    let upstream = Upstream::open(&run.config, &args.source)?;
    let cache = cache(root, args.refresh);
    let resolve = |wanted: &String| resolve(wanted, &run.config, &upstream, &cache);
    let further: Result<Vec<ListingRef>> = args.with.iter().map(resolve).collect();
    let client = client(
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

/// Returns the client to add, or an error if its names or listings are already used.
fn client(
    config: &Config,
    listing: ListingRef,
    further_listings: Vec<ListingRef>,
    package: Option<&str>,
) -> Result<ClientConfig> {
    let made_from = |own: &ListingRef| {
        config.clients.iter().find(|known| {
            let Source::Listings(listings) = &known.source;
            listings.all().any(|listing| listing == own)
        })
    };
    if let Some((known, own)) = std::iter::once(&listing)
        .chain(&further_listings)
        .find_map(|own| Some((made_from(own)?, own)))
    {
        bail!(
            "the client `{}` already uses {own}; {} updates it",
            known.name,
            recommend(&format!("regen --fetch --client {}", known.name))
        );
    }
    let package = match package {
        Some(package) if is_package_name(package) => package.to_owned(),
        Some(package) => bail!(
            "invalid crate name `{}`: {PACKAGE_NAME}",
            package.escape_debug()
        ),
        None => package_of(&listing.provider)?,
    };
    let name = package
        .strip_prefix("gallery-")
        .filter(|name| is_package_name(name))
        .unwrap_or(&package)
        .to_owned();
    if let Some(known) = config
        .clients
        .iter()
        .find(|known| known.name == name || known.package == package)
    {
        bail!(
            "the client `{}` already has the crate {}, generated from {}; give another name with --crate",
            known.name,
            known.package,
            known.source
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

/// Returns the name of the crate for a provider: lowercase letters and digits, with `-` for
/// everything else.
fn package_of(provider: &str) -> Result<String> {
    let words = provider.to_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let package = format!("gallery-{}", words.join("-"));
    if words.is_empty() || !is_package_name(&package) {
        bail!("cannot derive a crate name from `{provider}`; give one with --crate");
    }
    Ok(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_is_named_after_its_provider() {
        let config = config::parse("").unwrap();
        let names = |provider: &str, package| {
            let listing = ListingRef::parse(&format!("o/r/{provider}")).unwrap();
            client(&config, listing, Vec::new(), package)
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
