//! Checks of how responses are delimited, and of limits on their size.

use crate::conformance::checks::context::CheckContext;
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::conformance::settings::Settings;
use crate::server::{Gate, Reply};

/// The size of long bodies.
const LONG: usize = 200_000;

/// The number of bytes that a server sends of a body without an end. More than the buffers of a
/// connection hold.
const ENDLESS: usize = 8 << 20;

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
    let body = context.response_body(context.success_status());
    body.unwrap_or_else(|| "{}".to_owned())
}

/// Returns a valid body of an error.
fn error_body(context: &CheckContext<'_>, status: u16) -> String {
    let body = context.response_body(status);
    body.unwrap_or_else(|| "{\"message\": \"an error\"}".to_owned())
}

/// Returns a response with a length.
fn measured(status: u16, body: &str) -> Reply {
    Reply::new(status)
        .with_header("content-type", "application/json")
        .with_body(body.to_owned())
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
    if !is_empty(context) {
        same_in_all_framings(context, context.success_status(), &success_body(context))?;
    }
    for status in [400, 500] {
        same_in_all_framings(context, status, &error_body(context, status))
            .map_err(|failure| format!("an error with {failure}"))?;
    }
    Ok(())
}

fn same_in_all_framings(context: &CheckContext<'_>, status: u16, body: &str) -> Result<(), String> {
    let plain = context.answered(measured(status, body))?;
    let chunked = chunks(body, 7);
    for (what, reply) in [
        (
            "chunks",
            framed(status, CHUNKED, &format!("{chunked}0\r\n\r\n")),
        ),
        (
            "chunks and a trailer",
            framed(status, CHUNKED, &format!("{chunked}0\r\nx-end: 1\r\n\r\n")),
        ),
        ("a body until the end", framed(status, "", body)),
    ] {
        let outcome = context.answered(reply)?;
        let is_success = outcome.given().is_some();
        if is_success != (status < 400) || received(&outcome) != received(&plain) {
            return Err(format!("{what}: received {outcome:?}, expected {plain:?}"));
        }
    }
    Ok(())
}

/// Returns the parts of an outcome that do not depend on framing: status, content and excerpt.
fn received(outcome: &Outcome) -> (Option<u16>, Option<&Content>, Option<&Content>) {
    let status = outcome.status();
    match outcome {
        Outcome::Success { content, .. } => (status, Some(content), None),
        Outcome::Failure {
            content, excerpt, ..
        } => (status, content.as_ref(), Some(excerpt)),
    }
}

/// Checks responses that end too early, although what arrived is valid.
pub(super) fn cut(context: &CheckContext<'_>) -> Result<(), String> {
    if is_empty(context) {
        return Ok(());
    }
    let (status, body) = (context.success_status(), success_body(context));
    let by_length = measured(status, &format!("{body}          ")).truncated_after(body.len());
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
    let by_length = measured(status, &long);
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
        let long = format!("{}{}", error_body(context, status), " ".repeat(LONG));
        match context.answered(measured(status, &long))? {
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
    [400, 500]
        .into_iter()
        .try_for_each(|status| endless_error(context, status))
}

/// Checks an error whose body does not end.
fn endless_error(context: &CheckContext<'_>, status: u16) -> Result<(), String> {
    // The start of a chunk that is longer than what is sent.
    let size = b"ffffffff\r\n";
    let mut body = vec![0; ENDLESS];
    body[..size.len()].copy_from_slice(size);
    let gate = Gate::new();
    let reply = Reply::new(status)
        .with_header("content-type", "application/json")
        .with_header("transfer-encoding", "chunked")
        .with_body(body)
        .stalled_after(ENDLESS, &gate);
    let client = context.client(&Settings {
        max_body_bytes: Some(LONG - 1),
        ..Settings::default()
    })?;
    match context.call_until_stalled(&client, reply, &gate)? {
        Some(Outcome::Failure {
            status: Some(found),
            excerpt,
            ..
        }) if found == status => is_excerpt(&excerpt, &[0; MAX_EXCERPT], 1),
        Some(other) => Err(format!("{status} with an endless body: received {other:?}")),
        None => Err(format!(
            "{status} with an endless body: the client read {ENDLESS} bytes and waits for more"
        )),
    }
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
