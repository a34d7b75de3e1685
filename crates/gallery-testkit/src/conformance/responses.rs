//! Checks of what is made of an answer: successes, errors, and what the document does not know.

use serde_json::Value;

use crate::conformance::adapter::{Content, FailureKind, Outcome};
use crate::conformance::context::CheckContext;
use crate::conformance::variants::{self, Variant};
use crate::document::Endpoint;
use crate::sample;
use crate::schema::Direction;
use crate::server::Reply;

/// Headers that no client can know of; one has two values.
const TRACES: [(&str, &str); 3] = [
    ("x-conformance-trace", "kept"),
    ("x-conformance-list", "a, b"),
    ("x-conformance-list", "\"c\""),
];

/// Ways to spell or to leave out that a body is JSON.
const SPELLINGS: [Option<&str>; 5] = [
    Some("application/json"),
    Some("APPLICATION/JSON;Charset=\"UTF-8\""),
    Some("application/json ; charset=utf-8"),
    Some("application/vnd.any+json"),
    None,
];

/// Types that are not JSON, of servers and proxies that do not care.
const WRONG_TYPES: [&str; 3] = [
    "text/plain; charset=iso-8859-1",
    "text/html",
    "application/octet-stream",
];

pub(super) fn is_untyped(endpoint: &Endpoint) -> bool {
    endpoint.success_schema().is_none()
}

pub(super) fn is_typed(endpoint: &Endpoint) -> bool {
    endpoint.success_schema().is_some()
}

pub(super) fn has_typed_error(endpoint: &Endpoint) -> bool {
    endpoint.has_error_schema()
}

