//! Adds `stream` to the builders of paginated operations, as a call of the runtime's `paginate`.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{GenericArgument, ImplItem, PathArguments, ReturnType, Type, parse_quote};

use crate::pages::{PageParameter, PagesBinding};
use crate::passes::edit::{Builder, Context, PassError, each_builder};

const PASS: &str = "pages";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let Some(pages) = &builder.binding.pages else {
            return Ok(());
        };
        let (item, error) = returned_types(&mut builder)?;
        builder
            .implementation
            .items
            .push(stream(pages, &item, &error));
        Ok(())
    })
}

/// Returns `T` and `E` of the return type of `send`: `Result<ResponseValue<Vec<T>>, Error<E>>`.
fn returned_types(builder: &mut Builder<'_>) -> Result<(Type, Type), PassError> {
    let missing = PassError {
        pass: PASS,
        missing: format!("the array that `{}` returns", builder.binding.method),
    };
    let ReturnType::Type(_, returned) = &builder.function(PASS, "send")?.sig.output else {
        return Err(missing);
    };
    let result = arguments(returned, "Result");
    let items = result
        .first()
        .and_then(|response| arguments(response, "ResponseValue").first().copied());
    let item = items.and_then(|items| arguments(items, "Vec").first().copied());
    let error = result
        .get(1)
        .and_then(|error| arguments(error, "Error").first().copied());
    item.cloned().zip(error.cloned()).ok_or(missing)
}

/// Returns the generic arguments of a type with this name.
fn arguments<'a>(kind: &'a Type, name: &str) -> Vec<&'a Type> {
    let Type::Path(path) = kind else {
        return Vec::new();
    };
    let Some(last) = path.path.segments.last().filter(|last| last.ident == name) else {
        return Vec::new();
    };
    let PathArguments::AngleBracketed(arguments) = &last.arguments else {
        return Vec::new();
    };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    });
    types.collect()
}

fn stream(pages: &PagesBinding, item: &Type, error: &Type) -> ImplItem {
    let PagesBinding {
        page,
        per_page,
        first,
        default,
        max,
    } = pages;
    let max = max.map_or_else(|| quote!(None), |max| quote!(Some(#max)));
    let (set_page, set_per_page) = (optional_argument(page), optional_argument(per_page));
    let setter = Ident::new(&page.setter, Span::call_site());
    parse_quote! {
        pub fn stream(self) -> gallery_runtime::PaginationStream<'a, #item, #error> {
            let pagination = gallery_runtime::Pagination { first: #first, default: #default, max: #max };
            gallery_runtime::paginate(pagination, #set_page, #set_per_page, move |page| self.clone().#setter(page).send())
        }
    }
}

/// Returns an argument as an `Option`, for `paginate`.
fn optional_argument(parameter: &PageParameter) -> TokenStream {
    let setter = Ident::new(&parameter.setter, Span::call_site());
    let some = parameter.required.then(|| quote!(.map(Some)));
    quote!(self.#setter.clone()#some)
}
