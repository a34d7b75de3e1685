//! `cargo xtask regen`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gallery_codegen::generate;
use gallery_codegen::generate::{ClientOutcome, Generated};
use gallery_codegen::sync::{self, Stale};
use gallery_codegen::workspace;
use gallery_spec::diagnostic::Severity;
use gallery_spec::lock::Origin;
use gallery_spec::report::Report;

use crate::{Exit, RegenArgs, counted, print_written};

/// Regenerates, or with `--check` compares.
pub(crate) fn regen(root: &Path, args: &RegenArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<Exit> {
    // A workspace without its settings is told so before anything else is tried.
    workspace::config(root)?;
    let _exclusive = sync::exclusive(root)?;
    if args.check && sync::is_interrupted(root) {
        writeln!(out, "interrupted: a run died while it was writing; run `cargo xtask regen` to finish or undo it")?;
        return Ok(Exit::Stale);
    }
    if let Some(done) = sync::recover(root)? {
        writeln!(out, "a run before this one died while it was writing; {done}")?;
    }
    let generated = generate(&workspace::load(root, args.client.as_deref())?);
    for client in &generated.clients {
        summary(client, args.verbose, out)?;
        for said in client.diagnostics.of(Severity::Error) {
            writeln!(err, "{said}")?;
        }
    }
    if generated.has_errors() {
        let count = generated.clients.iter().map(|client| client.diagnostics.of(Severity::Error).count()).sum();
        writeln!(err, "{}; nothing was written", counted(count, "error"))?;
        return Ok(Exit::Failed);
    }
    if args.client.is_none() {
        for folder in workspace::orphaned_crates(root)? {
            writeln!(out, "no client of {} has the crate {folder} any more; remove the folder", gallery_spec::config::PATH)?;
        }
    }
    let stale = sync::compare(&generated.outputs, root)?;
    if args.check {
        return check(&stale, &generated, args, out);
    }
    sync::write(&stale, &generated.outputs, root)?;
    wrote(&stale, &generated, out)?;
    Ok(Exit::Fine)
}

fn check(stale: &[Stale], generated: &Generated, args: &RegenArgs, out: &mut dyn Write) -> Result<Exit> {
    if stale.is_empty() {
        writeln!(out, "up to date: {}", counted(generated.outputs.files().count(), "file"))?;
        return Ok(Exit::Fine);
    }
    for Stale { path, kind } in stale {
        writeln!(out, "{kind:>8}  {path}")?;
    }
    let only = args.client.as_ref().map(|name| format!(" --client {name}")).unwrap_or_default();
    writeln!(out, "{} stale; run `cargo xtask regen{only}`", counted(stale.len(), "file"))?;
    Ok(Exit::Stale)
}

fn wrote(stale: &[Stale], generated: &Generated, out: &mut dyn Write) -> Result<()> {
    if stale.is_empty() {
        writeln!(out, "nothing to write: {} up to date", counted(generated.outputs.files().count(), "file"))?;
        return Ok(());
    }
    print_written(stale, out)?;
    writeln!(out, "{} written", counted(stale.len(), "file"))?;
    Ok(())
}

/// What went in, what was repeated, repaired and assumed, and what came out.
fn summary(client: &ClientOutcome, verbose: bool, out: &mut dyn Write) -> Result<()> {
    let origin = match client.origin {
        Some(Origin::Transcribed) => ", transcribed: prose in this project's own words",
        Some(Origin::Fetched) | None => "",
    };
    writeln!(out, "{} ({}{origin})", client.config.name, client.config.listing)?;
    if let Some(report) = &client.report {
        counts(report, out)?;
        writeln!(out, "  names      {} given, {} retired", report.counts.endpoints, client.retired)?;
        writeln!(out, "  crate      {}", client.config.crate_dir())?;
    }
    for said in client.diagnostics.iter() {
        let shown = match said.severity {
            Severity::Warning | Severity::Dropped => true,
            Severity::Repaired | Severity::Assumed => verbose,
            // Errors are shown apart.
            Severity::Error => false,
        };
        if shown {
            writeln!(out, "{said}")?;
        }
    }
    Ok(())
}

fn counts(report: &Report, out: &mut dyn Write) -> Result<()> {
    let counts = &report.counts;
    writeln!(out, "  index      {}, {} of them repeats", counted(counts.index_entries, "entry"), counts.index_repeats)?;
    writeln!(
        out,
        "  documents  {} with {}: {}, {}, {} dropped",
        counts.documents,
        counted(counts.operation_entries, "operation entry"),
        counted(counts.endpoints, "endpoint"),
        counted(counts.repeats, "repeat"),
        counts.dropped
    )?;
    writeln!(out, "  repaired   {}", listed(&report.repaired))?;
    writeln!(out, "  assumed    {}", listed(&report.assumed))?;
    Ok(())
}

fn listed(counts: &BTreeMap<&'static str, usize>) -> String {
    if counts.is_empty() {
        return "nothing".to_owned();
    }
    let each: Vec<String> = counts.iter().map(|(code, count)| format!("{count} {code}")).collect();
    each.join(", ")
}
