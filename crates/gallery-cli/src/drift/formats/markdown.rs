//! Markdown for pull requests and job summaries: an overview first, documentation changes folded.

use std::fmt::Write;

use gallery_regen::text::counted;
use gallery_spec::command::recommend;
use openapi_drift::{Source, Wire};

use super::summary::{Counts, approved, bump, tally, users};
use crate::drift::report::{Comparison, RatedChange, Report};
use crate::escape::{block, code, message};

/// Maximum size of the output before further differences are only counted. GitHub accepts at most
/// 65,536 characters in the body of a pull request.
const MAX_BYTES: usize = 40_000;

/// Maximum size of a changelog entry. Longer entries are truncated.
const MAX_CHANGELOG_BYTES: usize = 12_000;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    overview(report, &mut out);
    for comparison in report.comparisons.iter().filter(|it| {
        !it.changes.is_empty()
            || !it.pending.is_empty()
            || !it.notes.is_empty()
            || !it.not_compared.is_empty()
            || !it.idle_approvals.is_empty()
    }) {
        section(comparison, report, &mut out);
    }
    out
}

/// Appends a line to a string, which cannot fail.
macro_rules! line {
    ($out:expr, $($text:tt)*) => { let _ = writeln!($out, $($text)*); };
}

/// Writes a table with a row for each comparison.
fn overview(report: &Report, out: &mut String) {
    if report.is_identical() {
        line!(out, "No differences.\n");
    }
    if !report.not_compared.is_empty() {
        let names: Vec<String> = report.not_compared.iter().map(|name| code(name)).collect();
        line!(out, "Not compared: {}.\n", names.join(", "));
    }
    if report.comparisons.is_empty() {
        return;
    }
    line!(
        out,
        "| | over the wire | in source | docs | | next version |\n|---|---|---|---|---|---|"
    );
    for comparison in &report.comparisons {
        let next = comparison
            .next_version
            .as_ref()
            .map_or(String::new(), |next| match bump(next.advice.bump) {
                _ if next.advice.version == next.current => format!("{} stays", next.current),
                bump => format!("{} → {} ({bump})", next.current, next.advice.version),
            });
        let counts = Counts::of(&comparison.changes);
        let pending = match comparison.pending.len() {
            0 => String::new(),
            count => format!(", **{}**", pending(count)),
        };
        line!(
            out,
            "| {} | {} | {} | {} | {}{pending} | {next} |",
            name(comparison),
            emphasized(counts.wire(), comparison.wire() >= Wire::Risky),
            emphasized(counts.source(), comparison.source() == Source::Breaking),
            counts.docs(),
            tally(comparison)
        );
    }
}

fn pending(count: usize) -> String {
    match count {
        1 => "1 overlay action or choice matches nothing".to_owned(),
        count => format!("{count} overlay actions or choices match nothing"),
    }
}

fn name(comparison: &Comparison) -> String {
    code(comparison.client.as_deref().unwrap_or(&comparison.revision))
}

fn wire(level: Wire) -> String {
    emphasized(level.to_string(), level >= Wire::Risky)
}

fn source(level: Source) -> String {
    emphasized(level.to_string(), level == Source::Breaking)
}

fn emphasized(text: String, is_severe: bool) -> String {
    if is_severe {
        format!("**{text}**")
    } else {
        text
    }
}

/// Writes the differences of one comparison.
fn section(comparison: &Comparison, report: &Report, out: &mut String) {
    line!(
        out,
        "\n## {}\n\nFrom {} to {}.",
        name(comparison),
        code(&comparison.base),
        code(&comparison.revision)
    );
    if !comparison.notes.is_empty() {
        line!(out, "");
        comparison.notes.iter().for_each(|note| {
            line!(out, "- {}", message(note));
        });
    }
    if !comparison.not_compared.is_empty() {
        line!(out, "\n### Not compared\n");
        comparison.not_compared.iter().for_each(|part| {
            line!(out, "- {}", message(part));
        });
    }
    let (docs_only, other): (Vec<&RatedChange>, Vec<&RatedChange>) = comparison
        .groups()
        .into_iter()
        .flat_map(|(_, changes)| changes)
        .partition(|rated| rated.is_docs_only());
    if !other.is_empty() {
        line!(
            out,
            "\n| over the wire | in source | location | difference |\n|---|---|---|---|"
        );
        rows(&other, out, |rated| {
            format!(
                "| {} | {} | {} | {}: {}{}{} |",
                wire(rated.change.wire),
                source(rated.change.source),
                code(&rated.change.location),
                code(rated.change.rule.id),
                message(&rated.change.message),
                users(&rated.change, code).map_or(String::new(), |users| format!("; {users}")),
                verdict(rated, report)
            )
        });
    }
    if !comparison.pending.is_empty() {
        line!(out, "\n### Matches nothing upstream\n");
        for pending in &comparison.pending {
            line!(
                out,
                "- {}: {}",
                code(&pending.location.to_string()),
                message(&pending.message)
            );
        }
    }
    if !docs_only.is_empty() {
        line!(
            out,
            "\n<details><summary>{} in documentation only</summary>\n",
            counted(docs_only.len(), "difference")
        );
        line!(out, "| location | difference |\n|---|---|");
        rows(&docs_only, out, |rated| {
            format!(
                "| {} | {}: {}{} |",
                code(&rated.change.location),
                code(rated.change.rule.id),
                message(&rated.change.message),
                verdict(rated, report)
            )
        });
        line!(out, "\n</details>");
    }
    if let Some(next) = comparison
        .next_version
        .as_ref()
        .filter(|next| next.has_changelog())
    {
        line!(out, "\n<details><summary>Changelog entry</summary>\n");
        out.push_str(&block("markdown", &truncate(&next.advice.changelog)));
        line!(out, "\n</details>");
    }
    for idle in &comparison.idle_approvals {
        line!(
            out,
            "\n- {}: {}",
            code(&idle.location.to_string()),
            message(&idle.message)
        );
    }
}

/// Truncates a changelog entry at the end of a line.
fn truncate(text: &str) -> String {
    if text.len() <= MAX_CHANGELOG_BYTES {
        return text.to_owned();
    }
    let mut kept = String::new();
    for line in text.lines() {
        if kept.len() + line.len() > MAX_CHANGELOG_BYTES {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept + "…\n"
}

/// Writes table rows up to [`MAX_BYTES`], followed by the number of omitted rows.
fn rows(changes: &[&RatedChange], out: &mut String, row: impl Fn(&RatedChange) -> String) {
    let mut omitted = 0;
    for rated in changes {
        let row = row(rated);
        if out.len() + row.len() > MAX_BYTES {
            omitted += 1;
        } else {
            line!(out, "{row}");
        }
    }
    if omitted > 0 {
        line!(
            out,
            "\n{}; {} shows all of them.",
            counted(omitted, "more difference"),
            recommend("drift")
        );
    }
}

/// Returns the approval of a difference, or its fingerprint if it fails the run.
fn verdict(rated: &RatedChange, report: &Report) -> String {
    match &rated.approval {
        Some(approval) => format!(" — {}", approved(approval, message)),
        None if rated.fails(report.fail_on) => format!(" ({})", code(&rated.change.fingerprint)),
        None => String::new(),
    }
}
