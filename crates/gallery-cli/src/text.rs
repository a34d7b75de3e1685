//! Text that several commands print.

use std::io::Write;

use anyhow::Result;

use crate::sync::{Stale, Staleness};

/// Returns a count and its noun, such as `1 file` or `2 files`.
///
/// `noun` is singular.
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let (stem, plural) = noun
        .strip_suffix('y')
        .map_or((noun, "s"), |stem| (stem, "ies"));
    if count == 1 {
        format!("1 {noun}")
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
