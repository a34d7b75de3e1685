//! Removes the repeats: takes the lifted documents of one or several listings of a provider, gives each endpoint once, with every
//! operation entry that it stands for.
//!
//! The rule when copies differ: what a person chose; the combined `openapi.md`, where it has the endpoint; elsewhere the copy that most
//! documents have; a tie goes to the document whose name sorts first, and to the listing that comes first. Documents that need not be read, because the combined one has
//! the slug that they are named after, come after all others. So reading all and reading what is needed give the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation, Server};
use serde_json::Value;

use crate::choices::no_endpoint;
pub use crate::choices::{Choice, Choices};
use crate::copies::{Lifted, Source};
use crate::documents::is_needed;
use crate::lift::{EndpointKey, LiftedEndpoint};
use crate::store::COMBINED;
use crate::swagger2::Change;
use openapi_text::{Diagnostics, Location, Severity};

/// How much the copies of an endpoint agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// There is one copy.
    Unique,
    /// All copies say the same.
    Identical,
    /// The copies differ in prose and tags only.
    Equivalent,
    /// The copies differ in what goes over the wire.
    Conflict,
}

/// Why one copy was taken and no other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// A person chose it.
    Choice,
    /// It is the combined document's.
    Combined,
    /// Most documents have it.
    MostFrequent,
    /// Its document's name sorts first, or its listing comes first.
    FirstByName,
}

/// One listing's documents, and its name.
#[derive(Clone, Debug)]
pub struct LiftedListing {
    /// `OWNER/REPOSITORY/PROVIDER`.
    pub name: String,
    /// Its documents.
    pub documents: Vec<Lifted>,
}

/// Where a copy stands: listing, file and JSON pointer.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CopyPlace {
    /// File and pointer.
    pub source: Source,
    /// The listing's name.
    pub listing: String,
}

/// The endpoints of a client, each once.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The API's version: the combined document's, else what most documents say.
    pub version: String,
    /// The terms of service, likewise.
    pub terms_of_service: Option<String>,
    /// The server of most endpoints.
    pub server: Server,
    /// Sorted by path, method and server.
    pub endpoints: Vec<MergedEndpoint>,
}

/// One endpoint and where it comes from.
#[derive(Clone, Debug)]
pub struct MergedEndpoint {
    /// What it is known by.
    pub key: EndpointKey,
    /// The path template of the chosen copy.
    pub path: String,
    /// Where it answers.
    pub server: Server,
    /// The operation of the chosen copy.
    pub operation: Operation,
    /// How much the copies agree.
    pub verdict: Verdict,
    /// Why this copy, where they do not.
    pub rule: Option<Rule>,
    /// The chosen copy.
    pub chosen: CopyPlace,
    /// Every copy, the chosen one included, sorted.
    pub sources: Vec<CopyPlace>,
    /// The copies that say something else than the chosen one.
    pub differing: Vec<CopyPlace>,
    /// The slug of the chosen copy.
    pub slug: Option<String>,
    /// `operationId` of the chosen copy, as listed.
    pub listed_id: Option<String>,
    /// What repair did to the chosen copy.
    pub changes: Vec<Change>,
}

/// How near a document is to being believed. Sorts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Combined,
    /// Named after an endpoint that the combined document lacks, or whose host it may not know.
    Needed,
    /// Read for the account only.
    Spare,
}

/// A copy on the way to its endpoint.
#[derive(Clone, Copy)]
struct Candidate<'a> {
    rank: Rank,
    listing: usize,
    source: &'a Source,
    endpoint: &'a LiftedEndpoint,
    /// The server that it is believed to have.
    server: &'a Server,
}

