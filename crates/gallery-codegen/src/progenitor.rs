//! Calls progenitor and reads the types that it chose.
//!
//! Of progenitor's output, only declarations are kept: structs, enums, and the arguments of the
//! methods. All other tokens are skipped without parsing them, since [`code`](crate::code) writes
//! that code itself. The positional interface is used, because typify then writes no builders for
//! types, which are most of the output of the other interface.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use openapiv3::OpenAPI;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use syn::parse::Parser as _;
use syn::punctuated::Punctuated;
use syn::{FnArg, Item, Pat, Token, Type};
use thiserror::Error;

use crate::lower::Lowered;

/// The number of operations that progenitor gets at once.
const OPERATIONS: usize = 100;

/// An error from generating the code of a client.
#[derive(Debug, Error)]
pub enum GenerateError {
    /// progenitor rejected the document.
    #[error("progenitor rejected the lowered document: {0}")]
    Refused(String),
    /// progenitor panicked.
    #[error("progenitor panicked on the lowered document: {0}")]
    Panicked(String),
    /// The output of progenitor is not valid Rust.
    #[error("the output of progenitor is not valid Rust: {0}")]
    NotRust(#[from] syn::Error),
    /// The output of progenitor lacks a declaration.
    #[error("unsupported output of progenitor: there is no {0}")]
    Missing(String),
}

/// The declarations in progenitor's output.
#[derive(Default)]
pub(crate) struct Declarations {
    /// The structs and enums of the module `types`.
    pub(crate) types: Vec<Item>,
    /// The types of the arguments, by method and name.
    pub(crate) arguments: BTreeMap<String, BTreeMap<String, Type>>,
}

/// Runs progenitor on a lowered document.
pub(crate) fn declarations(lowered: &Lowered) -> Result<Declarations, GenerateError> {
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Positional);
    for (name, format) in lowered.formats() {
        settings.with_replacement(name, format!("formats::{format}"), std::iter::empty());
    }
    let mut declarations = Declarations::default();
    for item in items(generated(&settings, &lowered.types_document())?) {
        if (item.keyword.as_str(), item.name.as_str()) == ("mod", "types") {
            declarations.types = types(item.content())?;
        }
    }
    // The output for all operations at once would need several times the memory.
    for document in lowered.operation_documents(OPERATIONS) {
        for item in items(generated(&settings, &document)?) {
            if (item.keyword.as_str(), item.name.as_str()) == ("impl", "Client") {
                declarations.arguments.extend(arguments(item.content())?);
            }
        }
    }
    Ok(declarations)
}

/// Returns the output of progenitor.
fn generated(
    settings: &GenerationSettings,
    document: &OpenAPI,
) -> Result<TokenStream, GenerateError> {
    // progenitor and typify panic on some documents. Lowering should reject these documents or
    // reshape them.
    catch_unwind(AssertUnwindSafe(|| {
        Generator::new(settings).generate_tokens(document)
    }))
    .map_err(|panic| GenerateError::Panicked(message(panic.as_ref())))?
    .map_err(|error| GenerateError::Refused(error.to_string()))
}

/// Returns the message of a panic.
fn message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("no message").to_owned()
}

/// The tokens of an item.
struct ItemTokens {
    /// Such as `struct`.
    keyword: String,
    /// The name of a type, module or function. For an `impl`, the name of the type.
    name: String,
    tokens: Vec<TokenTree>,
}

impl ItemTokens {
    /// Returns the tokens in the braces at the end.
    fn content(self) -> TokenStream {
        let mut tokens = self.tokens;
        match tokens.pop() {
            // While the group exists, it shares its tokens, and reading would copy them.
            Some(TokenTree::Group(group)) => {
                let content = group.stream();
                drop(group);
                content
            }
            _ => TokenStream::new(),
        }
    }
}

