//! Checks of the client's public surface, read from its source: operations and methods one to one, parameters and setters too.

use std::collections::BTreeMap;

use heck::{ToPascalCase, ToSnakeCase};
use syn::{ImplItem, Item, ReturnType, Type, Visibility};

use crate::document::{Document, Endpoint};

/// What every client has beside its operations.
const OF_EVERY_CLIENT: &[&str] = &["new", "with_http_client", "with_hook", "base_url"];

/// What every builder has beside its setters.
const OF_EVERY_BUILDER: &[&str] = &["new", "send"];

/// The public functions of a client and of its builders.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// Method to builder.
    methods: BTreeMap<String, String>,
    /// Builder to setters.
    builders: BTreeMap<String, Vec<String>>,
}

impl Surface {
    /// Reads the source of a client.
    pub(super) fn read(source: &str) -> Result<Surface, String> {
        let file = syn::parse_file(source).map_err(|error| format!("the client's source cannot be parsed: {error}"))?;
        let mut surface = Surface { methods: BTreeMap::new(), builders: BTreeMap::new() };
        for (_, function, returned) in functions(&file.items, Some("Client")) {
            if !OF_EVERY_CLIENT.contains(&function.as_str()) {
                surface.methods.insert(function, returned);
            }
        }
        for item in &file.items {
            if let Item::Mod(module) = item
                && module.ident == "builder"
                && let Some((_, items)) = &module.content
            {
                for (builder, function, _) in functions(items, None) {
                    let setters = surface.builders.entry(builder).or_default();
                    if !OF_EVERY_BUILDER.contains(&function.as_str()) {
                        setters.push(function);
                    }
                }
            }
        }
        Ok(surface)
    }
}

/// The public functions of inherent implementations: type, name, and the last word of what they return.
fn functions(items: &[Item], of: Option<&str>) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for item in items {
        let Item::Impl(implementation) = item else { continue };
        let owner = last_word(&implementation.self_ty);
        if implementation.trait_.is_some() || of.is_some_and(|of| of != owner) {
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
                found.push((owner.clone(), function.sig.ident.to_string(), returned));
            }
        }
    }
    found
}

fn last_word(kind: &Type) -> String {
    match kind {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

pub(super) fn methods(document: &Document, surface: &Surface, adapters: &[String]) -> Result<(), String> {
    let mut faults = Vec::new();
    for endpoint in &document.endpoints {
        let method = endpoint.id.to_snake_case();
        if !surface.methods.contains_key(&method) {
            faults.push(format!("the operation `{}` has no method `{method}`", endpoint.id));
        }
        if adapters.iter().filter(|id| **id == endpoint.id).count() != 1 {
            faults.push(format!("the operation `{}` has no adapter of its own", endpoint.id));
        }
    }
    for method in surface.methods.keys() {
        if !document.endpoints.iter().any(|endpoint| endpoint.id.to_snake_case() == *method) {
            faults.push(format!("the method `{method}` is no operation"));
        }
    }
    if adapters.len() != document.endpoints.len() {
        faults.push(format!("{} adapters for {} operations", adapters.len(), document.endpoints.len()));
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n")) }
}

pub(super) fn setters(endpoint: &Endpoint, surface: &Surface) -> Result<(), String> {
    let method = endpoint.id.to_snake_case();
    let builder = surface.methods.get(&method).ok_or_else(|| format!("there is no method `{method}`"))?;
    if *builder != method.to_pascal_case() {
        return Err(format!("the method `{method}` returns `{builder}`"));
    }
    let mut left = surface.builders.get(builder).cloned().unwrap_or_default();
    let mut take = |wanted: &dyn Fn(&str) -> bool| left.iter().position(|setter| wanted(setter)).map(|at| left.remove(at));
    for parameter in &endpoint.parameters {
        let name = parameter.name.to_snake_case();
        // A name that is reserved or taken has its place behind it.
        let placed = format!("{name}_{}", parameter.location.key());
        let exact = take(&|setter: &str| setter == name || setter == placed);
        if exact.is_none() && take(&|setter: &str| setter.starts_with(parameter.location.key())).is_none() {
            return Err(format!("the parameter `{}` has no setter `{name}`; there are {left:?}", parameter.name));
        }
    }
    if endpoint.body.is_some() {
        let body = take(&|setter: &str| setter == "body");
        // A typed body has a second setter, which changes its builder.
        take(&|setter: &str| setter == "body_map");
        if body.is_none() {
            return Err("the body has no setter `body`".to_owned());
        }
    }
    if left.is_empty() { Ok(()) } else { Err(format!("the setters {left:?} are no parameters")) }
}
