//! Faults in requests: method, path, parameters, headers, credentials.

use crate::change::Change;
use crate::description::{Constant, Parameter, Text};
use crate::source::{Argument, Operation, Source};

/// Methods to replace others by.
const METHODS: [&str; 3] = ["GET", "POST", "PUT"];

fn quoted(text: &str) -> String {
    format!("{text:?}")
}

/// Replaces a string literal.
fn text(location: &str, what: String, own: &Text, by: &str) -> Change {
    Change::new(location, what).replace(&own.range, quoted(by))
}

pub(super) fn method_changed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let own = &operation.description.method;
    METHODS
        .map(|method| text(method, format!("the method is {method}"), own, method))
        .into()
}

/// Returns the parts of a path: literals and variables, with braces, in turns.
fn parts(path: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('{') {
        let end = literal.len() + 1 + after.find('}').map_or(after.len(), |at| at + 1);
        parts.extend([literal, &rest[literal.len()..end]]);
        rest = &rest[end..];
    }
    parts.push(rest);
    parts.retain(|part| !part.is_empty());
    parts
}

fn is_variable(part: &str) -> bool {
    part.starts_with('{')
}

/// Changes one part of the path.
fn path_with(
    operation: &Operation,
    wanted: impl Fn(&str) -> bool,
    change: impl Fn(&str) -> (String, String),
) -> Vec<Change> {
    let path = &operation.description.path;
    let parts = parts(&path.value);
    let changed = (0..parts.len()).filter(|at| wanted(parts[*at])).map(|at| {
        let (what, by) = change(parts[at]);
        let mut parts = parts.clone();
        let location = parts[at].to_owned();
        parts[at] = &by;
        text(&location, what, path, &parts.concat())
    });
    changed.collect()
}

pub(super) fn literal_changed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    path_with(
        operation,
        |part| !is_variable(part),
        |part| {
            let other = other_letter(part);
            (format!("`{part}` is `{other}`"), other)
        },
    )
}

/// Returns the text with another last letter, or with a letter appended if it has none.
fn other_letter(text: &str) -> String {
    let Some((at, letter)) = text.char_indices().rfind(|(_, c)| c.is_ascii_alphabetic()) else {
        return format!("{text}x");
    };
    let other = if letter == 'x' { "y" } else { "x" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

pub(super) fn literal_dropped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    path_with(
        operation,
        |part| !is_variable(part),
        |part| (format!("`{part}` is missing"), String::new()),
    )
}

pub(super) fn variable_dropped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    path_with(operation, is_variable, |part| {
        (format!("`{part}` is missing"), String::new())
    })
}

pub(super) fn path_slash(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let path = &operation.description.path;
    vec![match path.value.strip_suffix('/') {
        Some(without) => text(
            "path",
            "the trailing slash is missing".to_owned(),
            path,
            without,
        ),
        None => text(
            "path",
            "there is a trailing slash".to_owned(),
            path,
            &format!("{}/", path.value),
        ),
    }]
}

/// Returns the argument of the parameter at `index`.
fn argument_of(operation: &Operation, index: usize) -> Option<&Argument> {
    operation.arguments.iter().find(|own| own.index == index)
}

/// Returns the parameters of a kind with their indices.
fn of<'o>(
    operation: &'o Operation,
    kinds: &'o [&str],
) -> impl Iterator<Item = (usize, &'o Parameter)> {
    let parameters = operation.description.parameters.iter().enumerate();
    parameters.filter(|(_, own)| kinds.contains(&own.kind.value.as_str()))
}

/// Swaps the arguments of each two parameters of a kind.
fn swapped(operation: &Operation, kind: &str) -> Vec<Change> {
    let kinds = [kind];
    let all: Vec<_> = of(operation, &kinds).collect();
    let mut changes = Vec::new();
    for (at, (one_index, one)) in all.iter().enumerate() {
        for (other_index, other) in &all[at + 1..] {
            let both = argument_of(operation, *one_index).zip(argument_of(operation, *other_index));
            let Some((first, second)) = both else {
                continue;
            };
            let (one, other) = (&one.name.value, &other.name.value);
            changes.push(
                Change::new(
                    format!("{one}+{other}"),
                    format!("the values of `{one}` and `{other}` are swapped"),
                )
                .replace(&first.index_range, other_index.to_string())
                .replace(&second.index_range, one_index.to_string()),
            );
        }
    }
    changes
}

pub(super) fn variables_swapped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    swapped(operation, "path")
}

pub(super) fn queries_swapped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    swapped(operation, "query")
}

pub(super) fn headers_swapped(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    swapped(operation, "header")
}

