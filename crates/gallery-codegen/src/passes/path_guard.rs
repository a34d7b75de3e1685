//! Leads path arguments through the runtime's guard, which encodes them fully and refuses those that would lead elsewhere:
//! `encode_path(&id.to_string())` becomes `encode_path("id", &id.to_string())?`.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, parse_quote};

use crate::bindings::{Location, OperationBinding};
use crate::passes::{Context, PassError, argument_of, each_builder, edit_arguments, expect, ident_of};

const PASS: &str = "path-guard";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let mut guard = Guard { binding, found: 0 };
        guard.visit_impl_item_fn_mut(builder.function(PASS, "send")?);
        expect(PASS, "path arguments", binding, guard.found, binding.of(Location::Path).count())
    })
}

struct Guard<'a> {
    binding: &'a OperationBinding,
    found: usize,
}

impl VisitMut for Guard<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Some(Expr::Reference(argument)) = argument_of(expression, "encode_path") else { return };
        let Expr::MethodCall(to_string) = argument.expr.as_ref() else { return };
        let Some(setter) = ident_of(&to_string.receiver) else { return };
        let Some(parameter) = self.binding.by_setter(&setter.to_string()) else { return };
        let (name, value) = (&parameter.name, argument);
        *expression = parse_quote!(encode_path(#name, #value)?);
        self.found += 1;
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        edit_arguments(call, |argument| self.visit_expr_mut(argument));
    }
}
