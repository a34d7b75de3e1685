//! Prints operations, arguments and responses.

use std::io::{self, Write};

use gallery_runtime::reqwest::StatusCode;
use gallery_testkit::{Document, Endpoint, Parameter};
use openapi_text::is_unprintable;
use serde_json::Value;

use crate::table::{table, table_of};

/// Prints the operations of a document.
pub(super) fn operations(document: &Document, out: &mut dyn Write) -> io::Result<()> {
    let rows = document.endpoints.iter().map(|endpoint| {
        let Endpoint {
            id, method, path, ..
        } = endpoint;
        [id.clone(), method.clone(), path.clone()]
    });
    table(
        ["OPERATION", "METHOD", "PATH"],
        &rows.collect::<Vec<_>>(),
        out,
    )
}

/// Prints the arguments of an operation.
pub(super) fn arguments(endpoint: &Endpoint, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{} {}", endpoint.method, endpoint.path)?;
    let kind = |schema: &Value| {
        let kind = schema.get("type").and_then(Value::as_str);
        kind.unwrap_or("any").to_owned()
    };
    let required = |is_required: bool| if is_required { "required" } else { "" }.to_owned();
    let row = |own: &Parameter| {
        let location = own.location.as_str().to_owned();
        let name = format!("--{}", own.name);
        [name, location, kind(&own.schema), required(own.required)]
    };
    let body = endpoint.body.as_ref().map(|body| {
        let name = "--body".to_owned();
        let media_type = body.media_type.clone();
        [name, "body".to_owned(), media_type, required(body.required)]
    });
    let rows: Vec<_> = endpoint.parameters.iter().map(row).chain(body).collect();
    if rows.is_empty() {
        return writeln!(out, "it has no arguments");
    }
    table(["ARGUMENT", "IN", "TYPE", ""], &rows, out)
}

/// Prints the status of a response.
pub(super) fn status(status: StatusCode, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "{status}")
}

/// Prints the body of a response: JSON with indentation, a table of its list, or its bytes.
pub(super) fn body(
    endpoint: &Endpoint,
    bytes: &[u8],
    as_table: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Ok(value) = serde_json::from_slice::<Value>(bytes) else {
        out.write_all(bytes)?;
        return match bytes {
            [] | [.., b'\n'] => Ok(()),
            _ => writeln!(out),
        };
    };
    if as_table && let Some(list) = list(endpoint, &value) {
        let (header, rows) = columns(list);
        return table_of(&header, &rows, out);
    }
    let text = serde_json::to_string_pretty(&value).map_err(io::Error::other)?;
    writeln!(out, "{}", ascii_controls(&text))
}

/// Escapes characters that control a terminal. The result is the same JSON.
fn ascii_controls(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if is_unprintable(c) && c != '\n' {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                text.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            text.push(c);
        }
    }
    text
}

/// Returns the list of a response: the response, its documented items, or its only list.
fn list<'a>(endpoint: &Endpoint, value: &'a Value) -> Option<&'a [Value]> {
    let items = endpoint.pages.as_ref().map_or("", |pages| &pages.items);
    if let Some(Value::Array(list)) = value.pointer(items) {
        return Some(list);
    }
    let mut lists = value.as_object()?.values().filter_map(Value::as_array);
    let only = lists.next()?;
    lists.next().is_none().then_some(only)
}

/// Returns a column for each property of the objects of a list, in the order of their first use.
fn columns(list: &[Value]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut header: Vec<String> = Vec::new();
    for name in list
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|own| own.keys())
    {
        if !header.contains(name) {
            header.push(name.clone());
        }
    }
    if header.is_empty() {
        header.push("VALUE".to_owned());
    }
    let cell = |value: Option<&Value>| match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let rows = list.iter().map(|item| match item {
        Value::Object(item) => header.iter().map(|name| cell(item.get(name))).collect(),
        other => vec![cell(Some(other))],
    });
    let rows = rows.collect();
    (header, rows)
}