/// Returns a name as another generator might write it: in camel case or, if that is the same, with
/// a trailing underscore.
fn other_name(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default();
    let camel: String = std::iter::once(first.to_owned())
        .chain(words.map(|word| {
            let mut letters = word.chars();
            let first = letters.next().map(|letter| letter.to_ascii_uppercase());
            first.into_iter().chain(letters).collect()
        }))
        .collect();
    match camel == name || camel.is_empty() {
        true => format!("{name}_"),
        false => camel,
    }
}

pub(super) fn parameter_renamed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let renamed = of(operation, &["query", "header", "cookie"]).map(|(_, own)| {
        // Servers ignore headers with an underscore.
        let other = match own.kind.value.as_str() {
            "header" => format!("{}-X", own.name.value),
            _ => other_name(&own.name.value),
        };
        let name = &own.name.value;
        text(
            name,
            format!("`{name}` is named `{other}`"),
            &own.name,
            &other,
        )
    });
    renamed.collect()
}

pub(super) fn parameter_moved(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let moved = of(operation, &["query", "header"]).map(|(_, own)| {
        let other = match own.kind.value.as_str() {
            "query" => "header",
            _ => "query",
        };
        let name = &own.name.value;
        Change::new(name, format!("`{name}` is a {other} parameter"))
            .replace(&own.kind.range, other)
    });
    moved.collect()
}

fn lists<'o>(operation: &'o Operation, kinds: &'o [&str]) -> impl Iterator<Item = &'o Parameter> {
    of(operation, kinds)
        .filter(|(index, _)| argument_of(operation, *index).is_some_and(|own| own.is_list))
        .map(|(_, own)| own)
}

/// Only in the query does it matter whether a list is exploded. A list in JSON does not change, and
/// is not a mutant.
pub(super) fn explode_changed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let changes = lists(operation, &["query"]).filter_map(|own| {
        let name = &own.name.value;
        let change = Change::new(
            name,
            format!(
                "the list `{name}` is joined instead of exploded, or exploded instead of joined"
            ),
        );
        match &own.style {
            None => Some(change.insert(own.range.end, ".style(Style::Form, false)")),
            Some((style, explode)) => {
                let style = &source.text[style.clone()];
                if style.ends_with("Json") || style.ends_with("Numbered") {
                    return None;
                }
                let other = if &source.text[explode.clone()] == "true" {
                    "false"
                } else {
                    "true"
                };
                Some(change.replace(explode, other))
            }
        }
    });
    changes.collect()
}

pub(super) fn style_changed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let changes = lists(operation, &["query", "header", "cookie", "path"]).map(|own| {
        let name = &own.name.value;
        let change = Change::new(
            name,
            format!("the list `{name}` is written in another style"),
        );
        match &own.style {
            None => change.insert(own.range.end, ".style(Style::Json, true)"),
            Some((style, _)) => {
                let other = match source.text[style.clone()].ends_with("Json") {
                    true => "Style::Form",
                    false => "Style::Json",
                };
                change.replace(style, other)
            }
        }
    });
    changes.collect()
}

pub(super) fn constant_changed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let change = |own: &Constant| {
        let other = format!("{}x", own.value.value);
        text(
            &own.name,
            format!("`{}` is `{other}`", own.name),
            &own.value,
            &other,
        )
    };
    operation.description.constants.iter().map(change).collect()
}

pub(super) fn constant_dropped(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let change = |own: &Constant| {
        let has_comma = source.text[own.range.end..].starts_with(',');
        let item = own.range.start..own.range.end + usize::from(has_comma);
        Change::new(&own.name, format!("`{}` is missing", own.name)).remove(&item)
    };
    operation.description.constants.iter().map(change).collect()
}

pub(super) fn header_added(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    const ADDED: &str = "(Parameter::header(\"X-Undeclared\"), \"1\")";
    let change = Change::new("header", "there is a header `X-Undeclared`");
    vec![match operation.description.constants.first() {
        Some(first) => change.insert(first.range.start, format!("{ADDED}, ")),
        None => change.insert(operation.description.end, format!(".constants(&[{ADDED}])")),
    }]
}

pub(super) fn operation_renamed(_: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let id = &operation.description.id;
    let what = "the id of the operation is another one".to_owned();
    vec![text("id", what, id, &other_name(&id.value))]
}

pub(super) fn operation_crossed(source: &Source<'_>, operation: &Operation) -> Vec<Change> {
    let count = |own: &Operation| own.description.parameters.len();
    let at = source
        .operations
        .iter()
        .position(|own| own.description.name == operation.description.name)
        .unwrap_or_default();
    let (before, after) = source.operations.split_at(at);
    let mut others = after.iter().skip(1).chain(before);
    let other = others.find(|other| count(other) == count(operation));
    let change = |other: &Operation| {
        let id = &other.description.id.value;
        Change::new(id, format!("it calls `{id}`")).replace(
            &operation.reference,
            format!("operations::{}", other.description.name),
        )
    };
    other.map(change).into_iter().collect()
}
