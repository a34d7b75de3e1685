//! Faults in the arguments of a call: setters, required arguments, conversions.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, ImplItemFn, Item, Member, Type, parse_quote};

use crate::site::Change;
use crate::source::{Argument, Call, Source};
use crate::syntax::{function, in_function};

/// Makes a setter set another field.
pub(super) struct Field<'a>(pub(super) &'a Ident);

impl VisitMut for Field<'_> {
    fn visit_expr_assign_mut(&mut self, assignment: &mut syn::ExprAssign) {
        if let Expr::Field(field) = assignment.left.as_mut() {
            field.member = Member::Named(self.0.clone());
        }
    }
}

/// Makes a setter set nothing.
pub(super) fn silence(function: &mut ImplItemFn) {
    function.block = parse_quote!({
        drop(value);
        self
    });
    // Without an assignment, `mut` would be a warning.
    if let Some(syn::FnArg::Receiver(receiver)) = function.sig.inputs.first_mut() {
        *receiver = parse_quote!(self);
    }
}

/// Returns another field of the same type: the next one, or else the first.
pub(super) fn twin<'a>(own: &str, kind: &str, all: &'a [(Ident, String)]) -> Option<&'a Ident> {
    let at = all.iter().position(|(name, _)| name == own)?;
    let (before, after) = all.split_at(at);
    let mut others = after[1..].iter().chain(before);
    others
        .find(|(_, other)| other == kind)
        .map(|(name, _)| name)
}

pub(super) fn setter_crossed(_: &Source, call: &Call) -> Vec<Change> {
    let kind =
        |argument: &Argument| format!("{} {}", argument.optional, argument.kind.to_token_stream());
    let all: Vec<_> = call
        .arguments
        .iter()
        .map(|argument| (argument.name.clone(), kind(argument)))
        .collect();
    let change = |argument: &Argument| {
        let name = argument.name.to_string();
        let other = twin(&name, &kind(argument), &all)?;
        Some(call.change(
            &name,
            &name,
            format!("`{name}` sets `{other}`"),
            |function| {
                Field(other).visit_block_mut(&mut function.block);
            },
        ))
    };
    call.arguments.iter().filter_map(change).collect()
}

pub(super) fn setter_silent(_: &Source, call: &Call) -> Vec<Change> {
    let change = |argument: &Argument| {
        let name = argument.name.to_string();
        call.change(&name, &name, format!("`{name}` sets nothing"), silence)
    };
    call.arguments.iter().map(change).collect()
}

/// Replaces `name: Err(…)` by `name: Ok(…)`.
pub(super) struct Initial<'a> {
    pub(super) name: &'a str,
    pub(super) value: Expr,
}

impl VisitMut for Initial<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        let is_it = matches!(&field.member, Member::Named(name) if name == self.name);
        if is_it && field.expr.to_token_stream().to_string().starts_with("Err") {
            field.expr = self.value.clone();
        }
    }
}

/// Returns a value of a type. Strings are not empty, because a path would refuse them.
pub(super) fn default_of(kind: &Type) -> Expr {
    match kind.to_token_stream().to_string().as_str() {
        ":: std :: string :: String" => parse_quote!(Ok("default".to_string())),
        _ => parse_quote!(Ok(::std::default::Default::default())),
    }
}

pub(super) fn argument_defaulted(_: &Source, call: &Call) -> Vec<Change> {
    let change = |argument: &Argument| {
        let name = argument.name.to_string();
        let value = default_of(&argument.kind);
        call.change(
            "new",
            &name,
            format!("`{name}` has a default"),
            |function| {
                Initial { name: &name, value }.visit_block_mut(&mut function.block);
            },
        )
    };
    call.arguments
        .iter()
        .filter(|argument| !argument.optional)
        .map(change)
        .collect()
}

/// Returns a smaller type.
pub(super) struct Narrow;

impl VisitMut for Narrow {
    fn visit_path_segment_mut(&mut self, segment: &mut syn::PathSegment) {
        visit_mut::visit_path_segment_mut(self, segment);
        let smaller = match segment.ident.to_string().as_str() {
            "i64" => "i32",
            "i32" => "i16",
            "u64" => "u32",
            "u32" => "u16",
            "f64" => "f32",
            _ => return,
        };
        segment.ident = Ident::new(smaller, segment.ident.span());
    }
}

pub(super) fn argument_narrowed(_: &Source, call: &Call) -> Vec<Change> {
    let mut changes = Vec::new();
    for argument in &call.arguments {
        let name = argument.name.to_string();
        let mut structure = call.structure.item.clone();
        narrow_field(&mut structure, &name);
        let mut implementation = call.implementation.item.clone();
        in_function(&mut implementation, &name, |function| {
            Narrow.visit_signature_mut(&mut function.sig);
        });
        let items = vec![
            (&call.structure, structure),
            (&call.implementation, implementation),
        ];
        changes.push(Change::new(
            &name,
            format!("`{name}` has a smaller type"),
            items,
        ));
    }
    changes
}

/// Replaces the type of a field by a smaller one.
pub(super) fn narrow_field(item: &mut Item, name: &str) {
    if let Item::Struct(structure) = item {
        structure
            .fields
            .iter_mut()
            .filter(|field| field.ident.as_ref().is_some_and(|own| own == name))
            .for_each(|field| {
                Narrow.visit_type_mut(&mut field.ty);
            });
    }
}

pub(super) fn conversion_swallowed(_: &Source, call: &Call) -> Vec<Change> {
    let syn::Item::Impl(implementation) = &call.implementation.item else {
        return Vec::new();
    };
    if function(implementation, "send").is_none() {
        return Vec::new();
    }
    let change = |argument: &Argument| {
        let name = &argument.name;
        call.sending(
            name.to_string(),
            format!("`{name}` is omitted if it cannot be converted"),
            |block| {
                let begins = format!("let {name} = {name} . map_err");
                for statement in &mut block.stmts {
                    if statement.to_token_stream().to_string().starts_with(&begins) {
                        *statement = parse_quote!(let #name = #name.unwrap_or_default(););
                    }
                }
            },
        )
    };
    call.arguments
        .iter()
        .filter(|argument| argument.optional)
        .map(change)
        .collect()
}
