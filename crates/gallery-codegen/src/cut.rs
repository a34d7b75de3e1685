//! Takes out of the code that progenitor wrote, while it is tokens, what the pass `request` replaces: two fifths of a builder, which need
//! not be parsed then. Where this finds nothing to take out, the pass does it all the same.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// The code of a client without the requests in the builders' `send`.
pub(crate) fn without_requests(code: TokenStream) -> TokenStream {
    let of_builder = |implementation| {
        blocks(
            implementation,
            |name| name == Some("send"),
            &without_request,
        )
    };
    let of_module = |module| blocks(module, |_| true, &of_builder);
    blocks(code, |name| name == Some("builder"), &of_module)
}

/// Edits the blocks in braces that are asked for, by the function or module whose they are, if any.
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
            // Else the tokens would have two owners, and be copied.
            drop(group);
            TokenTree::Group(Group::new(Delimiter::Brace, edit(inside)))
        }
        token => token,
    });
    edited.collect()
}

/// What takes the builder apart, what takes an argument from it, and after the last semicolon the answer.
fn without_request(send: TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = send.into_iter().collect();
    let is_end =
        |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ';');
    let takes_argument = |statement: &&[TokenTree]| {
        statement
            .iter()
            .any(|token| matches!(token, TokenTree::Ident(ident) if ident == "map_err"))
    };
    let answer = tokens.iter().rposition(is_end).map_or(0, |end| end + 1);
    let mut statements = tokens[..answer].split_inclusive(is_end);
    let first = statements.next().map_or(0, <[_]>::len);
    let arguments: usize = statements.take_while(takes_argument).map(<[_]>::len).sum();
    tokens.drain(first + arguments..answer);
    tokens.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::quote;

    #[test]
    fn arguments_and_answer_of_send_stay() {
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
        assert_eq!(without_requests(code).to_string(), expected.to_string());
    }
}
