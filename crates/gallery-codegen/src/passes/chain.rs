//! A chain of method calls, `a.b(c).d(e)?`, taken apart and put together again.

use syn::punctuated::Punctuated;
use syn::{Expr, ExprMethodCall, ExprTry, Ident, Token, parse_quote};

/// `base.name(arguments)…`, with or without a `?` at the end.
pub(crate) struct Chain {
    pub(crate) base: Expr,
    pub(crate) calls: Vec<Call>,
    question: bool,
}

/// One call of a chain. A `?` behind it is kept.
pub(crate) struct Call {
    pub(crate) name: Ident,
    pub(crate) arguments: Punctuated<Expr, Token![,]>,
}

impl Call {
    pub(crate) fn new(name: &str, argument: Expr) -> Call {
        Call { name: Ident::new(name, proc_macro2::Span::call_site()), arguments: std::iter::once(argument).collect() }
    }
}

impl Chain {
    pub(crate) fn of(expression: Expr) -> Chain {
        let (mut rest, question) = match expression {
            Expr::Try(ExprTry { expr, .. }) => (*expr, true),
            other => (other, false),
        };
        let mut calls = Vec::new();
        while let Expr::MethodCall(ExprMethodCall { receiver, method, args, .. }) = rest {
            calls.push(Call { name: method, arguments: args });
            rest = *receiver;
        }
        calls.reverse();
        Chain { base: rest, calls, question }
    }

    pub(crate) fn into_expression(self) -> Expr {
        let mut expression = self.base;
        for Call { name, arguments } in self.calls {
            expression = parse_quote!(#expression.#name(#arguments));
        }
        if self.question { parse_quote!(#expression?) } else { expression }
    }
}

/// The chain that builds a request: what the one local variable with `.build()?` at its end is set to.
pub(crate) fn edit_request(statements: &mut [syn::Stmt], edit: impl FnOnce(&mut Chain)) -> bool {
    for statement in statements {
        let syn::Stmt::Local(local) = statement else { continue };
        let Some(init) = &mut local.init else { continue };
        let is_request = matches!(init.expr.as_ref(), Expr::Try(tried) if matches!(tried.expr.as_ref(), Expr::MethodCall(call) if call.method == "build"));
        if is_request {
            let placeholder: Expr = parse_quote!(());
            let mut chain = Chain::of(std::mem::replace(init.expr.as_mut(), placeholder));
            edit(&mut chain);
            *init.expr = chain.into_expression();
            return true;
        }
    }
    false
}
