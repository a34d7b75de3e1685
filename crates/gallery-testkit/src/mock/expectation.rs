//! Expectations and their comparison with received calls.

use serde_json::Value;

use super::difference;
use crate::document::{Document, Endpoint, Location, Parameter};
use crate::request::RecordedRequest;
use crate::server::Reply;
use crate::strict;
use crate::style::{self, decode, identity, raw_pairs};

/// An expected call.
#[derive(Debug)]
pub(super) struct Expectation {
    pub(super) operation: String,
    pub(super) parameters: Vec<(Location, String, Value)>,
    pub(super) body: Option<ExpectedBody>,
    replies: Vec<Reply>,
    /// The minimum and maximum number of calls.
    pub(super) times: (usize, usize),
    /// The number of calls so far.
    pub(super) count: usize,
    /// Errors in the expectation itself.
    pub(super) wrong: Vec<String>,
}

/// The expected body.
#[derive(Debug)]
pub(super) enum ExpectedBody {
    Json(Value),
    Bytes(Vec<u8>),
}

/// A received call.
#[derive(Clone, Copy)]
pub(super) struct ReceivedCall<'a> {
    pub(super) document: &'a Document,
    pub(super) endpoint: &'a Endpoint,
    pub(super) request: &'a RecordedRequest,
}

impl Expectation {
    pub(super) fn new(operation: &str) -> Expectation {
        Expectation {
            operation: operation.to_owned(),
            parameters: Vec::new(),
            body: None,
            replies: Vec::new(),
            times: (1, 1),
            count: 0,
            wrong: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, reply: Reply) {
        self.replies.push(reply);
        self.times = (self.replies.len(), self.replies.len());
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.count >= self.times.1
    }

    /// Returns the response to the call just counted. `None` for the documented one.
    pub(super) fn reply(&self) -> Option<Reply> {
        self.replies
            .get(self.count.saturating_sub(1))
            .or_else(|| self.replies.last())
            .cloned()
    }

    pub(super) fn fits(&self, received: ReceivedCall<'_>) -> bool {
        let (expected, actual) = self.lines(received);
        expected == actual
    }

    /// Returns the number of lines that differ.
    pub(super) fn distance(&self, received: ReceivedCall<'_>) -> usize {
        let (expected, actual) = self.lines(received);
        difference::lines(&expected, &actual)
            .iter()
            .filter(|line| !line.starts_with(' '))
            .count()
    }

    /// Returns a diff of the expected and the received call.
    pub(super) fn difference(&self, received: ReceivedCall<'_>) -> String {
        let (expected, actual) = self.lines(received);
        let lines = difference::lines(&expected, &actual);
        format!("    {}\n{}", title(received.endpoint), indented(&lines))
    }

    /// Returns the mismatch to report after all calls.
    pub(super) fn mismatch(&self, document: &Document) -> Option<String> {
        if !self.wrong.is_empty() {
            return Some(format!(
                "the expectation for {} is invalid: {}",
                self.operation,
                self.wrong.join("; ")
            ));
        }
        if (self.times.0..=self.times.1).contains(&self.count) {
            return None;
        }
        let often = |times: usize| {
            if times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            }
        };
        let wanted = match self.times {
            (least, usize::MAX) => format!("at least {}", often(least)),
            (least, _) => often(least),
        };
        let received = if self.count == 0 {
            "was not received".to_owned()
        } else {
            format!("was received {}", often(self.count))
        };
        let endpoint = document
            .endpoints
            .iter()
            .find(|endpoint| endpoint.id == self.operation);
        let lines: Vec<String> = self
            .expected()
            .iter()
            .map(|line| format!("  {line}"))
            .collect();
        let title = endpoint.map(title).unwrap_or_default();
        let call = format!("    {title}\n{}", indented(&lines));
        Some(format!(
            "a call was expected {wanted}, but {received}:\n{}",
            call.trim_end()
        ))
    }

    /// Returns the expectation as lines.
    fn expected(&self) -> Vec<String> {
        let parameters = self
            .parameters
            .iter()
            .map(|(location, name, value)| parameter_line(*location, name, &shown(value)));
        parameters
            .chain(self.body.iter().flat_map(body_lines))
            .collect()
    }

