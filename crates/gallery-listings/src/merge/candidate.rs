//! Operation entries that compete to describe an endpoint.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use openapiv3::Server;

use crate::files::own_slug;
use crate::lift::LiftedEndpoint;
use gallery_draft::EntryLocation;

/// The trust in a document. The most trusted sorts first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// The combined document.
    Combined,
    /// Named after an endpoint that the combined document lacks, or whose host it may not have.
    Needed,
    /// Read for the account only.
    Spare,
}

/// An operation entry of an endpoint.
#[derive(Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) rank: Rank,
    /// The position of its listing.
    pub(super) listing: usize,
    pub(super) file: &'a str,
    pub(super) pointer: &'a str,
    pub(super) endpoint: &'a LiftedEndpoint,
    /// Its server, once [`trust_servers`] has corrected it.
    pub(super) server: &'a Server,
}

impl<'a> Candidate<'a> {
    pub(super) fn file_name(&self) -> &'a str {
        file_name(self.file)
    }

    pub(super) fn location(&self, listings: &[&str]) -> EntryLocation {
        EntryLocation {
            file: self.file.to_owned(),
            pointer: self.pointer.to_owned(),
            set: listings[self.listing].to_owned(),
        }
    }

    /// Sorts by file name; files of the same name in the order of their listings.
    pub(super) fn order(&self) -> (&'a str, usize, &'a str, &'a str) {
        (self.file_name(), self.listing, self.file, self.pointer)
    }
}

pub(super) fn file_name(file: &str) -> &str {
    file.rsplit('/').next().unwrap_or(file)
}

/// Gives each candidate the server of the most trusted one.
///
/// A document that is named after one endpoint also has others, whose servers it does not know.
/// Only the documents named after them and the combined one are trusted.
pub(super) fn trust_servers(candidates: &mut [Candidate<'_>]) {
    let trust = |candidate: &Candidate<'_>| {
        let is_own = candidate
            .endpoint
            .slug
            .as_ref()
            .is_some_and(|slug| own_slug(candidate.file_name()) == Some(slug));
        match candidate.rank {
            Rank::Needed if is_own => Some(0),
            Rank::Combined => Some(1),
            Rank::Needed | Rank::Spare => None,
        }
    };
    // A host that is part of the path is certain; its scheme is not.
    let group = |candidate: &Candidate<'_>| {
        let host = candidate.endpoint.server_in_path.then(|| {
            candidate
                .endpoint
                .server
                .url
                .split_once("://")
                .map(|(_, host)| host.to_owned())
        });
        (candidate.listing, host)
    };
    let mut trusted: BTreeMap<_, (u8, &Server)> = BTreeMap::new();
    for candidate in candidates.iter() {
        let Some(trust) = trust(candidate) else {
            continue;
        };
        let best = trusted
            .entry(group(candidate))
            .or_insert((trust, &candidate.endpoint.server));
        if trust < best.0 {
            *best = (trust, &candidate.endpoint.server);
        }
    }
    for candidate in candidates.iter_mut() {
        if let Some((_, server)) = trusted.get(&group(candidate)) {
            candidate.server = server;
        }
    }
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