/// Merges the documents of one or several listings.
pub fn merge(
    listings: &[LiftedListing],
    choices: &Choices,
    diagnostics: &mut Diagnostics,
) -> Merged {
    let mut copies: BTreeMap<&EndpointKey, Vec<Candidate<'_>>> = BTreeMap::new();
    let mut ranked = Vec::new();
    for (listing, lifted) in listings.iter().enumerate() {
        let combined = lifted
            .documents
            .iter()
            .filter(|document| is_combined(&document.file));
        let settled: BTreeSet<&str> = combined
            .flat_map(|document| document.settled.iter().map(String::as_str))
            .collect();
        for document in &lifted.documents {
            let rank = match file_name(&document.file) {
                COMBINED => Rank::Combined,
                name if is_needed(name, &settled) => Rank::Needed,
                _ => Rank::Spare,
            };
            ranked.push((rank, document));
            for copy in &document.copies {
                let (source, endpoint) = (&copy.source, copy.endpoint.as_ref());
                let candidate = Candidate {
                    rank,
                    listing,
                    source,
                    endpoint,
                    server: &endpoint.server,
                };
                copies.entry(&endpoint.key).or_default().push(candidate);
            }
        }
    }
    let mut unused: BTreeMap<&String, &Choice> = choices.iter().collect();
    let mut endpoints = Vec::new();
    for (key, mut candidates) in copies {
        candidates.sort_by(|a, b| order(a).cmp(&order(b)));
        believe_servers(&mut candidates);
        for (position, group) in by_server(candidates).into_iter().enumerate() {
            let server = (position > 0).then(|| group[0].server.url.clone());
            let key = EndpointKey {
                server,
                ..key.clone()
            };
            let choice = choices.get_key_value(&key.to_string());
            endpoints.push(endpoint(
                key,
                &group,
                listings,
                choice.map(|(_, choice)| choice),
                diagnostics,
            ));
            choice.map(|(endpoint, _)| unused.remove(endpoint));
        }
    }
    if !unused.is_empty() {
        let keys: Vec<String> = endpoints
            .iter()
            .map(|endpoint| endpoint.key.to_string())
            .collect();
        for (endpoint, choice) in unused {
            diagnostics.push_unmatched(
                "idle-choice",
                choice.place.clone(),
                no_endpoint(endpoint, &keys),
            );
        }
    }
    Merged {
        version: by_rank(&ranked, |document| {
            Some(document.version.clone()).filter(|version| !version.is_empty())
        })
        .unwrap_or_else(|| "0".to_owned()),
        terms_of_service: by_rank(&ranked, |document| document.terms_of_service.clone()),
        server: commonest_server(&endpoints),
        endpoints,
    }
}

fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// By file name; files of the same name in the order of their listings.
fn order<'a>(it: &Candidate<'a>) -> (&'a str, usize, &'a Source) {
    (file_name(&it.source.file), it.listing, it.source)
}

fn is_combined(file: &str) -> bool {
    file_name(file) == COMBINED
}

/// What most documents of the best rank say that say anything. Spare documents are not asked while there are others.
fn by_rank(
    documents: &[(Rank, &Lifted)],
    what: impl Fn(&Lifted) -> Option<String>,
) -> Option<String> {
    let of = |rank| {
        documents
            .iter()
            .filter(move |(other, _)| *other == rank)
            .filter_map(|(_, document)| what(document))
    };
    most_frequent(of(Rank::Combined)).or_else(|| most_frequent(of(Rank::Needed)))
}

/// A document named after one endpoint holds others, whose servers it does not know: those of their own documents and of the combined
/// one are believed.
fn believe_servers(candidates: &mut [Candidate<'_>]) {
    let trusted = |it: &Candidate<'_>| {
        let own = it.endpoint.slug.as_ref().is_some_and(|slug| {
            file_name(&it.source.file).strip_suffix("-openapi.md") == Some(slug)
        });
        match it.rank {
            Rank::Needed if own => Some(0),
            Rank::Combined => Some(1),
            Rank::Needed | Rank::Spare => None,
        }
    };
    // A host that stands in the path is known; its scheme is not.
    let about = |it: &Candidate<'_>| {
        let host = it.endpoint.server_in_path.then(|| {
            it.endpoint
                .server
                .url
                .split_once("://")
                .map(|(_, host)| host.to_owned())
        });
        (it.listing, host)
    };
    let mut believed: BTreeMap<_, (u8, &Server)> = BTreeMap::new();
    for candidate in candidates.iter() {
        let Some(trust) = trusted(candidate) else {
            continue;
        };
        let best = believed
            .entry(about(candidate))
            .or_insert((trust, &candidate.endpoint.server));
        if trust < best.0 {
            *best = (trust, &candidate.endpoint.server);
        }
    }
    for candidate in candidates.iter_mut() {
        if let Some((_, server)) = believed.get(&about(candidate)) {
            candidate.server = server;
        }
    }
}

