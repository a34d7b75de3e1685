//! Merges the lifted documents of one or several listings of a provider: each endpoint once, with
//! every operation entry that describes it.
//!
//! If the entries of an endpoint differ, the first rule that applies selects one:
//!
//! 1. the choice in the configuration,
//! 2. the combined `openapi.md`,
//! 3. the entry that most documents have,
//! 4. of several such entries, the one with a body, more parameters, and fewer repairs,
//! 5. the document that comes first by name, or the listing that comes first.
//!
//! Documents that need not be read, because the combined one has the slug that they are named
//! after, come after all others. So reading all documents and reading the needed ones give the same
//! result.

mod candidate;
mod selection;
mod servers;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Server;

pub(crate) use self::candidate::LiftedListing;
use self::candidate::{Candidate, Rank, Ranked, file_name};
use self::selection::{best, variants, verdict};
use self::servers::{Disputes, Hosts, assign_servers, by_server};
use super::documents::is_needed;
use super::entries::LiftedDocument;
use super::files::COMBINED;
use super::swagger2::Contact;
use gallery_draft::{
    Choice, Choices, DraftEndpoint, EndpointKey, Rule, Verdict, most_frequent_server,
    report_conflict, report_unmatched_choices,
};
use openapi_text::{Diagnostics, Location};

/// The endpoints of a client, each once.
#[derive(Clone, Debug)]
pub(crate) struct Merged {
    /// The API's version in the combined document, else in most documents.
    pub(crate) version: String,
    /// The terms of service, likewise.
    pub(crate) terms_of_service: Option<String>,
    /// The contact, likewise.
    pub(crate) contact: Option<Contact>,
    /// The server of most endpoints.
    pub(crate) server: Server,
    /// Sorted by path, method and server.
    pub(crate) endpoints: Vec<DraftEndpoint>,
}

