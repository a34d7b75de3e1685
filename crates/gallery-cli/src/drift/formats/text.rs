//! Plain text for terminals and logs, grouped by endpoint, the most severe first.

use std::fmt::Write;

use anstyle::Style;
use gallery_regen::terminal::{self, BOLD, DIM, GREEN, RED, YELLOW};
use openapi_drift::{Source, Wire};

use super::summary::{Counts, approved, next_version, tally, title, users};
use crate::drift::report::{Comparison, RatedChange, Report};
use crate::escape::plain;

pub(super) fn render(report: &Report, colors: bool) -> String {
    let mut text = Text {
        out: String::new(),
        colors,
    };
    for comparison in &report.comparisons {
        text.comparison(comparison, report);
    }
    for client in &report.not_compared {
        let title = text.paint(YELLOW, "not compared");
        text.line(&format!("{}: {title}", plain(client)));
    }
    text.out
}

/// The text of a report, while it is being rendered.
struct Text {
    out: String,
    colors: bool,
}

impl Text {
    fn paint(&self, style: Style, text: &str) -> String {
        if self.colors {
            terminal::paint(style, text)
        } else {
            text.to_owned()
        }
    }

    fn line(&mut self, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.out, "{text}");
    }

    fn comparison(&mut self, comparison: &Comparison, report: &Report) {
        let title = self.paint(BOLD, &plain(&title(comparison)));
        self.line(&title);
        for note in &comparison.notes {
            self.line(&format!("  {}", plain(note)));
        }
        for part in &comparison.not_compared {
            let part = self.paint(YELLOW, &plain(part));
            self.line(&format!("  {part}"));
        }
        self.line(&format!("  {}", tally(comparison)));
        if !comparison.changes.is_empty() {
            self.line(&format!("  {}", Counts::of(&comparison.changes)));
        }
        for (group, changes) in comparison.groups() {
            let group = self.paint(BOLD, &plain(&group));
            self.line(&format!("\n  {group}"));
            changes
                .into_iter()
                .for_each(|rated| self.change(rated, report));
        }
        if !comparison.pending.is_empty() {
            let title = self.paint(BOLD, "matches nothing upstream");
            self.line(&format!("\n  {title}"));
            for pending in &comparison.pending {
                let message = self.paint(RED, &plain(&pending.message));
                self.line(&format!(
                    "    {message}\n      {}",
                    plain(&pending.location.to_string())
                ));
            }
        }
        self.next_version(comparison);
    }

    fn levels(&self, wire: Wire, source: Source, docs: bool) -> String {
        let style = |is_breaking, is_none| match (is_breaking, is_none) {
            (true, _) => RED,
            (_, true) => DIM,
            (false, false) => GREEN,
        };
        let on_wire = if wire == Wire::Risky {
            YELLOW
        } else {
            style(wire == Wire::Breaking, wire == Wire::None)
        };
        let in_source = style(source == Source::Breaking, source == Source::None);
        let docs = if docs { ", docs" } else { "" };
        format!(
            "{}, {}{docs}",
            self.paint(on_wire, &format!("wire {wire}")),
            self.paint(in_source, &format!("source {source}"))
        )
    }

    fn change(&mut self, rated: &RatedChange, report: &Report) {
        let change = &rated.change;
        let levels = self.levels(change.wire, change.source, change.docs);
        let verdict = match &rated.approval {
            Some(_) => self.paint(GREEN, "  approved"),
            None if rated.fails(report.fail_on) => self.paint(RED, "  fails"),
            None => String::new(),
        };
        self.line(&format!("    {}  {levels}{verdict}", change.rule.id));
        self.line(&format!("      at {}", plain(&change.location)));
        if let Some(users) = users(change, plain) {
            self.line(&format!("      {users}"));
        }
        self.line(&format!("      {}", plain(&change.message)));
        let at = rated
            .file_location
            .as_ref()
            .map_or(String::new(), |at| format!("{}  ", plain(&at.to_string())));
        let at = self.paint(DIM, &format!("{at}fingerprint {}", change.fingerprint));
        self.line(&format!("      {at}"));
        if let Some(approval) = &rated.approval {
            self.line(&format!("      {}", approved(approval, plain)));
        }
    }

    fn next_version(&mut self, comparison: &Comparison) {
        let Some(next) = comparison
            .next_version
            .as_ref()
            .filter(|_| !comparison.changes.is_empty())
        else {
            return;
        };
        let title = self.paint(BOLD, &next_version(next));
        self.line(&format!("\n  {title}"));
        if !next.has_changelog() {
            return;
        }
        for line in next.advice.changelog.trim_end().lines() {
            self.line(format!("    {}", plain(line)).trim_end());
        }
    }
}
