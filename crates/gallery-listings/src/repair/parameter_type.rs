//! Repairs of the types of parameters.
//!
//! 79 % of the gallery's parameters have no type. Any string is the only reading that excludes
//! nothing.

use super::context::RepairContext;
use crate::swagger2::{Items, Operation, Parameter, ParameterLocation};

/// Synonyms of Swagger's types, with the format that the word implies.
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

/// Returns the type that a word means, without HTML around it.
fn type_of(word: &str) -> Option<(&'static str, Option<&'static str>)> {
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
        match type_of(&word) {
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
                    "the parameter `{}` has no type; assumed to be any string",
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

/// Assumes that items without a type are strings. Nested arrays have no style in OpenAPI, so their
/// items become strings too.
pub(crate) fn assume_items(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in arrays(operation) {
        let kind = parameter
            .items
            .as_ref()
            .and_then(|items| items.kind.as_deref())
            .and_then(type_of);
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
                    "the array `{}` has no type of items; assumed to be any strings",
                    parameter.name
                );
                context.record(&parameter.pointer, message);
            }
        }
    }
}

/// Turns query parameters such as `Filter.N` and `Names.member.N` into arrays with a key per item.
pub(crate) fn numbered(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in &mut operation.parameters {
        if parameter.location != ParameterLocation::Query {
            continue;
        }
        let Some(keys) = numbered_keys(&parameter.name) else {
            continue;
        };
        let message = format!(
            "the name `{}` stands for numbered names; read as an array with the keys `{}`, `{}`, …",
            parameter.name,
            keys.replace("{n}", "1"),
            keys.replace("{n}", "2"),
        );
        context.record(&parameter.pointer, message);
        parameter.numbered_keys = Some(keys);
        if parameter.kind.as_deref() != Some("array") {
            parameter.items = Some(Items {
                kind: parameter.kind.replace("array".to_owned()),
                format: parameter.format.take(),
            });
            for assumed in &mut parameter.assumed {
                *assumed = if *assumed == "type" { "items" } else { assumed };
            }
        }
        // Tools that do not know the extension send one pair per item.
        parameter.collection_format = Some("multi".to_owned());
    }
}

/// Returns the pattern of the keys if exactly one part of a dotted name is `N`, except the first.
fn numbered_keys(name: &str) -> Option<String> {
    let parts: Vec<&str> = name.split('.').collect();
    let is_number = |part: &str| matches!(part, "N" | "n");
    let count = parts.iter().filter(|part| is_number(part)).count();
    if count != 1 || is_number(parts[0]) {
        return None;
    }
    let parts = parts.iter().map(|part| match is_number(part) {
        true => "{n}",
        false => part,
    });
    Some(parts.collect::<Vec<_>>().join("."))
}

/// Turns arrays whose style OpenAPI 3.0 does not have in that location into strings, which the
/// caller writes.
pub(crate) fn unstyled(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in arrays(operation) {
        let format = parameter.collection_format.as_deref().unwrap_or("csv");
        let has_style = match parameter.location {
            ParameterLocation::Query => matches!(format, "csv" | "ssv" | "pipes" | "multi"),
            // Forms have only one style for arrays.
            ParameterLocation::FormData => format == "multi",
            _ => format == "csv",
        };
        if has_style {
            continue;
        }
        let message = format!(
            "the array `{}` has the format `{format}`, which OpenAPI 3.0 does not have there; read as a string",
            parameter.name
        );
        context.record(&parameter.pointer, message);
        parameter.kind = Some("string".to_owned());
        (parameter.format, parameter.items) = (None, None);
        parameter.assumed.retain(|assumed| *assumed != "items");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_names_that_stand_for_numbered_names() {
        for (name, keys) in [
            ("Filter.N", Some("Filter.{n}")),
            ("X.member.N", Some("X.member.{n}")),
            ("Tags.member.n.Key", Some("Tags.member.{n}.Key")),
            ("N", None),
            ("N.a", None),
            ("Filter.N.Value.N", None),
            ("Filter.Name", None),
            ("FilterN", None),
            ("", None),
        ] {
            assert_eq!(numbered_keys(name).as_deref(), keys, "{name}");
        }
    }
}
