//! Lets a body that is not required be left out; then neither a body nor a `Content-Type` is sent.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Fields, Item, Type, parse_quote};

use crate::bindings::BODY;
use crate::passes::chain::{Call, edit_request};
use crate::passes::{Context, PassError, each_builder, expect, module};

const PASS: &str = "optional-body";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    for (binding, name) in context.bindings.operations.iter().zip(&context.builders) {
        if binding.body.as_ref().is_some_and(|body| !body.required) {
            let found = make_field_optional(file, name)?;
            expect(PASS, "body fields", binding, usize::from(found), 1)?;
        }
    }
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        if binding.body.as_ref().is_none_or(|body| body.required) {
            return Ok(());
        }
        let mut initial = Initial { found: 0 };
        initial.visit_impl_item_fn_mut(builder.function(PASS, "new")?);
        expect(PASS, "defaults of the body", binding, initial.found, 1)?;

        let mut setter = Setter { found: 0 };
        setter.visit_impl_item_fn_mut(builder.function(PASS, BODY)?);
        expect(PASS, "conversions of the body", binding, setter.found, 1)?;

        // A body that is a struct is kept as its builder until it is sent, and has a second setter that changes the builder.
        if let Ok(body_map) = builder.function(PASS, "body_map") {
            let mut change = Change { found: 0 };
            change.visit_impl_item_fn_mut(body_map);
            expect(PASS, "changes of the body", binding, change.found, 1)?;
            let mut build = Build { found: 0 };
            build.visit_impl_item_fn_mut(builder.function(PASS, "send")?);
            expect(PASS, "bodies built", binding, build.found, 1)?;
        }

        let mut sent = 0;
        edit_request(&mut builder.function(PASS, "send")?.block.stmts, |request| {
            for call in request.calls.iter_mut().filter(|call| call.name == "json") {
                *call = Call::new("optional_json", parse_quote!(body.as_ref()));
                sent += 1;
            }
        });
        expect(PASS, "bodies sent", binding, sent, 1)
    })
}

/// `body: Result<T, String>` becomes `body: Result<Option<T>, String>`.
fn make_field_optional(file: &mut syn::File, builder: &str) -> Result<bool, PassError> {
    let module = module(PASS, file, "builder")?;
    let items = module.content.as_mut().map(|(_, items)| items.as_mut_slice()).unwrap_or_default();
    for item in items {
        let Item::Struct(structure) = item else { continue };
        let Fields::Named(fields) = &mut structure.fields else { continue };
        if structure.ident != builder {
            continue;
        }
        for field in fields.named.iter_mut().filter(|field| field.ident.as_ref().is_some_and(|name| name == BODY)) {
            let Type::Path(path) = &mut field.ty else { continue };
            let Some(result) = path.path.segments.last_mut() else { continue };
            let syn::PathArguments::AngleBracketed(arguments) = &mut result.arguments else { continue };
            let Some(syn::GenericArgument::Type(kind)) = arguments.args.first_mut() else { continue };
            *kind = parse_quote!(Option<#kind>);
            return Ok(true);
        }
    }
    Ok(false)
}

/// `body: Err("body was not initialized".to_string())`, or the default of a typed body's builder, becomes `body: Ok(None)`.
struct Initial {
    found: usize,
}

impl VisitMut for Initial {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == BODY) {
            field.expr = parse_quote!(Ok(None));
            self.found += 1;
        }
    }
}

/// `….map_err(f)` becomes `….map(Some).map_err(f)`.
struct Setter {
    found: usize,
}

impl VisitMut for Setter {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "map_err" {
            let receiver = &call.receiver;
            call.receiver = parse_quote!(#receiver.map(Some));
            self.found += 1;
        }
    }
}

/// `self.body.map(f)` becomes `self.body.map(|body| Some(f(body.unwrap_or_default())))`.
struct Change {
    found: usize,
}

impl VisitMut for Change {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "map" {
            call.args = std::iter::once::<Expr>(parse_quote!(|body| Some(f(body.unwrap_or_default())))).collect();
            self.found += 1;
        }
    }
}

/// `body.and_then(|v| build(v))` becomes `body.and_then(|v| v.map(|v| build(v)).transpose())`.
struct Build {
    found: usize,
}

impl VisitMut for Build {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let is_body = super::ident_of(&call.receiver).is_some_and(|name| name == BODY);
        if call.method == "and_then"
            && is_body
            && let Some(build) = call.args.first_mut()
        {
            *build = parse_quote!(|v| v.map(#build).transpose());
            self.found += 1;
        }
    }
}
