//! Sentences and lines that several commands print.

use std::io::Write;

use anyhow::Result;

use crate::sync::{Stale, Staleness};

/// Returns a count with its noun: `1 file`, `2 files`.
pub(crate) fn counted(count: usize, what: &str) -> String {
    let (stem, plural) = what
        .strip_suffix('y')
        .map_or((what, "s"), |stem| (stem, "ies"));
    if count == 1 {
        format!("1 {what}")
    } else {
        format!("{count} {stem}{plural}")
    }
}

/// Prints a line for each file that was written or removed.
pub(crate) fn print_written(stale: &[Stale], out: &mut dyn Write) -> Result<()> {
    for Stale { path, kind } in stale {
        let done = match kind {
            Staleness::Missing => "new",
            Staleness::Changed => "changed",
            Staleness::Orphaned => "removed",
        };
        writeln!(out, "{done:>8}  {path}")?;
    }
    Ok(())
}
