//! Reads the conversions of multipart bodies.

use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{Expr, ExprLit, ExprMethodCall, ItemImpl, Lit, Type};

use crate::description::{Text, range};

/// A call that adds the parts of a field: `.value("NAME", …)` or `.files("NAME", …)`.
pub(super) struct FormPart {
    pub(super) name: Text,
    /// The call without its receiver.
    pub(super) range: Range<usize>,
}

/// Reads the name and the parts of `impl From<&NAME> for gallery_runtime::Multipart`.
pub(super) fn form(block: &ItemImpl) -> Option<(String, Vec<FormPart>)> {
    let Type::Path(target) = block.self_ty.as_ref() else {
        return None;
    };
    if target.path.segments.last()?.ident != "Multipart" {
        return None;
    }
    let mut parts = Parts::default();
    parts.visit_item_impl(block);
    let name = parts.form?;
    // Calls are visited from the last to the first.
    parts.found.reverse();
    Some((name, parts.found))
}

#[derive(Default)]
struct Parts {
    found: Vec<FormPart>,
    /// The name of the type of the argument.
    form: Option<String>,
}

impl<'a> Visit<'a> for Parts {
    fn visit_fn_arg(&mut self, argument: &'a syn::FnArg) {
        if let syn::FnArg::Typed(argument) = argument
            && let Type::Reference(reference) = argument.ty.as_ref()
            && let Type::Path(path) = reference.elem.as_ref()
        {
            let last = path.path.segments.last();
            self.form = last.map(|last| last.ident.to_string());
        }
    }

    fn visit_expr_method_call(&mut self, call: &'a ExprMethodCall) {
        let is_part = call.method == "value" || call.method == "files";
        if let Some(Expr::Lit(ExprLit {
            lit: Lit::Str(name),
            ..
        })) = call.args.first().filter(|_| is_part)
        {
            self.found.push(FormPart {
                name: Text {
                    value: name.value(),
                    range: range(name),
                },
                range: range(&call.receiver).end..range(call).end,
            });
        }
        visit::visit_expr_method_call(self, call);
    }
}
