//! Compares the candidates of an endpoint and selects one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{Operation, RequestBody};
use serde_json::Value;

use super::candidate::{Candidate, Rank};
use crate::lift::{LiftedEndpoint, UNLISTED_BODY};
use gallery_draft::{ASSUMED, Rule, Verdict};
use openapi_text::Severity;

/// Returns for each candidate the position of the first one that is equal to it.
pub(super) fn variants(candidates: &[Candidate<'_>]) -> Vec<usize> {
    let mut firsts: Vec<usize> = Vec::new();
    // Equal entries usually share their endpoint.
    let is_same = |a: &LiftedEndpoint, b: &LiftedEndpoint| {
        std::ptr::eq(a, b) || (a.path == b.path && a.operation == b.operation)
    };
    let mut variants = Vec::with_capacity(candidates.len());
    for (position, candidate) in candidates.iter().enumerate() {
        let first = firsts
            .iter()
            .find(|first| is_same(candidates[**first].endpoint, candidate.endpoint));
        variants.push(first.copied().unwrap_or(position));
        if variants[position] == position {
            firsts.push(position);
        }
    }
    variants
}

/// Returns the position of the best candidate and the rule that selects it. The candidates are
/// sorted by file name.
pub(super) fn best(candidates: &[Candidate<'_>], variants: &[usize]) -> (usize, Rule) {
    let rank = candidates
        .iter()
        .map(|candidate| candidate.rank)
        .min()
        .unwrap_or(Rank::Spare);
    let of_rank = || (0..candidates.len()).filter(|&position| candidates[position].rank == rank);
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for position in of_rank() {
        *counts.entry(variants[position]).or_insert(0) += 1;
    }
    let most = counts.values().copied().max().unwrap_or(0);
    let tied = || of_rank().filter(|position| counts.get(&variants[*position]) == Some(&most));
    let completeness = |position: usize| completeness(candidates[position].endpoint);
    let highest = tied().map(completeness).max();
    let best = tied()
        .find(|position| Some(completeness(*position)) == highest)
        .unwrap_or(0);
    let firsts: BTreeSet<usize> = tied().map(|position| variants[position]).collect();
    let as_complete = firsts
        .iter()
        .filter(|first| Some(completeness(**first)) == highest);
    let rule = match rank {
        Rank::Combined if counts.len() == 1 => Rule::Combined,
        _ if firsts.len() == 1 => Rule::MostFrequent,
        _ if as_complete.count() == 1 => Rule::MostComplete,
        _ => Rule::FirstByName,
    };
    (best, rule)
}

/// Orders entries by what they describe: those with a body, more parameters, and fewer repairs come
/// last.
fn completeness(endpoint: &LiftedEndpoint) -> (bool, usize, Reverse<usize>) {
    let operation = &endpoint.operation;
    let repairs = endpoint
        .changes
        .iter()
        .filter(|change| change.severity == Severity::Repaired);
    (
        operation
            .request_body
            .as_ref()
            .and_then(|body| body.as_item())
            .is_some_and(|body| !is_unlisted(body)),
        operation.parameters.len(),
        Reverse(repairs.count()),
    )
}

/// Returns true if the listing does not mention a body.
fn is_unlisted(body: &RequestBody) -> bool {
    let assumed = body.extensions.get(ASSUMED).and_then(Value::as_array);
    assumed.is_some_and(|assumed| assumed.iter().any(|part| part == UNLISTED_BODY))
}

/// Returns how far the candidates agree.
pub(super) fn verdict(candidates: &[Candidate<'_>], variants: &[usize]) -> Verdict {
    if candidates.len() == 1 {
        return Verdict::Unique;
    }
    let firsts: Vec<usize> = (0..variants.len())
        .filter(|&position| variants[position] == position)
        .collect();
    let has_other_servers = candidates
        .iter()
        .any(|candidate| candidate.endpoint.server.url != candidate.server.url);
    if firsts.len() == 1 && !has_other_servers {
        return Verdict::Identical;
    }
    let wire: Vec<(&str, Value)> = firsts
        .iter()
        .map(|&position| {
            let endpoint = candidates[position].endpoint;
            (endpoint.path.as_str(), without_prose(&endpoint.operation))
        })
        .collect();
    let is_same = wire.windows(2).all(|pair| pair[0] == pair[1]);
    if is_same && !has_other_servers {
        Verdict::Equivalent
    } else {
        Verdict::Conflict
    }
}

/// Returns an operation without summaries, descriptions and tags.
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