/// Merges the documents of one or several listings.
pub(crate) fn merge(
    listings: &[LiftedListing<'_>],
    choices: &Choices,
    diagnostics: &mut Diagnostics,
) -> Merged {
    let names: Vec<&str> = listings.iter().map(|listing| listing.name).collect();
    let mut entries: BTreeMap<&EndpointKey, Vec<Candidate<'_>>> = BTreeMap::new();
    let mut ranked: Vec<Ranked<'_>> = Vec::new();
    let mut hosts = Vec::new();
    for (listing, lifted) in listings.iter().enumerate() {
        let combined = lifted
            .documents
            .iter()
            .filter(|document| file_name(&document.file) == COMBINED);
        let covered: BTreeSet<&str> = combined
            .flat_map(|document| document.covered.iter().map(String::as_str))
            .collect();
        let before = ranked.len();
        for document in &lifted.documents {
            let rank = match file_name(&document.file) {
                COMBINED => Rank::Combined,
                name if is_needed(name, &covered) => Rank::Needed,
                _ => Rank::Spare,
            };
            ranked.push((rank, document));
            for entry in &document.entries {
                let endpoint = entry.endpoint.as_ref();
                let candidate = Candidate {
                    rank,
                    listing,
                    file: &document.file,
                    pointer: &entry.pointer,
                    endpoint,
                    server: &endpoint.server,
                };
                entries.entry(&endpoint.key).or_default().push(candidate);
            }
        }
        hosts.push(Hosts::new(lifted, &ranked[before..]));
    }
    let mut unused: BTreeMap<&String, &Choice> = choices.iter().collect();
    let mut disputes = Disputes::default();
    let mut endpoints = Vec::new();
    for (key, mut candidates) in entries {
        candidates.sort_by(|a, b| a.order().cmp(&b.order()));
        let choice = choices.get_key_value(&key.to_string());
        let is_of_server = assign_servers(
            &mut candidates,
            &hosts,
            key,
            choice.map(|(_, choice)| choice),
            &mut disputes,
            diagnostics,
        );
        if let Some((endpoint, _)) = choice.filter(|_| is_of_server) {
            unused.remove(endpoint);
        }
        for (position, group) in by_server(candidates).into_iter().enumerate() {
            let server = (position > 0).then(|| group[0].server.url.clone());
            let key = EndpointKey {
                server,
                ..key.clone()
            };
            let choice = choices.get_key_value(&key.to_string());
            if let Some((endpoint, _)) = choice {
                unused.remove(endpoint);
            }
            let choice = choice
                .map(|(_, choice)| choice)
                .filter(|choice| !choice.is_server());
            endpoints.push(merge_endpoint(key, &group, &names, choice, diagnostics));
        }
    }
    disputes.report(diagnostics);
    let keys = endpoints.iter().map(|endpoint| &endpoint.key);
    report_unmatched_choices(&unused, keys, diagnostics);
    Merged {
        version: of_best_rank(&ranked, |document| {
            Some(document.version.clone()).filter(|version| !version.is_empty())
        })
        .unwrap_or_else(|| "0".to_owned()),
        terms_of_service: of_best_rank(&ranked, |document| document.terms_of_service.clone()),
        contact: of_best_rank(&ranked, |document| document.contact.clone()),
        server: most_frequent_server(
            endpoints.iter().map(|endpoint| &endpoint.server),
            &BTreeSet::new(),
        )
        .unwrap_or_default(),
        endpoints,
    }
}

fn merge_endpoint(
    key: EndpointKey,
    candidates: &[Candidate<'_>],
    listings: &[&str],
    choice: Option<&Choice>,
    diagnostics: &mut Diagnostics,
) -> DraftEndpoint {
    let location = |candidate: &Candidate<'_>| candidate.location(listings);
    let variants = variants(candidates);
    let (mut chosen, mut rule) = best(candidates, &variants);
    if let Some(choice) = choice {
        let files: Vec<String> = candidates
            .iter()
            .map(|candidate| format!("{}/{}", listings[candidate.listing], candidate.file_name()))
            .collect();
        let do_entries_agree = variants.iter().all(|variant| *variant == variants[0]);
        let position = choice.apply(&key, &files, &variants, do_entries_agree, diagnostics);
        if let Some(position) = position {
            (chosen, rule) = (position, Rule::Choice);
        }
    }
    let verdict = verdict(candidates, &variants);
    if verdict == Verdict::Conflict && rule != Rule::Choice {
        let location = Location::pointer(candidates[chosen].file, candidates[chosen].pointer);
        report_conflict(&key, candidates.len(), location, diagnostics);
    }
    let differing = candidates
        .iter()
        .zip(&variants)
        .filter(|(_, variant)| **variant != variants[chosen]);
    let endpoint = candidates[chosen].endpoint;
    DraftEndpoint {
        key,
        path: endpoint.path.clone(),
        server: candidates[chosen].server.clone(),
        operation: endpoint.operation.clone(),
        verdict,
        rule: Some(rule).filter(|_| verdict > Verdict::Identical),
        chosen: location(&candidates[chosen]),
        sources: candidates.iter().map(location).collect(),
        differing: differing
            .map(|(candidate, _)| location(candidate))
            .collect(),
        slug: endpoint.slug.clone(),
        listed_id: endpoint.listed_id.clone(),
        changes: endpoint.changes.clone(),
    }
}

/// Returns the value that most combined documents have, else most needed ones. Spare documents have
/// no say.
fn of_best_rank<T: Ord>(
    documents: &[Ranked<'_>],
    value: impl Fn(&LiftedDocument) -> Option<T>,
) -> Option<T> {
    let of = |rank| {
        documents
            .iter()
            .filter(move |(other, _)| *other == rank)
            .filter_map(|(_, document)| value(document))
    };
    most_frequent(of(Rank::Combined)).or_else(|| most_frequent(of(Rank::Needed)))
}

/// Returns the most frequent value, the first of several.
fn most_frequent<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    for (position, value) in values.enumerate() {
        counts.entry(value).or_insert((0, position)).0 += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, (count, first))| (*count, Reverse(*first)))
        .map(|(value, _)| value)
}
