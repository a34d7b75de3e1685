//! Annotations of GitHub Actions: commands on lines of their own, at files and lines. The worst come first, as GitHub shows ten of a kind.

use openapi_drift::Severity;
use openapi_text::Location;

use super::escape::{command, plain, property};
use super::{tally, users};
use crate::drift::report::{Comparison, Judged, Report};

pub(super) fn render(report: &Report) -> String {
    let mut out = String::new();
    for comparison in &report.comparisons {
        comparison
            .changes
            .iter()
            .for_each(|judged| out.push_str(&change(judged, report)));
        let level = if Severity::Source.fails(report.fail_on) {
            "error"
        } else {
            "warning"
        };
        for pending in &comparison.pending {
            out.push_str(&annotation(
                level,
                at(&pending.location),
                "applies to nothing upstream any more",
                &pending.message,
            ));
        }
        for idle in &comparison.idle {
            out.push_str(&annotation(
                "warning",
                at(&idle.location),
                "approval not needed or over",
                &idle.message,
            ));
        }
        out.push_str(&summary(comparison));
    }
    for name in &report.not_compared {
        out.push_str(&annotation("warning", None, "not compared", name));
    }
    out
}

/// A last line for the log: the level names are ours, so that it begins with no command.
fn summary(comparison: &Comparison) -> String {
    let of = comparison
        .client
        .as_ref()
        .map_or(String::new(), |client| format!(" of {client}"));
    format!(
        "compared{of}: {}; wire {}, source {}\n",
        tally(comparison),
        comparison.wire(),
        comparison.source()
    )
}

fn change(judged: &Judged, report: &Report) -> String {
    let change = &judged.change;
    let level = match &judged.approval {
        Some(_) => "notice",
        None if judged.fails(report.fail_on) => "error",
        None if judged.severity >= Severity::Source => "warning",
        None => "notice",
    };
    let title = format!(
        "{}: wire {}, source {}",
        change.rule.id, change.wire, change.source
    );
    let approved = judged.approval.as_ref().map_or(String::new(), |approval| {
        format!("\napproved: {}", approval.reason)
    });
    let users = users(change, str::to_owned).map_or(String::new(), |users| format!("\n{users}"));
    let text = format!(
        "{}: {} (fingerprint {}){users}{approved}",
        change.location, change.message, change.fingerprint
    );
    let place = judged.at.as_ref().map(|at| (at.file.clone(), at.position));
    annotation(level, place, &title, &text)
}

type At = Option<(String, Option<(usize, usize)>)>;

fn at(place: &Location) -> At {
    Some((place.file.clone(), place.position))
}

fn annotation(level: &str, at: At, title: &str, text: &str) -> String {
    let mut properties = Vec::new();
    if let Some((file, position)) = at {
        properties.push(format!("file={}", property(&plain(&file))));
        if let Some((line, column)) = position {
            properties.extend([format!("line={line}"), format!("col={column}")]);
        }
    }
    properties.push(format!("title={}", property(&plain(title))));
    // Lines are ours; within them nothing of a document ends one.
    let lines: Vec<String> = text.lines().map(plain).collect();
    format!(
        "::{level} {}::{}\n",
        properties.join(","),
        command(&lines.join("\n"))
    )
}
