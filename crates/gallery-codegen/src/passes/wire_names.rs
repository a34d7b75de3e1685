//! Gives query and header parameters their names over the wire: lowering named them after their setters.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprLit, Lit, LitStr};

use crate::bindings::{Location, OperationBinding};
use crate::passes::{Context, PassError, each_builder, expect};

const PASS: &str = "wire-names";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let mut names = Names { binding, found: 0 };
        names.visit_impl_item_fn_mut(builder.function(PASS, "send")?);
        let expected = binding.of(Location::Query).count() + binding.of(Location::Header).count();
        expect(PASS, "query and header parameters", binding, names.found, expected)
    })
}

struct Names<'a> {
    binding: &'a OperationBinding,
    found: usize,
}

impl Names<'_> {
    fn rename(&mut self, name: Option<&mut Expr>, location: Location) {
        let Some(Expr::Lit(ExprLit { lit: Lit::Str(literal), .. })) = name else { return };
        let setter = literal.value();
        if let Some(parameter) = self.binding.by_setter(&setter).filter(|parameter| parameter.location == location) {
            *literal = LitStr::new(&parameter.name, literal.span());
            self.found += 1;
        }
    }
}

impl VisitMut for Names<'_> {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        visit_mut::visit_expr_call_mut(self, call);
        let Expr::Path(path) = call.func.as_ref() else { return };
        if path.path.segments.iter().any(|segment| segment.ident == "QueryParam") {
            self.rename(call.args.first_mut(), Location::Query);
        }
    }

    fn visit_expr_method_call_mut(&mut self, call: &mut syn::ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "append" {
            self.rename(call.args.first_mut(), Location::Header);
        }
    }
}
