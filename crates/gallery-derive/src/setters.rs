//! Writes functions that set optional fields.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::ext::IdentExt as _;
use syn::{DeriveInput, GenericArgument, PathArguments, Result, Type};

use crate::field::{Field, Kind};

/// Returns true if a struct has the attribute `#[object(setters)]`.
pub(crate) fn has_setters(input: &DeriveInput) -> Result<bool> {
    let mut has_setters = false;
    for attribute in input
        .attrs
        .iter()
        .filter(|own| own.path().is_ident("object"))
    {
        attribute.parse_nested_meta(|meta| {
            if !meta.path.is_ident("setters") {
                return Err(meta.error("expected `setters`"));
            }
            has_setters = true;
            Ok(())
        })?;
    }
    Ok(has_setters)
}

/// Writes a function for each field that is an `Option`, with the visibility of the field.
pub(crate) fn setters(fields: &[Field<'_>]) -> TokenStream {
    let setters = fields.iter().filter_map(setter);
    quote!(#(#setters)*)
}

fn setter(field: &Field<'_>) -> Option<TokenStream> {
    let optional = matches!(field.kind, Kind::Optional | Kind::Nullable | Kind::Required);
    let value = option_of(field.declared).filter(|_| optional)?;
    let Field {
        ident,
        attributes,
        visibility,
        ..
    } = field;
    let name = format_ident!("with_{}", ident.unraw());
    let kept = attributes
        .iter()
        .filter(|own| own.path().is_ident("doc") || own.path().is_ident("deprecated"));
    let docs = if attributes.iter().any(|own| own.path().is_ident("doc")) {
        TokenStream::new()
    } else {
        let text = format!("Sets `{}`.", ident.unraw());
        quote!(#[doc = #text])
    };
    let (argument, value) = if is_scalar(value) {
        (quote!(#value), quote!(value))
    } else {
        let argument = quote!(impl ::core::convert::Into<#value>);
        (argument, quote!(value.into()))
    };
    Some(quote_spanned! {field.span=>
        #docs
        #(#kept)*
        #[allow(deprecated)]
        #[must_use]
        #visibility fn #name(mut self, value: #argument) -> Self {
            self.#ident = ::core::option::Option::Some(#value);
            self
        }
    })
}

/// Returns `T` for `Option<T>`.
fn option_of(kind: &Type) -> Option<&Type> {
    let Type::Path(path) = kind else {
        return None;
    };
    let last = path
        .path
        .segments
        .last()
        .filter(|last| last.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return None;
    };
    match arguments.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}

/// Returns true for types of which literals are written.
fn is_scalar(kind: &Type) -> bool {
    const SCALARS: [&str; 7] = ["bool", "f32", "f64", "i32", "i64", "u32", "u64"];
    match kind {
        Type::Path(path) => SCALARS.iter().any(|name| path.path.is_ident(name)),
        _ => false,
    }
}
