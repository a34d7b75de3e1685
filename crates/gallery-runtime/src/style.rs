//! OpenAPI parameter styles: serialization of values into paths, queries, headers, cookies and
//! forms.
//!
//! Rejects values that a server could not parse back.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// All characters except those that RFC 3986 calls unreserved. Encodes more than required, so that
/// servers and proxies cannot take part of an argument for a delimiter.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A serialization style of OpenAPI. Scalars look the same in most styles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "OpenAPI defines the styles")]
pub enum Style {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// One pair per list item. `{n}` in the name is the number of the item, from 1.
    Numbered,
    /// JSON text, for parameters with `content` instead of a style.
    Json,
}

/// An argument that cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidArgument(pub(crate) String);

impl fmt::Display for InvalidArgument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidArgument {}

/// Appends text, percent-encoded or raw.
type Writer = fn(&mut String, &str);

/// An argument without nested lists and objects, which only `deepObject` can represent.
#[derive(Clone, Copy)]
pub(crate) enum Flat<'a> {
    Null,
    /// The text of a scalar.
    Text(&'a str),
    List(&'a [Value]),
    /// The properties that are not null.
    Object(&'a [(&'a str, &'a Value)]),
}

/// Calls `write` with an argument. Fails if the style cannot represent it.
pub(crate) fn with_flat<R>(
    name: &str,
    style: Style,
    value: &Value,
    write: impl FnOnce(Flat<'_>) -> Result<R, InvalidArgument>,
) -> Result<R, InvalidArgument> {
    if style == Style::Json && !value.is_null() {
        return write(Flat::Text(&value.to_string()));
    }
    let is_nested = |value: &Value| value.is_array() || value.is_object();
    let has_nested = match value {
        Value::Array(items) => items.iter().any(is_nested),
        Value::Object(map) => map.values().any(is_nested),
        _ => false,
    };
    if has_nested && style != Style::DeepObject {
        return Err(InvalidArgument(format!(
            "argument `{name}`: parameter styles cannot represent nested lists or objects"
        )));
    }
    match value {
        Value::Null => write(Flat::Null),
        Value::Array(items) => write(Flat::List(items)),
        Value::Object(map) => {
            let mut properties = Vec::with_capacity(map.len());
            for (key, value) in map {
                if !value.is_null() {
                    properties.push((key.as_str(), value));
                }
            }
            write(Flat::Object(&properties))
        }
        scalar => write(Flat::Text(&text(scalar))),
    }
}

/// Returns the text of a scalar.
fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

pub(crate) fn encode(out: &mut String, text: &str) {
    out.extend(utf8_percent_encode(text, RESERVED));
}

/// Appends `name=`, encoded.
fn named(out: &mut String, name: &str) {
    encode(out, name);
    out.push('=');
}

/// Appends `a,b`.
fn list(out: &mut String, items: &[Value], delimiter: &str, write: Writer) {
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { delimiter });
        write(out, &text(item));
    }
}

/// Appends `a,1,b,2`, or `a=1,b=2` if exploded.
fn object(
    out: &mut String,
    properties: &[(&str, &Value)],
    explode: bool,
    delimiter: &str,
    write: Writer,
) {
    for (index, (key, value)) in properties.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { delimiter });
        write(out, key);
        out.push_str(if explode { "=" } else { delimiter });
        write(out, &text(value));
    }
}

/// Appends a path parameter.
///
/// Rejects empty values, `.` and `..`, because they would change the path. URL parsers treat `.`
/// and `..` as dot segments even if they are percent-encoded.
pub(crate) fn path(
    out: &mut String,
    name: &str,
    style: Style,
    explode: bool,
    value: Flat<'_>,
) -> Result<(), InvalidArgument> {
    let invalid = |value: &str| {
        let message =
            format!("path argument `{name}` cannot be {value:?}: it would change the path");
        Err(InvalidArgument(message))
    };
    let (prefix, delimiter) = match style {
        Style::Label => (".", if explode { "." } else { "," }),
        Style::Matrix => (";", if explode { ";" } else { "," }),
        _ => ("", ","),
    };
    let begin = out.len();
    out.push_str(prefix);
    if style == Style::Matrix && !(explode && matches!(value, Flat::List(_) | Flat::Object(_))) {
        named(out, name);
    }
    let content = out.len();
    match value {
        Flat::Null => return invalid("null"),
        Flat::List(items) if style == Style::Matrix && explode => {
            for (index, item) in items.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { delimiter });
                named(out, name);
                encode(out, &text(item));
            }
        }
        Flat::List(items) => list(out, items, delimiter, encode),
        Flat::Object(properties) => object(out, properties, explode, delimiter, encode),
        Flat::Text(dots @ ("" | "." | "..")) => return invalid(dots),
        Flat::Text(text) => encode(out, text),
    }
    if out.len() == content || matches!(&out[begin..], "." | "..") {
        invalid(&out[content..])
    } else {
        Ok(())
    }
}

