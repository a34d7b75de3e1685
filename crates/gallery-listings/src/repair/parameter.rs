//! Repairs of parameters: missing names, prose in names, unknown locations, duplicates.

use std::collections::BTreeSet;

use super::context::RepairContext;
use crate::swagger2::{Operation, Parameter, ParameterLocation, Response};
use crate::text::is_header_name;
use openapi_text::template::variables;

/// The maximum length of a name with spaces, in characters. Longer ones are prose.
const MAX_WORDS: usize = 80;

/// The maximum length of a name, in characters.
const MAX_NAME: usize = 256;

/// Removes parameters without a name. The gallery's tools write `No Name` for unknown names.
pub(crate) fn nameless(operation: &mut Operation, context: &mut RepairContext<'_>) {
    operation.parameters.retain(|parameter| {
        let name = parameter.name.trim();
        let nameless = parameter.location != ParameterLocation::Body
            && (name.is_empty() || name.eq_ignore_ascii_case("no name"));
        if nameless {
            context.record(
                &parameter.pointer,
                "a parameter has no name and cannot be sent; removed".to_owned(),
            );
        }
        !nameless
    });
}

/// Separates names from prose: `bounce_code - Indicates …`, `id (required)`.
pub(crate) fn prose(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in operation
        .parameters
        .iter_mut()
        .filter(|parameter| parameter.location != ParameterLocation::Body)
    {
        let (name, prose) = without_prose(&parameter.name);
        if name == parameter.name || name.is_empty() {
            continue;
        }
        context.record(
            &parameter.pointer,
            format!(
                "the name `{}` of a parameter has prose in it; renamed to `{name}`",
                parameter.name
            ),
        );
        parameter.required |= prose == "required";
        let prose = Some(prose).filter(|prose| !prose.is_empty() && prose != "required");
        let described = [prose, parameter.description.take()];
        let described: Vec<String> = described.into_iter().flatten().collect();
        parameter.description = Some(described.join("\n\n")).filter(|text| !text.is_empty());
        parameter.name = name;
    }
}

fn without_prose(name: &str) -> (String, String) {
    let trimmed = without_quotes(name.trim()).trim();
    let ends = [
        trimmed.find('\n'),
        trimmed.find(" - "),
        trimmed.find(" – "),
        trimmed.find(" — "),
        trimmed.find(": "),
        trimmed.find(" ("),
    ];
    match ends.into_iter().flatten().min() {
        Some(end) => {
            let prose =
                trimmed[end..].trim_matches(|c: char| c.is_whitespace() || "-–—:()".contains(c));
            let prose = prose.split_whitespace().collect::<Vec<_>>().join(" ");
            (trimmed[..end].trim().to_owned(), prose)
        }
        None => (trimmed.to_owned(), String::new()),
    }
}

fn without_quotes(name: &str) -> &str {
    let pairs = [('"', '"'), ('\'', '\''), ('`', '`'), ('“', '”')];
    pairs
        .into_iter()
        .find_map(|(open, close)| name.strip_prefix(open)?.strip_suffix(close))
        .unwrap_or(name)
}

/// Removes parameters whose name is still prose, or not valid for a header: they cannot be sent.
pub(crate) fn unsendable(operation: &mut Operation, context: &mut RepairContext<'_>) {
    operation.parameters.retain(|parameter| {
        let header =
            parameter.location == ParameterLocation::Header && !is_header_name(&parameter.name);
        let length = parameter.name.chars().count();
        let has_words = parameter.name.trim().contains(char::is_whitespace);
        let prose = parameter.location != ParameterLocation::Body
            && (length > MAX_NAME || (has_words && length > MAX_WORDS));
        // `answer_{qid}` stands for many names.
        let pattern = parameter.location == ParameterLocation::Query
            && !variables(&parameter.name).is_empty();
        if header || prose || pattern {
            let what = match (header, pattern) {
                (true, _) => "is not a header name",
                (_, true) => "stands for many names",
                (false, false) => "is prose, not a name",
            };
            context.record(
                &parameter.pointer,
                format!("`{}` {what}; the parameter was removed", parameter.name),
            );
        }
        !header && !prose && !pattern
    });
}

