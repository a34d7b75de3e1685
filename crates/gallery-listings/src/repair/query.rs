//! Repairs of query strings in paths: `/?Action=X`, `/list?page={page}`.
//!
//! A constant stays in the path after a `#`, and becomes a parameter with one value. A variable
//! becomes a query parameter. Both distinguish endpoints.

use super::context::RepairContext;
use crate::swagger2::{Constant, Operation, Parameter, ParameterLocation};
use crate::text::{folded, outside_of_braces, split_fragment};
use openapi_text::pointer::percent_decode;
use openapi_text::template::encode_literal;
use openapi_text::template::variables;

/// Moves the query string from the path to parameters.
pub(crate) fn split(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let (path, fragment) = split_fragment(&operation.path);
    let Some((path, query)) = cut(path) else {
        return;
    };
    if let Some(why) = unclear(&operation.path[path.len()..], &query) {
        operation.unclear = Some(why);
        return;
    }
    let in_path: Vec<String> = variables(&path).into_iter().map(str::to_owned).collect();
    let fragment = fragment.trim_start_matches('#').to_owned();
    let before = operation.path.clone();
    let mut kept = Vec::new();
    for pair in pairs(&query) {
        match read(&pair) {
            Pair::Constant { name, value } if is_placeholder(operation, &name, &value) => {
                let message =
                    format!("`{name}` is a declared parameter, so `{value}` stands for its value");
                context.record(&operation.pointer, message);
                let variable = declared_name(operation, &name);
                parameter(operation, context, name, &variable, false);
            }
            Pair::Constant { name, value } => {
                constant(operation, context, name, value);
                kept.push(encode_literal(&pair));
            }
            Pair::Variables(names) => {
                for (name, variable) in names {
                    parameter(
                        operation,
                        context,
                        name,
                        &variable,
                        in_path.contains(&variable),
                    );
                }
            }
        }
    }
    kept.extend(Some(fragment).filter(|fragment| !fragment.is_empty()));
    operation.path = if kept.is_empty() {
        path
    } else {
        format!("{path}#{}", kept.join("&"))
    };
    // A constant is not a variable as well.
    operation.query_variables.retain(|name| {
        !operation
            .constants
            .iter()
            .any(|constant| constant.name == *name)
    });
    let message = format!(
        "the path `{before}` has a query string; its constants and variables become query parameters"
    );
    context.record(&operation.pointer, message);
}

/// Splits a path before its query string. Some paths have a `&` instead of the `?`.
fn cut(path: &str) -> Option<(String, String)> {
    let question = outside_of_braces(path, '?');
    let ampersand = outside_of_braces(path, '&').filter(|&at| {
        let pair = path[at + 1..]
            .split(['&', '?', '/'])
            .next()
            .unwrap_or_default();
        pair.split_once('=')
            .is_some_and(|(name, _)| !name.is_empty())
    });
    let at = match (question, ampersand) {
        (Some(question), Some(ampersand)) => question.min(ampersand),
        (one, other) => one.or(other)?,
    };
    Some((path[..at].to_owned(), path[at + 1..].to_owned()))
}

/// Returns the reason why a query string cannot be sent: arbitrary names, or two beginnings.
fn unclear(written: &str, query: &str) -> Option<&'static str> {
    let names_anything = |pair: &String| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        is_variable(name) && is_variable(value) && name != value
    };
    if pairs(query).iter().any(names_anything) {
        return Some("its query string has pairs whose name and value are both variables");
    }
    let begins_again = written.starts_with('&') && outside_of_braces(query, '?').is_some();
    begins_again.then_some("its query string begins with `&` and has a `?` later")
}

fn is_variable(text: &str) -> bool {
    text.starts_with('{') && text.ends_with('}') && variables(text).len() == 1
}

/// Returns the pairs of a query string. `%26` before a name is an `&` that was encoded twice.
fn pairs(query: &str) -> Vec<String> {
    let mut pairs: Vec<String> = Vec::new();
    let mut text = query.to_owned();
    while let Some(at) = outside_of_braces(&text, '?') {
        text.replace_range(at..=at, "&");
    }
    for part in text.split('&') {
        for (position, piece) in part.split("%26").enumerate() {
            match pairs.last_mut() {
                Some(last) if position > 0 && !starts_pair(piece) => {
                    *last = format!("{last}%26{piece}");
                }
                // A pair without a name is a name: `?=a` is `?a`.
                _ => pairs.push(piece.trim_start_matches('=').to_owned()),
            }
        }
    }
    pairs.retain(|pair| !pair.is_empty());
    pairs
}

fn starts_pair(text: &str) -> bool {
    text.split_once('=').is_some_and(|(name, _)| {
        !name.is_empty()
            && name.chars().all(|c| {
                c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']' | '$')
            })
    })
}

enum Pair {
    Constant {
        name: String,
        value: String,
    },
    /// The names that are sent, each with the name of its variable.
    Variables(Vec<(String, String)>),
}