/// Statuses that the document has an answer for: those that it names, and of ranges and of `default` some.
fn documented(endpoint: &Endpoint, class: std::ops::Range<u16>) -> Vec<u16> {
    let has_success = endpoint
        .responses
        .iter()
        .any(|response| response.status.starts_with('2'));
    let of = |status: &str| -> Vec<u16> {
        if let Ok(status) = status.parse() {
            return vec![status];
        }
        let of_class =
            |hundreds: u16| vec![hundreds * 100, hundreds * 100 + 18, hundreds * 100 + 99];
        match status.as_bytes() {
            [digit @ b'1'..=b'5', ..] => of_class(u16::from(digit - b'0')),
            // What a default is for depends on what else there is.
            _ if has_success => [of_class(4), of_class(5)].concat(),
            _ => [of_class(2), of_class(4), of_class(5)].concat(),
        }
    };
    let mut statuses: Vec<u16> = endpoint
        .responses
        .iter()
        .flat_map(|response| of(&response.status))
        .collect();
    statuses.retain(|status| class.contains(status));
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

/// Whether the document names a status.
fn answers_by_name(endpoint: &Endpoint, status: u16) -> bool {
    endpoint
        .responses
        .iter()
        .any(|response| response.status == status.to_string())
}

/// Whether the document has one answer for every success.
fn is_for_every_success(endpoint: &Endpoint) -> bool {
    let mut successes = endpoint
        .responses
        .iter()
        .filter(|response| response.status.starts_with('2'))
        .peekable();
    successes.peek().is_none() || successes.any(|response| response.status == "2XX")
}

/// The documented successes that can have a body.
fn successes(endpoint: &Endpoint) -> Vec<u16> {
    documented(endpoint, 200..300)
        .into_iter()
        .filter(|status| ![204, 205].contains(status))
        .collect()
}

pub(super) fn traced(reply: Reply) -> Reply {
    TRACES
        .iter()
        .fold(reply, |reply, (name, value)| reply.with_header(name, value))
}

fn typed_reply(status: u16, kind: Option<&str>, body: impl Into<bytes::Bytes>) -> Reply {
    let reply = traced(Reply::new(status)).with_body(body);
    kind.into_iter()
        .fold(reply, |reply, kind| reply.with_header("content-type", kind))
}

pub(super) fn untyped(context: &CheckContext<'_>) -> Result<(), String> {
    let long = "long ".repeat(50_000);
    let contents: [(Option<&str>, &[u8]); 10] = [
        (Some("application/json"), b"[{\"a\": 9007199254740993}]"),
        (SPELLINGS[1], b"null"),
        (SPELLINGS[2], b" {} "),
        (Some("application/json"), b"\xef\xbb\xbf{\"cut\": "),
        (Some("text/html"), b"<p>not JSON</p>"),
        (Some("text/plain; charset=iso-8859-1"), b"\xfc"),
        (Some("application/octet-stream"), b"\x00\xff\xfe"),
        (Some("text/plain"), long.as_bytes()),
        (None, b"no type"),
        (None, b""),
    ];
    let mut statuses = successes(context.endpoint);
    statuses.extend([200, 201, 202, 203, 206, 226, 299]);
    statuses.sort_unstable();
    statuses.dedup();
    for status in statuses {
        // All of them once; of the others, what differs most.
        let contents = if status == context.success_status() {
            &contents[..]
        } else {
            &contents[8..]
        };
        for (kind, bytes) in contents {
            let reply = typed_reply(status, *kind, bytes.to_vec());
            let bytes: &[u8] = if context.endpoint.has_no_response_body() {
                b""
            } else {
                bytes
            };
            let content = Content::Bytes {
                content_type: kind.map(str::to_owned),
                bytes: bytes.to_vec(),
            };
            succeeded(context, reply, status, &[content])
                .map_err(|fault| format!("{status} with {kind:?}: {fault}"))?;
        }
    }
    let empty = Content::Bytes {
        content_type: None,
        bytes: Vec::new(),
    };
    succeeded(context, traced(Reply::new(204)), 204, &[empty])
}

pub(super) fn typed(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(schema) = context.endpoint.success_schema() else {
        return Ok(());
    };
    for (number, status) in successes(context.endpoint).into_iter().enumerate() {
        let mut variants = variants::variants(context.document, schema, &[Direction::Response]);
        match number {
            0 => variants.extend(variants::long(
                context.document,
                schema,
                &[Direction::Response],
            )),
            _ => variants.truncate(2),
        }
        for sent in variants {
            read(context, status, &sent.value, sent.otherwise.as_ref())
                .map_err(|fault| format!("{status} with {}: {fault}", sent.what))?;
        }
        let known = sample::value(context.document, schema, 1);
        let unknown = variants::with_unknown_field(context.document, schema, known.clone());
        read(context, status, &unknown, Some(&known))
            .map_err(|fault| format!("{status} with unknown fields: {fault}"))?;
    }
    Ok(())
}

/// Whether a JSON answer is read as what it is, or as another way to say it. Where a schema is too open for a type, what is unknown is
/// kept.
fn read(
    context: &CheckContext<'_>,
    status: u16,
    sent: &Value,
    otherwise: Option<&Value>,
) -> Result<(), String> {
    let reply = typed_reply(status, Some("application/json"), sent.to_string());
    let contents: Vec<Content> = [sent]
        .into_iter()
        .chain(otherwise)
        .map(|value| Content::Json(value.clone()))
        .collect();
    succeeded(context, reply, status, &contents)
}

/// Whether an answer is a success with one of these contents.
fn succeeded(
    context: &CheckContext<'_>,
    reply: Reply,
    expected: u16,
    contents: &[Content],
) -> Result<(), String> {
    match context.answered(reply)? {
        Outcome::Success {
            status,
            headers,
            content,
        } => {
            if status != expected {
                return Err(format!("the status is {status}, not {expected}"));
            }
            if !contents.contains(&content) {
                return Err(format!("the content is {content:?}, not {:?}", contents[0]));
            }
            kept(&headers)
        }
        other => Err(format!("the success became {other:?}")),
    }
}

pub(super) fn shape(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(schema) = context.endpoint.success_schema() else {
        return Ok(());
    };
    let right = sample::value(context.document, schema, 1).to_string();
    let cut = &right[..right
        .char_indices()
        .nth(right.chars().count() / 2)
        .map_or(0, |(at, _)| at)];
    let mut bodies: Vec<String> = variants::wrong(context.document, schema)
        .iter()
        .map(Value::to_string)
        .collect();
    if !bodies.is_empty()
        && sample::flat(context.document, schema)
            .get("nullable")
            .is_none()
    {
        bodies.push("null".to_owned());
    }
    // Half a number or an empty list is JSON still.
    bodies.extend((right.starts_with(['{', '[', '"']) && right.len() > 2).then(|| cut.to_owned()));
    bodies.extend(["", " ", "{", "<html>proxy</html>"].map(str::to_owned));
    bodies.push(format!("{right} {right}"));
    bodies.push(format!("{right}\u{0}"));
    for (number, status) in successes(context.endpoint).into_iter().enumerate() {
        for body in &bodies[..if number == 0 { bodies.len() } else { 1 }] {
            let outcome =
                context.answered(typed_reply(status, Some("application/json"), body.clone()))?;
            failed(
                &outcome,
                &[FailureKind::InvalidResponse],
                status,
                body.as_bytes(),
            )
            .map_err(|fault| format!("with the body {body:?}: {fault}"))?;
        }
    }
    Ok(())
}

/// What some clients read and some do not: either is fine, as long as nothing is lost.
pub(super) fn lenience(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(schema) = context.endpoint.success_schema() else {
        return Ok(());
    };
    let status = context.success_status();
    let right = sample::value(context.document, schema, 1);
    for kind in SPELLINGS {
        let reply = typed_reply(status, kind, format!("\r\n\t {right} \r\n"));
        succeeded(context, reply, status, &[Content::Json(right.clone())])
            .map_err(|fault| format!("as {kind:?}: {fault}"))?;
    }
    let either = |what: &str, kind: &str, body: String, value: &Value| {
        let outcome = context.answered(typed_reply(status, Some(kind), body.clone()))?;
        let fault = |fault: String| format!("with {what}: {fault}");
        match &outcome {
            Outcome::Success {
                status: found,
                headers,
                content,
            } if *found == status && *content == Content::Json(value.clone()) => {
                kept(headers).map_err(fault)
            }
            _ => failed(
                &outcome,
                &[FailureKind::InvalidResponse],
                status,
                body.as_bytes(),
            )
            .map_err(fault),
        }
    };
    for kind in WRONG_TYPES {
        either(&format!("the type {kind}"), kind, right.to_string(), &right)?;
    }
    either(
        "a byte order mark",
        "application/json",
        format!("\u{feff}{right}"),
        &right,
    )?;
    for unknown in variants::unknown_words(context.document, schema) {
        either(
            &unknown.what,
            "application/json",
            unknown.value.to_string(),
            &unknown.value,
        )?;
    }
    Ok(())
}

pub(super) fn undocumented(context: &CheckContext<'_>) -> Result<(), String> {
    let mut statuses = vec![300, 305, 399];
    let every = is_for_every_success(context.endpoint);
    if is_typed(context.endpoint) {
        let known = documented(context.endpoint, 200..300);
        statuses.extend(
            [200, 201, 202, 203, 204, 206, 226, 299]
                .into_iter()
                .filter(|status| !every && !known.contains(status)),
        );
    }
    for status in statuses {
        let right = context
            .endpoint
            .success_schema()
            .map(|schema| sample::value(context.document, schema, 1).to_string());
        for body in [right.as_deref().unwrap_or("{}"), "not JSON", ""] {
            let outcome = context.answered(typed_reply(
                status,
                Some("application/json"),
                body.to_owned(),
            ))?;
            let body = if status == 204 || context.endpoint.has_no_response_body() {
                ""
            } else {
                body
            };
            failed(
                &outcome,
                &[FailureKind::UnexpectedResponse],
                status,
                body.as_bytes(),
            )?;
        }
    }
    Ok(())
}

pub(super) fn errors(context: &CheckContext<'_>) -> Result<(), String> {
    // Where some errors have a type, the others are none that the document knows.
    let kind = if context.endpoint.has_error_schema() {
        FailureKind::UnexpectedResponse
    } else {
        FailureKind::ErrorResponse
    };
    let mut statuses = documented(context.endpoint, 400..600);
    statuses.extend([
        400, 401, 403, 404, 408, 409, 410, 413, 418, 422, 425, 429, 499, 500, 501, 502, 503, 504,
        599,
    ]);
    statuses.sort_unstable();
    statuses.dedup();
    // A typed error is another check's.
    let bodies = [
        &b"{\"id\": \"e\"}"[..],
        b"<html>limit exceeded</html>",
        b"",
        b"\xff\x00",
    ];
    let untyped = statuses
        .into_iter()
        .filter(|status| context.endpoint.error_schema(*status).is_none());
    for (number, status) in untyped.enumerate() {
        // Every status once, and those that matter most with every body.
        let all = [400, 404, 500].contains(&status) || answers_by_name(context.endpoint, status);
        for body in bodies
            .into_iter()
            .cycle()
            .skip(number)
            .take(if all { bodies.len() } else { 1 })
        {
            let outcome = context.answered(traced(Reply::new(status)).with_body(body.to_vec()))?;
            let body = if context.endpoint.has_no_response_body() {
                b""
            } else {
                body
            };
            failed(&outcome, &[kind], status, body)?;
        }
    }
    Ok(())
}

pub(super) fn typed_errors(context: &CheckContext<'_>) -> Result<(), String> {
    for (number, status) in documented(context.endpoint, 400..600)
        .into_iter()
        .enumerate()
    {
        let Some(schema) = context.endpoint.error_schema(status) else {
            continue;
        };
        let mut variants = variants::variants(context.document, schema, &[Direction::Response]);
        variants.truncate(if number == 0 { variants.len() } else { 2 });
        for sent in variants {
            for kind in &SPELLINGS[..if sent.what == "everything" {
                SPELLINGS.len()
            } else {
                1
            }] {
                let outcome =
                    context.answered(typed_reply(status, *kind, sent.value.to_string()))?;
                is_typed_error(&outcome, status, &sent)
                    .map_err(|fault| format!("with {} as {kind:?}: {fault}", sent.what))?;
            }
        }
        let wrong = variants::wrong(context.document, schema).map(|wrong| wrong.to_string());
        for body in wrong
            .iter()
            .map(String::as_str)
            .chain(["", "<html>502</html>", "{"])
        {
            let outcome =
                context.answered(traced(Reply::new(status)).with_body(body.to_owned()))?;
            failed(
                &outcome,
                &[FailureKind::InvalidResponse],
                status,
                body.as_bytes(),
            )
            .map_err(|fault| format!("with the body {body:?}: {fault}"))?;
        }
    }
    Ok(())
}

fn is_typed_error(outcome: &Outcome, expected: u16, sent: &Variant) -> Result<(), String> {
    match outcome {
        Outcome::Failure {
            kind: FailureKind::ErrorResponse,
            status: Some(status),
            headers,
            content: Some(Content::Json(content)),
            ..
        } if *status == expected
            && (*content == sent.value || Some(content) == sent.otherwise.as_ref()) =>
        {
            kept(headers)
        }
        other => Err(format!("the documented error {expected} became {other:?}")),
    }
}

/// Whether a failure is of one of these kinds and keeps status, headers and body.
pub(super) fn failed(
    outcome: &Outcome,
    wanted: &[FailureKind],
    expected: u16,
    body: &[u8],
) -> Result<(), String> {
    let Outcome::Failure {
        kind,
        status,
        headers,
        content,
        message,
        ..
    } = outcome
    else {
        return Err(format!("{expected} became a success: {outcome:?}"));
    };
    if !wanted.contains(kind) {
        return Err(format!(
            "{expected} became {kind:?}, not {wanted:?}: {message}"
        ));
    }
    if *status != Some(expected) {
        return Err(format!("{expected} became the status {status:?}"));
    }
    match content {
        Some(Content::Bytes { bytes, .. }) if bytes == body => kept(headers),
        other => Err(format!("the body of {expected} became {other:?}")),
    }
}

/// Whether the headers that no client can know of are there, each value of each.
pub(super) fn kept(headers: &[(String, String)]) -> Result<(), String> {
    let is_there = |(name, value): &&(&str, &str)| {
        !headers
            .iter()
            .any(|(own, found)| own == name && found == value)
    };
    match TRACES.iter().find(is_there) {
        None => Ok(()),
        Some((name, value)) => Err(format!(
            "the header `{name}: {value}` is lost; there are {headers:?}"
        )),
    }
}
