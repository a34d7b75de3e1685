//! Parses and validates documents, and locates their parts.

use std::fmt;
use std::sync::OnceLock;

use serde_json::Value;
use thiserror::Error;

use crate::references;
use openapi_text::METHODS;
use openapi_text::Positions;
use openapi_text::json;
use openapi_text::normal_form::NormalForm;
use openapi_text::yaml;
use openapi_text::{Diagnostics, FileError, Location};

/// An OpenAPI 3.0 document with the positions of its parts.
#[derive(Debug)]
pub struct Document {
    name: String,
    value: Value,
    /// The document with its schemas in normal form, which is compared.
    normal_form: OnceLock<NormalForm>,
    text: Option<Text>,
    positions: OnceLock<Positions>,
}

/// The source text of a document.
#[derive(Debug)]
struct Text {
    text: String,
    is_json: bool,
}

/// All errors in a document, each with its location.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub struct DocumentError {
    /// The errors; at least one.
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
    /// Parses a document in YAML or JSON. Messages contain `name`, which is usually a path.
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
            normal_form: OnceLock::new(),
            text,
            positions: OnceLock::new(),
        }
        .checked()
    }

    /// Creates a document from a value. Its parts have JSON pointers but no lines.
    pub fn from_value(name: &str, value: Value) -> Result<Document, DocumentError> {
        Document {
            name: name.to_owned(),
            value,
            normal_form: OnceLock::new(),
            text: None,
            positions: OnceLock::new(),
        }
        .checked()
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the document as a JSON value.
    pub fn value(&self) -> &Value {
        &self.value
    }

    /// Returns the document with its schemas in normal form.
    pub(crate) fn normal_form(&self) -> &NormalForm {
        self.normal_form
            .get_or_init(|| NormalForm::new(&self.value))
    }

    /// Returns line and column of a part, both from 1, if the document was parsed from text.
    pub fn position(&self, pointer: &str) -> Option<(usize, usize)> {
        let Text { text, is_json } = self.text.as_ref()?;
        Some(
            self.positions
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

    fn location(&self, pointer: &str) -> Location {
        let non_empty = Some(pointer.to_owned()).filter(|pointer| !pointer.is_empty());
        Location {
            file: self.name.clone(),
            position: self.position(pointer),
            pointer: non_empty,
        }
    }

    fn checked(self) -> Result<Document, DocumentError> {
        let mut errors = Vec::new();
        let mut reject = |pointer: &str, message: String| {
            errors.push(FileError {
                location: self.location(pointer),
                message,
            });
        };
        match kind(&self.value) {
            Err((pointer, message)) => reject(pointer, message),
            Ok(()) => {
                shape(&self.value, &mut reject);
                references::check(&self.value, &mut reject);
            }
        }
        if errors.is_empty() {
            Ok(self)
        } else {
            Err(DocumentError { errors })
        }
    }
}

/// Returns the value, and true if the text is JSON.
fn parse_text(name: &str, text: &str) -> Result<(Value, bool), FileError> {
    // JSON has escapes that YAML lacks. Text that only looks like JSON is parsed as YAML.
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
                message: "the document could not be parsed".to_owned(),
            },
        }),
    }
}

/// Checks that the value is an OpenAPI 3.0 document.
fn kind(value: &Value) -> Result<(), (&'static str, String)> {
    let Some(root) = value.as_object() else {
        return Err(("", "an OpenAPI document must be a map".to_owned()));
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
            format!(
                "unsupported version OpenAPI {found}: only OpenAPI 3.0 documents can be compared"
            ),
        )),
        (None, Some(found)) => Err((
            "/swagger",
            format!(
                "unsupported version Swagger {found}: convert the document to OpenAPI 3.0 first"
            ),
        )),
        (None, None) => Err((
            "",
            "not an OpenAPI document: `openapi` is missing".to_owned(),
        )),
    }
}

/// Checks that paths and operations are maps.
fn shape(value: &Value, reject: &mut dyn FnMut(&str, String)) {
    let Some(paths) = value.get("paths").and_then(Value::as_object) else {
        return reject("/paths", "`paths` is missing or not a map".to_owned());
    };
    for (path, item) in paths.iter().filter(|(path, _)| !path.starts_with("x-")) {
        let pointer = format!("/paths/{}", openapi_text::pointer::escape(path));
        let Some(item) = item.as_object() else {
            reject(&pointer, "a path must be a map of operations".to_owned());
            continue;
        };
        for method in METHODS {
            if item
                .get(*method)
                .is_some_and(|operation| !operation.is_object())
            {
                reject(
                    &format!("{pointer}/{method}"),
                    "an operation must be a map".to_owned(),
                );
            }
        }
    }
}
