//! Removes secrets from texts.

use std::cmp::Reverse;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::document::{Location, SecurityScheme};
use crate::request::RecordedRequest;
use crate::strict::credentials::sent;
use crate::style::{decode_query, raw_pairs};

/// The text instead of a secret.
const REMOVED: &str = "REMOVED";

/// Names of properties and parameters with secrets, in lowercase and without separators.
const NAMES: &[&str] = &[
    "accesstoken",
    "apikey",
    "apitoken",
    "authtoken",
    "clientsecret",
    "idtoken",
    "password",
    "refreshtoken",
    "secret",
    "sessiontoken",
    "token",
];

/// The minimum length of a credential that is removed from any text.
const MIN_LENGTH: usize = 6;

/// Removes secrets of a request and its response.
pub(super) struct Removal<'a> {
    schemes: &'a [SecurityScheme],
    /// The secrets of the request, the longest first: one can be a part of another.
    sent: Vec<String>,
}

impl Removal<'_> {
    /// `schemes` are the security schemes of the document.
    pub(super) fn new<'a>(schemes: &'a [SecurityScheme], request: &RecordedRequest) -> Removal<'a> {
        // A document may lack its schemes.
        let others = [SecurityScheme::Bearer, SecurityScheme::Basic];
        let mut secrets: Vec<String> = schemes
            .iter()
            .chain(&others)
            .filter_map(|scheme| sent(scheme, request))
            .collect();
        let basic = sent(&SecurityScheme::Basic, request);
        let decoded = basic.and_then(|text| String::from_utf8(STANDARD.decode(text).ok()?).ok());
        let password = decoded.as_deref().and_then(|text| text.split_once(':'));
        secrets.extend(password.map(|(_, password)| password.to_owned()));
        let mut removal = Removal {
            schemes,
            sent: Vec::new(),
        };
        for (name, raw) in raw_pairs(request.query.as_deref().unwrap_or_default()) {
            if removal.is_secret(&name) {
                secrets.extend([decode_query(&raw), raw]);
            }
        }
        secrets.retain(|secret| secret.len() >= MIN_LENGTH);
        secrets.sort_by_key(|secret| Reverse(secret.len()));
        secrets.dedup();
        removal.sent = secrets;
        removal
    }

    /// Removes the credentials of the request from a text.
    pub(super) fn text(&self, text: &str) -> String {
        let sent = self.sent.iter();
        sent.fold(text.to_owned(), |text, secret| {
            text.replace(secret, REMOVED)
        })
    }

    /// Removes secrets from a query or a form.
    pub(super) fn query(&self, query: &str) -> String {
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if self.is_secret(&decode_query(name)) => format!("{name}={REMOVED}"),
            _ => self.text(pair),
        });
        pairs.collect::<Vec<_>>().join("&")
    }

    /// Removes secrets from a body: JSON, a form, or any text.
    pub(super) fn body(&self, body: &str) -> String {
        if let Ok(mut value) = serde_json::from_str::<Value>(body) {
            return match self.remove_properties(&mut value) {
                true => self.text(&value.to_string()),
                false => self.text(body),
            };
        }
        let is_form = body.contains('=') && !body.contains(char::is_whitespace);
        match is_form {
            true => self.query(body),
            false => self.text(body),
        }
    }

    /// Removes the values of properties with secrets. Returns true if there are any.
    fn remove_properties(&self, value: &mut Value) -> bool {
        let mut found = false;
        match value {
            Value::Array(items) => {
                for item in items {
                    found |= self.remove_properties(item);
                }
            }
            Value::Object(object) => {
                for (name, value) in object {
                    if self.is_secret(name) && !value.is_null() {
                        *value = Value::from(REMOVED);
                        found = true;
                    } else {
                        found |= self.remove_properties(value);
                    }
                }
            }
            _ => {}
        }
        found
    }

    fn is_secret(&self, name: &str) -> bool {
        let letters = name.chars().filter(char::is_ascii_alphanumeric);
        let plain: String = letters.map(|c| c.to_ascii_lowercase()).collect();
        let is_key = |own: &SecurityScheme| matches!(own, SecurityScheme::ApiKey(Location::Query, own) if own == name);
        self.schemes.iter().any(is_key) || NAMES.contains(&plain.as_str())
    }
}
