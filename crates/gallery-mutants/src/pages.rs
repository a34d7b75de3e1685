//! Faults in the stream of a paginated list.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, ExprMethodCall, Ident, ImplItemFn, parse_quote};

use crate::site::Change;
use crate::source::{Call, Source};

/// Changes `stream`. An operation without one does not change, and is not a mutant.
fn stream(call: &Call, location: &str, what: &str, edit: impl FnOnce(&mut ImplItemFn)) -> Change {
    call.change("stream", location, what, edit)
}

/// Edits the arguments of `gallery_runtime::paginate(pagination, page, per_page, ask)`.
struct Arguments<F>(Option<F>);

impl<F: FnOnce(&mut Vec<Expr>)> VisitMut for Arguments<F> {
    fn visit_expr_call_mut(&mut self, call: &mut ExprCall) {
        if call
            .func
            .to_token_stream()
            .to_string()
            .ends_with(":: paginate")
            && let Some(edit) = self.0.take()
        {
            let mut arguments: Vec<Expr> = call.args.iter().cloned().collect();
            edit(&mut arguments);
            call.args = arguments.into_iter().collect();
            return;
        }
        visit_mut::visit_expr_call_mut(self, call);
    }
}

fn arguments(call: &Call, location: &str, what: &str, edit: impl FnOnce(&mut Vec<Expr>)) -> Change {
    stream(call, location, what, |function| {
        Arguments(Some(edit)).visit_block_mut(&mut function.block);
    })
}

/// Replaces the value of a field of `Pagination`.
struct Pagination<'a>(&'a str, fn(i64) -> Expr);

impl VisitMut for Pagination<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == self.0) {
            let written = field.expr.to_token_stream().to_string();
            let digits: String = written
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '-')
                .collect();
            // The number has the suffix `i64`.
            let number = digits
                .strip_suffix("64")
                .unwrap_or(&digits)
                .parse()
                .unwrap_or_default();
            field.expr = self.1(number);
        }
    }
}

fn paging(call: &Call, field: &str, what: &str, value: fn(i64) -> Expr) -> Change {
    stream(call, field, what, |function| {
        Pagination(field, value).visit_block_mut(&mut function.block);
    })
}

fn next(number: i64) -> Expr {
    let next = number + 1;
    parse_quote!(#next)
}

pub(super) fn swapped(_: &Source, call: &Call) -> Vec<Change> {
    vec![arguments(
        call,
        "arguments",
        "the number and the size of pages are swapped",
        |arguments| arguments.swap(1, 2),
    )]
}

/// Edits the setter that the stream calls for each page.
struct Setter<F>(F);

impl<F: FnMut(&mut Expr)> VisitMut for Setter<F> {
    fn visit_expr_closure_mut(&mut self, closure: &mut syn::ExprClosure) {
        // `self.clone().page(page).send()`
        if let Expr::MethodCall(send) = closure.body.as_mut()
            && send.method == "send"
        {
            (self.0)(&mut send.receiver);
        }
    }
}

pub(super) fn parameter(_: &Source, call: &Call) -> Vec<Change> {
    let mut changes = Vec::new();
    for argument in call.arguments.iter().filter(|argument| argument.optional) {
        let name: &Ident = &argument.name;
        changes.push(stream(
            call,
            &name.to_string(),
            &format!("the stream increments `{name}`"),
            |function| {
                let edit = |setter: &mut Expr| {
                    if let Expr::MethodCall(ExprMethodCall { method, .. }) = setter {
                        *method = name.clone();
                    }
                };
                Setter(edit).visit_block_mut(&mut function.block);
            },
        ));
    }
    changes
}

pub(super) fn start(_: &Source, call: &Call) -> Vec<Change> {
    vec![
        paging(
            call,
            "first",
            "the number of the first page is one higher",
            next,
        ),
        arguments(
            call,
            "page",
            "the stream always begins at the first page",
            |arguments| {
                arguments[1] = parse_quote!(Ok(None::<i64>));
            },
        ),
    ]
}

pub(super) fn size(_: &Source, call: &Call) -> Vec<Change> {
    vec![
        paging(call, "default", "the default page size is one higher", next),
        paging(
            call,
            "max",
            "the maximum page size is one higher",
            |number| {
                let next = next(number);
                parse_quote!(Some(#next))
            },
        ),
        stream(
            call,
            "no-max",
            "the maximum page size is unknown",
            |function| {
                Pagination("max", |_| parse_quote!(None)).visit_block_mut(&mut function.block);
            },
        ),
        arguments(
            call,
            "per_page",
            "every page has the default size",
            |arguments| {
                arguments[2] = parse_quote!(Ok(None::<i64>));
            },
        ),
    ]
}

pub(super) fn one(_: &Source, call: &Call) -> Vec<Change> {
    vec![stream(
        call,
        "stream",
        "the stream ends after one page",
        |function| {
            Pagination("max", |_| parse_quote!(Some(i64::MAX)))
                .visit_block_mut(&mut function.block);
            let edit = |arguments: &mut Vec<Expr>| arguments[2] = parse_quote!(Ok(Some(i64::MAX)));
            Arguments(Some(edit)).visit_block_mut(&mut function.block);
        },
    )]
}

pub(super) fn past_end(_: &Source, call: &Call) -> Vec<Change> {
    vec![paging(
        call,
        "max",
        "a short page does not end the stream, only an empty one does",
        |_| parse_quote!(Some(0i64)),
    )]
}

pub(super) fn repeated(_: &Source, call: &Call) -> Vec<Change> {
    vec![stream(
        call,
        "stream",
        "the number of the page is not set",
        |function| {
            let edit = |setter: &mut Expr| {
                if let Expr::MethodCall(own) = setter {
                    let receiver = own.receiver.as_ref();
                    // Use the number, so that its type can be inferred.
                    *setter = parse_quote!({
                        let _: i64 = page;
                        #receiver
                    });
                }
            };
            Setter(edit).visit_block_mut(&mut function.block);
        },
    )]
}
