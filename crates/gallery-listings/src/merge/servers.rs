//! Finds the server of an endpoint where index and documents name several.
//!
//! A document that is named after one endpoint also has others, whose servers it does not know, and
//! the combined document has one server for all endpoints. So the documents named after an endpoint
//! and its index entries are evidence of its server, and then the combined document. If they
//! contradict each other, the host wins that most entries and documents of the listing name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Server;

use super::candidate::{Candidate, LiftedListing, Rank, Ranked};
use gallery_draft::{Choice, EndpointKey};
use openapi_text::{Diagnostics, Location, Severity};

/// The hosts that the documents and the index of one listing name.
#[derive(Debug)]
pub(super) struct Hosts<'a> {
    /// The number of entries and documents that name each host.
    counts: BTreeMap<&'a str, usize>,
    /// The hosts of documents, and how many documents have one.
    documents: (BTreeSet<&'a str>, usize),
    /// True if all entries and documents that count have the same host.
    is_unanimous: bool,
}

impl<'a> Hosts<'a> {
    /// Counts the hosts of a listing. Documents that need not be read do not count.
    pub(super) fn new(listing: &'a LiftedListing<'_>, ranked: &[Ranked<'a>]) -> Hosts<'a> {
        let counted = || ranked.iter().filter(|(rank, _)| *rank != Rank::Spare);
        let documents: Vec<&str> = counted()
            .filter_map(|(_, document)| document.host.as_deref())
            .collect();
        let mut counts = BTreeMap::new();
        let entries = listing.index_hosts.iter().map(String::as_str);
        for host in entries.chain(documents.iter().copied()) {
            *counts.entry(host).or_insert(0) += 1;
        }
        let count = documents.len();
        Hosts {
            is_unanimous: counts.len() < 2 && count == counted().count(),
            counts,
            documents: (documents.into_iter().collect(), count),
        }
    }

    fn count(&self, server: &Server) -> usize {
        self.counts.get(host(server)).copied().unwrap_or(0)
    }

    /// Returns true if several documents have the same host, and no document has another one.
    fn agree(&self) -> bool {
        let (hosts, count) = &self.documents;
        hosts.len() == 1 && *count > 1
    }
}

/// The server of an endpoint, and the servers that were named for it if they contradict each other.
struct Decision<'a> {
    server: &'a Server,
    disputed: Vec<&'a Server>,
}

/// Decides the server of the candidates of one listing, or leaves each candidate its own.
fn decide<'a>(candidates: &[Candidate<'a>], hosts: &Hosts<'_>) -> Option<Decision<'a>> {
    let own = candidates
        .iter()
        .find(|candidate| candidate.rank == Rank::Needed && candidate.is_own());
    let combined = || {
        candidates
            .iter()
            .find(|candidate| candidate.rank == Rank::Combined)
    };
    let trusted = own.or_else(combined);
    let first = trusted.or(candidates.first())?;
    let stated = first.endpoint.document_server.as_ref().filter(is_real);
    let listed = &first.endpoint.index_servers;
    let named: Vec<&Server> = listed.iter().filter(is_real).collect();
    let settled = |server| {
        Some(Decision {
            server,
            disputed: Vec::new(),
        })
    };
    let Some(indexed) = named.first().copied() else {
        // The host of a document that only happens to have the endpoint says nothing about it.
        let unknown = listed.first().filter(|_| own.is_none());
        return match (unknown, stated) {
            (Some(hostless), _) if !hosts.is_unanimous => settled(hostless),
            (Some(hostless), Some(stated)) if path(hostless) == path(stated) => settled(stated),
            _ => settled(&trusted?.endpoint.server),
        };
    };
    let is_named = |stated: &Server| named.iter().any(|named| host(named) == host(stated));
    let contradicts = own.is_some()
        || (hosts.agree() && named.iter().all(|it| !hosts.documents.0.contains(host(it))));
    let server_of = |server: &'a Server| match same_place(server, &first.endpoint.server) {
        true => &first.endpoint.server,
        false => server,
    };
    match stated {
        Some(stated) if contradicts && !is_named(stated) => {
            let mut disputed = named.clone();
            disputed.push(stated);
            let best = disputed
                .iter()
                .rev()
                .max_by_key(|server| hosts.count(server))?;
            Some(Decision {
                server: server_of(best),
                disputed,
            })
        }
        _ if named.len() == 1 => settled(server_of(indexed)),
        _ => {
            let likeness = |server: &&&Server| {
                (
                    stated.is_some_and(|stated| host(stated) == host(server)),
                    stated.is_some_and(|stated| same_place(stated, server)),
                    hosts.count(server),
                )
            };
            let best = named.iter().rev().max_by_key(likeness)?;
            Some(Decision {
                server: server_of(best),
                disputed: named.clone(),
            })
        }
    }
}

/// Contradictions between index and documents, to report each once for all of its endpoints.
#[derive(Debug, Default)]
pub(super) struct Disputes {
    by_servers: BTreeMap<(String, Vec<String>), (usize, EndpointKey, Location)>,
}

impl Disputes {
    fn add(&mut self, decision: &Decision<'_>, key: &EndpointKey, location: Location) {
        let others = decision
            .disputed
            .iter()
            .filter(|server| !same_place(server, decision.server))
            .map(|server| server.url.clone())
            .collect();
        self.by_servers
            .entry((decision.server.url.clone(), others))
            .or_insert_with(|| (0, key.clone(), location))
            .0 += 1;
    }

