//! Checks of responses: successes, errors, and undocumented ones.

use serde_json::Value;

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::response_rules::{failed, is_success, kept, traced};
use crate::conformance::checks::variants;
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::document::{Endpoint, Expected};
use crate::sample;
use crate::schema::Direction;
use crate::server::Reply;

/// Spellings of the JSON media type; `None` for no `Content-Type`.
pub(super) const SPELLINGS: [Option<&str>; 5] = [
    Some("application/json"),
    Some("APPLICATION/JSON;Charset=\"UTF-8\""),
    Some("application/json ; charset=utf-8"),
    Some("application/vnd.any+json"),
    None,
];

/// Wrong types, as servers and proxies send them.
const WRONG_TYPES: [&str; 3] = [
    "text/plain; charset=iso-8859-1",
    "text/html",
    "application/octet-stream",
];

/// Bodies of responses that are text.
const TEXTS: [&str; 5] = ["text", "\"quoted\"", "null", "", " é 😀\r\n"];

pub(super) fn is_untyped(endpoint: &Endpoint) -> bool {
    let mut statuses = documented(endpoint, 200..300).into_iter();
    !is_typed(endpoint)
        || statuses.any(|status| endpoint.expected(status) == Some(Expected::Untyped))
}

pub(super) fn is_typed(endpoint: &Endpoint) -> bool {
    endpoint.is_typed(true)
}

pub(super) fn has_typed_error(endpoint: &Endpoint) -> bool {
    endpoint.is_typed(false)
}

