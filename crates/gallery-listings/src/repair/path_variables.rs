//! Repairs of path variables and their parameters: each variable has one required parameter under a
//! portable name.

use std::collections::BTreeSet;

use super::context::RepairContext;
use crate::swagger2::{Operation, Parameter, ParameterLocation};
use crate::text::folded;
use openapi_text::template::{map_variables, on_the_wire, variables};

/// The maximum length of a variable's name, in characters.
const MAX_NAME: usize = 60;

/// Turns segments into variables if a path parameter has their name: `/zones/Id` with `Id`. A
/// parameter with a compound name, such as `quiz_id`, may have any location.
pub(crate) fn without_braces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let used: BTreeSet<String> = owned_variables(operation).into_iter().collect();
    let is_candidate = |it: &&Parameter| match it.location {
        ParameterLocation::Path => !used.contains(&it.name),
        ParameterLocation::Query => is_compound(&it.name) && !used.contains(&it.name),
        _ => false,
    };
    let candidates: BTreeSet<String> = operation
        .parameters
        .iter()
        .filter(is_candidate)
        .map(|it| it.name.clone())
        .collect();
    for name in candidates {
        let (path, fragment) = operation.path.split_at(on_the_wire(&operation.path).len());
        let segments: Vec<&str> = path.split('/').collect();
        let only = |is_same: &dyn Fn(&str) -> bool| {
            let mut places = (0..segments.len()).filter(|at| is_same(segments[*at]));
            places.next().filter(|_| places.next().is_none())
        };
        // Names such as `_` have no letters to compare.
        let is_literal = |segment: &str| !segment.contains('{') && !folded(segment).is_empty();
        let exact = only(&|segment| segment == name);
        let Some(at) = exact
            .or_else(|| only(&|segment| is_literal(segment) && folded(segment) == folded(&name)))
        else {
            continue;
        };
        let segment = segments[at];
        let variable = format!("{{{name}}}");
        let message =
            format!("the segment `{segment}` is declared as a parameter; read as `{variable}`");
        let mut segments: Vec<&str> = segments.clone();
        segments[at] = &variable;
        let path = format!("{}{fragment}", segments.join("/"));
        context.record(&operation.pointer, message);
        operation.path = path;
        for parameter in &mut operation.parameters {
            if parameter.name == name && parameter.location == ParameterLocation::Query {
                parameter.location = ParameterLocation::Path;
            }
        }
    }
}

/// Returns true for names of several words, which are not names of resources: `quiz_id`, `userId`.
fn is_compound(name: &str) -> bool {
    let has_capital_inside = name.char_indices().any(|(at, c)| {
        at > 0 && c.is_ascii_uppercase() && name[..at].ends_with(|c: char| c.is_ascii_lowercase())
    });
    name.contains(['_', '-']) || has_capital_inside
}

fn superfluous(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    let used = variables(&operation.path);
    operation.parameters.iter().filter(move |it| {
        it.location == ParameterLocation::Path && !used.contains(&it.name.as_str())
    })
}

/// Renames parameters that are spelled differently: `{userId}` declared as `userid` or `user_id`.
pub(crate) fn spelling(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for variable in owned_variables(operation) {
        let declared = |name: &str| {
            operation
                .parameters
                .iter()
                .any(|it| it.location == ParameterLocation::Path && it.name == name)
        };
        if declared(&variable) || folded(&variable).is_empty() {
            continue;
        }
        let others = superfluous(operation)
            .filter(|it| folded(&it.name) == folded(&variable))
            .map(|it| it.name.clone());
        let others: BTreeSet<String> = others.collect();
        let (Some(other), 1) = (others.first().cloned(), others.len()) else {
            continue;
        };
        for parameter in operation
            .parameters
            .iter_mut()
            .filter(|it| it.location == ParameterLocation::Path && it.name == other)
        {
            context.record(
                &parameter.pointer,
                format!("the path parameter `{other}` is `{{{variable}}}` in the path; renamed"),
            );
            parameter.name.clone_from(&variable);
        }
    }
}

fn owned_variables(operation: &Operation) -> Vec<String> {
    variables(&operation.path)
        .into_iter()
        .map(str::to_owned)
        .collect()
}

