//! Parameters: names that are none, prose in names, places that Swagger does not know, and repeats.

use std::collections::BTreeSet;

use super::context::RepairContext;
use crate::swagger2::{Operation, Parameter, ParameterLocation};
use crate::text::is_header_name;
use openapi_text::template::variables;

/// The longest name of a parameter, in characters; what is longer is prose.
const MAX_NAME: usize = 80;

/// `No Name` is what the gallery's tools write for a parameter of which they know nothing.
pub(crate) fn nameless(operation: &mut Operation, context: &mut RepairContext<'_>) {
    operation.parameters.retain(|parameter| {
        let name = parameter.name.trim();
        let nameless = parameter.location != ParameterLocation::Body
            && (name.is_empty() || name.eq_ignore_ascii_case("no name"));
        if nameless {
            context.record(
                &parameter.pointer,
                "a parameter has no name, so that it cannot be sent; removed".to_owned(),
            );
        }
        !nameless
    });
}

/// `bounce_code - Indicates …`, `id (required)`: the name, and what is said about it.
pub(crate) fn prose(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in operation
        .parameters
        .iter_mut()
        .filter(|parameter| parameter.location != ParameterLocation::Body)
    {
        let (name, said) = without_prose(&parameter.name);
        if name == parameter.name || name.is_empty() {
            continue;
        }
        context.record(
            &parameter.pointer,
            format!(
                "the name `{}` of a parameter has prose in it; called `{name}`",
                parameter.name
            ),
        );
        parameter.required |= said == "required";
        let said = Some(said).filter(|said| !said.is_empty() && said != "required");
        let described = [said, parameter.description.take()];
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
            let said =
                trimmed[end..].trim_matches(|c: char| c.is_whitespace() || "-–—:()".contains(c));
            let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
            (trimmed[..end].trim().to_owned(), said)
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

/// What is still prose, or no name of a header, cannot be sent.
pub(crate) fn unsendable(operation: &mut Operation, context: &mut RepairContext<'_>) {
    operation.parameters.retain(|parameter| {
        let header =
            parameter.location == ParameterLocation::Header && !is_header_name(&parameter.name);
        let prose = parameter.location != ParameterLocation::Body
            && parameter.name.chars().count() > MAX_NAME;
        // `answer_{qid}` stands for many names.
        let pattern = parameter.location == ParameterLocation::Query
            && !variables(&parameter.name).is_empty();
        if header || prose || pattern {
            let what = match (header, pattern) {
                (true, _) => "is no name of a header",
                (_, true) => "stands for many names",
                (false, false) => "is prose and no name",
            };
            context.record(
                &parameter.pointer,
                format!("`{}` {what}; the parameter was removed", parameter.name),
            );
        }
        !header && !prose && !pattern
    });
}

/// Other words for the places of Swagger.
const PLACES: &[(&str, ParameterLocation)] = &[
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

pub(crate) fn places(operation: &mut Operation, context: &mut RepairContext<'_>) {
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
        let known = PLACES
            .iter()
            .find(|(other, _)| *other == plain)
            .map(|(_, place)| place.clone());
        let place = match known {
            Some(place) => place,
            None if path_variables.contains(&parameter.name) => ParameterLocation::Path,
            None => {
                parameter.assumed.push("in");
                ParameterLocation::Query
            }
        };
        let message = format!(
            "the parameter `{}` goes into `{word}`, which does not exist; taken as {place:?}",
            parameter.name
        );
        context.record(&parameter.pointer, message);
        parameter.location = place;
    }
}

/// One name in one place is one parameter; names of headers are one in whatever letters.
pub(crate) fn repeats(operation: &mut Operation, context: &mut RepairContext<'_>) {
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
                    "the parameter `{}` is there twice; the first is taken",
                    parameter.name
                ),
            );
        }
        first
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_prose() {
        for (written, name, said) in [
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
            assert_eq!(without_prose(written), (name.to_owned(), said.to_owned()));
        }
    }
}
