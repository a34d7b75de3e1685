//! The public functions of a client and its builders.

use std::collections::{BTreeMap, BTreeSet};

use heck::ToSnakeCase;
use syn::{
    Attribute, Expr, ExprLit, FnArg, ImplItem, Item, Lit, Meta, MetaNameValue, Pat, ReturnType,
    Type, Visibility,
};

use crate::conformance::checks::open_structs::open_structs;
use crate::document::{Endpoint, Location};

/// The module of the types whose methods are the operations of a group.
const GROUPS: &str = "method_groups";

/// Methods that every client has.
const OF_EVERY_CLIENT: &[&str] = &["new", "builder", "with_options", "base_url"];

/// Methods that every builder has.
const OF_EVERY_BUILDER: &[&str] = &["send"];

/// The public functions of a client and of its builders.
#[derive(Clone, Debug)]
pub(super) struct Surface {
    /// The methods of the client, by name.
    pub(super) methods: BTreeMap<String, Function>,
    /// The setters, by builder.
    pub(super) setters: BTreeMap<String, Vec<Function>>,
    /// The names of the properties that are fields of structs with a map of other properties, by
    /// struct. Only those with the derive macro `Object` are listed.
    pub(super) open_structs: BTreeMap<String, BTreeSet<String>>,
}

/// A public function.
#[derive(Clone, Debug)]
pub(super) struct Function {
    pub(super) owner: String,
    /// The name. That of a method in a group begins with the group: `issues_list`.
    pub(super) name: String,
    /// True if the owner is a group of methods.
    pub(super) is_grouped: bool,
    /// The names of the arguments.
    pub(super) arguments: Vec<String>,
    /// The last segment of the return type.
    pub(super) returned: String,
    /// The doc comment.
    pub(super) documentation: String,
    /// True with `#[deprecated]`.
    pub(super) is_deprecated: bool,
}

impl Surface {
    /// Parses the files of a client.
    pub(super) fn read(sources: &[&str]) -> Result<Surface, String> {
        let mut surface = Surface {
            methods: BTreeMap::new(),
            setters: BTreeMap::new(),
            open_structs: BTreeMap::new(),
        };
        for source in sources {
            let file = syn::parse_file(source)
                .map_err(|error| format!("the client's source cannot be parsed: {error}"))?;
            surface.add(&file);
            surface.open_structs.extend(open_structs(&file.items));
        }
        // A method that returns a group is not an operation.
        let methods = surface.methods.values();
        let groups: BTreeSet<String> = methods
            .filter(|method| method.is_grouped)
            .map(|method| method.owner.clone())
            .collect();
        surface
            .methods
            .retain(|_, method| !groups.contains(&method.returned));
        Ok(surface)
    }

    fn add(&mut self, file: &syn::File) {
        for function in functions(&file.items) {
            let is_of_client =
                function.owner == "Client" && !OF_EVERY_CLIENT.contains(&function.name.as_str());
            if is_of_client || function.is_grouped {
                self.methods.insert(function.name.clone(), function);
            }
        }
        for item in &file.items {
            if let Item::Mod(module) = item
                && module.ident == "builder"
                && let Some((_, items)) = &module.content
            {
                for function in functions(items) {
                    let setters = self.setters.entry(function.owner.clone()).or_default();
                    if !OF_EVERY_BUILDER.contains(&function.name.as_str()) {
                        setters.push(function);
                    }
                }
            }
        }
    }
}

impl Surface {
    /// Returns the method name of an operation.
    pub(super) fn method_name(&self, endpoint: &Endpoint) -> Option<&str> {
        method_of(endpoint, self).map(|method| method.name.as_str())
    }
}

/// Returns the public functions of inherent implementations.
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
                let is_grouped = first_word(&implementation.self_ty) == GROUPS;
                let name = function.sig.ident.to_string();
                let documentation = documentation(&function.attrs);
                let mut paths = function.attrs.iter().map(Attribute::path);
                let is_deprecated = paths.any(|path| path.is_ident("deprecated"));
                let arguments = function.sig.inputs.iter().filter_map(argument).collect();
                found.push(Function {
                    name: match is_grouped {
                        true => format!("{}_{name}", owner.to_snake_case()),
                        false => name,
                    },
                    owner,
                    is_grouped,
                    arguments,
                    returned,
                    documentation,
                    is_deprecated,
                });
            }
        }
    }
    found
}

/// Returns the name of an argument other than `self`.
fn argument(argument: &FnArg) -> Option<String> {
    let FnArg::Typed(argument) = argument else {
        return None;
    };
    match argument.pat.as_ref() {
        Pat::Ident(name) => Some(name.ident.to_string()),
        _ => None,
    }
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

fn first_word(kind: &Type) -> String {
    words(kind).next().unwrap_or_default()
}

fn last_word(kind: &Type) -> String {
    words(kind).next_back().unwrap_or_default()
}

/// Returns the identifiers in the path of a type.
fn words(kind: &Type) -> impl DoubleEndedIterator<Item = String> {
    let path = match kind {
        Type::Path(path) => Some(&path.path),
        _ => None,
    };
    let segments = path.into_iter().flat_map(|path| &path.segments);
    segments.map(|segment| segment.ident.to_string())
}

/// Finds the method of an operation: the one with its name, or one with a prefix of the name or
/// with the HTTP method added, if the name is reserved, taken or too long. The doc comment must
/// name the operation.
pub(super) fn method_of<'a>(endpoint: &Endpoint, surface: &'a Surface) -> Option<&'a Function> {
    let request_line = request_line(endpoint);
    let ours = |method: &&Function| says(method, &request_line).is_ok();
    let verb = endpoint.method.to_ascii_lowercase();
    let name = endpoint.id.to_snake_case();
    let begins = |method: &Function| name.starts_with(&method.name);
    let beside = |method: &&Function| {
        begins(method) || method.name.starts_with(&verb) || method.name.ends_with(&verb)
    };
    let own = surface.methods.get(&name).filter(ours);
    own.or_else(|| surface.methods.values().filter(beside).find(ours))
}

/// Returns the method and the path as they are sent, such as `GET /?Action=ListUsers`.
fn request_line(endpoint: &Endpoint) -> String {
    let constants = endpoint.constants.iter();
    let pairs: Vec<_> = constants
        .filter(|constant| constant.location == Location::Query)
        .map(|constant| format!("{}={}", constant.name, constant.value))
        .collect();
    let separator = if pairs.is_empty() { "" } else { "?" };
    let (method, path) = (&endpoint.method, endpoint.template());
    format!("{method} {path}{separator}{}", pairs.join("&"))
}

pub(super) fn says(function: &Function, text: &str) -> Result<(), String> {
    match function.documentation.contains(text) {
        true => Ok(()),
        false => Err(format!(
            "the documentation of `{}` lacks `{text}`: {}",
            function.name,
            function.documentation.trim()
        )),
    }
}
