//! The command `regen`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use gallery_codegen::generate;
use gallery_codegen::generate::{ClientOutcome, Generated};
use gallery_codegen::outputs::Outputs;
use gallery_codegen::sync::{self, Staging, Stale};
use gallery_codegen::workspace::{self, Given, Inputs};
use gallery_spec::command::recommend;
use gallery_spec::lock::Origin;
use gallery_spec::report::Report;
use openapi_text::Severity;

use crate::bring::{begin, bring, lock_or_none};
use crate::drift::approvals;
use crate::exit::Exit;
use crate::text::{counted, print_written};
use crate::upstream::{SourceArgs, Upstream};

/// Generate canonical documents, client crates and conformance tests from the snapshots in specs/
///
/// Reads specs/gallery.toml, gallery.lock and each client's listings. Merges duplicates, repairs
/// known defects, and writes specs/CLIENT/openapi.json, report.json and names.toml, and the crate
/// crates/CRATE. Works offline, unless --fetch is given. Writes only files that changed, and all of
/// them or none. Files in a client's src and tests that are not generated are removed, and so are
/// approvals in specs/CLIENT/drift.toml of differences that are now applied.
#[derive(Args, Clone, Debug, Default)]
pub struct RegenArgs {
    /// Only this client of specs/gallery.toml
    #[arg(long, value_name = "NAME")]
    pub client: Option<String>,
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
    /// With --fetch: read the files from a mirror on disk, as `fetch` does
    #[arg(long, value_name = "DIR", requires = "fetch")]
    pub mirror: Option<PathBuf>,
}

