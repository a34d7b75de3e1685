//! The output formats of `drift` and `diff`.
//!
//! Text of documents is untrusted. Each format escapes it with [`escape`](crate::escape).

use std::io::{self, Write};

use clap::ValueEnum;

use super::report::Report;

mod github;
mod html;
mod json;
mod junit;
mod markdown;
mod sarif;
mod summary;
mod text;

/// An output format.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DriftFormat {
    /// Text, with colors on a terminal
    #[default]
    Text,
    /// All data as JSON, described by docs/drift.schema.json
    Json,
    /// Markdown for a pull request or a job summary
    Markdown,
    /// Annotations of files and lines for GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML for Jenkins and GitLab, with a test case for each difference
    Junit,
    /// A web page without scripts and external files
    Html,
}

/// Writes a report in a format.
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
        DriftFormat::Junit => junit::render(report)?,
        DriftFormat::Html => html::render(report),
    };
    out.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests;
