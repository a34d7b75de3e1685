//! Distinguishes null from absent in optional properties of request bodies.
//!
//! The field becomes an `Option<Option<T>>`: `None` is absent, `Some(None)` is null. The setter of
//! the builder accepts what it did before, and sends its argument, which is null if it is `None`.

use std::collections::BTreeSet;

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Field, Item, ItemStruct, Type, parse_quote};

use crate::passes::edit::{Context, PassError, is_inherent, module};

const PASS: &str = "nullable";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    if context.nullable.is_empty() {
        return Ok(());
    }
    let types = &mut module(PASS, file, "types")?.content;
    let Some((_, types)) = types else {
        return Err(missing("the content of the module `types`"));
    };
    for (name, properties) in context.nullable {
        let structure = structure(types, name)?;
        let mut fields = BTreeSet::new();
        for field in &mut structure.fields {
            if properties.contains(&property_of(field)) {
                edit_field(field);
                fields.extend(field.ident.as_ref().map(ToString::to_string));
            }
        }
        if fields.len() != properties.len() {
            return Err(missing(&format!(
                "the properties {properties:?} of `{name}`"
            )));
        }
        edit_builder(types, name, &fields)?;
    }
    Ok(())
}

/// The documentation of a field.
const DOC: &str = " `None` is absent, and `Some(None)` is null.";

/// Makes the type of a field an `Option<Option<T>>` that reads null as `Some(None)`.
fn edit_field(field: &mut Field) {
    field.attrs.insert(0, parse_quote!(#[doc = #DOC]));
    let kind = &field.ty;
    field.ty = parse_quote!(::std::option::Option<#kind>);
    let is_serde = |attribute: &&syn::Attribute| attribute.path().is_ident("serde");
    let has_default = field.attrs.iter().filter(is_serde).any(|attribute| {
        let mut found = false;
        let _ = attribute.parse_nested_meta(|meta| {
            found |= meta.path.is_ident("default");
            skip_value(&meta)
        });
        found
    });
    if !has_default {
        field.attrs.push(parse_quote!(#[serde(default)]));
    }
    let read: syn::Attribute =
        parse_quote!(#[serde(deserialize_with = "gallery_runtime::nullable")]);
    field.attrs.push(read);
}

/// Adds an `Option` to the fields of the builder of a struct, and to what their setters store.
fn edit_builder(
    types: &mut [Item],
    name: &str,
    fields: &BTreeSet<String>,
) -> Result<(), PassError> {
    let builders = types.iter_mut().find_map(|item| match item {
        Item::Mod(module) if module.ident == "builder" => module.content.as_mut(),
        _ => None,
    });
    let Some((_, builders)) = builders else {
        return Err(missing("the module `types::builder`"));
    };
    let mut edits = Edits { fields, found: 0 };
    edits.visit_item_struct_mut(structure(builders, name)?);
    for item in builders.iter_mut() {
        match item {
            Item::Impl(implementation) if is_inherent(implementation, name) => {
                edits.visit_item_impl_mut(implementation);
            }
            _ => {}
        }
    }
    if edits.found != 2 * fields.len() {
        return Err(missing(&format!(
            "the fields {fields:?} of the builder of `{name}`"
        )));
    }
    Ok(())
}

/// Edits the fields and setters of a builder.
struct Edits<'a> {
    fields: &'a BTreeSet<String>,
    found: usize,
}

impl VisitMut for Edits<'_> {
    fn visit_field_mut(&mut self, field: &mut Field) {
        let name = field.ident.as_ref().map(ToString::to_string);
        if name.is_some_and(|name| self.fields.contains(&name))
            && let Some(kind) = first_argument(&mut field.ty)
        {
            *kind = parse_quote!(::std::option::Option<#kind>);
            self.found += 1;
        }
    }

    fn visit_impl_item_fn_mut(&mut self, function: &mut syn::ImplItemFn) {
        if self.fields.contains(&function.sig.ident.to_string()) {
            visit_mut::visit_impl_item_fn_mut(self, function);
        }
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        match expression {
            Expr::MethodCall(call) if call.method == "try_into" => {
                *expression = parse_quote!(#call.map(::std::option::Option::Some));
                self.found += 1;
            }
            _ => visit_mut::visit_expr_mut(self, expression),
        }
    }
}

/// Returns `T` of `Result<T, E>`.
fn first_argument(kind: &mut Type) -> Option<&mut Type> {
    let Type::Path(path) = kind else { return None };
    let last = path.path.segments.last_mut()?;
    let syn::PathArguments::AngleBracketed(arguments) = &mut last.arguments else {
        return None;
    };
    match arguments.args.first_mut()? {
        syn::GenericArgument::Type(kind) => Some(kind),
        _ => None,
    }
}

/// Returns the struct with this name.
fn structure<'a>(items: &'a mut [Item], name: &str) -> Result<&'a mut ItemStruct, PassError> {
    let structure = items.iter_mut().find_map(|item| match item {
        Item::Struct(structure) if structure.ident == name => Some(structure),
        _ => None,
    });
    structure.ok_or_else(|| missing(&format!("the struct `{name}`")))
}

/// Returns the name of the property that a field stands for.
fn property_of(field: &Field) -> String {
    let mut name = field
        .ident
        .as_ref()
        .map_or_else(String::new, ToString::to_string);
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("rename") {
                    name = meta.value()?.parse::<syn::LitStr>()?.value();
                    return Ok(());
                }
                skip_value(&meta)
            });
        }
    }
    name
}

/// Skips the value of a key of an attribute.
fn skip_value(meta: &syn::meta::ParseNestedMeta<'_>) -> syn::Result<()> {
    if meta.input.peek(syn::Token![=]) {
        meta.value()?.parse::<Expr>()?;
    }
    Ok(())
}

fn missing(what: &str) -> PassError {
    PassError {
        pass: PASS,
        missing: what.to_owned(),
    }
}
