//! Parses YAML into JSON values, and rejects YAML that JSON cannot express.
//!
//! Keys that are not strings, such as status codes, become strings. The parser limits depth and
//! alias expansion, so a hostile file is an error like any other.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_yaml::Value as Yaml;

use crate::diagnostic::{Diagnostics, Location, Severity};
use crate::front_matter::{self, Body};
use crate::merge_keys;
use crate::pointer::escape;

/// Parses the YAML in a file. A syntax error goes to `diagnostics`, with file, line and column.
pub fn parse(file: &str, bytes: &[u8], diagnostics: &mut Diagnostics) -> Option<Value> {
    let body = match front_matter::body(bytes) {
        Ok(body) => body,
        Err(error) => {
            diagnostics.push(
                Severity::Error,
                "unreadable-file",
                Location::file(file),
                error.to_string(),
            );
            return None;
        }
    };
    parse_body(file, body, diagnostics)
}

/// The maximum depth of flow collections. The parser has a lower limit, but it scans the whole text
/// first, in quadratic time.
const MAX_OPEN_BRACKETS: usize = 1_000;

/// Returns the line, the column and the reason of an error in JSON, if the file is JSON by its name
/// and its start.
fn json_error(file: &str, text: &str) -> Option<(usize, usize, String)> {
    let is_json = file.to_ascii_lowercase().ends_with(".json");
    if !is_json || !text.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let error = serde_json::from_str::<de::IgnoredAny>(text).err()?;
    let message = error.to_string();
    let reason = message.split(" at line ").next().unwrap_or_default();
    Some((error.line(), error.column(), reason.to_owned()))
}

/// Returns the byte offset at which flow collections are too deep. Brackets in prose count as well,
/// but they are usually closed again.
fn too_deep(text: &str) -> Option<usize> {
    let mut open = 0usize;
    text.bytes().position(|byte| {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        open > MAX_OPEN_BRACKETS
    })
}

fn parse_body(file: &str, body: Body<'_>, diagnostics: &mut Diagnostics) -> Option<Value> {
    if let Some(at) = too_deep(body.text) {
        let (line, column) = crate::positions::line_column(body.text, at);
        let message = format!(
            "more than {MAX_OPEN_BRACKETS} nested brackets; reduce the depth of the document"
        );
        diagnostics.push(
            Severity::Error,
            "yaml-syntax",
            Location::line(file, line + body.lines_before, column),
            message,
        );
        return None;
    }
    match serde_yaml::from_str(body.text) {
        Ok(Json(mut value)) => {
            merge_keys::apply(body.text, &mut value);
            Some(value)
        }
        Err(error) => {
            let (location, code, message) = parse_error(file, body, &error);
            diagnostics.push(Severity::Error, code, location, message);
            None
        }
    }
}

/// Returns the error for a body that cannot be parsed. Parses it once more to find the location of
/// YAML that is not JSON.
fn parse_error(
    file: &str,
    body: Body<'_>,
    error: &serde_yaml::Error,
) -> (Location, &'static str, String) {
    if let Some((line, column)) = crate::positions::second_document(body.text) {
        let message = "the file has several YAML documents; move each one to its own file";
        let location = Location::line(file, line + body.lines_before, column);
        return (location, "yaml-documents", message.to_owned());
    }
    let parsed = serde_yaml::from_str::<Yaml>(body.text);
    if let Ok(yaml) = &parsed
        && let Some((pointer, message)) = not_json(yaml, &Path::Root)
    {
        return (Location::pointer(file, pointer), "yaml-not-json", message);
    }
    if let Some((line, column, reason)) = json_error(file, body.text) {
        let location = Location::line(file, line + body.lines_before, column);
        return (location, "json-syntax", format!("invalid JSON: {reason}"));
    }
    let error = parsed.as_ref().err().unwrap_or(error);
    let location = match error.location() {
        Some(location) => {
            Location::line(file, location.line() + body.lines_before, location.column())
        }
        None => Location::file(file),
    };
    (
        location,
        "yaml-syntax",
        format!("invalid YAML: {}", reason(error)),
    )
}

