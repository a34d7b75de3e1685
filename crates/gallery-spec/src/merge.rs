//! Removes the repeats: takes the lifted documents of a listing, gives each endpoint once, with every operation entry that it
//! stands for.
//!
//! The rule when copies differ: the combined `openapi.md` wins where it has the endpoint; elsewhere the copy that most documents
//! have; a tie goes to the document whose name sorts first.

use std::collections::BTreeMap;

use openapiv3::Operation;
use serde_json::Value;

use crate::diagnostic::{Diagnostics, Place, Severity};
use crate::lift::{EndpointKey, Lifted, LiftedEndpoint, Source};
use crate::store::COMBINED;
use crate::swagger2::{Change, Server};

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

/// The endpoints of a listing, each once.
#[derive(Clone, Debug)]
pub struct Merged {
    /// The API's version: what most documents of single endpoints say, else the combined document's.
    pub version: String,
    /// The terms of service that most documents name.
    pub terms_of_service: Option<String>,
    /// Where the API answers.
    pub server: Server,
    /// Sorted by path and method.
    pub endpoints: Vec<MergedEndpoint>,
}

/// One endpoint and where it comes from.
#[derive(Clone, Debug)]
pub struct MergedEndpoint {
    /// What it is known by.
    pub key: EndpointKey,
    /// The path template of the chosen copy.
    pub path: String,
    /// The operation of the chosen copy.
    pub operation: Operation,
    /// How much the copies agree.
    pub verdict: Verdict,
    /// The chosen copy.
    pub chosen: Source,
    /// Every copy, the chosen one included, sorted.
    pub sources: Vec<Source>,
    /// The slug of the chosen copy.
    pub slug: Option<String>,
    /// `operationId` of the chosen copy, as listed.
    pub listed_id: Option<String>,
    /// What repair did to the chosen copy.
    pub changes: Vec<Change>,
}

/// Merges the documents of one listing.
pub fn merge(documents: &[Lifted], diagnostics: &mut Diagnostics) -> Merged {
    let mut copies: BTreeMap<&EndpointKey, Vec<&LiftedEndpoint>> = BTreeMap::new();
    for endpoint in documents.iter().flat_map(|document| &document.endpoints) {
        copies.entry(&endpoint.key).or_default().push(endpoint);
    }
    let singles = || documents.iter().filter(|document| !is_combined(&document.file));
    let combined = || documents.iter().filter(|document| is_combined(&document.file));
    let versions = |document: &Lifted| Some(document.version.clone()).filter(|version| !version.is_empty());
    Merged {
        version: most_frequent(singles().filter_map(versions))
            .or_else(|| most_frequent(combined().filter_map(versions)))
            .unwrap_or_else(|| "0".to_owned()),
        terms_of_service: most_frequent(documents.iter().filter_map(|document| document.terms_of_service.clone())),
        server: server(documents, diagnostics),
        endpoints: copies.into_iter().map(|(key, copies)| endpoint(key, copies, diagnostics)).collect(),
    }
}

fn is_combined(file: &str) -> bool {
    file.rsplit('/').next() == Some(COMBINED)
}

fn endpoint(key: &EndpointKey, mut copies: Vec<&LiftedEndpoint>, diagnostics: &mut Diagnostics) -> MergedEndpoint {
    copies.sort_by(|a, b| a.source.cmp(&b.source));
    let whole: Vec<String> = copies.iter().map(|copy| format!("{} {}", copy.path, text(&copy.operation))).collect();
    let chosen = match copies.iter().position(|copy| is_combined(&copy.source.file)) {
        Some(combined) => combined,
        // `most_frequent` breaks ties by what comes first, and the copies are sorted by file name.
        None => {
            let winner = most_frequent(whole.iter().cloned());
            whole.iter().position(|copy| Some(copy) == winner.as_ref()).unwrap_or(0)
        }
    };
    let verdict = verdict(&copies, &whole);
    if verdict == Verdict::Conflict {
        let place = Place::pointer(&copies[chosen].source.file, &copies[chosen].source.pointer);
        let message = format!("{key}: {} copies differ in more than prose; this one was taken", copies.len());
        diagnostics.push(Severity::Warning, "copies-differ", place, message);
    }
    let taken = copies[chosen];
    MergedEndpoint {
        key: key.clone(),
        path: taken.path.clone(),
        operation: taken.operation.clone(),
        verdict,
        chosen: taken.source.clone(),
        sources: copies.iter().map(|copy| copy.source.clone()).collect(),
        slug: taken.slug.clone(),
        listed_id: taken.listed_id.clone(),
        changes: taken.changes.clone(),
    }
}

