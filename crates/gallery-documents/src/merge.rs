//! Merges operation entries: each endpoint once, with every entry that describes it.
//!
//! If the entries of an endpoint differ, the first rule that applies selects one:
//!
//! 1. the choice in the configuration,
//! 2. entries of documents that the index names,
//! 3. the entry with the fewest references that lead nowhere,
//! 4. the entry with the most types,
//! 5. the entry that most documents have,
//! 6. the document that comes first by name.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Server;

use crate::entry::Entry;
use crate::fingerprint::Hashes;
use crate::servers;
use crate::usage::Weight;
use gallery_draft::{
    Choice, Choices, EndpointKey, EntryLocation, Rule, Verdict, most_frequent_server,
    report_conflict, report_unmatched_choices,
};
use openapi_text::template::by_position;
use openapi_text::{Diagnostics, Location};

/// All entries, and facts about them besides their content.
pub(crate) struct Facts<'a> {
    /// The name of the file set.
    pub(crate) set: &'a str,
    pub(crate) entries: &'a [Entry],
    pub(crate) classes: &'a [Hashes],
    pub(crate) weights: &'a [Weight],
    /// The path of each unit's file.
    pub(crate) files: &'a [&'a str],
    /// True for units whose document is named by the index.
    pub(crate) in_index: &'a [bool],
    /// The URLs of the servers that documents have at the root.
    pub(crate) root_servers: &'a BTreeSet<String>,
}

/// An endpoint and its entries.
pub(crate) struct Merged {
    pub(crate) key: EndpointKey,
    pub(crate) server: Server,
    pub(crate) verdict: Verdict,
    pub(crate) rule: Option<Rule>,
    /// The position of the chosen entry.
    pub(crate) chosen: usize,
    /// The positions of all entries, in order.
    pub(crate) sources: Vec<usize>,
    /// The positions of those that differ from the chosen one.
    pub(crate) differing: Vec<usize>,
}

impl Facts<'_> {
    pub(crate) fn location(&self, entry: usize) -> EntryLocation {
        let entry = &self.entries[entry];
        EntryLocation {
            file: self.files[entry.unit].to_owned(),
            pointer: entry.pointer.clone(),
            set: self.set.to_owned(),
        }
    }
}

/// Merges all entries. Returns the endpoints, sorted by key.
pub(crate) fn merge(
    facts: &Facts<'_>,
    choices: &Choices,
    diagnostics: &mut Diagnostics,
) -> Vec<Merged> {
    let most_frequent = most_frequent_server(
        facts
            .entries
            .iter()
            .filter_map(|entry| entry.server.as_ref()),
        facts.root_servers,
    );
    let default = most_frequent.unwrap_or_else(servers::unknown);
    let mut by_key: BTreeMap<EndpointKey, Vec<usize>> = BTreeMap::new();
    for (position, entry) in facts.entries.iter().enumerate() {
        by_key.entry(key(entry)).or_default().push(position);
    }
    let mut unused: BTreeMap<&String, &Choice> = choices.iter().collect();
    let mut endpoints = Vec::new();
    for (key, mut entries) in by_key {
        entries.sort_by_key(|&at| {
            let entry = &facts.entries[at];
            (facts.files[entry.unit], &entry.pointer)
        });
        for (position, (server, group)) in
            by_server(facts, &default, entries).into_iter().enumerate()
        {
            let key = EndpointKey {
                server: (position > 0).then(|| server.url.clone()),
                ..key.clone()
            };
            let choice = choices.get_key_value(&key.to_string());
            if let Some((endpoint, _)) = choice {
                unused.remove(endpoint);
            }
            let choice = choice.map(|(_, choice)| choice);
            endpoints.push(merge_endpoint(
                facts,
                key,
                server,
                group,
                choice,
                diagnostics,
            ));
        }
    }
    let keys = endpoints.iter().map(|endpoint| &endpoint.key);
    report_unmatched_choices(&unused, keys, diagnostics);
    endpoints.sort_by(|a, b| a.key.cmp(&b.key));
    endpoints
}

fn key(entry: &Entry) -> EndpointKey {
    let mut path = by_position(&entry.path);
    for (position, name) in entry.query_variables.iter().enumerate() {
        path.push(if position == 0 { '?' } else { '&' });
        path.push_str(name);
    }
    EndpointKey {
        path,
        method: entry.method,
        server: None,
    }
}

/// Groups entries by server. The first group is that of the most frequent server.
fn by_server(
    facts: &Facts<'_>,
    default: &Server,
    entries: Vec<usize>,
) -> Vec<(Server, Vec<usize>)> {
    let mut groups: BTreeMap<&str, (&Server, Vec<usize>)> = BTreeMap::new();
    for entry in entries {
        let server = facts.entries[entry].server.as_ref().unwrap_or(default);
        let group = groups.entry(&server.url).or_insert((server, Vec::new()));
        group.1.push(entry);
    }
    let mut groups: Vec<(&Server, Vec<usize>)> = groups.into_values().collect();
    groups.sort_by_key(|(server, entries)| {
        let is_default = server.url == default.url;
        (!is_default, Reverse(entries.len()), server.url.clone())
    });
    let owned = |(server, entries): (&Server, _)| (server.clone(), entries);
    groups.into_iter().map(owned).collect()
}

