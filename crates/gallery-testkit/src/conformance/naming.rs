//! Checks of the public names of a client: methods, setters and adapters.

use heck::{ToPascalCase, ToSnakeCase};

use crate::conformance::context::CheckContext;
use crate::conformance::surface::{Function, Surface, method_of, says};
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

pub(super) fn setters(context: &CheckContext<'_>) -> Result<(), String> {
    let (endpoint, surface) = (context.endpoint, context.surface()?);
    let method = method_of(endpoint, surface)
        .ok_or_else(|| format!("there is no method for `{}`", endpoint.id))?;
    let name = &method.name;
    if method.returned != name.to_pascal_case() {
        return Err(format!("the method `{name}` returns `{}`", method.returned));
    }
    let mut left = surface
        .setters
        .get(&method.returned)
        .cloned()
        .unwrap_or_default();
    for parameter in &endpoint.parameters {
        let (expected, place) = (snake(&parameter.name), parameter.location.as_str());
        // A reserved or taken name gets its location as a suffix.
        let placed = format!("{expected}_{place}");
        let ours = |setter: &Function| says(setter, &format!("{place} parameter `")).is_ok();
        let own = take(&mut left, |setter| setter.name == expected && ours(setter)).or_else(|| {
            take(&mut left, |setter| {
                (setter.name == placed || setter.name.starts_with(place)) && ours(setter)
            })
        });
        let Some(own) = own else {
            return Err(format!(
                "the {place} parameter `{}` has no setter `{expected}`; setters: {:?}",
                parameter.name,
                names(&left)
            ));
        };
        says(&own, &parameter.name)?;
    }
    if endpoint.body.is_some() {
        let body = take(&mut left, |setter| setter.name == "body")
            .ok_or("the body has no setter `body`")?;
        says(&body, "body")?;
        // A typed body has a second setter for its builder.
        take(&mut left, |setter| setter.name == "body_map");
    }
    if endpoint.pages.is_some() {
        let stream = take(&mut left, |function| function.name == "stream")
            .ok_or("the pages have no `stream`")?;
        if stream.returned != "PaginationStream" {
            return Err(format!(
                "`stream` of `{name}` returns `{}`",
                stream.returned
            ));
        }
    }
    if left.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "the setters {:?} belong to no parameter",
            names(&left)
        ))
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
