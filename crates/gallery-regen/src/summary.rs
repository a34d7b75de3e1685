//! Prints the result of one client.

use std::collections::BTreeMap;
use std::io::Write;

use anyhow::Result;
use gallery_codegen::generate::ClientOutcome;
use gallery_spec::lock::Origin;
use gallery_spec::report::Report;
use openapi_text::Severity;

use crate::text::counted;

/// Prints the counts of a client, and its diagnostics.
pub(crate) fn summary(client: &ClientOutcome, verbose: bool, out: &mut dyn Write) -> Result<()> {
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
    // A document without an index has no entries.
    if counts.index_entries > 0 {
        writeln!(
            out,
            "  index      {}, {} of them duplicates",
            counted(counts.index_entries, "entry"),
            counts.index_duplicates
        )?;
    }
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
    if !report.client_reductions.is_empty() {
        let parts = &report.client_reductions;
        writeln!(out, "  reduced    {}", counted(parts.len(), "part"))?;
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
