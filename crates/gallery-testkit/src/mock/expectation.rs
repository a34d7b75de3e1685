//! One expected call: what it must be, what it is answered with, and how often it came.

use serde_json::Value;

use super::{difference, title};
use crate::document::{Document, Endpoint, Location, Parameter};
use crate::request::RecordedRequest;
use crate::server::Reply;
use crate::strict;
use crate::style::{self, as_it_is, decode, raw_pairs};

/// What is expected of the calls of an operation.
#[derive(Debug)]
pub(super) struct Expectation {
    pub(super) operation: String,
    pub(super) parameters: Vec<(Location, String, Value)>,
    pub(super) body: Option<ExpectedBody>,
    replies: Vec<Reply>,
    /// How often it comes, at least and at most.
    pub(super) times: (usize, usize),
    /// How often it came.
    pub(super) count: usize,
    /// What is wrong with the expectation itself.
    pub(super) wrong: Vec<String>,
}

/// The body that is expected.
#[derive(Debug)]
pub(super) enum ExpectedBody {
    Json(Value),
    Bytes(Vec<u8>),
}

/// A call that came.
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

    /// The answer to the call that has just come; none where the documented one will do.
    pub(super) fn reply(&self) -> Option<Reply> {
        self.replies
            .get(self.count.saturating_sub(1))
            .or_else(|| self.replies.last())
            .cloned()
    }

    pub(super) fn fits(&self, received: ReceivedCall<'_>) -> bool {
        let (expected, came) = self.lines(received);
        expected == came
    }

    /// How far a call is from this.
    pub(super) fn distance(&self, received: ReceivedCall<'_>) -> usize {
        let (expected, came) = self.lines(received);
        difference::lines(&expected, &came)
            .iter()
            .filter(|line| !line.starts_with(' '))
            .count()
    }

    /// What was expected and what received, line by line.
    pub(super) fn difference(&self, received: ReceivedCall<'_>) -> String {
        let (expected, came) = self.lines(received);
        let lines = difference::lines(&expected, &came);
        format!("    {}\n{}", title(received.endpoint), indented(&lines))
    }

    /// What is to be told of this when all calls have come.
    pub(super) fn mismatch(&self, document: &Document) -> Option<String> {
        if !self.wrong.is_empty() {
            return Some(format!(
                "the expected call of {} cannot be: {}",
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
        let came = if self.count == 0 {
            "never came".to_owned()
        } else {
            format!("came {}", often(self.count))
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
            "a call was expected {wanted}, and {came}:\n{}",
            call.trim_end()
        ))
    }

    /// What is expected, in lines.
    fn expected(&self) -> Vec<String> {
        let parameters = self
            .parameters
            .iter()
            .map(|(location, name, value)| parameter_line(*location, name, &shown(value)));
        parameters
            .chain(self.body.iter().flat_map(body_lines))
            .collect()
    }

    /// What is expected and what came, both in lines; they are the same where the one is the other.
    fn lines(&self, received: ReceivedCall<'_>) -> (Vec<String>, Vec<String>) {
        let mut came = Vec::new();
        for (location, name, value) in &self.parameters {
            let parameter = received
                .endpoint
                .of(*location)
                .find(|own| own.name == *name);
            let found = parameter.map_or(Err("absent".to_owned()), |parameter| {
                received.parameter(parameter, value)
            });
            came.push(parameter_line(
                *location,
                name,
                &found.map_or_else(|found| found, |()| shown(value)),
            ));
        }
        match &self.body {
            None => {}
            Some(ExpectedBody::Bytes(bytes)) if *bytes == received.request.body => {
                came.extend(self.body.iter().flat_map(body_lines))
            }
            Some(ExpectedBody::Bytes(_)) => came.extend(body_lines(&ExpectedBody::Bytes(
                received.request.body.to_vec(),
            ))),
            Some(ExpectedBody::Json(_)) => {
                let value =
                    strict::body_value(received.document, received.endpoint, received.request);
                let bytes = || ExpectedBody::Bytes(received.request.body.to_vec());
                came.extend(body_lines(&value.map_or_else(bytes, ExpectedBody::Json)));
            }
        }
        (self.expected(), came)
    }
}

impl ReceivedCall<'_> {
    /// Whether a parameter has a value; what it has when it has not.
    fn parameter(self, parameter: &Parameter, value: &Value) -> Result<(), String> {
        let Parameter { name, style, .. } = parameter;
        let absent = || "absent".to_owned();
        match parameter.location {
            Location::Query => {
                let expected = style::query(name, style, value);
                let names: Vec<&String> = expected
                    .iter()
                    .map(|(name, _)| name)
                    .chain([name])
                    .collect();
                let pairs = raw_pairs(self.request.query.as_deref().unwrap_or_default());
                let found: Vec<(String, String)> = pairs
                    .into_iter()
                    .filter(|(own, _)| names.contains(&own))
                    .collect();
                let texts: Vec<String> = found
                    .iter()
                    .map(|(_, raw)| style::decode_query(raw))
                    .collect();
                let told = if texts.is_empty() {
                    absent()
                } else {
                    texts.join(", ")
                };
                style::compare(&found, &expected).map_err(|_| told)
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
                as_it_is,
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
    format!("{} {name}: {value}", location.key())
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
        // Bytes that are no text are told apart all the same.
        ExpectedBody::Bytes(bytes) => {
            String::from_utf8(bytes.clone()).unwrap_or_else(|_| format!("{bytes:02x?}"))
        }
    };
    format!("body {text}").lines().map(str::to_owned).collect()
}

/// A value whose objects have their fields in order.
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
