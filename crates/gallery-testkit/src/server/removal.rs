//! Removes secrets from texts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::document::{Document, Location, SecurityScheme};
use crate::request::RecordedRequest;
use crate::style::decode_query;

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
pub(super) struct Removal {
    /// The credentials of the request.
    sent: Vec<String>,
    /// The query parameters with credentials.
    parameters: Vec<String>,
}

impl Removal {
    pub(super) fn new(document: &Document, request: &RecordedRequest) -> Removal {
        let endpoints = document.endpoints.iter();
        let schemes = endpoints.flat_map(|own| own.security.iter().flatten().flatten());
        let mut removal = Removal {
            sent: Vec::new(),
            parameters: Vec::new(),
        };
        for scheme in schemes {
            let secret = match scheme {
                SecurityScheme::Bearer | SecurityScheme::Basic => None,
                SecurityScheme::ApiKey(Location::Query, name) => {
                    removal.parameters.push(name.clone());
                    request.query_value(name)
                }
                SecurityScheme::ApiKey(Location::Cookie, name) => {
                    request.cookie(name).map(str::to_owned)
                }
                SecurityScheme::ApiKey(_, name) => {
                    let value = request.header(&name.to_ascii_lowercase());
                    value.map(str::to_owned)
                }
            };
            removal.sent.extend(secret);
        }
        let authorization = request.header("authorization");
        let token = authorization.map(|text| text.split_once(' ').map_or(text, |(_, own)| own));
        removal.sent.extend(token.map(str::to_owned));
        let decoded = token.and_then(|token| STANDARD.decode(token.trim()).ok());
        let decoded = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let password = decoded.as_deref().and_then(|text| text.split_once(':'));
        removal
            .sent
            .extend(password.map(|(_, password)| password.to_owned()));
        removal.sent.retain(|secret| secret.len() >= MIN_LENGTH);
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
        self.parameters.iter().any(|own| own == name) || NAMES.contains(&plain.as_str())
    }
}
