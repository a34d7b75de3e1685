//! Faults in the stream of a list that comes in pages.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Expr, ExprCall, ExprMethodCall, Ident, ImplItemFn, parse_quote};

use super::site::Change;
use super::source::{Call, Source};

/// A change of `stream`. An operation without one is not changed, and that is no mutant.
fn stream(call: &Call, place: &str, what: &str, edit: impl FnOnce(&mut ImplItemFn)) -> Change {
    call.change("stream", place, what, edit)
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

fn arguments(call: &Call, place: &str, what: &str, edit: impl FnOnce(&mut Vec<Expr>)) -> Change {
    stream(call, place, what, |function| {
        Arguments(Some(edit)).visit_block_mut(&mut function.block)
    })
}

/// Gives a field of `Pagination` another value.
struct Pagination<'a>(&'a str, fn(i64) -> Expr);

impl VisitMut for Pagination<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        if matches!(&field.member, syn::Member::Named(name) if name == self.0) {
            let written = field.expr.to_token_stream().to_string();
            let digits: String = written
                .chars()
                .filter(|c| c.is_ascii_digit() || *c == '-')
                .collect();
            // `i64` is behind the number.
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
        Pagination(field, value).visit_block_mut(&mut function.block)
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
        "number and size of pages stand in each other's place",
        |arguments| arguments.swap(1, 2),
    )]
}

/// Edits the setter that the stream sets for each page.
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
            &format!("the stream counts `{name}` up"),
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
        paging(call, "first", "the first page has the next number", next),
        arguments(
            call,
            "page",
            "the stream begins at the first page, whatever is set",
            |arguments| {
                arguments[1] = parse_quote!(Ok(None::<i64>));
            },
        ),
    ]
}

pub(super) fn size(_: &Source, call: &Call) -> Vec<Change> {
    vec![
        paging(call, "default", "a page has one item more by default", next),
        paging(call, "max", "a page has one item more at most", |number| {
            let next = next(number);
            parse_quote!(Some(#next))
        }),
        stream(
            call,
            "no-max",
            "nobody knows how many items a page has at most",
            |function| {
                Pagination("max", |_| parse_quote!(None)).visit_block_mut(&mut function.block);
            },
        ),
        arguments(
            call,
            "per_page",
            "a page is as long as by default, whatever is set",
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
        "no page is short, and the stream goes on to an empty one",
        |_| parse_quote!(Some(0i64)),
    )]
}

pub(super) fn standing(_: &Source, call: &Call) -> Vec<Change> {
    vec![stream(
        call,
        "stream",
        "the number of the page is not set",
        |function| {
            let edit = |setter: &mut Expr| {
                if let Expr::MethodCall(own) = setter {
                    let receiver = own.receiver.as_ref();
                    // The number is looked at, so that its type is known.
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
