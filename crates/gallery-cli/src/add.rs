//! The command `add`: generates a client crate from a source.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_regen::exit::Exit;
use gallery_regen::generated_crates::refuse_hand_written;
use gallery_regen::regen::{generated, print_result};
use gallery_regen::start::start;
use gallery_regen::sync::{self, DesiredFiles, Staging};
use gallery_regen::text::counted;
use gallery_spec::command::recommend;
use gallery_spec::config::{
    self, ClientConfig, CodeOptions, Config, PACKAGE_NAME, TagFeatures, is_package_name,
};
use gallery_spec::draft::{Choices, FileSet, RawFile};
use gallery_spec::edit;
use gallery_spec::listings::ListingRef;
use gallery_spec::local;
use gallery_spec::source::{DocumentsSource, ListingsSource, Source};
use gallery_spec::workspace::Workspace;
use openapi_text::{Diagnostics, Severity};

use crate::add_documents::{self, provider};
use crate::hosts::refuse_other_hosts;
use crate::list::cache;
use crate::resolve::{is_gallery_url, is_path, resolve};
use crate::snapshots::{fetch_snapshots, read_lock};
use crate::upstream::{SourceArgs, Upstream};

/// Generate a client crate from an API of the gallery, an index, or OpenAPI documents
///
/// Adds a client to specs/gallery.toml, fetches its files, and generates the crate. Files of the
/// workspace are read where they are; other files on disk are copied to specs/. If a step fails,
/// nothing is written.
#[derive(Args, Clone, Debug)]
pub struct AddArgs {
    /// A listing, as PROVIDER, PROVIDER@REPOSITORY (a topic or an organization),
    /// OWNER/REPOSITORY/PROVIDER or its URL; PROVIDER@apis.io; or the URL or path of an APIs.json
    /// index, an API catalog, an OpenAPI document, or a directory of documents
    #[arg(value_name = "SOURCE")]
    pub source_name: String,
    /// Another listing of the same provider, merged into the first; can be repeated
    #[arg(long = "with", value_name = "LISTING")]
    pub with: Vec<String>,
    /// Merge listings even if their hosts differ. The client sends its credentials to all of them
    #[arg(long, requires = "with")]
    pub force: bool,
    /// Only the APIs of the index whose identifiers match the pattern, such as `acme:*`; can be
    /// repeated
    #[arg(long = "api", value_name = "AID", conflicts_with = "with")]
    pub apis: Vec<String>,
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
        refuse_existing(&run.config, &args.source_name)?;
    }
    let found = find(root, args, &run.config)?;
    let client = new_client(&run.config, &found, args.package.as_deref())?;
    let staging = Staging::new(root)?;
    let mut desired = DesiredFiles::default();
    let lock = read_lock(root, false, out)?;
    let mut copies = 0;
    let (lock, client, files) = match found {
        NamedSource::Local { source, base } => {
            let Some(files) = read_local(&base, &source, err)? else {
                return Ok(Exit::Failed);
            };
            match base == root.canonicalize()? {
                true => (lock, client, vec![files]),
                false => {
                    refuse_same_names(&files)?;
                    let (client, files) = copied(client, &source, files, &mut desired);
                    copies = files.files.len();
                    (lock, client, vec![files])
                }
            }
        }
        NamedSource::Remote(_, upstream) => {
            let clients = std::slice::from_ref(&client);
            let fetched = fetch_snapshots(root, clients, lock, &upstream, &staging, out, err)?;
            let snapshots = match fetched {
                Ok(snapshots) => snapshots,
                Err(exit) => return Ok(exit),
            };
            let files = snapshots.files(root, &client)?;
            desired = snapshots.desired;
            (snapshots.lock, client, files)
        }
    };
    if let (Source::Listings(listings), false) = (&client.source, args.force) {
        refuse_other_hosts(listings, &files)?;
    }
    let text = fs::read_to_string(root.join(config::PATH)).context(config::PATH)?;
    let added = edit::add(&text, &client)?;
    let workspace = Workspace::new(root, config::parse(&added)?, lock)?;
    refuse_hand_written(root, &client)?;
    let inputs = workspace.inputs_of(&client, files)?;
    let Some(generated) = generated(&[inputs], verbose, out, err)? else {
        return Ok(Exit::Failed);
    };
    let has_features = generated.clients.iter().any(|own| own.has_tag_features);
    let added = match has_features {
        true => edit::add(&text, &with_tag_features(client.clone()))?,
        false => added,
    };
    desired.insert(config::PATH, added);
    desired.extend(generated.outputs);
    let stale = sync::compare(&desired, root)?;
    staging.write(&stale, &desired)?;
    if copies > 0 {
        let count = counted(copies, "file");
        writeln!(out, "copied {count} to {}", client.snapshot_dir())?;
    }
    print_result(&stale, &desired, out)?;
    writeln!(
        out,
        "review specs/{}/openapi.json and report.json; `cargo test --package {}` builds and checks the client",
        client.name, client.package
    )?;
    Ok(Exit::Fine)
}

