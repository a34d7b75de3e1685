//! Removes the `api-version` header that progenitor adds to each request and no document declares, and names the media types that
//! the document gives the answers in `Accept`.

use syn::{Expr, Stmt, parse_quote};

use crate::bindings::Location;
use crate::passes::chain::{Call, edit_request};
use crate::passes::{Context, PassError, each_builder, expect, same};

const PASS: &str = "headers";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let statements = &mut builder.function(PASS, "send")?.block.stmts;

        let before = statements.len();
        statements.retain(|statement| !is_api_version(statement));
        expect(PASS, "`api-version` headers", binding, before - statements.len(), 1)?;

        let has_headers = binding.of(Location::Header).next().is_some();
        if !has_headers {
            statements.retain(|statement| !declares(statement, "header_map"));
        }

        let accept = binding.answers.accept.join(", ");
        let edited = edit_request(statements, |request| {
            request.calls.retain(|call| {
                let sets_accept = call.name == "header" && call.arguments.first().is_some_and(|name| ends_with(name, "ACCEPT"));
                !sets_accept && (has_headers || call.name != "headers")
            });
            // Behind the method and URL, which is the first call.
            if !accept.is_empty() {
                let mut call = Call::new("header", parse_quote!(::reqwest::header::ACCEPT));
                call.arguments.push(parse_quote!(::reqwest::header::HeaderValue::from_static(#accept)));
                request.calls.insert(1.min(request.calls.len()), call);
            }
        });
        expect(PASS, "requests", binding, usize::from(edited), 1)
    })
}

fn is_api_version(statement: &Stmt) -> bool {
    let Stmt::Expr(Expr::MethodCall(call), _) = statement else { return false };
    let name: Expr = parse_quote!(::reqwest::header::HeaderName::from_static("api-version"));
    call.method == "append" && call.args.first().is_some_and(|argument| same(argument, &name))
}

fn declares(statement: &Stmt, name: &str) -> bool {
    let Stmt::Local(local) = statement else { return false };
    matches!(&local.pat, syn::Pat::Ident(pattern) if pattern.ident == name)
}

fn ends_with(expression: &Expr, name: &str) -> bool {
    matches!(expression, Expr::Path(path) if path.path.segments.last().is_some_and(|segment| segment.ident == name))
}
