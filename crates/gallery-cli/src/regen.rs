//! The command `regen`, with `--fetch`.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gallery_regen::exit::Exit;
use gallery_regen::generated_crates::refuse_hand_written;
use gallery_regen::regen::{RegenArgs, Regeneration};
use gallery_regen::sync::DesiredFiles;
use gallery_spec::workspace::{ClientInputs, Workspace};

use crate::snapshots::{fetch_snapshots, read_lock};
use crate::upstream::{SourceArgs, Upstream};

/// Regenerates all files, after it updated the snapshots with `--fetch`.
pub(crate) fn regen(
    root: &Path,
    args: &RegenArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if !args.fetch {
        return gallery_regen::regen::regen(root, args, verbose, out, err);
    }
    let regeneration = Regeneration::start(root, args, verbose, out)?;
    match fetched(root, args, &regeneration, out, err)? {
        Ok((desired, inputs)) => regeneration.write(desired, inputs, out, err),
        Err(exit) => Ok(exit),
    }
}

/// The files of snapshots, and the inputs of their clients.
type Snapshots = (DesiredFiles, Vec<ClientInputs>);

/// Fetches the snapshots of the clients. Fails with an exit status if a listing is incomplete.
fn fetched(
    root: &Path,
    args: &RegenArgs,
    regeneration: &Regeneration<'_>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<std::result::Result<Snapshots, Exit>> {
    let config = regeneration.run.config.clone();
    let (clients, staging) = (&regeneration.clients, &regeneration.staging);
    let lock = read_lock(root, args.client.name().is_none(), out)?;
    let source = SourceArgs {
        mirror: args.mirror.clone(),
        ..SourceArgs::default()
    };
    let upstream = Upstream::open(&config, &source)?;
    let snapshots = match fetch_snapshots(root, clients, lock, &upstream, staging, out, err)? {
        Ok(snapshots) => snapshots,
        Err(exit) => return Ok(Err(exit)),
    };
    let workspace = Workspace::new(root, config, snapshots.lock.clone())?;
    let mut inputs = Vec::new();
    for client in clients {
        refuse_hand_written(root, client)?;
        inputs.push(workspace.inputs_of(client, snapshots.files(root, client)?)?);
    }
    Ok(Ok((snapshots.desired, inputs)))
}
