//! Writes `Deserialize` for enums that read the closest alternative.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result, Variant};

/// Returns the implementation for an enum.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(&input.ident, "not an enum"));
    };
    let mut variants = Vec::new();
    for variant in &data.variants {
        match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {}
            _ => {
                let message = "a variant has one field without a name";
                return Err(Error::new_spanned(&variant.ident, message));
            }
        }
        if !is_skipped(variant)? {
            variants.push(&variant.ident);
        }
    }
    let name = &input.ident;
    Ok(quote! {
        impl<'de> ::gallery_runtime::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::core::result::Result<Self, D::Error>
            where
                D: ::gallery_runtime::serde::Deserializer<'de>,
            {
                let mut closest = ::gallery_runtime::closest::Closest::read(deserializer)?;
                #(closest.offer(#name::#variants);)*
                closest.into_result()
            }
        }
    })
}

/// Returns true if a variant has `#[serde(skip)]`.
fn is_skipped(variant: &Variant) -> Result<bool> {
    let mut is_skipped = false;
    for attribute in &variant.attrs {
        if attribute.path().is_ident("serde") {
            attribute.parse_nested_meta(|meta| {
                is_skipped |= meta.path.is_ident("skip");
                Ok(())
            })?;
        }
    }
    Ok(is_skipped)
}
