//! The page: a summary, links to the sections, a search form, and the sections.

use gallery_regen::text::counted;
use maud::{Markup, html};

use super::review::Review;
use super::sections::section::Section;
use super::sections::{conflicts, endpoints, files, overlay, remarks, untyped};
use crate::escape::plain;
use crate::html::{Page, message};

/// The program that the page names as its generator. Only pages that name it are replaced.
pub(super) const GENERATOR: &str = "gallery report";

const STYLE: &str = include_str!("report.css");
const SCRIPT: &str = include_str!("report.js");

/// The sections of the page, in order. Add further sections here.
const SECTIONS: &[fn(&Review<'_>) -> Section] = &[
    conflicts::conflicts,
    remarks::warnings,
    remarks::dropped,
    remarks::reduced,
    untyped::untyped,
    remarks::assumptions,
    remarks::repairs,
    overlay::overlay,
    endpoints::endpoints,
    files::index,
    files::documents,
    files::referenced,
    files::unread,
];

/// Returns the text of the page.
pub(super) fn page(review: &Review<'_>) -> String {
    let sections: Vec<Section> = SECTIONS.iter().map(|section| section(review)).collect();
    let title = format!("Report on {}", review.client.name);
    let main = html! {
        h1 { (plain(&title)) }
        (summary(review))
        nav aria-label="Sections" {
            ul {
                @for section in &sections {
                    @let content = html! { (section.title) " " strong { (section.count) } };
                    li {
                        @if section.count == 0 {
                            span { (content) }
                        } @else {
                            a href={ "#" (section.id) } { (content) }
                        }
                    }
                }
            }
        }
        // Only the script shows this form, because it does nothing without the script.
        form.search role="search" hidden {
            label for="search" { "Search" }
            input #search type="search" placeholder="words, such as a path or a file" autocomplete="off";
            output #shown for="search" {}
        }
        @for section in sections.iter().filter(|section| section.count > 0) {
            section id=(section.id) {
                h2 { (section.title) " " span.count { (section.count) } }
                p.meta { (message(section.note)) }
                (section.body)
            }
        }
    };
    let page = Page {
        generator: GENERATOR,
        title: &title,
        style: STYLE,
        script: Some(SCRIPT),
    };
    page.render(&main)
}

/// Returns the names of the listings, the servers and the totals.
fn summary(review: &Review<'_>) -> Markup {
    let report = review.report;
    let counts = &report.counts;
    let listings = std::iter::once(&report.source).chain(&report.further_sources);
    let servers = review.document.pointer("/servers");
    let servers = servers
        .and_then(serde_json::Value::as_array)
        .into_iter()
        .flatten();
    html! {
        p {
            "Built from "
            @for (at, listing) in listings.enumerate() {
                @if at > 0 { ", " }
                code { (plain(listing)) }
            }
            @for url in servers.filter_map(|server| server.get("url")?.as_str()) {
                ", for " code { (plain(url)) }
            }
            ". The " (counted(counts.documents, "document")) " with "
            (counted(counts.operation_entries, "operation entry")) " yield "
            (counted(counts.endpoints, "endpoint")) " and "
            (counted(counts.duplicates, "duplicate")) "; "
            (counted(counts.dropped, "entry")) " dropped."
        }
    }
}