/// Synonyms of Swagger's locations.
const LOCATIONS: &[(&str, ParameterLocation)] = &[
    ("path", ParameterLocation::Path),
    ("uri", ParameterLocation::Path),
    ("url", ParameterLocation::Path),
    ("query", ParameterLocation::Query),
    ("querystring", ParameterLocation::Query),
    ("get", ParameterLocation::Query),
    ("header", ParameterLocation::Header),
    ("headers", ParameterLocation::Header),
    ("form", ParameterLocation::FormData),
    ("formdata", ParameterLocation::FormData),
    ("formparam", ParameterLocation::FormData),
    ("post", ParameterLocation::FormData),
    ("multipart", ParameterLocation::FormData),
    ("field", ParameterLocation::FormData),
    ("body", ParameterLocation::Body),
    ("json", ParameterLocation::Body),
    ("payload", ParameterLocation::Body),
];

pub(crate) fn locations(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let path_variables: BTreeSet<String> = variables(&operation.path)
        .into_iter()
        .map(str::to_owned)
        .collect();
    for parameter in &mut operation.parameters {
        let ParameterLocation::Other(word) = &parameter.location else {
            continue;
        };
        let plain: String = word
            .to_ascii_lowercase()
            .chars()
            .filter(char::is_ascii_alphabetic)
            .collect();
        let location = LOCATIONS
            .iter()
            .find(|(other, _)| *other == plain)
            .map(|(_, location)| location.clone());
        let location = match location {
            Some(location) => location,
            None if path_variables.contains(&parameter.name) => ParameterLocation::Path,
            None => {
                parameter.assumed.push("in");
                ParameterLocation::Query
            }
        };
        let message = format!(
            "the parameter `{}` has the location `{word}`, which does not exist; read as {location:?}",
            parameter.name
        );
        context.record(&parameter.pointer, message);
        parameter.location = location;
    }
}

/// Removes duplicate parameters: those with the same name and location. Header names are
/// case-insensitive.
pub(crate) fn duplicates(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let key = |parameter: &Parameter| {
        let is_header = parameter.location == ParameterLocation::Header;
        let name = if is_header {
            parameter.name.to_ascii_lowercase()
        } else {
            parameter.name.clone()
        };
        (format!("{:?}", parameter.location), name)
    };
    let mut seen: BTreeSet<_> = operation
        .constants
        .iter()
        .map(|it| (format!("{:?}", ParameterLocation::Query), it.name.clone()))
        .collect();
    operation.parameters.retain(|parameter| {
        let first = parameter.location == ParameterLocation::Body || seen.insert(key(parameter));
        if !first {
            context.record(
                &parameter.pointer,
                format!(
                    "the parameter `{}` is declared twice; the first is used",
                    parameter.name
                ),
            );
        }
        first
    });
}

/// Turns header parameters that are called after a status, such as `404`, into responses.
pub(crate) fn statuses(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let (statuses, parameters) = std::mem::take(&mut operation.parameters)
        .into_iter()
        .partition(|parameter| {
            parameter.location == ParameterLocation::Header && is_status(&parameter.name)
        });
    operation.parameters = parameters;
    let statuses: Vec<Parameter> = statuses;
    for parameter in statuses {
        context.record(
            &parameter.pointer,
            format!(
                "the header parameter `{}` is a status; read as a response",
                parameter.name
            ),
        );
        let known = operation
            .responses
            .iter_mut()
            .find(|response| response.status.trim() == parameter.name.trim());
        match known {
            Some(response) => {
                let is_described = response
                    .description
                    .as_deref()
                    .is_some_and(|text| !text.trim().is_empty());
                if !is_described {
                    response.description = parameter.description;
                }
            }
            None => operation.responses.push(Response {
                pointer: parameter.pointer,
                status: parameter.name.trim().to_owned(),
                description: parameter.description,
                schema: None,
            }),
        }
    }
}

/// Returns true for the statuses of HTTP.
fn is_status(name: &str) -> bool {
    let name = name.trim();
    name.len() == 3
        && name
            .parse()
            .is_ok_and(|status: u16| (100..600).contains(&status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn separates_names_from_prose() {
        for (written, name, prose) in [
            ("code - Indicates the code", "code", "Indicates the code"),
            ("id (required)", "id", "required"),
            (
                "profile_name\n\n   required\n  Display name",
                "profile_name",
                "required Display name",
            ),
            ("\"op\"", "op", ""),
            ("Marker (Inventory)", "Marker", "Inventory"),
            ("filter[a]", "filter[a]", ""),
            ("unique key", "unique key", ""),
            ("$top", "$top", ""),
        ] {
            assert_eq!(without_prose(written), (name.to_owned(), prose.to_owned()));
        }
    }
}
