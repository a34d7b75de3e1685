//! Checks of the public names of a client: methods, setters and adapters.

use heck::{ToPascalCase, ToSnakeCase};

use crate::conformance::checks::context::CheckContext;
use crate::conformance::checks::surface::{Function, Surface, method_of, says};
use crate::conformance::checks::{downloads, events};
use crate::document::Document;

pub(super) fn methods(
    document: &Document,
    surface: &Surface,
    adapters: &[String],
) -> Result<(), String> {
    let mut failures = Vec::new();
    let mut found = Vec::new();
    for endpoint in &document.endpoints {
        match method_of(endpoint, surface) {
            Some(method) => found.push(&method.name),
            None => failures.push(format!(
                "the operation `{}` has no method `{}`",
                endpoint.id,
                endpoint.id.to_snake_case()
            )),
        }
        if adapters.iter().filter(|id| **id == endpoint.id).count() != 1 {
            failures.push(format!(
                "the operation `{}` needs exactly one adapter",
                endpoint.id
            ));
        }
    }
    for method in surface
        .methods
        .keys()
        .filter(|method| found.iter().filter(|own| **own == *method).count() != 1)
    {
        failures.push(format!(
            "the method `{method}` does not belong to exactly one operation"
        ));
    }
    if adapters.len() != document.endpoints.len() {
        failures.push(format!(
            "{} adapters for {} operations",
            adapters.len(),
            document.endpoints.len()
        ));
    }
    if failures.is_empty() {
        Ok(())
    } else {
        Err(failures.join("\n"))
    }
}

/// Checks that a function is deprecated as documented.
fn marked(function: &Function, is_deprecated: bool) -> Result<(), String> {
    match function.is_deprecated == is_deprecated {
        true => Ok(()),
        false => Err(format!(
            "`{}` is {}marked as deprecated",
            function.name,
            if is_deprecated { "not " } else { "" }
        )),
    }
}

pub(super) fn setters(context: &CheckContext<'_>) -> Result<(), String> {
    let (endpoint, surface) = (context.endpoint, context.surface()?);
    let method = method_of(endpoint, surface)
        .ok_or_else(|| format!("there is no method for `{}`", endpoint.id))?;
    let name = &method.name;
    if method.returned != name.to_pascal_case() {
        return Err(format!("the method `{name}` returns `{}`", method.returned));
    }
    marked(method, endpoint.is_deprecated)?;
    // Required arguments are arguments of the method, which documents them.
    let argument = |name: &String| Function {
        name: name.clone(),
        ..method.clone()
    };
    let mut required: Vec<Function> = method.arguments.iter().map(argument).collect();
    let mut left = surface
        .setters
        .get(&method.returned)
        .cloned()
        .unwrap_or_default();
    for parameter in &endpoint.parameters {
        let (expected, place) = (snake(&parameter.name), parameter.location.as_str());
        // A reserved or taken name gets its location as a suffix.
        let placed = format!("{expected}_{place}");
        let ours = |own: &Function| {
            let documented = match parameter.required {
                true => format!("- `{}` ({place} parameter `{}`)", own.name, parameter.name),
                false => format!("{place} parameter `{}`", parameter.name),
            };
            says(own, &documented).is_ok()
        };
        let all = match parameter.required {
            true => &mut required,
            false => &mut left,
        };
        let own = take(all, |own| own.name == expected && ours(own)).or_else(|| {
            take(all, |own| {
                (own.name == placed || own.name.starts_with(place)) && ours(own)
            })
        });
        // An argument of a method cannot be deprecated.
        if let Some(setter) = own.as_ref().filter(|_| !parameter.required) {
            marked(setter, parameter.is_deprecated)?;
        }
        if own.is_none() {
            return Err(format!(
                "the {place} parameter `{}` has no {} `{expected}`; there are {:?}",
                parameter.name,
                if parameter.required {
                    "argument"
                } else {
                    "setter"
                },
                names(all)
            ));
        }
    }
    if let Some(body) = &endpoint.body {
        let is_setter = !body.required;
        let all = match is_setter {
            true => &mut left,
            false => &mut required,
        };
        let body = take(all, |own| own.name == "body").ok_or("the body cannot be set")?;
        says(&body, "body")?;
        if is_setter {
            marked(&body, false)?;
        }
    }
    let is_file = downloads::is_download(endpoint);
    for (method, is_required) in [
        ("download", is_file),
        ("download_range", is_file),
        ("events", events::has_events(endpoint)),
    ] {
        match take(&mut left, |function| function.name == method) {
            Some(function) => marked(&function, false)?,
            None if is_required => return Err(format!("`{name}` has no `{method}`")),
            None => {}
        }
    }
    if endpoint.pages.is_some() {
        for (method, returned) in [("stream", "PaginationStream"), ("pages", "PageStream")] {
            let stream = take(&mut left, |function| function.name == method)
                .ok_or_else(|| format!("`{name}` has pages but no `{method}`"))?;
            marked(&stream, false)?;
            if stream.returned != returned {
                let found = stream.returned;
                return Err(format!("`{method}` of `{name}` returns `{found}`"));
            }
        }
    }
    left.append(&mut required);
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!("{:?} belong to no parameter", names(&left)))
    }
}

/// Converts a parameter name to snake case. Letters are spelled in ASCII. Other characters separate
/// words.
fn snake(name: &str) -> String {
    any_ascii::any_ascii(name)
        .replace(|c: char| !c.is_ascii_alphanumeric(), " ")
        .to_snake_case()
}

fn take(functions: &mut Vec<Function>, wanted: impl Fn(&Function) -> bool) -> Option<Function> {
    functions
        .iter()
        .position(wanted)
        .map(|at| functions.remove(at))
}

fn names(functions: &[Function]) -> Vec<&str> {
    functions
        .iter()
        .map(|function| function.name.as_str())
        .collect()
}
