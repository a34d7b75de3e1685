//! Derives names for new endpoints.

use std::collections::{BTreeMap, BTreeSet};

use gallery_draft::{DraftEndpoint, Method};
use heck::ToSnakeCase;
use openapi_text::ascii;

use super::rules::{MAX_LENGTH, is_operation_name, is_usable};

/// The names that are taken. Names that differ only in underscores and dots count as one, because
/// `issues.list` has the builder `IssuesList`.
#[derive(Debug, Default)]
pub(super) struct Taken {
    names: BTreeSet<String>,
    /// The groups in names such as `group.method`.
    groups: BTreeSet<String>,
}

impl Taken {
    /// Adds a name.
    pub(super) fn add(&mut self, name: &str) {
        self.names.insert(name.replace(['_', '.'], ""));
        if let Some((group, _)) = name.split_once('.') {
            self.groups.insert(group.to_owned());
        }
    }

    /// Returns true if a method can have the name.
    fn is_free(&self, name: &str) -> bool {
        is_usable(name)
            && !self.names.contains(&name.replace('_', ""))
            && !self.groups.contains(name)
    }

    /// Returns true if a method of a group can have the name.
    fn is_free_in(&self, group: &str, method: &str) -> bool {
        let name = format!("{group}.{method}");
        is_operation_name(&name)
            && !self.names.contains(&name.replace(['_', '.'], ""))
            && !self.names.contains(&group.replace('_', ""))
    }
}

/// Returns the name of a method in the group of its first tag, such as `issues.list` for
/// `list_issues`. `None` without a tag, or if other operations have these names.
pub(super) fn in_group(endpoint: &DraftEndpoint, name: &str, taken: &Taken) -> Option<String> {
    let tag = ascii_words(endpoint.operation.tags.first()?);
    let group = tag.join("_");
    let is_of_tag = |word: &str| tag.iter().any(|own| singular(own) == singular(word));
    let words = name.split('_').filter(|word| !is_of_tag(word));
    let short = words.collect::<Vec<_>>().join("_");
    let methods = [short.as_str(), name];
    let method = methods
        .into_iter()
        .find(|method| taken.is_free_in(&group, method))?;
    Some(format!("{group}.{method}"))
}

/// Returns an English word without the ending of the plural, to compare it.
fn singular(word: &str) -> &str {
    let stem = word.strip_suffix("ies").or_else(|| word.strip_suffix('y'));
    stem.or_else(|| word.strip_suffix('s')).unwrap_or(word)
}

/// Returns the names that the source's own `operationId`s yield, by the `operationId`, of those
/// that are clean and unique.
pub(super) fn listed_names(endpoints: &[DraftEndpoint]) -> BTreeMap<&str, String> {
    let mut names: BTreeMap<&str, String> = BTreeMap::new();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for endpoint in endpoints {
        if let Some((id, name)) = from_listed_id(endpoint) {
            *counts.entry(name.replace('_', "")).or_insert(0) += 1;
            names.insert(id, name);
        }
    }
    names.retain(|_, name| counts.get(&name.replace('_', "")) == Some(&1));
    names
}

/// Returns an `operationId` and its name if people chose it: the gallery makes one of the
/// description or the summary where a source has none.
fn from_listed_id(endpoint: &DraftEndpoint) -> Option<(&str, String)> {
    let id = endpoint.listed_id.as_deref()?;
    let is_clean = id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.ends_with(|c: char| c.is_ascii_alphanumeric())
        && id
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-".contains(c));
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_lowercase())
            .collect()
    };
    let own = letters(id);
    let operation = &endpoint.operation;
    let is_of_prose = [&operation.summary, &operation.description]
        .into_iter()
        .flatten()
        .any(|text| letters(text).starts_with(&own));
    let words = ascii_words(id);
    let name = words.join("_");
    (is_clean && !is_of_prose && !is_prose(&words) && is_usable(&name)).then_some((id, name))
}

/// Returns a new name: that of the source's `operationId` if `listed` has it, else from the summary
/// if possible, else from the method and the path.
pub(super) fn fresh(
    endpoint: &DraftEndpoint,
    listed: &BTreeMap<&str, String>,
    taken: &Taken,
) -> String {
    let method = endpoint.key.method;
    let listed = endpoint.listed_id.as_deref().and_then(|id| listed.get(id));
    let summary = endpoint.operation.summary.as_deref().map(summary_words);
    let summary = summary.unwrap_or_default();
    let path = with_method(method, ascii_words(&endpoint.path));
    let candidates = [
        listed.cloned().unwrap_or_default(),
        shorten(&summary, MAX_LENGTH),
        shorten(&path, MAX_LENGTH),
        match summary.is_empty() {
            true => String::new(),
            false => shorten(&with_method(method, summary), MAX_LENGTH),
        },
    ];
    if let Some(name) = candidates.into_iter().find(|name| taken.is_free(name)) {
        return name;
    }
    let mut stem = shorten(&path, MAX_LENGTH - 6);
    if !is_usable(&stem) {
        stem = format!("{}_operation", method.key());
    }
    // The search ends because the number of taken names is finite.
    (2u32..)
        .map(|number| format!("{stem}_v{number}"))
        .find(|name| taken.is_free(name))
        .unwrap_or(stem)
}

/// Returns the words of a summary's first sentence without articles, or nothing if it is prose.
fn summary_words(summary: &str) -> Vec<String> {
    let line = summary.trim().lines().next().unwrap_or_default();
    let sentence = line.split(". ").next().unwrap_or(line);
    let mut words = ascii_words(sentence);
    words.retain(|word| !matches!(word.as_str(), "a" | "an" | "the"));
    match is_prose(&words) {
        true => Vec::new(),
        false => words,
    }
}

/// First words of sentences that do not begin with what the operation does.
const PROSE: &[&str] = &[
    "all", "although", "any", "as", "because", "before", "by", "can", "each", "every", "for",
    "from", "here", "how", "i", "if", "in", "it", "its", "note", "of", "on", "once", "only", "our",
    "please", "since", "some", "that", "their", "there", "these", "they", "this", "those", "to",
    "what", "when", "where", "which", "while", "with", "you", "your", "we",
];

/// Returns true if words begin like a sentence about the operation: `this_method_returns`.
fn is_prose(words: &[String]) -> bool {
    words.len() > 1
        && words
            .first()
            .is_some_and(|word| PROSE.contains(&word.as_str()))
}

/// Puts the method before words that do not begin with it.
fn with_method(method: Method, mut words: Vec<String>) -> Vec<String> {
    if words.first().is_some_and(|word| word != method.key()) {
        words.insert(0, method.key().to_owned());
    }
    words
}

fn ascii_words(text: &str) -> Vec<String> {
    ascii::words(text)
        .to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Joins as many words as a name of this length can have.
fn shorten(words: &[String], length: usize) -> String {
    let mut name = String::new();
    for word in words {
        if name.len() + word.len() + usize::from(!name.is_empty()) > length {
            break;
        }
        if !name.is_empty() {
            name.push('_');
        }
        name.push_str(word);
    }
    name
}
