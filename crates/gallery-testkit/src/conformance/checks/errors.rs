//! Checks of error responses.

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::response_rules::{failed, kept, traced};
use crate::conformance::checks::responses::{SPELLINGS, documented, texts, typed_reply};
use crate::conformance::checks::variants;
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::document::{Endpoint, Expected};
use crate::sample;
use crate::schema::Direction;
use crate::server::Reply;

/// Statuses of errors that each operation is checked with.
const COMMON: [u16; 19] = [
    400, 401, 403, 404, 408, 409, 410, 413, 418, 422, 425, 429, 499, 500, 501, 502, 503, 504, 599,
];

pub(super) fn errors(context: &CheckContext<'_>) -> Result<(), String> {
    let mut statuses = documented(context.endpoint, 400..600);
    statuses.extend(COMMON);
    statuses.sort_unstable();
    statuses.dedup();
    // Typed errors have their own check.
    let bodies = [
        &b"{\"id\": \"e\"}"[..],
        b"<html>limit exceeded</html>",
        b"",
        b"\xff\x00",
    ];
    let untyped = statuses.into_iter().filter_map(|status| {
        let kind = match context.endpoint.expected(status) {
            Some(Expected::Json(_) | Expected::Text(_)) => return None,
            Some(Expected::Untyped | Expected::Empty) => FailureKind::ErrorResponse,
            // If some errors have a type, undocumented ones are unexpected responses.
            None => FailureKind::UnexpectedResponse,
        };
        Some((status, kind))
    });
    for (number, (status, kind)) in untyped.enumerate() {
        // Every status once, the most important ones with every body.
        let all = [400, 404, 500].contains(&status) || is_documented(context.endpoint, status);
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
            match context.endpoint.expected(status) {
                Some(Expected::Empty) => is_error(context, &outcome, status, &[Content::Empty])?,
                _ => failed(context, &outcome, &[kind], status, body)?,
            }
            is_retryable(&outcome, matches!(status, 408 | 429 | 500 | 502..=599))
                .map_err(|failure| format!("{status}: {failure}"))?;
        }
    }
    has_messages(context)
}

pub(super) fn is_retryable(outcome: &Outcome, expected: bool) -> Result<(), String> {
    match outcome {
        Outcome::Failure { is_retryable, .. } if *is_retryable != expected => Err(format!(
            "the error says that it is {}retryable",
            if expected { "not " } else { "" }
        )),
        _ => Ok(()),
    }
}

/// The message of an error has the operation, its route, the status and the API's own message.
fn has_messages(context: &CheckContext<'_>) -> Result<(), String> {
    let endpoint = context.endpoint;
    let method = context.surface()?.method_name(endpoint).unwrap_or_default();
    let route = format!("{method} ({} {})", endpoint.method, endpoint.path);
    let reply = Reply::new(418).with_body("{\"message\": \"no tea\"}");
    let Outcome::Failure { message, .. } = context.answered(reply)? else {
        return Err("418 is not an error".to_owned());
    };
    let own = if endpoint.has_no_response_body() {
        ""
    } else {
        "no tea"
    };
    for part in [route.as_str(), "418", own] {
        if !message.contains(part) {
            return Err(format!("the message {message:?} does not contain `{part}`"));
        }
    }
    Ok(())
}

pub(super) fn typed_errors(context: &CheckContext<'_>) -> Result<(), String> {
    let documented = documented(context.endpoint, 400..600);
    // A range or `default` has these statuses too.
    let others = COMMON.iter().filter(|own| !documented.contains(own));
    for status in others.copied() {
        if let Some(Expected::Json(schema)) = context.endpoint.expected(status) {
            let value = sample::value(context.document, schema, 1);
            let reply = typed_reply(status, Some("application/json"), value.to_string());
            is_error(
                context,
                &context.answered(reply)?,
                status,
                &[Content::Json(value)],
            )?;
        }
    }
    for (number, status) in documented.iter().copied().enumerate() {
        let schema = match context.endpoint.expected(status) {
            Some(Expected::Json(schema)) => schema,
            Some(Expected::Text(_)) => {
                texts(context, status, is_error)?;
                continue;
            }
            Some(Expected::Untyped | Expected::Empty) | None => continue,
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
                let values = [Some(&sent.value), sent.otherwise.as_ref()]
                    .into_iter()
                    .flatten();
                let contents: Vec<Content> = values.cloned().map(Content::Json).collect();
                is_error(context, &outcome, status, &contents)
                    .map_err(|failure| format!("with {} as {kind:?}: {failure}", sent.what))?;
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
                context,
                &outcome,
                &[FailureKind::InvalidResponse],
                status,
                body.as_bytes(),
            )
            .map_err(|failure| format!("with the body {body:?}: {failure}"))?;
        }
    }
    Ok(())
}

/// Checks that the outcome is a documented error with one of these contents.
fn is_error(
    context: &CheckContext<'_>,
    outcome: &Outcome,
    expected: u16,
    contents: &[Content],
) -> Result<(), String> {
    match outcome {
        Outcome::Failure {
            kind: FailureKind::ErrorResponse,
            status: Some(status),
            headers,
            content: Some(content),
            ..
        } if *status == expected && contents.contains(content) => kept(context, headers),
        other => Err(format!(
            "expected the error {expected} with {:?}, received {other:?}",
            contents.first()
        )),
    }
}

/// Returns true if the document names a status.
fn is_documented(endpoint: &Endpoint, status: u16) -> bool {
    endpoint
        .responses
        .iter()
        .any(|response| response.status == status.to_string())
}
