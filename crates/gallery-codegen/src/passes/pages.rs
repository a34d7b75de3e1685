//! Gives the builders of lists that come in pages a `stream` beside `send`. How a stream goes is the runtime's business; here it is told
//! which setter has the page's number, and what one page is.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;
use syn::{GenericArgument, ImplItem, PathArguments, ReturnType, Type, parse_quote};

use crate::pages::{PagesBinding, Walked};
use crate::passes::{Builder, Context, PassError, each_builder};

const PASS: &str = "pages";

pub(crate) fn apply(file: &mut syn::File, context: &Context<'_>) -> Result<(), PassError> {
    each_builder(PASS, file, context, |mut builder| {
        let Some(pages) = &builder.binding.pages else {
            return Ok(());
        };
        let (item, error) = answer(&mut builder)?;
        builder
            .implementation
            .items
            .push(stream(pages, &item, &error));
        Ok(())
    })
}

/// The `T` and `E` of what `send` returns: `Result<ResponseValue<Vec<T>>, Error<E>>`.
fn answer(builder: &mut Builder<'_>) -> Result<(Type, Type), PassError> {
    let missing = PassError {
        pass: PASS,
        missing: format!("the list that `{}` answers", builder.binding.method),
    };
    let ReturnType::Type(_, returned) = &builder.function(PASS, "send")?.sig.output else {
        return Err(missing);
    };
    let result = arguments(returned, "Result");
    let items = result
        .first()
        .and_then(|answer| arguments(answer, "ResponseValue").first().copied());
    let item = items.and_then(|items| arguments(items, "Vec").first().copied());
    let error = result
        .get(1)
        .and_then(|error| arguments(error, "Error").first().copied());
    item.cloned().zip(error.cloned()).ok_or(missing)
}

/// The types between the angle brackets of a type of this name.
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
    let (set_page, set_per_page) = (as_set(page), as_set(per_page));
    let setter = Ident::new(&page.setter, Span::call_site());
    parse_quote! {
        pub fn stream(self) -> gallery_runtime::PaginationStream<'a, #item, #error> {
            let pagination = gallery_runtime::Pagination { first: #first, default: #default, max: #max };
            gallery_runtime::paginate(pagination, #set_page, #set_per_page, move |page| self.clone().#setter(page).send())
        }
    }
}

/// What the caller set, as the runtime takes it.
fn as_set(parameter: &Walked) -> TokenStream {
    let setter = Ident::new(&parameter.setter, Span::call_site());
    let some = parameter.required.then(|| quote!(.map(Some)));
    quote!(self.#setter.clone()#some)
}
