//! Documented responses with sample headers and bodies.

use serde_json::{Value, json};
use thiserror::Error;

use super::echo::echo;
use super::event::{ServerSentEvent, sequence};
use super::reply::Reply;
use crate::document::{
    Document, EVENT_STREAM, Endpoint, Response, essence, is_json, is_sequence, is_string,
};
use crate::request::RecordedRequest;
use crate::sample::{self, Samples};
use crate::schema::{Direction, Validator};
use crate::style::plain;

/// An error from choosing a documented response.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentedReplyError {
    /// The document has no such operation.
    #[error("the document has no operation `{operation}`; it has: {known}")]
    Operation {
        /// The requested operation.
        operation: String,
        /// The existing operations.
        known: String,
    },
    /// The operation has no such response.
    #[error("`{operation}` has no response with status {status}; it has: {known}")]
    Status {
        /// The operation.
        operation: String,
        /// The requested status.
        status: u16,
        /// The documented statuses.
        known: String,
    },
    /// No valid sample was found.
    #[error(
        "`{operation}`: no valid sample for status {status}: the body{location} {reason}; add an `example` to the document"
    )]
    Sample {
        /// The operation.
        operation: String,
        /// The requested status.
        status: u16,
        /// The location in the body, with a leading space; empty for the whole body.
        location: String,
        /// The reason.
        reason: String,
    },
}

/// Finds an operation by its id.
pub(crate) fn operation<'a>(
    document: &'a Document,
    id: &str,
) -> Result<&'a Endpoint, DocumentedReplyError> {
    let found = document.endpoints.iter().find(|endpoint| endpoint.id == id);
    found.ok_or_else(|| DocumentedReplyError::Operation {
        operation: id.to_owned(),
        known: listed(
            document
                .endpoints
                .iter()
                .map(|endpoint| endpoint.id.as_str()),
        ),
    })
}

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let mut names: Vec<&str> = names.collect();
    names.sort_unstable();
    names.join(", ")
}

/// Returns the documented response for a status, its range, or `default`.
pub(crate) fn response(
    endpoint: &Endpoint,
    status: u16,
) -> Result<&Response, DocumentedReplyError> {
    let responses = &endpoint.responses;
    let of = |wanted: &str| {
        let mut responses = responses.iter();
        responses.find(|response| response.status.eq_ignore_ascii_case(wanted))
    };
    let response = of(&status.to_string())
        .or_else(|| of(&format!("{}XX", status / 100)))
        .or_else(|| of("default"));
    response.ok_or_else(|| DocumentedReplyError::Status {
        operation: endpoint.id.clone(),
        status,
        known: listed(responses.iter().map(|response| response.status.as_str())),
    })
}

/// Returns the documented reply for a status, with sample headers and body.
pub(crate) fn answer(
    document: &Document,
    id: &str,
    status: u16,
    samples: Samples,
    request: Option<&RecordedRequest>,
) -> Result<Reply, DocumentedReplyError> {
    let endpoint = operation(document, id)?;
    let response = response(endpoint, status)?;
    let maker = Maker {
        document,
        endpoint,
        samples,
        request,
    };
    let (reply, violation) = maker.sampled(response, status);
    match violation {
        None => Ok(reply),
        Some((pointer, reason)) => {
            let location = if pointer.is_empty() {
                String::new()
            } else {
                format!(" at `{pointer}`")
            };
            Err(DocumentedReplyError::Sample {
                operation: id.to_owned(),
                status,
                location,
                reason,
            })
        }
    }
}

/// Returns the first documented success, or an empty 200.
pub(crate) fn success(
    document: &Document,
    endpoint: &Endpoint,
    samples: Samples,
    request: &RecordedRequest,
) -> Reply {
    let mut responses = endpoint.responses.iter();
    let Some(response) = responses.find(|response| response.status.starts_with('2')) else {
        return Reply::new(200);
    };
    let maker = Maker {
        document,
        endpoint,
        samples,
        request: Some(request),
    };
    let status = response.status.parse().unwrap_or(200);
    maker.sampled(response, status).0
}

/// Creates samples of responses.
struct Maker<'a> {
    document: &'a Document,
    endpoint: &'a Endpoint,
    samples: Samples,
    /// The request whose values are repeated.
    request: Option<&'a RecordedRequest>,
}