/// Returns the parser's message without its position, which counts from the body, not the file.
fn reason(error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    match message.find(" at line ") {
        Some(at) => message[..at].to_owned(),
        None => message,
    }
}

/// A JSON value without duplicate keys, parsed from JSON or YAML. For YAML, [`not_json`] finds the
/// reason of an error.
pub(crate) struct Json(pub(crate) Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor).map(Json)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u128<E: de::Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_i128<E: de::Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: de::Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("not a JSON number"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Json(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(Json(key)) = entries.next_key()? {
            let Json(value) = entries.next_value()?;
            let key = match key {
                Value::String(key) => key,
                Value::Array(_) | Value::Object(_) => {
                    return Err(de::Error::custom("a key is not a string"));
                }
                // Format the number as YAML does.
                Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
                    Some(number) => serde_yaml::Number::from(number).to_string(),
                    None => number.to_string(),
                },
                scalar => scalar.to_string(),
            };
            if map.contains_key(&key) {
                return Err(de::Error::custom(duplicate_key(&key)));
            }
            map.insert(key, value);
        }
        Ok(Value::Object(map))
    }
}

/// Returns the message for a duplicate key.
fn duplicate_key(key: &str) -> String {
    format!("{DUPLICATE_KEY}`{key}`")
}

/// The beginning of the message for a duplicate key, to recognize it in a parser's error.
pub(crate) const DUPLICATE_KEY: &str = "duplicate key ";

/// The path to a value, which becomes a JSON pointer only where there is an error.
enum Path<'a> {
    Root,
    Item(&'a Path<'a>, usize),
    Key(&'a Path<'a>, &'a str),
}

impl Path<'_> {
    fn pointer(&self) -> String {
        match self {
            Path::Root => String::new(),
            Path::Item(path, index) => format!("{}/{index}", path.pointer()),
            Path::Key(path, key) => format!("{}/{}", path.pointer(), escape(key)),
        }
    }
}

/// Returns the JSON pointer and a description of a part that JSON cannot express, if there is one.
fn not_json(yaml: &Yaml, path: &Path<'_>) -> Option<(String, String)> {
    match yaml {
        Yaml::Null | Yaml::Bool(_) | Yaml::String(_) => None,
        Yaml::Number(number) if number.as_f64().is_some_and(f64::is_finite) => None,
        Yaml::Number(number) => Some((path.pointer(), format!("JSON has no number `{number}`"))),
        Yaml::Sequence(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| not_json(item, &Path::Item(path, index))),
        Yaml::Mapping(entries) => {
            let mut keys = BTreeSet::new();
            entries.iter().find_map(|(key, value)| {
                let Some(key) = key_text(key) else {
                    return Some((
                        path.pointer(),
                        "a mapping has a list or a mapping as a key; use a string".to_owned(),
                    ));
                };
                let duplicate = || Some((path.pointer(), duplicate_key(&key)));
                not_json(value, &Path::Key(path, &key)).or_else(|| {
                    if keys.insert(key.clone()) {
                        None
                    } else {
                        duplicate()
                    }
                })
            })
        }
        Yaml::Tagged(tagged) => Some((
            path.pointer(),
            format!("a value has the unknown tag `{}`; remove it", tagged.tag),
        )),
    }
}

fn key_text(key: &Yaml) -> Option<String> {
    match key {
        Yaml::String(key) => Some(key.clone()),
        Yaml::Number(key) => Some(key.to_string()),
        Yaml::Bool(key) => Some(key.to_string()),
        Yaml::Null => Some("null".to_owned()),
        Yaml::Sequence(_) | Yaml::Mapping(_) | Yaml::Tagged(_) => None,
    }
}

#[cfg(test)]
mod tests;
