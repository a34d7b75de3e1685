//! The parts of the document that the checks of a run reached.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use crate::conformance::adapter::Arguments;
use crate::conformance::checks::fetch_limits::{is_uncallable, is_unsendable};
use crate::document::{Document, Endpoint};

/// The parts that were reached so far, with the checks that did.
#[derive(Default)]
pub(super) struct Coverage {
    reached: Mutex<BTreeMap<(String, Part), BTreeSet<&'static str>>>,
}

/// A part of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    /// A response, by its documented status.
    Response(String),
    /// A parameter, by location and name.
    Parameter(&'static str, String),
    /// The body, by media type.
    Body(String),
}

impl std::fmt::Display for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Part::Response(status) => write!(f, "{status}"),
            Part::Parameter(place, name) => write!(f, "{place} {name}"),
            Part::Body(kind) => write!(f, "body {kind}"),
        }
    }
}

/// The number of reached parts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    reached: usize,
    of: usize,
}

impl Count {
    fn add(&mut self, is_reached: bool) {
        self.of += 1;
        self.reached += usize::from(is_reached);
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.reached, self.of)
    }
}

impl Coverage {
    /// Records the status of a response.
    pub(super) fn answered(&self, endpoint: &Endpoint, check: &'static str, status: u16) {
        if let Some(documented) = answer(endpoint, status) {
            self.reach(endpoint, Part::Response(documented), check);
        }
    }

    /// Records the arguments of a request.
    pub(super) fn sent(&self, endpoint: &Endpoint, check: &'static str, arguments: &Arguments) {
        for parameter in &endpoint.parameters {
            if arguments
                .given(parameter.location, &parameter.name)
                .is_some()
            {
                self.reach(
                    endpoint,
                    Part::Parameter(parameter.location.as_str(), parameter.name.clone()),
                    check,
                );
            }
        }
        if let Some(body) = endpoint
            .body
            .as_ref()
            .filter(|_| arguments.given_body().is_some())
        {
            self.reach(endpoint, Part::Body(body.media_type.clone()), check);
        }
    }

    fn reach(&self, endpoint: &Endpoint, part: Part, check: &'static str) {
        let mut reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        reached
            .entry((endpoint.id.clone(), part))
            .or_default()
            .insert(check);
    }

    /// Formats a table of all parts with the checks that reached them, and the totals.
    pub(super) fn table(&self, document: &Document) -> String {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let mut table = String::new();
        let [mut endpoints, mut answers, mut parameters, mut bodies] = [Count::default(); 4];
        for endpoint in &document.endpoints {
            let _ = writeln!(
                table,
                "{} {} {}",
                endpoint.id, endpoint.method, endpoint.path
            );
            let mut any = false;
            for part in parts(endpoint) {
                let checks = reached.get(&(endpoint.id.clone(), part.clone()));
                match part {
                    Part::Response(_) => answers.add(checks.is_some()),
                    Part::Parameter(..) => parameters.add(checks.is_some()),
                    Part::Body(_) => bodies.add(checks.is_some()),
                }
                any |= checks.is_some();
                let checks =
                    checks.map(|checks| checks.iter().copied().collect::<Vec<_>>().join(" "));
                let _ = writeln!(
                    table,
                    "  {part}: {}",
                    checks.as_deref().unwrap_or("NOT REACHED")
                );
            }
            endpoints.add(any);
        }
        let _ = writeln!(
            table,
            "coverage: {endpoints} endpoints, {answers} documented responses, {parameters} parameters, {bodies} bodies"
        );
        table
    }

    /// Returns the parts that no check reached, except for those that `fetch` does not send.
    pub(super) fn missing(&self, document: &Document, in_wasm: bool) -> Vec<String> {
        let reached = self.reached.lock().unwrap_or_else(PoisonError::into_inner);
        let is_limited = |endpoint: &Endpoint, part: &Part| {
            let is_unsendable = match part {
                Part::Parameter(location, name) => is_unsendable(location, name),
                Part::Response(_) | Part::Body(_) => false,
            };
            in_wasm && (is_unsendable || is_uncallable(endpoint))
        };
        let all = document.endpoints.iter().flat_map(|endpoint| {
            let parts = parts(endpoint).into_iter();
            parts.map(move |part| (endpoint, part))
        });
        let left = all.filter(|(endpoint, part)| {
            !is_limited(endpoint, part)
                && !reached.contains_key(&(endpoint.id.clone(), part.clone()))
        });
        left.map(|(endpoint, part)| format!("{}: {part}", endpoint.id))
            .collect()
    }
}

/// Returns the documented status, range or `default` for a status.
fn answer(endpoint: &Endpoint, status: u16) -> Option<String> {
    let has = |wanted: &str| {
        endpoint
            .responses
            .iter()
            .any(|response| response.status == wanted)
    };
    let range = format!("{}XX", status / 100);
    [status.to_string(), range, "default".to_owned()]
        .into_iter()
        .find(|wanted| has(wanted))
}

fn parts(endpoint: &Endpoint) -> Vec<Part> {
    // After an informational response, another one follows.
    let is_final = |status: &str| !status.starts_with('1');
    let responses = endpoint.responses.iter();
    let answers = responses
        .filter(|response| is_final(&response.status))
        .map(|response| Part::Response(response.status.clone()));
    let parameters = endpoint
        .parameters
        .iter()
        .map(|parameter| Part::Parameter(parameter.location.as_str(), parameter.name.clone()));
    let body = endpoint
        .body
        .iter()
        .map(|body| Part::Body(body.media_type.clone()));
    answers.chain(parameters).chain(body).collect()
}
