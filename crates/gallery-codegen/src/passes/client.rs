//! Replaces progenitor's HTTP client and traits by the runtime's transport.

use syn::{Item, ItemConst, ItemImpl, ItemStruct, parse_quote};

use crate::passes::edit::{Context, PassError, is_inherent};

const PASS: &str = "client";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    let missing = |what: &str| PassError {
        pass: PASS,
        missing: what.to_owned(),
    };
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
    file.items
        .extend([Item::Impl(from_transport()), Item::Const(servers(context))]);
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
            /// Creates a client for the API at `base_url`: scheme, host, port and base path.
            ///
            /// A trailing slash makes no difference. Use [`Client::builder`] for other settings.
            pub fn new(base_url: &str) -> Result<Self, gallery_runtime::BuildError> {
                Self::builder(base_url).build()
            }

            /// Creates a builder for a client of the API at `base_url`, to set credentials,
            /// timeouts, retries, redirects, servers and middleware.
            pub fn builder(base_url: &str) -> gallery_runtime::ClientBuilder<Self> {
                gallery_runtime::ClientBuilder::new(base_url, SERVERS)
            }

            /// Returns a client that uses other options and shares the connections of this one.
            #[must_use]
            pub fn with_options(&self, options: gallery_runtime::CallOptions) -> Self {
                Self { transport: self.transport.with_options(options) }
            }

            /// Returns the base URL, without a trailing slash.
            pub fn base_url(&self) -> &str {
                self.transport.base_url()
            }
        }
    }
}

fn from_transport() -> ItemImpl {
    parse_quote! {
        impl From<gallery_runtime::Transport> for Client {
            fn from(transport: gallery_runtime::Transport) -> Self {
                Self { transport }
            }
        }
    }
}

/// Returns the constant with the servers of single operations.
fn servers(context: &Context<'_>) -> ItemConst {
    let mut urls: Vec<&str> = Vec::new();
    for server in context
        .bindings
        .operations
        .iter()
        .filter_map(|binding| binding.server.as_ref())
    {
        if !urls.contains(&server.url.as_str()) {
            urls.push(&server.url);
        }
    }
    parse_quote! {
        const SERVERS: &[&str] = &[#(#urls),*];
    }
}