impl Maker<'_> {
    /// Returns a sample of a documented response, and the first violation of its body.
    fn sampled(&self, response: &Response, status: u16) -> (Reply, Option<(String, String)>) {
        let validator = Validator::new(self.document, Direction::Response);
        let mut reply = Reply::new(status);
        for (name, schema) in &response.headers {
            if let Some(value) = header(validator, schema) {
                reply = reply.with_header(name, &value);
            }
        }
        let json = response.content.iter().find(|(kind, _)| is_json(kind));
        let first = json.or_else(|| response.content.first());
        let has_body = !self.endpoint.has_no_response_body() && !matches!(status, 204 | 205);
        // A client that asks for events gets them, also where JSON is offered.
        let asked = self.request.and_then(|request| request.header("accept"));
        let mut content = response.content.iter();
        let asked = content.find(|(kind, _)| is_sequence(kind) && Some(kind.as_str()) == asked);
        let events = asked.or_else(|| first.filter(|(kind, _)| is_sequence(kind)));
        if let Some((kind, schema)) = events.filter(|_| has_body) {
            return self.events(validator, reply, kind, schema.as_ref());
        }
        let Some((kind, schema)) = first.filter(|_| has_body) else {
            return (reply, None);
        };
        let (open, text) = (json!({}), json!({"type": "string"}));
        let typed = response.json();
        if typed.is_some() || is_json(kind) {
            let (kind, schema) = typed.unwrap_or((kind, schema.as_ref().unwrap_or(&open)));
            let kind = match kind.contains('*') {
                true => "application/json",
                false => kind,
            };
            let value = self.json(validator, schema);
            let violation = validator.violations(schema, &value).into_iter().next();
            let reply = reply.with_header("content-type", kind);
            return (
                reply.with_body(value.to_string()),
                violation.map(|violation| (violation.pointer, violation.reason)),
            );
        }
        // A range is not a valid `Content-Type`.
        let kind = if kind.contains('*') {
            "application/octet-stream"
        } else {
            kind
        };
        let schema = schema.as_ref().filter(|_| kind.starts_with("text/"));
        let text = sample::sent(validator, schema.unwrap_or(&text), self.samples);
        let reply = reply.with_header("content-type", kind);
        (reply.with_body(plain(&text)), None)
    }

    /// Adds a sequence of two events, and returns the first violation of their data.
    fn events(
        &self,
        validator: Validator<'_>,
        reply: Reply,
        kind: &str,
        schema: Option<&Value>,
    ) -> (Reply, Option<(String, String)>) {
        let is_text = essence(kind) == EVENT_STREAM;
        let (data, violation) = match schema.filter(|schema| !is_string(schema)) {
            Some(schema) => {
                let value = self.json(validator, schema);
                let violation = validator.violations(schema, &value).into_iter().next();
                // A string that is JSON has quotes.
                let data = if is_text {
                    json!(value.to_string())
                } else {
                    value
                };
                (data, violation)
            }
            None if is_text => (json!("event"), None),
            None => (json!({}), None),
        };
        // Events without names and IDs can always be sent.
        let body = sequence(kind, &[&data, &data].map(ServerSentEvent::new)).unwrap_or_default();
        let reply = reply.with_header("content-type", kind).with_body(body);
        let violation = violation.map(|violation| (violation.pointer, violation.reason));
        (reply, violation)
    }

    fn json(&self, validator: Validator<'_>, schema: &Value) -> Value {
        if *schema == json!({}) {
            return json!({});
        }
        let mut value = sample::sent(validator, schema, self.samples);
        if self.samples == Samples::Plausible
            && let Some(request) = self.request
        {
            let plain = value.clone();
            echo(self.document, self.endpoint, request, schema, &mut value);
            if !validator.is_valid(schema, &value) {
                value = plain;
            }
        }
        value
    }
}

/// Returns a short header value. Numbers are small, since `Retry-After` delays clients.
fn header(validator: Validator<'_>, schema: &Value) -> Option<String> {
    let own = ["example", "default"]
        .into_iter()
        .filter_map(|keyword| validator.document.resolve(schema).get(keyword).cloned());
    let candidates = own.chain([
        json!("value"),
        json!(1),
        json!(true),
        sample::sent(validator, schema, Samples::Edge),
    ]);
    let fitting = candidates
        .into_iter()
        .find(|candidate| validator.is_valid(schema, candidate))?;
    let text = match &fitting {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(","),
        scalar => plain(scalar),
    };
    // Headers are ASCII.
    Some(
        text.chars()
            .filter(|c| c.is_ascii() && !c.is_ascii_control())
            .collect::<String>()
            .trim()
            .to_owned(),
    )
}
