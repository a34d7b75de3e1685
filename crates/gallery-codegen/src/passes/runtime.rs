//! Replaces paths of `progenitor_client` and `reqwest` by paths of the runtime.

use syn::visit_mut::{self, VisitMut};
use syn::{Item, ItemUse, UseTree, parse_quote};

use crate::passes::edit::{Context, PassError, module};
use crate::syntax::ident;

const PASS: &str = "runtime";

pub(crate) fn apply(file: &mut syn::File, _: &Context<'_>) -> Result<(), PassError> {
    let is_import = |item: &Item| matches!(item, Item::Use(ItemUse { tree: UseTree::Path(path), .. }) if path.ident == "progenitor_client");
    let before = file.items.len();
    file.items.retain(|item| !is_import(item));
    if file.items.len() == before {
        return Err(PassError {
            pass: PASS,
            missing: "the imports from progenitor_client".to_owned(),
        });
    }

    // The prelude only re-exports `Client`.
    file.items
        .retain(|item| !matches!(item, Item::Mod(module) if module.ident == "prelude"));

    let builders = module(PASS, file, "builder")?;
    let items = builders
        .content
        .as_mut()
        .map(|(_, items)| items)
        .into_iter()
        .flatten();
    let mut replaced = false;
    // Unused if the document has no schemas.
    let types: ItemUse = parse_quote!(
        use super::types;
    );
    for item in items {
        if matches!(item, Item::Use(import) if *import == types) {
            *item = parse_quote! {
                #[allow(unused_imports)]
                use super::types;
            };
        }
        if matches!(item, Item::Use(ItemUse { tree: UseTree::Path(path), .. }) if path.ident == "super" && matches!(path.tree.as_ref(), UseTree::Group(_)))
        {
            *item = parse_quote! {
                #[allow(unused_imports)]
                use gallery_runtime::{Error, OperationInfo, ResponseValue, Untyped};
            };
            replaced = true;
        }
    }
    if !replaced {
        return Err(PassError {
            pass: PASS,
            missing: "the imports of the builders".to_owned(),
        });
    }
    Paths.visit_file_mut(file);
    // Re-exported for callers and for links in the documentation.
    file.items.insert(
        0,
        parse_quote!(
            pub use gallery_runtime::{
                AuthScheme, BuildError, Bytes, CallOptions, ClientBuilder, Error, ErrorKind,
                Middleware, Multipart, Next, PaginationStream, ResponseValue, RetryPolicy, Token,
                TokenProvider, Untyped,
            };
        ),
    );
    Ok(())
}

struct Paths;

impl VisitMut for Paths {
    fn visit_path_mut(&mut self, path: &mut syn::Path) {
        visit_mut::visit_path_mut(self, path);
        let Some(first) = path.segments.first_mut() else {
            return;
        };
        if first.ident == "progenitor_client" {
            first.ident = ident("gallery_runtime");
        } else if first.ident == "reqwest" {
            // The runtime re-exports its version of reqwest.
            path.leading_colon = None;
            path.segments.insert(0, ident("gallery_runtime").into());
        }
    }
}
