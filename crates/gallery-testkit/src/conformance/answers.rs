//! Checks of what is made of an answer.

use crate::conformance::adapter::{Content, FailureKind, Outcome};
use crate::conformance::bench::Bench;
use crate::document::Endpoint;
use crate::request::Recorded;
use crate::sample;
use crate::server::Reply;

/// A header that no client can know of.
const TRACE: (&str, &str) = ("x-conformance-trace", "kept");

pub(super) fn is_untyped(endpoint: &Endpoint) -> bool {
    endpoint.success_schema().is_none()
}

pub(super) fn is_typed(endpoint: &Endpoint) -> bool {
    endpoint.success_schema().is_some()
}

pub(super) fn has_typed_error(endpoint: &Endpoint) -> bool {
    endpoint.has_error_schema()
}

pub(super) fn untyped(bench: &Bench) -> Result<(), String> {
    let contents: [(Option<&str>, &[u8]); 6] = [
        (Some("application/json"), b"[{\"a\": 9007199254740993}]"),
        (Some("application/json; charset=utf-8"), b"null"),
        (Some("text/html"), b"<p>not JSON</p>"),
        (Some("application/octet-stream"), b"\x00\xff\xfe"),
        (None, b"no type"),
        (None, b""),
    ];
    for status in [200, 201, 202, 206, 299] {
        for (kind, bytes) in contents {
            let mut reply = Reply::new(status).with_header(TRACE.0, TRACE.1).with_body(bytes.to_vec());
            if let Some(kind) = kind {
                reply = reply.with_header("content-type", kind);
            }
            let bytes = if bench.endpoint.has_no_answer_body() { b"" } else { bytes };
            let content = Content::Bytes { content_type: kind.map(str::to_owned), bytes: bytes.to_vec() };
            succeeded(bench, reply, status, &content).map_err(|fault| format!("{status} with {kind:?}: {fault}"))?;
        }
    }
    let empty = Content::Bytes { content_type: None, bytes: Vec::new() };
    succeeded(bench, Reply::new(204).with_header(TRACE.0, TRACE.1), 204, &empty)
}

pub(super) fn typed(bench: &Bench) -> Result<(), String> {
    let Some(schema) = bench.endpoint.success_schema() else { return Ok(()) };
    for items in [0, 1, 1000] {
        let value = sample::value(&bench.document, schema, items);
        let with_unknown = sample::with_unknown_field(&bench.document, schema, value.clone());
        for sent in [&value, &with_unknown] {
            let reply = Reply::json(bench.success_status(), sent).with_header(TRACE.0, TRACE.1);
            // A type leaves what it does not know out; where a schema is too open for one, all of it is kept.
            let kept = succeeded(bench, reply.clone(), bench.success_status(), &Content::Json(sent.clone()));
            if kept.is_err() {
                succeeded(bench, reply, bench.success_status(), &Content::Json(value.clone()))?;
            }
        }
    }
    Ok(())
}

fn succeeded(bench: &Bench, reply: Reply, expected: u16, content: &Content) -> Result<(), String> {
    match bench.call_with(&bench.required(), reply)?.outcome {
        Outcome::Success { status, headers, content: found } => {
            if status != expected {
                return Err(format!("the status is {status}, not {expected}"));
            }
            if &found != content {
                return Err(format!("the content is {found:?}, not {content:?}"));
            }
            kept(&headers)
        }
        other => Err(format!("the success became {other:?}")),
    }
}

pub(super) fn shape(bench: &Bench) -> Result<(), String> {
    let Some(schema) = bench.endpoint.success_schema() else { return Ok(()) };
    let wrong = sample::wrong(&bench.document, schema).map(|wrong| wrong.to_string());
    for body in wrong.iter().map(String::as_str).chain(["", "{", "<html>proxy</html>"]) {
        let reply =
            Reply::new(bench.success_status()).with_header("content-type", "application/json").with_header(TRACE.0, TRACE.1);
        let call = bench.call_with(&bench.required(), reply.with_body(body.to_owned()))?;
        failed(&call.outcome, FailureKind::InvalidResponse, bench.success_status(), body.as_bytes())
            .map_err(|fault| format!("with the body {body:?}: {fault}"))?;
    }
    Ok(())
}

