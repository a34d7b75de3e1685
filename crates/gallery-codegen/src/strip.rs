//! Removes request code from progenitor's output before it is parsed.
//!
//! This code is about two fifths of each builder, and the pass `request` replaces it. Removing its
//! tokens saves the time to parse them. The pass also works on code that still has them.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Removes the request code from `send` of all builders.
pub(crate) fn strip_requests(code: TokenStream) -> TokenStream {
    let edit_builder = |implementation| {
        blocks(
            implementation,
            |name| name == Some("send"),
            &without_request,
        )
    };
    let edit_module = |module| blocks(module, |_| true, &edit_builder);
    blocks(code, |name| name == Some("builder"), &edit_module)
}

/// Edits the block of each item if `is_wanted` returns true for the name of the item.
///
/// Only functions and modules have names. For other items, such as `impl`, the name is `None`.
fn blocks(
    code: TokenStream,
    is_wanted: impl Fn(Option<&str>) -> bool,
    edit: &dyn Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let (mut is_name, mut name) = (false, None);
    let edited = code.into_iter().map(|token| match token {
        TokenTree::Ident(ident) => {
            if is_name {
                name = Some(ident.to_string());
            }
            is_name = ident == "fn" || ident == "mod";
            TokenTree::Ident(ident)
        }
        TokenTree::Group(group)
            if group.delimiter() == Delimiter::Brace && is_wanted(name.take().as_deref()) =>
        {
            let inside = group.stream();
            // While the group exists, it shares its tokens, and editing would copy them.
            drop(group);
            TokenTree::Group(Group::new(Delimiter::Brace, edit(inside)))
        }
        token => token,
    });
    edited.collect()
}

/// Returns the body of `send` with only the statements that destructure the builder, convert the
/// arguments, and read the response.
fn without_request(send: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = send.into_iter().collect();
    let is_end =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let converts_argument = |statement: &&[TokenTree]| {
        statement
            .iter()
            .any(|token| matches!(token, TokenTree::Ident(ident) if ident == "map_err"))
    };
    let last = tokens.iter().rposition(is_end).map_or(0, |end| end + 1);
    let mut statements = tokens[..last].split_inclusive(is_end);
    let first = statements.next().map_or(0, <[_]>::len);
    let arguments: usize = statements
        .take_while(converts_argument)
        .map(<[_]>::len)
        .sum();
    tokens.drain(first + arguments..last);
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn keeps_arguments_and_response_of_send() {
        let code = quote! {
            impl Client { fn send() { let a = 1; b(); c } }
            pub mod builder {
                pub struct Get<'a> { url: Result<String, String> }
                impl<'a> Get<'a> {
                    fn new() -> Self { a(); b(); c }
                    async fn send(self) -> Result<A, B> {
                        let Self { client, url } = self;
                        let url = url.map_err(Error::InvalidRequest)?;
                        let _url = format!("{}/get", client.baseurl);
                        let mut request = client.get(_url).build()?;
                        let response = client.exec(request).await.map_err(x)?;
                        match response.status().as_u16() { 200u16 => a(), _ => { b(); c } }
                    }
                }
            }
        };
        let expected = quote! {
            impl Client { fn send() { let a = 1; b(); c } }
            pub mod builder {
                pub struct Get<'a> { url: Result<String, String> }
                impl<'a> Get<'a> {
                    fn new() -> Self { a(); b(); c }
                    async fn send(self) -> Result<A, B> {
                        let Self { client, url } = self;
                        let url = url.map_err(Error::InvalidRequest)?;
                        match response.status().as_u16() { 200u16 => a(), _ => { b(); c } }
                    }
                }
            }
        };
        assert_eq!(strip_requests(code).to_string(), expected.to_string());
    }
}
