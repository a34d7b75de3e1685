//! Faults in sending a request: server, number of attempts, credentials, operation.

use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Block, Expr, ExprMethodCall, Stmt, parse_quote};

use crate::request::other_name;
use crate::site::Change;
use crate::source::{Call, Source};
use crate::syntax::{function, ident_of};

/// Returns the index of the statement that begins with a text, such as `let mut request =`.
fn position(block: &Block, begins: &str) -> Option<usize> {
    block
        .stmts
        .iter()
        .position(|statement| statement.to_token_stream().to_string().starts_with(begins))
}

/// Returns the index of `let response = client.transport.send(…)`. The variable's name depends on
/// the names of the arguments.
fn sending(block: &Block) -> Option<usize> {
    block.stmts.iter().position(|statement| {
        let text = statement.to_token_stream().to_string();
        text.starts_with("let ") && text.contains("= client . transport . send (")
    })
}

pub(super) fn base_path_lost(_: &Source, call: &Call) -> Vec<Change> {
    let request = &call.request;
    let change = call.sending("path", "the path of the base URL is lost", |block| {
        let Some(at) = sending(block) else { return };
        // Build the request first, so that its URL can be changed.
        Built(call).visit_stmt_mut(&mut block.stmts[at]);
        let lost: Block = parse_quote!({
            let mut #request = #request.build()?;
            if let Ok(base) = gallery_runtime::reqwest::Url::parse(client.base_url()) {
                let path = #request.url().path().strip_prefix(base.path().trim_end_matches('/')).unwrap_or_default().to_owned();
                #request.url_mut().set_path(&path);
            }
        });
        block.stmts.splice(at..at, lost.stmts);
    });
    vec![change]
        .into_iter()
        .filter(|_| own_server(call).is_none())
        .collect()
}

/// Replaces `request.build()?` by `request`.
struct Built<'a>(&'a Call);

impl VisitMut for Built<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if let Expr::Try(tried) = expression
            && matches!(tried.expr.as_ref(), Expr::MethodCall(own) if own.method == "build" && ident_of(&own.receiver) == Some(&self.0.request))
        {
            let request = &self.0.request;
            *expression = parse_quote!(#request);
        }
    }
}

/// Returns the arguments of `request_to`: method, server, default.
fn own_server(call: &Call) -> Option<Vec<Expr>> {
    let syn::Item::Impl(implementation) = &call.implementation.item else {
        return None;
    };
    let mut found = CallTo(None, None);
    found.visit_block_mut(&mut function(implementation, "send")?.block.clone());
    found.1
}

/// Replaces arguments of `client.transport.request_to(…)`.
struct CallTo(Option<Vec<Expr>>, Option<Vec<Expr>>);

impl VisitMut for CallTo {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "request_to" {
            self.1 = Some(call.args.iter().cloned().collect());
            if let Some(arguments) = &self.0 {
                call.args = arguments.iter().cloned().collect();
            }
        }
    }
}

