//! Faults in the request body.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Stmt, parse_quote};

use crate::site::Change;
use crate::source::{Call, Part, Source};
use crate::syntax::ident_of;
use crate::syntax::in_function;

const FORM: &str = "application/x-www-form-urlencoded";

/// The functions of the runtime that set a body.
fn bodies<'a>(call: &'a Call, kinds: &[&str]) -> Vec<&'a Part> {
    call.of(kinds)
}

/// Returns a change for each body, all with the location `body`.
fn instead(call: &Call, kinds: &[&str], what: &str, value: impl Fn(&Part) -> Expr) -> Vec<Change> {
    named(
        bodies(call, kinds)
            .into_iter()
            .map(|part| call.sending_instead(part, what, value(part))),
    )
}

/// Sets the location of changes to `body`, because they apply to every media type.
fn named(changes: impl Iterator<Item = Change>) -> Vec<Change> {
    changes.map(|change| change.at("body")).collect()
}

pub(super) fn dropped(_: &Source, call: &Call) -> Vec<Change> {
    let parts = bodies(call, &["json", "form", "bytes", "multipart"]);
    named(
        parts
            .into_iter()
            .map(|part| call.replacing(part, "the body is missing", |_| Vec::new())),
    )
}

pub(super) fn wrapped(_: &Source, call: &Call) -> Vec<Change> {
    instead(
        call,
        &["json", "form"],
        "the body is the property `body` of an object",
        |part| {
            let value = &part.value;
            parse_quote!(&::std::collections::BTreeMap::from([("body", #value)]))
        },
    )
}

pub(super) fn truncated(_: &Source, call: &Call) -> Vec<Change> {
    let mut changes = instead(
        call,
        &["json", "form"],
        "the last item or field of the body is missing",
        |part| {
            let value = &part.value;
            parse_quote! {
                &match ::serde_json::to_value(#value).unwrap_or_default() {
                    ::serde_json::Value::Array(mut items) => {
                        items.pop();
                        ::serde_json::Value::Array(items)
                    }
                    ::serde_json::Value::Object(mut fields) => {
                        fields.keys().next_back().cloned().map(|last| fields.remove(&last));
                        ::serde_json::Value::Object(fields)
                    }
                    other => other,
                }
            }
        },
    );
    changes.extend(instead(
        call,
        &["bytes"],
        "the last byte of the body is missing",
        |part| {
            let value = &part.value;
            parse_quote!(&(#value).slice(..(#value).len().saturating_sub(1)))
        },
    ));
    changes
}

pub(super) fn limited(_: &Source, call: &Call) -> Vec<Change> {
    instead(
        call,
        &["json"],
        "only the first hundred items of a list are sent",
        |part| {
            let value = &part.value;
            parse_quote! {
                &match ::serde_json::to_value(#value).unwrap_or_default() {
                    ::serde_json::Value::Array(mut items) => {
                        items.truncate(100);
                        ::serde_json::Value::Array(items)
                    }
                    other => other,
                }
            }
        },
    )
    .into_iter()
    // Only lists can be cut.
    .filter(|_| {
        let kind = call
            .arguments
            .iter()
            .find(|argument| argument.name == "body")
            .map(|argument| &argument.kind);
        kind.is_some_and(|kind| quote::quote!(#kind).to_string().contains("Vec <"))
    })
    .collect()
}

pub(super) fn as_text(_: &Source, call: &Call) -> Vec<Change> {
    instead(
        call,
        &["json"],
        "the body is a JSON string that contains the JSON",
        |part| {
            let value = &part.value;
            parse_quote!(&::serde_json::to_string(#value).unwrap_or_default())
        },
    )
}

pub(super) fn as_other(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        let value = &part.value;
        let is_json = part.kind == "json";
        let what = if is_json {
            "the body is a form"
        } else {
            "the body is JSON"
        };
        call.editing(part, what, |call| {
            call.method =
                syn::Ident::new(if is_json { "form" } else { "json" }, call.method.span());
            call.args = match is_json {
                true => parse_quote!(#FORM, &[], #value),
                false => parse_quote!("application/json", #value),
            };
        })
    };
    named(bodies(call, &["json", "form"]).into_iter().map(change))
}

pub(super) fn form_style_lost(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.editing(part, "the styles of fields are lost", |call| {
            if let Some(fields) = call.args.iter_mut().nth(1) {
                *fields = parse_quote!(&[]);
            }
        })
    };
    // A form without such fields does not change, and is not a mutant.
    named(bodies(call, &["form"]).into_iter().map(change))
}

pub(super) fn content_type_changed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |part: &Part| {
        call.editing(part, format!("`{}` is `text/plain`", part.name), |call| {
            if let Some(first) = call.args.first_mut() {
                *first = parse_quote!("text/plain");
            }
        })
    };
    named(
        bodies(call, &["json", "form", "bytes"])
            .into_iter()
            .filter(|part| !part.name.is_empty())
            .map(change),
    )
}

/// Adds an `else` to `if let Some(body) = &body { … }`.
struct Else<'a>(&'a Call);

impl VisitMut for Else<'_> {
    fn visit_stmt_mut(&mut self, statement: &mut Stmt) {
        let request = &self.0.request;
        if let Stmt::Expr(Expr::If(condition), _) = statement {
            condition.else_branch = Some((
                Default::default(),
                parse_quote!({
                    #request.json("application/json", &())?;
                }),
            ));
        }
    }
}

pub(super) fn null(_: &Source, call: &Call) -> Vec<Change> {
    let argument = call
        .arguments
        .iter()
        .find(|argument| argument.name == "body" && argument.optional);
    let json = bodies(call, &["json"]);
    let change = |_: &&Part| {
        call.sending("body", "`null` is sent if no body is given", |block| {
            block
                .stmts
                .iter_mut()
                .for_each(|statement| Else(call).visit_stmt_mut(statement));
        })
    };
    json.iter()
        .filter(|_| argument.is_some())
        .map(change)
        .collect()
}

/// Removes `self.body = self.body.map(…);`.
struct Silent;

impl VisitMut for Silent {
    fn visit_block_mut(&mut self, block: &mut syn::Block) {
        visit_mut::visit_block_mut(self, block);
        block
            .stmts
            .retain(|statement| !matches!(statement, Stmt::Expr(Expr::Assign(_), Some(_))));
        if block
            .stmts
            .last()
            .is_some_and(|last| matches!(last, Stmt::Expr(own, None) if ident_of(own).is_some_and(|name| name == "self")))
        {
            block.stmts.insert(0, parse_quote!(drop(f);));
        }
    }
}

pub(super) fn map_silent(_: &Source, call: &Call) -> Vec<Change> {
    let mut item = call.implementation.item.clone();
    in_function(&mut item, "body_map", |function| {
        Silent.visit_block_mut(&mut function.block);
    });
    vec![Change::new(
        "body",
        "`body_map` changes nothing",
        vec![(&call.implementation, item)],
    )]
}