fn merge_endpoint(
    facts: &Facts<'_>,
    key: EndpointKey,
    server: Server,
    entries: Vec<usize>,
    choice: Option<&Choice>,
    diagnostics: &mut Diagnostics,
) -> Merged {
    let class = |entry: usize| facts.classes[entry];
    let distinct = |of: &dyn Fn(usize) -> u128| {
        let all: BTreeSet<u128> = entries.iter().map(|&entry| of(entry)).collect();
        all.len()
    };
    let verdict = match (
        entries.len(),
        distinct(&|entry| class(entry).exact),
        distinct(&|entry| class(entry).wire),
    ) {
        (1, _, _) => Verdict::Unique,
        (_, 1, _) => Verdict::Identical,
        (_, _, 1) => Verdict::Equivalent,
        _ => Verdict::Conflict,
    };
    let (mut chosen, mut rule) = best(facts, &entries);
    if let Some(choice) = choice {
        let (files, variants) = candidates(facts, &entries);
        let do_entries_agree = verdict < Verdict::Equivalent;
        let position = choice.apply(&key, &files, &variants, do_entries_agree, diagnostics);
        if let Some(position) = position {
            (chosen, rule) = (entries[position], Rule::Choice);
        }
    }
    if verdict == Verdict::Conflict && rule != Rule::Choice {
        let EntryLocation { file, pointer, .. } = facts.location(chosen);
        let location = Location::pointer(file, pointer);
        report_conflict(&key, entries.len(), location, diagnostics);
    }
    let differing = entries.iter().copied();
    Merged {
        key,
        server,
        verdict,
        rule: Some(rule).filter(|_| verdict > Verdict::Identical),
        chosen,
        differing: differing
            .filter(|&entry| match verdict {
                Verdict::Conflict => class(entry).wire != class(chosen).wire,
                _ => class(entry).exact != class(chosen).exact,
            })
            .collect(),
        sources: entries,
    }
}

/// Returns the files of entries, and for each entry the position of the first one that is equal.
fn candidates(facts: &Facts<'_>, entries: &[usize]) -> (Vec<String>, Vec<usize>) {
    let file = |&entry: &usize| {
        let file = facts.files[facts.entries[entry].unit];
        match facts.set {
            "" => file.to_owned(),
            set => format!("{set}/{file}"),
        }
    };
    let variants = entries
        .iter()
        .map(|&entry| {
            let is_same = |&other: &usize| facts.classes[other].wire == facts.classes[entry].wire;
            entries.iter().position(is_same).unwrap_or(0)
        })
        .collect();
    (entries.iter().map(file).collect(), variants)
}

/// Returns the best entry and the rule that selects it. The entries are sorted by file.
fn best(facts: &Facts<'_>, entries: &[usize]) -> (usize, Rule) {
    let mut rest = entries.to_vec();
    let is_settled = |rest: &[usize]| {
        rest.iter()
            .all(|&entry| facts.classes[entry].wire == facts.classes[rest[0]].wire)
    };
    let mut counts: BTreeMap<u128, usize> = BTreeMap::new();
    for &entry in entries {
        *counts.entry(facts.classes[entry].wire).or_insert(0) += 1;
    }
    let scores: [(Rule, &dyn Fn(usize) -> u64); 4] = [
        (Rule::InIndex, &|entry| {
            u64::from(facts.in_index[facts.entries[entry].unit])
        }),
        (Rule::FewestDangling, &|entry| {
            u64::MAX - facts.weights[entry].dangling
        }),
        (Rule::MostTyped, &|entry| facts.weights[entry].typed),
        (Rule::MostFrequent, &|entry| {
            counts[&facts.classes[entry].wire] as u64
        }),
    ];
    let was_settled = is_settled(&rest);
    for (rule, score) in scores {
        let best = rest.iter().map(|&entry| score(entry)).max();
        rest.retain(|&entry| Some(score(entry)) == best);
        if !was_settled && is_settled(&rest) {
            return (best_prose(facts, &rest), rule);
        }
    }
    (best_prose(facts, &rest), Rule::FirstByName)
}

/// Returns the first of the entries that most others equal in everything.
fn best_prose(facts: &Facts<'_>, entries: &[usize]) -> usize {
    let mut counts: BTreeMap<u128, usize> = BTreeMap::new();
    for &entry in entries {
        *counts.entry(facts.classes[entry].exact).or_insert(0) += 1;
    }
    let most = counts.values().copied().max();
    let is_best = |entry: &&usize| counts.get(&facts.classes[**entry].exact).copied() == most;
    entries.iter().find(is_best).copied().unwrap_or_default()
}