pub(super) fn errors(bench: &Bench) -> Result<(), String> {
    for status in [400, 401, 403, 404, 409, 413, 422, 429, 499, 500, 501, 502, 503, 504, 599] {
        // A typed error is another check's.
        if bench.endpoint.error_schema(status).is_some() {
            continue;
        }
        for body in [&b"{\"id\": \"e\"}"[..], b"limit exceeded", b"", b"\xff\x00"] {
            let reply = Reply::new(status).with_header(TRACE.0, TRACE.1).with_body(body.to_vec());
            let call = bench.call_with(&bench.required(), reply)?;
            if call.requests.len() != 1 {
                return Err(format!("{} requests arrived", call.requests.len()));
            }
            // Where some errors have a type, the others are none that the document knows.
            let kind =
                if bench.endpoint.has_error_schema() { FailureKind::UnexpectedResponse } else { FailureKind::ErrorResponse };
            let body = if bench.endpoint.has_no_answer_body() { b"" } else { body };
            failed(&call.outcome, kind, status, body)?;
        }
    }
    Ok(())
}

pub(super) fn typed_errors(bench: &Bench) -> Result<(), String> {
    for status in 400..600 {
        let Some(schema) = bench.endpoint.error_schema(status) else { continue };
        // One of each kind is enough where a range has them all.
        if !bench.endpoint.responses.iter().any(|response| response.status == status.to_string()) && status % 100 > 4 {
            continue;
        }
        let value = sample::value(&bench.document, schema, 1);
        let call = bench.call_with(&bench.required(), Reply::json(status, &value).with_header(TRACE.0, TRACE.1))?;
        match &call.outcome {
            Outcome::Failure {
                kind: FailureKind::ErrorResponse,
                status: Some(found),
                headers,
                content: Some(Content::Json(content)),
                ..
            } if *found == status && *content == value => {
                kept(headers)?;
            }
            other => return Err(format!("the documented error {status} became {other:?}")),
        }
        let Some(wrong) = sample::wrong(&bench.document, schema).map(|wrong| wrong.to_string()) else { continue };
        let reply = Reply::new(status).with_header(TRACE.0, TRACE.1).with_body(wrong.clone());
        failed(&bench.call_with(&bench.required(), reply)?.outcome, FailureKind::InvalidResponse, status, wrong.as_bytes())?;
    }
    Ok(())
}

pub(super) fn redirects(bench: &Bench) -> Result<(), String> {
    for status in [301, 302, 303, 307, 308, 304] {
        let reply = Reply::new(status).with_header("location", "/elsewhere").with_header(TRACE.0, TRACE.1).with_body("moved");
        let call = bench.call_with(&bench.required(), reply)?;
        let [first, onward @ ..] = call.requests.as_slice() else { return Err(format!("nothing was sent, but {call:?}")) };
        let same = |request: &Recorded| (&request.method, &request.body) == (&first.method, &first.body);
        // The stand-in sends everything to the same place: after the first step it is a circle.
        let may = match status {
            304 => 0,
            301..=303 if first.method != "GET" && first.method != "HEAD" => 0,
            _ => 1,
        };
        if onward.len() > may || !onward.iter().all(|request| same(request) && request.path == "/elsewhere") {
            let paths: Vec<_> = call.requests.iter().map(|request| format!("{} {}", request.method, request.path)).collect();
            return Err(format!("the redirect {status} was followed: {paths:?}"));
        }
        // 304 has no body, whatever the server wanted to send.
        let body: &[u8] = if status == 304 || bench.endpoint.has_no_answer_body() { b"" } else { b"moved" };
        failed(&call.outcome, FailureKind::UnexpectedResponse, status, body)?;
    }
    Ok(())
}

/// Whether a failure is of this kind and keeps status, headers and body.
fn failed(outcome: &Outcome, wanted: FailureKind, expected: u16, body: &[u8]) -> Result<(), String> {
    let Outcome::Failure { kind, status, headers, content, message } = outcome else {
        return Err(format!("{expected} became a success: {outcome:?}"));
    };
    if *kind != wanted {
        return Err(format!("{expected} became {kind:?}, not {wanted:?}: {message}"));
    }
    if *status != Some(expected) {
        return Err(format!("{expected} became the status {status:?}"));
    }
    match content {
        Some(Content::Bytes { bytes, .. }) if bytes == body => kept(headers),
        other => Err(format!("the body of {expected} became {other:?}")),
    }
}

fn kept(headers: &[(String, String)]) -> Result<(), String> {
    let there = headers.iter().any(|(name, value)| name == TRACE.0 && value == TRACE.1);
    if there { Ok(()) } else { Err(format!("the header `{}` is lost; there are {headers:?}", TRACE.0)) }
}
