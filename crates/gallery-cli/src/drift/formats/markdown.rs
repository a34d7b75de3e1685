//! For the body of a pull request and the summary of a job: at one glance first, prose folded.

use std::fmt::Write;

use gallery_spec::command::recommend;
use openapi_drift::{Source, Wire};

use super::escape::{block, code, message};
use super::{bump, tally, users};
use crate::drift::report::{Comparison, Judged, Report};
use crate::text::counted;

/// A body of GitHub has at most 65,536 characters: from here on differences are only counted.
const MOST_BYTES: usize = 40_000;

/// An entry of a changelog that is longer is cut.
const MOST_CHANGELOG_BYTES: usize = 12_000;

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    glance(report, &mut out);
    for comparison in report
        .comparisons
        .iter()
        .filter(|it| !it.changes.is_empty() || !it.pending.is_empty() || !it.notes.is_empty())
    {
        section(comparison, report, &mut out);
    }
    out
}

/// Nothing can fail that writes into a string.
macro_rules! line {
    ($out:expr, $($text:tt)*) => { let _ = writeln!($out, $($text)*); };
}

fn glance(report: &Report, out: &mut String) {
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
            .advised
            .as_ref()
            .map_or(String::new(), |advised| match bump(advised.advice.bump) {
                "none" => format!("{} stays", advised.current),
                bump => format!("{} → {} ({bump})", advised.current, advised.advice.version),
            });
        let pending = match comparison.pending.len() {
            0 => String::new(),
            count => format!(", **{}**", pending(count)),
        };
        line!(
            out,
            "| {} | {} | {} | {} | {}{pending} | {next} |",
            name(comparison),
            wire(comparison.wire()),
            source(comparison.source()),
            docs(comparison.docs()),
            tally(comparison)
        );
    }
}

fn pending(count: usize) -> String {
    match count {
        1 => "1 place of ours applies to nothing".to_owned(),
        count => format!("{count} places of ours apply to nothing"),
    }
}

fn name(comparison: &Comparison) -> String {
    code(comparison.client.as_deref().unwrap_or(&comparison.revision))
}

fn wire(level: Wire) -> String {
    if level >= Wire::Risky {
        format!("**{level}**")
    } else {
        level.to_string()
    }
}

fn source(level: Source) -> String {
    if level == Source::Breaking {
        format!("**{level}**")
    } else {
        level.to_string()
    }
}

fn docs(docs: bool) -> &'static str {
    if docs { "yes" } else { "no" }
}

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
    let (prose, other): (Vec<&Judged>, Vec<&Judged>) = comparison
        .groups()
        .into_iter()
        .flat_map(|(_, of)| of)
        .partition(|judged| judged.is_prose());
    if !other.is_empty() {
        line!(
            out,
            "\n| over the wire | in source | where | what |\n|---|---|---|---|"
        );
        rows(&other, out, |judged| {
            format!(
                "| {} | {} | {} | {}: {}{}{} |",
                wire(judged.change.wire),
                source(judged.change.source),
                code(&judged.change.location),
                code(judged.change.rule.id),
                message(&judged.change.message),
                users(&judged.change, code).map_or(String::new(), |users| format!("; {users}")),
                verdict(judged, report)
            )
        });
    }
    if !comparison.pending.is_empty() {
        line!(out, "\n### Applies to nothing upstream any more\n");
        for pending in &comparison.pending {
            line!(
                out,
                "- {}: {}",
                code(&pending.location.to_string()),
                message(&pending.message)
            );
        }
    }
    if !prose.is_empty() {
        line!(
            out,
            "\n<details><summary>{} that only people who read notice</summary>\n",
            counted(prose.len(), "difference")
        );
        line!(out, "| where | what |\n|---|---|");
        rows(&prose, out, |judged| {
            format!(
                "| {} | {}: {}{} |",
                code(&judged.change.location),
                code(judged.change.rule.id),
                message(&judged.change.message),
                verdict(judged, report)
            )
        });
        line!(out, "\n</details>");
    }
    if let Some(advised) = comparison
        .advised
        .as_ref()
        .filter(|advised| advised.has_entry())
    {
        line!(
            out,
            "\n<details><summary>Entry for the changelog</summary>\n"
        );
        out.push_str(&block("markdown", &cut(&advised.advice.changelog)));
        line!(out, "\n</details>");
    }
    for idle in &comparison.idle {
        line!(
            out,
            "\n- {}: {}",
            code(&idle.location.to_string()),
            message(&idle.message)
        );
    }
}

fn cut(text: &str) -> String {
    if text.len() <= MOST_CHANGELOG_BYTES {
        return text.to_owned();
    }
    let mut kept = String::new();
    for line in text.lines() {
        if kept.len() + line.len() > MOST_CHANGELOG_BYTES {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    kept + "…\n"
}

/// Rows of a table as long as there is room; those that have none are counted behind it.
fn rows(changes: &[&Judged], out: &mut String, row: impl Fn(&Judged) -> String) {
    let mut left = 0;
    for judged in changes {
        let row = row(judged);
        if out.len() + row.len() > MOST_BYTES {
            left += 1;
        } else {
            line!(out, "{row}");
        }
    }
    if left > 0 {
        line!(
            out,
            "\n{} more; {} shows all of them.",
            counted(left, "difference"),
            recommend("drift")
        );
    }
}

fn verdict(judged: &Judged, report: &Report) -> String {
    match &judged.approval {
        Some(approval) => {
            let until = approval
                .until
                .map_or(String::new(), |until| format!(" until {until}"));
            format!(" — approved{until}: {}", message(&approval.reason))
        }
        None if judged.fails(report.fail_on) => format!(" ({})", code(&judged.change.fingerprint)),
        None => String::new(),
    }
}
