//! Checks of the client's public surface, read from its source: operations and methods one to one, parameters and setters too, and
//! each under the name that is its own.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use syn::{
    Attribute, Expr, ExprLit, ImplItem, Item, Lit, Meta, MetaNameValue, ReturnType, Type,
    Visibility,
};

use crate::conformance::context::CheckContext;
use crate::document::{Document, Endpoint};

/// What every client has beside its operations.
const OF_EVERY_CLIENT: &[&str] = &["new", "builder", "with_options", "base_url"];

/// What every builder has beside its setters.
const OF_EVERY_BUILDER: &[&str] = &["new", "send"];

/// The public functions of a client and of its builders.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// The client's methods, by name.
    methods: BTreeMap<String, Function>,
    /// The builders' setters, by builder.
    setters: BTreeMap<String, Vec<Function>>,
}

/// A public function.
#[derive(Clone, Debug)]
struct Function {
    owner: String,
    name: String,
    /// The last word of what it returns.
    returned: String,
    /// Its documentation.
    documentation: String,
}

impl Surface {
    /// Reads the source of a client.
    pub(super) fn read(source: &str) -> Result<Surface, String> {
        let file = syn::parse_file(source)
            .map_err(|error| format!("the client's source cannot be parsed: {error}"))?;
        let mut surface = Surface {
            methods: BTreeMap::new(),
            setters: BTreeMap::new(),
        };
        for function in functions(&file.items) {
            if function.owner == "Client" && !OF_EVERY_CLIENT.contains(&function.name.as_str()) {
                surface.methods.insert(function.name.clone(), function);
            }
        }
        for item in &file.items {
            if let Item::Mod(module) = item
                && module.ident == "builder"
                && let Some((_, items)) = &module.content
            {
                for function in functions(items) {
                    let setters = surface.setters.entry(function.owner.clone()).or_default();
                    if !OF_EVERY_BUILDER.contains(&function.name.as_str()) {
                        setters.push(function);
                    }
                }
            }
        }
        Ok(surface)
    }
}

impl Surface {
    /// The method of an operation.
    pub(super) fn method_name(&self, endpoint: &Endpoint) -> Option<&str> {
        method_of(endpoint, self).map(|method| method.name.as_str())
    }
}

/// The public functions of inherent implementations.
fn functions(items: &[Item]) -> Vec<Function> {
    let mut found = Vec::new();
    for item in items {
        let Item::Impl(implementation) = item else {
            continue;
        };
        if implementation.trait_.is_some() {
            continue;
        }
        for item in &implementation.items {
            if let ImplItem::Fn(function) = item
                && matches!(function.vis, Visibility::Public(_))
            {
                let returned = match &function.sig.output {
                    ReturnType::Type(_, returned) => last_word(returned),
                    ReturnType::Default => String::new(),
                };
                let owner = last_word(&implementation.self_ty);
                let documentation = documentation(&function.attrs);
                found.push(Function {
                    owner,
                    name: function.sig.ident.to_string(),
                    returned,
                    documentation,
                });
            }
        }
    }
    found
}

fn documentation(attributes: &[Attribute]) -> String {
    let mut text = String::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("doc"))
    {
        if let Meta::NameValue(MetaNameValue {
            value:
                Expr::Lit(ExprLit {
                    lit: Lit::Str(line),
                    ..
                }),
            ..
        }) = &attribute.meta
        {
            text.push_str(&line.value());
            text.push('\n');
        }
    }
    text
}

fn last_word(kind: &Type) -> String {
    match kind {
        Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

pub(super) fn methods(
    document: &Document,
    surface: &Surface,
    adapters: &[String],
) -> Result<(), String> {
    let mut faults = Vec::new();
    let mut found = Vec::new();
    for endpoint in &document.endpoints {
        match method_of(endpoint, surface) {
            Some(method) => found.push(&method.name),
            None => faults.push(format!(
                "the operation `{}` has no method `{}`",
                endpoint.id,
                endpoint.id.to_snake_case()
            )),
        }
        if adapters.iter().filter(|id| **id == endpoint.id).count() != 1 {
            faults.push(format!(
                "the operation `{}` has no adapter of its own",
                endpoint.id
            ));
        }
    }
    for method in surface
        .methods
        .keys()
        .filter(|method| found.iter().filter(|own| **own == *method).count() != 1)
    {
        faults.push(format!(
            "the method `{method}` is not that of one operation"
        ));
    }
    if adapters.len() != document.endpoints.len() {
        faults.push(format!(
            "{} adapters for {} operations",
            adapters.len(),
            document.endpoints.len()
        ));
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

/// The method of an operation: the one with its name, or where that is too long, no name or taken, one with the beginning of it or with
/// the HTTP method beside it.
/// The documentation says, in its own words, which operation a method is for.
fn method_of<'a>(endpoint: &Endpoint, surface: &'a Surface) -> Option<&'a Function> {
    let ours = |method: &&Function| {
        says(method, &format!("{} {}", endpoint.method, endpoint.path)).is_ok()
    };
    let verb = endpoint.method.to_ascii_lowercase();
    let name = endpoint.id.to_snake_case();
    let begins = |method: &Function| name.starts_with(&method.name);
    let beside = |method: &&Function| {
        begins(method) || method.name.starts_with(&verb) || method.name.ends_with(&verb)
    };
    let own = surface.methods.get(&name).filter(ours);
    own.or_else(|| surface.methods.values().filter(beside).find(ours))
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
        let (wished, place) = (snake(&parameter.name), parameter.location.key());
        // A name that is reserved or taken has its place beside it.
        let placed = format!("{wished}_{place}");
        let ours = |setter: &Function| says(setter, &format!("The {place} parameter")).is_ok();
        let own = take(&mut left, |setter| setter.name == wished && ours(setter)).or_else(|| {
            take(&mut left, |setter| {
                (setter.name == placed || setter.name.starts_with(place)) && ours(setter)
            })
        });
        let Some(own) = own else {
            return Err(format!(
                "the {place} parameter `{}` has no setter `{wished}`; there are {:?}",
                parameter.name,
                names(&left)
            ));
        };
        says(&own, &parameter.name)?;
    }
    if endpoint.body.is_some() {
        let body = take(&mut left, |setter| setter.name == "body")
            .ok_or("the body has no setter `body`")?;
        says(&body, "The body")?;
        // A typed body has a second setter, which changes its builder.
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
        Err(format!("the setters {:?} are no parameters", names(&left)))
    }
}

/// The name that a parameter has in Rust: what is neither an ASCII letter nor a digit only parts its words.
fn snake(name: &str) -> String {
    let words: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { ' ' })
        .collect();
    words.to_snake_case()
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

fn says(function: &Function, text: &str) -> Result<(), String> {
    match function.documentation.contains(text) {
        true => Ok(()),
        false => Err(format!(
            "the documentation of `{}` does not say `{text}`, but: {}",
            function.name,
            function.documentation.trim()
        )),
    }
}
