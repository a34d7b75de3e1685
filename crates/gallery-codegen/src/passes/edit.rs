//! Finds the parts of generated code that passes edit.

use std::collections::BTreeMap;

use quote::ToTokens;
use syn::ext::IdentExt as _;
use syn::{Expr, Ident, ImplItem, ImplItemFn, Item, ItemImpl, ItemMod};
use thiserror::Error;

use crate::bindings::{Bindings, OperationBinding};
use crate::docs::Docs;
use crate::lower::{Lowered, NullableProperties, SubstituteNames};

/// The inputs of passes.
pub(crate) struct Context<'a> {
    pub(crate) bindings: &'a Bindings,
    pub(crate) docs: &'a Docs,
    pub(crate) nullable: &'a NullableProperties,
    pub(crate) substitutes: &'a SubstituteNames,
    /// The names of the builders, in the order of the operations.
    pub(crate) builders: Vec<String>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(
        file: &syn::File,
        lowered: &'a Lowered,
        docs: &'a Docs,
    ) -> Result<Self, PassError> {
        let bindings = lowered.bindings();
        let builders = builder_names(file, bindings)?;
        Ok(Context {
            bindings,
            docs,
            nullable: lowered.nullable(),
            substitutes: lowered.substitutes(),
            builders,
        })
    }
}

/// A pass did not find the code it edits.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("pass `{pass}` did not find {missing}: unsupported output of progenitor")]
pub struct PassError {
    /// The name of the pass.
    pub pass: &'static str,
    /// The missing code.
    pub missing: String,
}

/// The builder of an operation.
pub(crate) struct Builder<'a> {
    pub(crate) binding: &'a OperationBinding,
    /// `impl<'a> GetTeam<'a> { … }`.
    pub(crate) implementation: &'a mut ItemImpl,
}

impl Builder<'_> {
    /// Returns the function with this name.
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

/// Calls `edit` with the builder of each operation. Fails if an operation has no builder.
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

/// Returns the names of the builders in the order of the operations: the return types of the
/// client's methods.
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

/// Returns the functions of `Client`.
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

/// Returns the top-level module with this name.
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

/// Returns true if this is the inherent `impl` of a type.
pub(crate) fn is_inherent(implementation: &ItemImpl, of: &str) -> bool {
    implementation.trait_.is_none() && self_name(implementation) == of
}

/// Returns the name of the type of an `impl`.
pub(crate) fn self_name(implementation: &ItemImpl) -> String {
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

/// Returns the JSON name of a field.
pub(crate) fn json_name(field: &syn::Field) -> Option<String> {
    let mut renamed = None;
    let mut is_map = false;
    for attribute in field
        .attrs
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        // Skips other attributes, such as `default`.
        let _ = attribute.parse_nested_meta(|meta| {
            is_map |= meta.path.is_ident("flatten");
            if meta.path.is_ident("rename") {
                renamed = Some(meta.value()?.parse::<syn::LitStr>()?.value());
            } else if meta.input.peek(syn::Token![=]) {
                meta.value()?.parse::<syn::Expr>()?;
            }
            Ok(())
        });
    }
    if is_map {
        return None;
    }
    renamed.or_else(|| field.ident.as_ref().map(|ident| ident.unraw().to_string()))
}

/// Returns the argument if the expression is `path(argument)`.
pub(crate) fn argument_of<'a>(expression: &'a Expr, path: &str) -> Option<&'a Expr> {
    let Expr::Call(call) = expression else {
        return None;
    };
    call.args
        .first()
        .filter(|_| call.args.len() == 1 && is_path(&call.func, path))
}

/// Returns true if an expression is this path.
pub(crate) fn is_path(expression: &Expr, path: &str) -> bool {
    let Expr::Path(actual) = expression else {
        return false;
    };
    let mut expected = path.split("::");
    actual
        .path
        .segments
        .iter()
        .all(|segment| expected.next().is_some_and(|name| segment.ident == name))
        && expected.next().is_none()
}

/// Returns true if two syntax trees have the same tokens.
pub(crate) fn same(one: &impl ToTokens, other: &impl ToTokens) -> bool {
    one.to_token_stream().to_string() == other.to_token_stream().to_string()
}

/// Returns the identifier if the expression is an identifier.
pub(crate) fn ident_of(expression: &Expr) -> Option<&Ident> {
    match expression {
        Expr::Path(path) => path.path.get_ident(),
        _ => None,
    }
}

/// Returns an error unless a pass found as many matches as the bindings require.
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
