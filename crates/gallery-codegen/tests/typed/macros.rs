//! The macros of the runtime that declare types of clients.

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Ident, LitStr, Pat};

use crate::surface::Type;

/// Parses the attributes and the name of an enum.
pub(crate) fn enum_name(input: ParseStream<'_>) -> syn::Result<String> {
    input.call(Attribute::parse_outer)?;
    input.parse::<syn::Visibility>()?;
    input.parse::<syn::Token![enum]>()?;
    Ok(input.parse::<Ident>()?.to_string())
}

/// An enum of module `responses`.
pub(crate) struct StatusEnum {
    pub(crate) name: String,
    pub(crate) variants: Vec<(Pat, Option<Type>)>,
}

impl Parse for StatusEnum {
    fn parse(input: ParseStream<'_>) -> syn::Result<StatusEnum> {
        let name = enum_name(input)?;
        let (content, mut variants);
        syn::braced!(content in input);
        variants = Vec::new();
        while !content.is_empty() {
            content.call(Attribute::parse_outer)?;
            let pattern = content.call(Pat::parse_multi)?;
            content.parse::<syn::Token![=>]>()?;
            content.parse::<Ident>()?;
            variants.push((pattern, optional_type(&content)?));
            content.parse::<syn::Token![,]>()?;
        }
        Ok(StatusEnum { name, variants })
    }
}

/// Parses the type in parentheses after the name of a variant.
fn optional_type(content: ParseStream<'_>) -> syn::Result<Option<Type>> {
    if !content.peek(syn::token::Paren) {
        return Ok(None);
    }
    let inner;
    syn::parenthesized!(inner in content);
    Ok(Some(Type::read(&inner.parse::<syn::Type>()?)))
}

/// A union of module `types`.
pub(crate) struct TaggedUnion {
    pub(crate) name: String,
    /// The types of variants, without `Unknown`.
    pub(crate) types: Vec<Type>,
}

impl Parse for TaggedUnion {
    fn parse(input: ParseStream<'_>) -> syn::Result<TaggedUnion> {
        let name = enum_name(input)?;
        let (tag, content);
        syn::parenthesized!(tag in input);
        tag.parse::<LitStr>()?;
        syn::braced!(content in input);
        let mut types = Vec::new();
        while !content.is_empty() {
            content.call(Attribute::parse_outer)?;
            content.parse::<Ident>()?;
            let kind = optional_type(&content)?.expect("a type");
            // Only the variant for unknown values has no value of the tag.
            if !content.peek(syn::Token![,]) {
                types.push(kind);
            }
            while !content.peek(syn::Token![,]) {
                content.parse::<proc_macro2::TokenTree>()?;
            }
            content.parse::<syn::Token![,]>()?;
        }
        Ok(TaggedUnion { name, types })
    }
}
