//! The command `remove`.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use clap::Args;
use gallery_codegen::outputs::Outputs;
use gallery_codegen::sync::{self, Stale, Staleness};
use gallery_codegen::workspace;
use gallery_spec::{config, edit, lock};

use crate::bring::begin;
use crate::exit::Exit;
use crate::text::{counted, print_written};

/// Remove a client, with its snapshot and its crate
///
/// Removes the client from specs/gallery.toml and specs/gallery.lock, and deletes the files that
/// `fetch` and `regen` wrote for it. Files that you wrote are kept and listed.
#[derive(Args, Clone, Debug)]
pub struct RemoveArgs {
    /// The client of specs/gallery.toml
    #[arg(value_name = "NAME")]
    pub client: String,
}

pub(crate) fn remove(root: &Path, args: &RemoveArgs, out: &mut dyn Write) -> Result<Exit> {
    let _exclusive = begin(root, out)?;
    let config = workspace::config(root)?;
    let mut lock = workspace::lock(root)?;
    let client = config
        .clients
        .iter()
        .find(|client| client.name == args.client);
    if client.is_none() && !lock.clients.contains_key(&args.client) {
        // The error lists the existing clients.
        workspace::clients(&config, Some(&args.client))?;
        bail!("there is no client `{}`", args.client);
    }
    let mut outputs = Outputs::default();
    let text = fs::read_to_string(root.join(config::PATH)).context(config::PATH)?;
    if client.is_some() {
        outputs.insert(config::PATH, edit::remove(&text, &args.client)?);
    }
    lock.clients.remove(&args.client);
    outputs.insert(
        lock::PATH,
        lock.render().context("the lock cannot be written")?,
    );

    let ours = workspace::written_for(root, &args.client, client)?;
    let mut stale = sync::compare(&outputs, root)?;
    stale.extend(ours.into_iter().map(|path| Stale {
        path,
        kind: Staleness::Orphaned,
    }));
    sync::write(&stale, &outputs, root)?;
    print_written(&stale, out)?;
    let left = workspace::left_of(root, &args.client, client)?;
    for path in &left {
        writeln!(out, "    kept  {path}")?;
    }
    writeln!(
        out,
        "removed the client `{}`; {} written",
        args.client,
        counted(stale.len(), "file")
    )?;
    if !left.is_empty() {
        writeln!(
            out,
            "the files that were kept were not generated; move them away, because cargo treats every folder in crates/ as a crate"
        )?;
    }
    Ok(Exit::Fine)
}
