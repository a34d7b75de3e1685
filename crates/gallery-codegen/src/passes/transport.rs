//! Sends requests through the runtime's transport: the client holds one, and the calls of progenitor's three hooks become one call.

use syn::visit_mut::{self, VisitMut};
use syn::{Expr, Ident, Item, ItemImpl, ItemStruct, Stmt, parse_quote};

use crate::passes::{Context, PassError, each_builder, edit_arguments, expect, is_inherent};

const PASS: &str = "transport";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    replace_client(file)?;
    each_builder(PASS, file, context, |mut builder| {
        let binding = builder.binding;
        let block = &mut builder.function(PASS, "send")?.block;
        expect(PASS, "calls of hooks", binding, send_through_transport(&mut block.stmts), 4)?;
        let mut fields = Fields::default();
        fields.visit_block_mut(block);
        expect(PASS, "uses of the base URL", binding, fields.base_url, 1)?;
        expect(PASS, "uses of the HTTP client", binding, fields.http, 1)
    })
}

/// The client's own struct and functions; progenitor's traits for them go.
fn replace_client(file: &mut syn::File) -> Result<(), PassError> {
    let missing = |what: &str| PassError { pass: PASS, missing: what.to_owned() };
    file.items.retain(|item| {
        let implemented = |implementation: &ItemImpl| {
            let name = implementation
                .trait_
                .as_ref()
                .and_then(|(path, _)| path.segments.last())
                .map(|segment| segment.ident.to_string());
            matches!(name.as_deref(), Some("ClientInfo" | "ClientHooks"))
        };
        !matches!(item, Item::Impl(implementation) if implemented(implementation))
    });
    let structure = file.items.iter_mut().find_map(|item| match item {
        Item::Struct(structure) if structure.ident == "Client" => Some(structure),
        _ => None,
    });
    *structure.ok_or_else(|| missing("the struct `Client`"))? = client_struct();
    let constructors = file.items.iter_mut().find_map(|item| match item {
        Item::Impl(implementation) if is_inherent(implementation, "Client") => Some(implementation),
        _ => None,
    });
    *constructors.ok_or_else(|| missing("the constructors of `Client`"))? = client_functions();
    Ok(())
}

fn client_struct() -> ItemStruct {
    parse_quote! {
        #[derive(Clone, Debug)]
        pub struct Client {
            transport: gallery_runtime::Transport,
        }
    }
}

fn client_functions() -> ItemImpl {
    parse_quote! {
        impl Client {
            /// A client of the API at `base_url`: scheme, host, port and base path, for example the one that the crate's
            /// documentation shows. A slash at its end makes no difference.
            ///
            /// Redirects are not followed, and a call gives up after 60 seconds.
            pub fn new(base_url: &str) -> Result<Self, gallery_runtime::BuildError> {
                Ok(Self { transport: gallery_runtime::Transport::new(base_url)? })
            }

            /// A client of the API at `base_url` over an HTTP client of your own, with its timeouts and its handling of redirects.
            pub fn with_http_client(base_url: &str, http: ::reqwest::Client) -> Result<Self, gallery_runtime::BuildError> {
                Ok(Self { transport: gallery_runtime::Transport::with_http_client(base_url, http)? })
            }

            /// Adds a hook that sees every request, for example to add a token. It stands nearer to the network than those before.
            #[must_use]
            pub fn with_hook(self, hook: impl gallery_runtime::Hook) -> Self {
                Self { transport: self.transport.with_hook(hook) }
            }

            /// The base URL, without a slash at its end.
            pub fn base_url(&self) -> &str {
                self.transport.base_url()
            }
        }
    }
}

/// `pre`, `exec`, `post` and the `?` behind them become one `send`. Gives how many statements of that kind there were.
fn send_through_transport(statements: &mut Vec<Stmt>) -> usize {
    let mut found = 0;
    let mut names = (None, None);
    statements.retain(|statement| {
        let hook = hook(statement);
        if let Some(Hook::Exec { request, result }) = &hook {
            names = (Some(request.clone()), Some(result.clone()));
        }
        found += usize::from(hook.is_some());
        hook.is_none()
    });
    let (Some(request), Some(result)) = names else { return 0 };
    for statement in statements {
        let Stmt::Local(local) = statement else { continue };
        // Nothing changes the request any more.
        local.attrs.clear();
        let Some(init) = &mut local.init else { continue };
        let tried: Expr = parse_quote!(#result?);
        if *init.expr == tried {
            *init.expr = parse_quote!(client.transport.send(#request, &info).await?);
            found += 1;
        }
        if let syn::Pat::Ident(pattern) = &mut local.pat
            && pattern.ident == request
        {
            pattern.mutability = None;
        }
    }
    found
}

enum Hook {
    Pre,
    Exec { request: Ident, result: Ident },
    Post,
}

/// Which of progenitor's hooks a statement calls.
fn hook(statement: &Stmt) -> Option<Hook> {
    match statement {
        Stmt::Expr(Expr::Try(tried), _) => {
            let Expr::Await(awaited) = tried.expr.as_ref() else { return None };
            let Expr::MethodCall(call) = awaited.base.as_ref() else { return None };
            match call.method.to_string().as_str() {
                "pre" => Some(Hook::Pre),
                "post" => Some(Hook::Post),
                _ => None,
            }
        }
        Stmt::Local(local) => {
            let Expr::Await(awaited) = local.init.as_ref()?.expr.as_ref() else { return None };
            let Expr::MethodCall(call) = awaited.base.as_ref() else { return None };
            let syn::Pat::Ident(result) = &local.pat else { return None };
            let request = call.args.first().and_then(super::ident_of)?;
            (call.method == "exec").then(|| Hook::Exec { request: request.clone(), result: result.ident.clone() })
        }
        _ => None,
    }
}

/// `client.baseurl` and `client.client` become calls of the transport.
#[derive(Default)]
struct Fields {
    base_url: usize,
    http: usize,
}

impl VisitMut for Fields {
    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        let Expr::Field(field) = expression else { return };
        let syn::Member::Named(name) = &field.member else { return };
        if super::ident_of(&field.base).is_none_or(|base| base != "client") {
            return;
        }
        if name == "baseurl" {
            *expression = parse_quote!(client.transport.base_url());
            self.base_url += 1;
        } else if name == "client" {
            *expression = parse_quote!(client.transport.http());
            self.http += 1;
        }
    }

    fn visit_macro_mut(&mut self, call: &mut syn::Macro) {
        edit_arguments(call, |argument| self.visit_expr_mut(argument));
    }
}
