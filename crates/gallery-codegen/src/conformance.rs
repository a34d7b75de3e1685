//! The adapters of the conformance tests of a generated client: what turns arguments in JSON into its calls.
//!
//! The emitted file holds nothing that judges. Which requests are right is decided by `gallery-testkit`, from the canonical
//! document and from what goes over a loopback connection.

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

/// The adapters of a client whose library is called `library` and whose code is `code`: a function `adapters` that lists them, and
/// one for each operation; and a function `schemas` that lists the types.
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
    let of_calls = |operations: &[&OperationBinding]| {
        let given = operations
            .iter()
            .any(|binding| gives(binding, &client_api))
            .then(|| ident("Argument"));
        let used = ["Arguments", "ArgumentError", "Content"]
            .map(ident)
            .into_iter()
            .chain(given)
            .chain([ident("Outcome")]);
        used.filter(|_| !operations.is_empty()).collect::<Vec<_>>()
    };
    let all: Vec<_> = bindings.operations.iter().collect();
    let used = of_calls(&all);
    let schemas = lowered.types().iter().map(|SchemaType { schema: name, name: own }| match own.as_deref().map(ident) {
        Some(own) => match client_api.fields(&own.to_string()) {
            Some(fields) => quote! {
                Schema::new::<#library::types::#own>(#name).with_builder(|value: #library::types::#own| {
                    #library::types::#own::builder()#(.#fields(value.#fields))*.try_into()
                })
            },
            None => quote!(Schema::new::<#library::types::#own>(#name)),
        },
        None => quote!(Schema::untyped(#name)),
    });
    let mut file: syn::File = parse_quote! {
        use gallery_testkit::conformance::{Adapter, #(#used,)* Schema};

        /// How each operation is called.
        pub fn adapters() -> Vec<Adapter<#library::Client>> {
            vec![#(#table),*]
        }

        /// The types of the document's schemas.
        pub fn schemas() -> Vec<Schema> {
            Vec::from([#(#schemas),*])
        }
    };
    let adapters = Adapters::of(&client_api, &library);
    file.items.extend(
        bindings
            .operations
            .iter()
            .map(|binding| adapters.adapter(binding, Of::Call)),
    );
    let paged: Vec<_> = bindings
        .operations
        .iter()
        .filter(|binding| binding.pages.is_some())
        .collect();
    if !paged.is_empty() {
        let used = of_calls(&paged);
        let adapters = paged
            .iter()
            .map(|binding| adapters.adapter(binding, Of::Pages));
        file.items.push(parse_quote! {
            /// How all pages of a list are taken.
            mod pages {
                use gallery_testkit::conformance::{#(#used),*};

                #(#adapters)*
            }
        });
    }
    file
}

/// What an adapter gives the outcome of.
#[derive(Clone, Copy)]
enum Of {
    Call,
    Pages,
}

/// What adapters have in common.
struct Adapters<'a> {
    client_api: &'a ClientApi,
    /// An adapter that sets arguments, and one that has none to set.
    empty: (ItemFn, ItemFn),
}

impl<'a> Adapters<'a> {
    fn of(client_api: &'a ClientApi, library: &Ident) -> Adapters<'a> {
        let with_arguments = parse_quote! {
            async fn call(client: #library::Client, arguments: Arguments) -> Result<Outcome, ArgumentError> {}
        };
        let without = parse_quote! {
            async fn call(client: #library::Client, _arguments: Arguments) -> Result<Outcome, ArgumentError> {}
        };
        Adapters {
            client_api,
            empty: (with_arguments, without),
        }
    }

    fn adapter(&self, binding: &OperationBinding, of: Of) -> Item {
        let has_arguments = !binding.parameters.is_empty() || binding.body.is_some();
        let mut adapter = if has_arguments {
            self.empty.0.clone()
        } else {
            self.empty.1.clone()
        };
        if let Of::Pages = of {
            adapter.vis = parse_quote!(pub);
        }
        adapter.sig.ident = ident(&binding.method);
        adapter.block.stmts = self.statements(binding, of);
        Item::Fn(adapter)
    }

    /// Makes the call, sets what arguments there are, sends it.
    fn statements(&self, binding: &OperationBinding, of: Of) -> Vec<Stmt> {
        let mut sets: Vec<Stmt> = binding
            .parameters
            .iter()
            .map(|parameter| set_parameter(binding, parameter, self.client_api))
            .collect();
        sets.extend(
            binding
                .body
                .as_ref()
                .map(|body| set_body(binding, body, self.client_api)),
        );
        let begun = method(name("client"), &binding.method, []);
        let mut statements = vec![if sets.is_empty() {
            define("call", begun)
        } else {
            define_mut("call", begun)
        }];
        statements.append(&mut sets);
        let (success, error) = (
            content(&binding.responses.success),
            content(&binding.responses.error),
        );
        let outcome = match of {
            Of::Call => call(
                "Outcome::from_result",
                [awaited(method(name("call"), "send", [])), success, error],
            ),
            Of::Pages => awaited(call(
                "Outcome::from_pages",
                [method(name("call"), "stream", []), error],
            )),
        };
        statements.push(Stmt::Expr(call("Ok", [outcome]), None));
        statements
    }
}

fn content(kind: &ResponseType) -> Expr {
    name(if kind.is_untyped() {
        "Content::untyped"
    } else {
        "Content::typed"
    })
}

/// Returns whether an adapter has arguments of the type `Argument`.
fn gives(binding: &OperationBinding, client_api: &ClientApi) -> bool {
    let is_given = |kind: Type| matches!(kind, Type::Path(path) if path.path.segments.first().is_some_and(|it| it.ident == "Argument"));
    let of_body = |body: &BodyBinding| matches!(body.kind, BodyKind::Json | BodyKind::Form(_));
    binding.parameters.iter().any(|parameter| {
        is_given(taken(
            client_api.argument(&binding.method, &parameter.setter),
            client_api,
        ))
    }) || binding
        .body
        .as_ref()
        .is_some_and(|body| of_body(body) && is_given(body_type(binding, client_api)))
}

fn body_type(binding: &OperationBinding, client_api: &ClientApi) -> Type {
    let kind = client_api.argument(&binding.method, BODY);
    if is_list(&kind) {
        taken(kind, client_api)
    } else {
        kind
    }
}

fn set_parameter(
    binding: &OperationBinding,
    parameter: &ParameterBinding,
    client_api: &ClientApi,
) -> Stmt {
    let kind = taken(
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
            call = if arguments.uses_builder() { call.body_map(|_| value.into()) } else { call.body(value) };
        }
    }
}

/// What an adapter gives to a setter of this type: something that may turn out not to fit, since then nothing may be sent.
fn taken(kind: Type, client_api: &ClientApi) -> Type {
    match &kind {
        integer if is_integer(integer) => parse_quote!(i128),
        words if client_api.is_enumeration(words) => parse_quote!(String),
        // The client's other types are what they are.
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
    matches!(kind, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Vec"))
}

fn is_integer(kind: &Type) -> bool {
    let Type::Path(path) = kind else { return false };
    ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"]
        .iter()
        .any(|integer| path.path.is_ident(integer))
}

/// `if let Some(value) = argument? { call = call.setter(value); }`
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