/// Splits code into items, which end with `;` or a block.
fn items(code: TokenStream) -> impl Iterator<Item = ItemTokens> {
    let mut tokens = code.into_iter();
    std::iter::from_fn(move || {
        let mut item = ItemTokens {
            keyword: String::new(),
            name: String::new(),
            tokens: Vec::new(),
        };
        for token in tokens.by_ref() {
            let is_end = match &token {
                TokenTree::Punct(punct) => punct.as_char() == ';',
                TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
                TokenTree::Ident(ident) => {
                    item.read(&ident.to_string());
                    false
                }
                TokenTree::Literal(_) => false,
            };
            item.tokens.push(token);
            if is_end {
                return Some(item);
            }
        }
        None
    })
}

impl ItemTokens {
    /// Reads an identifier that is not inside of a group.
    fn read(&mut self, ident: &str) {
        const KEYWORDS: &[&str] = &["mod", "struct", "enum", "impl", "fn", "use"];
        if self.keyword.is_empty() {
            if KEYWORDS.contains(&ident) {
                self.keyword = ident.to_owned();
            }
        } else if self.name.is_empty() {
            self.name = ident.to_owned();
        }
    }
}

/// Parses the structs and enums of the module `types`.
fn types(code: TokenStream) -> Result<Vec<Item>, GenerateError> {
    let declared = items(code).filter(|item| matches!(item.keyword.as_str(), "struct" | "enum"));
    declared
        .map(|item| Ok(syn::parse2(item.tokens.into_iter().collect())?))
        .collect()
}

/// Reads the arguments of methods.
fn arguments(code: TokenStream) -> Result<BTreeMap<String, BTreeMap<String, Type>>, GenerateError> {
    let mut methods = BTreeMap::new();
    for item in items(code).filter(|item| item.keyword == "fn") {
        let group = item.tokens.iter().find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => Some(group),
            _ => None,
        });
        let stream = group.map(proc_macro2::Group::stream).unwrap_or_default();
        let arguments = Punctuated::<FnArg, Token![,]>::parse_terminated.parse2(stream)?;
        let arguments = arguments.into_iter().filter_map(|argument| match argument {
            FnArg::Typed(argument) => match *argument.pat {
                Pat::Ident(name) => Some((name.ident.to_string(), *argument.ty)),
                _ => None,
            },
            FnArg::Receiver(_) => None,
        });
        methods.insert(item.name, arguments.collect());
    }
    Ok(methods)
}

#[cfg(test)]
mod tests {
    use super::*;
    use quote::{ToTokens, quote};

    #[test]
    fn reads_declarations_only() {
        let code = quote! {
            /// A pet.
            #[derive(Clone)]
            pub struct Pet { pub id: i64 }
            impl Pet { pub fn builder() -> builder::Pet { Default::default() } }
            pub mod builder { pub struct Pet { id: Result<i64, String> } }
            pub enum Kind { Cat, Dog }
        };
        let names: Vec<String> = types(code)
            .unwrap()
            .iter()
            .map(|item| match item {
                Item::Struct(item) => item.ident.to_string(),
                Item::Enum(item) => item.ident.to_string(),
                other => other.to_token_stream().to_string(),
            })
            .collect();
        assert_eq!(names, ["Pet", "Kind"]);
    }

    #[test]
    fn reads_the_arguments_of_methods() {
        let code = quote! {
            #[doc = "Sends a `GET` request (fast)"]
            pub async fn a<'a>(&'a self, body: &'a str) -> Result<(), Error> {}
            pub async fn get_pet<'a>(
                &'a self,
                id: i64,
                name: Option<&'a str>,
                body: &'a types::Pet,
            ) -> Result<ResponseValue<()>, Error<()>> {
                if a { b() }
                c()
            }
        };
        let methods = arguments(code).unwrap();
        assert!(methods["a"].contains_key("body"));
        let read: Vec<String> = methods["get_pet"]
            .iter()
            .map(|(name, kind)| format!("{name}: {}", kind.to_token_stream()).replace(' ', ""))
            .collect();
        assert_eq!(
            read,
            ["body:&'atypes::Pet", "id:i64", "name:Option<&'astr>"]
        );
    }
}