/// Appends a path parameter whose slashes separate segments.
///
/// Rejects empty segments, `.` and `..`, because they would change the path.
pub(crate) fn segments(
    out: &mut String,
    name: &str,
    value: Flat<'_>,
) -> Result<(), InvalidArgument> {
    let Flat::Text(text) = value else {
        let message = format!("path argument `{name}` must be text");
        return Err(InvalidArgument(message));
    };
    for (index, segment) in text.split('/').enumerate() {
        if matches!(segment, "" | "." | "..") {
            let message = format!(
                "path argument `{name}` cannot be {text:?}: its segment {segment:?} would change the path"
            );
            return Err(InvalidArgument(message));
        }
        out.push_str(if index == 0 { "" } else { "/" });
        encode(out, segment);
    }
    Ok(())
}

/// Appends a query parameter or form field as pairs. Each pair is `&name=value`.
pub(crate) fn pairs(
    out: &mut String,
    name: &str,
    style: Style,
    explode: bool,
    value: Flat<'_>,
) -> Result<(), InvalidArgument> {
    let (delimiter, decoded) = match style {
        Style::SpaceDelimited => ("%20", ' '),
        Style::PipeDelimited => ("%7C", '|'),
        _ => (",", ','),
    };
    let is_ambiguous = |text: &str| delimiter != "," && text.contains(decoded);
    match value {
        Flat::Null => {}
        Flat::List(items) if style == Style::DeepObject => {
            deep_list(out, name, items);
        }
        Flat::Object(properties) if style == Style::DeepObject => {
            for (key, value) in properties {
                deep_object(out, &format!("{name}[{key}]"), value);
            }
        }
        Flat::List(items) if style == Style::Numbered => {
            for (number, item) in (1_usize..).zip(items) {
                begin(out, &name.replace("{n}", &number.to_string()));
                encode(out, &text(item));
            }
        }
        _ if style == Style::Numbered => {
            return Err(InvalidArgument(format!("argument `{name}` must be a list")));
        }
        Flat::List(items) if explode => items.iter().for_each(|item| {
            begin(out, name);
            encode(out, &text(item));
        }),
        Flat::Object(properties) if explode => properties.iter().for_each(|(key, value)| {
            begin(out, key);
            encode(out, &text(value));
        }),
        Flat::List(items) => {
            if let Some(item) = items.iter().map(text).find(|text| is_ambiguous(text)) {
                let message =
                    format!("argument `{name}`: {item:?} contains the delimiter {decoded:?}");
                return Err(InvalidArgument(message));
            }
            if !items.is_empty() {
                begin(out, name);
                list(out, items, delimiter, encode);
            }
        }
        Flat::Object(properties) => {
            if properties
                .iter()
                .any(|(key, value)| is_ambiguous(key) || is_ambiguous(&text(value)))
            {
                let message =
                    format!("argument `{name}`: a key or value contains the delimiter {decoded:?}");
                return Err(InvalidArgument(message));
            }
            if !properties.is_empty() {
                begin(out, name);
                object(out, properties, false, delimiter, encode);
            }
        }
        Flat::Text(text) => {
            begin(out, name);
            encode(out, text);
        }
    }
    Ok(())
}

/// Begins a pair.
fn begin(out: &mut String, name: &str) {
    out.push('&');
    named(out, name);
}

/// Appends a pair for each scalar in a value: `&name=value`, `&name[key]=value` in objects, and
/// `&name[0]=value` in lists.
fn deep_object(out: &mut String, name: &str, value: &Value) {
    match value {
        Value::Null => {}
        Value::Object(map) => {
            for (key, value) in map {
                deep_object(out, &format!("{name}[{key}]"), value);
            }
        }
        Value::Array(items) => deep_list(out, name, items),
        scalar => {
            begin(out, name);
            encode(out, &text(scalar));
        }
    }
}

/// Appends the items of a list as [`deep_object`] does.
fn deep_list(out: &mut String, name: &str, items: &[Value]) {
    for (index, item) in items.iter().enumerate() {
        deep_object(out, &format!("{name}[{index}]"), item);
    }
}

/// Appends the value of a header. Returns false if there is nothing to send.
pub(crate) fn header(
    out: &mut String,
    name: &str,
    explode: bool,
    value: Flat<'_>,
) -> Result<bool, InvalidArgument> {
    let check = |text: &str| {
        if text.contains(',') {
            return Err(InvalidArgument(format!(
                "header argument `{name}`: {text:?} contains the delimiter ','"
            )));
        }
        Ok(())
    };
    match value {
        Flat::Null => return Ok(false),
        Flat::List(items) => {
            items.iter().try_for_each(|item| check(&text(item)))?;
            if items.is_empty() {
                return Ok(false);
            }
            list(out, items, ",", String::push_str);
        }
        Flat::Object(properties) => {
            properties
                .iter()
                .try_for_each(|(key, value)| check(key).and_then(|()| check(&text(value))))?;
            if properties.is_empty() {
                return Ok(false);
            }
            object(out, properties, explode, ",", String::push_str);
        }
        Flat::Text(text) => out.push_str(text),
    }
    Ok(true)
}

/// Appends a cookie as `; name=value`, unless there is nothing to send.
pub(crate) fn cookie(out: &mut String, name: &str, value: Flat<'_>) {
    if matches!(value, Flat::Null | Flat::List([]) | Flat::Object([])) {
        return;
    }
    out.push_str("; ");
    out.push_str(name);
    out.push('=');
    match value {
        Flat::Null => {}
        Flat::List(items) => list(out, items, ",", encode),
        Flat::Object(properties) => object(out, properties, false, ",", encode),
        Flat::Text(text) => encode(out, text),
    }
}

#[cfg(test)]
mod tests;
