//! JSON that refuses a key that is there twice.

use serde::Deserialize;
use serde_json::Value;

use crate::yaml::{Json, TWICE};

/// Why a text cannot be read.
pub(super) enum Error {
    /// A key is there twice.
    Twice {
        message: String,
        line: usize,
        column: usize,
    },
    /// It is no JSON.
    Syntax,
}

pub(super) fn parse(text: &str) -> Result<Value, Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Json::deserialize(&mut deserializer)
        .and_then(|Json(value)| deserializer.end().map(|()| value));
    value.map_err(|error| {
        let message = error.to_string();
        match message.find(" at line ") {
            Some(end) if error.is_data() && message.starts_with(TWICE) => {
                let message = format!("{}: keep one of them", &message[..end]);
                Error::Twice {
                    message,
                    line: error.line(),
                    column: error.column(),
                }
            }
            _ => Error::Syntax,
        }
    })
}
