//! Edits of the code that progenitor wrote. One file an edit, one row an edit in [`PASSES`].
//!
//! A pass knows the exact shape of what it edits and says so when it does not find it: a new version of progenitor that writes
//! something else is an error here, never a client that is wrong in silence.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::{Expr, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod};
use thiserror::Error;

use crate::bindings::{Bindings, OperationBinding};
use crate::client::ClientSettings;

mod answers;
mod body;
mod client;
mod docs;
mod pages;
mod request;
mod runtime;

/// An edit of generated code.
pub struct Pass {
    /// Its stable name, in kebab case.
    pub code: &'static str,
    /// What the code does without it.
    pub without: &'static str,
    apply: fn(&mut syn::File, &Context<'_>) -> Result<(), PassError>,
}

/// Every pass, in the order in which they are applied.
pub const PASSES: &[Pass] = &[
    Pass {
        code: "body",
        without: "a body that may be left out must be given; one of bytes can be no form",
        apply: body::apply,
    },
    Pass {
        code: "request",
        without: "requests go where lowering made them go, with an undeclared `api-version`, past the runtime's guards and hooks",
        apply: request::apply,
    },
    Pass {
        code: "answers",
        without: "untyped content is a stream, and the status of an undocumented answer is lost",
        apply: answers::apply,
    },
    Pass {
        code: "client",
        without: "the client has progenitor's constructors and hooks, and redirects are followed",
        apply: client::apply,
    },
    Pass {
        code: "pages",
        without: "who wants all of a list asks for its pages one by one",
        apply: pages::apply,
    },
    Pass {
        code: "runtime",
        without: "the code depends on progenitor_client",
        apply: runtime::apply,
    },
    Pass {
        code: "docs",
        without: "there is no documentation but progenitor's",
        apply: docs::apply,
    },
];

/// What a pass can look up.
pub(crate) struct Context<'a> {
    pub(crate) bindings: &'a Bindings,
    pub(crate) settings: &'a ClientSettings,
    /// The names of the builders, in the order of the operations.
    pub(crate) builders: Vec<String>,
}

/// A pass did not find what it edits.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "the pass `{pass}` did not find {missing}; progenitor writes something else than this version of the passes knows"
)]
pub struct PassError {
    /// The pass.
    pub pass: &'static str,
    /// What it looked for.
    pub missing: String,
}

/// Applies every pass.
pub(crate) fn apply(
    file: &mut syn::File,
    bindings: &Bindings,
    settings: &ClientSettings,
) -> Result<(), PassError> {
    let context = Context {
        bindings,
        settings,
        builders: builder_names(file, bindings)?,
    };
    PASSES
        .iter()
        .try_for_each(|pass| (pass.apply)(file, &context))
}

/// The builder of one operation, among the code of a client.
pub(crate) struct Builder<'a> {
    pub(crate) binding: &'a OperationBinding,
    /// `impl<'a> GetTeam<'a> { … }`.
    pub(crate) implementation: &'a mut ItemImpl,
}

impl Builder<'_> {
    /// The function of this name.
    pub(crate) fn function(
        &mut self,
        pass: &'static str,
        name: &str,
    ) -> Result<&mut ImplItemFn, PassError> {
        let missing = || PassError {
            pass,
            missing: format!(
                "the function `{name}` of the builder of `{}`",
                self.binding.method
            ),
        };
        let functions = self
            .implementation
            .items
            .iter_mut()
            .filter_map(|item| match item {
                ImplItem::Fn(function) => Some(function),
                _ => None,
            });
        functions
            .into_iter()
            .find(|function| function.sig.ident == name)
            .ok_or_else(missing)
    }
}

