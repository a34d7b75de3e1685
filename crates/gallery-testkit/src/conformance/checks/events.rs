//! Checks of events that arrive one after another.

use serde_json::{Value, json};

use crate::conformance::adapter::Way;
use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::downloads::stalled;
use crate::conformance::checks::response_rules::{kept, traced};
use crate::conformance::checks::variants;
use crate::conformance::outcome::{Content, FailureKind, Outcome};
use crate::document::{Endpoint, Expected, essence};
use crate::schema::Direction;
use crate::server::Reply;

pub(super) fn has_events(endpoint: &Endpoint) -> bool {
    !endpoint.has_no_response_body() && endpoint.events().is_some()
}

/// A value that is sent as an event, and its equivalent form.
struct Sent {
    value: Value,
    otherwise: Option<Value>,
}

pub(super) fn events(context: &CheckContext<'_>) -> Result<(), String> {
    let Some((status, kind, expected)) = context.endpoint.events() else {
        return Ok(());
    };
    let all = values(context, expected);
    let is_text = matches!(expected, Expected::Text(_));
    let reply = |body: String| {
        traced(Reply::new(status))
            .with_header("content-type", kind)
            .with_body(body)
    };
    let whole = body(kind, is_text, &all);
    let call = context.events(reply(whole.clone()))?;
    received(context, &call.outcome, status, &all)?;
    let sent: Vec<_> = call
        .requests
        .iter()
        .map(|request| request.header("accept"))
        .collect();
    if sent != [Some(kind)] {
        return Err(format!(
            "expected one request with `Accept: {kind}`, received {sent:?}"
        ));
    }
    // The last event is incomplete.
    let cut = whole.len() - body(kind, is_text, &all[all.len() - 1..]).len() / 2;
    let cut_off = context.receive(Way::Events, None, reply(whole.clone()).truncated_after(cut))?;
    broken(&cut_off, status, &all[..all.len() - 1])
        .map_err(|failure| format!("events that are cut off: {failure}"))?;
    let stalled = stalled(context, Way::Events, &reply(whole), cut)?;
    broken(&stalled, status, &all[..all.len() - 1])
        .map_err(|failure| format!("events that stall: {failure}"))?;
    let other = traced(Reply::json(status, json!([])));
    match context.receive(Way::Events, None, other)? {
        Outcome::Failure {
            kind: FailureKind::InvalidResponse,
            status: Some(found),
            ..
        } if found == status => {}
        other => return Err(format!("JSON instead of events: received {other:?}")),
    }
    match context.receive(Way::Events, None, Reply::new(503))? {
        Outcome::Failure {
            status: Some(503), ..
        } => Ok(()),
        other => Err(format!("expected the error 503, received {other:?}")),
    }
}

/// Returns the data of events at the edges of the schema.
fn values(context: &CheckContext<'_>, expected: Expected<'_>) -> Vec<Sent> {
    let plain = |value| Sent {
        value,
        otherwise: None,
    };
    match expected {
        Expected::Json(schema) => {
            let variants = variants::variants(context.document, schema, &[Direction::Response]);
            let variants = variants.into_iter().map(|variant| Sent {
                value: variant.value,
                otherwise: variant.otherwise,
            });
            variants.collect()
        }
        Expected::Text(_) => {
            let texts = ["text", " space", "two\nlines", "{}", "é 😀", "last"];
            texts.map(|text| plain(text.into())).into()
        }
        Expected::Untyped | Expected::Empty => [json!({"a": [1, null]}), json!("text"), json!(7)]
            .map(plain)
            .into(),
    }
}

/// Returns a response with these events.
fn body(kind: &str, is_text: bool, all: &[Sent]) -> String {
    let texts = all.iter().enumerate().map(|(number, sent)| {
        let text = match (&sent.value, is_text) {
            (Value::String(text), true) => text.clone(),
            (value, _) => value.to_string(),
        };
        match essence(kind).as_str() {
            "text/event-stream" => {
                let data: String = text
                    .split('\n')
                    .map(|line| format!("data: {line}\n"))
                    .collect();
                match number % 3 {
                    0 => format!(": comment\n\n{data}\n"),
                    1 => format!("event: kind\nid: {number}\n{data}unknown: field\n\n"),
                    _ => format!("{data}\n").replace('\n', "\r\n"),
                }
            }
            "application/json-seq" => format!("\u{1e}{text}\n"),
            _ => format!("{text}\n"),
        }
    });
    texts.collect()
}

/// Checks that a list of events is the expected one.
fn same(content: &Content, all: &[Sent]) -> Result<(), String> {
    let Content::Json(Value::Array(found)) = content else {
        return Err(format!("received {content:?}"));
    };
    for (found, sent) in found.iter().zip(all) {
        if *found != sent.value && Some(found) != sent.otherwise.as_ref() {
            return Err(format!("the event {} was read as {found}", sent.value));
        }
    }
    match found.len() == all.len() {
        true => Ok(()),
        false => Err(format!(
            "{} of {} events were received",
            found.len(),
            all.len()
        )),
    }
}

fn received(
    context: &CheckContext<'_>,
    outcome: &Outcome,
    expected: u16,
    all: &[Sent],
) -> Result<(), String> {
    match outcome {
        Outcome::Success {
            status,
            headers,
            content,
            ..
        } if *status == expected => {
            same(content, all)?;
            kept(context, headers)
        }
        other => Err(format!(
            "expected the success {expected}, received {other:?}"
        )),
    }
}

/// Checks that a stream ended with an error, after these events.
fn broken(outcome: &Outcome, expected: u16, all: &[Sent]) -> Result<(), String> {
    match outcome {
        Outcome::Failure {
            kind: FailureKind::InvalidResponse | FailureKind::ConnectionLost | FailureKind::Timeout,
            status: Some(status),
            content: Some(content),
            ..
        } if *status == expected => same(content, all),
        other => Err(format!(
            "expected an error with the status, received {other:?}"
        )),
    }
}