fn read(pair: &str) -> Pair {
    let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
    if !variables(name).is_empty() {
        // A variable may have no name.
        let named = |name: &str| {
            if name.trim().is_empty() {
                "variable".to_owned()
            } else {
                name.trim().to_owned()
            }
        };
        return Pair::Variables(
            variables(pair)
                .into_iter()
                .map(|name| (named(name), name.to_owned()))
                .collect(),
        );
    }
    let decoded = |text: &str| percent_decode(&text.replace('+', " "));
    let name = decoded(name);
    match variables(value).first() {
        Some(variable) => Pair::Variables(vec![(name, (*variable).to_owned())]),
        // `?page=` and `?page=...` leave the value to the caller.
        None if pair.contains('=') && value.trim_matches(['.', '…']).is_empty() => {
            Pair::Variables(vec![(name.clone(), name)])
        }
        None => Pair::Constant {
            name,
            value: decoded(value),
        },
    }
}

/// Returns true if the value of a pair stands for a value of the caller: `?countrycode=CountryCode`
/// with a path parameter of that name, or `?id=Id` with a query parameter.
fn is_placeholder(operation: &Operation, name: &str, value: &str) -> bool {
    let in_path = variables(&operation.path);
    if folded(name).is_empty() {
        return false;
    }
    operation.parameters.iter().any(|it| match it.location {
        ParameterLocation::Path => {
            folded(&it.name) == folded(name) && !in_path.contains(&it.name.as_str())
        }
        ParameterLocation::Query => it.name == name && folded(name) == folded(value),
        _ => false,
    })
}

/// Returns the name under which the path parameter of a pair is declared.
fn declared_name(operation: &Operation, name: &str) -> String {
    let declared = operation
        .parameters
        .iter()
        .find(|it| it.location == ParameterLocation::Path && folded(&it.name) == folded(name));
    declared.map_or_else(|| name.to_owned(), |it| it.name.clone())
}

/// Adds a constant. It replaces a declared parameter of the same name.
fn constant(
    operation: &mut Operation,
    context: &mut RepairContext<'_>,
    name: String,
    value: String,
) {
    if let Some(first) = operation
        .constants
        .iter()
        .find(|constant| constant.name == name)
    {
        let message = format!(
            "the query string has `{name}` twice; `{}` is sent, `{value}` is not",
            first.value
        );
        context.record(&operation.pointer, message);
        return;
    }
    let declared = |parameter: &Parameter| {
        parameter.location == ParameterLocation::Query && parameter.name == name
    };
    let description = operation
        .parameters
        .iter()
        .find(|parameter| declared(parameter))
        .and_then(|it| it.description.clone());
    operation
        .parameters
        .retain(|parameter| !declared(parameter));
    operation.constants.push(Constant {
        name,
        value,
        description,
    });
}

/// Adds a query parameter for a variable: the declared one, else the one declared for the path,
/// else a new one.
fn parameter(
    operation: &mut Operation,
    context: &mut RepairContext<'_>,
    name: String,
    variable: &str,
    in_path: bool,
) {
    let at = |location: ParameterLocation, name: &str| {
        operation
            .parameters
            .iter()
            .position(|parameter| parameter.location == location && parameter.name == name)
    };
    let (query, path) = (
        at(ParameterLocation::Query, &name),
        at(ParameterLocation::Path, variable),
    );
    match (query, path.filter(|_| !in_path)) {
        (Some(_), Some(path)) => {
            operation.parameters.remove(path);
        }
        (Some(_), None) => {}
        (None, Some(path)) => {
            operation.parameters[path].location = ParameterLocation::Query;
            operation.parameters[path].name.clone_from(&name);
        }
        (None, None) => match at(ParameterLocation::Query, variable) {
            Some(query) => operation.parameters[query].name.clone_from(&name),
            None => {
                context.record(
                    &operation.pointer,
                    format!("no parameter declares the query string's `{name}`; declared"),
                );
                operation.parameters.push(Parameter::new(
                    &operation.pointer,
                    &name,
                    ParameterLocation::Query,
                ));
            }
        },
    }
    if !operation.query_variables.contains(&name) {
        operation.query_variables.push(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_query_strings() {
        for (path, parts) in [
            ("/", None),
            ("/a{?x}", None),
            ("/?Action=X", Some(("/", "Action=X"))),
            ("/a&b=c?d=e", Some(("/a", "b=c?d=e"))),
            ("/a&b/c", None),
            ("/a?", Some(("/a", ""))),
        ] {
            assert_eq!(
                cut(path),
                parts.map(|(path, query): (&str, &str)| (path.to_owned(), query.to_owned())),
                "{path}"
            );
        }
        assert_eq!(
            pairs("a=1%26b=2%26&c=x%26y&&d?e=f"),
            ["a=1", "b=2%26", "c=x%26y", "d", "e=f"]
        );
    }
}
