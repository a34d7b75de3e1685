//! Faults in query parameters and in the styles and locations of parameters.

use quote::quote;
use syn::{Expr, ExprLit, Ident, Lit, parse_quote};

use crate::request::{dropped, is_constant, renamed, swapped};
use crate::site::Change;
use crate::source::{Call, Part, Source};

pub(super) fn query_renamed(_: &Source, call: &Call) -> Vec<Change> {
    renamed(call, "query")
}

pub(super) fn query_dropped(_: &Source, call: &Call) -> Vec<Change> {
    dropped(call, &["query"])
}

pub(super) fn queries_swapped(_: &Source, call: &Call) -> Vec<Change> {
    swapped(call, "query")
}

/// Replaces the value of each query parameter by what `with` returns for it and for whether it is
/// optional, unless that is `None`.
fn query_with(call: &Call, what: &str, with: impl Fn(&Expr, bool) -> Option<Expr>) -> Vec<Change> {
    let mut changes = Vec::new();
    for part in call.of(&["query"]) {
        let Some(argument) = call.sent(&part.value) else {
            continue;
        };
        let Some(value) = with(&part.value, argument.optional) else {
            continue;
        };
        changes.push(call.sending_instead(part, format!("`{}` {what}", part.name), value));
    }
    changes
}

pub(super) fn query_constant(_: &Source, call: &Call) -> Vec<Change> {
    query_with(call, "is always 7", |value, optional| match optional {
        true => Some(parse_quote!(&(#value).as_ref().map(|_| 7))),
        false => Some(parse_quote!(&7)),
    })
}

fn query_or(call: &Call, what: &str, absent: &str) -> Vec<Change> {
    query_with(call, what, |value, optional| {
        optional.then(
            || parse_quote!(&(#value).as_ref().map_or_else(|| ::serde_json::json!(#absent), |value| ::serde_json::json!(value))),
        )
    })
}

pub(super) fn query_defaulted(_: &Source, call: &Call) -> Vec<Change> {
    query_or(call, "is 0 if it is absent", "0")
}

pub(super) fn query_empty(_: &Source, call: &Call) -> Vec<Change> {
    query_or(call, "is empty if it is absent", "")
}

pub(super) fn query_repeated(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.replacing(
            part,
            format!("`{}` is sent twice", part.name),
            |statement| vec![statement.clone(), statement.clone()],
        )
    };
    call.of(&["query"]).into_iter().map(change).collect()
}

fn is_list(call: &Call, part: &Part) -> bool {
    let kind = call.sent(&part.value).map(|argument| &argument.kind);
    kind.is_some_and(|kind| quote!(#kind).to_string().contains("Vec <"))
}

/// Only in the query does it matter whether a list is exploded. A list in JSON does not change, and
/// is not a mutant.
pub(super) fn explode_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.editing(
            part,
            format!(
                "the list `{}` is joined instead of exploded, or exploded instead of joined",
                part.name
            ),
            |call| {
                let is_json = call
                    .args
                    .iter()
                    .any(|argument| quote!(#argument).to_string().ends_with("Style :: Json"));
                for argument in call.args.iter_mut().filter(|_| !is_json) {
                    if let Expr::Lit(ExprLit {
                        lit: Lit::Bool(explode),
                        ..
                    }) = argument
                    {
                        explode.value = !explode.value;
                    }
                }
            },
        )
    };
    call.of(&["query"])
        .into_iter()
        .filter(|part| is_list(call, part))
        .map(change)
        .collect()
}

pub(super) fn style_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.editing(
            part,
            format!("the list `{}` is written in another style", part.name),
            |call| {
                for argument in &mut call.args {
                    let written = quote!(#argument).to_string();
                    if let Some(style) = written
                        .rsplit_once("Style :: ")
                        .map(|(_, style)| style.trim())
                    {
                        // Only the query has this style; the others have `Simple` and `Form`.
                        let other = Ident::new(
                            if style == "Json" { "Form" } else { "Json" },
                            proc_macro2::Span::call_site(),
                        );
                        *argument = parse_quote!(gallery_runtime::Style::#other);
                    }
                }
            },
        )
    };
    call.of(&["query", "header", "cookie", "path"])
        .into_iter()
        .filter(|part| is_list(call, part))
        .map(change)
        .collect()
}

pub(super) fn parameter_moved(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        let other = if part.kind == "query" {
            "header"
        } else {
            "query"
        };
        call.editing(
            part,
            format!("`{}` is a {other} parameter", part.name),
            |call| {
                call.method = Ident::new(other, call.method.span());
            },
        )
    };
    call.of(&["query", "header"])
        .into_iter()
        .filter(|part| !is_constant(part))
        .map(change)
        .collect()
}
