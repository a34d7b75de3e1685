//! Types of parameters: none for 79 % of those in the gallery. Any string is the one reading that excludes nothing.

use super::context::RepairContext;
use crate::swagger2::{Items, Operation, Parameter, ParameterLocation};

/// Other words for the types of Swagger, with a format where the word says one.
const TYPES: &[(&str, &str, Option<&str>)] = &[
    ("string", "string", None),
    ("str", "string", None),
    ("text", "string", None),
    ("integer", "integer", None),
    ("int", "integer", None),
    ("int32", "integer", Some("int32")),
    ("int64", "integer", Some("int64")),
    ("long", "integer", Some("int64")),
    ("number", "number", None),
    ("numeric", "number", None),
    ("decimal", "number", None),
    ("float", "number", Some("float")),
    ("double", "number", Some("double")),
    ("boolean", "boolean", None),
    ("bool", "boolean", None),
    ("date", "string", Some("date")),
    ("datetime", "string", Some("date-time")),
    ("date-time", "string", Some("date-time")),
    ("array", "array", None),
    ("list", "array", None),
    ("file", "file", None),
];

/// The type that a word stands for, HTML around it left out.
fn known(word: &str) -> Option<(&'static str, Option<&'static str>)> {
    let mut inside = false;
    let plain = word.chars().filter(|&c| {
        inside = (inside || c == '<') && c != '>';
        !inside && c != '>'
    });
    let plain = plain.collect::<String>().trim().to_ascii_lowercase();
    TYPES
        .iter()
        .find(|(other, ..)| *other == plain)
        .map(|(_, kind, format)| (*kind, *format))
}

pub(crate) fn other_words(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in operation
        .parameters
        .iter_mut()
        .filter(|parameter| parameter.location != ParameterLocation::Body)
    {
        let Some(word) = parameter.kind.clone() else {
            continue;
        };
        match known(&word) {
            // A file is sent in a form, and nowhere else.
            Some(("file", _)) if parameter.location != ParameterLocation::FormData => {}
            Some((kind, _)) if kind == word => continue,
            Some((kind, format)) => {
                context.record(
                    &parameter.pointer,
                    format!(
                        "the parameter `{}` has the type `{word}`; read as {kind}",
                        parameter.name
                    ),
                );
                parameter.kind = Some(kind.to_owned());
                parameter.format = parameter.format.take().or(format.map(str::to_owned));
                continue;
            }
            None => {}
        }
        let message = format!(
            "the parameter `{}` has the type `{word}`, which does not exist; left open",
            parameter.name
        );
        context.record(&parameter.pointer, message);
        (parameter.kind, parameter.format) = (None, None);
    }
}

pub(crate) fn assume_string(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in &mut operation.parameters {
        if parameter.location != ParameterLocation::Body && parameter.kind.is_none() {
            parameter.kind = Some("string".to_owned());
            parameter.assumed.push("type");
            context.record(
                &parameter.pointer,
                format!(
                    "the parameter `{}` has no type; taken as any string",
                    parameter.name
                ),
            );
        }
    }
}

fn arrays(operation: &mut Operation) -> impl Iterator<Item = &mut Parameter> {
    operation.parameters.iter_mut().filter(|parameter| {
        parameter.location != ParameterLocation::Body && parameter.kind.as_deref() == Some("array")
    })
}

/// An array of what is not said is one of strings; arrays in arrays have no style in OpenAPI, so that their items are strings too.
pub(crate) fn assume_items(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in arrays(operation) {
        let kind = parameter
            .items
            .as_ref()
            .and_then(|items| items.kind.as_deref())
            .and_then(known);
        match kind {
            Some((kind @ ("string" | "integer" | "number" | "boolean"), format)) => {
                let own = parameter.items.take().and_then(|items| items.format);
                parameter.items = Some(Items {
                    kind: Some(kind.to_owned()),
                    format: own.or(format.map(str::to_owned)),
                });
            }
            _ => {
                parameter.items = Some(Items {
                    kind: Some("string".to_owned()),
                    format: None,
                });
                parameter.assumed.push("items");
                let message = format!(
                    "the array `{}` does not say what it holds; taken as any strings",
                    parameter.name
                );
                context.record(&parameter.pointer, message);
            }
        }
    }
}

/// Ways to write an array that OpenAPI 3.0 has no word for in that place: the caller writes it.
pub(crate) fn unstyled(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in arrays(operation) {
        let format = parameter.collection_format.as_deref().unwrap_or("csv");
        let has_word = match parameter.location {
            ParameterLocation::Query => matches!(format, "csv" | "ssv" | "pipes" | "multi"),
            // What sends forms knows one way to send arrays.
            ParameterLocation::FormData => format == "multi",
            _ => format == "csv",
        };
        if has_word {
            continue;
        }
        let message = format!(
            "the array `{}` is written as `{format}`, which OpenAPI 3.0 cannot say there; taken as a string",
            parameter.name
        );
        context.record(&parameter.pointer, message);
        parameter.kind = Some("string".to_owned());
        (parameter.format, parameter.items) = (None, None);
        parameter.assumed.retain(|assumed| *assumed != "items");
    }
}
