//! Emits the adapters of the conformance tests: for each operation a function from arguments in JSON to a call of the client.
//!
//! The emitted file holds nothing that judges. Which requests are right is decided by `gallery-testkit`, from the canonical
//! document and from what goes over a loopback connection.

use quote::quote;
use syn::{Expr, Item, ItemFn, Stmt, parse_quote};

use crate::answers::AnswerKind;
use crate::bindings::{BODY, Bindings, BodyBinding, OperationBinding, ParameterBinding};
use crate::surface::Surface;
use crate::tree::{assign, awaited, call, define, define_mut, ident, if_some, method, method_for, name, text, tried};
use crate::wire::BodyKind;

/// The adapters of a client whose library is called `library` and whose code is `code`: a function `adapters` that lists them, and
/// one for each operation.
pub fn conformance(bindings: &Bindings, code: &syn::File, library: &str) -> syn::File {
    let surface = Surface::read(code, library);
    let library = ident(library);
    let table = bindings.operations.iter().map(|binding| {
        let (id, function) = (&binding.operation_id, ident(&binding.method));
        quote!(Adapter::new(#id, #function))
    });
    let import: syn::ItemUse = match bindings.operations.is_empty() {
        true => parse_quote!(
            use gallery_testkit::conformance::Adapter;
        ),
        false => parse_quote!(
            use gallery_testkit::conformance::{Adapter, Arguments, BadArguments, Content, Outcome};
        ),
    };
    let mut file: syn::File = parse_quote! {
        #import

        /// How each operation is called.
        pub fn adapters() -> Vec<Adapter<#library::Client>> {
            vec![#(#table),*]
        }
    };
    // Without a parameter or body there is nothing to set.
    let calls: ItemFn = parse_quote! {
        async fn call(client: #library::Client, _arguments: Arguments) -> Result<Outcome, BadArguments> {}
    };
    let sets: ItemFn = parse_quote! {
        async fn call(client: #library::Client, arguments: Arguments) -> Result<Outcome, BadArguments> {}
    };
    file.items.extend(bindings.operations.iter().map(|binding| {
        let has_arguments = !binding.parameters.is_empty() || binding.body.is_some();
        let mut adapter = if has_arguments { sets.clone() } else { calls.clone() };
        adapter.sig.ident = ident(&binding.method);
        adapter.block.stmts = statements(binding, &surface);
        Item::Fn(adapter)
    }));
    file
}

/// Makes the call, sets what arguments there are, sends it.
fn statements(binding: &OperationBinding, surface: &Surface) -> Vec<Stmt> {
    let mut sets: Vec<Stmt> = binding.parameters.iter().map(|parameter| set_parameter(binding, parameter, surface)).collect();
    sets.extend(binding.body.as_ref().map(|body| set_body(binding, body, surface)));
    let begun = method(name("client"), &binding.method, []);
    let mut statements = vec![if sets.is_empty() { define("call", begun) } else { define_mut("call", begun) }];
    statements.append(&mut sets);
    let sent = awaited(method(name("call"), "send", []));
    let outcome = call("Outcome::of", [sent, content(&binding.answers.success), content(&binding.answers.error)]);
    statements.push(Stmt::Expr(call("Ok", [outcome]), None));
    statements
}

fn content(kind: &AnswerKind) -> Expr {
    name(if kind.is_untyped() { "Content::untyped" } else { "Content::typed" })
}

fn set_parameter(binding: &OperationBinding, parameter: &ParameterBinding, surface: &Surface) -> Stmt {
    let kind = surface.argument(&binding.method, &parameter.setter);
    set(&parameter.setter, method_for(name("arguments"), parameter.location.key(), kind, [text(&parameter.name)]))
}

fn set_body(binding: &OperationBinding, body: &BodyBinding, surface: &Surface) -> Stmt {
    let value = match body.kind {
        BodyKind::Multipart => method(name("arguments"), "multipart", []),
        BodyKind::Bytes => method(name("arguments"), "bytes", []),
        BodyKind::Json | BodyKind::Form(_) => method_for(name("arguments"), BODY, surface.argument(&binding.method, BODY), []),
    };
    set(BODY, value)
}

/// `if let Some(value) = argument? { call = call.setter(value); }`
fn set(setter: &str, argument: Expr) -> Stmt {
    if_some("value", tried(argument), vec![assign("call", method(name("call"), setter, [name("value")]))])
}
