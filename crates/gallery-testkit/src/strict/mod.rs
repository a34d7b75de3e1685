//! Whether a request is what its operation says: path, query, headers, cookies and body, each value by its schema.
//!
//! Headers that the document does not have are let be: every client sends some, and hooks add others. So are credentials, because a
//! server's refusal of them is an answer that tests ask for by name.

use std::fmt;

use serde_json::Value;

use crate::document::{Document, Endpoint, Location, Parameter, SecurityScheme};
use crate::request::RecordedRequest;
use crate::schema::{Direction, Validator};
use crate::style::{as_it_is, decode, decode_query, raw_pairs};
use read::{Reader, Unread};

mod body;
mod read;

/// What is wrong with a request, in one place of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// Where: `path`, `query`, `header`, `cookie` or `body`.
    pub location: &'static str,
    /// The parameter; for a body nothing.
    pub name: String,
    /// The place in the value, as a JSON pointer; nothing where it is the whole.
    pub pointer: String,
    /// Why, as it goes on behind the place: `is "x", not an integer`.
    pub reason: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name.as_str() {
            "" => write!(f, "the {}", self.location)?,
            name => write!(f, "the {} parameter `{name}`", self.location)?,
        }
        if !self.pointer.is_empty() {
            write!(f, " at `{}`", self.pointer)?;
        }
        write!(f, " {}", self.reason)
    }
}

impl Violation {
    fn body(pointer: &str, reason: impl Into<String>) -> Violation {
        Violation {
            location: "body",
            name: String::new(),
            pointer: pointer.to_owned(),
            reason: reason.into(),
        }
    }

    fn parameter(location: Location, name: &str, reason: impl Into<String>) -> Violation {
        Violation {
            location: location.key(),
            name: name.to_owned(),
            pointer: String::new(),
            reason: reason.into(),
        }
    }
}

/// All that is wrong with a request for an operation.
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
    query(reader, endpoint, request, &mut violations);
    for parameter in endpoint.of(Location::Header) {
        // The specification leaves these to HTTP.
        if !["accept", "content-type", "authorization"]
            .contains(&parameter.name.to_ascii_lowercase().as_str())
        {
            let sent = request.header(&parameter.name.to_ascii_lowercase());
            single(reader, parameter, sent, as_it_is, &mut violations);
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

/// The body of a request as JSON, if it is JSON or a form.
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

/// Judges what was read of a parameter.
fn validator(
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
            violations.push(violation("is required, and missing"))
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
        // A variable that the template does not have cannot be sent.
        if let Some((_, raw)) = captured.iter().find(|(name, _)| *name == parameter.name) {
            validator(reader, parameter, reader.path(parameter, raw), violations);
        }
    }
}

fn query(
    reader: Reader<'_>,
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
    let keys = endpoint.security.iter().flatten().flatten();
    let keys: Vec<&String> = keys
        .filter_map(|place| match place {
            SecurityScheme::ApiKey(Location::Query, name) => Some(name),
            _ => None,
        })
        .collect();
    pairs.retain(|(name, _)| !keys.contains(&name));
    // An exploded object takes the names that are left, so it comes last.
    let mut parameters: Vec<&Parameter> = endpoint.of(Location::Query).collect();
    parameters.sort_by_key(|parameter| reader.takes_any_name(&parameter.style, &parameter.schema));
    for parameter in parameters {
        let read = reader.pairs(
            &parameter.name,
            &parameter.style,
            &parameter.schema,
            &mut pairs,
            decode_query,
        );
        validator(reader, parameter, read, violations);
    }
    let known: Vec<&str> = endpoint
        .of(Location::Query)
        .map(|parameter| parameter.name.as_str())
        .collect();
    let known = if known.is_empty() {
        "has none".to_owned()
    } else {
        format!("has: {}", known.join(", "))
    };
    let mut told: Vec<&String> = Vec::new();
    for (name, _) in &pairs {
        if !told.contains(&name) {
            told.push(name);
            violations.push(Violation::parameter(
                Location::Query,
                name,
                format!("is not in the document, which {known}"),
            ));
        }
    }
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
    validator(reader, parameter, read, violations);
}
