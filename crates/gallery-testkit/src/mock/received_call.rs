//! A received call, and its comparison with expected arguments.

use base64::Engine as _;
use serde_json::Value;

use crate::document::{Document, Endpoint, Location, Parameter};
use crate::request::RecordedRequest;
use crate::strict;
use crate::style::{self, decode, identity, raw_pairs};

/// A received call.
#[derive(Clone, Copy)]
pub(super) struct ReceivedCall<'a> {
    pub(super) document: &'a Document,
    pub(super) endpoint: &'a Endpoint,
    pub(super) request: &'a RecordedRequest,
}

impl ReceivedCall<'_> {
    /// Compares a header that the operation does not declare. The error is the received value.
    pub(super) fn header(self, name: &str, value: &Value) -> Result<(), String> {
        let received = self.request.header(name);
        let expected = (!value.is_null()).then(|| style::plain(value));
        if received == expected.as_deref() {
            return Ok(());
        }
        Err(received.unwrap_or("absent").to_owned())
    }

    /// Returns the received credential, or another one that was expected and received.
    pub(super) fn credential(self, expected: &str) -> String {
        let received = strict::credentials::received(self.endpoint, self.request);
        let encoded = base64::engine::general_purpose::STANDARD.encode(expected);
        if received
            .iter()
            .any(|own| own == expected || *own == encoded)
        {
            return expected.to_owned();
        }
        received
            .into_iter()
            .next()
            .unwrap_or_else(|| "absent".to_owned())
    }

    /// Compares a parameter with the expected value. The error is the received value.
    pub(super) fn parameter(self, parameter: &Parameter, value: &Value) -> Result<(), String> {
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
