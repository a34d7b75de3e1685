//! JSON parsing that rejects duplicate keys.

use serde::Deserialize;
use serde_json::Value;

use crate::yaml::{DUPLICATE_KEY, Json};

/// An error from [`parse`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A map has a key twice.
    DuplicateKey {
        /// The key and how to fix it.
        message: String,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
    },
    /// The text is not JSON.
    Syntax,
}

/// Parses JSON text.
pub fn parse(text: &str) -> Result<Value, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Json::deserialize(&mut deserializer)
        .and_then(|Json(value)| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let message = error.to_string();
        match message.find(" at line ") {
            Some(end) if error.is_data() && message.starts_with(DUPLICATE_KEY) => {
                let message = format!("{}: keep one of them", &message[..end]);
                Error::DuplicateKey {
                    message,
                    line: error.line(),
                    column: error.column(),
                }
            }
            _ => Error::Syntax,
        }
    })
}
