//! The command `regen`, without `--fetch`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use gallery_codegen::generate::{ClientOutcome, Generated, client_files};
use gallery_spec::command::recommend;
use gallery_spec::config::{self, ClientConfig, Config};
use gallery_spec::workspace::{self, ClientInputs, Workspace};
use openapi_text::Severity;

use crate::approvals;
use crate::client_args::ClientArgs;
use crate::exit::Exit;
use crate::generated_crates::{self, refuse_hand_written};
use crate::parallel::in_parallel;
use crate::start::{Run, start, start_reading};
use crate::summary::summary;
use crate::sync::{self, DesiredFiles, Staging, Stale};
use crate::text::{counted, print_written};

/// Generate canonical documents, client crates and conformance tests from the snapshots in specs/
///
/// Reads specs/gallery.toml, gallery.lock and each client's listings. Merges duplicates, repairs
/// known defects, and writes specs/CLIENT/openapi.json, report.json and names.toml, and the crate
/// crates/CRATE. Works offline, unless --fetch is given. Writes only files that changed, and all of
/// them or none. Files in a client's src and tests that are not generated are removed, and so are
/// approvals in specs/CLIENT/drift.toml of differences that are now applied.
#[derive(Args, Clone, Debug, Default)]
pub struct RegenArgs {
    /// The client.
    #[command(flatten)]
    pub client: ClientArgs,
    /// Write nothing; list the files that are out of date, and exit 4 if there are any
    #[arg(long)]
    pub check: bool,
    /// Update the snapshots first, as `fetch` does. Snapshots and generated files change together
    /// or not at all
    #[arg(long, conflicts_with = "check")]
    pub fetch: bool,
    /// Ignore overlay actions and choices that no longer match anything. Lists them, and exits 4 if
    /// there are any. Use it to update from upstream first and fix the overlay later
    #[arg(long, conflicts_with = "check")]
    pub pending: bool,
    /// Fail if a client does not express a part of its document: a dropped operation, a removed
    /// parameter, or a value without a type. Lists the parts, and writes nothing
    #[arg(long)]
    pub strict: bool,
    /// With --fetch: read the files from a mirror on disk, as `fetch` does
    #[arg(long, value_name = "DIR", requires = "fetch")]
    pub mirror: Option<PathBuf>,
}

/// Regenerates all files, or compares them with `--check`. Works offline: `--fetch` is ignored.
pub fn regen(
    root: &Path,
    args: &RegenArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if args.check {
        return check(root, args, verbose, out, err);
    }
    let regeneration = Regeneration::start(root, args, verbose, out)?;
    let config = regeneration.run.config.clone();
    let workspace = Workspace::new(root, config, workspace::lock(root)?)?;
    let inputs = inputs(&workspace, &regeneration.clients)?;
    regeneration.write(DesiredFiles::default(), inputs, out, err)
}

/// A run that writes generated files.
pub struct Regeneration<'a> {
    root: &'a Path,
    args: &'a RegenArgs,
    verbose: bool,
    /// The lock of the workspace, and its configuration.
    pub run: Run,
    /// The clients that are regenerated.
    pub clients: Vec<ClientConfig>,
    /// The directory of files that are not written yet.
    pub staging: Staging,
}

impl<'a> Regeneration<'a> {
    /// Locks the workspace and selects the clients.
    pub fn start(
        root: &'a Path,
        args: &'a RegenArgs,
        verbose: bool,
        out: &mut dyn Write,
    ) -> Result<Regeneration<'a>> {
        let run = start(root, out)?;
        let clients = workspace::clients(&run.config, args.client.name())?;
        Ok(Regeneration {
            root,
            args,
            verbose,
            run,
            clients,
            staging: Staging::new(root)?,
        })
    }

    /// Generates all files from the inputs, and writes them and `desired` as one transaction.
    pub fn write(
        self,
        mut desired: DesiredFiles,
        mut inputs: Vec<ClientInputs>,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<Exit> {
        if self.args.pending {
            for client in &mut inputs {
                client.diagnostics.allow_unmatched();
            }
        }
        let accepted = accepted(
            self.root,
            self.args,
            &self.run.config,
            &inputs,
            self.verbose,
            out,
            err,
        )?;
        let Some(generated) = accepted else {
            return Ok(Exit::Failed);
        };
        desired.extend(generated.outputs);
        let stale = sync::compare(&desired, self.root)?;
        self.staging.write(&stale, &desired)?;
        print_result(&stale, &desired, out)?;
        pending(&generated.clients, out)
    }
}

/// Reads the inputs of these clients from disk.
fn inputs(workspace: &Workspace, clients: &[ClientConfig]) -> Result<Vec<ClientInputs>> {
    let mut inputs = Vec::new();
    for client in clients {
        refuse_hand_written(&workspace.root, client)?;
        inputs.push(workspace.inputs(client)?);
    }
    Ok(inputs)
}

