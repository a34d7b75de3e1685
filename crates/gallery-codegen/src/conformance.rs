//! Emits the adapters of the conformance tests: for each operation a function from arguments in JSON to a call of the client.
//!
//! The emitted file holds nothing that judges. Which requests are right is decided by `gallery-testkit`, from the canonical
//! document and from what goes over a loopback connection.

use gallery_spec::canonical::Canonical;
use heck::ToPascalCase;
use openapiv3::{ReferenceOr, Schema, SchemaKind, Type, VariantOrUnknownOrEmpty};
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse_quote;

use crate::answers::AnswerKind;
use crate::bindings::{Bindings, Location, OperationBinding, ParameterBinding, parameters_of, resolved_body};

/// The adapters of a client whose library is called `library`: a function `adapters` that lists them, and one for each operation.
pub fn conformance(canonical: &Canonical, bindings: &Bindings, library: &str) -> syn::File {
    let library = ident(library);
    let endpoints = canonical.endpoints();
    let adapters = endpoints.iter().zip(&bindings.operations).map(|(endpoint, binding)| {
        let kinds: Vec<_> = parameters_of(canonical, endpoint);
        let set = binding.parameters.iter().map(|parameter| {
            let schema = kinds.iter().find(|(pointer, ..)| *pointer == parameter.pointer).map(|(.., data)| &data.format);
            let kind = match schema {
                Some(openapiv3::ParameterSchemaOrContent::Schema(schema)) => rust_type(schema, &library),
                _ => parse_quote!(String),
            };
            set_parameter(parameter, &kind)
        });
        let body = endpoint.operation.request_body.as_ref().and_then(|body| resolved_body(canonical, body));
        let set_body = body.and_then(|body| body.content.values().next()).map(|media| {
            let kind =
                media.schema.as_ref().map_or_else(|| parse_quote!(serde_json::Value), |schema| rust_type(schema, &library));
            set_body(&kind)
        });
        adapter(binding, &library, set.collect(), set_body)
    });
    let table = bindings.operations.iter().map(|binding| {
        let (id, function) = (&binding.operation_id, ident(&binding.method));
        quote!(Adapter::new(#id, #function))
    });
    parse_quote! {
        use gallery_testkit::conformance::{Adapter, Arguments, BadArguments, Content, Outcome};

        /// How each operation is called.
        pub fn adapters() -> Vec<Adapter<#library::Client>> {
            vec![#(#table),*]
        }

        #(#adapters)*
    }
}

fn adapter(binding: &OperationBinding, library: &Ident, set: Vec<TokenStream>, set_body: Option<TokenStream>) -> TokenStream {
    let method = ident(&binding.method);
    let content = |kind: &AnswerKind| match kind {
        AnswerKind::Untyped => quote!(Content::untyped),
        AnswerKind::Typed { .. } => quote!(Content::typed),
    };
    let (success, error) = (content(&binding.answers.success), content(&binding.answers.error));
    // Without a parameter or body there is nothing to set.
    let (call, arguments) = match set.is_empty() && set_body.is_none() {
        true => (quote!(let call), quote!(_arguments)),
        false => (quote!(let mut call), quote!(arguments)),
    };
    quote! {
        async fn #method(client: #library::Client, #arguments: Arguments) -> Result<Outcome, BadArguments> {
            #call = client.#method();
            #(#set)*
            #set_body
            Ok(Outcome::of(call.send().await, #success, #error))
        }
    }
}

fn set_parameter(parameter: &ParameterBinding, kind: &syn::Type) -> TokenStream {
    let (name, setter) = (&parameter.name, ident(&parameter.setter));
    let of_place = ident(match parameter.location {
        Location::Path => "path",
        Location::Query => "query",
        Location::Header => "header",
        Location::Cookie => "cookie",
    });
    quote! {
        if let Some(value) = arguments.#of_place::<#kind>(#name)? {
            call = call.#setter(value);
        }
    }
}

fn set_body(kind: &syn::Type) -> TokenStream {
    quote! {
        if let Some(value) = arguments.body::<#kind>()? {
            call = call.body(value);
        }
    }
}

/// The Rust type that progenitor gives a schema which lowering lets through.
fn rust_type(schema: &ReferenceOr<Schema>, library: &Ident) -> syn::Type {
    let schema = match schema {
        ReferenceOr::Item(schema) => schema,
        ReferenceOr::Reference { reference } => {
            let name = ident(&reference.rsplit('/').next().unwrap_or_default().to_pascal_case());
            return parse_quote!(#library::types::#name);
        }
    };
    match &schema.schema_kind {
        SchemaKind::Type(Type::String(_)) => parse_quote!(String),
        SchemaKind::Type(Type::Integer(integer)) => match integer.format {
            VariantOrUnknownOrEmpty::Item(openapiv3::IntegerFormat::Int32) => parse_quote!(i32),
            _ => parse_quote!(i64),
        },
        SchemaKind::Type(Type::Number(number)) => match number.format {
            VariantOrUnknownOrEmpty::Item(openapiv3::NumberFormat::Float) => parse_quote!(f32),
            _ => parse_quote!(f64),
        },
        SchemaKind::Type(Type::Boolean(_)) => parse_quote!(bool),
        SchemaKind::Type(Type::Array(array)) => match &array.items {
            Some(items) => {
                let item = rust_type(&items.clone().unbox(), library);
                parse_quote!(Vec<#item>)
            }
            None => parse_quote!(Vec<serde_json::Value>),
        },
        SchemaKind::Type(Type::Object(_)) => parse_quote!(serde_json::Map<String, serde_json::Value>),
        _ => parse_quote!(serde_json::Value),
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
