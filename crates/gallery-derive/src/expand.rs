//! Writes the implementations.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};
use syn::{DeriveInput, Error, Result};

use crate::field::{Field, Kind, fields};
use crate::setters::{has_setters, setters};

/// Returns the implementations for a struct.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let fields = fields(input)?;
    let mut others = fields.iter().filter(|field| field.kind == Kind::Other);
    if let Some(second) = others.nth(1) {
        return Err(Error::new_spanned(
            second.ident,
            "one field has `#[object(other)]` at most",
        ));
    }
    let mut taken = BTreeSet::new();
    for field in fields.iter().filter(|field| is_property(field)) {
        if !taken.insert(&field.name) {
            let message = format!("two fields have the name `{}`", field.name);
            return Err(Error::new_spanned(field.ident, message));
        }
    }
    let (read, written) = (read(&fields), write(&fields));
    let names = fields
        .iter()
        .filter(|field| is_property(field))
        .map(|field| &field.name);
    let name = &input.ident;
    let setters = if has_setters(input)? {
        let setters = setters(&fields);
        quote!(impl #name { #setters })
    } else {
        TokenStream::new()
    };
    Ok(quote! {
        #setters

        impl<'de> ::gallery_runtime::serde::Deserialize<'de> for #name {
            fn deserialize<D>(deserializer: D) -> ::core::result::Result<Self, D::Error>
            where
                D: ::gallery_runtime::serde::Deserializer<'de>,
            {
                ::gallery_runtime::object::read(deserializer)
            }
        }

        impl ::gallery_runtime::object::ReadObject for #name {
            const NAMES: &'static [&'static str] = &[#(#names),*];

            fn read<'de, A>(
                reader: &mut ::gallery_runtime::object::ObjectReader<A>,
            ) -> ::core::result::Result<Self, A::Error>
            where
                A: ::gallery_runtime::serde::de::MapAccess<'de>,
            {
                #read
            }
        }

        impl ::gallery_runtime::serde::Serialize for #name {
            fn serialize<S>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error>
            where
                S: ::gallery_runtime::serde::Serializer,
            {
                #written
            }
        }
    })
}

/// Returns true if the field is a property of its own.
fn is_property(field: &Field<'_>) -> bool {
    !matches!(field.kind, Kind::Other | Kind::Skip)
}

/// Writes the function that reads a value. Its variables have numbers, because a field can have any
/// name.
fn read(fields: &[Field<'_>]) -> TokenStream {
    let (mut variables, mut arms, mut values) = (Vec::new(), Vec::new(), Vec::new());
    let mut other = quote!(_ => reader.skip());
    for field in fields {
        let (ident, span, index) = (field.ident, field.span, arms.len());
        let variable = match field.kind {
            Kind::Other => format_ident!("others"),
            _ => format_ident!("value_{index}"),
        };
        match field.kind {
            Kind::Skip => {
                let value = quote_spanned!(span=> #ident: ::core::default::Default::default());
                values.push(value);
                continue;
            }
            Kind::Other => {
                variables.push(quote!(let mut #variable = ::core::default::Default::default();));
                other = quote_spanned!(span=> _ => reader.other(&mut #variable));
            }
            Kind::Optional => {
                variables.push(quote!(let mut #variable = ::core::option::Option::None;));
                arms.push(quote_spanned!(span=> #index => reader.optional(&mut #variable)));
            }
            Kind::Required | Kind::Nullable | Kind::Default => {
                variables.push(quote!(let mut #variable = ::core::option::Option::None;));
                arms.push(quote_spanned!(span=> #index => reader.value(&mut #variable)));
            }
        }
        values.push(match field.kind {
            Kind::Required => {
                quote_spanned!(span=> #ident: reader.required(#variable, #index)?)
            }
            Kind::Default => quote_spanned!(span=> #ident: #variable.unwrap_or_default()),
            Kind::Optional | Kind::Nullable | Kind::Other | Kind::Skip => {
                quote!(#ident: #variable)
            }
        });
    }
    quote! {
        #(#variables)*
        while let ::core::option::Option::Some(property) = reader.next()? {
            match property {
                #(#arms,)*
                #other,
            }?;
        }
        ::core::result::Result::Ok(Self { #(#values),* })
    }
}

/// Writes the function that writes a value.
fn write(fields: &[Field<'_>]) -> TokenStream {
    let calls = fields.iter().map(|field| {
        let (ident, name) = (field.ident, &field.name);
        match field.kind {
            Kind::Required | Kind::Default => {
                quote_spanned!(field.span=> .value(#name, &self.#ident))
            }
            Kind::Optional | Kind::Nullable => {
                quote_spanned!(field.span=> .optional(#name, &self.#ident))
            }
            Kind::Other => quote_spanned!(field.span=> .other(&self.#ident)),
            Kind::Skip => TokenStream::new(),
        }
    });
    quote! {
        ::gallery_runtime::object::ObjectWriter::new(serializer)#(#calls)*.end()
    }
}

#[cfg(test)]
mod tests {
    use syn::parse_str;

    use super::*;

    fn error_of(code: &str) -> String {
        let input: DeriveInput = parse_str(code).unwrap();
        expand(&input).unwrap_err().to_string()
    }

    #[test]
    fn rejects_types_and_arguments_without_support() {
        for (code, error) in [
            ("enum A { B }", "`Object` is for structs"),
            ("struct A(i64);", "`Object` needs fields with names"),
            ("struct A;", "`Object` needs fields with names"),
            (
                "struct A<T> { a: T }",
                "`Object` has no support for generics",
            ),
            (
                "struct A { #[object(rename = \"b\")] a: i64 }",
                "expected `name = \"…\"` or one of `required`, `nullable`, `default`, `other`, `skip`",
            ),
            (
                "struct A { #[object(required, skip)] a: i64 }",
                "a field has one of these arguments at most",
            ),
            (
                "struct A { #[object(other)] a: M, #[object(other)] b: M }",
                "one field has `#[object(other)]` at most",
            ),
        ] {
            assert_eq!(error_of(code), error, "{code}");
        }
        assert!(error_of("struct A { #[object(name)] a: i64 }").starts_with("expected `=`"));
        assert_eq!(
            error_of("#[object(getters)] struct A { a: i64 }"),
            "expected `setters`"
        );
    }

    #[test]
    fn rejects_two_fields_with_one_name() {
        assert_eq!(
            error_of("struct A { a: i64, #[object(name = \"a\")] b: i64 }"),
            "two fields have the name `a`"
        );
    }
}