/// Returns the documented statuses in a range, with examples of ranges and `default`.
pub(super) fn documented(endpoint: &Endpoint, class: std::ops::Range<u16>) -> Vec<u16> {
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
            // `default` covers successes only if no success is documented.
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

/// Returns the documented success statuses that can have a body.
fn successes(endpoint: &Endpoint) -> Vec<u16> {
    documented(endpoint, 200..300)
        .into_iter()
        .filter(|status| ![204, 205].contains(status))
        .collect()
}

pub(super) fn typed_reply(status: u16, kind: Option<&str>, body: impl Into<bytes::Bytes>) -> Reply {
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
    statuses.retain(|status| context.endpoint.expected(*status) == Some(Expected::Untyped));
    statuses.sort_unstable();
    statuses.dedup();
    for (number, status) in statuses.into_iter().enumerate() {
        // All contents for the first status, the most distinct ones for the others.
        let contents = if number == 0 || status == context.success_status() {
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
                .map_err(|failure| format!("{status} with {kind:?}: {failure}"))?;
        }
    }
    if is_typed(context.endpoint) {
        return Ok(());
    }
    let empty = Content::Bytes {
        content_type: None,
        bytes: Vec::new(),
    };
    succeeded(context, traced(Reply::new(204)), 204, &[empty])
}

/// Checks that an outcome has a status and one of these contents.
type IsExpected = fn(&CheckContext<'_>, &Outcome, u16, &[Content]) -> Result<(), String>;

/// Checks that text is read unchanged. `is_expected` checks the outcome.
pub(super) fn texts(
    context: &CheckContext<'_>,
    status: u16,
    is_expected: IsExpected,
) -> Result<(), String> {
    for text in TEXTS {
        let outcome = context.answered(typed_reply(status, Some("text/plain"), text))?;
        is_expected(context, &outcome, status, &[Content::Json(text.into())])?;
    }
    Ok(())
}

pub(super) fn typed(context: &CheckContext<'_>) -> Result<(), String> {
    for (number, status) in documented(context.endpoint, 200..300)
        .into_iter()
        .enumerate()
    {
        let schema = match context.endpoint.expected(status) {
            Some(Expected::Json(schema)) => schema,
            Some(Expected::Text(_)) => {
                texts(context, status, is_success)?;
                continue;
            }
            Some(Expected::Empty) => {
                succeeded(
                    context,
                    traced(Reply::new(status)),
                    status,
                    &[Content::Empty],
                )?;
                continue;
            }
            Some(Expected::Untyped) | None => continue,
        };
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
                .map_err(|failure| format!("{status} with {}: {failure}", sent.what))?;
        }
        let known = sample::value(context.document, schema, 1);
        let unknown = variants::with_unknown_field(context.document, schema, known.clone());
        read(context, status, &unknown, Some(&known))
            .map_err(|failure| format!("{status} with unknown fields: {failure}"))?;
    }
    Ok(())
}

/// Checks that JSON is read unchanged or in its equivalent form.
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

/// Checks that a response is a success with one of these contents.
fn succeeded(
    context: &CheckContext<'_>,
    reply: Reply,
    expected: u16,
    contents: &[Content],
) -> Result<(), String> {
    is_success(context, &context.answered(reply)?, expected, contents)
}

pub(super) fn shape(context: &CheckContext<'_>) -> Result<(), String> {
    let statuses = documented(context.endpoint, 200..300).into_iter();
    let typed = statuses.filter_map(|status| match context.endpoint.expected(status)? {
        Expected::Json(schema) => Some((status, schema)),
        _ => None,
    });
    for (number, (status, schema)) in typed.enumerate() {
        let bodies = wrong_bodies(context, schema);
        for body in &bodies[..if number == 0 { bodies.len() } else { 1 }] {
            let outcome =
                context.answered(typed_reply(status, Some("application/json"), body.clone()))?;
            failed(
                context,
                &outcome,
                &[FailureKind::InvalidResponse],
                status,
                body,
            )
            .map_err(|failure| {
                let body = String::from_utf8_lossy(body);
                format!("{status} with the body {body:?}: {failure}")
            })?;
        }
    }
    Ok(())
}

/// Returns bodies that do not match a schema.
fn wrong_bodies(context: &CheckContext<'_>, schema: &Value) -> Vec<Vec<u8>> {
    let right = sample::value(context.document, schema, 1).to_string();
    let cut = &right[..right
        .char_indices()
        .nth(right.chars().count() / 2)
        .map_or(0, |(at, _)| at)];
    let mut bodies: Vec<String> = variants::wrong(context.document, schema)
        .iter()
        .map(Value::to_string)
        .collect();
    // Null is the absence of content.
    let statuses = documented(context.endpoint, 200..300).into_iter();
    let mut expected = statuses.map(|status| context.endpoint.expected(status));
    if !expected.any(|content| content == Some(Expected::Empty))
        && !bodies.is_empty()
        && sample::flat(context.document, schema)
            .get("nullable")
            .is_none()
    {
        bodies.push("null".to_owned());
    }
    // Half a number or an empty list is still valid JSON.
    bodies.extend((right.starts_with(['{', '[', '"']) && right.len() > 2).then(|| cut.to_owned()));
    bodies.extend(["", " ", "{", "<html>proxy</html>"].map(str::to_owned));
    bodies.push(format!("{right} {right}"));
    bodies.push(format!("{right}\u{0}"));
    let mut bodies: Vec<Vec<u8>> = bodies.into_iter().map(String::into_bytes).collect();
    bodies.extend(not_utf8(context, schema));
    bodies
}

/// Returns a body that is right except for two bytes of a text, which are not UTF-8.
fn not_utf8(context: &CheckContext<'_>, schema: &Value) -> Option<Vec<u8>> {
    let variants = variants::variants(context.document, schema, &[Direction::Response]);
    let with_emoji = variants
        .iter()
        .map(|variant| variant.value.to_string())
        .find(|body| body.contains(variants::EMOJI))?;
    let (before, after) = with_emoji.split_once(variants::EMOJI)?;
    Some([before.as_bytes(), b"\xff\xfe", after.as_bytes()].concat())
}

/// Input that may be accepted or rejected, as long as no data is lost.
pub(super) fn lenience(context: &CheckContext<'_>) -> Result<(), String> {
    let Some(schema) = context.endpoint.success_schema() else {
        return Ok(());
    };
    let status = context.success_status();
    let right = sample::value(context.document, schema, 1);
    for kind in SPELLINGS {
        let reply = typed_reply(status, kind, format!("\r\n\t {right} \r\n"));
        succeeded(context, reply, status, &[Content::Json(right.clone())])
            .map_err(|failure| format!("as {kind:?}: {failure}"))?;
    }
    let either = |what: &str, kind: &str, body: String, value: &Value| {
        let outcome = context.answered(typed_reply(status, Some(kind), body.clone()))?;
        let failure = |failure: String| format!("with {what}: {failure}");
        match &outcome {
            Outcome::Success {
                status: found,
                headers,
                content,
                ..
            } if *found == status && *content == Content::Json(value.clone()) => {
                kept(context, headers).map_err(failure)
            }
            _ => failed(
                context,
                &outcome,
                &[FailureKind::InvalidResponse],
                status,
                body.as_bytes(),
            )
            .map_err(failure),
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
    for unknown in variants::unknown_values(context.document, schema) {
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
    let successes = [200, 201, 202, 203, 204, 206, 226, 299].into_iter();
    statuses.extend(successes.filter(|status| context.endpoint.expected(*status).is_none()));
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
                context,
                &outcome,
                &[FailureKind::UnexpectedResponse],
                status,
                body.as_bytes(),
            )?;
        }
    }
    Ok(())
}
