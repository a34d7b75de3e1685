//! Checks of how responses are delimited, and of limits on their size.

use crate::conformance::context::CheckContext;
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::conformance::test_servers::Settings;
use crate::sample;
use crate::server::Reply;

/// The size of long bodies.
const LONG: usize = 200_000;

/// The maximum size of an excerpt.
pub(super) const MAX_EXCERPT: usize = 64 << 10;

/// The minimum size of an excerpt of a long body.
const MIN_EXCERPT: usize = 1 << 10;

/// Returns true if successes have no body.
fn is_empty(context: &CheckContext<'_>) -> bool {
    [204, 205].contains(&context.success_status())
}

/// Returns a valid body of a success.
fn success_body(context: &CheckContext<'_>) -> String {
    match context.endpoint.success_schema() {
        Some(schema) => sample::value(context.document, schema, 1).to_string(),
        None => "{}".to_owned(),
    }
}

/// Returns a response whose end is not known from a length.
fn framed(status: u16, framing: &str, body: &str) -> Reply {
    Reply::raw(format!(
        "HTTP/1.1 {status} Status\r\ncontent-type: application/json\r\n{framing}connection: close\r\n\r\n{body}"
    ))
}

/// Encodes a body in chunks of some characters, without the last, empty one.
fn chunks(body: &str, size: usize) -> String {
    let characters: Vec<char> = body.chars().collect();
    characters
        .chunks(size)
        .map(String::from_iter)
        .map(|chunk| format!("{:x}\r\n{chunk}\r\n", chunk.len()))
        .collect()
}

const CHUNKED: &str = "transfer-encoding: chunked\r\n";

/// Checks responses in chunks, and those that end with the connection.
pub(super) fn framings(context: &CheckContext<'_>) -> Result<(), String> {
    if is_empty(context) {
        return Ok(());
    }
    let (status, body) = (context.success_status(), success_body(context));
    let plain = context.answered(context.success())?;
    let chunked = chunks(&body, 7);
    for (what, reply) in [
        (
            "chunks",
            framed(status, CHUNKED, &format!("{chunked}0\r\n\r\n")),
        ),
        (
            "chunks and a trailer",
            framed(status, CHUNKED, &format!("{chunked}0\r\nx-end: 1\r\n\r\n")),
        ),
        ("a body until the end", framed(status, "", &body)),
    ] {
        let outcome = context.answered(reply)?;
        if outcome.given().is_none() || outcome.given() != plain.given() {
            return Err(format!("{what}: received {outcome:?}, expected {plain:?}"));
        }
    }
    Ok(())
}

/// Checks responses that end too early, although what arrived is valid.
pub(super) fn cut(context: &CheckContext<'_>) -> Result<(), String> {
    if is_empty(context) {
        return Ok(());
    }
    let (status, body) = (context.success_status(), success_body(context));
    let longer = format!("{body}          ");
    let by_length = Reply::new(status)
        .with_header("content-type", "application/json")
        .with_body(longer)
        .truncated_after(body.len());
    for (what, reply) in [
        ("after a complete value", by_length),
        (
            "before the last chunk",
            framed(status, CHUNKED, &chunks(&body, 7)),
        ),
    ] {
        match context.answered(reply)? {
            Outcome::Failure {
                kind: FailureKind::InvalidResponse,
                status: Some(found),
                ..
            } if found == status => {}
            other => {
                return Err(format!(
                    "a connection that breaks {what}: expected an error with the status, received {other:?}"
                ));
            }
        }
    }
    Ok(())
}

/// Checks the limit on the size of a body.
pub(super) fn limits(context: &CheckContext<'_>) -> Result<(), String> {
    if is_empty(context) {
        return Ok(());
    }
    let (status, body) = (context.success_status(), success_body(context));
    let padding = " ".repeat(LONG - body.len().min(LONG));
    let long = format!("{body}{padding}");
    let by_length = Reply::new(status)
        .with_header("content-type", "application/json")
        .with_body(long.clone());
    let chunked = framed(
        status,
        CHUNKED,
        &format!("{}0\r\n\r\n", chunks(&long, 4096)),
    );
    for (what, reply) in [
        ("a length", by_length),
        ("chunks", chunked),
        ("no length", framed(status, "", &long)),
    ] {
        let with = |limit: usize| {
            let client = context.client(&Settings {
                max_body_bytes: Some(limit),
                ..Settings::default()
            })?;
            context
                .call_with_client(&client, &context.required(), reply.clone())
                .map(|call| call.outcome)
        };
        let at = with(long.len())?;
        if at.given().is_none_or(|(found, _)| found != status) {
            return Err(format!(
                "a body with {what}, as long as the limit: received {at:?}"
            ));
        }
        match with(long.len() - 1)? {
            Outcome::Failure {
                kind: FailureKind::BodyTooLarge,
                status: Some(found),
                excerpt,
                ..
            } if found == status => is_excerpt(&excerpt, long.as_bytes(), 0)?,
            other => {
                return Err(format!(
                    "a body with {what}, longer than the limit: received {other:?}"
                ));
            }
        }
    }
    Ok(())
}

/// Checks that errors keep the start of a long body.
pub(super) fn excerpts(context: &CheckContext<'_>) -> Result<(), String> {
    for status in [400, 404, 500, 503] {
        let body = match context.endpoint.error_schema(status) {
            Some(schema) => sample::value(context.document, schema, 1).to_string(),
            None => "{\"message\": \"long\"}".to_owned(),
        };
        let long = format!("{body}{}", " ".repeat(LONG));
        let reply = Reply::new(status)
            .with_header("content-type", "application/json")
            .with_body(long.clone());
        match context.answered(reply)? {
            Outcome::Failure {
                status: Some(found),
                excerpt,
                content,
                ..
            } if found == status => {
                is_excerpt(&excerpt, long.as_bytes(), MIN_EXCERPT)
                    .map_err(|failure| format!("{status}: {failure}"))?;
                if let Some(content @ Content::Bytes { .. }) = content {
                    is_excerpt(&content, long.as_bytes(), MIN_EXCERPT)
                        .map_err(|failure| format!("the content of {status}: {failure}"))?;
                }
            }
            other => return Err(format!("{status}: received {other:?}")),
        }
    }
    Ok(())
}

/// Checks that an excerpt is the start of a body, and neither too short nor too long.
fn is_excerpt(excerpt: &Content, body: &[u8], least: usize) -> Result<(), String> {
    let Content::Bytes { bytes: excerpt, .. } = excerpt else {
        return Err("the excerpt has a type".to_owned());
    };
    if !body.starts_with(excerpt) {
        return Err("the excerpt is not the start of the body".to_owned());
    }
    if !(least..=MAX_EXCERPT).contains(&excerpt.len()) {
        return Err(format!(
            "the excerpt of {} bytes has {} bytes, expected {least} to {MAX_EXCERPT}",
            body.len(),
            excerpt.len()
        ));
    }
    Ok(())
}
