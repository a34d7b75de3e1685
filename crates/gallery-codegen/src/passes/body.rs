//! Uses the runtime's types for multipart and binary bodies, makes optional bodies optional, and
//! rejects a required body that was not set.

use std::collections::BTreeMap;

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Fields, Item, Type, parse_quote};

use crate::bindings::BODY;
use crate::passes::edit::{
    Builder, Context, PassError, each_builder, expect, ident_of, module, same,
};
use crate::wire::BodyKind;

const PASS: &str = "body";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    let mut fields = body_fields(file)?;
    for (binding, name) in context.bindings.operations.iter().zip(&context.builders) {
        let Some(body) = &binding.body else { continue };
        let raw: Option<Type> = match body.kind {
            BodyKind::Multipart => Some(parse_quote!(gallery_runtime::Multipart)),
            BodyKind::Bytes => Some(parse_quote!(gallery_runtime::Bytes)),
            BodyKind::Json | BodyKind::Form(_) => None,
        };
        let field = fields.get_mut(name);
        expect(
            PASS,
            "body fields",
            binding,
            usize::from(field.is_some()),
            1,
        )?;
        let Some(kind) = field else { continue };
        if let Some(raw) = raw {
            **kind = raw;
        }
        if !body.required || is_builder(kind) {
            **kind = parse_quote!(Option<#kind>);
        }
    }
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        if let Some(body) = &binding.body
            && matches!(body.kind, BodyKind::Multipart | BodyKind::Bytes)
        {
            let kind = if body.kind == BodyKind::Multipart {
                "Multipart"
            } else {
                "Bytes"
            };
            let mut raw = Raw { kind, found: 0 };
            raw.visit_impl_item_fn_mut(builder.function(PASS, BODY)?);
            expect(PASS, "types of the body", binding, raw.found, 1)?;
        }
        unset(builder)
    })
}

/// Makes the builder distinguish a body that was not set from an empty one.
///
/// progenitor stores a struct body as its builder, which `body_map` changes. It starts as an empty
/// builder, so a body of optional properties would be sent without being set.
fn unset(mut builder: Builder<'_>) -> Result<(), PassError> {
    let binding = builder.binding;
    let Some(body) = &binding.body else {
        return Ok(());
    };
    let has_body_map = builder.function(PASS, "body_map").is_ok();
    if body.required && !has_body_map {
        return Ok(());
    }
    let mut initial = Initial { found: 0 };
    initial.visit_impl_item_fn_mut(builder.function(PASS, "new")?);
    expect(PASS, "defaults of the body", binding, initial.found, 1)?;

    let mut setter = Setter { found: 0 };
    setter.visit_impl_item_fn_mut(builder.function(PASS, BODY)?);
    expect(PASS, "conversions of the body", binding, setter.found, 1)?;

    if has_body_map {
        let mut change = Change { found: 0 };
        change.visit_impl_item_fn_mut(builder.function(PASS, "body_map")?);
        expect(PASS, "changes of the body", binding, change.found, 1)?;
        let mut build = Build {
            required: body.required,
            found: 0,
        };
        build.visit_impl_item_fn_mut(builder.function(PASS, "send")?);
        expect(PASS, "bodies built", binding, build.found, 1)?;
    }
    Ok(())
}

/// Returns true for `types::builder::T`.
fn is_builder(kind: &Type) -> bool {
    let Type::Path(path) = kind else { return false };
    let mut segments = path.path.segments.iter().rev();
    segments
        .nth(1)
        .is_some_and(|module| module.ident == "builder")
}

/// Returns the `T` of `body: Result<T, String>`, by builder.
fn body_fields(file: &mut syn::File) -> Result<BTreeMap<String, &mut Type>, PassError> {
    let module = module(PASS, file, "builder")?;
    let mut kinds = BTreeMap::new();
    for item in module
        .content
        .as_mut()
        .map(|(_, items)| items)
        .into_iter()
        .flatten()
    {
        let Item::Struct(structure) = item else {
            continue;
        };
        let Fields::Named(fields) = &mut structure.fields else {
            continue;
        };
        for field in fields
            .named
            .iter_mut()
            .filter(|field| field.ident.as_ref().is_some_and(|name| name == BODY))
        {
            let Type::Path(path) = &mut field.ty else {
                continue;
            };
            let Some(result) = path.path.segments.last_mut() else {
                continue;
            };
            let syn::PathArguments::AngleBracketed(arguments) = &mut result.arguments else {
                continue;
            };
            if let Some(syn::GenericArgument::Type(kind)) = arguments.args.first_mut() {
                kinds.insert(structure.ident.to_string(), kind);
            }
        }
    }
    Ok(kinds)
}

/// Replaces the initial value of `body` by `Ok(None)`.
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

/// Replaces `….map_err(f)` by `….map(Some).map_err(f)`.
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

/// Replaces `self.body.map(f)` by `self.body.map(|body| Some(f(body.unwrap_or_default())))`.
struct Change {
    found: usize,
}

impl VisitMut for Change {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        if call.method == "map" {
            call.args =
                std::iter::once::<Expr>(parse_quote!(|body| Some(f(body.unwrap_or_default()))))
                    .collect();
            self.found += 1;
        }
    }
}

/// Replaces `body.and_then(f)` by `body.and_then(|v| v.map(f).transpose())`, or, if the body is
/// required, by `body.and_then(|v| v.ok_or_else(…)).and_then(f)`.
struct Build {
    required: bool,
    found: usize,
}

impl VisitMut for Build {
    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        let is_body = ident_of(&call.receiver).is_some_and(|name| name == BODY);
        if call.method == "and_then"
            && is_body
            && let Some(build) = call.args.first_mut()
        {
            if self.required {
                let body = &call.receiver;
                call.receiver = parse_quote! {
                    #body.and_then(|v| v.ok_or_else(|| "body was not initialized".to_string()))
                };
            } else {
                *build = parse_quote!(|v| v.map(#build).transpose());
            }
            self.found += 1;
        }
    }
}

/// Replaces `reqwest::Body` by a type of the runtime, also in error messages.
struct Raw {
    kind: &'static str,
    found: usize,
}

impl VisitMut for Raw {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        if same(path, &parse_quote!(reqwest::Body) as &syn::Path) {
            let kind = syn::Ident::new(self.kind, proc_macro2::Span::call_site());
            *path = parse_quote!(gallery_runtime::#kind);
            self.found += 1;
        }
    }

    fn visit_lit_str_mut(&mut self, text: &mut syn::LitStr) {
        *text = syn::LitStr::new(
            &text.value().replace("reqwest::Body", self.kind),
            text.span(),
        );
    }
}
