//! Generates `tests/adapters.rs` of a client, which calls the client with arguments in JSON.
//!
//! The generated file contains no checks. `gallery-testkit` compares the requests on a loopback
//! connection with the canonical document.

use quote::quote;
use syn::{Expr, Ident, Item, ItemFn, Stmt, Type, parse_quote};

use crate::bindings::{BODY, BodyBinding, OperationBinding};
use crate::client_api::ClientApi;
use crate::lower::{Lowered, SchemaType};
use crate::parameters::ParameterBinding;
use crate::responses::ResponseType;
use crate::syntax::{
    assign, awaited, call, define, define_mut, ident, if_some, method, method_for, name, text,
    tried,
};
use crate::wire::BodyKind;

/// Generates the adapters of a client.
///
/// `code` is the code of the client, and `library` is the name of its library. The file has one
/// function for each operation. Its public functions are `adapters`, which lists the functions, and
/// `schemas`, which lists the types.
pub fn conformance(lowered: &Lowered, code: &syn::File, library: &str) -> syn::File {
    let bindings = lowered.bindings();
    let client_api = ClientApi::read(code, library);
    let library = ident(library);
    let table = bindings.operations.iter().map(|binding| {
        let (id, function) = (&binding.operation_id, ident(&binding.method));
        let pages = binding
            .pages
            .as_ref()
            .map(|_| quote!(.with_pages(pages::#function)));
        quote!(Adapter::new(#id, #function) #pages)
    });
    let imports_for = |operations: &[&OperationBinding]| {
        let argument = operations
            .iter()
            .any(|binding| uses_argument_type(binding, &client_api))
            .then(|| ident("Argument"));
        let imports = ["Arguments", "ArgumentError", "Content"]
            .map(ident)
            .into_iter()
            .chain(argument)
            .chain([ident("Outcome")]);
        imports
            .filter(|_| !operations.is_empty())
            .collect::<Vec<_>>()
    };
    let operations: Vec<_> = bindings.operations.iter().collect();
    let imports = imports_for(&operations);
    let schemas = lowered.types().iter().map(|SchemaType { schema, name }| {
        let Some(name) = name.as_deref().map(ident) else {
            return quote!(Schema::untyped(#schema));
        };
        let kind = quote!(#library::types::#name);
        match client_api.fields(&name.to_string()) {
            Some(fields) => {
                let (nullable, plain): (Vec<_>, Vec<_>) =
                    fields.iter().partition(|field| field.is_nullable);
                let plain = plain.iter().map(|field| &field.name);
                let plain = plain.map(|name| quote!(.#name(value.#name)));
                let build = match nullable.is_empty() {
                    true => quote!(#kind::builder()#(#plain)*.try_into()),
                    false => {
                        let nullable = nullable.iter().map(|field| &field.name);
                        let set = nullable.map(|name| {
                            quote!(if let Some(argument) = value.#name {
                                builder = builder.#name(argument);
                            })
                        });
                        quote! {
                            let mut builder = #kind::builder()#(#plain)*;
                            #(#set)*
                            builder.try_into()
                        }
                    }
                };
                quote!(Schema::new::<#kind>(#schema).with_builder(|value: #kind| { #build }))
            }
            None => quote!(Schema::new::<#kind>(#schema)),
        }
    });
    let mut file: syn::File = parse_quote! {
        use gallery_testkit::conformance::{Adapter, #(#imports,)* Schema};

        /// Returns the adapters of all operations.
        pub fn adapters() -> Vec<Adapter<#library::Client>> {
            vec![#(#table),*]
        }

        /// Returns the schemas of the document with their types.
        pub fn schemas() -> Vec<Schema> {
            Vec::from([#(#schemas),*])
        }
    };
    let emitter = Emitter::new(&client_api, &library);
    file.items.extend(
        bindings
            .operations
            .iter()
            .map(|binding| emitter.adapter(binding, SendMethod::Send)),
    );
    let paged: Vec<_> = bindings
        .operations
        .iter()
        .filter(|binding| binding.pages.is_some())
        .collect();
    if !paged.is_empty() {
        let imports = imports_for(&paged);
        let adapters = paged
            .iter()
            .map(|binding| emitter.adapter(binding, SendMethod::Stream));
        file.items.push(parse_quote! {
            /// Adapters that request all pages of a list.
            mod pages {
                use gallery_testkit::conformance::{#(#imports),*};

                #(#adapters)*
            }
        });
    }
    file
}

/// The method with which an adapter sends a call.
#[derive(Clone, Copy)]
enum SendMethod {
    /// `send`, for one request.
    Send,
    /// `stream`, for the requests of all pages.
    Stream,
}

/// Emits the functions of adapters.
struct Emitter<'a> {
    client_api: &'a ClientApi,
    /// An empty adapter that uses its parameter `arguments`.
    with_arguments: ItemFn,
    /// An empty adapter whose parameter `_arguments` is unused.
    without_arguments: ItemFn,
}

impl<'a> Emitter<'a> {
    fn new(client_api: &'a ClientApi, library: &Ident) -> Emitter<'a> {
        let empty = |arguments: &str| {
            let arguments = ident(arguments);
            parse_quote! {
                async fn call(
                    client: #library::Client,
                    #arguments: Arguments,
                ) -> Result<Outcome, ArgumentError> {}
            }
        };
        Emitter {
            client_api,
            with_arguments: empty("arguments"),
            without_arguments: empty("_arguments"),
        }
    }

    fn adapter(&self, binding: &OperationBinding, send_method: SendMethod) -> Item {
        let has_arguments = !binding.parameters.is_empty() || binding.body.is_some();
        let mut adapter = if has_arguments {
            self.with_arguments.clone()
        } else {
            self.without_arguments.clone()
        };
        if let SendMethod::Stream = send_method {
            adapter.vis = parse_quote!(pub);
        }
        adapter.sig.ident = ident(&binding.method);
        adapter.block.stmts = self.statements(binding, send_method);
        Item::Fn(adapter)
    }

    /// Returns the body of an adapter: creates the call, sets the arguments, and sends the call.
    fn statements(&self, binding: &OperationBinding, send_method: SendMethod) -> Vec<Stmt> {
        let mut setters: Vec<Stmt> = binding
            .parameters
            .iter()
            .map(|parameter| set_parameter(binding, parameter, self.client_api))
            .collect();
        setters.extend(
            binding
                .body
                .as_ref()
                .map(|body| set_body(binding, body, self.client_api)),
        );
        let builder = method(name("client"), &binding.method, []);
        let mut statements = vec![if setters.is_empty() {
            define("call", builder)
        } else {
            define_mut("call", builder)
        }];
        statements.append(&mut setters);
        let (success, error) = (
            content(&binding.responses.success),
            content(&binding.responses.error),
        );
        let outcome = match send_method {
            SendMethod::Send => call(
                "Outcome::from_result",
                [awaited(method(name("call"), "send", [])), success, error],
            ),
            SendMethod::Stream => awaited(call(
                "Outcome::from_pages",
                [method(name("call"), "stream", []), error],
            )),
        };
        statements.push(Stmt::Expr(call("Ok", [outcome]), None));
        statements
    }
}

/// Returns the constructor of the `Content` of a response.
fn content(kind: &ResponseType) -> Expr {
    name(if kind.is_untyped() {
        "Content::untyped"
    } else {
        "Content::typed"
    })
}

/// Returns true if an adapter has an argument of the type `Argument`.
fn uses_argument_type(binding: &OperationBinding, client_api: &ClientApi) -> bool {
    let is_argument = |kind: Type| {
        let Type::Path(path) = kind else { return false };
        let first = path.path.segments.first();
        first.is_some_and(|segment| segment.ident == "Argument")
    };
    let is_typed = |body: &BodyBinding| matches!(body.kind, BodyKind::Json | BodyKind::Form(_));
    binding.parameters.iter().any(|parameter| {
        is_argument(argument_type(
            client_api.argument(&binding.method, &parameter.setter),
            client_api,
        ))
    }) || binding
        .body
        .as_ref()
        .is_some_and(|body| is_typed(body) && is_argument(body_type(binding, client_api)))
}

/// Returns the type in which an adapter passes a JSON or form body to its setter.
fn body_type(binding: &OperationBinding, client_api: &ClientApi) -> Type {
    let kind = client_api.argument(&binding.method, BODY);
    if is_list(&kind) {
        argument_type(kind, client_api)
    } else {
        kind
    }
}

fn set_parameter(
    binding: &OperationBinding,
    parameter: &ParameterBinding,
    client_api: &ClientApi,
) -> Stmt {
    let kind = argument_type(
        client_api.argument(&binding.method, &parameter.setter),
        client_api,
    );
    set(
        &parameter.setter,
        method_for(
            name("arguments"),
            parameter.location.key(),
            kind,
            [text(&parameter.name)],
        ),
    )
}

fn set_body(binding: &OperationBinding, body: &BodyBinding, client_api: &ClientApi) -> Stmt {
    let value = match body.kind {
        BodyKind::Multipart => method(name("arguments"), "multipart", []),
        BodyKind::Bytes => method(name("arguments"), "bytes", []),
        BodyKind::Json | BodyKind::Form(_) => {
            method_for(name("arguments"), BODY, body_type(binding, client_api), [])
        }
    };
    if !client_api.has_body_map(&binding.method) {
        return set(BODY, value);
    }
    let value = tried(value);
    parse_quote! {
        if let Some(value) = #value {
            call = if arguments.uses_builder() {
                call.body_map(|_| value.into())
            } else {
                call.body(value)
            };
        }
    }
}

/// Returns the type in which an adapter passes an argument to a setter of type `kind`.
///
/// The setter converts the argument. If that fails, the tests check that the client sends nothing.
fn argument_type(kind: Type, client_api: &ClientApi) -> Type {
    match &kind {
        integer if is_integer(integer) => parse_quote!(i128),
        enumeration if client_api.is_enumeration(enumeration) => parse_quote!(String),
        // Other types of the client are passed without a conversion.
        Type::Path(path)
            if path
                .path
                .segments
                .iter()
                .any(|segment| segment.ident == "types") =>
        {
            kind
        }
        _ => parse_quote!(Argument<#kind>),
    }
}

fn is_list(kind: &Type) -> bool {
    let Type::Path(path) = kind else { return false };
    let last = path.path.segments.last();
    last.is_some_and(|segment| segment.ident == "Vec")
}

fn is_integer(kind: &Type) -> bool {
    let Type::Path(path) = kind else { return false };
    ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]
        .iter()
        .any(|integer| path.path.is_ident(integer))
}

/// `if let Some(value) = argument? { call = call.setter(value); }`.
fn set(setter: &str, argument: Expr) -> Stmt {
    if_some(
        "value",
        tried(argument),
        vec![assign(
            "call",
            method(name("call"), setter, [name("value")]),
        )],
    )
}