fn verdict(copies: &[&LiftedEndpoint], whole: &[String]) -> Verdict {
    let same = |texts: &[String]| texts.windows(2).all(|pair| pair[0] == pair[1]);
    if copies.len() == 1 {
        return Verdict::Unique;
    }
    if same(whole) {
        return Verdict::Identical;
    }
    let wire: Vec<String> = copies.iter().map(|copy| format!("{} {}", copy.path, without_prose(&copy.operation))).collect();
    if same(&wire) { Verdict::Equivalent } else { Verdict::Conflict }
}

fn text(operation: &Operation) -> String {
    serde_json::to_string(operation).unwrap_or_default()
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
    for parameter in value.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        strip(Some(parameter), &["description"]);
    }
    for response in value.get_mut("responses").and_then(Value::as_object_mut).into_iter().flat_map(|map| map.values_mut()) {
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
    counts.into_iter().max_by_key(|(_, (count, first))| (*count, std::cmp::Reverse(*first))).map(|(value, _)| value)
}

/// The one server of a listing. Several would need a server per endpoint, which no client can be made for yet.
fn server(documents: &[Lifted], diagnostics: &mut Diagnostics) -> Server {
    let with_endpoints = || documents.iter().filter(|document| !document.endpoints.is_empty());
    let Some(first) = with_endpoints().next() else { return Server::default() };
    let same =
        |document: &&Lifted| document.server.host == first.server.host && document.server.base_path == first.server.base_path;
    if let Some(other) = with_endpoints().find(|document| !same(document)) {
        let message = format!(
            "{} and {} name different servers ({} and {}); a client with several servers is not supported yet",
            first.file,
            other.file,
            written(&first.server),
            written(&other.server)
        );
        diagnostics.push(Severity::Error, "several-servers", Place::pointer(&other.file, "/host"), message);
    }
    first.server.clone()
}

fn written(server: &Server) -> String {
    format!("`{}{}`", server.host.as_deref().unwrap_or("no host"), server.base_path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lift::lift;
    use crate::parse::parse;
    use crate::repair::repair;
    use crate::store::RawFile;

    fn lifted(file: &str, operation: &str) -> Lifted {
        let text = format!("swagger: '2.0'\ninfo: {{version: 4.0.0}}\nhost: h\npaths:\n  /a:\n    get: {operation}\n");
        let mut diagnostics = Diagnostics::default();
        let document = parse(&RawFile { path: file.to_owned(), bytes: text.into_bytes() }, &mut diagnostics).unwrap();
        lift(&repair(document, &mut diagnostics), &mut diagnostics)
    }

    fn merged(documents: &[(&str, &str)]) -> MergedEndpoint {
        let documents: Vec<_> = documents.iter().map(|(file, operation)| lifted(file, operation)).collect();
        let mut merged = merge(&documents, &mut Diagnostics::default());
        assert_eq!(merged.endpoints.len(), 1);
        merged.endpoints.remove(0)
    }

    const A: &str = "{summary: A, responses: {200: {description: OK}}}";
    const A_IN_OTHER_WORDS: &str = "{summary: B, description: more, tags: [x], responses: {200: {description: fine}}}";
    const ANOTHER: &str = "{summary: A, responses: {201: {description: OK}}}";

    #[test]
    fn verdicts() {
        for (copies, verdict) in [
            (&[A][..], Verdict::Unique),
            (&[A, A, A], Verdict::Identical),
            (&[A, A_IN_OTHER_WORDS], Verdict::Equivalent),
            (&[A, A_IN_OTHER_WORDS, ANOTHER], Verdict::Conflict),
        ] {
            let names = ["a-openapi.md", "b-openapi.md", "c-openapi.md"];
            let documents: Vec<_> = names.into_iter().zip(copies.iter().copied()).collect();
            let endpoint = merged(&documents);
            assert_eq!(endpoint.verdict, verdict);
            assert_eq!(endpoint.sources.len(), copies.len());
        }
    }

    #[test]
    fn the_combined_document_wins_then_the_most_then_the_first() {
        let chosen = |documents: &[(&str, &str)]| merged(documents).chosen.file;
        assert_eq!(chosen(&[("a-openapi.md", A), ("b-openapi.md", A), ("x/openapi.md", ANOTHER)]), "x/openapi.md");
        assert_eq!(chosen(&[("a-openapi.md", A), ("b-openapi.md", ANOTHER), ("c-openapi.md", ANOTHER)]), "b-openapi.md");
        assert_eq!(chosen(&[("b-openapi.md", A), ("a-openapi.md", ANOTHER)]), "a-openapi.md");
    }

    #[test]
    fn several_servers_are_an_error() {
        let mut other = lifted("b-openapi.md", A);
        other.server.host = Some("elsewhere".to_owned());
        let mut diagnostics = Diagnostics::default();
        merge(&[lifted("a-openapi.md", A), other], &mut diagnostics);
        assert!(diagnostics.has_errors());
    }
}
