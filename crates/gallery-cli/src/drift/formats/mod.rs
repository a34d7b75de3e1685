//! The output formats, one file each. Text of documents is escaped for its format.

use std::io::{self, Write};

use clap::ValueEnum;
use openapi_drift::Bump;
use openapi_drift::Change;

use super::report::{Comparison, Report};
use crate::text::counted;

mod escape;
mod github;
mod json;
mod markdown;
mod sarif;
mod text;

pub(crate) use escape::plain;

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DriftFormat {
    /// Text, with colors on a terminal
    #[default]
    Text,
    /// Everything, as docs/drift.schema.json describes
    Json,
    /// Markdown for a pull request or a job summary
    Markdown,
    /// Annotations for GitHub Actions, at files and lines
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}

/// Writes a report.
pub(crate) fn write(
    report: &Report,
    format: DriftFormat,
    colors: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let text = match format {
        DriftFormat::Text => text::render(report, colors),
        DriftFormat::Json => json::render(report)?,
        DriftFormat::Markdown => markdown::render(report),
        DriftFormat::Github => github::render(report),
        DriftFormat::Sarif => sarif::render(report)?,
    };
    out.write_all(text.as_bytes())
}

/// `3 differences, 1 of them approved`.
fn tally(comparison: &Comparison) -> String {
    let all = counted(comparison.changes.len(), "difference");
    match comparison.approved() {
        0 => all,
        approved => format!("{all}, {approved} of them approved"),
    }
}

/// How many operations are named before the rest are counted.
const MOST_USERS: usize = 3;

/// `used by GET /a, PUT /a and 3 more`, for what stands in a component that operations use.
fn users(change: &Change, shown: impl Fn(&str) -> String) -> Option<String> {
    let named: Vec<String> = change
        .used_by
        .iter()
        .take(MOST_USERS)
        .map(|name| shown(name))
        .collect();
    let more = match change.used_by.len() - named.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!named.is_empty()).then(|| format!("used by {}{more}", named.join(", ")))
}

fn bump(bump: Bump) -> &'static str {
    match bump {
        Bump::None => "none",
        Bump::Patch => "patch",
        Bump::Minor => "minor",
        Bump::Major => "major",
    }
}

#[cfg(test)]
mod tests;