    /// Warns about each contradiction.
    pub(super) fn report(self, diagnostics: &mut Diagnostics) {
        for ((server, others), (count, key, location)) in self.by_servers {
            let of = match count {
                1 => format!("`{key}`"),
                _ => format!("{count} endpoints such as `{key}`"),
            };
            let others: Vec<String> = others.iter().map(|url| format!("`{url}`")).collect();
            let message = format!(
                "index and documents name several servers for {of}: `{server}` is used, which most entries and documents name, not {}; write the server as the choice of an endpoint to select another",
                others.join(" or ")
            );
            diagnostics.push(Severity::Warning, "disputed-server", location, message);
        }
    }
}

/// Gives each candidate of an endpoint the server that its listing names for it, or the one that
/// `choice` names. Returns true if the choice names a server.
pub(super) fn assign_servers(
    candidates: &mut [Candidate<'_>],
    hosts: &[Hosts<'_>],
    key: &EndpointKey,
    choice: Option<&Choice>,
    disputes: &mut Disputes,
    diagnostics: &mut Diagnostics,
) -> bool {
    // A host that is part of the path is certain; its scheme is not.
    let group = |candidate: &Candidate<'_>| {
        let endpoint = candidate.endpoint;
        let host = endpoint
            .server_in_path
            .then(|| host_and_path(&endpoint.server));
        (candidate.listing, host.map(str::to_owned))
    };
    let mut groups: BTreeMap<_, Vec<Candidate<'_>>> = BTreeMap::new();
    for candidate in candidates.iter() {
        groups.entry(group(candidate)).or_default().push(*candidate);
    }
    let mut decisions = BTreeMap::new();
    let mut named: BTreeMap<&str, &Server> = BTreeMap::new();
    for (group, members) in groups {
        for member in &members {
            let endpoint = member.endpoint;
            let servers = endpoint
                .index_servers
                .iter()
                .chain(&endpoint.document_server);
            named.extend(servers.map(|server| (server.url.as_str(), server)));
        }
        if let Some(decision) = decide(&members, &hosts[group.0]) {
            decisions.insert(group, decision);
        }
    }
    if let Some(choice) = choice.filter(|choice| choice.is_server()) {
        if let Some(server) = named.get(choice.file.trim_end_matches('/')) {
            candidates
                .iter_mut()
                .filter(|candidate| !candidate.endpoint.server_in_path)
                .for_each(|candidate| candidate.server = server);
        } else {
            let urls: Vec<String> = named.keys().map(|url| format!("`{url}`")).collect();
            let message = format!(
                "the choice for `{key}` names `{}`, which neither the index nor a document names for it; choose one of {}",
                choice.file,
                urls.join(", ")
            );
            diagnostics.push_unmatched("idle-choice", choice.place.clone(), message);
        }
        return true;
    }
    for decision in decisions.values().filter(|it| !it.disputed.is_empty()) {
        if let Some(first) = candidates.first() {
            let location = Location::pointer(first.file, first.pointer);
            disputes.add(decision, key, location);
        }
    }
    for candidate in candidates.iter_mut() {
        if let Some(decision) = decisions.get(&group(candidate)) {
            candidate.server = decision.server;
        }
    }
    false
}

/// Groups candidates by server. The first group is that of the server which most candidates of the
/// best rank have. Spare candidates alone do not make a group.
pub(super) fn by_server(candidates: Vec<Candidate<'_>>) -> Vec<Vec<Candidate<'_>>> {
    let best = candidates
        .iter()
        .map(|candidate| candidate.rank)
        .min()
        .unwrap_or(Rank::Spare);
    let mut urls: BTreeMap<&str, usize> = BTreeMap::new();
    for candidate in candidates
        .iter()
        .filter(|candidate| candidate.rank == best || candidate.rank == Rank::Needed)
    {
        *urls.entry(&candidate.server.url).or_insert(0) += 1;
    }
    let mut order: Vec<(&str, usize)> = urls.into_iter().collect();
    order.sort_by_key(|(url, count)| (Reverse(*count), *url));
    let mut groups: Vec<Vec<Candidate<'_>>> = vec![Vec::new(); order.len()];
    for candidate in candidates {
        let position = order
            .iter()
            .position(|(url, _)| *url == candidate.server.url)
            .unwrap_or(0);
        groups[position].push(candidate);
    }
    groups
}

/// Returns the host and the path of a server's URL.
fn host_and_path(server: &Server) -> &str {
    server
        .url
        .split_once("://")
        .map_or(server.url.as_str(), |(_, rest)| rest)
}

fn host(server: &Server) -> &str {
    let rest = host_and_path(server);
    rest.split('/').next().unwrap_or(rest)
}

fn path(server: &Server) -> &str {
    &host_and_path(server)[host(server).len()..]
}

/// Returns true if two servers differ at most in their schemes.
fn same_place(a: &Server, b: &Server) -> bool {
    host_and_path(a) == host_and_path(b)
}

/// Returns true if the host of a server is not a placeholder.
fn is_real(server: &&Server) -> bool {
    server.variables.is_none()
}