/// Lists overlay actions and choices that match nothing, if `--pending` ignored them.
fn pending(clients: &[ClientOutcome], out: &mut dyn Write) -> Result<Exit> {
    let pending: Vec<_> = clients
        .iter()
        .flat_map(|client| client.diagnostics.of(Severity::Pending))
        .collect();
    if pending.is_empty() {
        return Ok(Exit::Fine);
    }
    for diagnostic in &pending {
        writeln!(out, "{diagnostic}")?;
    }
    writeln!(
        out,
        "{} to fix or remove; until then {} fails",
        counted(pending.len(), "pending entry"),
        recommend("regen")
    )?;
    Ok(Exit::Stale)
}

/// Generates in memory and prints the counts of each client. Returns `None` if a client has errors.
pub fn generated(
    inputs: &[ClientInputs],
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Option<Generated>> {
    let results = in_parallel(inputs.len(), |index| Ok(client_files(&inputs[index])))?;
    let generated = Generated::new(results);
    for client in &generated.clients {
        summary(client, verbose, out)?;
        for error in client.diagnostics.of(Severity::Error) {
            writeln!(err, "{error}")?;
        }
    }
    if generated.has_errors() {
        let count = generated
            .clients
            .iter()
            .map(|client| client.diagnostics.of(Severity::Error).count())
            .sum();
        writeln!(err, "{}; nothing was written", counted(count, "error"))?;
        return Ok(None);
    }
    Ok(Some(generated))
}

/// Generates in memory, and applies the options that concern all files. Returns `None` if nothing
/// may be written.
fn accepted(
    root: &Path,
    args: &RegenArgs,
    config: &Config,
    inputs: &[ClientInputs],
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Option<Generated>> {
    let Some(mut generated) = generated(inputs, verbose, out, err)? else {
        return Ok(None);
    };
    if args.strict && refused(&generated.clients, err)? {
        return Ok(None);
    }
    for client in &generated.clients {
        approvals::prune(root, &client.config, &mut generated.outputs, out)?;
    }
    if args.client.name().is_none() {
        print_orphaned(root, config, out)?;
    }
    Ok(Some(generated))
}

/// Lists the parts of documents that clients do not express. Returns true if there are any.
fn refused(clients: &[ClientOutcome], err: &mut dyn Write) -> Result<bool> {
    let reports = clients.iter().filter_map(|client| client.report.as_ref());
    let parts: Vec<_> = reports
        .flat_map(|report| &report.client_reductions)
        .collect();
    for part in &parts {
        writeln!(
            err,
            "error[{}]: {}\n  --> {}",
            part.code, part.message, part.at
        )?;
    }
    if !parts.is_empty() {
        writeln!(
            err,
            "{} not expressed; correct them in an overlay, or run without --strict; nothing was \
             written",
            counted(parts.len(), "part")
        )?;
    }
    Ok(!parts.is_empty())
}

fn print_orphaned(root: &Path, config: &Config, out: &mut dyn Write) -> Result<()> {
    for folder in generated_crates::orphaned(root, config)? {
        writeln!(
            out,
            "{folder} is a generated crate that no client of {} uses; remove the folder",
            config::PATH
        )?;
    }
    Ok(())
}

/// Lists files that are out of date, and writes nothing.
fn check(
    root: &Path,
    args: &RegenArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    let Some(run) = start_reading(root)? else {
        writeln!(
            out,
            "interrupted: an earlier run stopped while it was writing; run {} to finish or undo it",
            recommend("regen")
        )?;
        return Ok(Exit::Stale);
    };
    let clients = workspace::clients(&run.config, args.client.name())?;
    let workspace = Workspace::new(root, run.config.clone(), workspace::lock(root)?)?;
    let inputs = inputs(&workspace, &clients)?;
    let accepted = accepted(root, args, &run.config, &inputs, verbose, out, err)?;
    let Some(generated) = accepted else {
        return Ok(Exit::Failed);
    };
    let desired = DesiredFiles::from(generated.outputs);
    let stale = sync::compare(&desired, root)?;
    if stale.is_empty() {
        writeln!(
            out,
            "up to date: {}",
            counted(desired.files().count(), "file")
        )?;
        return Ok(Exit::Fine);
    }
    for Stale { path, kind } in &stale {
        writeln!(out, "{kind:>8}  {path}")?;
    }
    let only = args
        .client
        .name()
        .map(|name| format!(" {name}"))
        .unwrap_or_default();
    writeln!(
        out,
        "{} stale; run {}",
        counted(stale.len(), "file"),
        recommend(&format!("regen{only}"))
    )?;
    Ok(Exit::Stale)
}

/// Prints the files that were written, or that there was nothing to write.
pub fn print_result(stale: &[Stale], desired: &DesiredFiles, out: &mut dyn Write) -> Result<()> {
    if stale.is_empty() {
        writeln!(
            out,
            "nothing to write: {} up to date",
            counted(desired.files().count(), "file")
        )?;
        return Ok(());
    }
    print_written(stale, out)?;
    writeln!(out, "{} written", counted(stale.len(), "file"))?;
    Ok(())
}
