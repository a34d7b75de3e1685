//! `cargo xtask fetch`.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use gallery_codegen::outputs::Outputs;
use gallery_codegen::sync;
use gallery_codegen::workspace::{self, LoadError};
use gallery_fetch::{FetchError, Settings, Source};
use gallery_spec::config::ClientConfig;
use gallery_spec::lock::{self, Lock, Origin};

use crate::{Exit, FetchArgs, counted, print_written};

/// Brings the snapshots of all clients, or of one, up to date.
pub(crate) fn fetch(root: &Path, args: &FetchArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    let config = workspace::config(root)?;
    let _exclusive = sync::exclusive(root)?;
    if let Some(done) = sync::recover(root)? {
        writeln!(out, "a run before this one died while it was writing; {done}")?;
    }
    let mut lock = match workspace::lock(root) {
        // All of it is about to be written anew.
        Err(LoadError::File(error)) if args.client.is_none() => {
            writeln!(out, "the lock cannot be read and is written anew: {error}")?;
            Lock::default()
        }
        lock => lock?,
    };
    let source = match &args.mirror {
        Some(folder) => Source::Mirror(folder.clone()),
        None => Source::Http(config.source.clone()),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut outputs = Outputs::default();
    // All listings are there before the first file is written: snapshots and lock change together or not at all.
    for client in workspace::clients(&config, args.client.as_deref())? {
        match runtime.block_on(gallery_fetch::fetch(&client.listing, &source, &Settings::default())) {
            Ok(fetched) => take(&client, fetched, &mut lock, &mut outputs, out)?,
            Err(error) => {
                writeln!(err, "error: {}: {error}\nnothing was written", client.name)?;
                return Ok(exit_of(&error));
            }
        }
    }
    outputs.insert(lock::PATH, lock.render().context("the lock cannot be written")?);
    let stale = sync::compare(&outputs, root)?;
    sync::write(&stale, &outputs, root)?;
    print_written(&stale, out)?;
    match stale.len() {
        0 => writeln!(out, "nothing to write: the snapshots are as upstream has them")?,
        count => writeln!(out, "{} written; run `cargo xtask regen`", counted(count, "file"))?,
    }
    Ok(Exit::Fine)
}

fn exit_of(error: &FetchError) -> Exit {
    if error.is_unreachable() { Exit::Unreachable } else { Exit::Failed }
}

fn take(
    client: &ClientConfig,
    fetched: gallery_fetch::Fetched,
    lock: &mut Lock,
    outputs: &mut Outputs,
    out: &mut dyn Write,
) -> Result<()> {
    let folder = client.listing_dir();
    let bytes: usize = fetched.files.iter().map(|file| file.bytes.len()).sum();
    writeln!(out, "{}: {} of {}, {bytes} bytes", client.name, counted(fetched.files.len(), "file"), client.listing)?;
    let before = lock.clients.insert(client.name.clone(), fetched.snapshot());
    if before.is_some_and(|before| before.origin == Origin::Transcribed) {
        writeln!(out, "  the snapshot was transcribed: the gallery's own prose replaces this project's")?;
    }
    outputs.own(&folder);
    for file in fetched.files {
        outputs.insert(format!("{folder}/{}", file.name), file.bytes);
    }
    Ok(())
}
