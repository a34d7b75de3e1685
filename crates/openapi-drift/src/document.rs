//! A document to compare: read, refused where it is none that can be, and with the lines of its parts.

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;
use thiserror::Error;

use crate::references;
use openapi_text::Positions;
use openapi_text::json;
use openapi_text::yaml;
use openapi_text::{Diagnostics, FileError, Location};

/// An OpenAPI 3.0 document with where its parts stand.
#[derive(Debug)]
pub struct Document {
    name: String,
    value: Value,
    text: Option<Text>,
    lines: OnceLock<Positions>,
}

/// The text that a document was read from.
#[derive(Debug)]
struct Text {
    text: String,
    is_json: bool,
}

/// Why a document cannot be compared: everything that is wrong with it, each with its place.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub struct DocumentError {
    /// What is wrong; at least one.
    pub errors: Vec<FileError>,
}

impl fmt::Display for DocumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, error) in self.errors.iter().enumerate() {
            if at > 0 {
                writeln!(f)?;
            }
            write!(f, "{error}")?;
        }
        Ok(())
    }
}

impl Document {
    /// Reads a document in YAML or JSON. `name` is its file, for messages.
    pub fn parse(name: &str, text: &str) -> Result<Document, DocumentError> {
        let (value, is_json) = parse_text(name, text).map_err(|error| DocumentError {
            errors: vec![error],
        })?;
        let text = Some(Text {
            text: text.to_owned(),
            is_json,
        });
        Document {
            name: name.to_owned(),
            value,
            text,
            lines: OnceLock::new(),
        }
        .checked()
    }

    /// A document that was made rather than read: its parts have pointers, and no lines.
    pub fn from_value(name: &str, value: Value) -> Result<Document, DocumentError> {
        Document {
            name: name.to_owned(),
            value,
            text: None,
            lines: OnceLock::new(),
        }
        .checked()
    }

    /// Its file, or what it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The document itself.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Line and column of a part, both from 1; none of a document that was made.
    pub fn position(&self, pointer: &str) -> Option<(usize, usize)> {
        let Text { text, is_json } = self.text.as_ref()?;
        Some(
            self.lines
                .get_or_init(|| {
                    if *is_json {
                        Positions::of_json(text)
                    } else {
                        Positions::of(text)
                    }
                })
                .at(pointer),
        )
    }

    fn place(&self, pointer: &str) -> Location {
        let pointer_too = Some(pointer.to_owned()).filter(|pointer| !pointer.is_empty());
        Location {
            file: self.name.clone(),
            position: self.position(pointer),
            pointer: pointer_too,
        }
    }

    fn checked(self) -> Result<Document, DocumentError> {
        let mut errors = Vec::new();
        let mut refuse = |pointer: &str, message: String| {
            errors.push(FileError {
                location: self.place(pointer),
                message,
            })
        };
        match kind(&self.value) {
            Err((pointer, message)) => refuse(pointer, message),
            Ok(()) => {
                shape(&self.value, &mut refuse);
                references::check(&self.value, &mut refuse);
            }
        }
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(DocumentError { errors })
        }
    }
}

/// The value, and whether it is JSON.
fn parse_text(name: &str, text: &str) -> Result<(Value, bool), FileError> {
    // JSON has escapes that YAML has not; what only looks like it is left to the other.
    if text.trim_start().starts_with('{') {
        match json::parse(text) {
            Ok(value) => return Ok((value, true)),
            Err(json::Error::DuplicateKey {
                message,
                line,
                column,
            }) => {
                return Err(FileError {
                    location: Location::line(name, line, column),
                    message,
                });
            }
            Err(json::Error::Syntax) => {}
        }
    }
    let mut diagnostics = Diagnostics::default();
    match yaml::parse(name, text.as_bytes(), &mut diagnostics) {
        Some(value) => Ok((value, false)),
        None => Err(match diagnostics.iter().next() {
            Some(found) => FileError {
                location: found.location.clone(),
                message: found.message.clone(),
            },
            None => FileError {
                location: Location::file(name),
                message: "the file cannot be read".to_owned(),
            },
        }),
    }
}

/// Whether it is a document of OpenAPI 3.0.
fn kind(value: &Value) -> Result<(), (&'static str, String)> {
    let Some(root) = value.as_object() else {
        return Err((
            "",
            "an OpenAPI document is a map, and this is none".to_owned(),
        ));
    };
    let version = |value: &Value| {
        value
            .as_str()
            .map_or_else(|| value.to_string(), ToOwned::to_owned)
    };
    match (
        root.get("openapi").map(version),
        root.get("swagger").map(version),
    ) {
        (Some(found), _) if found == "3.0" || found.starts_with("3.0.") => Ok(()),
        (Some(found), _) => Err((
            "/openapi",
            format!("it is OpenAPI {found}: only documents of OpenAPI 3.0 are compared"),
        )),
        (None, Some(found)) => Err((
            "/swagger",
            format!(
                "it is Swagger {found}: lift it to OpenAPI 3.0 first, only such documents are compared"
            ),
        )),
        (None, None) => Err((
            "",
            "it is no OpenAPI document: `openapi`, which says the version, is missing".to_owned(),
        )),
    }
}

/// Without these maps nothing could be said of any endpoint.
fn shape(value: &Value, refuse: &mut dyn FnMut(&str, String)) {
    let Some(paths) = value.get("paths").and_then(Value::as_object) else {
        return refuse(
            "/paths",
            "`paths` is missing or no map: a document of OpenAPI 3.0 has one".to_owned(),
        );
    };
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let pointer = format!("/paths/{}", openapi_text::pointer::escape(path));
        let Some(item) = item.as_object() else {
            refuse(&pointer, "a path must be a map of its methods".to_owned());
            continue;
        };
        for method in crate::paths::METHODS {
            if item
                .get(*method)
                .is_some_and(|operation| !operation.is_object())
            {
                refuse(
                    &format!("{pointer}/{method}"),
                    "an operation must be a map".to_owned(),
                );
            }
        }
    }
}
