//! Makes the client hold the runtime's transport, in place of progenitor's HTTP client and traits.

use syn::{Item, ItemConst, ItemImpl, ItemStruct, parse_quote};

use crate::passes::{Context, PassError, is_inherent};

const PASS: &str = "client";

/// The client's own struct and functions; progenitor's traits for them go.
pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
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
    file.items.push(Item::Const(servers(context)));
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

            /// Sends the operations that have a server of their own to another base URL than the document's. `url` is that server's
            /// URL, as the documentation of the operation shows it.
            pub fn with_server(self, url: &str, base_url: &str) -> Result<Self, gallery_runtime::BuildError> {
                Ok(Self { transport: self.transport.with_server(url, base_url, SERVERS)? })
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

/// The servers that operations have for themselves, each once.
fn servers(context: &Context<'_>) -> ItemConst {
    let mut urls: Vec<&str> = Vec::new();
    for server in context.bindings.operations.iter().filter_map(|binding| binding.server.as_ref()) {
        if !urls.contains(&server.url.as_str()) {
            urls.push(&server.url);
        }
    }
    parse_quote! {
        const SERVERS: &[&str] = &[#(#urls),*];
    }
}
