//! The derive macros `Object` and `ReadClosest` of gallery-runtime. Their documentation is there.
//!
//! The derives of serde compile several functions for each struct. `Object` writes one function
//! that reads a value and one that writes it, and calls gallery-runtime for everything else. A
//! client with many types compiles in less than half of the time.

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

mod closest;
mod expand;
mod field;
mod setters;

/// Implements `Serialize` and `Deserialize` of serde for a struct whose values are JSON objects.
#[proc_macro_derive(Object, attributes(object))]
pub fn object(input: TokenStream) -> TokenStream {
    expanded(input, expand::expand)
}

/// Implements `Deserialize` of serde for an enum whose variants read each other's values.
#[proc_macro_derive(ReadClosest, attributes(serde))]
pub fn read_closest(input: TokenStream) -> TokenStream {
    expanded(input, closest::expand)
}

fn expanded(
    input: TokenStream,
    expand: fn(&DeriveInput) -> syn::Result<proc_macro2::TokenStream>,
) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    let code = expand(&input).unwrap_or_else(syn::Error::into_compile_error);
    code.into()
}
