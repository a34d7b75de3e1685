//! Endpoints whose copies differ over the wire.

use std::collections::{HashMap, HashSet};

use gallery_regen::text::counted;
use gallery_spec::draft::Verdict;
use gallery_spec::report::EndpointReport;
use maud::{Markup, html};

use super::super::diff_view::diff_view;
use super::super::review::Review;
use super::super::snapshot::DocumentCopy;
use super::parts::{conflict_id, folded, link, list, name, reason, short};
use super::section::Section;
use crate::escape::plain;
use crate::html::message;

/// Number of conflicts up to which all of them are unfolded.
const UNFOLDED: usize = 10;

/// The repairs of an endpoint's server.
const SERVER_REPAIRS: [&str; 2] = ["other-server", "tangled-server"];

/// Number of versions of an endpoint that are compared. Each shows the chosen copy again.
const MAX_VERSIONS: usize = 20;

pub(crate) fn conflicts(review: &Review<'_>) -> Section {
    let conflicts: Vec<&EndpointReport> = review
        .report
        .endpoints
        .iter()
        .filter(|endpoint| endpoint.verdict == Verdict::Conflict)
        .collect();
    Section {
        id: "conflicts",
        title: "Conflicts",
        note: "Copies of an endpoint that differ in more than prose. `choices` in \
               specs/gallery.toml selects another copy or another server.",
        count: conflicts.len(),
        body: html! {
            @for endpoint in &conflicts {
                (conflict(review, endpoint, conflicts.len() <= UNFOLDED))
            }
        },
    }
}

fn conflict(review: &Review<'_>, endpoint: &EndpointReport, is_open: bool) -> Markup {
    let copies: Vec<(&str, DocumentCopy)> = endpoint
        .sources
        .iter()
        .map(|source| (source.as_str(), review.snapshot.copy(source)))
        .collect();
    let chosen = copies.iter().find(|(at, _)| *at == endpoint.chosen);
    let chosen = chosen.map_or("", |(_, copy)| &copy.text);
    let differing: HashSet<&str> = endpoint.differing.iter().map(String::as_str).collect();
    let differing = copies.iter().filter(|(at, _)| differing.contains(at));
    let texts = grouped(differing.map(|(at, copy)| (*at, copy.text.as_str())));
    let servers = grouped(copies.iter().map(|(at, copy)| (*at, copy.server.as_str())));
    html! {
        details.item.conflict id=(conflict_id(endpoint)) open[is_open] {
            summary {
                code { (plain(&name(endpoint))) }
                @if !texts.is_empty() {
                    " " span.level.risky { (counted(texts.len() + 1, "version")) }
                }
                @if servers.len() > 1 {
                    " " span.level.risky { (counted(servers.len(), "server")) }
                } @else if texts.is_empty() {
                    " " span.level.risky { "server" }
                }
            }
            p { (link(endpoint)) " has " (counted(endpoint.sources.len(), "copy")) "." }
            @if let Some(rule) = endpoint.rule && !texts.is_empty() {
                p {
                    strong { "Chosen: " } code { (plain(&endpoint.chosen)) } ", because "
                    (message(reason(rule))) "."
                }
            }
            @for (at, (text, places)) in texts.iter().enumerate() {
                h3 { "Differs in " (counted(places.len(), "copy")) }
                (files(endpoint, places))
                @if *text == chosen {
                    p.meta { "The texts are equal; other parts of the documents differ." }
                } @else if at >= MAX_VERSIONS {
                    p.meta { "Only the first " (MAX_VERSIONS) " versions are compared here." }
                } @else {
                    (diff_view([chosen, text], ["chosen", "other"]))
                }
            }
            @if servers.len() > 1 || texts.is_empty() {
                (server_list(review, endpoint, &servers))
            }
        }
    }
}

/// Lists the servers that the documents of the copies name.
fn server_list(
    review: &Review<'_>,
    endpoint: &EndpointReport,
    servers: &[(&str, Vec<&str>)],
) -> Markup {
    let default = review.document.pointer("/servers/0/url");
    let used = endpoint
        .server
        .as_deref()
        .or(default.and_then(|url| url.as_str()))
        .unwrap_or_default();
    let repairs = endpoint.repaired.iter();
    let repairs = repairs.filter(|repair| SERVER_REPAIRS.contains(&repair.code));
    html! {
        h3 { "Servers" }
        p { "Requests go to " code { (plain(used)) } "." }
        @for repair in repairs { p { "Repaired: " (message(&repair.message)) "." } }
        p { "The documents of the copies name:" }
        ul {
            @for (server, places) in servers {
                li { code { (plain(server)) } (files(endpoint, places)) }
            }
        }
    }
}

/// Lists the locations of copies.
fn files(endpoint: &EndpointReport, places: &[&str]) -> Markup {
    let entries: Vec<Markup> = places
        .iter()
        .map(|place| html! { code { (plain(short(endpoint, place))) } })
        .collect();
    folded(
        &counted(places.len(), "copy"),
        places.len(),
        &list(&entries),
    )
}

/// Groups locations by their text, in the order of the first location of each.
fn grouped<'t>(copies: impl Iterator<Item = (&'t str, &'t str)>) -> Vec<(&'t str, Vec<&'t str>)> {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut positions: HashMap<&str, usize> = HashMap::new();
    for (place, text) in copies {
        let position = *positions.entry(text).or_insert(groups.len());
        match groups.get_mut(position) {
            Some((_, places)) => places.push(place),
            None => groups.push((text, vec![place])),
        }
    }
    groups
}
