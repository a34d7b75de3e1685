//! Expectations and their comparison with received calls.

use serde_json::Value;

use super::difference;
use super::matcher::{Input, Matcher};
use super::received_call::ReceivedCall;
use super::responses::Response;
use super::sequence::Sequence;
use crate::document::{Document, Endpoint, Location, Parameter};
use crate::schema::canonical;
use crate::strict;
use crate::style;

/// An expected call.
#[derive(Debug)]
pub(super) struct Expectation {
    pub(super) operation: String,
    pub(super) parameters: Vec<(Location, String, Value)>,
    pub(super) body: Option<ExpectedBody>,
    /// The token, key, or user and password.
    pub(super) credential: Option<String>,
    pub(super) matchers: Vec<Matcher>,
    responses: Vec<Response>,
    /// The position among the calls of a sequence.
    pub(super) sequence: Option<(Sequence, usize)>,
    /// The minimum and maximum number of calls. `None` for one call for each response.
    times: Option<(usize, usize)>,
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

impl Expectation {
    pub(super) fn new(operation: &str) -> Expectation {
        Expectation {
            operation: operation.to_owned(),
            parameters: Vec::new(),
            body: None,
            credential: None,
            matchers: Vec::new(),
            responses: Vec::new(),
            sequence: None,
            times: None,
            count: 0,
            wrong: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, response: Response) {
        self.responses.push(response);
    }

    pub(super) fn set_times(&mut self, min: usize, max: usize) {
        self.times = Some((min, max));
    }

    /// Returns the minimum and maximum number of calls.
    pub(super) fn times(&self) -> (usize, usize) {
        let responses = self.responses.len().max(1);
        self.times.unwrap_or((responses, responses))
    }

    pub(super) fn sequence_is(&self, sequence: &Sequence) -> bool {
        self.sequence
            .as_ref()
            .is_some_and(|(own, _)| own == sequence)
    }

    /// Returns true if this expectation must be met before another one.
    pub(super) fn precedes(&self, other: &Expectation) -> bool {
        match (&self.sequence, &other.sequence) {
            (Some((own, position)), Some((sequence, other))) => own == sequence && position < other,
            _ => false,
        }
    }

    pub(super) fn is_exhausted(&self) -> bool {
        self.count >= self.times().1
    }

    /// Returns the response to the call just counted.
    pub(super) fn response(&self) -> Response {
        let response = self.responses.get(self.count.saturating_sub(1));
        let response = response.or_else(|| self.responses.last());
        response.cloned().unwrap_or(Response::Success)
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
        let (min, max) = self.times();
        if (min..=max).contains(&self.count) {
            return None;
        }
        let often = |times: usize| {
            if times == 1 {
                "once".to_owned()
            } else {
                format!("{times} times")
            }
        };
        let wanted = match (min, max) {
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
        let credential = self.credential.iter().map(|secret| credential_line(secret));
        parameters
            .chain(credential)
            .chain(self.matchers.iter().map(|matcher| matcher.line.clone()))
            .chain(self.body.iter().flat_map(body_lines))
            .collect()
    }

    /// Returns the expected and the received call as lines, which are equal if they match.
    fn lines(&self, received: ReceivedCall<'_>) -> (Vec<String>, Vec<String>) {
        let mut actual = Vec::new();
        for (location, name, value) in &self.parameters {
            let found = match parameter(received.endpoint, *location, name) {
                Some(parameter) => received.parameter(parameter, value),
                // Every header can be expected.
                None if *location == Location::Header => received.header(name, value),
                None => Err("absent".to_owned()),
            };
            actual.push(parameter_line(
                *location,
                name,
                &found.map_or_else(|found| found, |()| shown(value)),
            ));
        }
        if let Some(expected) = &self.credential {
            actual.push(credential_line(&received.credential(expected)));
        }
        let needs_body = !self.matchers.is_empty() || self.body.is_some();
        let value = needs_body
            .then(|| strict::body_value(received.document, received.endpoint, received.request))
            .flatten();
        let input = Input {
            request: received.request,
            body: value.as_ref(),
        };
        let matchers = self.matchers.iter();
        actual.extend(matchers.map(|matcher| matcher.received(input)));
        match &self.body {
            None => {}
            Some(ExpectedBody::Bytes(bytes)) if *bytes == received.request.body => {
                actual.extend(self.body.iter().flat_map(body_lines));
            }
            Some(ExpectedBody::Bytes(_)) => actual.extend(body_lines(&ExpectedBody::Bytes(
                received.request.body.to_vec(),
            ))),
            Some(ExpectedBody::Json(_)) => {
                let bytes = || ExpectedBody::Bytes(received.request.body.to_vec());
                actual.extend(body_lines(&value.map_or_else(bytes, ExpectedBody::Json)));
            }
        }
        (self.expected(), actual)
    }
}

/// Returns a declared parameter. OpenAPI ignores header parameters with these names.
pub(super) fn parameter<'a>(
    endpoint: &'a Endpoint,
    location: Location,
    name: &str,
) -> Option<&'a Parameter> {
    let is_header = location == Location::Header;
    let ignored = ["accept", "content-type", "authorization"];
    if is_header && ignored.iter().any(|own| own.eq_ignore_ascii_case(name)) {
        return None;
    }
    let is_it =
        |own: &&Parameter| own.name == name || (is_header && own.name.eq_ignore_ascii_case(name));
    endpoint.of(location).find(is_it)
}

fn parameter_line(location: Location, name: &str, value: &str) -> String {
    format!("{} {name}: {value}", location.as_str())
}

fn credential_line(secret: &str) -> String {
    format!("credential: {secret}")
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
            serde_json::to_string_pretty(&canonical(value)).unwrap_or_default()
        }
        ExpectedBody::Bytes(bytes) if bytes.is_empty() => "absent".to_owned(),
        // Binary data is shown in hexadecimal.
        ExpectedBody::Bytes(bytes) => {
            String::from_utf8(bytes.clone()).unwrap_or_else(|_| format!("{bytes:02x?}"))
        }
    };
    format!("body {text}").lines().map(str::to_owned).collect()
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
