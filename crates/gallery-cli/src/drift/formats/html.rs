//! A web page for browsers and printers, without scripts.

use maud::{Markup, html};

use super::summary::{Counts, approved, next_version, tally, title, users};
use crate::drift::report::{Comparison, RatedChange, Report};
use crate::escape::plain;
use crate::html::{Page, block, message, messages};

pub(super) fn render(report: &Report) -> String {
    let main = html! {
        h1 { "API differences" }
        (verdict(report))
        @if !report.not_compared.is_empty() {
            h2 { "Not compared" }
            (messages(report.not_compared.iter().map(String::as_str)))
        }
        @for comparison in &report.comparisons {
            (section(comparison, report))
        }
    };
    let page = Page {
        generator: "gallery",
        title: "API differences",
        ..Page::default()
    };
    page.render(&main)
}

/// Returns the result of the run.
fn verdict(report: &Report) -> Markup {
    let fail_on = report.fail_on.name();
    html! {
        p {
            @if report.fails() {
                strong.fails { "Fails" } " with " code { "--fail-on " (fail_on) } "."
            } @else if report.is_identical() {
                strong.passes { "No differences." }
            } @else {
                strong.passes { "Passes" } " with " code { "--fail-on " (fail_on) } "."
            }
        }
    }
}

fn section(comparison: &Comparison, report: &Report) -> Markup {
    let counts = Counts::of(&comparison.changes);
    html! {
        section {
            h2 { (plain(&title(comparison))) }
            p { (tally(comparison)) }
            dl {
                div { dt { "over the wire" } dd { (counts.wire()) } }
                div { dt { "in source" } dd { (counts.source()) } }
                div { dt { "docs" } dd { (counts.docs()) } }
            }
            (messages(comparison.notes.iter().map(String::as_str)))
            @if !comparison.not_compared.is_empty() {
                h3 { "Not compared" }
                (messages(comparison.not_compared.iter().map(String::as_str)))
            }
            @for (group, changes) in comparison.groups() {
                h3 { (plain(&group)) }
                @for rated in changes {
                    (change(rated, report))
                }
            }
            @if !comparison.pending.is_empty() {
                h3 { "Matches nothing upstream" }
                @for pending in &comparison.pending {
                    article.breaking {
                        p { (message(&pending.message)) }
                        p.meta { (plain(&pending.location.to_string())) }
                    }
                }
            }
            @if !comparison.idle_approvals.is_empty() {
                h3 { "Approvals that expired or are not needed" }
                @for idle in &comparison.idle_approvals {
                    article.risky {
                        p { (message(&idle.message)) }
                        p.meta { (plain(&idle.location.to_string())) }
                    }
                }
            }
            @if let Some(next) = &comparison.next_version && !comparison.changes.is_empty() {
                h3 { (next_version(next)) }
                @if next.has_changelog() {
                    pre { (block(&next.advice.changelog)) }
                }
            }
        }
    }
}

fn change(rated: &RatedChange, report: &Report) -> Markup {
    let change = &rated.change;
    let (wire, source) = (change.wire.name(), change.source.name());
    // The border shows the more severe of the two levels.
    let worst = ["breaking", "risky", "safe"]
        .into_iter()
        .find(|level| *level == wire || *level == source)
        .unwrap_or("none");
    html! {
        article class=(worst) {
            p.levels {
                code { (change.rule.id) }
                span class={ "level " (wire) } { "wire " (wire) }
                span class={ "level " (source) } { "source " (source) }
                @if change.docs { span.level.none { "docs" } }
                @if rated.approval.is_some() {
                    strong.passes { "approved" }
                } @else if rated.fails(report.fail_on) {
                    strong.fails { "fails" }
                }
            }
            p { (message(&change.message)) }
            @if let Some(approval) = &rated.approval {
                p { (approved(approval, plain)) }
            }
            p.meta {
                "at " code { (plain(&change.location)) }
                @if let Some(users) = users(change, plain) { br; (users) }
                br;
                @if let Some(at) = &rated.file_location { (plain(&at.to_string())) ", " }
                "fingerprint " code { (change.fingerprint) }
            }
        }
    }
}
