//! Writes the request: what lies between the arguments and the answer in each builder's `send` is replaced by calls of the runtime
//! that say, part by part, what the document says.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{Expr, Stmt, parse_quote};

use crate::bindings::{BODY, BodyBinding, Location, OperationBinding, ParameterBinding};
use crate::passes::{Context, PassError, each_builder, expect, ident_of};
use crate::route::Part;
use crate::security::Scheme;
use crate::wire::{BodyKind, Style};

const PASS: &str = "request";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let statements = &mut builder.function(PASS, "send")?.block.stmts;
        let arguments = statements.iter().filter(|statement| takes_argument(statement)).count();
        let expected = binding.parameters.len() + usize::from(binding.body.is_some());
        expect(PASS, "arguments", binding, arguments, expected)?;
        let response = statements.last().and_then(answered);
        expect(PASS, "answers", binding, usize::from(response.is_some()), 1)?;
        let (Some(response), Some(answer)) = (response, statements.pop()) else { return Ok(()) };
        // The first takes the builder apart.
        statements.truncate(1 + arguments);
        let written = request(binding, &response);
        statements.extend(parse_statements(&written)?);
        statements.push(answer);
        Ok(())
    })
}

/// `let id = id.map_err(Error::InvalidRequest)?;`
fn takes_argument(statement: &Stmt) -> bool {
    let Stmt::Local(local) = statement else { return false };
    let Some(init) = &local.init else { return false };
    let Expr::Try(tried) = init.expr.as_ref() else { return false };
    let Expr::MethodCall(call) = tried.expr.as_ref() else { return false };
    let invalid: Expr = parse_quote!(Error::InvalidRequest);
    call.method == "map_err" && call.args.first().is_some_and(|argument| super::same(argument, &invalid))
}

/// The `response` in `match response.status().as_u16() { … }`.
fn answered(statement: &Stmt) -> Option<Ident> {
    let Stmt::Expr(Expr::Match(matched), _) = statement else { return None };
    let Expr::MethodCall(number) = matched.expr.as_ref() else { return None };
    let Expr::MethodCall(status) = number.receiver.as_ref() else { return None };
    (number.method == "as_u16" && status.method == "status").then(|| ident_of(&status.receiver).cloned()).flatten()
}

fn parse_statements(written: &TokenStream) -> Result<Vec<Stmt>, PassError> {
    let block: Result<syn::Block, _> = syn::parse2(quote!({ #written }));
    block.map(|block| block.stmts).map_err(|error| PassError { pass: PASS, missing: format!("statements: {error}") })
}

fn request(binding: &OperationBinding, response: &Ident) -> TokenStream {
    let (request, info) = (unused("request", binding), unused("info", binding));
    let method = Ident::new(&binding.http_method.key().to_ascii_uppercase(), Span::call_site());
    let begun = match &binding.server {
        None => quote!(client.transport.call(::reqwest::Method::#method)),
        Some(server) => {
            let (url, default) = (&server.url, &server.default);
            let default = default.as_ref().map_or_else(|| quote!(None), |default| quote!(Some(#default)));
            quote!(client.transport.call_to(::reqwest::Method::#method, #url, #default)?)
        }
    };
    let path = binding.route.parts.iter().map(|part| match part {
        Part::Literal(text) => quote!(#request.literal(#text);),
        Part::Variable(name) => match binding.of(Location::Path).find(|parameter| parameter.name == *name) {
            Some(parameter) => argument(parameter, &request),
            None => TokenStream::new(),
        },
    });
    let constants = binding.constants.iter().map(|constant| {
        let (name, value) = (&constant.name, &constant.value);
        match constant.location {
            Location::Header => quote!(#request.header(#name, gallery_runtime::Style::Simple, false, #value)?;),
            _ => quote!(#request.query(#name, gallery_runtime::Style::Form, true, #value)?;),
        }
    });
    let arguments = binding.parameters.iter().filter(|parameter| parameter.location != Location::Path);
    let arguments = arguments.map(|parameter| argument(parameter, &request));
    let accept = binding.answers.accept.join(", ");
    let accept = if accept.is_empty() { TokenStream::new() } else { quote!(#request.accept(#accept)?;) };
    let body = binding.body.as_ref().map(|body| sent_body(body, &request));
    let described = described(binding);
    quote! {
        let mut #request = #begun;
        #(#path)*
        #(#constants)*
        #(#arguments)*
        #accept
        #body
        let #info = #described;
        let #response = client.transport.send(#request.build()?, &#info).await?;
    }
}

/// What hooks and traces are told of the operation, and which credentials it takes.
fn described(binding: &OperationBinding) -> TokenStream {
    let (id, path) = (&binding.method, &binding.path);
    let plain = quote!(OperationInfo::new(#id, #path));
    let Some(alternatives) = &binding.security else { return plain };
    let alternatives = alternatives.iter().map(|all| {
        let schemes = all.iter().map(Scheme::tokens);
        quote!(&[#(#schemes),*])
    });
    quote!(#plain.secured(&[#(#alternatives),*]))
}

fn argument(parameter: &ParameterBinding, request: &Ident) -> TokenStream {
    let (name, setter) = (&parameter.name, Ident::new(&parameter.setter, Span::call_site()));
    // Lowering has refused parameters without a style.
    let (style, explode) = parameter.style.unwrap_or((Style::Simple, false));
    let style = style.ident();
    let place = Ident::new(parameter.location.key(), Span::call_site());
    match parameter.location {
        Location::Cookie => quote!(#request.cookie(#name, gallery_runtime::Style::#style, &#setter)?;),
        _ => quote!(#request.#place(#name, gallery_runtime::Style::#style, #explode, &#setter)?;),
    }
}

fn sent_body(body: &BodyBinding, request: &Ident) -> TokenStream {
    // A range such as `image/*` is nothing that can be sent.
    let media_type = if body.media_type.contains('*') { "" } else { &body.media_type };
    let name = Ident::new(BODY, Span::call_site());
    let value = if body.required { quote!(&#name) } else { quote!(#name) };
    let send = match &body.kind {
        BodyKind::Json => quote!(#request.json(#media_type, #value)?;),
        BodyKind::Form(fields) => {
            let fields = fields.iter().map(|(name, style, explode)| {
                let style = style.ident();
                quote!((#name, gallery_runtime::Style::#style, #explode))
            });
            quote!(#request.form(#media_type, &[#(#fields),*], #value)?;)
        }
        BodyKind::Multipart => quote!(#request.multipart(#value)?;),
        BodyKind::Bytes => quote!(#request.bytes(#media_type, #value)?;),
    };
    if body.required { send } else { quote!(if let Some(#name) = &#name { #send }) }
}

/// A name that no argument has.
fn unused(wished: &str, binding: &OperationBinding) -> Ident {
    let mut name = wished.to_owned();
    while binding.by_setter(&name).is_some() {
        name.push('_');
    }
    Ident::new(&name, Span::call_site())
}
