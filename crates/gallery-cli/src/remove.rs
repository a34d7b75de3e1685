//! The command `remove`.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_spec::config::ClientConfig;
use gallery_spec::{config, edit, lock, workspace};

use gallery_regen::exit::Exit;
use gallery_regen::generated_crates::{remaining, written_for};
use gallery_regen::start::start;
use gallery_regen::sync::{self, DesiredFiles, Stale, Staleness};
use gallery_regen::text::{counted, print_written};

/// Remove a client, with its snapshot and its crate
///
/// Removes the client from specs/gallery.toml and specs/gallery.lock, and deletes the files that
/// `fetch` and `regen` wrote for it. Files that you wrote are kept and listed.
#[derive(Args, Clone, Debug)]
pub struct RemoveArgs {
    /// Name of the client in specs/gallery.toml
    #[arg(value_name = "CLIENT")]
    pub client: String,
}

pub(crate) fn remove(root: &Path, args: &RemoveArgs, out: &mut dyn Write) -> Result<Exit> {
    let run = start(root, out)?;
    let mut lock = workspace::lock(root)?;
    let client = run
        .config
        .clients
        .iter()
        .find(|client| client.name == args.client);
    if client.is_none() && !lock.clients.contains_key(&args.client) {
        // The error lists the existing clients.
        workspace::clients(&run.config, Some(&args.client))?;
        bail!("there is no client `{}`", args.client);
    }
    let mut desired = DesiredFiles::default();
    let text = fs::read_to_string(root.join(config::PATH)).context(config::PATH)?;
    if client.is_some() {
        desired.insert(config::PATH, edit::remove(&text, &args.client)?);
    }
    lock.clients.remove(&args.client);
    desired.insert(lock::PATH, lock.render().context("cannot write the lock")?);

    let written = written_for(root, &args.client, client)?;
    let mut stale = sync::compare(&desired, root)?;
    stale.extend(written.into_iter().map(|path| Stale {
        path,
        kind: Staleness::Orphaned,
    }));
    let is_deleted = |stale: &&Stale| stale.kind == Staleness::Orphaned;
    let deleted = stale.iter().filter(is_deleted).count();
    sync::write(&stale, &desired, root)?;
    print_written(&stale, out)?;
    let kept = remaining(root, &args.client, client)?;
    for path in &kept {
        writeln!(out, "    kept  {path}")?;
    }
    writeln!(
        out,
        "removed the client `{}`: {} deleted",
        args.client,
        counted(deleted, "file")
    )?;
    if !kept.is_empty() {
        writeln!(out, "the kept files are not generated; move or delete them")?;
    }
    if kept.iter().any(|path| path.starts_with("crates/")) {
        writeln!(
            out,
            "cargo fails until {} is gone, because it treats every directory in crates/ as a crate",
            client.map_or_else(String::new, ClientConfig::crate_dir)
        )?;
    }
    Ok(Exit::Fine)
}
