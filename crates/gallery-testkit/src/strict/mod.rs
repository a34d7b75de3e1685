//! Validates a request against its operation: path, query, headers, cookies and body.
//!
//! Undeclared headers are allowed: every client sends some, and middleware adds more. Credentials
//! must be present, with any content, since tests simulate their rejection with a response.

use std::collections::HashSet;

use serde_json::Value;

use crate::document::{Document, Endpoint, LINKED_ITEM, Location, PagingStep, Parameter};
use crate::request::RecordedRequest;
use crate::schema::{Direction, Validator};
use crate::style::{decode, decode_query, identity, raw_pairs};
use crate::violation::Violation;
use read::{Reader, Unread};

mod body;
pub(crate) mod credentials;
mod deep_object;
mod read;

/// Returns all violations of a request.
pub(crate) fn violations(
    document: &Document,
    endpoint: &Endpoint,
    request: &RecordedRequest,
) -> Vec<Violation> {
    let reader = Reader {
        validator: Validator::new(document, Direction::Request),
    };
    let mut violations = Vec::new();
    path(reader, document, endpoint, request, &mut violations);
    query(reader, document, endpoint, request, &mut violations);
    for parameter in endpoint.of(Location::Header) {
        // OpenAPI ignores these names.
        if !["accept", "content-type", "authorization"]
            .contains(&parameter.name.to_ascii_lowercase().as_str())
        {
            let sent = request.header(&parameter.name.to_ascii_lowercase());
            single(reader, parameter, sent, identity, &mut violations);
        }
    }
    for parameter in endpoint.of(Location::Cookie) {
        single(
            reader,
            parameter,
            request.cookie(&parameter.name),
            decode,
            &mut violations,
        );
    }
    body::violations(reader, endpoint, request, &mut violations);
    violations
}

/// Returns a JSON or form body as JSON.
pub(crate) fn body_value(
    document: &Document,
    endpoint: &Endpoint,
    request: &RecordedRequest,
) -> Option<Value> {
    let reader = Reader {
        validator: Validator::new(document, Direction::Request),
    };
    let kind = request.header("content-type")?;
    let media = body::media(&endpoint.body.as_ref()?.content, kind)?;
    body::value(reader, media, kind, request)?.ok()
}

/// Validates a parameter that was read.
fn validate(
    reader: Reader<'_>,
    parameter: &Parameter,
    read: Result<Value, Unread>,
    violations: &mut Vec<Violation>,
) {
    let violation =
        |reason: &str| Violation::parameter(parameter.location, &parameter.name, reason);
    match read {
        Ok(value) => violations.extend(
            reader
                .validator
                .violations(&parameter.schema, &value)
                .into_iter()
                .map(|found| Violation {
                    pointer: found.pointer,
                    ..violation(&found.reason)
                }),
        ),
        Err(Unread::Absent) if parameter.required => {
            violations.push(violation("is required but missing"));
        }
        Err(Unread::Absent) => {}
        Err(Unread::Wrong(reason)) => violations.push(violation(&reason)),
    }
}

fn path(
    reader: Reader<'_>,
    document: &Document,
    endpoint: &Endpoint,
    request: &RecordedRequest,
    violations: &mut Vec<Violation>,
) {
    let captured = request
        .captured(&document.base_path, endpoint)
        .unwrap_or_default();
    for parameter in endpoint.of(Location::Path) {
        // A variable that is missing in the template cannot be sent.
        if let Some((_, raw)) = captured.iter().find(|(name, _)| *name == parameter.name) {
            validate(reader, parameter, reader.path(parameter, raw), violations);
        }
    }
}

fn query(
    reader: Reader<'_>,
    document: &Document,
    endpoint: &Endpoint,
    request: &RecordedRequest,
    violations: &mut Vec<Violation>,
) {
    let mut pairs = raw_pairs(request.query.as_deref().unwrap_or_default());
    for constant in endpoint
        .constants
        .iter()
        .filter(|constant| constant.location == Location::Query)
    {
        pairs.retain(|(name, _)| *name != constant.name);
    }
    let keys = document.query_keys(endpoint);
    pairs.retain(|(name, _)| !keys.contains(name));
    let step = endpoint.pages.as_ref().map(|pages| &pages.step);
    if let Some(PagingStep::Link(_) | PagingStep::Url(_)) = step {
        pairs.retain(|(name, _)| name != LINKED_ITEM);
    }
    // Exploded objects accept any name, so they read last.
    let mut parameters: Vec<&Parameter> = endpoint.of(Location::Query).collect();
    parameters.sort_by_key(|parameter| reader.takes_any_name(&parameter.style, &parameter.schema));
    for parameter in parameters {
        if parameter.allows_empty && take_empty(&mut pairs, &parameter.name) {
            continue;
        }
        let read = reader.pairs(
            &parameter.key,
            &parameter.style,
            &parameter.schema,
            &mut pairs,
            decode_query,
        );
        validate(reader, parameter, read, violations);
    }
    let known: Vec<&str> = endpoint
        .of(Location::Query)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let declared = if known.is_empty() {
        "declares none".to_owned()
    } else {
        format!("declares: {}", known.join(", "))
    };
    let mut reported = HashSet::new();
    for (name, _) in &pairs {
        if reported.insert(name) {
            violations.push(Violation::parameter(
                Location::Query,
                name,
                format!("is not declared; the operation {declared}"),
            ));
        }
    }
}

/// Removes a parameter that is sent once, without a value. Returns false otherwise.
fn take_empty(pairs: &mut Vec<(String, String)>, name: &str) -> bool {
    let mut values = pairs.iter().filter(|(own, _)| own == name);
    let is_empty = values.next().is_some_and(|(_, raw)| raw.is_empty()) && values.next().is_none();
    if is_empty {
        pairs.retain(|(own, _)| own != name);
    }
    is_empty
}

fn single(
    reader: Reader<'_>,
    parameter: &Parameter,
    raw: Option<&str>,
    decode: fn(&str) -> String,
    violations: &mut Vec<Violation>,
) {
    let read = raw.map_or(Err(Unread::Absent), |raw| {
        reader.single(&parameter.style, &parameter.schema, raw, decode)
    });
    validate(reader, parameter, read, violations);
}