/// The copies of each server; first those of the server that most copies of the best rank have. What is only spare makes no server.
fn by_server(candidates: Vec<Candidate<'_>>) -> Vec<Vec<Candidate<'_>>> {
    let best = candidates
        .iter()
        .map(|it| it.rank)
        .min()
        .unwrap_or(Rank::Spare);
    let mut urls: BTreeMap<&str, usize> = BTreeMap::new();
    for candidate in candidates
        .iter()
        .filter(|it| it.rank == best || it.rank == Rank::Needed)
    {
        *urls.entry(&candidate.server.url).or_insert(0) += 1;
    }
    let mut order: Vec<(&str, usize)> = urls.into_iter().collect();
    order.sort_by_key(|(url, count)| (Reverse(*count), *url));
    let mut groups: Vec<Vec<Candidate<'_>>> = vec![Vec::new(); order.len()];
    for candidate in candidates {
        let at = order
            .iter()
            .position(|(url, _)| *url == candidate.server.url)
            .unwrap_or(0);
        groups[at].push(candidate);
    }
    groups
}

fn endpoint(
    key: EndpointKey,
    candidates: &[Candidate<'_>],
    listings: &[LiftedListing],
    choice: Option<&Choice>,
    diagnostics: &mut Diagnostics,
) -> MergedEndpoint {
    let place = |it: &Candidate<'_>| CopyPlace {
        source: it.source.clone(),
        listing: listings[it.listing].name.clone(),
    };
    let said = |it: &Candidate<'_>| Location::pointer(&it.source.file, &it.source.pointer);
    let variants = variants(candidates);
    let (mut chosen, mut rule) = best(candidates, &variants);
    if let Some(choice) = choice {
        let copies: Vec<String> = candidates
            .iter()
            .map(|it| {
                format!(
                    "{}/{}",
                    listings[it.listing].name,
                    file_name(&it.source.file)
                )
            })
            .collect();
        match choice.among(&copies, &variants) {
            Ok(position) => {
                (chosen, rule) = (position, Rule::Choice);
                if variants.iter().all(|variant| *variant == variants[chosen]) {
                    let message = format!(
                        "the copies of `{key}` agree, so that the choice changes nothing; it can be removed"
                    );
                    diagnostics.push(
                        Severity::Warning,
                        "needless-choice",
                        choice.place.clone(),
                        message,
                    );
                }
            }
            Err(why) => {
                let message = format!("the choice for `{key}` {why}");
                diagnostics.push_unmatched("idle-choice", choice.place.clone(), message);
            }
        }
    }
    let verdict = verdict(candidates, &variants);
    if verdict == Verdict::Conflict && rule != Rule::Choice {
        let message = format!(
            "{key}: {} copies differ in more than prose; this one was taken",
            candidates.len()
        );
        diagnostics.push(
            Severity::Warning,
            "copies-differ",
            said(&candidates[chosen]),
            message,
        );
    }
    let differing = candidates
        .iter()
        .zip(&variants)
        .filter(|(_, variant)| **variant != variants[chosen]);
    let taken = candidates[chosen].endpoint;
    MergedEndpoint {
        key,
        path: taken.path.clone(),
        server: candidates[chosen].server.clone(),
        operation: taken.operation.clone(),
        verdict,
        rule: Some(rule).filter(|_| verdict > Verdict::Identical),
        chosen: place(&candidates[chosen]),
        sources: candidates.iter().map(place).collect(),
        differing: differing.map(|(it, _)| place(it)).collect(),
        slug: taken.slug.clone(),
        listed_id: taken.listed_id.clone(),
        changes: taken.changes.clone(),
    }
}

/// Which of the copies say the same: for each the position of the first that does.
fn variants(candidates: &[Candidate<'_>]) -> Vec<usize> {
    let mut firsts: Vec<usize> = Vec::new();
    // Entries that are listed alike share their endpoint.
    let same = |a: &LiftedEndpoint, b: &LiftedEndpoint| {
        std::ptr::eq(a, b) || (a.path == b.path && a.operation == b.operation)
    };
    let mut variants = Vec::with_capacity(candidates.len());
    for (position, candidate) in candidates.iter().enumerate() {
        let known = firsts
            .iter()
            .find(|first| same(candidates[**first].endpoint, candidate.endpoint));
        variants.push(known.copied().unwrap_or(position));
        if variants[position] == position {
            firsts.push(position);
        }
    }
    variants
}

/// The copy to take, and why. The candidates are sorted by file name.
fn best(candidates: &[Candidate<'_>], variants: &[usize]) -> (usize, Rule) {
    let rank = candidates
        .iter()
        .map(|it| it.rank)
        .min()
        .unwrap_or(Rank::Spare);
    let ranked = || (0..candidates.len()).filter(|&at| candidates[at].rank == rank);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for position in ranked() {
        *counts.entry(variants[position]).or_insert(0) += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let chosen = ranked()
        .find(|&at| counts.get(&variants[at]) == Some(&most))
        .unwrap_or(0);
    let tied = counts.values().filter(|count| **count == most).count() > 1;
    let rule = match rank {
        Rank::Combined if counts.len() == 1 => Rule::Combined,
        _ if tied => Rule::FirstByName,
        _ => Rule::MostFrequent,
    };
    (chosen, rule)
}

fn verdict(candidates: &[Candidate<'_>], variants: &[usize]) -> Verdict {
    if candidates.len() == 1 {
        return Verdict::Unique;
    }
    let firsts: Vec<usize> = (0..variants.len())
        .filter(|&at| variants[at] == at)
        .collect();
    let servers = candidates
        .iter()
        .any(|it| it.endpoint.server.url != it.server.url);
    if firsts.len() == 1 && !servers {
        return Verdict::Identical;
    }
    let wire: Vec<(&str, Value)> = firsts
        .iter()
        .map(|&at| {
            (
                candidates[at].endpoint.path.as_str(),
                without_prose(&candidates[at].endpoint.operation),
            )
        })
        .collect();
    let same = wire.windows(2).all(|pair| pair[0] == pair[1]);
    if same && !servers {
        Verdict::Equivalent
    } else {
        Verdict::Conflict
    }
}

fn commonest_server(endpoints: &[MergedEndpoint]) -> Server {
    let mut counts: BTreeMap<&str, (usize, &Server)> = BTreeMap::new();
    for endpoint in endpoints {
        counts
            .entry(&endpoint.server.url)
            .or_insert((0, &endpoint.server))
            .0 += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(url, (count, _))| (*count, Reverse(*url)));
    most.map(|(_, (_, server))| server.clone())
        .unwrap_or_default()
}

/// The operation without summaries, descriptions and tags, as text to compare.
fn without_prose(operation: &Operation) -> Value {
    let mut value = serde_json::to_value(operation).unwrap_or_default();
    let strip = |value: Option<&mut Value>, keys: &[&str]| {
        if let Some(Value::Object(map)) = value {
            map.retain(|key, _| !keys.contains(&key.as_str()));
        }
    };
    strip(Some(&mut value), &["summary", "description", "tags"]);
    strip(value.get_mut("requestBody"), &["description"]);
    for parameter in value
        .get_mut("parameters")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        strip(Some(parameter), &["description"]);
    }
    for response in value
        .get_mut("responses")
        .and_then(Value::as_object_mut)
        .into_iter()
        .flat_map(|map| map.values_mut())
    {
        strip(Some(response), &["description"]);
    }
    value
}

/// The value that comes most often; of those that come equally often, the first.
fn most_frequent<T: Ord>(values: impl Iterator<Item = T>) -> Option<T> {
    let mut counts: BTreeMap<T, (usize, usize)> = BTreeMap::new();
    for (position, value) in values.enumerate() {
        counts.entry(value).or_insert((0, position)).0 += 1;
    }
    counts
        .into_iter()
        .max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first)))
        .map(|(value, _)| value)
}

#[cfg(test)]
mod tests;