/// Calls `edit` with the builder of each operation. Every operation must have one.
pub(crate) fn each_builder(
    pass: &'static str,
    file: &mut syn::File,
    context: &Context<'_>,
    mut edit: impl FnMut(Builder<'_>) -> Result<(), PassError>,
) -> Result<(), PassError> {
    let module = module(pass, file, "builder")?;
    let items = module
        .content
        .as_mut()
        .map(|(_, items)| items.as_mut_slice())
        .unwrap_or_default();
    let mut implementations: BTreeMap<String, &mut ItemImpl> = BTreeMap::new();
    for item in items {
        let Item::Impl(implementation) = item else {
            continue;
        };
        if implementation.trait_.is_none() {
            implementations
                .entry(self_name(implementation))
                .or_insert(implementation);
        }
    }
    for (binding, name) in context.bindings.operations.iter().zip(&context.builders) {
        let Some(implementation) = implementations.get_mut(name) else {
            return Err(PassError {
                pass,
                missing: format!("the builder `{name}`"),
            });
        };
        edit(Builder {
            binding,
            implementation,
        })?;
    }
    Ok(())
}

/// The names of the builders, in the order of the operations: what the client's methods return.
fn builder_names(file: &syn::File, bindings: &Bindings) -> Result<Vec<String>, PassError> {
    let functions: BTreeMap<String, &ImplItemFn> = client_functions(file)
        .map(|function| (function.sig.ident.to_string(), function))
        .collect();
    let mut names = Vec::new();
    for binding in &bindings.operations {
        let returned =
            functions
                .get(&binding.method)
                .and_then(|function| match &function.sig.output {
                    syn::ReturnType::Type(_, kind) => match kind.as_ref() {
                        syn::Type::Path(path) => path
                            .path
                            .segments
                            .last()
                            .map(|segment| segment.ident.to_string()),
                        _ => None,
                    },
                    syn::ReturnType::Default => None,
                });
        names.push(returned.ok_or_else(|| PassError {
            pass: "builders",
            missing: format!("the method `{}` of the client", binding.method),
        })?);
    }
    Ok(names)
}

/// The functions of the client.
fn client_functions(file: &syn::File) -> impl Iterator<Item = &ImplItemFn> {
    let implementations = file.items.iter().filter_map(|item| match item {
        Item::Impl(implementation) if is_inherent(implementation, "Client") => Some(implementation),
        _ => None,
    });
    implementations
        .flat_map(|implementation| &implementation.items)
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some(function),
            _ => None,
        })
}

/// The module of this name at the top of the file.
pub(crate) fn module<'a>(
    pass: &'static str,
    file: &'a mut syn::File,
    name: &str,
) -> Result<&'a mut ItemMod, PassError> {
    let modules = file.items.iter_mut().filter_map(|item| match item {
        Item::Mod(module) => Some(module),
        _ => None,
    });
    modules
        .into_iter()
        .find(|module| module.ident == name)
        .ok_or_else(|| PassError {
            pass,
            missing: format!("the module `{name}`"),
        })
}

/// Whether these are a type's own functions, not those of a trait.
pub(crate) fn is_inherent(implementation: &ItemImpl, of: &str) -> bool {
    implementation.trait_.is_none() && self_name(implementation) == of
}

/// The name of the type that something is implemented for.
fn self_name(implementation: &ItemImpl) -> String {
    match implementation.self_ty.as_ref() {
        syn::Type::Path(path) => path
            .path
            .segments
            .last()
            .map(|segment| segment.ident.to_string())
            .unwrap_or_default(),
        syn::Type::Reference(reference) => reference.elem.to_token_stream().to_string(),
        _ => String::new(),
    }
}

/// Whether an expression is the call `path(argument)`; gives its one argument.
pub(crate) fn argument_of<'a>(expression: &'a Expr, path: &str) -> Option<&'a Expr> {
    let Expr::Call(call) = expression else {
        return None;
    };
    call.args
        .first()
        .filter(|_| call.args.len() == 1 && is_path(&call.func, path))
}

/// Whether an expression is this path.
pub(crate) fn is_path(expression: &Expr, path: &str) -> bool {
    let Expr::Path(written) = expression else {
        return false;
    };
    let mut expected = path.split("::");
    written
        .path
        .segments
        .iter()
        .all(|segment| expected.next().is_some_and(|name| segment.ident == name))
        && expected.next().is_none()
}

/// Whether two pieces of code are the same.
pub(crate) fn same(one: &impl ToTokens, other: &impl ToTokens) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

/// The name of the one-segment path that an expression is.
pub(crate) fn ident_of(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// A check that a pass edited as much as the bindings say it should.
pub(crate) fn expect(
    pass: &'static str,
    what: &str,
    binding: &OperationBinding,
    found: usize,
    expected: usize,
) -> Result<(), PassError> {
    if found == expected {
        return Ok(());
    }
    Err(PassError {
        pass,
        missing: format!("{expected} {what} in `{}`, but {found}", binding.method),
    })
}
