//! Every endpoint, with its sources, repairs and assumptions.

use std::collections::HashSet;

use gallery_regen::text::counted;
use gallery_spec::draft::Verdict;
use gallery_spec::report::{EndpointReport, Remark};
use maud::{Markup, html};

use super::super::review::Review;
use super::super::snapshot::split;
use super::parts::{conflict_id, folded, id, list, name, reason, short};
use super::section::Section;
use crate::escape::plain;
use crate::html::message;

/// The properties that endpoints can be filtered by: the value in the page, and the label.
const FILTERS: [(&str, &str); 5] = [
    ("conflict", "Conflicts"),
    ("prose", "Differences in prose"),
    ("untyped", "Untyped parts"),
    ("assumed", "Assumptions"),
    ("repaired", "Repairs"),
];

pub(crate) fn endpoints(review: &Review<'_>) -> Section {
    let endpoints = &review.report.endpoints;
    let untyped = review.any_json_of_endpoints();
    Section {
        id: "endpoints",
        title: "Endpoints",
        note: "Every endpoint with the files that describe it. The copy in bold is the chosen \
               one.",
        count: endpoints.len(),
        body: html! {
            fieldset.filters hidden {
                legend { "Only endpoints with" }
                @for (value, label) in FILTERS {
                    label { input type="checkbox" name="has" value=(value); " " (label) }
                }
            }
            @for endpoint in endpoints {
                @let untyped = untyped.get(endpoint.operation_id.as_str());
                (one(endpoint, untyped.copied().unwrap_or(0)))
            }
        },
    }
}

fn one(endpoint: &EndpointReport, untyped: usize) -> Markup {
    let badges = [
        (
            "conflict",
            usize::from(endpoint.verdict == Verdict::Conflict),
        ),
        (
            "prose",
            usize::from(endpoint.verdict == Verdict::Equivalent),
        ),
        ("untyped", untyped),
        ("assumed", endpoint.assumed.len()),
        ("repaired", endpoint.repaired.len()),
    ];
    let badges: Vec<(&str, usize)> = badges.into_iter().filter(|(_, count)| *count > 0).collect();
    let has: Vec<&str> = badges.iter().map(|(badge, _)| *badge).collect();
    html! {
        details.item.endpoint id=(id(endpoint)) data-has=(has.join(" ")) {
            summary {
                code { (plain(&name(endpoint))) }
                @for (badge, count) in &badges {
                    " "
                    @match *badge {
                        "conflict" => span.level.risky { "conflict" },
                        "prose" => span.level.none { "prose differs" },
                        badge => span.level.none { (count) " " (badge) },
                    }
                }
            }
            p.meta {
                "operation " code { (plain(&endpoint.operation_id)) }
                @for (title, text) in [
                    ("in the source", &endpoint.listed_operation_id),
                    ("slug", &endpoint.slug),
                    ("server", &endpoint.server),
                ] {
                    @if let Some(text) = text { ", " (title) " " code { (plain(text)) } }
                }
            }
            (sources(endpoint))
            (remarks("Assumptions", endpoint, &endpoint.assumed))
            (remarks("Repairs", endpoint, &endpoint.repaired))
        }
    }
}

fn sources(endpoint: &EndpointReport) -> Markup {
    let differing: HashSet<&String> = endpoint.differing.iter().collect();
    let entries: Vec<Markup> = endpoint
        .sources
        .iter()
        .map(|source| {
            html! {
                @if *source == endpoint.chosen {
                    strong { code { (plain(source)) } }
                } @else {
                    code { (plain(short(endpoint, source))) }
                    @if differing.contains(source) { " " span.level.risky { "differs" } }
                }
            }
        })
        .collect();
    html! {
        h3 { (counted(entries.len(), "source")) ": " (verdict(endpoint.verdict)) }
        @if let Some(rule) = endpoint.rule {
            p.meta {
                "The copy in bold is used, because " (message(reason(rule))) "."
                @if endpoint.verdict == Verdict::Conflict {
                    " " a href={ "#" (conflict_id(endpoint)) } { "Compare the copies" }
                }
            }
        }
        (folded(&counted(entries.len(), "copy"), entries.len(), &list(&entries)))
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Unique => "the only copy",
        Verdict::Identical => "identical copies",
        Verdict::Equivalent => "copies that differ in prose",
        Verdict::Conflict => "copies that conflict",
    }
}

fn remarks(title: &str, endpoint: &EndpointReport, remarks: &[Remark]) -> Markup {
    html! {
        @if !remarks.is_empty() {
            h3 { (title) }
            ul {
                @for remark in remarks {
                    li {
                        (message(&remark.message)) " "
                        small {
                            "(" (remark.code)
                            @match within(endpoint, &remark.at) {
                                "" => {},
                                at => { " at " (plain(at)) },
                            }
                            ")"
                        }
                    }
                }
            }
        }
    }
}

/// Returns the location of a remark, relative to the chosen copy if it is in there.
fn within<'a>(endpoint: &EndpointReport, at: &'a str) -> &'a str {
    let (file, pointer) = split(&endpoint.chosen);
    let rest = at
        .strip_prefix(file)
        .and_then(|rest| rest.strip_prefix('#')?.strip_prefix(pointer));
    match rest {
        Some("") => "",
        Some(rest) => rest.strip_prefix('/').unwrap_or(at),
        None => at,
    }
}