/// Reduces names to letters, digits, `_`, `.` and `-`: `{id | userPrincipalName}`.
pub(crate) fn names(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for variable in owned_variables(operation) {
        let name = usable(&variable);
        if name == variable {
            continue;
        }
        context.record(
            &operation.pointer,
            format!("the variable `{{{variable}}}` has an odd name; renamed to `{name}`"),
        );
        operation.path = map_variables(&operation.path, |other| {
            if other == variable {
                name.clone()
            } else {
                other.to_owned()
            }
        });
        for parameter in &mut operation.parameters {
            if parameter.location == ParameterLocation::Path
                && parameter.name.trim() == variable.trim()
            {
                parameter.name.clone_from(&name);
            }
        }
    }
}

fn usable(variable: &str) -> String {
    let mut name = String::with_capacity(variable.len());
    for c in variable.chars() {
        let kept = c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
        if kept {
            name.push(c);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    if name == variable && !name.is_empty() && name.len() <= MAX_NAME {
        return name;
    }
    name.truncate(MAX_NAME);
    let name = name.trim_matches('_');
    if name.is_empty() {
        "variable".to_owned()
    } else {
        name.to_owned()
    }
}

/// Renames the second of two equal variables: `id` and `id_2`. It is declared like the first, or by
/// a second declaration.
pub(crate) fn duplicates(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let all = owned_variables(operation);
    let mut taken: BTreeSet<String> = all.iter().cloned().collect();
    taken.extend(
        operation
            .parameters
            .iter()
            .filter(|it| it.location == ParameterLocation::Path)
            .map(|it| it.name.clone()),
    );
    let mut seen = BTreeSet::new();
    let mut renamed = Vec::new();
    for name in &all {
        if seen.insert(name.clone()) {
            renamed.push(name.clone());
            continue;
        }
        let own = (2usize..)
            .map(|number| format!("{name}_{number}"))
            .find(|own| !taken.contains(own))
            .unwrap_or_default();
        context.record(
            &operation.pointer,
            format!(
                "the path has the variable `{{{name}}}` twice; the second is renamed to `{own}`"
            ),
        );
        let places: Vec<usize> = (0..operation.parameters.len())
            .filter(|&at| is_declared(&operation.parameters[at], name))
            .collect();
        match places[..] {
            [_, second, ..] => operation.parameters[second].name.clone_from(&own),
            [first] => {
                let copy = Parameter {
                    name: own.clone(),
                    ..operation.parameters[first].clone()
                };
                operation.parameters.insert(first + 1, copy);
            }
            [] => {}
        }
        taken.insert(own.clone());
        renamed.push(own);
    }
    let mut renamed = renamed.into_iter();
    operation.path = map_variables(&operation.path, |name| {
        renamed.next().unwrap_or_else(|| name.to_owned())
    });
}

fn is_declared(parameter: &Parameter, name: &str) -> bool {
    parameter.location == ParameterLocation::Path && parameter.name == name
}

pub(crate) fn declare(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for variable in owned_variables(operation) {
        if operation
            .parameters
            .iter()
            .any(|parameter| is_declared(parameter, &variable))
        {
            continue;
        }
        // A query parameter of that name is the variable.
        let named = operation
            .parameters
            .iter_mut()
            .find(|it| it.location == ParameterLocation::Query && it.name == variable);
        if let Some(parameter) = named {
            context.record(
                &parameter.pointer,
                format!("the query parameter `{variable}` is a variable of the path; moved there"),
            );
            parameter.location = ParameterLocation::Path;
            continue;
        }
        context.record(
            &operation.pointer,
            format!("no parameter declares the variable `{{{variable}}}` of the path; declared"),
        );
        operation.parameters.push(Parameter::new(
            &operation.pointer,
            &variable,
            ParameterLocation::Path,
        ));
    }
}

/// Removes path parameters that are not in the path.
pub(crate) fn place(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let names: BTreeSet<String> = superfluous(operation)
        .map(|parameter| parameter.name.clone())
        .collect();
    operation.parameters.retain(|parameter| {
        let is_superfluous =
            parameter.location == ParameterLocation::Path && names.contains(&parameter.name);
        if is_superfluous {
            let message = format!(
                "the path parameter `{}` is not in the path and cannot be sent; removed",
                parameter.name
            );
            context.record(&parameter.pointer, message);
        }
        !is_superfluous
    });
}

pub(crate) fn require(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for parameter in &mut operation.parameters {
        if parameter.location == ParameterLocation::Path && !parameter.required {
            parameter.required = true;
            context.record(
                &parameter.pointer,
                format!(
                    "the path parameter `{}` is not `required: true`; set",
                    parameter.name
                ),
            );
        }
    }
}
