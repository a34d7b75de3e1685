//! The command `fetch`: updates the snapshots in `specs/`.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use clap::Args;
use gallery_regen::client_args::ClientArgs;
use gallery_regen::exit::Exit;
use gallery_regen::start::start;
use gallery_regen::sync::{self, Staging};
use gallery_regen::text::{counted, print_written};
use gallery_spec::command::recommend;
use gallery_spec::config::{ClientConfig, Config};
use gallery_spec::lock::{Lock, Origin};
use gallery_spec::workspace;

use crate::snapshots::{fetch_client, fetch_snapshots, read_lock, snapshot};
use crate::upstream::{SourceArgs, Upstream, exit_of};

/// Update the snapshots in specs/
///
/// Downloads the index and the Swagger documents of each client's listings from the gallery, or
/// from the `source` in specs/gallery.toml, and updates specs/gallery.lock. Existing files are
/// requested conditionally. Only changed files are written; if a download fails, none is. Run
/// `regen` afterwards, or use `regen --fetch`, which does both.
#[derive(Args, Clone, Debug, Default)]
pub struct FetchArgs {
    /// The client.
    #[command(flatten)]
    pub client: ClientArgs,
    /// List files that differ from upstream without writing them; exit 4 if there are any
    #[arg(long)]
    pub locked: bool,
    /// The source of listings.
    #[command(flatten)]
    pub source: SourceArgs,
}

/// Updates the snapshots, or compares them with upstream if `--locked` is set.
pub(crate) fn fetch(
    root: &Path,
    args: &FetchArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if args.locked {
        let config = workspace::config(root)?;
        return compare(root, &config, args, out, err);
    }
    let run = start(root, out)?;
    let clients = workspace::clients(&run.config, args.client.name())?;
    let lock = read_lock(root, args.client.name().is_none(), out)?;
    let upstream = Upstream::open(&run.config, &args.source)?;
    let staging = Staging::new(root)?;
    let snapshots = match fetch_snapshots(root, &clients, lock, &upstream, &staging, out, err)? {
        Ok(snapshots) => snapshots,
        Err(exit) => return Ok(exit),
    };
    let stale = sync::compare(&snapshots.desired, root)?;
    staging.write(&stale, &snapshots.desired)?;
    print_written(&stale, out)?;
    match stale.len() {
        0 => writeln!(out, "nothing to write: the snapshots are up to date")?,
        count => writeln!(
            out,
            "{} written; run {}",
            counted(count, "file"),
            recommend("regen")
        )?,
    }
    Ok(Exit::Fine)
}

/// Prints the files that differ from upstream.
fn compare(
    root: &Path,
    config: &Config,
    args: &FetchArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let clients = workspace::clients(config, args.client.name())?;
    let lock = workspace::lock(root)?;
    let upstream = Upstream::open(config, &args.source)?;
    let mut exit = Exit::Fine;
    for client in &clients {
        exit = exit.worse(compare_one(root, client, &lock, &upstream, out, err)?);
    }
    Ok(exit)
}

fn compare_one(
    root: &Path,
    client: &ClientConfig,
    lock: &Lock,
    upstream: &Upstream,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if client.source.is_local() {
        writeln!(out, "{}: {} is read in place", client.name, client.source)?;
        return Ok(Exit::Fine);
    }
    let Some(before) = lock.clients.get(&client.name) else {
        writeln!(out, "{}: there is no snapshot to compare", client.name)?;
        return Ok(Exit::Stale);
    };
    let scratch = tempfile::tempdir()?;
    let mut fetched = Vec::new();
    let mut failed = None;
    for (_, result) in fetch_client(root, client, Some(before), upstream, scratch.path()) {
        match result {
            Ok(files) => fetched.push(files),
            Err(error) => {
                writeln!(err, "error: {}: {error}", client.name)?;
                failed = Some(failed.unwrap_or(Exit::Unreachable).worse(exit_of(&error)));
            }
        }
    }
    if let Some(exit) = failed {
        writeln!(err, "not compared: {}", client.name)?;
        return Ok(exit);
    }
    let differences = snapshot(client, &fetched).differences(before);
    if differences.is_empty() && before.is_of(&client.source) {
        let files = counted(
            fetched.iter().map(|fetched| fetched.files.len()).sum(),
            "file",
        );
        writeln!(
            out,
            "{}: the snapshot of {} is up to date with {} ({files})",
            client.name,
            client.source,
            upstream.name_for(&client.source)
        )?;
        return Ok(Exit::Fine);
    }
    writeln!(
        out,
        "{}: the snapshot of {} differs from {}",
        client.name,
        client.source,
        upstream.name_for(&client.source)
    )?;
    if before.origin == Origin::Transcribed {
        writeln!(
            out,
            "  the snapshot is transcribed: its descriptions are paraphrased"
        )?;
    }
    for (path, difference) in &differences {
        writeln!(out, "{difference:>8}  {}/{path}", client.snapshot_dir())?;
    }
    let files = counted(differences.len(), "file");
    let differ = if differences.len() == 1 {
        "differs"
    } else {
        "differ"
    };
    writeln!(
        out,
        "{files} {differ}; {} updates the snapshot",
        recommend(&format!("regen --fetch {}", client.name))
    )?;
    Ok(Exit::Stale)
}
