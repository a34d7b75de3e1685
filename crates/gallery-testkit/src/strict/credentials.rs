//! The credentials of a request.

use crate::document::{Endpoint, Location, SecurityScheme};
use crate::request::RecordedRequest;
use crate::style::{decode, decode_query, raw_pairs};
use crate::violation::Violation;

/// Returns the violation of a request that lacks the credentials of every alternative.
pub(crate) fn missing(endpoint: &Endpoint, request: &RecordedRequest) -> Option<Violation> {
    let alternatives = endpoint.security.as_deref().unwrap_or_default();
    let is_complete = |schemes: &Vec<SecurityScheme>| {
        let mut schemes = schemes.iter();
        schemes.all(|scheme| sent(scheme, request).is_some_and(|secret| !secret.is_empty()))
    };
    if alternatives.is_empty() || alternatives.iter().any(is_complete) {
        return None;
    }
    let described: Vec<String> = alternatives
        .iter()
        .map(|schemes| {
            let places: Vec<String> = schemes.iter().map(place).collect();
            places.join(" and ")
        })
        .collect();
    Some(Violation {
        location: "credential",
        name: String::new(),
        pointer: String::new(),
        reason: format!(
            "is missing; the operation requires {}",
            described.join(", or ")
        ),
    })
}

/// Returns the credentials that a request has for an operation, without the scheme: a token, a key,
/// or the encoded user and password.
pub(crate) fn received(endpoint: &Endpoint, request: &RecordedRequest) -> Vec<String> {
    let schemes = endpoint.security.iter().flatten().flatten();
    let mut received: Vec<String> = schemes.filter_map(|scheme| sent(scheme, request)).collect();
    // A document without `security` does not name the location.
    if received.is_empty() {
        let header = request.header("authorization");
        received.extend(header.map(|value| {
            value
                .split_once(' ')
                .map_or(value, |(_, own)| own)
                .to_owned()
        }));
    }
    received
}

/// Returns the credential of a scheme that a request has.
pub(crate) fn sent(scheme: &SecurityScheme, request: &RecordedRequest) -> Option<String> {
    let authorization = |wanted: &str| {
        let (scheme, secret) = request.header("authorization")?.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case(wanted)
            .then(|| secret.trim().to_owned())
    };
    match scheme {
        SecurityScheme::Bearer => authorization("bearer"),
        SecurityScheme::Basic => authorization("basic"),
        SecurityScheme::ApiKey(Location::Header | Location::Path, name) => {
            request.header(name).map(str::to_owned)
        }
        SecurityScheme::ApiKey(Location::Query, name) => {
            let pairs = raw_pairs(request.query.as_deref().unwrap_or_default());
            let found = pairs.into_iter().find(|(own, _)| own == name);
            found.map(|(_, raw)| decode_query(&raw))
        }
        SecurityScheme::ApiKey(Location::Cookie, name) => request.cookie(name).map(decode),
    }
}

fn place(scheme: &SecurityScheme) -> String {
    match scheme {
        SecurityScheme::Bearer => "the header `Authorization: Bearer …`".to_owned(),
        SecurityScheme::Basic => "the header `Authorization: Basic …`".to_owned(),
        SecurityScheme::ApiKey(Location::Cookie, name) => format!("the cookie `{name}`"),
        SecurityScheme::ApiKey(Location::Query, name) => format!("the query parameter `{name}`"),
        SecurityScheme::ApiKey(_, name) => format!("the header `{name}`"),
    }
}
