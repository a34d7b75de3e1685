//! Emits the adapters of the conformance tests: for each operation a function from arguments in JSON to a call of the client.
//!
//! The emitted file holds nothing that judges. Which requests are right is decided by `gallery-testkit`, from the canonical
//! document and from what goes over a loopback connection.

use gallery_spec::canonical::Canonical;
use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::parse_quote;

use crate::answers::AnswerKind;
use crate::bindings::{BODY, Bindings, OperationBinding, ParameterBinding};
use crate::lower::Schemas;
use crate::surface::Surface;
use crate::wire::BodyKind;

/// The adapters of a client whose library is called `library` and whose code is `code`: a function `adapters` that lists them, and
/// one for each operation; and a function `schemas` that lists the types.
pub fn conformance(canonical: &Canonical, bindings: &Bindings, code: &syn::File, library: &str) -> syn::File {
    let surface = Surface::read(code, library);
    let library = ident(library);
    let adapters = bindings.operations.iter().map(|binding| adapter(binding, &surface, &library, Of::Call));
    let paged: Vec<_> = bindings.operations.iter().filter(|binding| binding.pages.is_some()).collect();
    let pages = (!paged.is_empty()).then(|| {
        let adapters = paged.iter().map(|binding| adapter(binding, &surface, &library, Of::Pages));
        quote! {
            /// How all pages of a list are taken.
            mod pages {
                use gallery_testkit::conformance::{Arguments, BadArguments, Content, Outcome};

                #(#adapters)*
            }
        }
    });
    let table = bindings.operations.iter().map(|binding| {
        let (id, function) = (&binding.operation_id, ident(&binding.method));
        let pages = binding.pages.as_ref().map(|_| quote!(.with_pages(pages::#function)));
        quote!(Adapter::new(#id, #function) #pages)
    });
    let import: syn::ItemUse = match bindings.operations.is_empty() {
        true => parse_quote!(
            use gallery_testkit::conformance::{Adapter, Schema};
        ),
        false => parse_quote!(
            use gallery_testkit::conformance::{Adapter, Arguments, BadArguments, Content, Outcome, Schema};
        ),
    };
    let lowered = Schemas::of(canonical);
    let schemas = lowered.own_types().into_iter().map(|(name, own)| match own.map(ident) {
        Some(own) => quote!(Schema::of::<#library::types::#own>(#name)),
        None => quote!(Schema::open(#name)),
    });
    parse_quote! {
        #import

        /// How each operation is called.
        pub fn adapters() -> Vec<Adapter<#library::Client>> {
            vec![#(#table),*]
        }

        /// The types of the document's schemas.
        pub fn schemas() -> Vec<Schema> {
            vec![#(#schemas),*]
        }

        #(#adapters)*

        #pages
    }
}

fn adapter(binding: &OperationBinding, surface: &Surface, library: &Ident, of: Of) -> TokenStream {
    let method = ident(&binding.method);
    let content = |kind: &AnswerKind| match kind {
        AnswerKind::Untyped => quote!(Content::untyped),
        AnswerKind::Typed { .. } => quote!(Content::typed),
    };
    let (success, error) = (content(&binding.answers.success), content(&binding.answers.error));
    let set = binding.parameters.iter().map(|parameter| set_parameter(binding, parameter, surface));
    let set_body = binding.body.as_ref().map(|body| {
        let value = match body.kind {
            BodyKind::Multipart => quote!(arguments.multipart()?),
            BodyKind::Bytes => quote!(arguments.bytes()?),
            BodyKind::Json | BodyKind::Form(_) => {
                let kind = surface.argument(&binding.method, BODY);
                quote!(arguments.body::<#kind>()?)
            }
        };
        quote! {
            if let Some(value) = #value {
                call = call.body(value);
            }
        }
    });
    // Without a parameter or body there is nothing to set.
    let (call, arguments) = match binding.parameters.is_empty() && binding.body.is_none() {
        true => (quote!(let call), quote!(_arguments)),
        false => (quote!(let mut call), quote!(arguments)),
    };
    let begin = quote!(#call = client.#method(); #(#set)* #set_body);
    let (of_call, of_pages) =
        (quote!(Outcome::of(call.send().await, #success, #error)), quote!(Outcome::of_pages(call.stream(), #error).await));
    let function = |visibility: TokenStream, outcome: TokenStream| {
        quote! {
            #visibility async fn #method(client: #library::Client, #arguments: Arguments) -> Result<Outcome, BadArguments> {
                #begin
                Ok(#outcome)
            }
        }
    };
    match of {
        Of::Call => function(quote!(), of_call),
        Of::Pages => function(quote!(pub), of_pages),
    }
}

/// What an adapter gives the outcome of.
#[derive(Clone, Copy)]
enum Of {
    Call,
    Pages,
}

fn set_parameter(binding: &OperationBinding, parameter: &ParameterBinding, surface: &Surface) -> TokenStream {
    let (name, setter) = (&parameter.name, ident(&parameter.setter));
    let of_place = ident(parameter.location.key());
    let kind = surface.argument(&binding.method, &parameter.setter);
    quote! {
        if let Some(value) = arguments.#of_place::<#kind>(#name)? {
            call = call.#setter(value);
        }
    }
}

fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}