    /// Returns the expected and the received call as lines, which are equal if they match.
    fn lines(&self, received: ReceivedCall<'_>) -> (Vec<String>, Vec<String>) {
        let mut actual = Vec::new();
        for (location, name, value) in &self.parameters {
            let parameter = received
                .endpoint
                .of(*location)
                .find(|own| own.name == *name);
            let found = parameter.map_or(Err("absent".to_owned()), |parameter| {
                received.parameter(parameter, value)
            });
            actual.push(parameter_line(
                *location,
                name,
                &found.map_or_else(|found| found, |()| shown(value)),
            ));
        }
        match &self.body {
            None => {}
            Some(ExpectedBody::Bytes(bytes)) if *bytes == received.request.body => {
                actual.extend(self.body.iter().flat_map(body_lines));
            }
            Some(ExpectedBody::Bytes(_)) => actual.extend(body_lines(&ExpectedBody::Bytes(
                received.request.body.to_vec(),
            ))),
            Some(ExpectedBody::Json(_)) => {
                let value =
                    strict::body_value(received.document, received.endpoint, received.request);
                let bytes = || ExpectedBody::Bytes(received.request.body.to_vec());
                actual.extend(body_lines(&value.map_or_else(bytes, ExpectedBody::Json)));
            }
        }
        (self.expected(), actual)
    }
}

impl ReceivedCall<'_> {
    /// Compares a parameter with the expected value. The error is the received value.
    fn parameter(self, parameter: &Parameter, value: &Value) -> Result<(), String> {
        let Parameter {
            name, key, style, ..
        } = parameter;
        let absent = || "absent".to_owned();
        match parameter.location {
            Location::Query => {
                let expected = style::query(key, style, value);
                let names: Vec<&String> = expected
                    .iter()
                    .map(|(name, _)| name)
                    .chain([name])
                    .collect();
                let pairs = raw_pairs(self.request.query.as_deref().unwrap_or_default());
                let found: Vec<(String, String)> = pairs
                    .into_iter()
                    .filter(|(own, _)| names.contains(&own) || style::number(key, own).is_some())
                    .collect();
                let texts: Vec<String> = found
                    .iter()
                    .map(|(_, raw)| style::decode_query(raw))
                    .collect();
                let received = if texts.is_empty() {
                    absent()
                } else {
                    texts.join(", ")
                };
                style::compare(&found, &expected).map_err(|_| received)
            }
            Location::Path => {
                let captured = self
                    .request
                    .captured(&self.document.base_path, self.endpoint)
                    .unwrap_or_default();
                let raw = captured
                    .into_iter()
                    .find(|(own, _)| own == name)
                    .map(|(_, raw)| raw)
                    .ok_or_else(absent)?;
                let (text, has_delimiters) = style::path(name, style, value);
                let fits = decode(&raw) == text && (!has_delimiters || raw == text);
                if fits { Ok(()) } else { Err(decode(&raw)) }
            }
            Location::Header => single(
                parameter,
                value,
                self.request.header(&name.to_ascii_lowercase()),
                identity,
            ),
            Location::Cookie => single(parameter, value, self.request.cookie(name), decode),
        }
    }
}

fn single(
    parameter: &Parameter,
    value: &Value,
    raw: Option<&str>,
    decode: fn(&str) -> String,
) -> Result<(), String> {
    match (style::single(&parameter.style, value), raw) {
        (None, None) => Ok(()),
        (Some(reading), Some(raw)) if reading.is(raw, decode) => Ok(()),
        (_, raw) => Err(raw.map_or_else(|| "absent".to_owned(), decode)),
    }
}

fn parameter_line(location: Location, name: &str, value: &str) -> String {
    format!("{} {name}: {value}", location.as_str())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Null => "absent".to_owned(),
        other => style::plain(other),
    }
}

fn body_lines(body: &ExpectedBody) -> Vec<String> {
    let text = match body {
        ExpectedBody::Json(value) => {
            serde_json::to_string_pretty(&sorted(value)).unwrap_or_default()
        }
        ExpectedBody::Bytes(bytes) if bytes.is_empty() => "absent".to_owned(),
        // Binary data is shown in hexadecimal.
        ExpectedBody::Bytes(bytes) => {
            String::from_utf8(bytes.clone()).unwrap_or_else(|_| format!("{bytes:02x?}"))
        }
    };
    format!("body {text}").lines().map(str::to_owned).collect()
}

/// Sorts the properties of objects.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(map) => {
            let mut fields: Vec<(&String, &Value)> = map.iter().collect();
            fields.sort_unstable_by_key(|(name, _)| *name);
            fields
                .into_iter()
                .map(|(name, value)| (name.clone(), sorted(value)))
                .collect::<serde_json::Map<_, _>>()
                .into()
        }
        scalar => scalar.clone(),
    }
}

fn indented(lines: &[String]) -> String {
    lines
        .iter()
        .map(|line| format!("  {line}"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Returns the title of an operation for messages.
fn title(endpoint: &Endpoint) -> String {
    format!("{}: {} {}", endpoint.id, endpoint.method, endpoint.path)
}