pub(super) fn own_server_lost(_: &Source, call: &Call) -> Vec<Change> {
    let Some(method) = own_server(call).and_then(|arguments| arguments.into_iter().next()) else {
        return Vec::new();
    };
    let request = &call.request;
    let begun: Stmt = parse_quote!(let mut #request = client.transport.request(#method););
    let edit = |block: &mut Block| {
        if let Some(at) = position(block, &format!("let mut {request} =")) {
            block.stmts[at] = begun;
        }
    };
    vec![call.sending("server", "the request goes to the base URL", edit)]
}

pub(super) fn own_server_changed(_: &Source, call: &Call) -> Vec<Change> {
    let Some(mut arguments) = own_server(call) else {
        return Vec::new();
    };
    if let Some(default) = arguments.last_mut() {
        *default = match default.to_token_stream().to_string().as_str() {
            "None" => parse_quote!(Some("http://127.0.0.1:9/other")),
            _ => parse_quote!(None),
        };
    }
    vec![
        call.sending("server", "the default server is another one", |block| {
            CallTo(Some(arguments), None).visit_block_mut(block);
        }),
    ]
}

/// Returns a statement that sends a copy of the request.
fn copy(call: &Call) -> Expr {
    let request = &call.request;
    parse_quote!(#request.clone().build()?)
}

pub(super) fn sent_twice(_: &Source, call: &Call) -> Vec<Change> {
    let copy = copy(call);
    vec![
        call.sending("request", "the request is sent twice", |block| {
            let Some(at) = sending(block) else { return };
            let Some(info) = last_argument(&block.stmts[at]) else {
                return;
            };
            block.stmts.insert(
                at,
                parse_quote!(client.transport.send(#copy, #info).await?;),
            );
        }),
    ]
}

pub(super) fn sent_again(_: &Source, call: &Call) -> Vec<Change> {
    let copy = copy(call);
    vec![call.sending(
        "request",
        "the request is sent again after a 5xx status",
        |block| {
            let Some(at) = sending(block) else { return };
            let Some(info) = last_argument(&block.stmts[at]) else {
                return;
            };
            let Stmt::Local(local) = &mut block.stmts[at] else {
                return;
            };
            let syn::Pat::Ident(response) = &local.pat else {
                return;
            };
            let response = response.ident.clone();
            if let Some(init) = &mut local.init {
                init.expr = parse_quote!(client.transport.send(#copy, #info).await?);
            }
            let request = &call.request;
            let again: Stmt = parse_quote! {
                let #response = match #response.status().is_server_error() {
                    true => client.transport.send(#request.build()?, #info).await?,
                    false => #response,
                };
            };
            block.stmts.insert(at + 1, again);
        },
    )]
}

/// Returns the `&info` of `client.transport.send(request, &info)`.
fn last_argument(statement: &Stmt) -> Option<Expr> {
    struct Sent(Option<Expr>);
    impl VisitMut for Sent {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            if call.method == "send" {
                self.0 = call.args.last().cloned();
            }
            visit_mut::visit_expr_method_call_mut(self, call);
        }
    }
    let mut sent = Sent(None);
    sent.visit_stmt_mut(&mut statement.clone());
    sent.0
}

/// Replaces the texts of `OperationInfo::new(ID, PATH)`.
struct Info(usize);

impl VisitMut for Info {
    fn visit_expr_call_mut(&mut self, call: &mut syn::ExprCall) {
        if call
            .func
            .to_token_stream()
            .to_string()
            .ends_with("OperationInfo :: new")
            && let Some(text) = call.args.get(self.0).and_then(crate::source::text_of)
        {
            let other = other_name(&text);
            call.args[self.0] = parse_quote!(#other);
        }
    }
}

pub(super) fn operation_renamed(_: &Source, call: &Call) -> Vec<Change> {
    let change = |(at, location): (usize, &str)| {
        call.sending(
            location,
            format!("the {location} of the operation is another one"),
            |block| Info(at).visit_block_mut(block),
        )
    };
    [(0, "id"), (1, "path")].map(change).into()
}

/// Returns the kinds of the parts of a path, such as `literal path literal`.
fn shape(call: &Call) -> Vec<&str> {
    call.of(&["literal", "path"])
        .into_iter()
        .map(|part| part.kind.as_str())
        .collect()
}

/// Replaces the method and the literals of a request by those of another operation.
struct Crossed<'a> {
    request: &'a syn::Ident,
    method: Expr,
    literals: std::vec::IntoIter<String>,
}

impl VisitMut for Crossed<'_> {
    fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
        visit_mut::visit_expr_method_call_mut(self, call);
        if call.method == "request" || call.method == "request_to" {
            call.args[0] = self.method.clone();
        }
        if call.method == "literal" && ident_of(&call.receiver) == Some(self.request) {
            let own = self.literals.next();
            call.args = own
                .into_iter()
                .map(|text| -> Expr { parse_quote!(#text) })
                .collect();
        }
    }
}

/// Returns the operation's method, as an expression.
fn method(call: &Call) -> Option<Expr> {
    struct MethodArgument(Option<Expr>);
    impl VisitMut for MethodArgument {
        fn visit_expr_method_call_mut(&mut self, call: &mut ExprMethodCall) {
            visit_mut::visit_expr_method_call_mut(self, call);
            if call.method == "request" || call.method == "request_to" {
                self.0 = call.args.first().cloned();
            }
        }
    }
    let syn::Item::Impl(implementation) = &call.implementation.item else {
        return None;
    };
    let mut found = MethodArgument(None);
    found.visit_block_mut(&mut function(implementation, "send")?.block.clone());
    found.0
}

pub(super) fn operation_crossed(source: &Source, call: &Call) -> Vec<Change> {
    let at = source
        .calls
        .iter()
        .position(|own| own.id == call.id)
        .unwrap_or_default();
    let (before, after) = source.calls.split_at(at);
    let mut others = after.iter().skip(1).chain(before);
    let Some(other) = others.find(|other| shape(other) == shape(call)) else {
        return Vec::new();
    };
    let Some(method) = method(other) else {
        return Vec::new();
    };
    let literals: Vec<_> = other
        .of(&["literal"])
        .into_iter()
        .map(|part| part.name.clone())
        .collect();
    vec![
        call.sending(&other.id, format!("it calls `{}`", other.id), |block| {
            Crossed {
                request: &call.request,
                method,
                literals: literals.into_iter(),
            }
            .visit_block_mut(block);
        }),
    ]
}