fn with_tag_features(mut client: ClientConfig) -> ClientConfig {
    client.code.tag_features = TagFeatures::On;
    client
}

/// A source that the command line names.
enum NamedSource {
    /// Files to fetch.
    Remote(Source, Box<Upstream>),
    /// Files on disk. The places are relative to `base`.
    Local {
        source: DocumentsSource,
        base: PathBuf,
    },
}

impl NamedSource {
    /// Returns the source, and a name for its client.
    fn named(&self) -> (Source, String) {
        match self {
            NamedSource::Remote(Source::Listings(listings), _) => {
                (listings.clone().into(), listings.first.provider.clone())
            }
            NamedSource::Remote(Source::Documents(source), _)
            | NamedSource::Local { source, .. } => (source.clone().into(), provider(source)),
        }
    }
}

/// Finds the source that the command line names.
fn find(root: &Path, args: &AddArgs, config: &Config) -> Result<NamedSource> {
    let text = &args.source_name;
    let is_of_gallery = is_gallery_url(text, config);
    let is_url = text.contains("://") || text.ends_with("@apis.io");
    let is_path = !is_url && is_path(text);
    if !args.with.is_empty() && (is_path || (is_url && !is_of_gallery)) {
        bail!(
            "--with merges listings; to merge documents, list them in `documents` in {}",
            config::PATH
        );
    }
    if is_path {
        let (source, base) = add_documents::of_path(text, &args.apis, root)?;
        return Ok(NamedSource::Local { source, base });
    }
    let upstream = Upstream::open(config, &args.source)?;
    if is_url && !is_of_gallery {
        let source = upstream.discovered(add_documents::of_url(text)?, &args.apis)?;
        return Ok(NamedSource::Remote(source.into(), Box::new(upstream)));
    }
    if !args.apis.is_empty() {
        bail!("--api selects APIs of an index, but {text} is a listing of the gallery");
    }
    let cache = cache(root, args.refresh);
    let resolve = |text: &String| resolve(text, config, &upstream, &cache);
    let further: Result<Vec<ListingRef>> = args.with.iter().map(resolve).collect();
    let listings = ListingsSource {
        further: further?,
        ..ListingsSource::new(resolve(text)?)
    };
    Ok(NamedSource::Remote(listings.into(), Box::new(upstream)))
}

/// Reads the files of documents on disk. Prints errors, and returns `None` if there are any.
fn read_local(
    base: &Path,
    source: &DocumentsSource,
    err: &mut dyn Write,
) -> Result<Option<FileSet>> {
    let mut diagnostics = Diagnostics::default();
    let files = local::read(base, source, &mut diagnostics)?;
    for error in diagnostics.of(Severity::Error) {
        writeln!(err, "{error}")?;
    }
    Ok((!diagnostics.has_errors()).then_some(files))
}

/// Returns an error if the paths of two files differ only in case. The copies are for all
/// platforms.
fn refuse_same_names(files: &FileSet) -> Result<()> {
    let mut seen: HashMap<String, &str> = HashMap::new();
    for file in &files.files {
        if let Some(first) = seen.insert(file.path.to_lowercase(), &file.path) {
            bail!(
                "the paths of the files {first} and {} differ only in case, which some file systems \
                 cannot hold; rename one of them",
                file.path
            );
        }
    }
    Ok(())
}

/// Copies the files of a client to `specs/`. Returns the client of the copies, and the copies.
fn copied(
    client: ClientConfig,
    source: &DocumentsSource,
    files: FileSet,
    desired: &mut DesiredFiles,
) -> (ClientConfig, FileSet) {
    let directory = client.snapshot_dir();
    let source = Source::Documents(source.moved_to(&directory));
    let copy = |file: RawFile| {
        let path = format!("{directory}/{}", file.path);
        desired.insert(path.clone(), file.bytes.clone());
        RawFile::new(path, file.bytes)
    };
    let files = FileSet {
        name: source.to_string(),
        files: files.files.into_iter().map(copy).collect(),
    };
    (ClientConfig { source, ..client }, files)
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

/// Returns the client to add, or an error if another client has its name, crate or source.
fn new_client(config: &Config, found: &NamedSource, package: Option<&str>) -> Result<ClientConfig> {
    let (source, provider) = found.named();
    let parts = |source: &Source| match source {
        Source::Listings(listings) => listings.all().map(ToString::to_string).collect(),
        Source::Documents(_) => source.names(),
    };
    let used = parts(&source);
    let user_of = |part: &String| {
        let mut clients = config.clients.iter();
        clients.find(|client| parts(&client.source).contains(part))
    };
    if let Some((user, part)) = used.iter().find_map(|part| Some((user_of(part)?, part))) {
        bail!(
            "the client `{}` already uses {part}; {} updates it",
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
        None => default_package(&provider)?,
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
        source,
        all_components: false,
        code: CodeOptions::of_new_client(),
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
            let upstream = Upstream::open(&config, &SourceArgs::default()).unwrap();
            let found = NamedSource::Remote(listing.into(), Box::new(upstream));
            new_client(&config, &found, package)
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
