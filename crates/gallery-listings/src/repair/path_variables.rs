//! Variables of a path template and their parameters: one to one, under names that any tool takes, each required.

use std::collections::BTreeSet;

use super::context::RepairContext;
use crate::swagger2::{Operation, Parameter, ParameterLocation};
use openapi_text::template::{map_variables, on_the_wire, variables};

/// The longest name of a variable, in characters.
const MAX_NAME: usize = 60;

/// `/zones/Id` with a path parameter `Id`: the segment is the variable.
pub(crate) fn without_braces(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let names: BTreeSet<String> = superfluous(operation)
        .map(|parameter| parameter.name.clone())
        .collect();
    for name in names {
        let (path, fragment) = operation.path.split_at(on_the_wire(&operation.path).len());
        let segments: Vec<&str> = path.split('/').collect();
        if segments.iter().filter(|segment| **segment == name).count() != 1 {
            continue;
        }
        let variable = format!("{{{name}}}");
        let segments: Vec<&str> = segments
            .into_iter()
            .map(|segment| if segment == name { &variable } else { segment })
            .collect();
        let path = format!("{}{fragment}", segments.join("/"));
        context.record(
            &operation.pointer,
            format!("the segment `{name}` is declared as a path parameter; read as `{variable}`"),
        );
        operation.path = path;
    }
}

fn superfluous(operation: &Operation) -> impl Iterator<Item = &Parameter> {
    let used = variables(&operation.path);
    operation.parameters.iter().filter(move |it| {
        it.location == ParameterLocation::Path && !used.contains(&it.name.as_str())
    })
}

/// `{userId}` declared as `userid` or `user_id`.
pub(crate) fn spelling(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let fold = |name: &str| {
        name.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    for variable in owned_variables(operation) {
        let declared = |name: &str| {
            operation
                .parameters
                .iter()
                .any(|it| it.location == ParameterLocation::Path && it.name == name)
        };
        if declared(&variable) || fold(&variable).is_empty() {
            continue;
        }
        let others = superfluous(operation)
            .filter(|it| fold(&it.name) == fold(&variable))
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

/// `{id | userPrincipalName}`: a name of letters, digits, `_`, `.` and `-`.
pub(crate) fn names(operation: &mut Operation, context: &mut RepairContext<'_>) {
    for variable in owned_variables(operation) {
        let name = usable(&variable);
        if name == variable {
            continue;
        }
        context.record(
            &operation.pointer,
            format!("the variable `{{{variable}}}` has an odd name; called `{name}`"),
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

/// A variable that comes twice is two: `id` and `id_2`, each declared like the first, or by a declaration of its own.
pub(crate) fn repeats(operation: &mut Operation, context: &mut RepairContext<'_>) {
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
            format!("the variable `{{{name}}}` is in the path before; this one is called `{own}`"),
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
        // A parameter of that name that has to be given, and for which the query is said to be the place, is the one.
        let named = operation.parameters.iter_mut().find(|it| {
            it.location == ParameterLocation::Query && it.required && it.name == variable
        });
        if let Some(parameter) = named {
            context.record(
                &parameter.pointer,
                format!(
                    "the parameter `{variable}` of the query is the path's variable; moved there"
                ),
            );
            parameter.location = ParameterLocation::Path;
            continue;
        }
        context.record(
            &operation.pointer,
            format!(
                "the path has a variable `{{{variable}}}` that no parameter declares; declared"
            ),
        );
        operation.parameters.push(Parameter::new(
            &operation.pointer,
            &variable,
            ParameterLocation::Path,
        ));
    }
}

/// A path parameter for which the path has no place has nowhere to go.
pub(crate) fn place(operation: &mut Operation, context: &mut RepairContext<'_>) {
    let names: BTreeSet<String> = superfluous(operation)
        .map(|parameter| parameter.name.clone())
        .collect();
    operation.parameters.retain(|parameter| {
        let has_no_place =
            parameter.location == ParameterLocation::Path && names.contains(&parameter.name);
        if has_no_place {
            let message = format!(
                "the path parameter `{}` is not in the path, so that nothing can be sent; removed",
                parameter.name
            );
            context.record(&parameter.pointer, message);
        }
        !has_no_place
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
