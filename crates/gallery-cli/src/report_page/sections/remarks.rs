//! Everything that was repaired, assumed, dropped or removed, and the warnings.

use std::collections::BTreeMap;

use gallery_regen::text::counted;
use gallery_spec::report::{EndpointReport, Remark};
use gallery_spec::{documents, listings};
use maud::{Markup, html};
use openapi_text::Severity;

use super::super::review::Review;
use super::parts::{folded, link};
use super::section::Section;
use crate::escape::plain;
use crate::html::message;

pub(crate) fn warnings(review: &Review<'_>) -> Section {
    let warnings: Vec<(&str, Markup)> = review
        .diagnostics
        .of(Severity::Warning)
        .map(|warning| {
            let at = warning.location.to_string();
            (warning.code, located(&warning.message, &at))
        })
        .collect();
    Section {
        id: "warnings",
        title: "Warnings",
        note: "Problems that a person should check.",
        count: warnings.len(),
        body: by_code(warnings),
    }
}

pub(crate) fn dropped(review: &Review<'_>) -> Section {
    let dropped = &review.report.dropped;
    Section {
        id: "dropped",
        title: "Dropped entries",
        note: "Operation entries that the document does not have. docs/dropped.md explains the \
               reasons.",
        count: dropped.len(),
        body: by_code(located_remarks(dropped)),
    }
}

pub(crate) fn reduced(review: &Review<'_>) -> Section {
    let reduced = &review.report.reduced;
    Section {
        id: "reduced",
        title: "Reduced parts",
        note: "Parameters and bodies that were removed from endpoints.",
        count: reduced.len(),
        body: by_code(located_remarks(reduced)),
    }
}

pub(crate) fn assumptions(review: &Review<'_>) -> Section {
    let (count, body) = with_parts(
        by_message(review, |endpoint| &endpoint.assumed),
        &review.report.assumed_parts,
    );
    Section {
        id: "assumptions",
        title: "Assumptions",
        note: "Where the source does not say, the least restrictive reading is used. An overlay \
               adds what is known.",
        count,
        body,
    }
}

pub(crate) fn repairs(review: &Review<'_>) -> Section {
    let (count, body) = with_parts(
        by_message(review, |endpoint| &endpoint.repaired),
        &review.report.repaired_parts,
    );
    Section {
        id: "repairs",
        title: "Repairs",
        note: "Where the source is wrong, and the correction is certain.",
        count,
        body,
    }
}

/// Adds remarks that concern no single endpoint to those on endpoints.
fn with_parts((count, of_endpoints): (usize, Markup), parts: &[Remark]) -> (usize, Markup) {
    let body = html! {
        @if count > 0 { (of_endpoints) }
        @if !parts.is_empty() {
            h3 { "Components and other parts" }
            (by_code(located_remarks(parts)))
        }
    };
    (count + parts.len(), body)
}

fn located_remarks(remarks: &[Remark]) -> Vec<(&str, Markup)> {
    remarks
        .iter()
        .map(|remark| (remark.code, located(&remark.message, &remark.at)))
        .collect()
}

/// Shows a message and its location.
fn located(text: &str, at: &str) -> Markup {
    html! {
        (message(text))
        div.meta { "at " code { (plain(at)) } }
    }
}

/// Groups entries by code.
fn by_code(entries: Vec<(&str, Markup)>) -> Markup {
    let mut groups: BTreeMap<&str, Vec<Markup>> = BTreeMap::new();
    for (code, entry) in entries {
        groups.entry(code).or_default().push(entry);
    }
    html! {
        @for (code, entries) in &groups {
            (group(code, entries.len(), entries))
        }
    }
}

/// Groups remarks on endpoints by code and then by message. Returns their number.
fn by_message<'a>(
    review: &Review<'a>,
    remarks: impl Fn(&'a EndpointReport) -> &'a Vec<Remark>,
) -> (usize, Markup) {
    type Messages<'a> = BTreeMap<&'a str, Vec<&'a EndpointReport>>;
    let mut codes: BTreeMap<&str, Messages<'_>> = BTreeMap::new();
    for endpoint in &review.report.endpoints {
        for remark in remarks(endpoint) {
            let messages = codes.entry(remark.code).or_default();
            messages.entry(&remark.message).or_default().push(endpoint);
        }
    }
    let number = |messages: &Messages<'_>| messages.values().map(Vec::len).sum::<usize>();
    let body = html! {
        @for (code, messages) in &codes {
            (group(code, number(messages), &messages.iter().map(of_endpoints).collect::<Vec<_>>()))
        }
    };
    (codes.values().map(number).sum(), body)
}

/// Shows a message and its endpoints.
fn of_endpoints((text, endpoints): (&&str, &Vec<&EndpointReport>)) -> Markup {
    let count = endpoints.len();
    // A message may concern several parts of one endpoint.
    let mut endpoints = endpoints.clone();
    endpoints.dedup_by_key(|endpoint| &endpoint.operation_id);
    let links = html! {
        p.links { @for endpoint in &endpoints { (link(endpoint)) " " } }
    };
    html! {
        (message(text))
        @if count > 1 { " " span.level.none { "× " (count) } }
        (folded(&counted(endpoints.len(), "endpoint"), endpoints.len(), &links))
    }
}

/// Returns the meaning of a code, if it is that of a repair.
fn meaning(code: &str) -> Option<&'static str> {
    let of_listings = listings::REPAIRS.iter();
    let of_listings = of_listings.map(|repair| (repair.code, repair.meaning));
    let of_documents = documents::REPAIRS.iter();
    let of_documents = of_documents.map(|repair| (repair.code, repair.meaning));
    let mut all = of_listings.chain(of_documents);
    all.find(|(known, _)| *known == code)
        .map(|(_, meaning)| meaning)
}

/// Shows the entries of a code, folded.
fn group(code: &str, count: usize, entries: &[Markup]) -> Markup {
    html! {
        details.group {
            summary {
                code { (code) } " " span.level.none { (count) }
                @if let Some(meaning) = meaning(code) { " " span.meta { (message(meaning)) } }
            }
            ul.entries {
                @for entry in entries { li.item { (entry) } }
            }
        }
    }
}
