//! Annotations for GitHub Actions, as workflow commands.
//!
//! The most severe differences come first, because GitHub shows only ten annotations of a level.

use openapi_drift::Severity;
use openapi_text::Location;

use super::summary::{Counts, approved, tally, users};
use crate::drift::report::{Comparison, RatedChange, Report};
use crate::escape::{command, plain, property};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    let level = |fails| if fails { "error" } else { "warning" };
    let not_compared = level(report.not_compared_fails());
    for comparison in &report.comparisons {
        comparison
            .changes
            .iter()
            .for_each(|rated| out.push_str(&change(rated, report)));
        for pending in &comparison.pending {
            out.push_str(&annotation(
                level(report.pending_fails()),
                position(&pending.location),
                "matches nothing upstream",
                &pending.message,
            ));
        }
        for idle in &comparison.idle_approvals {
            out.push_str(&annotation(
                "warning",
                position(&idle.location),
                "approval expired or not needed",
                &idle.message,
            ));
        }
        for part in &comparison.not_compared {
            out.push_str(&annotation(not_compared, None, "not compared", part));
        }
        out.push_str(&summary(comparison));
    }
    for name in &report.not_compared {
        out.push_str(&annotation(not_compared, None, "not compared", name));
    }
    out
}

/// Returns the last line of a comparison in the log. It contains no text of the documents.
fn summary(comparison: &Comparison) -> String {
    let client = comparison
        .client
        .as_ref()
        .map_or(String::new(), |client| format!(" {client}"));
    format!(
        "compared{client}: {}; {}\n",
        tally(comparison),
        Counts::of(&comparison.changes)
    )
}

fn change(rated: &RatedChange, report: &Report) -> String {
    let change = &rated.change;
    let level = match &rated.approval {
        Some(_) => "notice",
        None if rated.fails(report.fail_on) => "error",
        None if rated.severity >= Severity::Source => "warning",
        None => "notice",
    };
    let title = format!(
        "{}: wire {}, source {}",
        change.rule.id, change.wire, change.source
    );
    let approved = rated.approval.as_ref().map_or(String::new(), |approval| {
        format!("\n{}", approved(approval, str::to_owned))
    });
    let users = users(change, str::to_owned).map_or(String::new(), |users| format!("\n{users}"));
    let text = format!(
        "{}: {} (fingerprint {}){users}{approved}",
        change.location, change.message, change.fingerprint
    );
    let location = rated
        .file_location
        .as_ref()
        .map(|location| (location.file.clone(), location.position));
    annotation(level, location, &title, &text)
}

/// A file, with a line and a column if known.
type FilePosition = Option<(String, Option<(usize, usize)>)>;

fn position(location: &Location) -> FilePosition {
    Some((location.file.clone(), location.position))
}

fn annotation(level: &str, location: FilePosition, title: &str, text: &str) -> String {
    let mut properties = Vec::new();
    if let Some((file, position)) = location {
        properties.push(format!("file={}", property(&plain(&file))));
        if let Some((line, column)) = position {
            properties.extend([format!("line={line}"), format!("col={column}")]);
        }
    }
    properties.push(format!("title={}", property(&plain(title))));
    // `text` contains line breaks only between lines of this format. Escape each line.
    let lines: Vec<String> = text.lines().map(plain).collect();
    format!(
        "::{level} {}::{}\n",
        properties.join(","),
        command(&lines.join("\n"))
    )
}