/// Regenerates all files, or compares them with `--check`.
pub(crate) fn regen(
    root: &Path,
    args: &RegenArgs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Exit> {
    if args.check {
        return check(root, args, verbose, out, err);
    }
    let _exclusive = begin(root, out)?;
    let staging = Staging::new(root)?;
    let (mut outputs, mut inputs) = if args.fetch {
        let config = workspace::config(root)?;
        let clients = workspace::clients(&config, args.client.as_deref())?;
        let lock = lock_or_none(root, args.client.is_none(), out)?;
        let upstream = Upstream::open(
            &config,
            &SourceArgs {
                mirror: args.mirror.clone(),
                ..SourceArgs::default()
            },
        )?;
        let brought = match bring(root, &clients, lock, &upstream, &staging, out, err)? {
            Ok(brought) => brought,
            Err(exit) => return Ok(exit),
        };
        let given = Given {
            config,
            lock: brought.lock.clone(),
            listings: brought.listings(root, &clients)?,
        };
        (
            brought.outputs,
            workspace::load_given(root, args.client.as_deref(), given)?,
        )
    } else {
        (
            Outputs::default(),
            workspace::load(root, args.client.as_deref())?,
        )
    };
    if args.pending {
        inputs
            .clients
            .iter_mut()
            .for_each(|client| client.diagnostics.allow_unmatched());
    }
    let Some(mut generated) = generated(&inputs, verbose, out, err)? else {
        return Ok(Exit::Failed);
    };
    for client in &generated.clients {
        approvals::prune(root, &client.config, &mut generated.outputs, out)?;
    }
    if args.client.is_none() {
        orphaned(root, out)?;
    }
    outputs.extend(generated.outputs);
    let stale = sync::compare(&outputs, root)?;
    staging.write(&stale, &outputs)?;
    wrote(&stale, &outputs, out)?;
    pending(&generated.clients, out)
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
pub(crate) fn generated(
    inputs: &Inputs,
    verbose: bool,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<Option<Generated>> {
    let generated = generate(inputs);
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

fn orphaned(root: &Path, out: &mut dyn Write) -> Result<()> {
    for folder in workspace::orphaned_crates(root)? {
        writeln!(
            out,
            "{folder} is a generated crate that no client of {} uses; remove the folder",
            gallery_spec::config::PATH
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
    workspace::config(root)?;
    let _exclusive = sync::exclusive(root, || eprintln!("waiting for another run to end"))?;
    if sync::is_interrupted(root) {
        writeln!(
            out,
            "interrupted: an earlier run stopped while it was writing; run {} to finish or undo it",
            recommend("regen")
        )?;
        return Ok(Exit::Stale);
    }
    let inputs = workspace::load(root, args.client.as_deref())?;
    let Some(mut generated) = generated(&inputs, verbose, out, err)? else {
        return Ok(Exit::Failed);
    };
    for client in &generated.clients {
        approvals::prune(root, &client.config, &mut generated.outputs, out)?;
    }
    if args.client.is_none() {
        orphaned(root, out)?;
    }
    let stale = sync::compare(&generated.outputs, root)?;
    if stale.is_empty() {
        writeln!(
            out,
            "up to date: {}",
            counted(generated.outputs.files().count(), "file")
        )?;
        return Ok(Exit::Fine);
    }
    for Stale { path, kind } in &stale {
        writeln!(out, "{kind:>8}  {path}")?;
    }
    let only = args
        .client
        .as_ref()
        .map(|name| format!(" --client {name}"))
        .unwrap_or_default();
    writeln!(
        out,
        "{} stale; run {}",
        counted(stale.len(), "file"),
        recommend(&format!("regen{only}"))
    )?;
    Ok(Exit::Stale)
}

pub(crate) fn wrote(stale: &[Stale], outputs: &Outputs, out: &mut dyn Write) -> Result<()> {
    if stale.is_empty() {
        writeln!(
            out,
            "nothing to write: {} up to date",
            counted(outputs.files().count(), "file")
        )?;
        return Ok(());
    }
    print_written(stale, out)?;
    writeln!(out, "{} written", counted(stale.len(), "file"))?;
    Ok(())
}

/// Prints the counts of a client, and its diagnostics.
fn summary(client: &ClientOutcome, verbose: bool, out: &mut dyn Write) -> Result<()> {
    let origin = match client.origin {
        Some(Origin::Transcribed) => ", transcribed: prose in this project's own words",
        Some(Origin::Fetched) | None => "",
    };
    writeln!(
        out,
        "{} ({}{origin})",
        client.config.name, client.config.source
    )?;
    if let Some(report) = &client.report {
        counts(report, out)?;
        writeln!(
            out,
            "  names      {} given, {} retired",
            report.counts.endpoints, client.retired
        )?;
        writeln!(out, "  crate      {}", client.config.crate_dir())?;
    }
    for diagnostic in client.diagnostics.iter() {
        let shown = match diagnostic.severity {
            Severity::Warning | Severity::Dropped => true,
            Severity::Repaired | Severity::Assumed => verbose,
            // Errors go to standard error, and pending entries are listed at the end.
            Severity::Pending | Severity::Error => false,
        };
        if shown {
            writeln!(out, "{diagnostic}")?;
        }
    }
    Ok(())
}

fn counts(report: &Report, out: &mut dyn Write) -> Result<()> {
    let counts = &report.counts;
    writeln!(
        out,
        "  index      {}, {} of them duplicates",
        counted(counts.index_entries, "entry"),
        counts.index_duplicates
    )?;
    writeln!(
        out,
        "  documents  {} with {}: {}, {}, {} dropped",
        counts.documents,
        counted(counts.operation_entries, "operation entry"),
        counted(counts.endpoints, "endpoint"),
        counted(counts.duplicates, "duplicate"),
        counts.dropped
    )?;
    if let Some(overlay) = &report.overlay {
        let changed: usize = overlay.actions.iter().map(|action| action.matches).sum();
        writeln!(
            out,
            "  overlay    {} on {}",
            counted(overlay.actions.len(), "action"),
            counted(changed, "place")
        )?;
    }
    writeln!(out, "  repaired   {}", listed(&report.repaired))?;
    writeln!(out, "  assumed    {}", listed(&report.assumed))?;
    Ok(())
}

fn listed(counts: &BTreeMap<&'static str, usize>) -> String {
    if counts.is_empty() {
        return "nothing".to_owned();
    }
    let each: Vec<String> = counts
        .iter()
        .map(|(code, count)| format!("{count} {code}"))
        .collect();
    each.join(", ")
}
